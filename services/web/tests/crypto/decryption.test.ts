import { invert } from '@noble/curves/abstract/modular.js';
import { describe, expect, it } from 'vitest';

import { dumps, loads } from '../../src/crypto/belenios_json.ts';
import {
  combine,
  decryptPartially,
  parseSecondProof,
  secondProofTranscript,
  type Statement,
  verifyBeleniosProofs,
  verifyPartialDecryption,
  verifyPartialDecryptionsAgree,
} from '../../src/crypto/decryption.ts';
import { Election } from '../../src/crypto/elections.ts';
import { encrypt } from '../../src/crypto/elgamal.ts';
import { toHex } from '../../src/crypto/encodings.ts';
import { MalformedError, PartialDecryptionError, ThresholdError }
  from '../../src/crypto/errors.ts';
import { ED25519, GROUPS } from '../../src/crypto/groups/index.ts';
import { proofToJson, proveEquality } from '../../src/crypto/proofs.ts';
import { systemRandomness } from '../../src/crypto/randomness.ts';
import { type Factors, openTally, parseResult, resultToText }
  from '../../src/crypto/tally.ts';
import { confirm, openSum } from '../../src/crypto/trustee_device.ts';
import { openedSumFromText, openedSumToText } from '../../src/crypto/trustee_state.ts';
import {
  at,
  BOARD_ROOT,
  closeElection,
  type ClosedElection,
  ELECTION_ROOT,
  holdCeremony,
  statementOf,
} from './counting_team.ts';

const MARKS = [
  [[1, 0], [0, 0]],
  [[1, 0], [1, 0]],
  [[0, 1], [0, 0]],
];
const RESULT = '{"result":[[2,1],[1,0]]}';
const closed = closeElection(ED25519, holdCeremony(ED25519, 3, 2), MARKS);
const statement = statementOf(closed, 1);
const secret = secretOf(closed, 1);
const made = decryptPartially(statement, secret, systemRandomness);
const other = decryptPartially(statementOf(closed, 2), secretOf(closed, 2), systemRandomness);

function secretOf({ states }: ClosedElection, index: number): bigint {
  return at(states, index - 1).decryptionKey ?? 0n;
}

function factorsOf(election: ClosedElection, ...trustees: number[]): Map<number, Factors> {
  return new Map(
    trustees.map((trustee) => {
      const own = statementOf(election, trustee);
      const { text, secondProof } = decryptPartially(
        own,
        secretOf(election, trustee),
        systemRandomness,
      );
      return [trustee, verifyPartialDecryption(own, text, secondProof)];
    }),
  );
}

function expectRefused(about: Statement, text: string, proof = made.secondProof): void {
  const verify = (): unknown => verifyPartialDecryption(about, text, proof);
  expect(verify).toThrow(PartialDecryptionError);
  expect(verify).toThrow(expect.objectContaining({ trustee: about.trustee }));
}

describe.each(GROUPS)('a sum in $name', (group) => {
  it('is opened by any two of three', () => {
    const election = closeElection(group, holdCeremony(group, 3, 2), MARKS);
    for (const trustees of [[1, 2], [1, 3], [3, 2], [1, 2, 3]]) {
      const factors = factorsOf(election, ...trustees);
      verifyPartialDecryptionsAgree(group, 2, factors);
      const opened = openTally(group, election.tally, combine(group, 2, factors), MARKS.length);
      expect(resultToText(opened)).toBe(RESULT);
    }
  });
});

describe('any t of n trustees', () => {
  it.each([[1, 1], [2, 2], [4, 3], [5, 3]])('of %i, %i open the same sum', (size, threshold) => {
    const election = closeElection(ED25519, holdCeremony(ED25519, size, threshold), MARKS);
    const all = Array.from({ length: size }, (_, place) => place + 1);
    const factors = factorsOf(election, ...all);
    verifyPartialDecryptionsAgree(ED25519, threshold, factors);
    for (let first = 0; first <= size - threshold; first += 1) {
      const some = new Map([...factors].slice(first, first + threshold));
      const combined = combine(ED25519, threshold, some);
      const opened = openTally(ED25519, election.tally, combined, MARKS.length);
      expect(resultToText(opened)).toBe(RESULT);
    }
  });
});

describe('the second proof', () => {
  it('is over the whole statement, in the words of the protocol', () => {
    const [first, commitments] = [ED25519.powerOfGenerator(2n), [ED25519.powerOfGenerator(3n)]];
    const factors = closed.tally.map((row) => row.map(() => ED25519.powerOfGenerator(4n)));
    const text = (exponent: bigint): string =>
      ED25519.elementToText(ED25519.powerOfGenerator(exponent));
    const parts = closed.tally.flat().map((each) => {
      const [alpha, beta] = ED25519.elementsToTexts([each.alpha, each.beta]);
      return `${alpha},${beta},${text(4n)}`;
    });
    expect(secondProofTranscript(statement, factors, first, commitments)).toBe(
      `phieukin/decrypt/1|Ed25519|${closed.election.fingerprint}|${toHex(BOARD_ROOT)}|1|` +
        `${ED25519.elementToText(statement.publicKey)}|4|${parts.join('|')}|` +
        `${text(2n)}|${text(3n)}`,
    );
  });

  it('is needed, unaltered', () => {
    const { challenge, response } = made.secondProof;
    expect(() => verifyPartialDecryption(statement, made.text, null)).toThrow('missing');
    for (const proof of [
      { challenge: challenge ^ 1n, response },
      { challenge, response: response ^ 1n },
      { challenge, response: response + ED25519.q },
      { challenge: challenge - ED25519.q, response },
      other.secondProof,
    ]) {
      expectRefused(statement, made.text, proof);
    }
  });

  it('is of this trustee, board and sum', () => {
    expectRefused({ ...statement, trustee: 2 }, made.text);
    expectRefused({ ...statement, boardRoot: new Uint8Array(32) }, made.text);
    const [first, ...rest] = at(closed.tally, 0);
    if (first === undefined) throw new Error('no sum');
    const beta = ED25519.multiply(first.beta, ED25519.generator);
    const tally = [[{ ...first, beta }, ...rest], ...closed.tally.slice(1)];
    expectRefused({ ...statement, tally }, made.text);
  });

  it("stops a false factor that Belenios' own proof lets through", () => {
    // With alpha chosen after commitment and challenge, alpha^r factor^c = B has a solution for a
    // false factor, since neither stands in Belenios' challenge.
    const key = ED25519.elementToText(statement.publicKey);
    const prefix = `decrypt|${closed.election.fingerprint}|${key}|`;
    const [nonce, chosen] = [11n, ED25519.powerOfGenerator(13n)];
    const commitments = ED25519.elementsToTexts([ED25519.powerOfGenerator(nonce), chosen]);
    const challenge = ED25519.hashToScalar(prefix + commitments.join(','));
    const response = ED25519.reduce(nonce - secret * challenge);
    const alpha = ED25519.powerOfGenerator(17n);
    const quotient = ED25519.divide(chosen, ED25519.power(alpha, response));
    const factor = ED25519.power(quotient, invert(challenge, ED25519.q));
    expect(ED25519.equals(factor, ED25519.power(alpha, secret))).toBe(false);
    const { text, fingerprint: _, ...content } = closed.election;
    const election = new Election(text, {
      ...content,
      questions: closed.election.questions.slice(0, 1),
    });
    const honest = proveEquality(ED25519, alpha, secret, 19n, prefix);
    const tally = [[{ alpha, beta: alpha }, { alpha, beta: alpha }]];
    const partial = dumps({
      decryption_factors: [
        [ED25519.elementToText(factor), ED25519.elementToText(ED25519.power(alpha, secret))],
      ],
      decryption_proofs: [[proofToJson({ challenge, response }), proofToJson(honest)]],
    });
    verifyBeleniosProofs(election, tally, 1, statement.publicKey, partial);
    const forged = { ...statement, election, tally };
    const { secondProof } = decryptPartially(forged, secret, systemRandomness);
    expectRefused(forged, partial, secondProof);
  });

  it('is read from two decimal texts', () => {
    const { challenge, response } = proofToJson(made.secondProof);
    expect(parseSecondProof(ED25519, challenge, response)).toEqual(made.secondProof);
    expect(() => parseSecondProof(ED25519, `0${challenge}`, response)).toThrow(MalformedError);
    expect(() => parseSecondProof(ED25519, challenge, ED25519.q.toString())).toThrow(
      expect.objectContaining({ name: 'ScalarRangeError' }),
    );
  });
});

describe('a partial decryption', () => {
  const value = loads(made.text) as { decryption_factors: string[][]; decryption_proofs: object };
  const rows = value.decryption_factors;

  it.each([
    '',
    '[]',
    dumps({ ...value, more: 1 }),
    dumps({ ...value, decryption_factors: rows.slice(0, 1) }),
    dumps({ ...value, decryption_factors: [at(rows, 0).slice(0, 1), at(rows, 1)] }),
    dumps({ ...value, decryption_factors: [['00'.repeat(32), at(rows, 0)[1]], at(rows, 1)] }),
    dumps({ ...value, decryption_factors: [...rows].reverse() }),
    dumps({ ...value, decryption_proofs: [] }),
    `${made.text} `,
    made.text.replace('"response":"', '"response":"0'),
    made.text.replace('"challenge":"', '"challenge":"9'),
    other.text,
  ])("is refused in its sender's name: %.60s", (text) => {
    expectRefused(statement, text);
  });

  it('is made with the own key only, every nonce drawn anew', () => {
    expect(() => decryptPartially(statement, secret + 1n, systemRandomness)).toThrow('not that of');
    const drawn: string[] = [];
    const progress: [number, number][] = [];
    const random = (length: number): ReturnType<typeof systemRandomness> => {
      const bytes = systemRandomness(length);
      drawn.push(toHex(bytes));
      return bytes;
    };
    decryptPartially(statement, secret, random, (done, total) => progress.push([done, total]));
    expect(drawn).toHaveLength(5);
    expect(new Set(drawn).size).toBe(5);
    expect(progress[progress.length - 1]).toEqual([4, 4]);
  });
});

describe('a set of partial decryptions', () => {
  it('is named when it disagrees, or is too small', () => {
    const factors = factorsOf(closed, 1, 2, 3);
    const twisted = new Map(factors).set(3, factors.get(1) ?? []);
    expect(() => {
      verifyPartialDecryptionsAgree(ED25519, 2, twisted);
    }).toThrow(expect.objectContaining({ name: 'ThresholdError', trustees: [1, 2, 3] }));
    const alone = new Map([...factors].slice(2));
    for (const use of [verifyPartialDecryptionsAgree, combine]) {
      expect(() => use(ED25519, 2, alone)).toThrow(ThresholdError);
      expect(() => use(ED25519, 2, alone)).toThrow(expect.objectContaining({ trustees: [3] }));
    }
  });
});

describe('a device', () => {
  const state = confirm(
    at(closed.states, 0),
    closed.ceremony,
    closed.election,
    ELECTION_ROOT,
    systemRandomness,
  );

  it('opens one sum an election, and afterwards repeats the same bytes', () => {
    const opened = openSum(state, null, statement, ELECTION_ROOT, systemRandomness);
    const stored = openedSumFromText(openedSumToText(opened));
    expect(stored).toEqual(opened);
    expect(openSum(state, stored, statement, ELECTION_ROOT, systemRandomness)).toBe(stored);
    const { challenge, response } = opened;
    const proof = parseSecondProof(ED25519, challenge, response);
    verifyPartialDecryption(statement, opened.partialDecryption, proof);
    const elsewhere = { ...statement, boardRoot: new Uint8Array(32) };
    expect(() => openSum(state, stored, elsewhere, ELECTION_ROOT, systemRandomness)).toThrow(
      'another board',
    );
  });

  it('opens nothing that it has not confirmed, and nothing as somebody else', () => {
    const unconfirmed = at(closed.states, 0);
    for (const [own, about, root] of [
      [unconfirmed, statement, ELECTION_ROOT],
      [state, statementOf(closed, 2), ELECTION_ROOT],
      [state, statement, new Uint8Array(32)],
    ] as const) {
      expect(() => openSum(own, null, about, root, systemRandomness)).toThrow('not confirmed');
    }
    expect(() => openedSumFromText('{}')).toThrow(MalformedError);
  });
});

describe('counts', () => {
  it.each([[0, 0], [1, 1], [99, 99], [500, 499], [1_000_000, 999_983]])(
    'up to %i are found, %i among them, and none above',
    (total, count) => {
      const key = ED25519.fixedBase(ED25519.powerOfGenerator(7n));
      const tally = [[encrypt(ED25519, key, count, 5n)]];
      const factors = [[ED25519.power(at(at(tally, 0), 0).alpha, 7n)]];
      expect(openTally(ED25519, tally, factors, total)).toEqual([[count]]);
      if (count > 0) {
        expect(() => openTally(ED25519, tally, factors, count - 1)).toThrow('possible count');
      }
    },
  );

  it.each([-1, 2 ** 40 + 1, 1.5, NaN])('are not of a total of %d', (total) => {
    expect(() => openTally(ED25519, [], [], total)).toThrow(MalformedError);
  });

  it('have the shape of their election and one text', () => {
    expect(parseResult(closed.election, RESULT)).toEqual([[2, 1], [1, 0]]);
    for (const text of [
      '{"result":[[2,1]]}',
      '{"result":[[2,1],[1]]}',
      '{"result":[[2,1],[1,-1]]}',
      '{"result":[[2,1],[1,"0"]]}',
      '{"result":[[2,1],[1,0]],"more":1}',
      '{"result":[[2, 1],[1,0]]}',
      '{"result":[[2,1],[1,0.0]]}',
      '[]',
    ]) {
      expect(() => parseResult(closed.election, text), text).toThrow(MalformedError);
    }
  });
});
