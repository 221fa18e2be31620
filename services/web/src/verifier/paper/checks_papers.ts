/** V18: a paper's signatures, the record attached to it, and all that it prints (protocol.md §9). */

import { type Evidence, sha256HexOf } from '../evidence.ts';
import { MalformedInputError, NotApplicableError, refuseIfAny } from '../report.ts';
import { equalBytes } from '../../crypto/encodings.ts';
import type { AttachedRecord } from './attached_records.ts';
import type { PaperSignatures } from './paper_signatures.ts';
import type { PdfFile } from './pdf_file.ts';
import { codeProblems } from './printed_codes.ts';
import { figureProblems } from './printed_figures.ts';
import { readPages } from './printed_pages.ts';

/** An extract's rows are some of its minute's, and no log names it. */
const EXTRACT = 'an extract of a meeting minute: its signatures were checked, what it prints was not';

/** A paper whose parts could be read. */
export interface Paper {
  readonly file: PdfFile;
  readonly records: readonly AttachedRecord[];
  readonly signatures: PaperSignatures;
}

/**
 * V18. `given`: a record of the same election, of which the attached one must be a prefix, and in
 * whose log the paper must stand; `areIssuersGiven` for the summary. Returns what was found to hold.
 */
export async function checkPaper(
  { file, records, signatures }: Paper,
  given: Evidence | null,
  areIssuersGiven: boolean,
): Promise<string> {
  const problems = signatureProblems(signatures);
  if (given !== null) problems.push(...prefixProblems(file, records, given));
  const printed = await judgePrinted(file, records);
  refuseIfAny([...problems, ...printed.problems]);
  if (printed.isExtract) throw new NotApplicableError('extract', EXTRACT);
  return summary(signatures, given !== null, areIssuersGiven);
}

async function judgePrinted(
  file: PdfFile,
  records: readonly AttachedRecord[],
): Promise<{ problems: string[]; isExtract: boolean }> {
  try {
    const pages = readPages(file.last);
    const problems = [...pages.problems];
    if (pages.isExtract) return { problems, isExtract: true };
    // In the order in which the paper names them at its end.
    const inOrder = [...records].sort(
      (one, other) => pages.text.indexOf(one.sha256) - pages.text.indexOf(other.sha256),
    );
    if (problems.length === 0) problems.push(...codeProblems(pages.shapes, inOrder));
    return { problems: [...(await figureProblems(pages, records)), ...problems], isExtract: false };
  } catch (error) {
    if (error instanceof MalformedInputError) return { problems: [error.message], isExtract: false };
    if (!(error instanceof NotApplicableError)) throw error;
    const problem = `the attached record does not say what a paper prints: ${error.message}`;
    return { problems: [problem], isExtract: false };
  }
}

function signatureProblems({ signatures, changes }: PaperSignatures): string[] {
  if (!signatures.some(({ kind }) => kind === 'person')) {
    return ['nobody has signed this paper', ...changes];
  }
  const ofSignatures = signatures.flatMap(({ field, signer, kind, problems, isTrusted }) => {
    const all = isTrusted === false ? [...problems, 'not of the issuers given'] : problems;
    const what = kind === 'person' ? 'signature' : 'time stamp';
    return all.map((problem) => `${what} of ${signer ?? 'nobody known'} (${field}): ${problem}`);
  });
  return [...ofSignatures, ...changes.map((change) => `changed after it was issued: ${change}`)];
}

function prefixProblems(
  file: PdfFile,
  records: readonly AttachedRecord[],
  given: Evidence,
): string[] {
  const isPrefix = records.some(({ evidence: { placed } }) =>
    placed.every(({ line }, place) => {
      const other = given.placed[place]?.line;
      return other !== undefined && equalBytes(line, other);
    }),
  );
  if (!isPrefix) return ['no attached record is a prefix of the record given'];
  const issued = given.allOf('minute').map(({ sha256 }) => sha256);
  if (issued.length === 0) return [];
  // Signing only appends, so the paper as issued is the file at the end of one of its revisions.
  const hashes = file.revisions.flatMap(({ ends }) =>
    ends.map((end) => sha256HexOf(file.data.subarray(0, end))),
  );
  return hashes.some((hash) => issued.includes(hash))
    ? []
    : ['the log of the record given does not name this paper'];
}

function summary(
  { signatures, emptyFields }: PaperSignatures,
  isRecordGiven: boolean,
  areIssuersGiven: boolean,
): string {
  const people = signatures.filter(({ kind }) => kind === 'person');
  const stamps = signatures.length - people.length;
  return [
    `signed by ${people.map(({ signer }) => signer ?? '?').join(', ')}`,
    ...(emptyFields.length > 0
      ? [`not signed yet: ${emptyFields.map(({ field }) => field).join(', ')}`]
      : []),
    ...(stamps > 0 ? [`${stamps} document time stamps`] : []),
    areIssuersGiven
      ? 'certificates are of the issuers given'
      : 'issuers of the certificates were not judged',
    ...(isRecordGiven ? ['the attached record is a prefix of the one given'] : []),
    "figures, names and outcomes are the record's; other sentences were not compared",
  ].join('; ');
}
