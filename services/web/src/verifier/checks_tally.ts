/** V13 to V15: the sum, its opening and the result (protocol.md §3, §8, §9 v2). */

import {
  combine,
  parsePartialDecryption,
  parseSecondProof,
  type Statement,
  verifyPartialDecryption,
  verifyPartialDecryptionsAgree,
} from '../crypto/decryption.ts';
import { ThresholdError } from '../crypto/errors.ts';
import {
  type EncryptedTally,
  type Factors,
  openTally,
  parseResult,
  resultToText,
  tallyToText,
} from '../crypto/tally.ts';
import { publicShare } from '../crypto/trustee_verification.ts';
import type { PartialDecryption } from '../schemas/entries.ts';
import { allRead, type Judgement } from './ballot_verdicts.ts';
import { teamOf } from './checks_election.ts';
import { type Evidence, sha256HexOfText } from './evidence.ts';
import { asProblem } from './refusals.ts';
import { CheckFailedError, DependsOnError, numbersText, refuseIfAny } from './report.ts';

/**
 * The partial decryptions of the log, judged.
 *
 * `readable` has the factors of all that could be parsed, `valid` of those with both proofs; by
 * trustee index.
 */
export interface Opening {
  readonly readable: ReadonlyMap<number, Factors>;
  readonly valid: ReadonlyMap<number, Factors>;
  readonly problems: readonly string[];
}

/** The product of all ballots. Throws DependsOnError('V8') when one could not be read. */
export function tallyOf(judgement: Judgement): EncryptedTally {
  if (!allRead(judgement)) {
    throw new DependsOnError('V8');
  }
  return judgement.product;
}

/** V13: the encrypted sum recomputed from the ballots is the one that the result names. */
export function checkSum(evidence: Evidence, judgement: Judgement): string {
  const { result } = evidence;
  const tally = tallyOf(judgement);
  const text = tallyToText(evidence.election.group, tally);
  if (sha256HexOfText(text) !== result.encrypted_tally) {
    throw new CheckFailedError('the result names another sum than the ballots make');
  }
  const choices = tally.reduce((sum, answers) => sum + answers.length, 0);
  return `the product of ${judgement.verdicts.length} ballots, ${choices} sums`;
}

/** Judge every partial decryption of the log once, for V14 and V15. */
export function judgeOpening(
  evidence: Evidence,
  judgement: Judgement,
  onJudged: (done: number, total: number) => void,
): Opening {
  evidence.requireBallots();
  const team = teamOf(evidence);
  const [tally, root] = [tallyOf(judgement), evidence.closingRoot];
  const readable = new Map<number, Factors>();
  const valid = new Map<number, Factors>();
  const problems: string[] = [];
  const { group } = evidence.election;
  evidence.partialDecryptions.forEach((entry, place) => {
    const { index: trustee } = entry;
    if (trustee > team.certificates.length) {
      problems.push(`trustee ${trustee}: is none of this election`);
      return;
    }
    const statement: Statement = {
      election: evidence.election,
      tally,
      boardRoot: root,
      trustee,
      publicKey: publicShare(group, team.coefficients, trustee),
    };
    try {
      const partial = parsePartialDecryption(group, tally, entry.partial_decryption);
      readable.set(trustee, partial.factors);
      valid.set(trustee, verify(statement, entry));
    } catch (error) {
      const text = asProblem(error);
      problems.push(text.startsWith('trustee') ? text : `trustee ${trustee}: ${text}`);
    }
    onJudged(place + 1, evidence.partialDecryptions.length);
  });
  return { readable, valid, problems };
}

function verify(statement: Statement, entry: PartialDecryption): Factors {
  const { partial_decryption: text, proof } = entry;
  const { group } = statement.election;
  const second =
    proof === undefined ? null : parseSecondProof(group, proof.challenge, proof.response);
  return verifyPartialDecryption(statement, text, second);
}

/**
 * V14: both proofs of every partial decryption, its trustee; the threshold; any t agree.
 *
 * Partial decryptions that are not on one polynomial are named as a set, whatever their proofs.
 */
export function checkPartialDecryptions(evidence: Evidence, opening: Opening): string {
  const { threshold } = teamOf(evidence);
  const { readable, valid } = opening;
  const problems = [...opening.problems];
  if (valid.size < threshold) {
    problems.push(`${valid.size} valid of ${threshold} needed`);
  }
  if (readable.size > threshold) {
    try {
      verifyPartialDecryptionsAgree(evidence.election.group, threshold, readable);
    } catch (error) {
      if (!(error instanceof ThresholdError)) {
        throw error;
      }
      problems.push(error.message);
    }
  }
  refuseIfAny(problems);
  const trustees = [...valid.keys()].sort((left, right) => left - right).join(', ');
  return `trustees ${trustees}, both proofs each; ${threshold} were needed`;
}

/**
 * V15: the result recombined; agree + disagree ≤ ballots for each nomination.
 *
 * The figures of the outcomes are those of the opened sum.
 */
export function checkResult(evidence: Evidence, judgement: Judgement, opening: Opening): string {
  const { result, election } = evidence;
  const tally = tallyOf(judgement);
  const ballots = judgement.verdicts.length;
  const problems = combinedProblems(evidence);
  const counts = recombine(evidence, tally, opening, ballots);
  if (resultToText(counts) !== result.result) {
    problems.push('the result is not what the partial decryptions open');
  }
  counts.forEach((row, place) => {
    const marks = sum(row);
    if (marks > (election.questions[place]?.max ?? 0) * ballots) {
      problems.push(`nomination ${place + 1}: ${marks} marks of ${ballots} ballots`);
    }
  });
  problems.push(...outcomeProblems(evidence));
  refuseIfAny(problems);
  return `recombined from ${tally.length} sums, equal to the result`;
}

function recombine(
  evidence: Evidence,
  tally: EncryptedTally,
  { readable, valid }: Opening,
  ballots: number,
): readonly (readonly number[])[] {
  const { threshold } = teamOf(evidence);
  const { group } = evidence.election;
  // A false proof is V14's to report; the figures can be recomputed all the same.
  const factors = valid.size >= threshold ? valid : readable;
  if (factors.size < threshold) {
    throw new DependsOnError('V14');
  }
  try {
    return openTally(group, tally, combine(group, threshold, factors), ballots);
  } catch (error) {
    const problem = asProblem(error);
    throw new CheckFailedError(`the partial decryptions open no possible count: ${problem}`);
  }
}

function combinedProblems(evidence: Evidence): string[] {
  const { trustees } = evidence.result;
  const threshold = evidence.terms.counting_team.trustee_threshold;
  const ascends = trustees.every((each, place) => place === 0 || (trustees[place - 1] ?? 0) < each);
  if (!ascends || trustees.length < threshold) {
    return [`the result names trustees ${numbersText(trustees)}, not ${threshold} different ones`];
  }
  const decrypted = new Set(evidence.partialDecryptions.map((entry) => entry.index));
  return trustees.flatMap((index) =>
    decrypted.has(index) ? [] : [`the result names trustee ${index}, who did not decrypt`],
  );
}

function outcomeProblems(evidence: Evidence): string[] {
  let rows: readonly (readonly number[])[];
  try {
    rows = parseResult(evidence.election, evidence.result.result);
  } catch (error) {
    return [`the result: ${asProblem(error)}`];
  }
  return evidence.result.outcomes.flatMap((outcome, place) => {
    const row = rows[place];
    if (row === undefined) {
      return [];
    }
    const { no, agree, disagree } = outcome;
    return row.length === 2 && row[0] === agree && row[1] === disagree
      ? []
      : [
          `nomination ${no}: ${agree} agree, ${disagree} disagree, ` +
            `by the opened sum ${row[0]} and ${row[1]}`,
        ];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
