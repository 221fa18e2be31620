/** The papers: the secretary's own words, drafts to read aloud, then to signature. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { ElectionView, PaperView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { Notice } from '../design/notice.tsx';
import { PaperList } from '../papers/paper_list.tsx';
import { fieldsWaiting } from '../papers/signing_order.ts';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { ask } from './console_request.ts';
import { CountingTexts, EndTexts, MeetingTexts, ReplacementTexts } from './paper_fields.tsx';
import type { MeetingPicture } from './meeting_board.ts';
import { EndOfMeeting } from './meeting_step.tsx';
import type { StepProps } from './meeting_view.tsx';
import { PeopleTexts } from './people_texts.tsx';
import { unsavedParts } from './unsaved.ts';

/** One tab beside this one, brought up to date by each tap. */
const DRAFT_TAB = 'phieukin-draft';
const SIGNING_PART = 'papers-signing';
const OPEN = new Set(['issuing', 'voting', 'closed']);

export function PapersStep(props: StepProps): JSX.Element {
  const { picture } = props;
  const { meeting, elections, council } = picture;
  const [version, setVersion] = useState(0);
  const [papers, setPapers] = useState<readonly PaperView[]>([]);
  const isDrawn = papers.some((paper) => paper.kind === 'meeting' && paper.state !== 'replaced');
  const names = new Map(council.members.map((member) => [member.no, member.name]));
  const counted = elections.filter((each) => each.announced);
  return (
    <div class="stack">
      <p>{t('secretary.papers_explain')}</p>
      {papers.some((paper) => fieldsWaiting(paper).length > 0) ? <ToConfirm /> : null}
      {/* When the minute is drawn up the words are not to be changed: they are folded away. */}
      <details open={!isDrawn}>
        <summary>{t('secretary.papers_texts')}</summary>
        <div class="stack">
          <CountingTexts meeting={meeting} election={counted[0] ?? null} />
          <MeetingTexts meeting={meeting} hasSecond={counted.some((each) => each.previous)} />
          <PeopleTexts meeting={meeting} members={council.members} />
          <EndTexts meeting={meeting} />
        </div>
      </details>
      <Drafts picture={picture} counted={counted} />
      <DrawUp {...props} counted={counted} onDrawn={() => setVersion((before) => before + 1)} />
      <h3 id={SIGNING_PART}>{t('secretary.papers_signing')}</h3>
      <PaperList
        meetingId={meeting.id}
        member={null}
        names={names}
        version={version}
        onChange={setPapers}
      />
      <details>
        <summary>{t('secretary.replacement')}</summary>
        <ReplacementTexts meeting={meeting} papers={papers} />
      </details>
      <EndOfMeeting {...props} />
    </div>
  );
}

/** A signature waits far below on this page: who opens it must see that. */
function ToConfirm(): JSX.Element {
  return (
    <Notice kind="caution" live="status">
      <p>{t('secretary.papers_waiting')}</p>
      <div>
        <Button onClick={() => document.getElementById(SIGNING_PART)?.scrollIntoView()}>
          {t('secretary.papers_waiting_show')}
        </Button>
      </div>
    </Notice>
  );
}

interface CountedProps {
  picture: MeetingPicture;
  /** Announced ballots in order of drafting. */
  counted: readonly ElectionView[];
}

/** The meeting's minute stands on all its ballots: none may be under way. */
function isMeetingMinuteDue({ picture, counted }: CountedProps): boolean {
  const isOpen = picture.elections.some(
    (each) => OPEN.has(each.state) || (each.state === 'counted' && !each.announced),
  );
  return counted.length > 0 && !isOpen;
}

function Drafts(props: CountedProps): JSX.Element {
  const { picture, counted } = props;
  return (
    <section class="card">
      <h3>{t('secretary.drafts')}</h3>
      <p class="quiet">{t('secretary.drafts_explain')}</p>
      <Unsaved />
      {counted.length === 0 ? <p>{t('secretary.papers_after_result')}</p> : null}
      <div class="row">
        {counted.map((each) => (
          <PdfLink
            key={each.uuid}
            href={`/api/v1/elections/${each.uuid}/counting-minute/draft`}
            label={countingName(each, counted)}
          />
        ))}
        {isMeetingMinuteDue(props) ? (
          <PdfLink
            href={`/api/v1/meetings/${picture.meeting.id}/minute/draft`}
            label={t('secretary.meeting_minute')}
          />
        ) : null}
      </div>
    </section>
  );
}

/** Papers are made of what is saved. */
function Unsaved(): JSX.Element | null {
  const parts = unsavedParts();
  return parts.length === 0 ? null : (
    <Notice kind="caution" live="status">
      {t('secretary.texts_unsaved', { parts: parts.join(', ') })}
    </Notice>
  );
}

function PdfLink({ href, label }: { href: string; label: string }): JSX.Element {
  return (
    <a class="button" href={href} target={DRAFT_TAB}>
      {t('secretary.open_draft', { name: label })}
    </a>
  );
}

function DrawUp(props: StepProps & CountedProps & { onDrawn: () => void }): JSX.Element {
  const { board, picture, counted, onDrawn } = props;
  const acting = useAct(() => {
    onDrawn();
    void board.refresh();
  });
  const draw = (path: string, name: string) =>
    acting.run(async () => {
      const isSure = await askPerson({
        title: t('secretary.draw_up'),
        text: t('secretary.draw_up_confirm', { name }),
        confirm: t('secretary.draw_up'),
      });
      if (isSure) await ask<PaperView>('POST', path, {});
    });
  return (
    <section class="card">
      <h3>{t('secretary.draw_up')}</h3>
      <p class="quiet">{t('secretary.draw_up_explain')}</p>
      <Unsaved />
      <ActError error={acting.error} />
      <div class="row">
        {counted.map((each) => {
          const name = countingName(each, counted);
          const path = `/elections/${each.uuid}/counting-minute`;
          return (
            <Button key={each.uuid} busy={acting.isBusy} onClick={() => draw(path, name)}>
              {t('secretary.draw_up_name', { name })}
            </Button>
          );
        })}
        {isMeetingMinuteDue(props) ? (
          <Button
            kind="main"
            busy={acting.isBusy}
            onClick={() =>
              draw(`/meetings/${picture.meeting.id}/minute`, t('secretary.meeting_minute'))
            }
          >
            {t('secretary.draw_up_name', { name: t('secretary.meeting_minute') })}
          </Button>
        ) : null}
      </div>
      {counted.length === 0 ? <Notice>{t('secretary.papers_after_result')}</Notice> : null}
    </section>
  );
}

function countingName(election: ElectionView, all: readonly ElectionView[]): string {
  if (election.ballot_number === 2) return t('secretary.counting_minute_second');
  const first = all.filter((each) => each.ballot_number === 1);
  return first.length < 2
    ? t('secretary.counting_minute')
    : t('secretary.counting_minute_of', { n: first.indexOf(election) + 1 });
}
