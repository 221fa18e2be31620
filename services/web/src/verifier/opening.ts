/**
 * Everything that a teller's device checks before it opens one sum (protocol.md §3, §8 v2).
 *
 * What it then computes is `decryptPartially`; the device stores that answer before it sends it.
 */

import { confirmationMessage } from '../crypto/ceremony.ts';
import { parseNote, parseNoteKey, verifyPromise } from '../crypto/checkpoints.ts';
import { sealValue } from '../crypto/codes.ts';
import { equalBytes, toHex } from '../crypto/encodings.ts';
import { leafHash, treeHead } from '../crypto/merkle.ts';
import { decodeEntry, type Entry } from '../schemas/entries.ts';
import type { Judge } from './ballot_verdicts.ts';
import { type BoardToOpen, type DownloadedBoard, verifyBoardForOpening } from './board.ts';
import { sha256HexOfText } from './evidence.ts';
import type { OnProgress } from './progress.ts';

/** Why a device does not open a sum. */
export type OpeningRefusal =
  | 'another-board'
  | 'another-election'
  | 'ballot-missing'
  | 'not-closed'
  | 'not-to-be-opened'
  | 'seal-differs'
  | 'too-few-ballots';

/** The device does not open this sum; `refusal` is the reason, the message what was seen. */
export class OpeningRefusedError extends Error {
  override readonly name = 'OpeningRefusedError';
  readonly refusal: OpeningRefusal;

  constructor(refusal: OpeningRefusal, message: string) {
    super(message);
    this.refusal = refusal;
  }
}

/** What the device brings to compare the board with. */
export interface DeviceView {
  /** The 32 bytes behind the hall's seal code. */
  readonly seal: Uint8Array;
  /** Index of its trustee and the message that it signed to confirm the election. */
  readonly trustee: number;
  readonly confirmed: string | null;
  /** Notes of the box that it holds: of a ballot cast on it, or scanned from a phone. */
  readonly promises: readonly string[];
  /** Hex root of the board that it has opened before, if it has. */
  readonly openedRoot: string | null;
}

/**
 * Verify the whole board and compare it with what the device knows (protocol.md §3, §8).
 *
 * The board may hold other trustees' partial decryptions, which are left aside. Throws
 * OpeningRefusedError, BoardRefusedError, or what refuses bytes (CryptoError, SchemaError).
 */
export async function checkBeforeOpening(
  board: DownloadedBoard,
  device: DeviceView,
  judges?: readonly Judge[],
  onProgress?: OnProgress,
): Promise<BoardToOpen> {
  const seal = sealValue(parseNote(board.closingNote).text);
  if (!equalBytes(seal, device.seal)) {
    throw new OpeningRefusedError('seal-differs', "the seal code differs from the hall's");
  }
  const { lines, entries } = upToClosing(board.entries);
  const ready = await verifyBoardForOpening({ ...board, entries: lines }, judges, onProgress);
  refuseAnotherElection(device, lines, entries, ready);
  refuseMissingBallots(device.promises, entries);
  refuseTooFew(ready);
  if (device.openedRoot !== null && device.openedRoot !== toHex(ready.closingRoot)) {
    throw new OpeningRefusedError('another-board', 'this device has opened another board');
  }
  return ready;
}

interface SealedLog {
  readonly lines: readonly Uint8Array[];
  readonly entries: readonly Entry[];
}

/** The sealed board; what other trustees have opened since is not this device's business. */
function upToClosing(lines: readonly Uint8Array[]): SealedLog {
  const entries = lines.map((line) => decodeEntry(line));
  const end = entries.findIndex((entry) => entry.type === 'closed') + 1;
  if (end === 0) {
    throw new OpeningRefusedError('not-closed', 'the log holds no closing yet');
  }
  for (const entry of entries.slice(end)) {
    if (entry.type !== 'partial_decryption') {
      const text = `the log holds a ${entry.type} after closing`;
      throw new OpeningRefusedError('not-to-be-opened', text);
    }
  }
  return { lines: lines.slice(0, end), entries: entries.slice(0, end) };
}

/** A board may hold in itself and still not be the election that this device confirmed. */
function refuseAnotherElection(
  device: DeviceView,
  lines: readonly Uint8Array[],
  entries: readonly Entry[],
  ready: BoardToOpen,
): void {
  const last = entries.map((entry) => entry.type).lastIndexOf('election');
  const { root } = treeHead(lines.slice(0, last + 1).map((line) => leafHash(line)));
  const message = confirmationMessage(ready.election.fingerprint, device.trustee, root);
  if (device.confirmed !== message) {
    const text = 'this device has not confirmed this election';
    throw new OpeningRefusedError('another-election', text);
  }
}

/** A promise without inclusion stops the opening, even when the claim is kept from the log. */
function refuseMissingBallots(promises: readonly string[], entries: readonly Entry[]): void {
  const trackers = new Set(
    entries.flatMap((entry) => (entry.type === 'ballot' ? [sha256HexOfText(entry.ballot)] : [])),
  );
  for (const terms of entries) {
    if (terms.type !== 'terms') {
      continue;
    }
    const key = parseNoteKey(terms.box_key);
    if (promises.some((note) => !trackers.has(toHex(verifyPromise(note, key).tracker)))) {
      throw new OpeningRefusedError('ballot-missing', 'a promised ballot is not on the board');
    }
  }
}

/** Below the minimum single votes could be read off the sum (protocol.md §8). */
function refuseTooFew(ready: BoardToOpen): void {
  const fewest = Math.min(ready.ballots, ready.issuances);
  if (fewest < ready.minimumBallots) {
    throw new OpeningRefusedError(
      'too-few-ballots',
      `${fewest} ballots, at least ${ready.minimumBallots} are needed`,
    );
  }
}
