/** V20: what ties the file to a meeting that people saw (protocol.md §7, §9 v2). */

import { electionCode, readCode, sealCodeOfNote } from '../crypto/codes.ts';
import { asProblem } from './refusals.ts';
import { CheckFailedError, NotApplicableError } from './report.ts';

/** What a record is that nothing ties to a meeting. */
export const UNANCHORED = "consistent, but not shown to be this meeting's";

/**
 * What the reader brought from outside: `code`, an election, seal or receipt code as typed.
 *
 * `strict`: an anchor is required; without `showsCodes` the codes to compare are not computed.
 */
export interface Anchors {
  readonly code?: string | undefined;
  readonly strict?: boolean;
  readonly showsCodes?: boolean;
}

/** What of the input an anchor can match. */
export interface Anchored {
  readonly phi: string | null;
  readonly closingNote: string | null;
  readonly receiptCode: string | null;
}

/** The codes of an input, to be compared with those that were shown in the hall. */
export interface OwnCodes {
  readonly election: string | null;
  readonly seal: string | null;
  readonly receipt: string | null;
}

/** No code was computed. */
export const NO_CODES: OwnCodes = { election: null, seal: null, receipt: null };
const KINDS = ['election', 'seal', 'receipt'] as const;

/**
 * V20: the code that the reader gave matches; without any, not applicable.
 *
 * Under `strict` a missing anchor fails.
 */
export function checkAnchor(anchors: Anchors, codes: OwnCodes): string {
  if (anchors.code !== undefined) {
    return matchCode(anchors.code, codes);
  }
  const own = listed(codes);
  const compare = own === '' ? '' : `; compare ${own} with what was shown there`;
  if (anchors.strict === true) {
    throw new CheckFailedError(UNANCHORED + compare);
  }
  throw new NotApplicableError('no_anchor', UNANCHORED + compare);
}

/**
 * Compute the codes of an input, if anything needs them: about half a second each (protocol.md §11
 * "Code").
 */
export async function ownCodes(anchors: Anchors, anchored: Anchored): Promise<OwnCodes> {
  if (anchors.code === undefined && anchors.showsCodes === false) {
    return NO_CODES;
  }
  return {
    election: anchored.phi === null ? null : await electionCode(anchored.phi),
    seal: await sealCode(anchored.closingNote),
    receipt: anchored.receiptCode,
  };
}

function matchCode(typed: string, own: OwnCodes): string {
  let code: string;
  try {
    code = readCode(typed);
  } catch (error) {
    throw new CheckFailedError(`the code given: ${asProblem(error)}`);
  }
  for (const kind of KINDS) {
    if (own[kind] === code) {
      return `the code given is the ${kind} code ${code}`;
    }
  }
  throw new CheckFailedError(`the code given, ${code}, is not of this election`);
}

function listed(codes: OwnCodes): string {
  const known = KINDS.filter((kind) => codes[kind] !== null);
  return known.map((kind) => `${kind} code ${codes[kind]}`).join(', ');
}

async function sealCode(closingNote: string | null): Promise<string | null> {
  if (closingNote === null) {
    return null;
  }
  try {
    return await sealCodeOfNote(closingNote);
  } catch (error) {
    asProblem(error);
    return null;
  }
}
