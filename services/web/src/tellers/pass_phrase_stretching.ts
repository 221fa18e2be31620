/** Argon2id (RFC 9106) as the tellers' pass-phrases use it: 32 bytes, in the calling thread. */
import { argon2id } from '@noble/hashes/argon2.js';

import type { Stretching } from './share_lock.ts';

const SECRET_BYTES = 32;

/** Takes up to some seconds and `memoryKib` of memory. */
export function stretchHere(asked: Stretching): Uint8Array<ArrayBuffer> {
  const { passPhrase, salt, memoryKib, passes, lanes } = asked;
  const options = { m: memoryKib, t: passes, p: lanes, dkLen: SECRET_BYTES };
  return Uint8Array.from(argon2id(new TextEncoder().encode(passPhrase), salt, options));
}
