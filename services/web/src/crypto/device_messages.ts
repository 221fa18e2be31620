/**
 * What a member's device key signs, and its signature as bytes (protocol.md §11 "Signed by a device
 * key, always"). Apart from `device_keys`, which verifies: a phone's pages need only this.
 */

import type { Bytes } from './encodings.ts';
import {
  bytesOfNumber,
  bytesOfText,
  equalBytes,
  joinBytes,
  numberOfBytes,
  toHex,
} from './encodings.ts';
import { MalformedError } from './errors.ts';

/** What a device key signs for. */
export type Use = 'issue' | 'login' | 'checkin' | 'cancel';

const MAX_FIELD_BYTES = 512;
const NONCE_BYTES = 32;
const HASH_TEXT = /^[0-9a-f]{64}$/;
// SP 800-186 §3.2.1.3: order of the base point of P-256.
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Join the use and its fields by zero bytes (protocol.md §11). Raises MalformedError. */
export function message(use: Use, fields: readonly string[]): Bytes {
  const parts: Uint8Array[] = [bytesOfText(`phieukin/${use}/1`)];
  for (const field of fields) {
    const value = bytesOfText(field);
    // A zero byte inside of a field could move the border between two of them.
    if (value.length < 1 || value.length > MAX_FIELD_BYTES || value.includes(0)) {
      throw new MalformedError('a signed field is empty, too long or holds a zero byte');
    }
    parts.push(Uint8Array.of(0), value);
  }
  return joinBytes(...parts);
}

/**
 * Build what a member signs to take a ballot (protocol.md §4, §11 use `issue`).
 *
 * `blindedSha256` is `hashOfBlindedMessages` in hex. Raises MalformedError.
 */
export function issueMessage(phi: string, member: number, blindedSha256: string): Bytes {
  return message('issue', [phi, decimal(member), hashText(blindedSha256)]);
}

/** Build what a person signs to log in (protocol.md §11 use `login`); the nonce has 32 bytes. */
export function loginMessage(origin: string, nonce: Uint8Array): Bytes {
  return message('login', [origin, nonceText(nonce)]);
}

/** Build what a member signs to check in (protocol.md §11 use `checkin`). */
export function checkinMessage(meetingId: string, member: number, nonce: Uint8Array): Bytes {
  return message('checkin', [meetingId, decimal(member), nonceText(nonce)]);
}

/** Convert an ECDSA signature from DER, WebAuthn's form, to r ‖ s. Raises MalformedError. */
export function signatureFromDer(der: Uint8Array): Bytes {
  const [r, s] = readDerNumbers(der);
  if (!isInRange(r) || !isInRange(s) || !equalBytes(derOf(r, s), der)) {
    throw new MalformedError('not an ECDSA signature in its one form');
  }
  return joinBytes(bytesOfNumber(r, 32), bytesOfNumber(s, 32));
}

/** r and s of SEQUENCE { INTEGER, INTEGER }; whether it is their one DER is for the caller. */
function readDerNumbers(der: Uint8Array): [bigint, bigint] {
  const rLength = der[3] ?? 0;
  const sLength = der[5 + rLength] ?? 0;
  if (der.length !== 6 + rLength + sLength) throw new MalformedError('not an ECDSA signature');
  const r = der.slice(4, 4 + rLength);
  const s = der.slice(6 + rLength);
  return [numberOfBytes(r), numberOfBytes(s)];
}

function derOf(r: bigint, s: bigint): Bytes {
  const numbers = [r, s].map((number) => {
    // A byte more than the digits need where the first bit is set: the numbers are not negative.
    const length = Math.floor(number.toString(2).length / 8) + 1;
    return joinBytes(Uint8Array.of(0x02, length), bytesOfNumber(number, length));
  });
  const content = joinBytes(...numbers);
  return joinBytes(Uint8Array.of(0x30, content.length), content);
}

/** Whether r or s is a number that an ECDSA signature has. */
export function isInRange(number: bigint): boolean {
  return 0n < number && number < ORDER;
}

/** A member's number as signed messages hold it. Raises MalformedError. */
export function decimal(member: number): string {
  if (!Number.isSafeInteger(member) || member < 1) {
    throw new MalformedError('members are numbered from 1');
  }
  return String(member);
}

function hashText(text: string): string {
  if (!HASH_TEXT.test(text)) throw new MalformedError('not a hash in hex');
  return text;
}

function nonceText(nonce: Uint8Array): string {
  if (nonce.length !== NONCE_BYTES) throw new MalformedError('a nonce has 32 bytes');
  return toHex(nonce);
}
