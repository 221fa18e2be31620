/** Which reasons there are to cancel, by the state of the election (protocol.md §1 "Cancelled"). */
import type { CancellationReason, ElectionView } from '../api/types.ts';

/** The reasons that may be given now; none: it cannot be cancelled any more. */
export function cancellationReasons(election: ElectionView): CancellationReason[] {
  switch (election.state) {
    case 'draft':
      return ['council_decision'];
    case 'ceremony':
    case 'issuing':
    case 'voting':
      return ['council_decision', 'trustees_unavailable'];
    case 'closed':
      return [
        ...(isTooFew(election) ? (['too_few_ballots'] as const) : []),
        'promised_ballot_missing',
        'trustees_unavailable',
      ];
    default:
      return [];
  }
}

/** Fewer ballots than the minimum: nobody opens the box (protocol.md §8). */
export function isTooFew(election: ElectionView): boolean {
  return Math.min(election.returned, election.issued) < election.minimum_ballots;
}

/** After closing only the presiding officer's own device can make this cancellation good. */
export function needsPresidingOfficer(
  election: ElectionView,
  reason: CancellationReason,
): boolean {
  return election.state === 'closed' && reason === 'trustees_unavailable';
}
