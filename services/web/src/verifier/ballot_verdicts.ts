/**
 * Judging every ballot once for V7 to V10, by several workers where there are any (protocol.md §9
 * v2).
 *
 * Each ballot is judged alone, and the verdicts come back in the order of the ballots, so that the
 * number of workers changes nothing in a report. What travels between workers are plain texts.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import {
  type Ballot,
  parseBallot,
  verifyBallotProofs,
  verifyBallotSignature,
} from '../crypto/ballots.ts';
import { fields, loads, textField } from '../crypto/belenios_json.ts';
import { parseToken, parseTokenKey, type TokenKey, verifyToken } from '../crypto/blind_tokens.ts';
import { type Election, parseElection } from '../crypto/elections.ts';
import { type Ciphertext, multiplyCiphertexts } from '../crypto/elgamal.ts';
import { CryptoError } from '../crypto/errors.ts';
import type { EncryptedTally } from '../crypto/tally.ts';
import { decode as decodeBase64url } from '../schemas/base64url.ts';
import { asProblem } from './refusals.ts';

const CHUNKS_A_JUDGE = 2;
const BALLOT_FIELDS = ['election_uuid', 'election_hash', 'credential', 'answers', 'signature'];

/** Stands for a problem that V8 reports: proofs of what cannot be read are neither good nor bad. */
export const UNJUDGED = 'its form is refused, so this was not judged';

/** What every ballot is judged by; `tokenKeys`: SPKI in base64url, none for other archives. */
export interface JudgingTerms {
  readonly election: string;
  readonly tokenKeys: readonly string[];
  readonly strict: boolean;
}

/** A ballot as it stands in the record, with the name that a report gives to it. */
export interface SubmittedBallot {
  readonly name: string;
  readonly text: string;
  readonly tokens: readonly string[];
}

/**
 * What was found about one ballot: a problem for each check, or null.
 *
 * `ciphertexts` are SHA-256 of "alpha,beta" of each choice, `tracker` of the whole ballot; hex.
 */
export interface BallotVerdict {
  readonly name: string;
  readonly tracker: string;
  readonly credential: string | null;
  readonly ciphertexts: readonly string[];
  readonly tokenProblem: string | null;
  readonly formProblem: string | null;
  readonly proofsProblem: string | null;
  readonly signatureProblem: string | null;
}

/** Texts of (alpha, beta) by question and choice: the product of the ballots that could be read. */
export type ProductTexts = readonly (readonly (readonly [string, string])[])[];

/** What one judge found about its part of the ballots; can be sent between workers. */
export interface JudgedChunk {
  readonly verdicts: readonly BallotVerdict[];
  readonly product: ProductTexts;
}

/** The verdicts in order, and all ballots that could be read multiplied. */
export interface Judgement {
  readonly verdicts: readonly BallotVerdict[];
  readonly product: EncryptedTally;
}

/** Judges a part of the ballots, here or in another worker; calls `onBallot` after each. */
export type Judge = (
  terms: JudgingTerms,
  ballots: readonly SubmittedBallot[],
  onBallot: () => void,
) => Promise<JudgedChunk>;

/** Called after each ballot with how many of all are judged. */
export type OnJudged = (done: number, total: number) => void;

/** Whether the product is of all ballots. */
export function allRead(judgement: Judgement): boolean {
  return judgement.verdicts.every((verdict) => verdict.formProblem === null);
}

/**
 * Judge tokens, form, proofs and signature of each ballot, and multiply all that could be read.
 *
 * `judges` share the work; one is enough. Throws CryptoError when the election is malformed.
 */
export async function judgeBallots(
  terms: JudgingTerms,
  ballots: readonly SubmittedBallot[],
  judges: readonly Judge[] = [judgeChunk],
  onJudged: OnJudged = () => undefined,
): Promise<Judgement> {
  const election = electionOf(terms);
  let done = 0;
  const onBallot = (): void => onJudged((done += 1), ballots.length);
  const parts = judges.length === 1 ? [ballots] : split(ballots, judges.length * CHUNKS_A_JUDGE);
  const judged: JudgedChunk[] = [];
  let next = 0;
  const work = async (judge: Judge): Promise<void> => {
    while (next < parts.length) {
      const place = next;
      next += 1;
      judged[place] = await judge(terms, parts[place] ?? [], onBallot);
    }
  };
  await Promise.all(judges.map(work));
  const products = judged.map((chunk) => productFromTexts(election, chunk.product));
  return {
    verdicts: judged.flatMap((chunk) => chunk.verdicts),
    product: multiply(election, products),
  };
}

/** Judge ballots in this very thread; the same answer as in any other. */
export async function judgeChunk(
  terms: JudgingTerms,
  ballots: readonly SubmittedBallot[],
  onBallot: () => void = () => undefined,
): Promise<JudgedChunk> {
  const election = electionOf(terms);
  const keys = await parseTokenKeys(terms);
  const verdicts: BallotVerdict[] = [];
  let product = multiply(election, []);
  for (const submitted of ballots) {
    const { ballot, verdict } = await judge(election, keys, submitted, terms.strict);
    verdicts.push(verdict);
    if (ballot !== null) {
      product = multiply(election, [product, ballot.answers.map((answer) => answer.choices)]);
    }
    onBallot();
  }
  return { verdicts, product: productToTexts(election, product) };
}

// Parsed once for all chunks: the tables of the election key are worth keeping.
let lastElection: Election | undefined;

function electionOf(terms: JudgingTerms): Election {
  if (lastElection?.text !== terms.election) {
    lastElection = parseElection(terms.election);
  }
  return lastElection;
}

function split<Item>(items: readonly Item[], parts: number): (readonly Item[])[] {
  const size = Math.max(1, Math.ceil(items.length / parts));
  const chunks: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size) {
    chunks.push(items.slice(start, start + size));
  }
  return chunks;
}

/** The issuers' keys in order, or why they cannot be read. */
type TokenKeys = readonly TokenKey[] | string;

async function parseTokenKeys(terms: JudgingTerms): Promise<TokenKeys> {
  const keys: TokenKey[] = [];
  for (const text of terms.tokenKeys) {
    try {
      keys.push(await parseTokenKey(decodeBase64url(text)));
    } catch (error) {
      return `a token key of the terms: ${asProblem(error)}`;
    }
  }
  return keys;
}

async function judge(
  election: Election,
  keys: TokenKeys,
  submitted: SubmittedBallot,
  strict: boolean,
): Promise<{ ballot: Ballot | null; verdict: BallotVerdict }> {
  const { name, text, tokens } = submitted;
  const tracker = bytesToHex(sha256(utf8ToBytes(text)));
  let ballot: Ballot;
  try {
    ballot = parseBallot(election, text, strict);
  } catch (error) {
    const credential = uncheckedCredential(text);
    const verdict = {
      name,
      tracker,
      credential,
      ciphertexts: [],
      tokenProblem: await tokenProblem(election, keys, credential, tokens),
      formProblem: asProblem(error),
      proofsProblem: UNJUDGED,
      signatureProblem: UNJUDGED,
    };
    return { ballot: null, verdict };
  }
  const verdict = {
    name,
    tracker,
    credential: ballot.credential,
    ciphertexts: ballot.answers.flatMap((answer) =>
      answer.texts.map(([alpha, beta]) => bytesToHex(sha256(utf8ToBytes(`${alpha},${beta}`)))),
    ),
    tokenProblem: await tokenProblem(election, keys, ballot.credential, tokens),
    formProblem: null,
    proofsProblem: problemOf(() => verifyBallotProofs(election, ballot)),
    signatureProblem: problemOf(() => verifyBallotSignature(election, ballot)),
  };
  return { ballot, verdict };
}

/** Enough to judge the token of a ballot whose form is refused for another reason. */
function uncheckedCredential(text: string): string | null {
  try {
    return textField(fields(loads(text), BALLOT_FIELDS)[2]);
  } catch (error) {
    asProblem(error);
    return null;
  }
}

async function tokenProblem(
  election: Election,
  keys: TokenKeys,
  credential: string | null,
  tokens: readonly string[],
): Promise<string | null> {
  if (typeof keys === 'string') {
    return keys;
  }
  if (credential === null) {
    return UNJUDGED;
  }
  if (tokens.length !== keys.length) {
    return `${tokens.length} tokens of ${keys.length} issuers`;
  }
  try {
    for (const [place, key] of keys.entries()) {
      await verifyToken(key, election.fingerprint, credential, parseToken(tokens[place] ?? ''));
    }
  } catch (error) {
    return asProblem(error);
  }
  return null;
}

function problemOf(verify: () => void): string | null {
  try {
    verify();
  } catch (error) {
    return asProblem(error);
  }
  return null;
}

function multiply(election: Election, products: readonly EncryptedTally[]): EncryptedTally {
  return election.questions.map((question, number) =>
    Array.from({ length: question.choices }, (_, choice) =>
      multiplyCiphertexts(
        election.group,
        products.map((product) => choiceOf(product, number, choice)),
      ),
    ),
  );
}

function choiceOf(product: EncryptedTally, question: number, choice: number): Ciphertext {
  const found = product[question]?.[choice];
  if (found === undefined) {
    // parseBallot refuses every other shape.
    throw new CryptoError('a product has another shape than the election');
  }
  return found;
}

function productToTexts({ group }: Election, product: EncryptedTally): ProductTexts {
  return product.map((answers) =>
    answers.map(({ alpha, beta }) => [group.elementToText(alpha), group.elementToText(beta)]),
  );
}

function productFromTexts({ group }: Election, texts: ProductTexts): EncryptedTally {
  return texts.map((answers) =>
    answers.map(([alpha, beta]) => ({
      alpha: group.elementFromText(alpha),
      beta: group.elementFromText(beta),
    })),
  );
}
