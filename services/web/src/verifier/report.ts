/**
 * What a verification says: one answer a check, for people and for programs (protocol.md §9 v2).
 */

/** Every check of protocol.md §9 in its order, with the words that an engineer's log shows. */
export const TITLES = {
  V0: 'Order of the entries',
  V1: 'Form of the entries',
  V2: 'Log and its checkpoints',
  V3: 'Checkpoints agree with each other',
  V4: 'Election made from its terms',
  V5: "Counting team's keys",
  V6: 'Ballots issued, each signed for',
  V7: 'Ballot tokens',
  V8: 'Form of the ballots',
  V9: 'Proofs of the ballots',
  V10: 'Signatures of the ballots',
  V11: 'Numbers of ballots',
  V12: 'Order that betrays nobody',
  V13: 'Encrypted sum',
  V14: 'Partial decryptions',
  V15: 'Result',
  V16: 'Quorum, shares and outcomes',
  V17: 'Belenios archive',
  V18: 'Papers',
  V19: 'Receipts and promises',
  V20: 'Anchor outside of the file',
} as const;

/** The number of a check, V0 to V20. */
export type CheckId = keyof typeof TITLES;

/** All numbers in their order. */
export const CHECK_IDS = Object.keys(TITLES) as readonly CheckId[];

/** What a check came to; `not_applicable` says nothing about this input. */
export type Status = 'holds' | 'fails' | 'not_applicable';

/** Why a check does not apply, for the sentence that a lawyer reads. */
export type Reason =
  | 'cancelled'
  | 'depends'
  | 'extract'
  | 'no_anchor'
  | 'no_checkpoints'
  | 'no_receipt'
  | 'no_roster'
  | 'not_in_input'
  | 'not_opened'
  | 'no_paper';

/**
 * One check's answer; `detail` is English, for the log.
 *
 * `reason` stands where the check does not apply, `dependsOn` where another check's failure keeps
 * it from applying, `isUnjudged` where it fails because it could not be made at all.
 */
export interface CheckResult {
  readonly id: CheckId;
  readonly status: Status;
  readonly detail: string;
  readonly reason?: Reason;
  readonly dependsOn?: CheckId;
  readonly isUnjudged?: true;
}

/** All answers about one input, in the order of the checks; `ok`: no check fails. */
export interface Report {
  readonly input: string;
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
}

/** A check: its text where it holds; throws CheckFailedError or NotApplicableError else. */
export type Check = () => string | Promise<string>;

/** Results by number; a check that is missing was not made. */
export type Results = ReadonlyMap<CheckId, CheckResult>;

/** A check does not hold; every problem that it found, in order. */
export class CheckFailedError extends Error {
  override readonly name = 'CheckFailedError';
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/** A check says nothing about this input; the message is for the log. */
export class NotApplicableError extends Error {
  override readonly name: string = 'NotApplicableError';
  readonly reason: Reason;

  constructor(reason: Reason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** What a check needs could not be read; the check `failed` says why. */
export class DependsOnError extends NotApplicableError {
  override readonly name = 'DependsOnError';
  readonly failed: CheckId;

  constructor(failed: CheckId, what = '') {
    super('depends', `depends on ${failed}${what === '' ? '' : `: ${what}`}`);
    this.failed = failed;
  }
}

/** The input is no record, archive or receipt that can be read at all (exit code 2 of the CLI). */
export class MalformedInputError extends Error {
  override readonly name = 'MalformedInputError';
}

const MAX_PROBLEMS_SHOWN = 20;

/**
 * Run one check: its text where it holds, else why it fails or does not apply.
 *
 * Any other error counts as a failure, so that one check's stumbling over hostile bytes neither
 * passes nor stops the others.
 */
export async function runCheck(id: CheckId, check: Check): Promise<CheckResult> {
  try {
    return { id, status: 'holds', detail: await check() };
  } catch (error) {
    return refusal(id, error);
  }
}

function refusal(id: CheckId, error: unknown): CheckResult {
  if (error instanceof DependsOnError) {
    const { reason, failed: dependsOn, message: detail } = error;
    return { id, status: 'not_applicable', detail, reason, dependsOn };
  }
  if (error instanceof NotApplicableError) {
    return { id, status: 'not_applicable', detail: error.message, reason: error.reason };
  }
  if (error instanceof CheckFailedError) {
    return { id, status: 'fails', detail: listed(error.problems) };
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { id, status: 'fails', detail: `cannot be judged: ${what}`, isUnjudged: true };
}

/**
 * Turn a check that could not be made into a failure, unless a failing check says why.
 *
 * Without this a part that cannot be read could silence every check that needs it.
 */
export function settle(results: Results): Map<CheckId, CheckResult> {
  const settled = new Map<CheckId, CheckResult>();
  for (const [id, result] of results) {
    settled.set(id, result.dependsOn === id ? unjudged(result) : result);
  }
  const final = new Map<CheckId, CheckResult>();
  for (const [id, result] of settled) {
    const isClear = result.dependsOn === undefined || isExplained(id, settled);
    final.set(id, isClear ? result : unjudged(result));
  }
  return final;
}

function unjudged({ id, detail }: CheckResult): CheckResult {
  const text = `cannot be judged: what it needs cannot be read (${detail})`;
  return { id, status: 'fails', detail: text, isUnjudged: true };
}

function isExplained(start: CheckId, results: Results): boolean {
  const seen = new Set<CheckId>();
  let id = start;
  while (!seen.has(id)) {
    seen.add(id);
    const result = results.get(id);
    if (result?.dependsOn === undefined) {
      return result?.status === 'fails';
    }
    id = result.dependsOn;
  }
  return false;
}

/** Throw CheckFailedError with all problems, if there are any. */
export function refuseIfAny(problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new CheckFailedError(...problems);
  }
}

/** Put a report together: every check of §9; those that were not made say `otherwise`. */
export function makeReport(input: string, results: Results, otherwise: string): Report {
  const checks = CHECK_IDS.map(
    (id): CheckResult =>
      results.get(id) ?? {
        id,
        status: 'not_applicable',
        detail: otherwise,
        reason: id === 'V18' ? 'no_paper' : 'not_in_input',
      },
  );
  return { input, ok: failed(checks).length === 0, checks };
}

/** The numbers of the checks that fail. */
export function failed(checks: readonly CheckResult[]): CheckId[] {
  return checks.filter((check) => check.status === 'fails').map((check) => check.id);
}

/** `{"input","ok","checks":[{"id","status","detail"}]}`, as the command line writes it (§9). */
export function reportToJson(report: Report): string {
  const checks = report.checks.map(({ id, status, detail }) => ({ id, status, detail }));
  return JSON.stringify({ input: report.input, ok: report.ok, checks });
}

/** What can be read, or null where a check reports why it cannot. */
export function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotApplicableError) {
      return null;
    }
    throw error;
  }
}

/** A list of numbers in the words of both verifiers: `[1, 2]`. */
export function numbersText(numbers: readonly number[]): string {
  return `[${numbers.join(', ')}]`;
}

function listed(problems: readonly string[]): string {
  const shown = problems.slice(0, MAX_PROBLEMS_SHOWN).join('; ');
  const hidden = problems.length - MAX_PROBLEMS_SHOWN;
  return hidden <= 0 ? shown : `${shown}; and ${hidden} more`;
}
