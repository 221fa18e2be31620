/**
 * Making a ballot: encryption, proofs and signature (belenios-format §6; protocol.md §6, §11).
 *
 * All encryption and proof randomness of a ballot comes from one fresh 32-byte seed, so that a
 * test ballot can be opened by its seed. The signature nonce and the credential never do.
 */

import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha512 } from '@noble/hashes/sha2.js';

import type { Answer, CiphertextTexts } from './ballots.ts';
import {
  answerTranscript,
  BIT,
  hashOfUnsigned,
  signedText,
  sumRange,
  unsignedText,
} from './ballots.ts';
import { publicCredential } from './credentials.ts';
import { bytesOfText, numberOfBytes } from './encodings.ts';
import type { Election, Question } from './elections.ts';
import type { Ciphertext } from './elgamal.ts';
import { encrypt, multiplyCiphertexts } from './elgamal.ts';
import { MalformedError } from './errors.ts';
import type { Group } from './groups/index.ts';
import type { Branch, Proof } from './proofs.ts';
import { firstTrueBranch, proveDisjunction, proveKnowledge } from './proofs.ts';
import type { Randomness } from './randomness.ts';

/** Bytes of a seed. */
export const SEED_BYTES = 32;
/** Stands for the answer in the scalars of overall and blank proofs. */
export const OVERALL = '-';

/** For each question, for each choice (a leading blank where there is one): 0 or 1. */
export type Marks = readonly (readonly number[])[];

/** Told after each question how many of all are done; called in the course of encrypting. */
export type OnEncrypted = (done: number, total: number) => void;

const SCALAR_BYTES = 64;

/**
 * A scalar of a ballot from its 32-byte seed by HKDF-SHA-512 (RFC 5869; protocol.md §11).
 *
 * Questions and answers count from 0; `answer` is `OVERALL` for overall and blank proofs. Uses:
 * `r` randomness of a ciphertext; `w` nonce of the true branch; `c<b>`, `z<b>` challenge and
 * response of simulated branch b. Blank proofs, which protocol.md leaves open, use `bw`, `bc<b>`,
 * `bz<b>`. Where several branches are true, the first counts as the true one. Raises
 * MalformedError for a seed of another length.
 */
export function seedScalar(
  group: Group,
  phi: string,
  seed: Uint8Array,
  question: number,
  answer: number | string,
  use: string,
): bigint {
  return new BallotSeed(group, phi, seed).scalar(question, answer, use);
}

/** All scalars of one ballot; see `seedScalar`. */
export class BallotSeed {
  readonly #group: Group;
  readonly #phi: string;
  readonly #extracted: Uint8Array;

  constructor(group: Group, phi: string, seed: Uint8Array) {
    if (seed.length !== SEED_BYTES) throw new MalformedError('a seed has 32 bytes');
    this.#group = group;
    this.#phi = phi;
    // The first step of HKDF, the same for all uses: no salt.
    this.#extracted = extract(sha512, seed, undefined);
  }

  /** The scalar for a use; `question` and `answer` count from 0. */
  scalar(question: number, answer: number | string, use: string): bigint {
    const info = bytesOfText(`phieukin/ballot/1|${this.#phi}|${question}|${answer}|${use}`);
    return numberOfBytes(expand(sha512, this.#extracted, info, SCALAR_BYTES)) % this.#group.q;
  }
}

/**
 * Make a ballot for the credential g^exponent; returns its exact bytes as text.
 *
 * `seed` makes one ballot only; `signatureNonce` is a fresh scalar of the system's generator.
 * Raises MalformedError for marks that the questions do not allow.
 */
export function encryptBallot(
  election: Election,
  exponent: bigint,
  marks: Marks,
  seed: Uint8Array,
  signatureNonce: bigint,
  onEncrypted: OnEncrypted = () => undefined,
): string {
  const { group } = election;
  const credential = publicCredential(group, exponent);
  const prover = new BallotProver(election, credential, seed);
  const questions = questionsWithMarks(election, marks);
  const answers = questions.map(([question, chosen], number) => {
    const answer = prover.answer(number, question, chosen);
    onEncrypted(number + 1, questions.length);
    return answer;
  });
  const unsigned = unsignedText(election, credential, answers);
  const signatureHash = hashOfUnsigned(unsigned);
  const signature = proveKnowledge(group, exponent, signatureNonce, `sig|${signatureHash}|`);
  return signedText(unsigned, signatureHash, signature);
}

/**
 * Do ahead what the first ballot would have to wait for: the tables of g and of the election key.
 *
 * A throw-away answer to the first question under a seed that nobody keeps also makes the engine
 * compile the formulas. For a worker, while the member still reads.
 */
export function prepareEncryption(election: Election, randomness: Randomness): void {
  const [question] = election.questions;
  if (question === undefined) return;
  const credential = election.group.elementToText(election.group.generator);
  const prover = new BallotProver(election, credential, randomness(SEED_BYTES));
  const first = question.blank ? 1 : question.min;
  prover.answer(0, question, Array.from({ length: question.choices }, (_, place) =>
    place < first ? 1 : 0,
  ));
}

/**
 * The (alpha, beta) texts that a seed and marks give: what a test on a second device recomputes.
 *
 * They do not depend on the credential (protocol.md §6). Raises MalformedError.
 */
export function encryptChoices(
  election: Election,
  marks: Marks,
  seed: Uint8Array,
  onEncrypted: OnEncrypted = () => undefined,
): CiphertextTexts[] {
  const scalars = new BallotSeed(election.group, election.fingerprint, seed);
  const questions = questionsWithMarks(election, marks);
  return questions.flatMap(([, chosen], number) => {
    const texts = textsOf(election, encryptAnswer(election, scalars, number, chosen));
    onEncrypted(number + 1, questions.length);
    return texts;
  });
}

interface OpenCiphertext extends Ciphertext {
  readonly mark: number;
  readonly randomness: bigint;
}

/** Proves the answers of one ballot, with all scalars from its seed. */
class BallotProver {
  readonly #election: Election;
  readonly #scalars: BallotSeed;
  readonly #start: string;

  constructor(election: Election, credential: string, seed: Uint8Array) {
    this.#election = election;
    this.#scalars = new BallotSeed(election.group, election.fingerprint, seed);
    this.#start = `${election.fingerprint}|${credential}`;
  }

  answer(number: number, question: Question, marks: readonly number[]): Answer {
    const choices = encryptAnswer(this.#election, this.#scalars, number, marks);
    // The sum is written with the choices, since many elements at once cost little more than one.
    const [total, ...texts] = textsOf(this.#election, [
      multiplyCiphertexts(this.#election.group, choices),
      ...choices,
    ]);
    const individualProofs = choices.map((choice, place) => {
      const prefix = `prove|${this.#start}|${(texts[place] ?? []).join(',')}|`;
      return this.#prove(number, place, branchesOf([choice], BIT), prefix);
    });
    const transcript = answerTranscript(this.#start, texts);
    const proofs = question.blank
      ? this.#blankProofs(number, question, choices, transcript)
      : {
          overallProof: this.#prove(
            number,
            OVERALL,
            branchesOf(choices, sumRange(question)),
            `prove|${transcript}|${(total ?? []).join(',')}|`,
          ),
          blankProof: undefined,
        };
    const ciphertexts = choices.map(({ alpha, beta }) => ({ alpha, beta }));
    return { choices: ciphertexts, texts, individualProofs, ...proofs };
  }

  #blankProofs(
    number: number,
    question: Question,
    choices: readonly OpenCiphertext[],
    transcript: string,
  ): Pick<Answer, 'overallProof' | 'blankProof'> {
    const [blank, rest] = [choices.slice(0, 1), choices.slice(1)];
    const claim = (
      label: string,
      firstClaim: number,
      claims: readonly number[],
      use: string,
    ): Proof[] => {
      const branches = [...branchesOf(blank, [firstClaim]), ...branchesOf(rest, claims)];
      return this.#prove(number, OVERALL, branches, `${label}|${transcript}|`, use);
    };
    return {
      blankProof: claim('bproof0', 0, [0], 'b'),
      overallProof: claim('bproof1', 1, sumRange(question), ''),
    };
  }

  /** A disjunction with all its scalars from the seed; `label` stands before their uses. */
  #prove(
    question: number,
    answer: number | string,
    branches: readonly Branch[],
    prefix: string,
    label = '',
  ): Proof[] {
    const trueBranch = firstTrueBranch(branches);
    const simulated = new Map<number, Proof>();
    branches.forEach((_, number) => {
      if (number === trueBranch) return;
      simulated.set(number, {
        challenge: this.#scalars.scalar(question, answer, `${label}c${number}`),
        response: this.#scalars.scalar(question, answer, `${label}z${number}`),
      });
    });
    const nonce = this.#scalars.scalar(question, answer, `${label}w`);
    const { group, key } = this.#election;
    return proveDisjunction(group, key, prefix, branches, nonce, simulated);
  }
}

function branchesOf(choices: readonly OpenCiphertext[], claims: readonly number[]): Branch[] {
  const plaintext = choices.reduce((sum, choice) => sum + choice.mark, 0);
  const randomness = choices.reduce((sum, choice) => sum + choice.randomness, 0n);
  return claims.map((claimed) => ({ plaintext, randomness, claimed }));
}

function encryptAnswer(
  election: Election,
  scalars: BallotSeed,
  number: number,
  marks: readonly number[],
): OpenCiphertext[] {
  return marks.map((mark, place) => {
    const randomness = scalars.scalar(number, place, 'r');
    return { ...encrypt(election.group, election.key, mark, randomness), mark, randomness };
  });
}

function textsOf(election: Election, choices: readonly Ciphertext[]): CiphertextTexts[] {
  const texts = election.group.elementsToTexts(choices.flatMap(({ alpha, beta }) => [alpha, beta]));
  return choices.map((_, place) => [texts[2 * place] ?? '', texts[2 * place + 1] ?? '']);
}

function questionsWithMarks(
  election: Election,
  marks: Marks,
): (readonly [Question, readonly number[]])[] {
  if (marks.length !== election.questions.length) {
    throw new MalformedError('marks are given for every question');
  }
  return election.questions.map((question, number) => {
    const chosen = marks[number] ?? [];
    checkMarks(question, chosen);
    return [question, chosen];
  });
}

function checkMarks(question: Question, marks: readonly number[]): void {
  if (marks.length !== question.choices || marks.some((mark) => !BIT.includes(mark))) {
    throw new MalformedError('marks are 0 or 1, one a choice');
  }
  const others = question.blank ? marks.slice(1) : marks;
  const chosen = others.reduce((sum, mark) => sum + mark, 0);
  if (question.blank && marks[0] === 1) {
    if (chosen !== 0) throw new MalformedError('a blank answer has no other marks');
    return;
  }
  if (chosen < question.min || chosen > question.max) {
    throw new MalformedError('more or fewer marks than the question allows');
  }
}
