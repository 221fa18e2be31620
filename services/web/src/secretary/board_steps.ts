/** Which of the eight steps a ballot is at, what is behind it, and what is open already. */
import type { AttendanceView, CeremonyView, ElectionView } from '../api/types.ts';
import { membersNeeded, strictestQuorum } from '../schemas/rules.ts';
import { type Step, STEPS } from './places.ts';

export type StepState = 'done' | 'now' | 'later';

/** Of what a meeting's board is drawn; null while it is not there yet. */
export interface BallotPicture {
  election: ElectionView | null;
  attendance: AttendanceView | null;
  ceremony: CeremonyView | null;
}

/** Members in the meeting against what the strictest quorum of the ballot needs. */
export interface QuorumPicture {
  here: number;
  members: number;
  needed: number;
  isMet: boolean;
}

/** The quorum as it stands (protocol.md §1); null before there are a list and an attendance. */
export function quorumOf({ election, attendance }: BallotPicture): QuorumPicture | null {
  if (election === null || attendance === null) return null;
  const here = attendance.present + attendance.online;
  const members = attendance.members.length;
  const quorum = strictestQuorum(
    { share: election.quorum.share, base: 'all_members' },
    election.nominations.map(({ rule: { quorum: own, ...rule } }) =>
      own === undefined ? rule : { ...rule, quorum: { share: own.share, base: 'all_members' } },
    ),
  );
  const needed = membersNeeded(quorum, members);
  return { here, members, needed, isMet: here >= needed };
}

/** Whether every teller has taken a key. */
export function areKeysTaken(ceremony: CeremonyView | null): boolean {
  return ceremony !== null && ceremony.trustees.every((trustee) => trustee.key);
}

/** Whether every teller's device has confirmed the election after issuing began. */
export function isConfirmedByTellers(ceremony: CeremonyView | null): boolean {
  return ceremony !== null && ceremony.trustees.every((trustee) => trustee.confirmation);
}

/** The step where the secretary's next act is. */
export function currentStep(picture: BallotPicture): Step {
  const { election, ceremony } = picture;
  switch (election?.state) {
    case undefined:
      return 'list';
    case 'draft':
      return quorumOf(picture)?.isMet === true ? 'team' : 'attendance';
    case 'ceremony':
      return areKeysTaken(ceremony) ? 'issue' : 'team';
    case 'issuing':
      return 'start';
    case 'voting':
    case 'closed':
    case 'cancelled':
      return 'close';
    case 'counted':
      return election.announced ? 'papers' : 'result';
    case 'minuted':
      return 'papers';
  }
}

/** Every step's state; attendance goes on beside the others, so it is never `done` by itself. */
export function stepStates(picture: BallotPicture): Readonly<Record<Step, StepState>> {
  const now = STEPS.indexOf(currentStep(picture));
  const states = STEPS.map((step, index): [Step, StepState] => {
    if (index === now) return [step, 'now'];
    return [step, index < now ? 'done' : 'later'];
  });
  return Object.fromEntries(states) as Record<Step, StepState>;
}

/** Until when list, rules and team can change (protocol.md §1 "Life"). */
export function isBeforeIssuing(election: ElectionView | null): boolean {
  return election === null || election.state === 'draft' || election.state === 'ceremony';
}
