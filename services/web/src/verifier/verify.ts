/** The verifier's entry: tell what was given, run all checks that apply (protocol.md §9 v2). */

import { type Judge, judgeChunk } from './ballot_verdicts.ts';
import {
  type Anchored,
  type Anchors,
  checkAnchor,
  NO_CODES,
  ownCodes,
  type OwnCodes,
} from './checks_anchor.ts';
import { checkClaims, checkReceipt, readReceipt } from './checks_receipt.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import { checkForeignElection, NOT_IN_ARCHIVE, readForeignElection } from './foreign_archive.ts';
import type { PaperSignatures } from './paper/paper_signatures.ts';
import { type OnProgress, progressOf } from './progress.ts';
import { type InputKind, kindOf, readRecordFiles } from './record_files.ts';
import {
  type CheckId,
  type CheckResult,
  makeReport,
  orNull,
  type Report,
  runCheck,
} from './report.ts';
import { type Subject, subjectOf, subjectOfArchive, subjectOfReceipt } from './subject.ts';
import { RecordChecks } from './verify_record.ts';

const ONLY_RECEIPT = 'a receipt alone does not hold it';
const NO_PAPER = 'no paper given';

/** A report, and what the screen shows beside it; the codes are those of the input itself. */
export interface Verified {
  readonly kind: InputKind;
  readonly report: Report;
  readonly codes: OwnCodes;
  readonly subject: Subject | null;
  /** Who signed, where a paper was given. */
  readonly signers?: SignersView;
}

/** A paper's signatures, and whether the reader gave issuers to judge them by. */
export interface SignersView extends PaperSignatures {
  readonly areIssuersJudged: boolean;
}

/** How to verify; what is left out has its plain default: no anchor, one judge, no progress. */
export interface VerifyOptions {
  readonly anchors?: Anchors;
  /** A record to compare a paper or a receipt with. */
  readonly given?: Evidence | null;
  /** PEM of the issuers by which a paper's signers are judged. */
  readonly trust?: Uint8Array | null;
  readonly judges?: readonly Judge[];
  readonly onProgress?: OnProgress;
}

/**
 * Verify a record, a Belenios archive, a paper or a receipt, whatever `data` is; `name` for the
 * report. Throws MalformedInputError for what cannot be read at all.
 */
export async function verifyBytes(
  data: Uint8Array,
  name: string,
  options: VerifyOptions = {},
): Promise<Verified> {
  switch (kindOf(data)) {
    case 'record':
      return verifyEvidence(readEvidence(readRecordFiles(data)), name, options);
    case 'archive':
      return verifyArchive(data, name, options);
    case 'receipt':
      return verifyReceipt(data, name, options.anchors ?? {}, options.given ?? null);
    case 'paper':
      return verifyPaperBytes(data, name, options);
  }
}

async function verifyPaperBytes(
  data: Uint8Array,
  name: string,
  options: VerifyOptions,
): Promise<Verified> {
  // Loaded when a paper is given: readers of PDF and certificates are of no use before.
  const { verifyPaper } = await import('./paper/verify_paper.ts');
  const { anchors = {}, given = null, trust = null, judges = [judgeChunk] } = options;
  const { onProgress = () => undefined } = options;
  return verifyPaper(data, name, {
    anchors,
    given,
    trust,
    verifyRecord: (evidence, recordName) =>
      verifyEvidence(evidence, recordName, { anchors, judges, onProgress }),
  });
}

/**
 * Verify a Belenios archive by itself, by Belenios' own rules (§9, end of the table).
 *
 * Throws MalformedInputError.
 */
export async function verifyArchive(
  data: Uint8Array,
  name: string,
  options: VerifyOptions = {},
): Promise<Verified> {
  const { anchors = {}, judges = [judgeChunk], onProgress = () => undefined } = options;
  const foreign = readForeignElection(data, judges, progressOf(onProgress, 'ballots'));
  const results = await checkForeignElection(foreign);
  const phi = orNull(() => foreign.election.fingerprint);
  const anchored: Anchored = { phi, closingNote: null, receiptCode: null };
  const codes = await setAnchor(results, anchors, anchored);
  const report = makeReport(name, results, NOT_IN_ARCHIVE);
  const subject = orNull(() => subjectOfArchive(foreign.election));
  return { kind: 'archive', report, codes, subject };
}

/** Verify a record: V0 to V17, its claims (V19), the anchor (V20). */
export async function verifyEvidence(
  evidence: Evidence,
  name: string,
  options: VerifyOptions = {},
): Promise<Verified> {
  const { anchors = {}, judges = [judgeChunk], onProgress = () => undefined } = options;
  const results = await new RecordChecks(evidence, judges, onProgress).run();
  results.set('V19', await runCheck('V19', () => checkClaims(evidence)));
  const codes = await setAnchor(results, anchors, anchoredOf(evidence));
  const report = makeReport(name, results, NO_PAPER);
  return { kind: 'record', report, codes, subject: subjectOf(evidence) };
}

/** V20; returns the codes that it computed. */
async function setAnchor(
  results: Map<CheckId, CheckResult>,
  anchors: Anchors,
  anchored: Anchored,
): Promise<OwnCodes> {
  let codes = NO_CODES;
  const check = async (): Promise<string> => {
    codes = await ownCodes(anchors, anchored);
    return checkAnchor(anchors, codes);
  };
  results.set('V20', await runCheck('V20', check));
  return codes;
}

/**
 * Verify a receipt by itself, or with the record at hand (V19, V20).
 *
 * Throws MalformedInputError.
 */
export async function verifyReceipt(
  data: Uint8Array,
  name: string,
  anchors: Anchors,
  given: Evidence | null,
): Promise<Verified> {
  const receipt = readReceipt(data);
  const anchored: Anchored = {
    phi: receipt.election.fingerprint,
    closingNote: receipt.closingNote,
    receiptCode: receipt.file.receipt_code,
  };
  const results = new Map<CheckId, CheckResult>();
  results.set('V19', await runCheck('V19', () => checkReceipt(receipt, given)));
  const codes = await setAnchor(results, anchors, anchored);
  const subject = subjectOfReceipt(receipt.terms);
  const report = makeReport(name, results, ONLY_RECEIPT);
  return { kind: 'receipt', report, codes, subject };
}

/** What of a record an anchor can match. */
function anchoredOf(evidence: Evidence): Anchored {
  return {
    phi: orNull(() => evidence.election.fingerprint),
    closingNote: evidence.notes.get('closing') ?? null,
    receiptCode: null,
  };
}
