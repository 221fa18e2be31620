/**
 * Zero-knowledge proofs of Belenios protocol 1 (belenios-format §1, §5.1, §6, §7).
 *
 * Every proof is (challenge, response) with `response = nonce - secret * challenge`, and verifies
 * by `commitment = base^response * public^challenge`. A `prefix` is the transcript up to the
 * commitments, its last separator included. Nonces and simulated values are arguments.
 */

import { fields, textField } from './belenios_json.ts';
import type { Ciphertext } from './elgamal.ts';
import { ProofError } from './errors.ts';
import type { Element, FixedBase, Group } from './groups/index.ts';

/** One challenge and its response, both scalars. */
export interface Proof {
  readonly challenge: bigint;
  readonly response: bigint;
}

/** A claim about a ciphertext, with what only its maker has: the plaintext and r. */
export interface Branch {
  readonly plaintext: number;
  readonly randomness: bigint;
  readonly claimed: number;
}

/** A proof as Belenios writes it: decimal texts. */
export interface ProofTexts {
  readonly challenge: string;
  readonly response: string;
}

/** The JSON value of a proof, its fields in Belenios' order. */
export function proofToJson(proof: Proof): ProofTexts {
  return { challenge: proof.challenge.toString(), response: proof.response.toString() };
}

/** Read `{"challenge","response"}`: 0 <= n < q. Raises MalformedError, ScalarRangeError. */
export function parseProof(group: Group, value: unknown): Proof {
  const [challenge, response] = fields(value, ['challenge', 'response']);
  return {
    challenge: group.scalarFromText(textField(challenge)),
    response: group.scalarFromText(textField(response)),
  };
}

/** Prove the discrete logarithm of g^secret: challenge = H(prefix A), A = g^nonce. */
export function proveKnowledge(
  group: Group,
  secret: bigint,
  nonce: bigint,
  prefix: string,
): Proof {
  const commitment = group.powerOfGenerator(nonce);
  const challenge = group.hashToScalar(prefix + group.elementToText(commitment));
  return { challenge, response: group.reduce(nonce - secret * challenge) };
}

/** Check a proof of `proveKnowledge` for the public element. Raises ProofError. */
export function verifyKnowledge(
  group: Group,
  publicElement: Element,
  proof: Proof,
  prefix: string,
): void {
  const commitment = group.multiply(
    group.powerOfGenerator(proof.response),
    group.power(publicElement, proof.challenge),
  );
  if (group.hashToScalar(prefix + group.elementToText(commitment)) !== proof.challenge) {
    throw new ProofError('a proof of knowledge does not hold');
  }
}

/** Prove that g^secret and base^secret have the same logarithm (Chaum-Pedersen; §7). */
export function proveEquality(
  group: Group,
  base: Element,
  secret: bigint,
  nonce: bigint,
  prefix: string,
): Proof {
  const commitments = group.elementsToTexts([
    group.powerOfGenerator(nonce),
    group.power(base, nonce),
  ]);
  const challenge = group.hashToScalar(prefix + commitments.join(','));
  return { challenge, response: group.reduce(nonce - secret * challenge) };
}

/** Check that log_g(publicBase) = log_base(image). Raises ProofError. */
export function verifyEquality(
  group: Group,
  base: Element,
  publicBase: FixedBase,
  image: Element,
  proof: Proof,
  prefix: string,
): void {
  const { challenge, response } = proof;
  const commitments = group.elementsToTexts([
    group.multiply(group.powerOfGenerator(response), publicBase.power(challenge)),
    group.multiply(group.power(base, response), group.power(image, challenge)),
  ]);
  if (group.hashToScalar(prefix + commitments.join(',')) !== challenge) {
    throw new ProofError('a proof of equal logarithms does not hold');
  }
}

/**
 * Prove that one of the branches is true (iprove and the blank proofs of belenios-format §6).
 *
 * `nonce` is for the first true branch, `simulated` holds challenge and response of all others.
 * Since the prover knows r, the commitments of simulated branches are powers of fixed bases:
 * g^z alpha^c = g^(z + rc) and y^z (beta/g^M)^c = y^(z + rc) g^((m - M) c).
 */
export function proveDisjunction(
  group: Group,
  key: FixedBase,
  prefix: string,
  branches: readonly Branch[],
  nonce: bigint,
  simulated: ReadonlyMap<number, Proof>,
): Proof[] {
  const trueBranch = firstTrueBranch(branches);
  const commitments: Element[] = [];
  let challenges = 0n;
  branches.forEach((branch, number) => {
    if (number === trueBranch) {
      commitments.push(group.powerOfGenerator(nonce), key.power(nonce));
      return;
    }
    const proof = simulatedProof(simulated, number);
    challenges += proof.challenge;
    const exponent = proof.response + branch.randomness * proof.challenge;
    const offset = BigInt(branch.plaintext - branch.claimed) * proof.challenge;
    let second = key.power(exponent);
    if (offset !== 0n) second = group.multiply(second, group.powerOfGenerator(offset));
    commitments.push(group.powerOfGenerator(exponent), second);
  });
  const total = group.hashToScalar(prefix + group.elementsToTexts(commitments).join(','));
  const challenge = group.reduce(total - challenges);
  const response = group.reduce(nonce - branchAt(branches, trueBranch).randomness * challenge);
  return branches.map((_, number) =>
    number === trueBranch ? { challenge, response } : simulatedProof(simulated, number),
  );
}

/** The place of the first branch whose claim is true; the maker sees to it that there is one. */
export function firstTrueBranch(branches: readonly Branch[]): number {
  const place = branches.findIndex((branch) => branch.plaintext === branch.claimed);
  if (place < 0) throw new RangeError('no branch of the disjunction is true');
  return place;
}

/** Recompute A_j = g^z alpha^c and B_j = y^z (beta/g^M)^c of all branches, as text (§6). */
export function disjunctionCommitments(
  group: Group,
  key: FixedBase,
  ciphertext: Ciphertext,
  plaintexts: readonly number[],
  proofs: readonly Proof[],
): string {
  if (proofs.length !== plaintexts.length) {
    throw new ProofError('a disjunction has one proof a branch');
  }
  const [alpha, beta] = [group.fewPowers(ciphertext.alpha), group.fewPowers(ciphertext.beta)];
  const commitments: Element[] = [];
  proofs.forEach(({ challenge, response }, number) => {
    const first = group.multiply(group.powerOfGenerator(response), alpha.power(challenge));
    let second = group.multiply(key.power(response), beta.power(challenge));
    const claimed = plaintexts[number] ?? 0;
    // (beta/g^M)^c = beta^c g^(-Mc): both are powers of prepared bases.
    if (claimed !== 0) {
      second = group.multiply(second, group.powerOfGenerator(-BigInt(claimed) * challenge));
    }
    commitments.push(first, second);
  });
  return group.elementsToTexts(commitments).join(',');
}

/** Check that a ciphertext encrypts one of `plaintexts` (§6). Raises ProofError. */
export function verifyDisjunction(
  group: Group,
  key: FixedBase,
  prefix: string,
  ciphertext: Ciphertext,
  plaintexts: readonly number[],
  proofs: readonly Proof[],
): void {
  const commitments = disjunctionCommitments(group, key, ciphertext, plaintexts, proofs);
  checkChallenges(group, prefix + commitments, proofs);
}

/** Check that the challenges of all branches add up to the hash. Raises ProofError. */
export function checkChallenges(
  group: Group,
  transcript: string,
  proofs: readonly Proof[],
): void {
  const sum = proofs.reduce((total, proof) => total + proof.challenge, 0n);
  if (group.reduce(sum) !== group.hashToScalar(transcript)) {
    throw new ProofError('a disjunctive proof does not hold');
  }
}

function simulatedProof(simulated: ReadonlyMap<number, Proof>, number: number): Proof {
  const proof = simulated.get(number);
  if (proof === undefined) throw new RangeError('a simulated branch has no proof');
  return proof;
}

function branchAt(branches: readonly Branch[], number: number): Branch {
  const branch = branches[number];
  if (branch === undefined) throw new RangeError('no such branch');
  return branch;
}
