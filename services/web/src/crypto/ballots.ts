/**
 * Ballots of Belenios protocol 1: reading and checking (belenios-format §6).
 *
 * Three steps that a verifier reports apart: the form and its elements (V8), the proofs (V9), the
 * signature (V10). Making a ballot is in `ballot_encryption`.
 */

import { sha256 } from '@noble/hashes/sha2.js';

import {
  dumps,
  listField,
  loads,
  orderedFields,
  requireExact,
  textField,
} from './belenios_json.ts';
import type { Bytes } from './encodings.ts';
import { bytesOfText, toBase64NoPad } from './encodings.ts';
import type { Election, Question } from './elections.ts';
import type { Ciphertext } from './elgamal.ts';
import { multiplyCiphertexts } from './elgamal.ts';
import { ElectionMismatchError, MalformedError, ProofError, SignatureError } from './errors.ts';
import type { Element, Group } from './groups/index.ts';
import type { Proof, ProofTexts } from './proofs.ts';
import {
  checkChallenges,
  disjunctionCommitments,
  proofToJson,
  verifyDisjunction,
  verifyKnowledge,
} from './proofs.ts';

/** The plaintexts of one choice. */
export const BIT: readonly number[] = [0, 1];

const SIGNATURE_FIELD = ',"signature":';
const DIGEST = /^[A-Za-z0-9+/]{43}$/;

/** A ciphertext as it was written: alpha and beta. */
export type CiphertextTexts = readonly [alpha: string, beta: string];

interface AnswerForm {
  readonly choices: readonly CiphertextTexts[];
  readonly individualProofs: readonly (readonly ProofTexts[])[];
  readonly overallProof: readonly ProofTexts[];
  readonly blankProof: readonly ProofTexts[] | undefined;
}

/** A text in the exact form of a ballot of this election; no number in it was looked at yet. */
export interface BallotSubmission {
  readonly text: string;
  readonly credential: string;
  readonly answers: readonly AnswerForm[];
  readonly signatureHash: string;
  readonly signature: ProofTexts;
}

/** (alpha, beta) of every question and choice in order, as for the receipt code (§11). */
export function ciphertextTextsOf(submission: BallotSubmission): CiphertextTexts[] {
  return submission.answers.flatMap((answer) => answer.choices);
}

/** The answer to one question; `texts` are (alpha, beta) of each choice as they were written. */
export interface Answer {
  readonly choices: readonly Ciphertext[];
  readonly texts: readonly CiphertextTexts[];
  readonly individualProofs: readonly (readonly Proof[])[];
  readonly overallProof: readonly Proof[];
  readonly blankProof: readonly Proof[] | undefined;
}

/** What a ballot says once its form was read. */
export interface BallotContent {
  readonly credential: string;
  readonly credentialElement: Element;
  readonly answers: readonly Answer[];
  readonly signatureHash: string;
  readonly signature: Proof;
}

/** A ballot whose form, elements and scalars were checked; its proofs were not yet. */
export class Ballot implements BallotContent {
  readonly text: string;
  readonly credential: string;
  readonly credentialElement: Element;
  readonly answers: readonly Answer[];
  readonly signatureHash: string;
  readonly signature: Proof;
  #tracker: Bytes | undefined;

  constructor(text: string, content: BallotContent) {
    this.text = text;
    this.credential = content.credential;
    this.credentialElement = content.credentialElement;
    this.answers = content.answers;
    this.signatureHash = content.signatureHash;
    this.signature = content.signature;
  }

  /** SHA-256 of the exact bytes; Belenios shows it as unpadded Base64. */
  get tracker(): Bytes {
    this.#tracker ??= trackerOf(this.text);
    return this.#tracker;
  }

  /** (alpha, beta) of every question and choice in order, as for the receipt code (§11). */
  get ciphertextTexts(): readonly CiphertextTexts[] {
    return this.answers.flatMap((answer) => answer.texts);
  }

  /** The ballot's compact JSON without its signature, whose hash is signed (§6). */
  get unsigned(): string {
    return `${this.text.slice(0, this.text.lastIndexOf(SIGNATURE_FIELD))}}`;
  }
}

/** The 32 bytes of SHA-256 of a ballot's text. */
export function trackerOf(ballotText: string): Bytes {
  return sha256(bytesOfText(ballotText));
}

/** The tracking number as Belenios prints it. */
export function smartTracker(tracker: Uint8Array): string {
  return toBase64NoPad(tracker);
}

/**
 * Read a ballot of this election: exact bytes, membership of every element, range of scalars (V8).
 *
 * `strict` refuses the neutral element as credential or alpha, as protocol.md §5 asks; archives
 * of others are read without it. Raises MalformedError, ElectionMismatchError, MembershipError,
 * ScalarRangeError.
 */
export function parseBallot(election: Election, text: string, strict = true): Ballot {
  return checkBallotElements(election, parseBallotForm(election, text), strict);
}

/**
 * The cheap half of `parseBallot`: exact bytes, uuid and phi, before anything is computed.
 *
 * Raises MalformedError or ElectionMismatchError.
 */
export function parseBallotForm(election: Election, text: string): BallotSubmission {
  const value = loads(text);
  const [uuid, phi, credential, answers, signature] = orderedFields(value, [
    'election_uuid',
    'election_hash',
    'credential',
    'answers',
    'signature',
  ]);
  const [hash, proof] = orderedFields(signature, ['hash', 'proof']);
  const signatureHash = textField(hash);
  if (!DIGEST.test(signatureHash)) {
    throw new MalformedError('the hash of a signature is 43 characters of Base64');
  }
  const submission = {
    text,
    credential: textField(credential),
    answers: listField(answers).map(parseAnswerForm),
    signatureHash,
    signature: proofTexts(proof),
  };
  requireExact(text, value);
  if (textField(uuid) !== election.uuid || textField(phi) !== election.fingerprint) {
    throw new ElectionMismatchError('the ballot is of another election');
  }
  if (submission.answers.length !== election.questions.length) {
    throw new MalformedError('a ballot answers every question once');
  }
  election.questions.forEach((question, number) => {
    checkShape(question, submission.answers[number]);
  });
  return submission;
}

/**
 * The costly half of `parseBallot`: every element is in the group, every scalar in its range.
 *
 * Raises MalformedError, MembershipError, ScalarRangeError.
 */
export function checkBallotElements(
  election: Election,
  submission: BallotSubmission,
  strict = true,
): Ballot {
  const { group } = election;
  const credentialElement = readElement(group, submission.credential, strict);
  return new Ballot(submission.text, {
    credential: submission.credential,
    credentialElement,
    answers: submission.answers.map((form) => readAnswer(group, form, strict)),
    signatureHash: submission.signatureHash,
    signature: readProof(group, submission.signature),
  });
}

/** Read a ballot and check its proofs and its signature: V8, V9 and V10 at once. */
export function verifyBallot(election: Election, text: string, strict = true): Ballot {
  const ballot = parseBallot(election, text, strict);
  verifyBallotProofs(election, ballot);
  verifyBallotSignature(election, ballot);
  return ballot;
}

/** The ballot's compact JSON without its signature, whose hash is signed (§6). */
export function unsignedText(
  election: Election,
  credential: string,
  answers: readonly Answer[],
): string {
  return dumps({
    election_uuid: election.uuid,
    election_hash: election.fingerprint,
    credential,
    answers: answers.map(answerToJson),
  });
}

/** Append the signature to the text of `unsignedText`. */
export function signedText(unsigned: string, signatureHash: string, signature: Proof): string {
  const proof = dumps({ hash: signatureHash, proof: proofToJson(signature) });
  return `${unsigned.slice(0, -1)}${SIGNATURE_FIELD}${proof}}`;
}

/** The field `hash` of the signature: unpadded Base64 of SHA-256 (§6). */
export function hashOfUnsigned(unsigned: string): string {
  return toBase64NoPad(sha256(bytesOfText(unsigned)));
}

/** Check that the credential signed this ballot (V10). Raises SignatureError. */
export function verifyBallotSignature(election: Election, ballot: Ballot): void {
  if (hashOfUnsigned(ballot.unsigned) !== ballot.signatureHash) {
    throw new SignatureError('the signature is over another ballot');
  }
  try {
    verifyKnowledge(
      election.group,
      ballot.credentialElement,
      ballot.signature,
      `sig|${ballot.signatureHash}|`,
    );
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new SignatureError('the signature of the ballot does not hold');
  }
}

/** Check every individual, overall and blank proof (V9; §6). Raises ProofError. */
export function verifyBallotProofs(election: Election, ballot: Ballot): void {
  ballot.answers.forEach((_, number) => verifyAnswerProofs(election, ballot, number));
}

/** Check the proofs of the answer to question `number`, from 0. Raises ProofError. */
export function verifyAnswerProofs(election: Election, ballot: Ballot, number: number): void {
  const [question, answer] = [election.questions[number], ballot.answers[number]];
  if (question === undefined || answer === undefined) throw new RangeError('no such question');
  const { group, key } = election;
  const start = `${election.fingerprint}|${ballot.credential}`;
  answer.choices.forEach((ciphertext, place) => {
    const texts = (answer.texts[place] ?? []).join(',');
    const proofs = answer.individualProofs[place] ?? [];
    verifyDisjunction(group, key, `prove|${start}|${texts}|`, ciphertext, BIT, proofs);
  });
  if (answer.blankProof === undefined) {
    verifyOverallProof(election, question, answer, start);
  } else {
    verifyBlankProofs(election, question, answer, answer.blankProof, start);
  }
}

/** S of belenios-format §6: fingerprint, credential and all ciphertexts of one answer. */
export function answerTranscript(start: string, texts: readonly CiphertextTexts[]): string {
  return `${start}|${texts.map((pair) => pair.join(',')).join(',')}`;
}

/** The sums that an answer's choices may have. */
export function sumRange(question: Question): number[] {
  return Array.from({ length: question.max - question.min + 1 }, (_, step) => question.min + step);
}

function verifyOverallProof(
  election: Election,
  question: Question,
  answer: Answer,
  start: string,
): void {
  const { group, key } = election;
  const total = multiplyCiphertexts(group, answer.choices);
  const texts = group.elementsToTexts([total.alpha, total.beta]).join(',');
  const prefix = `prove|${answerTranscript(start, answer.texts)}|${texts}|`;
  verifyDisjunction(group, key, prefix, total, sumRange(question), answer.overallProof);
}

function verifyBlankProofs(
  election: Election,
  question: Question,
  answer: Answer,
  blankProof: readonly Proof[],
  start: string,
): void {
  const { group, key } = election;
  const [blank, ...others] = answer.choices;
  if (blank === undefined) throw new ProofError('an answer has no choice');
  const rest = multiplyCiphertexts(group, others);
  const transcript = answerTranscript(start, answer.texts);
  const check = (
    label: string,
    proofs: readonly Proof[],
    firstClaim: number,
    claims: readonly number[],
  ): void => {
    const first = disjunctionCommitments(group, key, blank, [firstClaim], proofs.slice(0, 1));
    const second = disjunctionCommitments(group, key, rest, claims, proofs.slice(1));
    checkChallenges(group, `${label}|${transcript}|${first},${second}`, proofs);
  };
  check('bproof0', blankProof, 0, [0]);
  check('bproof1', answer.overallProof, 1, sumRange(question));
}

function parseAnswerForm(value: unknown): AnswerForm {
  const [choices, individual, overall, blank] = orderedFields(
    value,
    ['choices', 'individual_proofs', 'overall_proof', 'blank_proof'],
    ['blank_proof'],
  );
  return {
    choices: listField(choices).map((choice): CiphertextTexts => {
      const [alpha, beta] = orderedFields(choice, ['alpha', 'beta']);
      return [textField(alpha), textField(beta)];
    }),
    individualProofs: listField(individual).map(allProofTexts),
    overallProof: allProofTexts(overall),
    blankProof: blank === undefined ? undefined : allProofTexts(blank),
  };
}

function allProofTexts(value: unknown): ProofTexts[] {
  return listField(value).map(proofTexts);
}

function proofTexts(value: unknown): ProofTexts {
  const [challenge, response] = orderedFields(value, ['challenge', 'response']);
  return { challenge: textField(challenge), response: textField(response) };
}

/** As many choices, proofs and branches as the question asks for. */
function checkShape(question: Question, form: AnswerForm | undefined): void {
  if ((form?.blankProof !== undefined) !== question.blank) {
    throw new MalformedError('a blank proof belongs to questions with an explicit blank, only');
  }
  const branches = question.max - question.min + 1 + (question.blank ? 1 : 0);
  if (
    form === undefined ||
    form.choices.length !== question.choices ||
    form.individualProofs.length !== question.choices ||
    form.individualProofs.some((proofs) => proofs.length !== BIT.length) ||
    form.overallProof.length !== branches ||
    (form.blankProof !== undefined && form.blankProof.length !== BIT.length)
  ) {
    throw new MalformedError('an answer has other choices or proofs than its question asks for');
  }
}

function readAnswer(group: Group, form: AnswerForm, strict: boolean): Answer {
  return {
    choices: form.choices.map(([alpha, beta]) => ({
      alpha: readElement(group, alpha, strict),
      beta: group.elementFromText(beta),
    })),
    texts: form.choices,
    individualProofs: form.individualProofs.map((proofs) => readProofs(group, proofs)),
    overallProof: readProofs(group, form.overallProof),
    blankProof: form.blankProof === undefined ? undefined : readProofs(group, form.blankProof),
  };
}

function readElement(group: Group, text: string, strict: boolean): Element {
  const element = group.elementFromText(text);
  if (strict) group.refuseIdentity(element);
  return element;
}

function readProofs(group: Group, texts: readonly ProofTexts[]): Proof[] {
  return texts.map((proof) => readProof(group, proof));
}

function readProof(group: Group, texts: ProofTexts): Proof {
  return {
    challenge: group.scalarFromText(texts.challenge),
    response: group.scalarFromText(texts.response),
  };
}

function answerToJson(answer: Answer): object {
  return {
    choices: answer.texts.map(([alpha, beta]) => ({ alpha, beta })),
    individual_proofs: answer.individualProofs.map((proofs) => proofs.map(proofToJson)),
    overall_proof: answer.overallProof.map(proofToJson),
    ...(answer.blankProof === undefined ? {} : { blank_proof: answer.blankProof.map(proofToJson) }),
  };
}
