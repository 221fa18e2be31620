/** Of which elections this member is in the counting team. */
import { request } from '../api/client.ts';
import type { ElectionView, MeetingListView, MeetingView } from '../api/types.ts';

/** Meetings that are looked through, newest first: papers are signed days after a meeting. */
const MEETINGS = 4;

/** One election of which the member is a teller. */
export interface Duty {
  readonly meeting: MeetingView;
  readonly election: ElectionView;
}

/** All duties of a member of that council, the newest election first. */
export async function findDuties(member: number, councilId: string): Promise<Duty[]> {
  const { meetings } = await request<MeetingListView>('GET', '/meetings');
  const own = meetings.filter((each) => each.council_id === councilId).slice(0, MEETINGS);
  const duties: Duty[] = [];
  for (const meeting of own) {
    const views = await Promise.all(
      meeting.elections.map((uuid) => request<ElectionView>('GET', `/elections/${uuid}`)),
    );
    duties.push(...views.reverse().map((election) => ({ meeting, election })));
  }
  return duties.filter(({ election }) => isTeller(election, member));
}

/** Whether a member is in the counting team that the council chose. */
export function isTeller({ counting_team: team }: ElectionView, member: number): boolean {
  return team?.members.includes(member) === true;
}

/**
 * The duty to show: the one that was asked for, else the newest that goes on, else the newest that
 * was not cancelled.
 */
export function currentDuty(duties: readonly Duty[], asked: string | null): Duty | null {
  const found = duties.find(({ election }) => election.uuid === asked);
  const goesOn = duties.find(
    ({ election }) => election.state !== 'cancelled' && election.state !== 'minuted',
  );
  const held = duties.find(({ election }) => election.state !== 'cancelled');
  return found ?? goesOn ?? held ?? duties[0] ?? null;
}
