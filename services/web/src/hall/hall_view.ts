/** What the service answers to a hall screen: `HallView` of schemas/api_hall.py (protocol.md §12). */
import type { CancellationReason } from '../api/types.ts';
import type { AddressForm } from '../words/words.ts';

export type HallState =
  'waiting' | 'issuing' | 'voting' | 'closed' | 'counted' | 'minuted' | 'cancelled';

/** One case of an announced result; `share_percent` as papers print it, such as `66,67`. */
export interface HallOutcome {
  readonly no: number;
  readonly name: string;
  readonly unit?: string;
  readonly award: string;
  readonly agree: number;
  readonly disagree: number;
  readonly blank: number;
  readonly base: number;
  readonly votes_needed: number;
  readonly share_percent: string;
  readonly passed: boolean;
}

/**
 * Counts, codes and announced outcomes. `phi` is base64, `seal_value` hex, the codes are
 * `XXXX-XXXX-XXXX-XXXX-XXXX`; without an election the numbers of it are 0.
 */
export interface HallView {
  readonly council_name: string;
  readonly meeting_title: string;
  readonly venue: string;
  readonly address_form: AddressForm;
  readonly hall_shows: 'all' | 'passed';
  readonly state: HallState;
  readonly ballot_number: number;
  readonly nominations: number;
  readonly members: number;
  readonly present: number;
  readonly online: number;
  readonly issued: number;
  readonly returned: number;
  readonly announced: boolean;
  readonly phi?: string;
  readonly election_code?: string;
  readonly seal_value?: string;
  readonly seal_code?: string;
  readonly check_window_ends_at?: string;
  readonly outcomes?: readonly HallOutcome[];
  readonly cancelled?: CancellationReason;
}
