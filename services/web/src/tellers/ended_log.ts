/**
 * Whether the log itself says that an election has ended (protocol.md §3 v2: a share is erased when
 * the minute stands, or a cancellation). The service's word is not enough: a share that is erased
 * too early can never open the sum.
 */
import { readLog } from '../board/ceremony_log.ts';
import { parseNoteKey, verifyCheckpoint } from '../crypto/checkpoints.ts';
import { parseElection } from '../crypto/elections.ts';
import { leafHash, sameHead, treeHead } from '../crypto/merkle.ts';
import { electionJson } from '../schemas/election_json.ts';

/**
 * Look for a `minute` or `cancelled` entry under a checkpoint of this election's own log.
 *
 * `lines` are all entries, `note` the latest signed checkpoint, `phi` the fingerprint of the
 * election that this device has confirmed: it binds the terms, and they the key of the log.
 * Whatever does not hold is no end.
 */
export function showsEnd(lines: readonly Uint8Array[], note: string, phi: string): boolean {
  try {
    const { entries } = readLog(lines);
    const terms = entries.find((entry) => entry.type === 'terms');
    const published = entries.find((entry) => entry.type === 'election');
    if (terms === undefined || published === undefined) return false;
    const election = parseElection(published.election);
    const publicKey = election.group.elementToText(election.publicKey);
    const isConfirmed = election.fingerprint === phi;
    if (!isConfirmed || electionJson(terms, publicKey) !== published.election) return false;
    const { head } = verifyCheckpoint(note, parseNoteKey(terms.log_key));
    const leaves = lines.slice(0, head.size).map((line) => leafHash(line));
    if (!sameHead(treeHead(leaves), head)) return false;
    return entries
      .slice(0, head.size)
      .some(({ type }) => type === 'minute' || type === 'cancelled');
  } catch {
    return false;
  }
}
