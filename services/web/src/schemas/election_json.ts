/** `election.json` of Belenios protocol 1, byte for byte from terms (protocol.md §1, §11 v2). */

import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../crypto/encodings.ts';
import { encodeEntry } from './entries.ts';
import { questionOf, type Terms } from './terms.ts';

/** The two answers of every question; neither = left blank. */
export const ANSWERS = ['Đồng ý', 'Không đồng ý'] as const;
/** What stands before H(terms) in the description of an election. */
export const DESCRIPTION_PREFIX = 'phieukin/terms/1 ';

/** H(terms): SHA-256 of the whole `terms` entry, hex. */
export function termsHash(terms: Terms): string {
  return toHex(sha256(encodeEntry(terms)));
}

/**
 * Write the election object with the election key `publicKey` (Belenios text of an element).
 *
 * One homomorphic question a nomination; field order of belenios-format §3; `administrator` and
 * `credential_authority` are left out.
 */
export function electionJson(terms: Terms, publicKey: string): string {
  // Strings of terms are canonical, so JSON.stringify escapes them as Belenios does.
  return JSON.stringify({
    version: 1,
    description: DESCRIPTION_PREFIX + termsHash(terms),
    name: terms.council.name,
    group: terms.group,
    public_key: publicKey,
    questions: terms.nominations.map((nomination) => ({
      answers: ANSWERS,
      min: 0,
      max: 1,
      question: questionOf(nomination),
    })),
    uuid: terms.uuid,
  });
}
