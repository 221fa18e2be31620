/**
 * A teller's device opens one sum (protocol.md §3, §8 v2): it downloads the whole board, verifies
 * all of it, lets its owner compare the seal code with the hall, looks once more for a claim,
 * stores its partial decryption, sends it, and afterwards only repeats those bytes.
 */
import { readLog, rootAfter } from '../board/ceremony_log.ts';
import { parseNote, parseNoteKey, verifyPromise } from '../crypto/checkpoints.ts';
import { sealValue } from '../crypto/codes.ts';
import { equalBytes, toHex } from '../crypto/encodings.ts';
import { leafHash, treeHead } from '../crypto/merkle.ts';
import { openedSumFromText, stateFromText } from '../crypto/trustee_state.ts';
import { decodeEntry } from '../schemas/entries.ts';
import type { DownloadedBoard } from '../verifier/board.ts';
import { sha256HexOfText } from '../verifier/evidence.ts';
import type { DeviceView, OpeningRefusal } from '../verifier/opening.ts';
import type { OnProgress } from '../verifier/progress.ts';
import type { OpeningOutcome } from '../verifier/verifier_client.ts';
import type { ReadyTexts } from '../verifier/worker_messages.ts';
import type { DeviceMeans } from './counting_device.ts';
import type { HeldShare } from './share_custody.ts';
import { openingBody, RefusedByDeviceError, refusingAsDevice } from './trustee_tasks.ts';

/** Verify a board, in workers or here. */
export type BoardCheck = (
  board: DownloadedBoard,
  device: DeviceView,
  onProgress: OnProgress,
) => Promise<OpeningOutcome>;

/** Why a device stops: what the verifier refuses, or what it saw itself. */
export type StopReason = OpeningRefusal | 'board-refused';

/** Nothing is opened; `detail` is English, for whoever looks into it. */
export class OpeningStoppedError extends Error {
  override readonly name = 'OpeningStoppedError';

  constructor(
    readonly reason: StopReason,
    readonly detail: string,
  ) {
    super(reason);
  }
}

/** A board that holds in everything, with what its owner compares before it is opened. */
export interface CheckedBoard {
  readonly board: DownloadedBoard;
  readonly ready: ReadyTexts;
  /** The 32 bytes behind the seal code, hex: the hall's QR code. */
  readonly sealHex: string;
}

/** The value behind the seal code of a board, from its own closing checkpoint. */
export function sealOf(board: DownloadedBoard): Uint8Array<ArrayBuffer> {
  return sealValue(parseNote(board.closingNote).text);
}

/**
 * Download the board and verify all of it. `promises` are notes of ballots cast on this device;
 * those that were scanned are in the share.
 *
 * Throws OpeningStoppedError, ProblemError, UnreachableError.
 */
export async function checkWholeBoard(
  { service }: DeviceMeans,
  held: HeldShare,
  promises: readonly string[],
  check: BoardCheck,
  onProgress: OnProgress,
): Promise<CheckedBoard> {
  const board = await service.readBoard();
  const { index, confirmed } = stateFromText(held.share.state);
  const { opened } = held.share;
  const seal = stoppingFor('board-refused', () => sealOf(board));
  const device: DeviceView = {
    // Its owner compares this very value with the hall before anything is opened.
    seal,
    trustee: index,
    confirmed: confirmed === '' ? null : confirmed,
    promises: [...promises, ...held.share.promises],
    openedRoot: opened === null ? null : openedSumFromText(opened).closingRoot,
  };
  const outcome = await check(board, device, onProgress);
  switch (outcome.kind) {
    case 'ready':
      return { board, ready: outcome.ready, sealHex: toHex(seal) };
    case 'opening_refused':
      throw new OpeningStoppedError(outcome.refusal, outcome.message);
    case 'board_refused':
      throw new OpeningStoppedError('board-refused', outcome.message);
  }
}

/** Whether a scanned QR code of the hall is this board's seal. */
export function isSameSeal(checked: CheckedBoard, scanned: string): boolean {
  return scanned.trim().toLowerCase() === checked.sealHex;
}

/** What a scanned code turned out to be. */
export type ScannedPromise = 'on_board' | 'missing' | 'not_a_promise';

/**
 * Look for the ballot of a member's promise in this device's own copy of the board. One that is
 * missing is kept with the share: the device will not open this board, not after a reload either.
 */
export async function checkPromise(
  held: HeldShare,
  board: DownloadedBoard,
  note: string,
): Promise<ScannedPromise> {
  const entries = board.entries.map((line) => decodeEntry(line));
  const terms = entries.find((entry) => entry.type === 'terms');
  if (terms === undefined) return 'not_a_promise';
  let tracker: string;
  try {
    tracker = toHex(verifyPromise(note, parseNoteKey(terms.box_key)).tracker);
  } catch {
    return 'not_a_promise'; // also a promise of another election, or one that nobody signed
  }
  const isThere = entries.some(
    (entry) => entry.type === 'ballot' && sha256HexOfText(entry.ballot) === tracker,
  );
  if (isThere) return 'on_board';
  const { promises } = held.share;
  if (!promises.includes(note)) await held.store({ ...held.share, promises: [...promises, note] });
  return 'missing';
}

/**
 * Open the sum of the checked board, whose seal code its owner has compared with the hall.
 *
 * Stored before it is sent. Throws OpeningStoppedError, RefusedByDeviceError, ProblemError,
 * UnreachableError; after the last one `sendOpenedSum` repeats the same bytes.
 */
export async function openSumOf(
  means: DeviceMeans,
  held: HeldShare,
  checked: CheckedBoard,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const { state, opened, promises } = held.share;
  if (promises.length > 0 && opened === null) await recheckPromises(held, checked);
  await checkStillToBeOpened(means, checked.board.entries, checked.ready.leaves);
  const log = readLog(checked.board.entries.slice(0, checked.ready.leaves.length));
  const electionRoot = toHex(rootAfter(log, 'election'));
  const { election, tally, closingRoot, publicKeys } = checked.ready;
  const ready = { election, tally, closingRoot, publicKeys };
  const task = { kind: 'opening', state, opened, ready, electionRoot } as const;
  const made = await means.run(task, onProgress);
  if (made.opened === null) throw new RefusedByDeviceError('nothing was opened', null);
  // Stored before it is sent: a device that forgot it could be shown another board.
  if (opened === null) await held.store({ ...held.share, opened: made.opened });
  await means.service.sendOpening(made.body);
}

/**
 * Repeat the partial decryption that this device has made, if the board is still the one that it
 * opened and nothing stands against it. Throws as `openSumOf`.
 */
export async function sendOpenedSum(means: DeviceMeans, held: HeldShare): Promise<void> {
  const { opened } = held.share;
  if (opened === null) throw new RefusedByDeviceError('nothing was opened', null);
  const lines = await means.service.readEntries();
  const end = closingEnd(lines);
  const { root } = treeHead(lines.slice(0, end).map((line) => leafHash(line)));
  if (toHex(root) !== openedSumFromText(opened).closingRoot) {
    throw new OpeningStoppedError('another-board', 'this device has opened another board');
  }
  refuseAfterClosing(lines, end);
  await means.service.sendOpening(openingBody(opened));
}

/** A promise that was scanned while the seal was compared counts like one before. */
async function recheckPromises(held: HeldShare, { board }: CheckedBoard): Promise<void> {
  for (const note of held.share.promises) {
    if ((await checkPromise(held, board, note)) === 'missing') {
      throw new OpeningStoppedError('ballot-missing', 'a promised ballot is not on the board');
    }
  }
}

/** Between the check and the tap somebody may have claimed, or the election was cancelled. */
async function checkStillToBeOpened(
  { service }: DeviceMeans,
  entries: readonly Uint8Array[],
  leaves: readonly Uint8Array[],
): Promise<void> {
  const now = await service.readLeaves();
  if (leaves.some((leaf, place) => toHex(leaf) !== now[place])) {
    throw new OpeningStoppedError('another-board', 'the log is not the one that was verified');
  }
  if (now.length === leaves.length) return;
  const lines = await service.readEntries();
  const end = leaves.length;
  const isSame = entries
    .slice(0, end)
    .every((line, place) => equalBytes(line, lines[place] ?? new Uint8Array()));
  if (!isSame) {
    throw new OpeningStoppedError('another-board', 'the log is not the one that was verified');
  }
  // The list of leaves says how many there must be: what is hidden from this device stops it.
  if (lines.length < now.length) {
    throw new OpeningStoppedError('not-to-be-opened', 'the log holds more than the service shows');
  }
  refuseAfterClosing(lines, end);
}

function refuseAfterClosing(lines: readonly Uint8Array[], end: number): void {
  for (const line of lines.slice(end)) {
    const entry = stoppingFor('board-refused', () => decodeEntry(line));
    if (entry.type !== 'partial_decryption') {
      const detail = `the log holds a ${entry.type} after closing`;
      throw new OpeningStoppedError('not-to-be-opened', detail);
    }
  }
}

function closingEnd(lines: readonly Uint8Array[]): number {
  const types = stoppingFor('board-refused', () => lines.map((line) => decodeEntry(line).type));
  return types.indexOf('closed') + 1;
}

function stoppingFor<Value>(reason: StopReason, work: () => Value): Value {
  try {
    return refusingAsDevice(work);
  } catch (error) {
    if (error instanceof RefusedByDeviceError) {
      throw new OpeningStoppedError(reason, error.message);
    }
    throw error;
  }
}
