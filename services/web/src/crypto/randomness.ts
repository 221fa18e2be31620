/** Where random bytes come from: an argument everywhere, the system's generator in service. */

import type { Bytes } from './encodings.ts';
import { numberOfBytes } from './encodings.ts';
import type { Group } from './groups/group.ts';

/** Gives so many fresh random bytes. */
export type Randomness = (length: number) => Bytes;

const SCALAR_BYTES = 64;

/** The system's generator, by Web Cryptography. */
export const systemRandomness: Randomness = (length) =>
  globalThis.crypto.getRandomValues(new Uint8Array(length));

/** Draw a scalar: 64 bytes, big-endian, mod q, so that the bias is below 2^-250. */
export function drawScalar(group: Group, randomness: Randomness): bigint {
  return numberOfBytes(randomness(SCALAR_BYTES)) % group.q;
}
