import { describe, expect, it } from 'vitest';

import {
  ciphertextTextsOf,
  parseBallot,
  parseBallotForm,
  smartTracker,
  verifyBallot,
  verifyBallotProofs,
  verifyBallotSignature,
} from '../../src/crypto/ballots.ts';
import {
  encryptBallot,
  encryptChoices,
  prepareEncryption,
} from '../../src/crypto/ballot_encryption.ts';
import { receiptValue } from '../../src/crypto/codes.ts';
import { electionToText, parseElection } from '../../src/crypto/elections.ts';
import { fromHex, toHex } from '../../src/crypto/encodings.ts';
import { GROUPS } from '../../src/crypto/groups/index.ts';
import { drawScalar, systemRandomness } from '../../src/crypto/randomness.ts';
import { agreeElection } from './sample_elections.ts';
import { runVectors } from './vector_file.ts';

interface MarkedInput {
  election: string;
  marks: number[][];
  seed: string;
}

runVectors('ballots.json', {
  parse_election: (given: { election: string }) => {
    const election = parseElection(given.election);
    expect(electionToText(election)).toBe(given.election);
    const choices = election.questions.map((question) => question.choices);
    return { phi: election.fingerprint, choices };
  },
  encrypt_ballot: (given: MarkedInput & { exponent: string; signature_nonce: string }) => {
    const election = parseElection(given.election);
    const seed = fromHex(given.seed);
    const nonce = BigInt(given.signature_nonce);
    return { ballot: encryptBallot(election, BigInt(given.exponent), given.marks, seed, nonce) };
  },
  encrypt_choices: (given: MarkedInput) => {
    const election = parseElection(given.election);
    const ciphertexts = encryptChoices(election, given.marks, fromHex(given.seed));
    const value = receiptValue(election.fingerprint, ciphertexts);
    return { ciphertexts, receipt_value: toHex(value) };
  },
  verify_ballot: (given: { election: string; ballot: string }) => {
    const election = parseElection(given.election);
    const ballot = parseBallot(election, given.ballot);
    verifyBallotProofs(election, ballot);
    verifyBallotSignature(election, ballot);
    return { credential: ballot.credential, tracker: toHex(ballot.tracker) };
  },
});

describe.each(GROUPS)('a ballot in $name', (group) => {
  const election = agreeElection(group, 3);
  const exponent = drawScalar(group, systemRandomness);
  const marks = [[1, 0], [0, 1], [0, 0]];
  const seed = systemRandomness(32);
  const nonce = drawScalar(group, systemRandomness);

  it('holds, and says the receipt code that was shown before the choice', () => {
    const progress: [number, number][] = [];
    const text = encryptBallot(election, exponent, marks, seed, nonce, (done, total) => {
      progress.push([done, total]);
    });
    const ballot = verifyBallot(election, text);
    expect(progress).toEqual([[1, 3], [2, 3], [3, 3]]);
    expect(ballot.ciphertextTexts).toEqual(encryptChoices(election, marks, seed));
    const form = parseBallotForm(election, text);
    expect(ciphertextTextsOf(form)).toEqual(ballot.ciphertextTexts);
    expect(smartTracker(ballot.tracker)).toHaveLength(43);
  });

  it('may be prepared for: one seed is drawn and nothing is kept', () => {
    const drawn: number[] = [];
    prepareEncryption(election, (length) => {
      drawn.push(length);
      return systemRandomness(length);
    });
    expect(drawn).toEqual([32]);
  });

  it('shows a test on a second device that its marks were changed', () => {
    const honest = encryptChoices(election, marks, seed);
    expect(encryptChoices(election, [[0, 1], [0, 1], [0, 0]], seed)).not.toEqual(honest);
  });

  it('is refused after any single character of its proofs changed', () => {
    const text = encryptBallot(election, exponent, marks, seed, nonce);
    const place = text.indexOf('"response":"') + '"response":"'.length + 4;
    const digit = text[place] === '1' ? '2' : '1';
    const changed = `${text.slice(0, place)}${digit}${text.slice(place + 1)}`;
    expect(() => verifyBallot(election, changed)).toThrow(
      expect.objectContaining({ name: 'ProofError' }),
    );
  });

  it('shares nothing between two seeds', () => {
    const [one, other] = [seed, systemRandomness(32)].map((each) =>
      encryptChoices(election, marks, each).flat(),
    );
    expect(one?.filter((text) => other?.includes(text))).toEqual([]);
  });
});
