/** What a picture of the hall shows at large, and the outcomes as the table has them. */
import { electionValue } from '../crypto/codes.ts';
import { toHex } from '../crypto/encodings.ts';
import { MalformedError } from '../crypto/errors.ts';
import type { HallOutcome, HallView } from './hall_view.ts';

/** `counted`: the sum is open, the head teller has not announced it. */
export type Scene =
  'waiting' | 'issuing' | 'voting' | 'sealed' | 'counted' | 'result' | 'cancelled';

/** The scene of a picture. Only what was announced is a result, whatever else is there. */
export function sceneOf(view: HallView): Scene {
  if (view.state === 'closed') return 'sealed';
  if (view.state !== 'counted' && view.state !== 'minuted') return view.state;
  return view.announced && view.outcomes !== undefined ? 'result' : 'counted';
}

/** The 32 bytes behind the election code in hex, for its QR (protocol.md §11), if well-formed. */
export function electionCodeValue(phi: string | undefined): string | undefined {
  if (phi === undefined) return undefined;
  try {
    return toHex(electionValue(phi));
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

/** Cases that follow one another with the same award and the same mark to reach. */
export interface AwardGroup {
  readonly award: string;
  readonly votesNeeded: number;
  readonly base: number;
  readonly outcomes: readonly HallOutcome[];
}

/** In the order of the list; an award that comes again later is a group again. */
export function groupOutcomes(outcomes: readonly HallOutcome[]): readonly AwardGroup[] {
  const groups: (AwardGroup & { outcomes: HallOutcome[] })[] = [];
  for (const outcome of outcomes) {
    const last = groups.at(-1);
    const isSame =
      last?.award === outcome.award &&
      last.votesNeeded === outcome.votes_needed &&
      last.base === outcome.base;
    if (isSame) last.outcomes.push(outcome);
    else {
      const { award, votes_needed: votesNeeded, base } = outcome;
      groups.push({ award, votesNeeded, base, outcomes: [outcome] });
    }
  }
  return groups;
}

/** The wall clock of an instant on this device, with seconds: `10:05:30`. */
export function clockText(instant: Date): string {
  return [instant.getHours(), instant.getMinutes(), instant.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
