/** V7 to V12: the ballots on the board (protocol.md §4, §5, §7, §9 v2). */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import {
  type BallotVerdict,
  type Judge,
  judgeBallots,
  type Judgement,
  type JudgingTerms,
  type OnJudged,
  type SubmittedBallot,
  UNJUDGED,
} from './ballot_verdicts.ts';
import { countsOf } from './counting.ts';
import type { Evidence } from './evidence.ts';
import { DependsOnError, refuseIfAny } from './report.ts';

type ProblemOf = (verdict: BallotVerdict) => string | null;

/** Judge the ballots of a record for V7 to V10 (protocol.md §9). */
export async function judgeRecord(
  evidence: Evidence,
  judges: readonly Judge[],
  onJudged: OnJudged,
): Promise<Judgement> {
  evidence.requireBallots();
  const terms: JudgingTerms = {
    election: evidence.election.text,
    tokenKeys: evidence.terms.token_keys.map((key) => key.spki),
    strict: true,
  };
  const submitted = evidence.placed.flatMap(({ position, entry }): SubmittedBallot[] =>
    entry?.type === 'ballot'
      ? [{ name: `entry ${position}`, text: entry.ballot, tokens: entry.token }]
      : [],
  );
  return judgeBallots(terms, submitted, judges, onJudged);
}

/** V7: every ballot's tokens are valid for phi and this credential; no credential twice. */
export function checkTokens(evidence: Evidence, { verdicts }: Judgement): string {
  const problemOf: ProblemOf = (verdict) => verdict.tokenProblem;
  const problems = named(verdicts, problemOf);
  const uses = countsOf(verdicts.map((verdict) => verdict.credential));
  for (const { name, credential } of verdicts) {
    const count = uses.get(credential) ?? 0;
    if (credential !== null && count > 1) {
      problems.push(`${name}: its credential is used ${count} times`);
    }
  }
  refuseIfAny(problems);
  const issuers = evidence.terms.token_keys.length;
  const plural = issuers > 1 ? 's' : '';
  const quality = `valid, of ${issuers} issuer${plural}, credentials distinct`;
  return allGood(verdicts, problemOf, quality);
}

/** V8: uuid, phi, exact bytes, membership, no neutral element, scalar ranges. */
export function checkBallotForm({ verdicts }: Judgement): string {
  return allGood(verdicts, (verdict) => verdict.formProblem, 'well formed');
}

/** V9: every individual, overall and blank proof holds. */
export function checkBallotProofs({ verdicts }: Judgement): string {
  return allGood(verdicts, (verdict) => verdict.proofsProblem, 'with all proofs');
}

/** V10: every ballot is signed by its credential. */
export function checkBallotSignatures({ verdicts }: Judgement): string {
  return allGood(verdicts, (verdict) => verdict.signatureProblem, 'signed');
}

/**
 * V11: ballots ≤ issuances ≤ entitled ≤ members; both ≥ minimum; no ciphertext twice.
 *
 * The counts of `voting_opened` and `closed` are those of the entries. Where an election was
 * cancelled for too few ballots, there are too few; without the ballots `judgement` is null.
 */
export function checkNumbers(evidence: Evidence, judgement: Judgement | null): string {
  const { closed, opened, terms, issuances } = evidence;
  const ballots = evidence.withholdsBallots ? closed.returned : evidence.allOf('ballot').length;
  const issued = issuances.length;
  const late = issuances.filter((issuance) => issuance.late).length;
  const entitled = closed.present + closed.online + closed.absent_consulted;
  const pairs: [string, number, string, number][] = [
    ['ballots', ballots, 'issuances', issued],
    ['issuances', issued, 'members entitled', entitled],
    ['members entitled', entitled, 'members', terms.members],
  ];
  const problems = pairs.flatMap(([name, few, of, many]) =>
    few > many ? [`${few} ${name} are more than ${many} ${of}`] : [],
  );
  const counts: [string, number, number][] = [
    ['closed.returned', closed.returned, ballots],
    ['closed.issued', closed.issued, issued],
    ['closed.late', closed.late, late],
    ['voting_opened.issued', opened.issued, issued - late],
  ];
  for (const [name, said, found] of counts) {
    if (said !== found) {
      problems.push(`${name} is ${said}, not ${found}`);
    }
  }
  problems.push(...minimumProblems(evidence, Math.min(ballots, issued)));
  if (judgement !== null) {
    problems.push(...repeatedCiphertexts(judgement.verdicts));
  }
  refuseIfAny(problems);
  return `${ballots} ballots, ${issued} issued, ${entitled} entitled, ${terms.members} members`;
}

function minimumProblems(evidence: Evidence, least: number): string[] {
  const minimum = evidence.terms.minimum_ballots;
  if (evidence.endsAtClosing) {
    return []; // nothing was opened yet; a device refuses too few by that name (§8)
  }
  if (evidence.withholdsBallots) {
    const isClaimed = evidence.cancelled?.reason === 'too_few_ballots';
    return isClaimed && least >= minimum
      ? [`cancelled for too few ballots, but ${least} are at least ${minimum}`]
      : [];
  }
  return least >= minimum ? [] : [`${least} are below the minimum of ${minimum}`];
}

function repeatedCiphertexts(verdicts: readonly BallotVerdict[]): string[] {
  const seen = new Map<string, BallotVerdict>();
  const problems: string[] = [];
  for (const verdict of verdicts) {
    for (const ciphertext of verdict.ciphertexts) {
      const first = seen.get(ciphertext);
      if (first !== undefined && first !== verdict) {
        problems.push(`${verdict.name} repeats a ciphertext of ${first.name}`);
        break;
      }
      seen.set(ciphertext, verdict);
    }
    if (new Set(verdict.ciphertexts).size !== verdict.ciphertexts.length) {
      problems.push(`${verdict.name} holds a ciphertext twice`);
    }
  }
  return problems;
}

/** V12: issuances by member number, ballots ascending by the 32 bytes of their tracker. */
export function checkOrdering(evidence: Evidence): string {
  const trackers = evidence.ballots.map((entry) => bytesToHex(sha256(utf8ToBytes(entry.ballot))));
  const members = evidence.issuances.map((issuance) => issuance.member);
  const problems: string[] = [];
  members.forEach((after, place) => {
    const before = members[place - 1];
    if (before !== undefined && before >= after) {
      problems.push(`issuance of member ${after} stands after that of member ${before}`);
    }
  });
  trackers.forEach((after, place) => {
    const before = trackers[place - 1];
    // Lowercase hex sorts as the bytes do.
    if (before !== undefined && before >= after) {
      problems.push(`ballot ${place + 1} does not stand in the order of trackers`);
    }
  });
  refuseIfAny(problems);
  return `${members.length} issuances by member, ${trackers.length} ballots by tracker`;
}

function named(verdicts: readonly BallotVerdict[], problemOf: ProblemOf): string[] {
  return verdicts.flatMap((verdict) => {
    const problem = problemOf(verdict);
    return problem === null || problem === UNJUDGED ? [] : [`${verdict.name}: ${problem}`];
  });
}

function allGood(
  verdicts: readonly BallotVerdict[],
  problemOf: ProblemOf,
  quality: string,
): string {
  refuseIfAny(named(verdicts, problemOf));
  const unjudged = verdicts.filter((verdict) => problemOf(verdict) === UNJUDGED);
  if (unjudged.length > 0) {
    throw new DependsOnError('V8', unjudged.map((verdict) => verdict.name).join(', '));
  }
  return `${verdicts.length} of ${verdicts.length} ${quality}`;
}
