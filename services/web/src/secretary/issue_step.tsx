/** Issuing: what must be there first, and the one question before everything is fixed. */
import type { JSX } from 'preact';

import type { ElectionView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { goTo } from '../design/route.ts';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { QuorumMeter } from './attendance_step.tsx';
import { areKeysTaken } from './board_steps.ts';
import { ask } from './console_request.ts';
import type { StepProps } from './meeting_view.tsx';
import { meetingPlace } from './places.ts';
import { NoBallotYet } from './step_panel.tsx';
import { Warnings } from './warnings.tsx';

export function IssueStep(props: StepProps): JSX.Element {
  const { board, picture, election } = props;
  const acting = useAct(() => void board.refresh());
  if (election === null) return <NoBallotYet />;
  if (election.state !== 'draft' && election.state !== 'ceremony') {
    return (
      <p role="status" class="large">
        {t('secretary.issue_progress', { a: election.issued, m: entitled(props) })}
      </p>
    );
  }
  const isReady = areKeysTaken(picture.ceremony);
  const issue = () => acting.run(() => issueBallots(election));
  return (
    <div class="stack">
      <p>{t('secretary.issue_explain')}</p>
      <QuorumMeter {...props} />
      <Warnings election={election} />
      <section class="card">
        <p>{t('secretary.issue_list', { n: election.nominations.length })}</p>
        <p role="status">{t(isReady ? 'secretary.issue_keys' : 'secretary.issue_no_keys')}</p>
        <p class="quiet">
          {t(election.late_issuance ? 'secretary.late_on' : 'secretary.late_off')}{' '}
          {t('secretary.minimum_is', { min: election.minimum_ballots })}
        </p>
      </section>
      <ActError error={acting.error} />
      <div>
        <Button kind="main" busy={acting.isBusy} disabled={!isReady} onClick={issue}>
          {t('secretary.issue_button')}
        </Button>
      </div>
    </div>
  );
}

async function issueBallots(election: ElectionView): Promise<void> {
  const isSure = await askPerson({
    title: t('secretary.issue_button'),
    text: t('secretary.issue_confirm', { n: election.nominations.length }),
    confirm: t('secretary.issue_button'),
  });
  if (!isSure) return;
  await ask('POST', `/elections/${election.uuid}/issue`, {});
  goTo(meetingPlace(election.meeting_id, election.uuid, 'start'));
}

/** Members who may take a ballot: in the room, online or consulted. */
export function entitled({ picture: { attendance } }: StepProps): number {
  return attendance.present + attendance.online + attendance.absent_consulted;
}
