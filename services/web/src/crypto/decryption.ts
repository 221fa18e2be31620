/**
 * Partial decryptions of the sum with both proofs, their check, their combination.
 *
 * belenios-format §7 and the second proof of protocol.md §3 v2. Belenios leaves ciphertext and
 * factor out of its challenge, so that whoever chooses a ciphertext late can prove a false factor:
 * without the second proof a partial decryption does not count.
 */

import { invert } from '@noble/curves/abstract/modular.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { dumps, fields, listField, loads, textField } from './belenios_json.ts';
import type { Election } from './elections.ts';
import { bytesOfText, numberOfBytes, toHex } from './encodings.ts';
import {
  CryptoError,
  MalformedError,
  PartialDecryptionError,
  ProofError,
  ThresholdError,
} from './errors.ts';
import type { Element, Group } from './groups/index.ts';
import { parseProof, type Proof, proofToJson, proveEquality, verifyEquality } from './proofs.ts';
import { drawScalar, type Randomness } from './randomness.ts';
import { type EncryptedTally, type Factors, pairRows, zip } from './tally.ts';
import type { Trustees } from './trustees.ts';

const SECOND_PROOF_LABEL = 'phieukin/decrypt/1';

/** A trustee's factors and its Belenios proofs, of the shape of the tally; unverified. */
export interface PartialDecryption {
  readonly factors: Factors;
  readonly proofs: readonly (readonly Proof[])[];
}

/**
 * What the second proof of a trustee is about (protocol.md §3).
 *
 * `tally` is the verifier's own product; `boardRoot` is the root of the closing checkpoint;
 * `trustee` is its index from 1, `publicKey` its X, recomputed from the commitments.
 */
export interface Statement {
  readonly election: Election;
  readonly tally: EncryptedTally;
  readonly boardRoot: Uint8Array;
  readonly trustee: number;
  readonly publicKey: Element;
}

/** What a trustee publishes: the exact bytes of the `partial_decryption`, the second proof. */
export interface DecryptedPartially {
  readonly text: string;
  readonly secondProof: Proof;
}

/** Told how many of how many steps are done. */
export type OnProgress = (done: number, total: number) => void;

/**
 * Compute a trustee's factors with both proofs (belenios-format §7; protocol.md §3).
 *
 * `secret` is the trustee's key share. Every nonce is drawn anew; a device stores the answer
 * before it sends it and afterwards only repeats it: see `openSum` of `trustee_device`. Throws
 * MalformedError when the key is not the statement's.
 */
export function decryptPartially(
  statement: Statement,
  secret: bigint,
  randomness: Randomness,
  onProgress?: OnProgress,
): DecryptedPartially {
  const { election, tally, publicKey } = statement;
  const { group } = election;
  if (!group.equals(group.powerOfGenerator(secret), publicKey)) {
    throw new MalformedError('the key share is not that of this trustee');
  }
  const prefix = beleniosPrefix(election, publicKey);
  const total = tally.reduce((sum, answers) => sum + answers.length, 0);
  const factors = tally.map((answers) => answers.map(({ alpha }) => group.power(alpha, secret)));
  let done = 0;
  const proofs = tally.map((answers) =>
    answers.map(({ alpha }) => {
      onProgress?.(done, total);
      done += 1;
      return proveEquality(group, alpha, secret, drawScalar(group, randomness), prefix);
    }),
  );
  const secondProof = proveSecond(statement, factors, secret, drawScalar(group, randomness));
  onProgress?.(total, total);
  return { text: partialDecryptionToText(group, { factors, proofs }), secondProof };
}

/** Write the exact bytes of a `partial_decryption` (belenios-format §7). */
export function partialDecryptionToText(group: Group, partial: PartialDecryption): string {
  return dumps({
    decryption_factors: partial.factors.map((row) => group.elementsToTexts(row)),
    decryption_proofs: partial.proofs.map((row) => row.map(proofToJson)),
  });
}

/**
 * Read the exact bytes of a `partial_decryption` of the tally's shape, unverified.
 *
 * Every factor is in the group. Throws MalformedError, MembershipError or ScalarRangeError.
 */
export function parsePartialDecryption(
  group: Group,
  tally: EncryptedTally,
  text: string,
): PartialDecryption {
  const [factors, proofs] = fields(loads(text), ['decryption_factors', 'decryption_proofs']);
  const partial: PartialDecryption = {
    factors: shapedLike(tally, factors, (each) => group.elementFromText(textField(each))),
    proofs: shapedLike(tally, proofs, (each) => parseProof(group, each)),
  };
  if (partialDecryptionToText(group, partial) !== text) {
    throw new MalformedError('not the canonical bytes of a partial decryption');
  }
  return partial;
}

/**
 * Check a partial decryption by Belenios' own rules only (belenios-format §7).
 *
 * Enough for archives of others, whose count then rests on the trustees' honesty. Gives the
 * factors. Throws PartialDecryptionError.
 */
export function verifyBeleniosProofs(
  election: Election,
  tally: EncryptedTally,
  trustee: number,
  publicKey: Element,
  text: string,
): Factors {
  const { group } = election;
  return namingDecryption(trustee, () => {
    const partial = parsePartialDecryption(group, tally, text);
    const prefix = beleniosPrefix(election, publicKey);
    const key = group.fixedBase(publicKey);
    const claims = pairRows(partial.factors, partial.proofs, (factor, proof) => ({
      factor,
      proof,
    }));
    pairRows(tally, claims, ({ alpha }, { factor, proof }) => {
      verifyEquality(group, alpha, key, factor, proof, prefix);
    });
    return partial.factors;
  });
}

/**
 * Check a partial decryption: Belenios' proofs, then the second proof (protocol.md §3; V14).
 *
 * A second proof that is missing (null), altered, or made for other ciphertexts, another board or
 * another trustee is refused. Gives the factors. Throws PartialDecryptionError.
 */
export function verifyPartialDecryption(
  statement: Statement,
  text: string,
  secondProof: Proof | null,
): Factors {
  const { election, tally, trustee, publicKey } = statement;
  const factors = verifyBeleniosProofs(election, tally, trustee, publicKey, text);
  namingDecryption(trustee, () => {
    verifySecond(statement, factors, secondProof);
  });
  return factors;
}

/** Read a second proof from two decimal texts. Throws MalformedError or ScalarRangeError. */
export function parseSecondProof(group: Group, challenge: string, response: string): Proof {
  return {
    challenge: group.scalarFromText(challenge),
    response: group.scalarFromText(response),
  };
}

/**
 * Check that any t of the partial decryptions open the same sum (protocol.md §3; V14).
 *
 * T = the first t indices; every other one lies on the polynomial of T. `factors` are by index
 * from 1, each verified alone. Throws ThresholdError that names the set.
 */
export function verifyPartialDecryptionsAgree(
  group: Group,
  threshold: number,
  factors: ReadonlyMap<number, Factors>,
): void {
  const { chosen, rest } = firstOf(threshold, factors);
  for (const [index, own] of rest) {
    const expected = interpolate(group, chosen, index);
    const agrees = pairRows(expected, own, (each, its) => group.equals(each, its)).flat();
    if (!agrees.every(Boolean)) {
      throw new ThresholdError([...chosen.keys(), index], 'the partial decryptions disagree');
    }
  }
}

/**
 * Combine the first t partial decryptions of a threshold team (belenios-format §7).
 *
 * `factors` are by index from 1 within the team. Throws ThresholdError.
 */
export function combine(
  group: Group,
  threshold: number,
  factors: ReadonlyMap<number, Factors>,
): Factors {
  return interpolate(group, firstOf(threshold, factors).chosen, 0);
}

/**
 * Combine the partial decryptions of all items of an archive (belenios-format §7).
 *
 * `factors` are by owner: the number in the flattened list of trustees, from 1. A mandatory
 * trustee may not be missing. Throws ThresholdError.
 */
export function combineAll(
  group: Group,
  trustees: Trustees,
  factors: ReadonlyMap<number, Factors>,
): Factors {
  const combined: Factors[] = [];
  let before = 0;
  for (const item of trustees) {
    if (item.kind === 'single') {
      before += 1;
      const own = factors.get(before);
      if (own === undefined) {
        throw new ThresholdError([before], 'a mandatory trustee is missing');
      }
      combined.push(own);
      continue;
    }
    const members = new Map<number, Factors>();
    item.certificates.forEach((_, place) => {
      const own = factors.get(before + place + 1);
      if (own !== undefined) members.set(place + 1, own);
    });
    combined.push(combine(group, item.threshold, members));
    before += item.certificates.length;
  }
  return multiplyAll(group, combined);
}

/** Join what the second proof hashes (protocol.md §3); `first` is A, `commitments` are B_j. */
export function secondProofTranscript(
  statement: Statement,
  factors: Factors,
  first: Element,
  commitments: readonly Element[],
): string {
  const { election, tally, boardRoot, trustee, publicKey } = statement;
  const { group } = election;
  const elements = pairRows(tally, factors, ({ alpha, beta }, factor) => [alpha, beta, factor]);
  const texts = elements.flat().map((each) => group.elementsToTexts(each).join(','));
  const [publicKeyText, firstText] = group.elementsToTexts([publicKey, first]);
  return [
    SECOND_PROOF_LABEL,
    group.name,
    election.fingerprint,
    toHex(boardRoot),
    trustee.toString(),
    publicKeyText,
    texts.length.toString(),
    ...texts,
    firstText,
    group.elementsToTexts(commitments).join(','),
  ].join('|');
}

function proveSecond(
  statement: Statement,
  factors: Factors,
  secret: bigint,
  nonce: bigint,
): Proof {
  const { group } = statement.election;
  const commitments = statement.tally.flat().map(({ alpha }) => group.power(alpha, nonce));
  const first = group.powerOfGenerator(nonce);
  const transcript = secondProofTranscript(statement, factors, first, commitments);
  const challenge = challengeOf(group, transcript);
  return { challenge, response: group.reduce(nonce - challenge * secret) };
}

function verifySecond(statement: Statement, factors: Factors, proof: Proof | null): void {
  if (proof === null) throw new ProofError('the second proof is missing');
  const { group } = statement.election;
  const { challenge, response } = proof;
  if ([challenge, response].some((number) => number < 0n || number >= group.q)) {
    throw new ProofError('a number of the second proof is out of range');
  }
  const first = group.multiply(
    group.powerOfGenerator(response),
    group.power(statement.publicKey, challenge),
  );
  const commitments = pairRows(statement.tally, factors, ({ alpha }, factor) =>
    group.multiply(group.power(alpha, response), group.power(factor, challenge)),
  ).flat();
  const transcript = secondProofTranscript(statement, factors, first, commitments);
  if (challengeOf(group, transcript) !== challenge) {
    throw new ProofError('the second proof does not hold');
  }
}

function challengeOf(group: Group, transcript: string): bigint {
  return numberOfBytes(sha512(bytesOfText(transcript))) % group.q;
}

function beleniosPrefix(election: Election, publicKey: Element): string {
  return `decrypt|${election.fingerprint}|${election.group.elementToText(publicKey)}|`;
}

function namingDecryption<Value>(trustee: number, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof CryptoError) throw new PartialDecryptionError(trustee, error.message);
    throw error;
  }
}

function shapedLike<Value>(
  tally: EncryptedTally,
  value: unknown,
  read: (each: unknown) => Value,
): Value[][] {
  return zip(tally, listField(value, tally.length)).map(([answers, row]) =>
    listField(row, answers.length).map(read),
  );
}

function firstOf(
  threshold: number,
  factors: ReadonlyMap<number, Factors>,
): {
  readonly chosen: ReadonlyMap<number, Factors>;
  readonly rest: ReadonlyMap<number, Factors>;
} {
  const sorted = [...factors].sort(([left], [right]) => left - right);
  if (sorted.length < threshold) {
    const indices = sorted.map(([index]) => index);
    throw new ThresholdError(indices, 'fewer partial decryptions than the threshold');
  }
  return {
    chosen: new Map(sorted.slice(0, threshold)),
    rest: new Map(sorted.slice(threshold)),
  };
}

/** F_at = prod_d F_d^lambda_d(at), lambda_d(i) = prod_{k != d} (i - k) / (d - k) mod q. */
function interpolate(group: Group, factors: ReadonlyMap<number, Factors>, at: number): Factors {
  const powers = [...factors].map(([index, own]) => {
    let coefficient = 1n;
    for (const other of factors.keys()) {
      if (other === index) continue;
      const divisor = invert(group.reduce(BigInt(index - other)), group.q);
      coefficient = group.reduce(coefficient * BigInt(at - other) * divisor);
    }
    return own.map((row) => row.map((each) => group.power(each, coefficient)));
  });
  return multiplyAll(group, powers);
}

function multiplyAll(group: Group, allFactors: readonly Factors[]): Factors {
  return allFactors.reduce((total, factors) =>
    pairRows(total, factors, (left, right) => group.multiply(left, right)),
  );
}
