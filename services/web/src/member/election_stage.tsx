/** One election on a member's phone, at whatever stage it is, and what the phone does by itself. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';

import type { ElectionView, MeetingView } from '../api/types.ts';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import type { Identity } from '../device/database.ts';
import type { Person } from '../login/login_gate.tsx';
import { hasOfficerAct } from '../officer/officer_role.ts';
import { t } from '../words/words.ts';
import { callDesk } from './ballot_client.ts';
import { BallotFlow } from './ballot_flow.tsx';
import type { BallotHolder } from './ballot_holder.ts';
import { ClosedView } from './closed_view.tsx';
import { holderOf } from './holders.ts';
import type { MeetingFeed } from './meeting_feed.ts';
import type { Stage } from './member_stage.ts';
import { OfficerPart } from './officer_part.tsx';
import { ProgramNotice } from './program_notice.tsx';
import { ElectionCode } from './stretched_code.tsx';
import { TakeBallot } from './take_view.tsx';
import { takingMeans } from './taking.ts';
import { Unreached } from './unreached.tsx';
import { WaitingRoom } from './waiting_room.tsx';

const CONFIRM_MS = 4_000;

export interface ElectionStageProps {
  feed: MeetingFeed;
  meeting: MeetingView;
  person: Person;
  member: number;
  election: ElectionView;
  stage: Stage;
  footer: JSX.Element;
}

export function ElectionStage(props: ElectionStageProps): JSX.Element | null {
  const { feed, member, election, stage, person } = props;
  const holder = holderOf({ uuid: election.uuid, member });
  useOwnActs(holder, stage, person.identity);
  if (holder.record.value === null) return <Opening {...props} />;
  const own = <OwnParts {...props} />;
  const where = props.meeting.title;
  switch (stage) {
    case 'check_in':
    case 'waiting':
      return <WaitingRoom {...props} footer={own} />;
    case 'take':
    case 'take_late':
    case 'elsewhere':
    case 'too_late':
    case 'ready':
      return <BeforeMarking {...props} stage={stage} holder={holder} own={own} />;
    case 'marking':
    case 'sending':
    case 'refused':
    case 'cast': {
      const above = <Unreached feed={feed} marks />;
      return <BallotFlow holder={holder} where={where} above={above} below={own} />;
    }
    default:
      return (
        <ClosedView holder={holder} election={election} stage={stage} where={where}>
          <Unreached feed={feed} />
          {own}
        </ClosedView>
      );
  }
}

const TITLES = {
  take: 'take.title',
  take_late: 'take.title',
  elsewhere: 'error.second_phone_title',
  too_late: 'state.voting',
  ready: 'ballot.received',
} as const;

interface BeforeMarkingProps extends ElectionStageProps {
  stage: keyof typeof TITLES;
  holder: BallotHolder;
  own: JSX.Element;
}

/** From issuing until the ballot can be marked, or why there is none here. */
function BeforeMarking(props: BeforeMarkingProps): JSX.Element {
  const { stage, holder, feed, election } = props;
  return (
    <StagePage {...props} title={t(TITLES[stage])}>
      {stage === 'take' || stage === 'take_late' ? (
        <TakeBallot
          identity={props.person.identity}
          holder={holder}
          isLate={stage === 'take_late'}
          onRefused={() => void feed.refreshIssued(election.uuid)}
        />
      ) : null}
      {stage === 'elsewhere' ? <Elsewhere /> : null}
      {stage === 'too_late' ? <p>{t('closed.too_late')}</p> : null}
      {stage === 'ready' ? <Ready holder={holder} election={election} /> : null}
    </StagePage>
  );
}

/** What the phone does without being asked: confirm, compare, erase after a cancellation. */
function useOwnActs(holder: BallotHolder, stage: Stage, identity: Identity): void {
  const record = holder.record.value;
  const isUnconfirmed = record?.step === 'held' && !record.isConfirmed;
  const isClaimDue = record?.step === 'missing' && record.claim === 'due';
  useEffect(() => {
    if (!isUnconfirmed || (stage !== 'ready' && stage !== 'marking')) return undefined;
    const confirm = () => void holder.take(identity.spki, takingMeans(identity, callDesk));
    const timer = setInterval(confirm, CONFIRM_MS);
    return () => clearInterval(timer);
  }, [holder, isUnconfirmed, stage]);
  useEffect(() => {
    if (stage === 'comparing' || isClaimDue) void holder.compare();
  }, [holder, stage, isClaimDue]);
  useEffect(() => {
    const hasMore = record !== null && record !== undefined && record.step !== 'withdrawn';
    if (stage === 'cancelled' && hasMore) void holder.withdraw();
  }, [holder, stage, record]);
}

function Opening({ election, meeting }: ElectionStageProps): JSX.Element {
  return (
    <Page title={t(`state.${election.state}`)} where={meeting.title}>
      <p role="status">{t('app.loading')}</p>
    </Page>
  );
}

function StagePage(
  props: ElectionStageProps & { title: string; own: JSX.Element; children: ComponentChildren },
): JSX.Element {
  return (
    <Page title={props.title} where={props.meeting.title}>
      <Unreached feed={props.feed} />
      {props.election.ballot_number === 2 ? (
        <p class="large">{t('member.ballot_two')}</p>
      ) : null}
      {props.children}
      {props.own}
    </Page>
  );
}

function Elsewhere(): JSX.Element {
  return (
    <>
      <Notice kind="caution">{t('error.second-phone')}</Notice>
      <details>
        <summary>{t('error.lost_phone_question')}</summary>
        <p>{t('error.lost-phone')}</p>
      </details>
    </>
  );
}

/** The ballot is here: what to compare, and what the sum itself can show (protocol.md §8). */
function Ready({ holder, election }: { holder: BallotHolder; election: ElectionView }) {
  const record = holder.record.value;
  if (record?.step !== 'held') return null;
  return (
    <>
      <ProgramNotice terms={record.terms} />
      <p class="large" role="status">
        {t('ballot.wait_start')}
      </p>
      <div class="card">
        <ElectionCode phi={record.phi} />
        <p>{t('ballot.compare_code')}</p>
      </div>
      <Notice>{t('ballot.disclosure', { min: election.minimum_ballots })}</Notice>
    </>
  );
}

/** The member's other parts: an officer's act, the counting team, other elections. */
function OwnParts(props: ElectionStageProps): JSX.Element {
  const { meeting, election, member, feed, footer } = props;
  const isTeller = election.counting_team?.members.includes(member) === true;
  return (
    <>
      {hasOfficerAct(meeting, election, member) ? (
        <OfficerPart
          meeting={meeting}
          election={election}
          member={member}
          onDone={(view) => feed.take(view)}
        />
      ) : null}
      {isTeller && election.state !== 'cancelled' ? (
        <div class="card">
          <p>{t('member.teller')}</p>
          <a class="button" href="/teller">
            {t('member.teller_link')}
          </a>
        </div>
      ) : null}
      {footer}
    </>
  );
}
