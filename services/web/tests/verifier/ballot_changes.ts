/** Ballots altered in one respect, some made whole again: signed anew by their own credential. */

import { encryptBallot } from '../../src/crypto/ballot_encryption.ts';
import {
  type Answer,
  hashOfUnsigned,
  parseBallot,
  signedText,
  unsignedText,
} from '../../src/crypto/ballots.ts';
import { proveKnowledge } from '../../src/crypto/proofs.ts';
import type { BallotEntry } from '../../src/schemas/entries.ts';
import { at } from './record_parts.ts';
import { inOrder, type Voters } from './record_votes.ts';

type Ballots = readonly BallotEntry[];

/** The text with one character exchanged for another of its alphabet. */
export function flipped(text: string, position = 10): string {
  const other = text[position] === 'A' ? 'B' : 'A';
  return text.slice(0, position) + other + text.slice(position + 1);
}

/** The first ballot's text exchanged; its token goes with its credential. */
function replaced(ballots: Ballots, change: (text: string) => string): BallotEntry[] {
  return inOrder(
    ballots.map((each, place) => (place === 0 ? { ...each, ballot: change(each.ballot) } : each)),
  );
}

function withValue(text: string, field: string, value: string): string {
  const start = text.indexOf(`"${field}":"`) + field.length + 4;
  return text.slice(0, start) + value + text.slice(start + 64);
}

/** A digit of the signature's response exchanged. */
export function alteredSignature(ballots: Ballots): BallotEntry[] {
  return replaced(ballots, (text) => {
    const start = text.lastIndexOf('"response":"') + '"response":"'.length;
    const digit = text[start] === '1' ? '2' : '1';
    return text.slice(0, start) + digit + text.slice(start + 1);
  });
}

/** One space where canonical text has none. */
export function withSpaces(ballots: Ballots): BallotEntry[] {
  return replaced(ballots, (text) => text.replace('":"', '": "'));
}

/** The neutral element as an alpha. */
export function neutralAlpha(ballots: Ballots): BallotEntry[] {
  return replaced(ballots, (text) => withValue(text, 'alpha', `${'0'.repeat(63)}1`));
}

/** The point of order 4 whose y is 0, as a beta. */
export function pointOfSmallOrder(ballots: Ballots): BallotEntry[] {
  return replaced(ballots, (text) => withValue(text, 'beta', '0'.repeat(64)));
}

/** One of the ballots twice. */
export function castTwice(ballots: Ballots): BallotEntry[] {
  return inOrder([...ballots.slice(1), at(ballots, 1)]);
}

/** Another valid ballot under a credential that has cast, with its token. */
export function votedAgain(ballots: Ballots, voters: Voters): BallotEntry[] {
  const { election } = voters;
  const first = at(ballots, 0);
  const marks = election.questions.map(() => [0, 1]);
  const seed = new Uint8Array(32).fill(77);
  const ballot = encryptBallot(election, exponentOf(first, voters), marks, seed, 7n);
  return inOrder([...ballots, { ...first, ballot }]);
}

/** One response of one individual proof off by one, under a signature that holds. */
export function alteredProof(ballots: Ballots, voters: Voters): BallotEntry[] {
  const { election } = voters;
  const { group } = election;
  return replaced(ballots, (text) => {
    const ballot = parseBallot(election, text);
    const [first, others] = [at(ballot.answers, 0), ballot.answers.slice(1)];
    const [[left, right], rest] = [at(first.individualProofs, 0), first.individualProofs.slice(1)];
    if (left === undefined || right === undefined) throw new RangeError('no proofs');
    const altered = { ...left, response: group.reduce(left.response + 1n) };
    const answer: Answer = { ...first, individualProofs: [[altered, right], ...rest] };
    const unsigned = unsignedText(election, ballot.credential, [answer, ...others]);
    const digest = hashOfUnsigned(unsigned);
    const exponent = exponentOf(at(ballots, 0), voters);
    return signedText(unsigned, digest, proveKnowledge(group, exponent, 4711n, `sig|${digest}|`));
  });
}

function exponentOf(entry: BallotEntry, { election, exponents }: Voters): bigint {
  const { group } = election;
  const { credential } = parseBallot(election, entry.ballot);
  const texts = group.elementsToTexts(exponents.map((each) => group.powerOfGenerator(each)));
  return at(exponents, texts.indexOf(credential));
}
