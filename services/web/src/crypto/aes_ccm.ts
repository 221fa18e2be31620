/**
 * AES-CCM (RFC 3610), for reading alone: belenios-tool 2.x sealed its messages so.
 *
 * Neither Web Cryptography nor the ciphers that we use have it; we never write it.
 */

import { cbc, ctr } from '@noble/ciphers/aes.js';
import { joinBytes } from './encodings.ts';
import { SignatureError } from './errors.ts';

const BLOCK_BYTES = 16;

/**
 * Open a sealed text without associated data: `nonce` of 13 bytes, hence a length of 2 bytes.
 *
 * Throws SignatureError when the text was changed or the key is another one.
 */
export function openCcm(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  tagBytes: number,
): Uint8Array {
  const lengthBytes = BLOCK_BYTES - 1 - nonce.length;
  const size = sealed.length - tagBytes;
  if (lengthBytes !== 2 || size < 0 || size > 0xffff) {
    throw new SignatureError('a sealed text has an impossible length');
  }
  const counter = joinBytes(Uint8Array.of(lengthBytes - 1), nonce, new Uint8Array(lengthBytes));
  // The tag is masked by the first block of the key stream, the text by those after it.
  const masked = joinBytes(
    sealed.subarray(size),
    new Uint8Array(BLOCK_BYTES - tagBytes),
    sealed.subarray(0, size),
  );
  const clear = ctr(key, counter).decrypt(masked);
  const plaintext = clear.subarray(BLOCK_BYTES);
  const expected = tagOf(key, nonce, plaintext, tagBytes);
  let difference = 0;
  expected.forEach((byte, position) => {
    difference |= byte ^ (clear[position] ?? 0);
  });
  if (difference !== 0) throw new SignatureError('a sealed text was changed');
  return plaintext;
}

function tagOf(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  tagBytes: number,
): Uint8Array {
  const flags = 8 * ((tagBytes - 2) / 2) + 1;
  const length = Uint8Array.of(plaintext.length >> 8, plaintext.length & 0xff);
  const rest = (BLOCK_BYTES - (plaintext.length % BLOCK_BYTES)) % BLOCK_BYTES;
  const blocks = joinBytes(Uint8Array.of(flags), nonce, length, plaintext, new Uint8Array(rest));
  const chain = cbc(key, new Uint8Array(BLOCK_BYTES), { disablePadding: true }).encrypt(blocks);
  return chain.subarray(chain.length - BLOCK_BYTES).subarray(0, tagBytes);
}
