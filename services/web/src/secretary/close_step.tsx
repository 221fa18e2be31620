/** While ballots come back, the end of the vote, and the sealed box until it is opened. */
import type { JSX } from 'preact';

import type { ElectionView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Code } from '../design/code.tsx';
import { Notice } from '../design/notice.tsx';
import { closeVoting } from '../officer/voting_acts.ts';
import { t } from '../words/words.ts';
import { type Acting, ActError, useAct } from './act.tsx';
import { isTooFew } from './cancellation.ts';
import type { StepProps } from './meeting_view.tsx';
import { officerName } from './officers.ts';
import { closedText } from './start_step.tsx';
import { NoBallotYet } from './step_panel.tsx';

export function CloseStep(props: StepProps): JSX.Element {
  const { board, election } = props;
  const acting = useAct(() => void board.refresh());
  switch (election?.state) {
    case undefined:
      return <NoBallotYet />;
    case 'draft':
    case 'ceremony':
    case 'issuing':
      return <p class="quiet">{t('secretary.start_first')}</p>;
    case 'voting':
      return <Voting {...props} election={election as ElectionView} acting={acting} />;
    case 'cancelled':
      return <Cancelled election={election as ElectionView} />;
    default:
      return <Sealed election={election as ElectionView} />;
  }
}

function Voting(props: StepProps & { election: ElectionView; acting: Acting }): JSX.Element {
  const { picture, election, acting } = props;
  const missing = election.issued - election.returned;
  const leader = picture.meeting.closes_by ?? 'secretary';
  return (
    <>
      <section class="card" aria-live="polite">
        <p class="figure">
          {t('officer.counts', { a: election.issued, b: election.returned })}
        </p>
        <progress
          max={Math.max(1, election.issued)}
          value={election.returned}
          aria-label={t('secretary.returned')}
        />
        {missing > 0 ? <p>{t('officer.missing', { k: missing })}</p> : null}
      </section>
      <ActError error={acting.error} />
      {leader === 'secretary' ? (
        <div>
          <Button
            kind="main"
            busy={acting.isBusy}
            onClick={() => acting.run(() => closeVoting(election))}
          >
            {t('officer.close_button')}
          </Button>
        </div>
      ) : (
        <Notice>
          {t('secretary.closes_other', { name: officerName(picture, election, leader) })}
        </Notice>
      )}
    </>
  );
}

function Sealed({ election }: { election: ElectionView }): JSX.Element {
  return (
    <>
      <section class="card">
        <p class="large" role="status">
          <strong>{t('state.closed')}</strong> · {closedText(election)}
        </p>
        <p>{t('officer.counts', { a: election.issued, b: election.returned })}</p>
        {election.seal_code === undefined ? null : (
          <>
            <Code name={t('code.seal')} code={election.seal_code} value={election.seal_value} />
            <p class="quiet">{t('secretary.seal_explain')}</p>
          </>
        )}
      </section>
      {election.state !== 'closed' ? null : isTooFew(election) ? (
        <Notice kind="caution" live="status">
          {t('secretary.too_few_ballots', {
            b: Math.min(election.returned, election.issued),
            min: election.minimum_ballots,
          })}
        </Notice>
      ) : (
        <Notice live="status">{t('secretary.check_window')}</Notice>
      )}
    </>
  );
}

function Cancelled({ election }: { election: ElectionView }): JSX.Element {
  const { cancelled } = election;
  return (
    <Notice kind="caution" live="status">
      <p>
        <strong>{t('state.cancelled')}</strong>
      </p>
      {cancelled === undefined ? null : (
        <p>
          {t(`secretary.reason_${cancelled.reason}`)}. {cancelled.text}
        </p>
      )}
    </Notice>
  );
}
