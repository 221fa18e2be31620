/**
 * The own ballot in the sealed box (protocol.md §7): runs in the worker.
 *
 * Nobody asks for one ballot: the list of all leaves is the same file for everyone, and the proof
 * of inclusion is built here.
 */
import { castingLength, parseCastingBody } from '../crypto/casting.ts';
import { logProofToText, parseNoteKey, verifyCheckpoint } from '../crypto/checkpoints.ts';
import { parseElection } from '../crypto/elections.ts';
import { fromHex, textOfBytes, toHex } from '../crypto/encodings.ts';
import { inclusionPath, leafHash, sameHead, treeHead, type TreeHead } from '../crypto/merkle.ts';
import { encodeEntry, type Entry } from '../schemas/entries.ts';
import type { ReceiptFile } from '../schemas/record.ts';
import type { Terms } from '../schemas/terms.ts';
import { type CheckedElection, termsOf } from './published_election.ts';

const LEAVES = /^(?:[0-9a-f]{64}\n)*$/;

/** What anybody downloads after closing, as it came. */
export interface SealedLog {
  /** Every leaf hash in hex, each with a newline; later entries may follow the closing. */
  readonly leaves: string;
  /** The checkpoint of the start of voting. */
  readonly opening: string;
  /** The closing checkpoint. */
  readonly note: string;
}

/** What this device kept of its ballot. */
export interface OwnBallot {
  readonly body: Uint8Array;
  readonly tracker: string;
  readonly promise: string;
  readonly receipt: string;
  readonly receiptCode: string;
}

/** The receipt file where the ballot is in the box; null where it is missing. */
export type SealedView = ReceiptFile | null;

/** The list of leaves is not what the seal says, or the seal is not signed by the log. */
export class SealedLogError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealedLogError';
  }
}

/**
 * Check that the box of this election is sealed: both checkpoints signed by the log, both roots
 * those of the leaves, the closing after the start of voting of this election. Throws
 * SealedLogError.
 */
export function verifySealedLog(checked: CheckedElection, log: SealedLog): void {
  readSealed(checked, log);
}

/**
 * Look for the own ballot among the sealed leaves. Throws SealedLogError when the list and the
 * seal do not belong together: that says nothing of the ballot.
 */
export function findOwnBallot(
  checked: CheckedElection,
  log: SealedLog,
  own: OwnBallot,
): SealedView {
  const leaves = readSealed(checked, log);
  const entry = ownEntry(checked, own.body);
  const leaf = leafHash(entry);
  const hex = toHex(leaf);
  const index = leaves.findIndex((each) => toHex(each) === hex);
  if (index < 0) return null;
  const proof = { index, path: inclusionPath(leaves, index), checkpointNote: log.note };
  return {
    format: 'phieukin/receipt/1',
    uuid: checked.uuid,
    phi: checked.phi,
    tracker: own.tracker,
    receipt: own.receipt,
    receipt_code: own.receiptCode,
    promise: own.promise,
    entry: textOfBytes(entry),
    leaf: hex,
    proof: logProofToText(proof),
    terms: checked.terms,
    election: checked.election,
  };
}

function ownEntry(checked: CheckedElection, body: Uint8Array): Uint8Array {
  const election = parseElection(checked.election);
  const issuers = termsOf(checked).token_keys.length;
  const { ballot, token } = parseCastingBody(body, castingLength(election, issuers));
  return encodeEntry({ type: 'ballot', ballot, token });
}

/** The leaves up to the closing. */
function readSealed(checked: CheckedElection, log: SealedLog): Uint8Array[] {
  if (!LEAVES.test(log.leaves)) throw new SealedLogError('not a list of leaves');
  const all = log.leaves.split('\n').slice(0, -1).map(fromHex);
  const terms = termsOf(checked);
  const opening = signedHead(log.opening, terms);
  const closing = signedHead(log.note, terms);
  checkOpening(checked, terms, opening, leavesOf(opening, all));
  if (closing.size <= opening.size) {
    throw new SealedLogError('the seal is no later than the start of voting');
  }
  return leavesOf(closing, all);
}

/**
 * Voting starts behind the ceremony, the terms, the election and each trustee's confirmation
 * (protocol.md §7), so its place follows from the terms. A checkpoint of before the closing, shown
 * as the closing one, cannot stand behind it: it would make the phone miss its ballot, and claim or
 * erase it, while the box is open.
 */
function checkOpening(
  checked: CheckedElection,
  terms: Terms,
  opening: TreeHead,
  leaves: readonly Uint8Array[],
): void {
  const { ceremony_size: start, counting_team: team } = terms;
  const election: Entry = { type: 'election', election: checked.election };
  const due = [terms, election].map((entry) => toHex(leafHash(encodeEntry(entry))));
  if (leaves.slice(start, start + due.length).map(toHex).join() !== due.join()) {
    throw new SealedLogError('the list of leaves is of another election');
  }
  if (opening.size !== start + due.length + team.trustees.length + 1) {
    throw new SealedLogError('voting does not start there');
  }
}

function signedHead(note: string, terms: Terms): TreeHead {
  try {
    return verifyCheckpoint(note, parseNoteKey(terms.log_key)).head;
  } catch {
    throw new SealedLogError('the seal is not signed by the log of this election');
  }
}

function leavesOf(head: TreeHead, all: readonly Uint8Array[]): Uint8Array[] {
  const leaves = all.slice(0, head.size);
  if (!sameHead(treeHead(leaves), head)) {
    throw new SealedLogError('the list of leaves is not what the seal says');
  }
  return leaves;
}
