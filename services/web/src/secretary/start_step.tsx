/** Ballots go out; the start waits for the quorum and the counting team's devices. */
import type { JSX } from 'preact';

import type { ElectionView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Code } from '../design/code.tsx';
import { Notice } from '../design/notice.tsx';
import { goTo } from '../design/route.ts';
import { startVoting } from '../officer/voting_acts.ts';
import { instantText } from '../design/local_time.ts';
import { t } from '../words/words.ts';
import { type Acting, ActError, useAct } from './act.tsx';
import { QuorumMeter } from './attendance_step.tsx';
import { isConfirmedByTellers, quorumOf } from './board_steps.ts';
import { entitled } from './issue_step.tsx';
import type { StepProps } from './meeting_view.tsx';
import { officerName } from './officers.ts';
import { meetingPlace } from './places.ts';
import { NoBallotYet } from './step_panel.tsx';
import { keyState } from './team_step.tsx';
import { Warnings } from './warnings.tsx';

export function StartStep(props: StepProps): JSX.Element {
  const { board, election } = props;
  const acting = useAct(() => void board.refresh());
  if (election === null) return <NoBallotYet />;
  if (election.state === 'draft' || election.state === 'ceremony') {
    return <p class="quiet">{t('secretary.issue_first')}</p>;
  }
  return (
    <div class="stack">
      {election.election_code === undefined ? null : (
        <section class="card">
          <Code name={t('code.election')} code={election.election_code} />
          <p class="quiet">{t('secretary.election_code_explain')}</p>
        </section>
      )}
      {election.state === 'issuing' ? (
        <Issuing {...props} election={election} acting={acting} />
      ) : (
        <p role="status">{t('secretary.started')}</p>
      )}
    </div>
  );
}

type IssuingProps = StepProps & { election: ElectionView; acting: Acting };

function Issuing(props: IssuingProps): JSX.Element {
  const { picture, election, acting } = props;
  return (
    <>
      <section class="card">
        <p class="large" role="status">
          {t('secretary.issue_progress', { a: election.issued, m: entitled(props) })}
        </p>
        <progress
          max={Math.max(1, entitled(props))}
          value={election.issued}
          aria-label={t('secretary.issued')}
        />
        <p class="quiet">{t('secretary.confirmed', { c: election.confirmed })}</p>
      </section>
      <QuorumMeter {...props} />
      <Warnings election={election} />
      <section class="card">
        <h3>{t('secretary.tellers_confirm')}</h3>
        <ul class="plain-list">
          {(picture.ceremony?.trustees ?? []).map((trustee) => (
            <li class="row spread" key={trustee.index}>
              <span>{trustee.name}</span>
              <span>{keyState(trustee, election)}</span>
            </li>
          ))}
        </ul>
      </section>
      <ActError error={acting.error} />
      <StartAct {...props} />
    </>
  );
}

/** The button, or who has it by the meeting's settings. */
function StartAct({ picture, election, acting }: IssuingProps): JSX.Element {
  const { attendance, ceremony, meeting } = picture;
  const leader = meeting.starts_by ?? 'secretary';
  if (leader !== 'secretary') {
    const name = officerName(picture, election, leader);
    return <Notice>{t('secretary.starts_other', { name })}</Notice>;
  }
  const isMet = quorumOf({ election, attendance, ceremony })?.isMet === true;
  const isReady = isMet && isConfirmedByTellers(ceremony);
  const start = () =>
    acting.run(async () => {
      const started = await startVoting(election);
      if (started !== null) goTo(meetingPlace(meeting.id, election.uuid, 'close'));
    });
  return (
    <div class="stack tight">
      {isReady ? null : <p>{t('secretary.start_waits')}</p>}
      <div>
        <Button kind="main" busy={acting.isBusy} disabled={!isReady} onClick={start}>
          {t('officer.open_button')}
        </Button>
      </div>
    </div>
  );
}

/** `08:30, 15/12/2026` of the closing, where there is one. */
export function closedText(election: ElectionView): string {
  return election.closed_at === undefined ? '' : instantText(election.closed_at);
}
