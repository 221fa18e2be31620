/** Where one member stands in one election: what its screen shows and does by itself. */
import type { AttendanceState, ElectionView } from '../api/types.ts';
import type { BallotRecord } from './ballot_custody.ts';

/** What is known; `undefined` = not yet. */
export interface Standing {
  /** The election as the service shows it; null while the meeting has none. */
  readonly election: ElectionView | null;
  readonly attendance: AttendanceState | undefined;
  /** What this device keeps. */
  readonly record: BallotRecord | undefined;
  /** Whether the service says that this member took a ballot, on whatever device. */
  readonly isIssued: boolean | undefined;
}

export type Stage =
  /** The list or the counting team's keys are being prepared. */
  | 'check_in'
  | 'waiting'
  /** A ballot is to be had. */
  | 'take'
  | 'take_late'
  /** The ballot was taken on another device. */
  | 'elsewhere'
  /** Voting goes on; who took no ballot gets none any more. */
  | 'too_late'
  /** The ballot is here; voting has not started. */
  | 'ready'
  | 'marking'
  | 'sending'
  | 'refused'
  | 'cast'
  /** Closed; the phone is looking for its ballot in the sealed box. */
  | 'comparing'
  | 'included'
  | 'missing'
  | 'not_cast'
  /** The election goes on although this device was told that it is cancelled. */
  | 'withdrawn'
  /** Closed; this member took no ballot on this device. */
  | 'no_ballot'
  | 'cancelled';

const HERE: readonly (AttendanceState | undefined)[] = ['present', 'online', 'absent_consulted'];

/** The stage; the device's own record comes before what the service says. */
export function stageOf({ election, attendance, record, isIssued }: Standing): Stage {
  const isHere = HERE.includes(attendance);
  if (election === null) return isHere ? 'waiting' : 'check_in';
  if (election.state === 'cancelled') return 'cancelled';
  const kept = stageOfRecord(record, election);
  if (kept !== null) return kept;
  switch (election.state) {
    case 'draft':
    case 'ceremony':
      return isHere ? 'waiting' : 'check_in';
    case 'issuing':
    case 'voting':
      return stageOfIssuing(election, isHere, record, isIssued);
    default:
      return 'no_ballot';
  }
}

function stageOfRecord(record: BallotRecord | undefined, election: ElectionView): Stage | null {
  const isOpen = election.state === 'issuing' || election.state === 'voting';
  switch (record?.step) {
    case undefined:
    case 'viewed':
      return null;
    case 'asking':
      return isOpen ? null : 'comparing';
    case 'held':
      if (!isOpen) return 'comparing';
      return election.state === 'voting' ? 'marking' : 'ready';
    case 'casting':
      if (record.refusal === undefined) return 'sending';
      return isOpen || record.refusal !== 'wrong-state' ? 'refused' : 'comparing';
    case 'cast':
      return isOpen ? 'cast' : 'comparing';
    case 'included':
    case 'missing':
    case 'not_cast':
    case 'withdrawn':
      return record.step;
  }
}

function stageOfIssuing(
  election: ElectionView,
  isHere: boolean,
  record: BallotRecord | undefined,
  isIssued: boolean | undefined,
): Stage {
  // A request whose answer was lost is this device's own ballot.
  if (isIssued === true && record?.step !== 'asking') return 'elsewhere';
  if (election.state === 'voting' && !election.late_issuance && record?.step !== 'asking') {
    return 'too_late';
  }
  if (!isHere) return 'check_in';
  return election.state === 'voting' ? 'take_late' : 'take';
}

/**
 * Which election of a meeting its member should see: one to vote in, else one that is on its way,
 * else the newest that was not cancelled, else the newest. `stages` are those of `elections`.
 */
export function currentElection<View extends { readonly uuid: string }>(
  elections: readonly View[],
  stages: ReadonlyMap<string, Stage>,
): View | null {
  const order: readonly Stage[][] = [
    ['marking', 'sending', 'refused', 'missing', 'withdrawn'],
    ['take', 'take_late', 'ready'],
  ];
  for (const wanted of order) {
    const found = elections.find((each) => {
      const stage = stages.get(each.uuid);
      return stage !== undefined && wanted.includes(stage);
    });
    if (found !== undefined) return found;
  }
  const newestFirst = [...elections].reverse();
  const goesOn = newestFirst.find((each) => stages.get(each.uuid) !== 'cancelled');
  return goesOn ?? newestFirst[0] ?? null;
}
