/**
 * Whether the log itself says that an election has ended (protocol.md §3 v2): a share that is erased
 * too early can never open the sum, so a state that the service only tells is not enough.
 */
import type { ElectionState } from '../api/types.ts';
import { parseNoteKey, verifyCheckpoint } from '../crypto/checkpoints.ts';
import { parseElection } from '../crypto/elections.ts';
import { sameHead, treeHead } from '../crypto/merkle.ts';
import { electionJson } from '../schemas/election_json.ts';
import { LogGrammar, Phase } from '../schemas/grammar.ts';
import { boardEvidence } from '../verifier/evidence.ts';
import { isRefusal } from '../verifier/refusals.ts';

/** The states of an election that is over. */
export type EndState = 'minuted' | 'cancelled';

const NO_FILE = new Uint8Array();

/** Whether the service says that an election is over. */
export function isOver(state: ElectionState): state is EndState {
  return state === 'minuted' || state === 'cancelled';
}

/**
 * Look for a result with its minute, or a cancellation, under a checkpoint of this election's log.
 *
 * `lines` are all entries, of which ballots may be withheld after a cancellation; `note` is the
 * latest signed checkpoint, `phi` the fingerprint of the election that this device has confirmed: it
 * binds the terms, and they the key of the log. Whatever does not hold is no end.
 */
export function showsEnd(lines: readonly Uint8Array[], note: string, phi: string): boolean {
  try {
    const evidence = boardEvidence(lines, new Map(), NO_FILE, NO_FILE);
    const [terms, published] = [evidence.find('terms'), evidence.find('election')];
    if (terms === null || published === null) return false;
    const election = parseElection(published.election);
    const publicKey = election.group.elementToText(election.publicKey);
    const isOfTerms = electionJson(terms, publicKey) === election.text;
    if (election.fingerprint !== phi || !isOfTerms) return false;
    const { head } = verifyCheckpoint(note, parseNoteKey(terms.log_key));
    if (!sameHead(treeHead(evidence.leaves.slice(0, head.size)), head)) return false;
    const grammar = new LogGrammar();
    for (const { entry } of evidence.placed.slice(0, head.size)) {
      if (entry === null) return false;
      grammar.accept(entry);
    }
    grammar.finish();
    return grammar.phase >= Phase.MINUTES;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
