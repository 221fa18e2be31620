/** Before the ballots: check-in, then what the meeting is at, live. */
import type { JSX } from 'preact';

import type { ElectionView, MeetingView } from '../api/types.ts';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import type { Person } from '../login/login_gate.tsx';
import { t } from '../words/words.ts';
import { CheckIn } from './check_in.tsx';
import type { MeetingFeed } from './meeting_feed.ts';
import type { Stage } from './member_stage.ts';
import { Unreached } from './unreached.tsx';

export interface WaitingRoomProps {
  feed: MeetingFeed;
  meeting: MeetingView;
  person: Person;
  member: number;
  election: ElectionView | null;
  stage: Stage;
  footer: JSX.Element;
}

export function WaitingRoom(props: WaitingRoomProps): JSX.Element {
  const { feed, meeting, person, member, election, stage } = props;
  const attendance = feed.attendance.value;
  const isCheckingIn = stage === 'check_in' && attendance !== null;
  const title = t(isCheckingIn ? 'checkin.title' : 'waiting.title');
  return (
    <Page title={title} where={person.account.council_name ?? ''}>
      <Unreached feed={feed} />
      <div class="card">
        <p class="large">{t('member.hello', { name: person.account.name })}</p>
        <p>{meeting.title}</p>
        <p class="quiet">{t('member.venue', { venue: meeting.venue })}</p>
      </div>
      {isCheckingIn ? (
        <CheckIn
          identity={person.identity}
          meeting={meeting}
          member={member}
          onDone={() => feed.refreshAttendance()}
        />
      ) : null}
      {attendance === null ? <p role="status">{t('app.loading')}</p> : null}
      {!isCheckingIn && attendance !== null ? (
        <>
          <Notice kind="done" live="status">
            {t(attendance.state === 'absent_consulted' ? 'checkin.consulted' : 'checkin.done')}
          </Notice>
          <p role="status">{waitingText(election)}</p>
        </>
      ) : null}
      {attendance === null ? null : (
        <p class="quiet">
          {t('checkin.here', { n: attendance.here, total: attendance.members })}
        </p>
      )}
      {props.footer}
    </Page>
  );
}

function waitingText(election: ElectionView | null): string {
  if (election?.state === 'ceremony') return t('waiting.ceremony');
  if (election?.state === 'draft') {
    return t('waiting.draft', { n: election.nominations.length });
  }
  return t('waiting.no_election');
}
