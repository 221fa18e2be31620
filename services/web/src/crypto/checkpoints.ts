/**
 * Signed notes, checkpoints, log proofs and promises (C2SP signed-note, tlog-*; protocol.md §11).
 *
 * Only Ed25519 signatures of type 0x01 are made or checked. Everything is parsed strictly: one
 * text has one meaning, and a meaning has one text.
 */

import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

import type { Bytes } from './encodings.ts';
import {
  bytesOfText,
  equalBytes,
  fromBase64,
  fromHex,
  joinBytes,
  numberOfBytes,
  toBase64,
  toHex,
} from './encodings.ts';
import { NoteError, SignatureError } from './errors.ts';
import type { TreeHead } from './merkle.ts';
import { HASH_BYTES, verifyInclusion } from './merkle.ts';

/** Longest note in bytes of UTF-8. */
export const MAX_NOTE_BYTES = 16_384;
/** Longest name of a key. */
export const MAX_KEY_NAME_CHARACTERS = 255;
/** Most signature lines of a note. */
export const MAX_SIGNATURES = 16;

const ED25519_TYPE = Uint8Array.of(1);
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const KEY_ID_BYTES = 4;
const MAX_PATH_HASHES = 64;
const MAX_EXTRA_BYTES = 4_096;
const PROOF_HEADER = 'c2sp.org/tlog-proof@v1';
const PROMISE_HEADER = 'phieukin/promise/1';
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;
const VERIFIER_KEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;
const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;
const UUID = /^[1-9A-HJ-NP-Za-km-z]{14,64}$/;
const PHI = /^[A-Za-z0-9+/]{43}$/;
const TRACKER = /^[0-9a-f]{64}$/;
// Control, format, private and unassigned characters, and every kind of space.
const UNPRINTABLE = /[\p{C}\p{Z}]/u;
// eslint-disable-next-line no-control-regex -- these are what is refused.
const CONTROL = /[\0-\x09\x0b-\x1f\x7f]/;

/** A public key that signs notes: its name and 32 bytes of Ed25519 (RFC 8032). */
export interface NoteKey {
  readonly name: string;
  readonly publicKey: Bytes;
}

/** A private key that signs notes: its name and the 32-byte Ed25519 seed (RFC 8032). */
export interface NoteSigner {
  readonly name: string;
  readonly seed: Uint8Array;
}

/** One signature line of a note. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Bytes;
  readonly signature: Bytes;
}

/** A parsed note whose signatures nobody has checked yet; `text` ends with a newline. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** What a log says about itself: its origin, tree size and root (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly head: TreeHead;
}

/**
 * A leaf's path to a checkpoint (C2SP tlog-proof), nothing of it checked yet.
 *
 * `extra` is outside of every signature.
 */
export interface LogProof {
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly checkpointNote: string;
  readonly extra?: Uint8Array | undefined;
}

/** The box's word that a ballot is in it (protocol.md §5, §11); `tracker` has 32 bytes. */
export interface Promised {
  readonly uuid: string;
  readonly phi: string;
  readonly tracker: Uint8Array;
}

/** A note key of checked form. Raises NoteError. */
export function noteKey(name: string, publicKey: Uint8Array): NoteKey {
  checkKeyName(name);
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new NoteError('a note key has 32 bytes');
  return { name, publicKey: joinBytes(publicKey) };
}

/** The public half of a signer. */
export function noteKeyOf(signer: NoteSigner): NoteKey {
  return noteKey(signer.name, ed25519.getPublicKey(signer.seed));
}

/** The four bytes that name this key in a signature line (C2SP signed-note). */
export function noteKeyId(key: NoteKey): Bytes {
  const hashed = joinBytes(bytesOfText(`${key.name}\n`), ED25519_TYPE, key.publicKey);
  return sha256(hashed).slice(0, KEY_ID_BYTES);
}

/** Write the key as `name+id+base64` (C2SP signed-note verifier key). */
export function noteKeyToText(key: NoteKey): string {
  const typed = joinBytes(ED25519_TYPE, key.publicKey);
  return `${key.name}+${toHex(noteKeyId(key))}+${toBase64(typed)}`;
}

/** Read a key from `name+id+base64` (C2SP signed-note). Raises NoteError. */
export function parseNoteKey(text: string): NoteKey {
  const [, name, keyId, encoded] = VERIFIER_KEY.exec(text) ?? [];
  if (name === undefined || keyId === undefined || encoded === undefined) {
    throw new NoteError('not a note key');
  }
  const typed = decode(encoded);
  if (typed[0] !== ED25519_TYPE[0]) throw new NoteError('not an Ed25519 note key');
  const key = noteKey(name, typed.slice(1));
  if (toHex(noteKeyId(key)) !== keyId) throw new NoteError('the id of a note key is wrong');
  return key;
}

/** Sign a text that ends with a newline (C2SP signed-note). Raises NoteError. */
export function signNote(text: string, signer: NoteSigner): string {
  checkNoteText(text);
  const signature = ed25519.sign(bytesOfText(text), signer.seed);
  const line = toBase64(joinBytes(noteKeyId(noteKeyOf(signer)), signature));
  return `${text}\n— ${signer.name} ${line}\n`;
}

/**
 * Split a note into its text and signature lines (C2SP signed-note).
 *
 * At most 16,384 bytes and 16 signatures. Nothing is verified. Raises NoteError.
 */
export function parseNote(note: string): SignedNote {
  checkCharacters(note);
  const border = note.lastIndexOf('\n\n');
  const [text, lines] = [note.slice(0, Math.max(0, border)), note.slice(border + 2)];
  if (border < 0 || text === '' || !lines.endsWith('\n')) {
    throw new NoteError('a note is a text, an empty line and signature lines');
  }
  const signatureLines = lines.slice(0, -1).split('\n');
  if (signatureLines.length > MAX_SIGNATURES) throw new NoteError('a note has too many signatures');
  return { text: `${text}\n`, signatures: signatureLines.map(parseSignatureLine) };
}

/**
 * Return the text of a note that `key` signed (C2SP signed-note).
 *
 * Signatures by other keys are ignored. Raises NoteError, or SignatureError when the key's
 * signature is absent, doubled or wrong.
 */
export function openNote(note: string, key: NoteKey): string {
  const parsed = parseNote(note);
  const keyId = noteKeyId(key);
  const [found, second] = parsed.signatures.filter(
    (line) => line.name === key.name && equalBytes(line.keyId, keyId),
  );
  if (found === undefined || second !== undefined) {
    throw new SignatureError('the note does not carry one signature of this key');
  }
  if (!isSignatureOf(key.publicKey, bytesOfText(parsed.text), found.signature)) {
    throw new SignatureError('the signature of the note is wrong');
  }
  return parsed.text;
}

/** Write the text of a checkpoint, without extension lines (C2SP tlog-checkpoint). */
export function checkpointText({ origin, head }: Checkpoint): string {
  checkKeyName(origin);
  if (!Number.isSafeInteger(head.size) || head.size < 0 || head.root.length !== HASH_BYTES) {
    throw new NoteError('not a tree head');
  }
  return `${origin}\n${head.size}\n${toBase64(head.root)}\n`;
}

/** Read the text of a checkpoint, without extension lines. Raises NoteError. */
export function parseCheckpointText(text: string): Checkpoint {
  checkNoteText(text);
  const [origin, size, root, ...others] = text.slice(0, -1).split('\n');
  if (origin === undefined || size === undefined || root === undefined || others.length > 0) {
    throw new NoteError('a checkpoint has three lines');
  }
  checkKeyName(origin);
  return { origin, head: { size: parseNumber(size), root: decodeHash(root) } };
}

/** Sign a checkpoint by the log key, whose name is the origin (protocol.md §11 "Notes"). */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  if (checkpoint.origin !== signer.name) {
    throw new NoteError('the log key is not named as the origin');
  }
  return signNote(checkpointText(checkpoint), signer);
}

/**
 * Read a checkpoint signed by the log key, whose name is the origin (protocol.md §11 "Notes").
 *
 * Raises NoteError or SignatureError.
 */
export function verifyCheckpoint(note: string, key: NoteKey): Checkpoint {
  const checkpoint = parseCheckpointText(openNote(note, key));
  if (checkpoint.origin !== key.name) {
    throw new NoteError('the origin of the checkpoint is another log');
  }
  return checkpoint;
}

/** Write the text of a promise (protocol.md §11 "Notes"); no time stands in it. */
export function promiseText(promise: Promised): string {
  const tracker = toHex(promise.tracker);
  const text = `${PROMISE_HEADER}\n${promise.uuid}\n${promise.phi}\n${tracker}\n`;
  parsePromiseText(text);
  return text;
}

/** Read the text of a promise (protocol.md §11 "Notes"). Raises NoteError. */
export function parsePromiseText(text: string): Promised {
  checkNoteText(text);
  const [header, uuid = '', phi = '', tracker = '', ...others] = text.slice(0, -1).split('\n');
  if (header !== PROMISE_HEADER || others.length > 0) throw new NoteError('not a promise');
  if (!UUID.test(uuid) || !PHI.test(phi) || !TRACKER.test(tracker)) {
    throw new NoteError('a line of the promise is not of its form');
  }
  return { uuid, phi, tracker: fromHex(tracker) };
}

/** Sign a promise by the box key, named `<log origin>/<uuid>/box` (protocol.md §11 "Notes"). */
export function signPromise(promise: Promised, signer: NoteSigner): string {
  if (!signer.name.endsWith(`/${promise.uuid}/box`)) {
    throw new NoteError('the box key is not named for this election');
  }
  return signNote(promiseText(promise), signer);
}

/**
 * Read a promise signed by the box key, named `<log origin>/<uuid>/box` (protocol.md §11).
 *
 * Raises NoteError or SignatureError.
 */
export function verifyPromise(note: string, key: NoteKey): Promised {
  const promise = parsePromiseText(openNote(note, key));
  if (!key.name.endsWith(`/${promise.uuid}/box`)) {
    throw new NoteError('the promise is of another election');
  }
  return promise;
}

/** Write a `.tlog-proof` (C2SP tlog-proof@v1). Raises NoteError. */
export function logProofToText(proof: LogProof): string {
  const extra = proof.extra === undefined ? [] : [`extra ${toBase64(proof.extra)}`];
  const path = proof.path.map(toBase64);
  const lines = [PROOF_HEADER, ...extra, `index ${proof.index}`, ...path, ''];
  const text = `${lines.join('\n')}\n${proof.checkpointNote}`;
  parseLogProof(text);
  return text;
}

/** Read a `.tlog-proof` (C2SP tlog-proof@v1); nothing is verified. Raises NoteError. */
export function parseLogProof(text: string): LogProof {
  checkCharacters(text);
  const border = text.indexOf('\n\n');
  const lines = text.slice(0, Math.max(0, border)).split('\n');
  if (border < 0 || lines.shift() !== PROOF_HEADER) throw new NoteError('not a log proof');
  let extra: Bytes | undefined;
  if (lines[0]?.startsWith('extra ')) {
    extra = decode(lines.shift()?.slice('extra '.length) ?? '');
    if (extra.length > MAX_EXTRA_BYTES) {
      throw new NoteError('the extra data of a log proof are too long');
    }
  }
  const indexLine = lines.shift();
  if (!indexLine?.startsWith('index ')) throw new NoteError('a log proof has an index line');
  const index = parseNumber(indexLine.slice('index '.length));
  if (lines.length > MAX_PATH_HASHES) throw new NoteError('the path of a log proof is too long');
  const checkpointNote = text.slice(border + 2);
  parseNote(checkpointNote);
  return { index, path: lines.map(decodeHash), checkpointNote, extra };
}

/**
 * Check that a `.tlog-proof` leads from the leaf hash to a checkpoint of the log key.
 *
 * C2SP tlog-proof@v1, RFC 9162 §2.1.3.2. Raises NoteError, SignatureError or
 * InclusionProofError.
 */
export function verifyLogProof(text: string, leaf: Uint8Array, key: NoteKey): Checkpoint {
  const proof = parseLogProof(text);
  const checkpoint = verifyCheckpoint(proof.checkpointNote, key);
  verifyInclusion(leaf, proof.index, proof.path, checkpoint.head);
  return checkpoint;
}

/**
 * Ed25519 without the cofactor (RFC 8032 §5.1.7, the stricter of its two equations), as Python's
 * library checks it: nobody can make a note that one of our readers takes and the other refuses.
 * noble's own `verify` uses the equation with the cofactor.
 */
function isSignatureOf(publicKey: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const { Point } = ed25519;
  const order = Point.Fn.ORDER;
  const first = signature.slice(0, 32);
  const response = numberOfBytes(signature.slice(32).reverse());
  let key: InstanceType<typeof Point>;
  try {
    key = Point.fromBytes(publicKey, false);
  } catch {
    return false;
  }
  // Under a key of small order anything is signed.
  if (response >= order || key.isSmallOrder()) return false;
  const challenge = numberOfBytes(sha512(joinBytes(first, publicKey, signed)).reverse()) % order;
  // R = [S]B - [k]A, compared as bytes: so R is canonical, too.
  const commitment = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge));
  return equalBytes(commitment.toBytes(), first);
}

function parseSignatureLine(line: string): NoteSignature {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
  if (name === undefined || encoded === undefined) throw new NoteError('not a signature line');
  checkKeyName(name);
  const decoded = decode(encoded);
  if (decoded.length <= KEY_ID_BYTES) throw new NoteError('not a signature line');
  const [keyId, signature] = [decoded.slice(0, KEY_ID_BYTES), decoded.slice(KEY_ID_BYTES)];
  return { name, keyId, signature };
}

function checkNoteText(text: string): void {
  checkCharacters(text);
  if (!text.endsWith('\n') || text === '\n') {
    throw new NoteError('the text of a note ends with a newline');
  }
}

function checkCharacters(text: string): void {
  if (text.length > MAX_NOTE_BYTES) throw new NoteError('a note is too long');
  // No carriage return, tab or other control character: none could be seen on paper.
  if (CONTROL.test(text)) throw new NoteError('a note has a control character');
  let bytes: Bytes;
  try {
    bytes = bytesOfText(text);
  } catch {
    throw new NoteError('a note is not UTF-8');
  }
  if (bytes.length > MAX_NOTE_BYTES) throw new NoteError('a note is too long');
}

function checkKeyName(name: string): void {
  const length = [...name].length;
  if (
    length < 1 ||
    length > MAX_KEY_NAME_CHARACTERS ||
    name.includes('+') ||
    UNPRINTABLE.test(name)
  ) {
    throw new NoteError('not a key name');
  }
}

function parseNumber(text: string): number {
  if (!NUMBER.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new NoteError('not a number of leaves');
  }
  return Number(text);
}

function decodeHash(text: string): Bytes {
  const value = decode(text);
  if (value.length !== HASH_BYTES) throw new NoteError('a hash is not of 32 bytes');
  return value;
}

function decode(text: string): Bytes {
  try {
    return fromBase64(text);
  } catch {
    throw new NoteError('not base64 in its one form');
  }
}
