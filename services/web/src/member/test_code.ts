/**
 * What the QR of a throw-away ballot holds (protocol.md §6): the election by uuid and phi, seed and
 * marks; no credential, no token, no signature, no receipt code.
 */
import type { OpenedTest } from './ballot_desk.ts';
import { marksOfDigits, marksToDigits } from './marks.ts';

const LABEL = 'phieukin/test/1';
const UUID = '[1-9A-HJ-NP-Za-km-z]{14,64}';
const FORM = new RegExp(
  `^${LABEL} (${UUID}) ([A-Za-z0-9+/]{43}) ([A-Za-z0-9_-]{43}) ([012]{1,1000})$`,
);

/** Write a test ballot as one line of ASCII. */
export function testToText({ uuid, phi, seed, marks }: OpenedTest): string {
  return [LABEL, uuid, phi, seed, marksToDigits(marks)].join(' ');
}

/** Read `testToText`; null for anything else. */
export function testOfText(text: string): OpenedTest | null {
  const [, uuid, phi, seed, digits] = FORM.exec(text.trim()) ?? [];
  if (uuid === undefined || phi === undefined || seed === undefined || digits === undefined) {
    return null;
  }
  const marks = marksOfDigits(digits);
  return marks === null ? null : { uuid, phi, seed, marks };
}
