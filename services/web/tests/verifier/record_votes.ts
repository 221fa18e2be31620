/** What the members' phones make of an election: credentials, issuances, tokens and ballots. */

import { encryptBallot } from '../../src/crypto/ballot_encryption.ts';
import { trackerOf } from '../../src/crypto/ballots.ts';
import { beginToken, finishToken, parseTokenKey } from '../../src/crypto/blind_tokens.ts';
import {
  deriveCredentialV24,
  generateSecretCredential,
  publicCredential,
} from '../../src/crypto/credentials.ts';
import { hashOfBlindedMessages, issueMessage } from '../../src/crypto/device_keys.ts';
import type { Election } from '../../src/crypto/elections.ts';
import { compareBytes } from '../../src/crypto/encodings.ts';
import { drawScalar, systemRandomness } from '../../src/crypto/randomness.ts';
import type { BallotEntry, Issuance } from '../../src/schemas/entries.ts';
import {
  at,
  blindSign,
  deviceSignature,
  LATE_MEMBER,
  MARKS,
  ROSTER,
  TOKEN_SPKI,
  UUID,
} from './record_parts.ts';

/** What a test needs to make another ballot of a voter. */
export interface Voters {
  readonly election: Election;
  /** The secret exponents behind the ballots' credentials. */
  readonly exponents: readonly bigint[];
}

/** The seeds of the honest ballots. */
export const SEEDS = MARKS.map((_, member) => new Uint8Array(32).fill(member));

/** What the members' phones make of one election: made once, as it is what takes longest. */
interface Votes {
  readonly exponents: readonly bigint[];
  readonly issuances: readonly Issuance[];
  readonly tokens: readonly string[];
  readonly honest: readonly BallotEntry[];
}

const votes = new Map<string, Votes>();

/** The members' votes in an election. */
export async function votesOf(election: Election): Promise<Votes> {
  const phi = election.fingerprint;
  const made = votes.get(phi) ?? (await takeAndCast(election));
  votes.set(phi, made);
  return made;
}

async function takeAndCast(election: Election): Promise<Votes> {
  const { group, fingerprint: phi } = election;
  const key = await parseTokenKey(TOKEN_SPKI);
  const [exponents, issuances, tokens] = [[] as bigint[], [] as Issuance[], [] as string[]];
  for (let member = 1; member <= LATE_MEMBER; member += 1) {
    const secret = generateSecretCredential(systemRandomness);
    const exponent = deriveCredentialV24(group, UUID, secret);
    const blinding = await beginToken(key, phi, publicCredential(group, exponent));
    exponents.push(exponent);
    issuances.push(issuanceOf(member, phi, hashOfBlindedMessages([blinding.blindedMessage])));
    tokens.push(await finishToken(key, blinding, blindSign(blinding.blindedMessage)));
  }
  const honest = ballotsWith(election, exponents, tokens, SEEDS);
  return { exponents, issuances, tokens, honest };
}

/** The ballots of these marks, each from its seed, in the order of the board. */
export function ballotsWith(
  election: Election,
  exponents: readonly bigint[],
  tokens: readonly string[],
  seeds: readonly Uint8Array[],
): BallotEntry[] {
  const ballots = MARKS.map((marks, place): BallotEntry => {
    const chosen = election.questions.map((_, number) => at(marks, number % marks.length));
    const nonce = drawScalar(election.group, systemRandomness);
    const ballot = encryptBallot(election, at(exponents, place), chosen, at(seeds, place), nonce);
    return { type: 'ballot', ballot, token: [at(tokens, place)] };
  });
  return inOrder(ballots);
}

/** Ascending by tracker, as the board holds them. */
export function inOrder(ballots: readonly BallotEntry[]): BallotEntry[] {
  return [...ballots].sort((left, right) =>
    compareBytes(trackerOf(left.ballot), trackerOf(right.ballot)),
  );
}

function issuanceOf(member: number, phi: string, blindedSha256: string): Issuance {
  const key = ROSTER.members[member - 1]?.key;
  if (key === undefined) throw new RangeError('a member without a key');
  return {
    type: 'issuance',
    member,
    key,
    blinded_sha256: blindedSha256,
    late: member === LATE_MEMBER,
    ...deviceSignature(member, issueMessage(phi, member, blindedSha256)),
  };
}
