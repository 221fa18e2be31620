/** Codes that people compare by eye: stretched, 100 bits, 20 characters (protocol.md §7, §11). */

import { sha256 } from '@noble/hashes/sha2.js';

import type { CiphertextTexts } from './ballots.ts';
import { parseNote } from './checkpoints.ts';
import { rawFingerprint } from './elections.ts';
import type { Bytes } from './encodings.ts';
import { bytesOfText, isAscii, joinBytes, numberOfBytes } from './encodings.ts';
import { MalformedError } from './errors.ts';

/** The characters of a code, in the order of their values. */
export const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Characters of a code without its hyphens. */
export const CODE_CHARACTERS = 20;
/** The salt under which codes are stretched. */
export const CODE_SALT = 'phieukin/code/1';
/** Each guess of someone who looks for a second value of the same code costs so many rounds. */
export const CODE_ROUNDS = 1 << 20;

const VALUE_BYTES = 32;
const CODE_BYTES = 13;
const CODE_BITS = 100n;
const MAX_TYPED_CHARACTERS = 64;

/**
 * Stretch a 32-byte value to the code that people compare (protocol.md §11 "Code").
 *
 * Resolves to `XXXX-XXXX-XXXX-XXXX-XXXX`. Takes up to some seconds on a phone, outside of the
 * calling thread; nothing is kept, so that no receipt stays in memory. Rejects with MalformedError.
 */
export async function codeOf(value: Uint8Array): Promise<string> {
  if (value.length !== VALUE_BYTES) throw new MalformedError('a code is made of 32 bytes');
  const { subtle } = globalThis.crypto;
  const password = await subtle.importKey('raw', joinBytes(value), 'PBKDF2', false, ['deriveBits']);
  const stretched = await subtle.deriveBits(
    {
      name: 'PBKDF2',
      hash: 'SHA-256',
      salt: bytesOfText(CODE_SALT),
      iterations: CODE_ROUNDS,
    },
    password,
    8 * CODE_BYTES,
  );
  const bits = numberOfBytes(new Uint8Array(stretched)) >> (8n * BigInt(CODE_BYTES) - CODE_BITS);
  let characters = '';
  for (let shift = CODE_BITS - 5n; shift >= 0n; shift -= 5n) {
    characters += ALPHABET.charAt(Number((bits >> shift) & 31n));
  }
  return grouped(characters);
}

/**
 * Bring a typed code to its printed form (protocol.md §11 "Code").
 *
 * Spaces and hyphens do not count, I and L are 1, O is 0, U is refused. Raises MalformedError.
 */
export function readCode(text: string): string {
  if (text.length > MAX_TYPED_CHARACTERS || !isAscii(text)) throw new MalformedError('not a code');
  const characters = text
    .replaceAll(' ', '')
    .replaceAll('-', '')
    .toUpperCase()
    .replaceAll(/[IL]/g, '1')
    .replaceAll('O', '0');
  if (
    characters.length !== CODE_CHARACTERS ||
    [...characters].some((each) => !ALPHABET.includes(each))
  ) {
    throw new MalformedError('not a code');
  }
  return grouped(characters);
}

/**
 * Decode the 32 bytes behind the election code (protocol.md §11): raw phi.
 *
 * `phi` is the 43 characters of Belenios' unpadded base64. Raises MalformedError.
 */
export function electionValue(phi: string): Bytes {
  return rawFingerprint(phi);
}

/**
 * Hash the closing checkpoint to the value behind the seal code (protocol.md §11).
 *
 * `checkpointText` is the note's text with its last newline, without signatures. Raises
 * MalformedError.
 */
export function sealValue(checkpointText: string): Bytes {
  if (!checkpointText.endsWith('\n') || checkpointText.endsWith('\n\n')) {
    throw new MalformedError('a checkpoint text ends with one newline');
  }
  return sha256(bytesOfText(checkpointText));
}

/**
 * Hash all ciphertexts of a ballot to the value behind the receipt code (protocol.md §11).
 *
 * `ciphertextTexts` are the pairs (alpha, beta) in their Belenios JSON form, for every
 * question and choice in order.
 */
export function receiptValue(phi: string, ciphertextTexts: Iterable<CiphertextTexts>): Bytes {
  const digest = sha256.create();
  digest.update(bytesOfText(`phieukin/receipt-code/1|${phi}`));
  for (const [alpha, beta] of ciphertextTexts) digest.update(bytesOfText(`|${alpha},${beta}`));
  return digest.digest();
}

/** Make the election code, mã cuộc bỏ phiếu (§11). Rejects with MalformedError. */
export async function electionCode(phi: string): Promise<string> {
  return codeOf(electionValue(phi));
}

/** Make the seal code, mã niêm phong (§11). Rejects with MalformedError. */
export async function sealCode(checkpointText: string): Promise<string> {
  return codeOf(sealValue(checkpointText));
}

/** Make the seal code of a closing checkpoint as it was signed, its signatures unjudged. */
export async function sealCodeOfNote(closingNote: string): Promise<string> {
  return sealCode(parseNote(closingNote).text);
}

/** Make the receipt code, mã biên nhận (§11). */
export async function receiptCode(
  phi: string,
  ciphertextTexts: Iterable<CiphertextTexts>,
): Promise<string> {
  return codeOf(receiptValue(phi, ciphertextTexts));
}

function grouped(characters: string): string {
  return (characters.match(/.{4}/g) ?? []).join('-');
}
