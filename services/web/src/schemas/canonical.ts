/**
 * The one JSON form that Phiếu Kín defines itself: RFC 8785, integers only, NFC strings, no null.
 *
 * protocol.md §11 "JSON". Belenios' own objects are not in this form; they travel as strings of
 * their exact bytes (crypto/belenios_json.ts).
 */

import { type Bytes, equalBytes } from '../crypto/encodings.ts';
import { SchemaError } from './fields.ts';

/** How deep values may be nested. */
export const MAX_DEPTH = 16;

const REFUSED_CHARACTERS = /[\0-\x1f\x7f]|\p{Surrogate}/u;
const ASCII = /^[\0-\x7f]*$/;

/** The bytes or values are not of the canonical form of protocol.md §11. */
export class NotCanonicalError extends SchemaError {}

/**
 * Refuse a string that some JSON writer would escape differently. Throws NotCanonicalError.
 *
 * Without control characters, U+007F and lone surrogates, RFC 8785, `JSON.stringify` and Belenios
 * escape alike, so an entry has one spelling in every language.
 */
export function checkText(text: string): void {
  if (REFUSED_CHARACTERS.test(text)) {
    throw new NotCanonicalError('a string holds a control character or a lone surrogate');
  }
  if (!ASCII.test(text) && text.normalize('NFC') !== text) {
    throw new NotCanonicalError('a string is not in Unicode normal form C');
  }
}

/**
 * Write a value of plain objects, arrays, strings, integers and booleans (RFC 8785; §11).
 *
 * Field names are ASCII, so the order of code units is that of RFC 8785 §3.2.3. Throws
 * NotCanonicalError for null, undefined, fractions and strings that are refused.
 */
export function encode(value: unknown): Bytes {
  return new TextEncoder().encode(textOf(value, 0));
}

/**
 * Read canonical JSON of at most `maxBytes`; anything but the canonical bytes is refused.
 *
 * Throws NotCanonicalError: not JSON, too long, or its canonical bytes are others (order, spaces,
 * escapes, duplicate fields, fractions, null).
 */
export function decode(data: Uint8Array, maxBytes: number): unknown {
  if (data.length > maxBytes) throw new NotCanonicalError(`longer than ${maxBytes} bytes`);
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    value = JSON.parse(text);
  } catch {
    throw new NotCanonicalError('not JSON in UTF-8');
  }
  if (!equalBytes(encode(value), data)) {
    throw new NotCanonicalError('not the canonical bytes of its value');
  }
  return value;
}

function textOf(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) {
    throw new NotCanonicalError(`nested more than ${MAX_DEPTH} levels deep`);
  }
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return textOfNumber(value);
  if (typeof value === 'string') {
    checkText(value);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item: unknown) => textOf(item, depth + 1)).join(',')}]`;
  }
  if (isPlainObject(value)) return textOfObject(value, depth);
  throw new NotCanonicalError('a value has no canonical JSON');
}

function textOfNumber(value: number): string {
  if (!Number.isInteger(value)) throw new NotCanonicalError('a number is not an integer');
  if (!Number.isSafeInteger(value)) throw new NotCanonicalError('an integer is beyond 2^53 - 1');
  // JSON.stringify writes minus zero as 0, as RFC 8785 says.
  return JSON.stringify(value);
}

function textOfObject(value: Record<string, unknown>, depth: number): string {
  const fields = Object.keys(value).sort();
  if (!fields.every((name) => ASCII.test(name))) {
    throw new NotCanonicalError('a field name is not ASCII text');
  }
  const texts = fields.map((name) => {
    checkText(name);
    return `${JSON.stringify(name)}:${textOf(value[name], depth + 1)}`;
  });
  return `{${texts.join(',')}}`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
