/** Bytes and their texts, one text for one value (protocol.md §11 "Text and bytes"). */

import { MalformedError } from './errors.ts';

/** Bytes that Web Cryptography takes as they are. */
export type Bytes = Uint8Array<ArrayBuffer>;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BASE64URL = /^[A-Za-z0-9_-]*$/;
const HEX = /^(?:[0-9a-f]{2})*$/;
const ANY_SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const ENCODER = new TextEncoder();
const ASCII = /^[\0-\x7f]*$/;
// A call takes only so many arguments.
const CHUNK_BYTES = 8192;

/** UTF-8 of a text. Raises MalformedError for a lone surrogate, which has no UTF-8. */
export function bytesOfText(text: string): Bytes {
  refuseLoneSurrogates(text);
  return ENCODER.encode(text);
}

/** The text of UTF-8 bytes, a byte order mark kept. Raises MalformedError for other bytes. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new MalformedError('not UTF-8');
  }
}

/** Raises MalformedError for a text that has half of a surrogate pair. */
export function refuseLoneSurrogates(text: string): void {
  // Most texts have no surrogate at all, and the first expression is much faster.
  if (ANY_SURROGATE.test(text) && LONE_SURROGATE.test(text)) {
    throw new MalformedError('a text is not UTF-8');
  }
}

/** Whether all characters are ASCII. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** Join byte strings. */
export function joinBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}

/** Whether two byte strings are equal. For public values: its time tells where they differ. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, position) => byte === right[position]);
}

/** Order of byte strings, as of unsigned numbers of one length: below, at or above zero. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let position = 0; position < shared; position += 1) {
    const difference = (left[position] ?? 0) - (right[position] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Lowercase hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Bytes of lowercase hexadecimal digits. Raises MalformedError. */
export function fromHex(text: string): Bytes {
  if (!HEX.test(text)) throw new MalformedError('not hexadecimal digits');
  const bytes = new Uint8Array(text.length / 2);
  for (let position = 0; position < bytes.length; position += 1) {
    bytes[position] = Number.parseInt(text.slice(2 * position, 2 * position + 2), 16);
  }
  return bytes;
}

/** Standard Base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let characters = '';
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    characters += String.fromCharCode(...bytes.subarray(start, start + CHUNK_BYTES));
  }
  return btoa(characters);
}

/** Bytes of padded standard Base64 with zero in its unused bits. Raises MalformedError. */
export function fromBase64(text: string): Bytes {
  if (!BASE64.test(text) || text.length % 4 !== 0) throw new MalformedError('not base64');
  let characters: string;
  try {
    characters = atob(text);
  } catch {
    throw new MalformedError('not base64');
  }
  const bytes = Uint8Array.from(characters, (character) => character.charCodeAt(0));
  // Unused bits must be zero: one value, one text.
  if (toBase64(bytes) !== text) throw new MalformedError('not base64 in its one form');
  return bytes;
}

/** Standard Base64 without padding, as Belenios writes hashes (belenios-format §1). */
export function toBase64NoPad(bytes: Uint8Array): string {
  return toBase64(bytes).replace(/=+$/, '');
}

/** Bytes of standard Base64 without padding. Raises MalformedError. */
export function fromBase64NoPad(text: string): Bytes {
  if (text.includes('=')) throw new MalformedError('not base64 without padding');
  return fromBase64(text + '='.repeat((4 - (text.length % 4)) % 4));
}

/** base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64NoPad(bytes).replaceAll('+', '-').replaceAll('/', '_');
}

/** Bytes of base64url without padding, unused bits zero. Raises MalformedError. */
export function fromBase64Url(text: string): Bytes {
  if (!BASE64URL.test(text)) throw new MalformedError('not base64url');
  return fromBase64NoPad(text.replaceAll('-', '+').replaceAll('_', '/'));
}

/** The number that bytes are, most significant first. */
export function numberOfBytes(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

/** A number as `length` bytes, most significant first. Raises MalformedError if it is longer. */
export function bytesOfNumber(number: bigint, length: number): Bytes {
  const digits = number.toString(16).padStart(2 * length, '0');
  if (digits.length !== 2 * length) throw new MalformedError('a number is out of range');
  return fromHex(digits);
}
