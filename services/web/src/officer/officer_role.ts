/** Which acts the settings of a meeting give to a member (protocol.md §1 "Who starts"). */
import type { ElectionView, MeetingView, Officer } from '../api/types.ts';

/** What a member may do by its office, at the present step of the election. */
export interface OfficerRole {
  starts: boolean;
  closes: boolean;
}

/** The acts of `member` in this election at whatever step; both false for everybody else. */
export function officerRole(
  meeting: MeetingView,
  election: ElectionView,
  member: number,
): OfficerRole {
  const holds = (officer: Officer | undefined): boolean => {
    if (officer === 'presiding') return meeting.presiding === member;
    return officer === 'head_teller' && election.counting_team?.members[0] === member;
  };
  return { starts: holds(meeting.starts_by), closes: holds(meeting.closes_by) };
}

/** Whether there is a button for `member` now: to start while issuing, to end while voting. */
export function hasOfficerAct(
  meeting: MeetingView,
  election: ElectionView,
  member: number,
): boolean {
  const role = officerRole(meeting, election, member);
  return (
    (role.starts && election.state === 'issuing') || (role.closes && election.state === 'voting')
  );
}
