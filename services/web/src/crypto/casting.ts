/**
 * The one length and form of all casting requests of an election (protocol.md §5, §11).
 *
 * Decimal scalars have varying length; without padding a ballot could be recognised on the wire.
 */

import { fields, listField, loads, textField } from './belenios_json.ts';
import type { Bytes } from './encodings.ts';
import { bytesOfText, equalBytes, textOfBytes } from './encodings.ts';
import type { Election } from './elections.ts';
import { MalformedError } from './errors.ts';

const ELEMENT_CHARACTERS = { Ed25519: 64, 'BELENIOS-2048': 617 } as const;
const SCALAR_CHARACTERS = { Ed25519: 76, 'BELENIOS-2048': 77 } as const;
const TOKEN = /^[A-Za-z0-9_-]{555}$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const MAX_ISSUERS = 5;

/** What a casting request holds: the exact ballot and a token of each issuer. */
export interface CastingContent {
  readonly ballot: string;
  readonly token: readonly string[];
}

/**
 * Λ: the length in bytes of every casting body of this election (protocol.md §11).
 *
 * Raises MalformedError for questions with an explicit blank, whose extra proof Λ leaves out, and
 * for a number of issuers that no election has.
 */
export function castingLength(election: Election, issuers = 1): number {
  if (!Number.isInteger(issuers) || issuers < 1 || issuers > MAX_ISSUERS) {
    throw new MalformedError('a ballot has a token of one issuer or more, within the limit');
  }
  if (election.questions.some((question) => question.blank)) {
    throw new MalformedError("councils' elections have no explicit blank");
  }
  const element = ELEMENT_CHARACTERS[election.group.name];
  const proof = 38 + 2 * SCALAR_CHARACTERS[election.group.name];
  let length = 789 + election.uuid.length + element + proof + 558 * (issuers - 1);
  for (const question of election.questions) {
    const branches = question.max - question.min + 1;
    length += 60 + question.choices * (35 + 2 * element + 2 * proof) + branches * (proof + 1);
  }
  return length;
}

/**
 * Write `{"ballot":…,"token":[…]}` and pad it with spaces to `length` (protocol.md §11).
 *
 * Raises MalformedError when the parts do not fit or would need escapes of another kind.
 */
export function buildCastingBody(
  ballot: string,
  token: readonly string[],
  length: number,
): Bytes {
  if (!PRINTABLE_ASCII.test(ballot) || ballot.includes('\\')) {
    throw new MalformedError('a ballot is printable ASCII without a backslash');
  }
  if (token.length < 1 || token.length > MAX_ISSUERS || !token.every((text) => TOKEN.test(text))) {
    throw new MalformedError('a token has 555 characters of base64url');
  }
  const escaped = ballot.replaceAll('"', '\\"');
  const tokens = token.map((text) => `"${text}"`).join(',');
  const body = `{"ballot":"${escaped}","token":[${tokens}]}`;
  if (body.length > length) {
    throw new MalformedError('the ballot is longer than any ballot of this election');
  }
  return bytesOfText(body.padEnd(length, ' '));
}

/**
 * Read ballot and tokens from a body of exactly `length` bytes (protocol.md §5, §11).
 *
 * Body and padding are rebuilt from both values and compared byte by byte. Raises MalformedError.
 */
export function parseCastingBody(body: Uint8Array, length: number): CastingContent {
  if (body.length !== length) {
    throw new MalformedError('the request has not the one length of this election');
  }
  const [ballotValue, tokenValue] = fields(loads(textOfBytes(body)), ['ballot', 'token']);
  const [ballot, token] = [textField(ballotValue), listField(tokenValue).map(textField)];
  if (!equalBytes(buildCastingBody(ballot, token, length), body)) {
    throw new MalformedError('the request is not in its canonical form');
  }
  return { ballot, token };
}
