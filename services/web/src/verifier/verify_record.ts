/** All checks of a record by number: V0 to V17 (protocol.md §9 v2). */

import type { Judge, Judgement } from './ballot_verdicts.ts';
import { checkArchive } from './checks_archive.ts';
import {
  checkBallotForm,
  checkBallotProofs,
  checkBallotSignatures,
  checkNumbers,
  checkOrdering,
  checkTokens,
  judgeRecord,
} from './checks_ballots.ts';
import { checkElection, checkTeam } from './checks_election.ts';
import { checkIssuances } from './checks_issuances.ts';
import { checkCheckpoints, checkConsistency, checkForm, checkOrder } from './checks_log.ts';
import { checkOutcome } from './checks_outcome.ts';
import {
  checkPartialDecryptions,
  checkResult,
  checkSum,
  judgeOpening,
  type Opening,
} from './checks_tally.ts';
import type { Evidence } from './evidence.ts';
import { Memo } from './memo.ts';
import { type OnProgress, progressOf } from './progress.ts';
import {
  type Check,
  type CheckId,
  type CheckResult,
  NotApplicableError,
  runCheck,
  settle,
} from './report.ts';

/** The checks of one record; ballots and partial decryptions are judged once. */
export class RecordChecks {
  readonly #evidence: Evidence;
  readonly #judges: readonly Judge[];
  readonly #onProgress: OnProgress;
  readonly #memo = new Memo();

  constructor(evidence: Evidence, judges: readonly Judge[], onProgress: OnProgress) {
    this.#evidence = evidence;
    this.#judges = judges;
    this.#onProgress = onProgress;
  }

  /** Every ballot judged. Throws NotApplicableError where there are none to judge. */
  judgement(): Promise<Judgement> {
    const onJudged = this.#progress('ballots');
    return this.#memo.of('judgement', () => judgeRecord(this.#evidence, this.#judges, onJudged));
  }

  /** Every partial decryption judged. */
  opening(): Promise<Opening> {
    const onJudged = this.#progress('opening');
    return this.#memo.of('opening', async () =>
      judgeOpening(this.#evidence, await this.judgement(), onJudged),
    );
  }

  /** V0 to V12: what a teller's device checks before it decrypts (protocol.md §3). */
  get ofTheBoard(): readonly (readonly [CheckId, Check])[] {
    const evidence = this.#evidence;
    return [
      ['V0', () => checkOrder(evidence)],
      ['V1', () => checkForm(evidence)],
      ['V2', () => checkCheckpoints(evidence)],
      ['V3', () => checkConsistency(evidence)],
      ['V4', () => checkElection(evidence)],
      ['V5', () => checkTeam(evidence)],
      ['V6', () => checkIssuances(evidence)],
      ['V7', async () => checkTokens(evidence, await this.judgement())],
      ['V8', async () => checkBallotForm(await this.judgement())],
      ['V9', async () => checkBallotProofs(await this.judgement())],
      ['V10', async () => checkBallotSignatures(await this.judgement())],
      ['V11', () => this.#checkNumbers()],
      ['V12', () => checkOrdering(evidence)],
    ];
  }

  /** V13 to V17: the sum, its opening, and what follows from it. */
  get ofTheCount(): readonly (readonly [CheckId, Check])[] {
    const evidence = this.#evidence;
    return [
      ['V13', async () => checkSum(evidence, await this.judgement())],
      ['V14', async () => checkPartialDecryptions(evidence, await this.opening())],
      [
        'V15',
        async () => checkResult(evidence, await this.judgement(), await this.opening()),
      ],
      ['V16', () => checkOutcome(evidence)],
      ['V17', async () => checkArchive(evidence, await this.judgement())],
    ];
  }

  /** Run V0 to V17 in order. */
  async run(): Promise<Map<CheckId, CheckResult>> {
    return settle(await this.runAll([...this.ofTheBoard, ...this.ofTheCount]));
  }

  /** Run some checks in order; each one that is done is progress. */
  async runAll(
    checks: readonly (readonly [CheckId, Check])[],
  ): Promise<Map<CheckId, CheckResult>> {
    const results = new Map<CheckId, CheckResult>();
    const onChecked = this.#progress('checks');
    for (const [id, check] of checks) {
      results.set(id, await runCheck(id, check));
      onChecked(results.size, checks.length);
    }
    return results;
  }

  async #checkNumbers(): Promise<string> {
    const evidence = this.#evidence;
    if (evidence.cancelled !== null && !evidence.withholdsBallots) {
      throw new NotApplicableError('cancelled', 'cancelled before closing: nothing was counted');
    }
    return checkNumbers(evidence, evidence.withholdsBallots ? null : await this.judgement());
  }

  #progress(phase: 'checks' | 'ballots' | 'opening'): (done: number, total: number) => void {
    return progressOf(this.#onProgress, phase);
  }
}
