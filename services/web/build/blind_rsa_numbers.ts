/**
 * Gives Cloudflare's blind RSA library the browser's BigInt in place of the number library that it
 * carries along: 13 kB less for every phone, and faster. The protocol's steps stay the library's.
 */
import { join } from 'node:path';
import type { Plugin } from 'vite';

const LIBRARY = '@cloudflare/blindrsa-ts';
const NUMBERS = join(import.meta.dirname, '../src/crypto/blind_rsa_numbers.ts');

export function blindRsaNumbers(): Plugin {
  return {
    name: 'phieukin-blind-rsa-numbers',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source === './sjcl/index.js' && importer?.includes(LIBRARY) === true ? NUMBERS : null,
  };
}
