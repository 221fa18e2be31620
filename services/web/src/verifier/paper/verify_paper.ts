/** A paper verified alone: every attached record (V0 to V17), the paper itself (V18), the anchor. */

import { type Anchors, NO_CODES, type OwnCodes } from '../checks_anchor.ts';
import type { Evidence } from '../evidence.ts';
import {
  CheckFailedError,
  CHECK_IDS,
  type CheckId,
  type CheckResult,
  DependsOnError,
  makeReport,
  MalformedInputError,
  NotApplicableError,
  type Report,
  runCheck,
  type Status,
} from '../report.ts';
import { subjectOf } from '../subject.ts';
import type { SignersView, Verified } from '../verify.ts';
import { attachedRecords } from './attached_records.ts';
import { readCertificates } from './certificate_trust.ts';
import { checkPaper, type Paper } from './checks_papers.ts';
import { judgeSignatures, type PaperSignatures } from './paper_signatures.ts';
import { PdfFile } from './pdf_file.ts';

const ANOTHER_CODE = 'the code given is not of a record attached to this paper';
const STRANGERS = 'the signatures do not hold, or are not of the issuers given (V18)';

/** What verifying a paper takes; `verifyRecord` is the verifier's own entry for records. */
export interface PaperOptions {
  readonly anchors: Anchors;
  readonly given: Evidence | null;
  /** PEM of the issuers by which signers are judged. */
  readonly trust: Uint8Array | null;
  readonly verifyRecord: (evidence: Evidence, name: string) => Promise<Verified>;
}

/** Verify a PDF with its attached records. Throws MalformedInputError. */
export async function verifyPaper(
  data: Uint8Array,
  name: string,
  options: PaperOptions,
): Promise<Verified> {
  const { anchors, given, trust, verifyRecord } = options;
  const file = new PdfFile(data);
  const records = attachedRecords(file.last);
  const roots = trust === null ? null : readCertificates(trust);
  const signatures = await judgeSignatures(file, roots).catch(unjudged);
  const paper: Paper = { file, records, signatures };
  const verified: Verified[] = [];
  for (const record of records) verified.push(await verifyRecord(record.evidence, record.name));
  const results = merge(verified.map(({ report }) => report));
  const judged = await runCheck('V18', () => checkPaper(paper, given, trust !== null));
  results.set('V18', judged);
  const isTrusted = trust !== null && judged.status === 'holds';
  results.set('V20', await runCheck('V20', () => anchorOf(verified, anchors, trust, isTrusted)));
  return {
    kind: 'paper',
    report: makeReport(name, results, 'no paper given'),
    codes: codesOf(verified),
    subject: subjectOfAll(records.map(({ evidence }) => evidence)),
    signers: { ...signatures, areIssuersJudged: trust !== null } satisfies SignersView,
  };
}

/** Signatures or a form that cannot be read are a failure of V18, not of the record. */
function unjudged(error: unknown): PaperSignatures {
  if (!(error instanceof MalformedInputError)) throw error;
  return { signatures: [], emptyFields: [], changes: [error.message] };
}

/** Over several elections a check holds when it holds for each of their records. */
function merge(reports: readonly Report[]): Map<CheckId, CheckResult> {
  const results = new Map<CheckId, CheckResult>();
  for (const id of CHECK_IDS) {
    const all = reports.flatMap(({ input, checks }) =>
      checks.filter((check) => check.id === id).map((check) => ({ input, check })),
    );
    const [first] = all;
    if (first === undefined) continue;
    const status = statusOf(all.map(({ check }) => check.status));
    const speaking = all.find(({ check }) => check.status === status)?.check ?? first.check;
    const details = all.map(({ input, check }) => `${input}: ${check.detail}`);
    const detail = all.length === 1 ? first.check.detail : details.join('; ');
    results.set(id, { ...speaking, detail });
  }
  return results;
}

function statusOf(statuses: readonly Status[]): Status {
  if (statuses.includes('fails')) return 'fails';
  return statuses.includes('not_applicable') ? 'not_applicable' : 'holds';
}

/** A code is of one election: over several it must match one of them. Issuers anchor as well. */
function anchorOf(
  verified: readonly Verified[],
  anchors: Anchors,
  trust: Uint8Array | null,
  isTrusted: boolean,
): string {
  const answers = verified.flatMap(({ report }) =>
    report.checks.filter(({ id }) => id === 'V20'),
  );
  const held = answers.find(({ status }) => status === 'holds');
  const [first] = answers;
  if (first === undefined) throw new DependsOnError('V18');
  if (anchors.code !== undefined) {
    if (held === undefined) throw new CheckFailedError(ANOTHER_CODE);
    if (trust !== null && !isTrusted) throw new CheckFailedError(STRANGERS);
    return answers.length === 1
      ? held.detail
      : `${held.detail}; the code anchors one record, not the others`;
  }
  if (trust !== null) {
    if (!isTrusted) throw new CheckFailedError(STRANGERS);
    return 'the signers are of the issuers given';
  }
  if (first.status === 'fails') throw new CheckFailedError(first.detail);
  throw new NotApplicableError('no_anchor', first.detail);
}

/** Codes to compare; those of several elections stand in the engineer's log. */
function codesOf(verified: readonly Verified[]): OwnCodes {
  const [only, ...others] = verified;
  return only === undefined || others.length > 0 ? NO_CODES : only.codes;
}

/** The meeting, and the cases of all its records. */
function subjectOfAll(evidence: readonly Evidence[]): Verified['subject'] {
  const subjects = evidence.flatMap((each) => subjectOf(each) ?? []);
  const [first, ...others] = subjects;
  if (first === undefined) return null;
  return {
    ...first,
    // Numbers of ballots differ between elections.
    counts: others.length === 0 ? first.counts : null,
    cases: subjects.flatMap(({ cases }) => cases),
  };
}
