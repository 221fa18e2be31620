/** The modulus and exponent of an RSA key in DER SubjectPublicKeyInfo, in its one form. */

import { equalBytes, fromHex, joinBytes, numberOfBytes } from './encodings.ts';
import type { Bytes } from './encodings.ts';
import { MalformedError } from './errors.ts';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
// SEQUENCE { OBJECT IDENTIFIER 1.2.840.113549.1.1.1 rsaEncryption, NULL } (RFC 3279 §2.3.1).
const RSA_ENCRYPTION = fromHex('300d06092a864886f70d0101010500');

/** An RSA public key; both numbers are positive. */
export interface RsaKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** Read a key (RFC 5280 §4.1, RFC 8017 appendix A.1.1). Raises MalformedError. */
export function rsaKeyOfSpki(spki: Uint8Array): RsaKey {
  const outer = contentOf(spki, SEQUENCE);
  const algorithm = outer.slice(0, RSA_ENCRYPTION.length);
  const bits = contentOf(outer.slice(RSA_ENCRYPTION.length), BIT_STRING);
  if (!equalBytes(algorithm, RSA_ENCRYPTION) || bits[0] !== 0) {
    throw new MalformedError('not an RSA public key in its one form');
  }
  const numbers = contentOf(bits.slice(1), SEQUENCE);
  const first = lengthOf(numbers, INTEGER);
  const modulus = contentOf(numbers.slice(0, first.end), INTEGER);
  const exponent = contentOf(numbers.slice(first.end), INTEGER);
  const key = { modulus: positiveNumber(modulus), exponent: positiveNumber(exponent) };
  const again = joinBytes(derOf(INTEGER, modulus), derOf(INTEGER, exponent));
  const encoded = derOf(BIT_STRING, joinBytes(Uint8Array.of(0), derOf(SEQUENCE, again)));
  if (!equalBytes(derOf(SEQUENCE, joinBytes(RSA_ENCRYPTION, encoded)), spki)) {
    throw new MalformedError('not an RSA public key in its one form');
  }
  return key;
}

/** The content of one value that takes up all bytes. */
function contentOf(der: Uint8Array, tag: number): Uint8Array {
  const { start, end } = lengthOf(der, tag);
  if (end !== der.length) throw new MalformedError('not a public key');
  return der.slice(start, end);
}

/** Where the content of the first value starts and ends. */
function lengthOf(der: Uint8Array, tag: number): { start: number; end: number } {
  const short = der[1] ?? 0;
  const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
  const start = 2 + lengthBytes;
  if (der[0] !== tag || lengthBytes > 2 || der.length < start) {
    throw new MalformedError('not a public key');
  }
  const length = lengthBytes === 0 ? short : Number(numberOfBytes(der.slice(2, start)));
  const end = start + length;
  if (end > der.length) throw new MalformedError('not a public key');
  return { start, end };
}

/** The number of an INTEGER that is positive and has no byte more than it needs. */
function positiveNumber(content: Uint8Array): bigint {
  const [first = 0x80, second = 0] = content;
  if (first >= 0x80 || (first === 0 && second < 0x80)) {
    throw new MalformedError('not an RSA public key in its one form');
  }
  return numberOfBytes(content);
}

function derOf(tag: number, content: Uint8Array): Bytes {
  const { length } = content;
  const lengths =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return joinBytes(Uint8Array.of(tag, ...lengths), content);
}
