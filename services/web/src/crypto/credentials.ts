/** Credentials of Belenios protocol 1: secret texts and the exponents derived from them (§4). */

import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';

import { bytesOfText, joinBytes, numberOfBytes } from './encodings.ts';
import { MalformedError } from './errors.ts';
import type { Group } from './groups/index.ts';
import type { Randomness } from './randomness.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const DIGIT = '[1-9A-HJ-NP-Za-km-z]';
const V20 = new RegExp(`^${DIGIT}{3}(?:-${DIGIT}{3}){4}$`);
const V24 = new RegExp(`^${DIGIT}{5}-${DIGIT}{6}-${DIGIT}{5}-${DIGIT}{6}$`);
const V24_DIGITS = 22;
const V20_ROUNDS = 1000;
// Bytes below this are equally likely digits.
const UNBIASED_BYTES = 58 * 4;

/** Draw a secret credential in the form of Belenios 2.4 and later: 22 base58 digits (§4.2). */
export function generateSecretCredential(randomness: Randomness): string {
  let digits = '';
  while (digits.length < V24_DIGITS) {
    const [byte] = randomness(1);
    if (byte === undefined) throw new RangeError('the generator gave no byte');
    if (byte < UNBIASED_BYTES) digits += BASE58.charAt(byte % 58);
  }
  const parts = [digits.slice(0, 5), digits.slice(5, 11), digits.slice(11, 16), digits.slice(16)];
  return parts.join('-');
}

/**
 * The secret exponent of a credential of Belenios 2.4 to 3.3 (§4.2).
 *
 * s = x_0 ‖ x_1 mod q, x_i = SHA-256("derive_credential|uuid|i|secret"). Raises MalformedError.
 */
export function deriveCredentialV24(group: Group, uuid: string, secret: string): bigint {
  if (!V24.test(secret)) {
    throw new MalformedError('a secret credential has the form 5-6-5-6 base58 digits');
  }
  const halves = [0, 1].map((half) =>
    sha256(bytesOfText(`derive_credential|${uuid}|${half}|${secret}`)),
  );
  return numberOfBytes(joinBytes(...halves)) % group.q;
}

/**
 * The secret exponent of a credential of Belenios 2.0, its check digit verified (§4.1).
 *
 * PBKDF2-HMAC-SHA256 with 1000 rounds. Raises MalformedError.
 */
export function deriveCredentialV20(group: Group, uuid: string, secret: string): bigint {
  if (!V20.test(secret)) {
    throw new MalformedError('a secret credential of Belenios 2.0 has five groups of three digits');
  }
  const digits = [...secret.replaceAll('-', '')].map((character) => BASE58.indexOf(character));
  const check = digits.pop();
  const remainder = digits.reduce((rest, digit) => (58 * rest + digit) % 53, 0);
  if (check !== 53 - remainder) {
    throw new MalformedError('the check digit of a secret credential is wrong');
  }
  const derived = pbkdf2(sha256, bytesOfText(secret), bytesOfText(uuid), {
    c: V20_ROUNDS,
    dkLen: 32,
  });
  return numberOfBytes(derived) % group.q;
}

/** The public credential g^s in its Belenios text form (§4). */
export function publicCredential(group: Group, exponent: bigint): string {
  return group.elementToText(group.powerOfGenerator(exponent));
}
