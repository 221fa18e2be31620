/** The draft of a second ballot. */
import type { ElectionView, Nomination } from '../api/types.ts';

/** As `POST /meetings/{id}/elections` takes a draft. */
export type ElectionBody = Pick<
  ElectionView,
  'group' | 'nominations' | 'quorum' | 'minimum_ballots' | 'late_issuance'
> & { previous?: string };

/** The chosen cases in their order, numbered anew, under the rules of the first ballot. */
export function secondBallotBody(first: ElectionView, chosen: readonly number[]): ElectionBody {
  const nominations = first.nominations
    .filter((each) => chosen.includes(each.no))
    .map((each, index): Nomination => ({ ...each, no: index + 1 }));
  return {
    group: first.group,
    nominations,
    quorum: first.quorum,
    minimum_ballots: first.minimum_ballots,
    late_issuance: first.late_issuance,
    previous: first.uuid,
  };
}
