/**
 * The own ballot in the sealed box (protocol.md §7): runs in the worker.
 *
 * Nobody asks for one ballot: the list of all leaves is the same file for everyone, and the proof
 * of inclusion is built here.
 */
import { castingLength, parseCastingBody } from '../crypto/casting.ts';
import {
  type Checkpoint,
  logProofToText,
  parseNoteKey,
  verifyCheckpoint,
} from '../crypto/checkpoints.ts';
import { parseElection } from '../crypto/elections.ts';
import { fromHex, textOfBytes, toHex } from '../crypto/encodings.ts';
import { inclusionPath, leafHash, sameHead, treeHead } from '../crypto/merkle.ts';
import { encodeEntry } from '../schemas/entries.ts';
import type { ReceiptFile } from '../schemas/record.ts';
import { type CheckedElection, termsOf } from './published_election.ts';

const LEAVES = /^(?:[0-9a-f]{64}\n)*$/;

/** What anybody downloads after closing, as it came. */
export interface SealedLog {
  /** Every leaf hash in hex, each with a newline; later entries may follow the closing. */
  readonly leaves: string;
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

/** Check that the box of this election is sealed: the log's signature, the root of the leaves. */
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
  const { leaves } = readSealed(checked, log);
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

function readSealed(
  checked: CheckedElection,
  log: SealedLog,
): { checkpoint: Checkpoint; leaves: Uint8Array[] } {
  if (!LEAVES.test(log.leaves)) throw new SealedLogError('not a list of leaves');
  const all = log.leaves.split('\n').slice(0, -1).map(fromHex);
  let checkpoint: Checkpoint;
  try {
    checkpoint = verifyCheckpoint(log.note, parseNoteKey(termsOf(checked).log_key));
  } catch {
    throw new SealedLogError('the seal is not signed by the log of this election');
  }
  const leaves = all.slice(0, checkpoint.head.size);
  if (!sameHead(treeHead(leaves), checkpoint.head)) {
    throw new SealedLogError('the list of leaves is not what the seal says');
  }
  return { checkpoint, leaves };
}
