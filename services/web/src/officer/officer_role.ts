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

/**
 * Whether `member` may have the meeting's minute to sign: its two officers, from the announcement
 * until the election shows that both have signed.
 */
export function mayHavePapers(
  meeting: MeetingView,
  election: ElectionView,
  member: number,
): boolean {
  const isOfficer = meeting.presiding === member || meeting.minute_taker === member;
  return isOfficer && election.announced && election.state === 'counted';
}

/** Whether there is something for `member` now: to start, to end, or to sign. */
export function hasOfficerAct(
  meeting: MeetingView,
  election: ElectionView,
  member: number,
): boolean {
  const role = officerRole(meeting, election, member);
  return (
    (role.starts && election.state === 'issuing') ||
    (role.closes && election.state === 'voting') ||
    mayHavePapers(meeting, election, member)
  );
}
