/** Bytes as base64url without padding, in their one spelling (protocol.md §11 "Text and bytes"). */

import { type Bytes, fromBase64Url, toBase64Url } from '../crypto/encodings.ts';
import { SchemaError } from './schema_error.ts';

const ALPHABET = /^[A-Za-z0-9_-]*$/;

/** Not base64url without padding, or its unused bits are not zero. */
export class Base64urlError extends SchemaError {}

/** Write bytes as base64url without padding. */
export function encode(data: Uint8Array): string {
  return toBase64Url(data);
}

/** Read base64url without padding; unused bits are zero. Throws Base64urlError. */
export function decode(text: string): Bytes {
  if (!ALPHABET.test(text)) throw new Base64urlError('a character is not of base64url');
  if (text.length % 4 === 1) throw new Base64urlError('no bytes have so many characters');
  try {
    return fromBase64Url(text);
  } catch {
    throw new Base64urlError('unused bits are not zero');
  }
}
