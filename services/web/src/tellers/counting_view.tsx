/** One election on a teller's device: the frame, what is wrong, and the stage. */
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import type { MeetingView } from '../api/types.ts';
import { systemRandomness } from '../crypto/randomness.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import type { Person } from '../login/login_gate.tsx';
import { promisesOf } from '../member/ballot_custody.ts';
import { OfficerActs } from '../officer/officer_acts.tsx';
import { checkBeforeOpeningInWorkers } from '../verifier/verifier_client.ts';
import { type Key, t } from '../words/words.ts';
import { CountingDesk } from './counting_desk.ts';
import {
  Confirmed,
  Elsewhere,
  KeysDone,
  TakeKey,
  UnlockKey,
  WaitingKeys,
} from './key_stages.tsx';
import { OfflineProgram } from './offline_program.tsx';
import {
  CheckBox,
  CheckingBox,
  CheckWindow,
  CompareSeal,
  OpenBox,
  OpeningBox,
  SentBox,
  Stopped,
} from './opening_stages.tsx';
import { FinishedStage, KeyAtEnd, ResultStage } from './result_stage.tsx';
import { tellerErrorText } from './teller_errors.ts';
import { tellerService } from './teller_service.ts';
import type { Stage } from './teller_stage.ts';
import { runInWorker } from './trustee_client.ts';

export interface StageProps {
  desk: CountingDesk;
  person: Person;
  /** Names of the council's members by number. */
  names: ReadonlyMap<number, string>;
}

const TITLES: Readonly<Record<Stage, Key>> = {
  loading: 'tellers.title',
  draft: 'tellers.title',
  take_key: 'key.title',
  offline: 'program.title',
  elsewhere: 'key.elsewhere_title',
  unlock: 'key.unlock_title',
  waiting_keys: 'key.title',
  keys_done: 'key.title',
  confirmed: 'key.confirmed_title',
  voting: 'key.voting_title',
  window: 'seal.window_title',
  check: 'seal.check_title',
  checking: 'seal.checking',
  compare: 'seal.title',
  agreed: 'seal.agreed_title',
  opening: 'seal.agreed_title',
  sent: 'tally.sent_title',
  stopped: 'seal.stopped_title',
  result: 'tally.result_title',
  finished: 'tally.finished_title',
  cancelled: 'tally.cancelled_title',
};

export interface CountingViewProps {
  uuid: string;
  member: number;
  meeting: MeetingView;
  person: Person;
  names: ReadonlyMap<number, string>;
  onLoggedOut: () => void;
  /** Below the stage: the way to other elections. */
  others: JSX.Element | null;
}

export function CountingView(props: CountingViewProps): JSX.Element {
  const { uuid, member, meeting, person, names, others } = props;
  const desk = useMemo(
    () =>
      new CountingDesk(
        { uuid, member },
        {
          service: tellerService(uuid),
          run: runInWorker,
          randomness: systemRandomness,
          checkBoard: (board, device, onProgress) =>
            checkBeforeOpeningInWorkers(board, device, onProgress).outcome,
          ownPromises: promisesOf,
        },
      ),
    [uuid, member],
  );
  useEffect(() => {
    desk.start();
    return () => desk.end();
  }, [desk]);
  const election = desk.election.value;
  const stage = desk.stage.value;
  const where = t('tellers.where', { title: meeting.title, n: election?.ballot_number ?? 1 });
  return (
    <Page title={t(TITLES[stage])} where={where}>
      {desk.isLoggedOut.value ? <LoggedOut onAgain={props.onLoggedOut} /> : null}
      {desk.isReached.value ? null : (
        <Notice kind="caution" live="status">
          {t('tellers.offline')}
        </Notice>
      )}
      {desk.error.value === null ? null : (
        <Notice kind="caution" live="alert">
          {tellerErrorText(desk.error.value, desk.lock.value)}
        </Notice>
      )}
      <StageView stage={stage} desk={desk} person={person} names={names} />
      {election === null ? null : (
        <OfficerActs
          meeting={meeting}
          election={election}
          member={member}
          onDone={() => void desk.refresh()}
        />
      )}
      {others}
    </Page>
  );
}

function LoggedOut({ onAgain }: { onAgain: () => void }): JSX.Element {
  return (
    <Notice kind="caution" live="alert">
      <p>{t('tellers.logged_out')}</p>
      <Button onClick={onAgain}>{t('tellers.reopen')}</Button>
    </Notice>
  );
}

function StageView({ stage, ...props }: StageProps & { stage: Stage }): JSX.Element | null {
  switch (stage) {
    case 'loading':
      return <p role="status">{t('app.loading')}</p>;
    case 'draft':
      return <p>{t('tellers.draft')}</p>;
    case 'take_key':
      return <TakeKey {...props} />;
    case 'offline':
      return <OfflineProgram {...props} />;
    case 'elsewhere':
      return <Elsewhere {...props} />;
    case 'unlock':
      return <UnlockKey {...props} />;
    case 'waiting_keys':
      return <WaitingKeys {...props} />;
    case 'keys_done':
      return <KeysDone {...props} />;
    case 'confirmed':
    case 'voting':
      return <Confirmed {...props} />;
    case 'window':
      return <CheckWindow {...props} />;
    case 'check':
      return <CheckBox {...props} />;
    case 'checking':
      return <CheckingBox {...props} />;
    case 'compare':
      return <CompareSeal {...props} />;
    case 'agreed':
      return <OpenBox {...props} />;
    case 'opening':
      return <OpeningBox {...props} />;
    case 'sent':
      return <SentBox {...props} />;
    case 'stopped':
      return <Stopped {...props} />;
    case 'result':
      return <ResultStage {...props} />;
    case 'finished':
      return <FinishedStage {...props} />;
    case 'cancelled':
      return (
        <div class="stack">
          <Notice live="status">{t('tally.cancelled')}</Notice>
          <KeyAtEnd desk={props.desk} />
        </div>
      );
  }
}
