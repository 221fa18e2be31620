/**
 * A throw-away ballot, computed anew on a second device (protocol.md §6).
 *
 * The device takes nothing from the phone that is tested but seed, marks and the election's name:
 * it loads the election by itself and rebuilds phi, which people compare with the hall.
 */
import { requestBytes } from '../api/client.ts';
import type { CallDesk } from '../member/ballot_client.ts';
import type { OpenedTest, Receipt } from '../member/ballot_desk.ts';
import type { Terms } from '../schemas/terms.ts';

/** What the second device shows. */
export interface Recomputed {
  readonly terms: Terms;
  readonly phi: string;
  readonly electionCode: string;
  readonly receipt: Receipt;
}

/** The tested phone has sealed its ballot for another election than this device sees. */
export class OtherElectionSeenError extends Error {
  constructor() {
    super('the two devices see two elections');
    this.name = 'OtherElectionSeenError';
  }
}

/** There is not one mark for every case. */
export class MarksDifferError extends Error {
  constructor() {
    super('as many marks as cases are wanted');
    this.name = 'MarksDifferError';
  }
}

/** How entries come; tests give their own. */
export type ReadEntries = (uuid: string) => Promise<Uint8Array>;

export const readEntries: ReadEntries = (uuid) => requestBytes(`/elections/${uuid}/board/entries`);

/**
 * Load the election, rebuild it, and compute the ciphertexts of the test anew.
 *
 * Rejects with OtherElectionSeenError, MarksDifferError, RefusedError (what was published does not
 * fit together), ProblemError, UnreachableError.
 */
export async function recompute(
  test: OpenedTest,
  callDesk: CallDesk,
  read: ReadEntries = readEntries,
): Promise<Recomputed> {
  const entries = await read(test.uuid);
  const checked = await callDesk('checkElection', { uuid: test.uuid, entries });
  if (checked.phi !== test.phi) throw new OtherElectionSeenError();
  const terms = JSON.parse(checked.terms) as Terms;
  if (terms.nominations.length !== test.marks.length) throw new MarksDifferError();
  const { seed, marks } = test;
  const receipt = await callDesk('recompute', { election: checked.election, seed, marks });
  const electionCode = await callDesk('electionCode', { phi: checked.phi });
  return { terms, phi: checked.phi, electionCode, receipt };
}
