/** The result for the tellers, its announcement, the counting minute, and the end. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { requestBytes } from '../api/client.ts';
import type { ElectionView, Nomination, OutcomeView, PaperView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ask } from '../design/dialog.tsx';
import { Notice } from '../design/notice.tsx';
import { saveFile } from '../design/save_file.ts';
import { PaperList } from '../papers/paper_list.tsx';
import { t } from '../words/words.ts';
import type { CountingDesk } from './counting_desk.ts';
import type { StageProps } from './counting_view.tsx';

export function ResultStage(props: StageProps): JSX.Element {
  const { desk, names } = props;
  const election = desk.election.value;
  const [papers, setPapers] = useState<readonly PaperView[]>([]);
  const [version, setVersion] = useState(0);
  if (election?.result === undefined) return <p role="status">{t('app.loading')}</p>;
  const isHead = election.counting_team?.members[0] === desk.owner.member;
  const head = names.get(election.counting_team?.members[0] ?? 0) ?? '';
  return (
    <div class="stack">
      <ResultCounts election={election} />
      {election.announced ? (
        <Notice kind="done" live="status">
          {t('tally.announced')}
        </Notice>
      ) : (
        <Notice>
          <p>{t('tally.not_announced')}</p>
          {isHead ? null : <p>{t('tally.wait_publish', { name: head })}</p>}
        </Notice>
      )}
      {isHead && !election.announced ? <Announce desk={desk} /> : null}
      {election.announced && !hasCountingMinute(papers) ? (
        <MinuteButton desk={desk} isMain={isHead} onDone={() => setVersion(version + 1)} />
      ) : null}
      <DraftButton desk={desk} />
      {election.announced ? (
        <section class="stack" aria-label={t('tally.papers')}>
          <h2>{t('tally.papers')}</h2>
          <PaperList
            meetingId={election.meeting_id}
            uuid={election.uuid}
            member={desk.owner.member}
            names={names}
            version={version}
            onChange={setPapers}
          />
        </section>
      ) : null}
      <ResultTable election={election} />
      <EraseKey desk={desk} />
    </div>
  );
}

export function FinishedStage({ desk, names }: StageProps): JSX.Element {
  const election = desk.election.value;
  return (
    <div class="stack">
      <Notice kind="done" live="status">
        {t('tally.finished')}
      </Notice>
      <KeyAtEnd desk={desk} />
      {election === null ? null : (
        <>
          <ResultCounts election={election} />
          <PaperList
            meetingId={election.meeting_id}
            uuid={election.uuid}
            member={desk.owner.member}
            names={names}
          />
          <ResultTable election={election} />
        </>
      )}
    </div>
  );
}

function hasCountingMinute(papers: readonly PaperView[]): boolean {
  return papers.some((paper) => paper.kind === 'counting' && paper.state !== 'replaced');
}

function ResultCounts({ election }: { election: ElectionView }): JSX.Element | null {
  const { result, nominations } = election;
  if (result === undefined) return null;
  const passed = result.outcomes.filter((each) => each.passed).length;
  return (
    <div class="stack tight large">
      <p>{t('tally.counts', { a: result.issued, b: result.returned })}</p>
      <p>{t('tally.passed_count', { p: passed, m: nominations.length })}</p>
    </div>
  );
}

function ResultTable({ election }: { election: ElectionView }): JSX.Element | null {
  const { result, nominations } = election;
  if (result === undefined) return null;
  const outcomes = new Map(result.outcomes.map((each) => [each.no, each]));
  return (
    <div class="stack">
      {groupByAward(nominations).map(([award, cases]) => (
        <section class="stack tight" key={award} aria-label={award}>
          <h2>{award}</h2>
          <ul class="result-cases">
            {cases.map((each) => (
              <ResultCase key={each.no} nomination={each} outcome={outcomes.get(each.no)} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** One case as a card: on a phone a table of eight columns could only be scrolled. */
function ResultCase(props: {
  nomination: Nomination;
  outcome: OutcomeView | undefined;
}): JSX.Element | null {
  const { nomination, outcome } = props;
  if (outcome === undefined) return null;
  return (
    <li class="card result-case">
      <div class="row spread">
        <strong>{`${nomination.no}. ${nomination.name}`}</strong>
        <strong class={outcome.passed ? 'outcome-mark passed' : 'outcome-mark'}>
          {t(outcome.passed ? 'outcome.passed' : 'outcome.not_passed')}
        </strong>
      </div>
      {nomination.unit === '' ? null : <span class="quiet">{nomination.unit}</span>}
      <dl class="result-figures">
        <Figure name={t('outcome.agree')} value={outcome.agree} />
        <Figure name={t('outcome.disagree')} value={outcome.disagree} />
        <Figure name={t('outcome.blank')} value={outcome.blank} />
        <Figure name={t('outcome.share')} value={outcome.share_percent} />
      </dl>
      <span class="quiet">{t('tally.needed', { r: outcome.votes_needed, n: outcome.base })}</span>
    </li>
  );
}

function Figure({ name, value }: { name: string; value: string | number }): JSX.Element {
  return (
    <div>
      <dt class="quiet">{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function groupByAward(nominations: readonly Nomination[]): [string, Nomination[]][] {
  const groups = new Map<string, Nomination[]>();
  for (const each of nominations) {
    groups.set(each.award, [...(groups.get(each.award) ?? []), each]);
  }
  return [...groups];
}

function Announce({ desk }: { desk: CountingDesk }): JSX.Element {
  const announce = async () => {
    const isSure = await ask({
      title: t('tally.publish'),
      text: t('tally.publish_confirm'),
      confirm: t('tally.publish_yes'),
    });
    if (isSure) await desk.announce();
  };
  return (
    <Button kind="main" full busy={desk.isBusy.value} onClick={() => void announce()}>
      {t('tally.publish')}
    </Button>
  );
}

function DraftButton({ desk }: { desk: CountingDesk }): JSX.Element {
  const { uuid } = desk.owner;
  const download = () =>
    desk.doing(async () => {
      const file = await requestBytes(`/elections/${uuid}/counting-minute/draft`);
      saveFile('du-thao-bien-ban-kiem-phieu.pdf', file, 'application/pdf');
    });
  return (
    <Button full busy={desk.isBusy.value} onClick={() => void download()}>
      {t('tally.draft')}
    </Button>
  );
}

function MinuteButton(props: {
  desk: CountingDesk;
  isMain: boolean;
  onDone: () => void;
}): JSX.Element {
  const { desk, isMain, onDone } = props;
  const draw = async () => {
    const isSure = await ask({
      title: t('tally.minute'),
      text: t('tally.minute_confirm'),
      confirm: t('tally.minute'),
    });
    if (!isSure) return;
    await desk.drawUpMinute();
    onDone();
  };
  return (
    <Button
      kind={isMain ? 'main' : 'normal'}
      full
      busy={desk.isBusy.value}
      onClick={() => void draw()}
    >
      {t('tally.minute')}
    </Button>
  );
}

/** What became of the key when the election is over: the device looks at the log before it erases. */
export function KeyAtEnd({ desk }: { desk: CountingDesk }): JSX.Element | null {
  if (desk.share.value === 'none') return <p role="status">{t('tally.no_key')}</p>;
  if (!desk.isEndMissing.value) return null; // looking
  return (
    <>
      <Notice kind="caution" live="status">
        {t('tally.kept')}
      </Notice>
      <EraseKey desk={desk} />
    </>
  );
}

function EraseKey({ desk }: { desk: CountingDesk }): JSX.Element | null {
  if (desk.share.value === 'none') {
    return desk.isErased.value ? (
      <Notice kind="done" live="status">
        {t('tally.erased')}
      </Notice>
    ) : null;
  }
  const erase = async () => {
    const isSure = await ask({
      title: t('tally.erase'),
      text: t('tally.erase_confirm'),
      confirm: t('tally.erase'),
    });
    if (isSure) await desk.erase();
  };
  return (
    <Button busy={desk.isBusy.value} onClick={() => void erase()}>
      {t('tally.erase')}
    </Button>
  );
}
