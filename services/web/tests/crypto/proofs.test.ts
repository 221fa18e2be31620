import { describe, expect, it } from 'vitest';

import { type Ciphertext, encrypt, multiplyCiphertexts } from '../../src/crypto/elgamal.ts';
import { type Group, GROUPS } from '../../src/crypto/groups/index.ts';
import {
  disjunctionCommitments,
  firstTrueBranch,
  parseProof,
  type Proof,
  proofToJson,
  proveDisjunction,
  proveEquality,
  proveKnowledge,
  verifyDisjunction,
  verifyEquality,
  verifyKnowledge,
} from '../../src/crypto/proofs.ts';

const [SECRET, NONCE] = [1234567n, 7654321n];
const proofError = expect.objectContaining({ name: 'ProofError' });
const CHANGES: readonly ((proof: Proof, q: bigint) => Proof)[] = [
  ({ challenge, response }, q) => ({ challenge: (challenge + 1n) % q, response }),
  ({ challenge, response }, q) => ({ challenge, response: (response + 1n) % q }),
  ({ challenge, response }) => ({ challenge: response, response: challenge }),
  () => ({ challenge: 0n, response: 0n }),
];

function textsOf(group: Group, { alpha, beta }: Ciphertext): string[] {
  return group.elementsToTexts([alpha, beta]);
}

interface Disjunction {
  readonly key: Parameters<typeof verifyDisjunction>[1];
  readonly prefix: string;
  readonly ciphertext: Ciphertext;
  readonly plaintexts: readonly number[];
  readonly proofs: readonly Proof[];
}

function makeDisjunction(group: Group, plaintext: number, plaintexts: number[]): Disjunction {
  const key = group.fixedBase(group.powerOfGenerator(SECRET));
  const branches = plaintexts.map((claimed) => ({ plaintext, randomness: 55n, claimed }));
  const simulated = new Map<number, Proof>();
  branches.forEach((_, number) => {
    if (number === firstTrueBranch(branches)) return;
    simulated.set(number, { challenge: 1000n + BigInt(number), response: 2000n });
  });
  const prefix = 'prove|S|';
  const proofs = proveDisjunction(group, key, prefix, branches, NONCE, simulated);
  return { key, prefix, ciphertext: encrypt(group, key, plaintext, 55n), plaintexts, proofs };
}

function verify(group: Group, given: Disjunction): void {
  const { key, prefix, ciphertext, plaintexts, proofs } = given;
  verifyDisjunction(group, key, prefix, ciphertext, plaintexts, proofs);
}

describe.each(GROUPS)('in $name', (group) => {
  const key = group.fixedBase(group.powerOfGenerator(SECRET));
  const g = (exponent: bigint) => group.powerOfGenerator(exponent);

  it('products of ciphertexts encrypt sums', () => {
    const [one, two] = [encrypt(group, key, 1, 5n), encrypt(group, key, 2, 6n)];
    const expected = { alpha: g(5n), beta: g(5n * SECRET + 1n) };
    expect(textsOf(group, one)).toEqual(textsOf(group, expected));
    const three = encrypt(group, key, 3, 11n);
    const product = multiplyCiphertexts(group, [one, two]);
    expect(textsOf(group, product)).toEqual(textsOf(group, three));
    const none = multiplyCiphertexts(group, []);
    expect(group.isIdentity(none.alpha) && group.isIdentity(none.beta)).toBe(true);
  });

  it('knowledge is proved of one element and transcript', () => {
    const proof = proveKnowledge(group, SECRET, NONCE, 'pok|');
    verifyKnowledge(group, g(SECRET), proof, 'pok|');
    for (const change of CHANGES) {
      const wrong = change(proof, group.q);
      expect(() => verifyKnowledge(group, g(SECRET), wrong, 'pok|')).toThrow(proofError);
    }
    expect(() => verifyKnowledge(group, g(SECRET), proof, 'sig|')).toThrow(proofError);
    expect(() => verifyKnowledge(group, g(SECRET + 1n), proof, 'pok|')).toThrow(proofError);
  });

  it('equality is proved of one exponent of both bases', () => {
    const base = g(99n);
    const image = group.power(base, SECRET);
    const proof = proveEquality(group, base, SECRET, NONCE, 'decrypt|');
    verifyEquality(group, base, key, image, proof, 'decrypt|');
    for (const change of CHANGES) {
      const wrong = change(proof, group.q);
      expect(() => verifyEquality(group, base, key, image, wrong, 'decrypt|')).toThrow(proofError);
    }
    for (const [otherBase, otherImage] of [[image, image], [base, base]] as const) {
      const judge = () => verifyEquality(group, otherBase, key, otherImage, proof, 'decrypt|');
      expect(judge).toThrow(proofError);
    }
  });

  it.each([0, 1, 3])('%s of four plaintexts is proved, and every change is seen', (plaintext) => {
    const good = makeDisjunction(group, plaintext, [0, 1, 2, 3]);
    verify(group, good);
    for (let place = 0; place < 4; place += 1) {
      for (const change of CHANGES) {
        const proofs = good.proofs.map((proof, at) =>
          at === place ? change(proof, group.q) : proof,
        );
        expect(() => verify(group, { ...good, proofs })).toThrow(proofError);
      }
    }
    const { alpha, beta } = good.ciphertext;
    const changes: Partial<Disjunction>[] = [
      { prefix: 'prove|T|' },
      { plaintexts: [0, 1, 2, 4] },
      { plaintexts: [3, 2, 1, 0] },
      { proofs: good.proofs.slice(0, 3) },
      { ciphertext: encrypt(group, key, plaintext, 56n) },
      { ciphertext: { alpha: beta, beta: alpha } },
      { key: group.fixedBase(group.generator) },
    ];
    for (const change of changes) {
      expect(() => verify(group, { ...good, ...change })).toThrow(proofError);
    }
  });

  it('nothing is proved of a plaintext outside of the set', () => {
    const outside = [0, 1].map((claimed) => ({ plaintext: 2, randomness: 55n, claimed }));
    expect(() => firstTrueBranch(outside)).toThrow(RangeError);
    const good = makeDisjunction(group, 1, [0, 1]);
    const two = encrypt(group, key, 2, 55n);
    expect(() => verify(group, { ...good, ciphertext: two })).toThrow(proofError);
  });

  it('a verifier finds g^z alpha^c and y^z (beta/g^M)^c', () => {
    const ciphertext = encrypt(group, key, 1, 55n);
    const proof = { challenge: 7n, response: 11n };
    const text = disjunctionCommitments(group, key, ciphertext, [3], [proof]);
    const exponent = 11n + 55n * 7n;
    const expected = [g(exponent), g(SECRET * exponent + (1n - 3n) * 7n)];
    expect(text).toBe(group.elementsToTexts(expected).join(','));
  });

  it('a proof is two decimal strings in the range of scalars', () => {
    const value = { challenge: '3', response: (group.q - 1n).toString() };
    const proof = parseProof(group, value);
    expect(proof).toEqual({ challenge: 3n, response: group.q - 1n });
    expect(proofToJson(proof)).toEqual(value);
    expect(() => parseProof(group, { ...value, response: group.q.toString() })).toThrow(
      expect.objectContaining({ name: 'ScalarRangeError' }),
    );
    const more = { ...value, nonce: '1' };
    for (const wrong of [{ challenge: '3' }, more, { ...value, challenge: 3 }, null]) {
      expect(() => parseProof(group, wrong)).toThrow(
        expect.objectContaining({ name: 'MalformedError' }),
      );
    }
  });
});
