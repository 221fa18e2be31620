/** A logged-in member in a meeting: which meeting, which of its elections, and that one's stage. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';

import type { ElectionView, MeetingView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import type { Person } from '../login/login_gate.tsx';
import { t } from '../words/words.ts';
import { ElectionStage } from './election_stage.tsx';
import { holderOf } from './holders.ts';
import { KeptBallots } from './kept_ballots.tsx';
import { MeetingFeed } from './meeting_feed.ts';
import { currentElection, type Stage, stageOf } from './member_stage.ts';
import { Unreached } from './unreached.tsx';
import { WaitingRoom } from './waiting_room.tsx';

export interface MeetingScreenProps {
  person: Person;
  /** The login has ended; the gate lets the person in again. */
  onLoggedOut: () => void;
}

export function MeetingScreen({ person, onLoggedOut }: MeetingScreenProps): JSX.Element {
  const member = person.account.member ?? 0;
  const feed = useFeed(member, person.account.id);
  const isLoggedOut = feed.isLoggedOut.value;
  // A device key lets its owner in by itself; a passkey is touched when its owner wants it.
  useEffect(() => {
    if (isLoggedOut && person.identity.kind !== 'passkey') onLoggedOut();
  }, [isLoggedOut]);
  const meeting = feed.meeting.value;
  const where = person.account.council_name ?? '';
  if (isLoggedOut && !isMarking(feed, member)) {
    return (
      <Page title={t('member.title')} where={where}>
        <Notice live="status">{t('member.login_ended')}</Notice>
        <Button kind="main" full onClick={onLoggedOut}>
          {t('login.button')}
        </Button>
        <KeptBallots />
      </Page>
    );
  }
  if (meeting === null) return <NoMeeting feed={feed} where={where} />;
  return <InMeeting feed={feed} meeting={meeting} person={person} member={member} />;
}

function useFeed(member: number, accountId: string): MeetingFeed {
  const feed = useMemo(() => new MeetingFeed(member, accountId), [member, accountId]);
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, [feed]);
  return feed;
}

/** Marking and casting need no login: nobody is disturbed in it. */
function isMarking(feed: MeetingFeed, member: number): boolean {
  return feed.elections.value.some(({ uuid }) => {
    const step = holderOf({ uuid, member }).record.value?.step;
    return step === 'held' || step === 'casting';
  });
}

function NoMeeting({ feed, where }: { feed: MeetingFeed; where: string }): JSX.Element {
  const meetings = feed.meetings.value;
  return (
    <Page title={t('member.title')} where={where}>
      <Unreached feed={feed} />
      {meetings === null ? <p role="status">{t('app.loading')}</p> : null}
      {meetings?.length === 0 ? <p role="status">{t('member.no_meeting')}</p> : null}
      {meetings !== null && meetings.length > 1 ? (
        <ChooseMeeting meetings={meetings} onChoose={(id) => feed.chooseMeeting(id)} />
      ) : null}
      <KeptBallots />
    </Page>
  );
}

function ChooseMeeting(props: {
  meetings: readonly MeetingView[];
  onChoose: (id: string) => void;
}): JSX.Element {
  return (
    <section class="stack" aria-label={t('member.choose_meeting')}>
      <p class="large">{t('member.choose_meeting')}</p>
      {props.meetings.map((meeting) => (
        <Button full key={meeting.id} onClick={() => props.onChoose(meeting.id)}>
          {meeting.title}
        </Button>
      ))}
    </section>
  );
}

interface InMeetingProps {
  feed: MeetingFeed;
  meeting: MeetingView;
  person: Person;
  member: number;
}

function InMeeting({ feed, meeting, person, member }: InMeetingProps): JSX.Element {
  const [chosen, choose] = useState<string | null>(null);
  const elections = feed.elections.value;
  const stages = stagesOf(feed, member);
  const current =
    elections.find(({ uuid }) => uuid === chosen) ?? currentElection(elections, stages);
  const shared = { feed, meeting, person, member };
  const footer = (
    <Others elections={elections} current={current} onChoose={choose} feed={feed} />
  );
  if (current === null) {
    return <WaitingRoom {...shared} election={null} stage={stageOfNothing(feed)} footer={footer} />;
  }
  return (
    <ElectionStage
      {...shared}
      key={current.uuid}
      election={current}
      stage={stages.get(current.uuid) ?? 'waiting'}
      footer={footer}
    />
  );
}

function stagesOf(feed: MeetingFeed, member: number): Map<string, Stage> {
  const attendance = feed.attendance.value?.state;
  return new Map(
    feed.elections.value.map((election) => {
      const record = holderOf({ uuid: election.uuid, member }).record.value ?? undefined;
      const isIssued = feed.issued.value.get(election.uuid);
      return [election.uuid, stageOf({ election, attendance, record, isIssued })];
    }),
  );
}

function stageOfNothing(feed: MeetingFeed): Stage {
  const attendance = feed.attendance.value?.state;
  return stageOf({ election: null, attendance, record: undefined, isIssued: undefined });
}

/** The meeting's other elections, each one tap away. */
function Others(props: {
  elections: readonly ElectionView[];
  current: ElectionView | null;
  onChoose: (uuid: string) => void;
  feed: MeetingFeed;
}): JSX.Element | null {
  const others = props.elections.filter(({ uuid }) => uuid !== props.current?.uuid);
  const hasMeetings = (props.feed.meetings.value?.length ?? 0) > 1;
  if (others.length === 0 && !hasMeetings) return null;
  return (
    <nav class="stack tight" aria-label={t('member.elections')}>
      {others.length === 0 ? null : <h2>{t('member.elections')}</h2>}
      {others.map((election) => (
        <Button key={election.uuid} onClick={() => props.onChoose(election.uuid)}>
          {t('member.election_row', {
            k: election.ballot_number,
            n: election.nominations.length,
          })}
          {' · '}
          {t(`state.${election.state}`)}
        </Button>
      ))}
      {hasMeetings ? (
        <Button kind="plain" onClick={() => props.feed.leaveMeeting()}>
          {t('member.other_meeting')}
        </Button>
      ) : null}
    </nav>
  );
}
