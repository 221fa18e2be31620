/** What a teller's screen shows, out of what the service says and what this device holds. */
import type { CeremonyView, ElectionView } from '../api/types.ts';

/** What this device holds of the election: nothing, a locked share, an unlocked one. */
export type ShareState = 'unknown' | 'none' | 'locked' | 'held';

/** Where this device is in opening the sum. */
export type OpeningState = 
  'waiting' | 'ready' | 'checking' | 'compare' | 'agreed' | 'opening' | 'sent';

export interface StageInput {
  readonly election: ElectionView;
  readonly ceremony: CeremonyView | null;
  readonly member: number;
  readonly share: ShareState;
  readonly opening: OpeningState;
  readonly isStopped: boolean;
  /** This teller works with the offline program, and this page carries its files. */
  readonly usesProgram: boolean;
}

/**
 * - `take_key`: the one tap; `elsewhere`: another device has this teller's key; `unlock`: the share
 *   on this device is needed and locked; `offline`: with the offline program only
 * - `window`: members compare; `check`: the board can be verified; `stopped`: it is not opened
 */
export type Stage =
  | 'loading'
  | 'draft'
  | 'take_key'
  | 'offline'
  | 'elsewhere'
  | 'unlock'
  | 'waiting_keys'
  | 'keys_done'
  | 'confirmed'
  | 'voting'
  | 'window'
  | 'check'
  | 'checking'
  | 'compare'
  | 'agreed'
  | 'opening'
  | 'sent'
  | 'stopped'
  | 'result'
  | 'finished'
  | 'cancelled';

const OPENING_STAGES: Readonly<Record<OpeningState, Stage>> = {
  waiting: 'window',
  ready: 'check',
  checking: 'checking',
  compare: 'compare',
  agreed: 'agreed',
  opening: 'opening',
  sent: 'sent',
};

/** The one thing that the screen shows now. */
export function stageOf(input: StageInput): Stage {
  const { election, ceremony, share } = input;
  switch (election.state) {
    case 'draft':
      return 'draft';
    case 'cancelled':
      return 'cancelled';
    case 'counted':
      return 'result';
    case 'minuted':
      return 'finished';
    case 'voting':
      if (share !== 'none' && input.isStopped) return 'stopped';
      return share === 'none' && !isByProgram(input) ? 'elsewhere' : 'voting';
    default:
  }
  if (ceremony === null || share === 'unknown') return 'loading';
  if (input.isStopped) return 'stopped';
  if (share === 'none') return withoutShare(input, ceremony);
  if (election.state === 'closed') {
    if (input.opening === 'waiting') return 'window';
    return share === 'locked' ? 'unlock' : OPENING_STAGES[input.opening];
  }
  const mine = ceremony.trustees.find((each) => each.member === input.member);
  if (election.state === 'issuing') {
    if (mine?.confirmation === true) return 'confirmed';
    return share === 'locked' ? 'unlock' : 'waiting_keys';
  }
  if (ceremony.trustees.every((each) => each.key)) return 'keys_done';
  return share === 'locked' && mine?.key !== true ? 'unlock' : 'waiting_keys';
}

function withoutShare(input: StageInput, ceremony: CeremonyView): Stage {
  const { election, member } = input;
  if (isByProgram(input)) return 'offline';
  const mine = ceremony.trustees.find((each) => each.member === member);
  return election.state === 'ceremony' && mine?.certificate !== true ? 'take_key' : 'elsewhere';
}

function isByProgram({ election, usesProgram }: StageInput): boolean {
  return usesProgram || election.offline_program_needed === true;
}
