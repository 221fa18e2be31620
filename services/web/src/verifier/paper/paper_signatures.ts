/**
 * The signatures of a paper: each over the file as it stood, changes after it only permitted ones
 * (protocol.md §9, V18).
 */

import type { Certificate } from 'pkijs';

import {
  isOfIssuers,
  isRevoked,
  ownerOf,
  readCertificate,
  readRevocationData,
  type RevocationData,
  validityProblems,
} from './certificate_trust.ts';
import { CmsError, verifyDetached, verifyTimeStamp } from './cms_signature.ts';
import { type FormField, formFields } from './form_fields.ts';
import type { PdfFile, PdfRevision } from './pdf_file.ts';
import { latin1 } from './pdf_lexer.ts';
import { decodeStream } from './pdf_streams.ts';
import { type PdfDict, PdfString, type PdfValue, unreadable } from './pdf_values.ts';
import { changeProblems } from './permitted_changes.ts';

const MAX_SIGNATURES = 30;
const MAX_CLOCK_AHEAD_MS = 10 * 60 * 1000;
const PADES = 'ETSI.CAdES.detached';
const TIME_STAMP = 'ETSI.RFC3161';

/** One signature judged; `isTrusted` is null where no issuers were given. */
export interface PaperSignature {
  readonly field: string;
  /** What the field is for, as screen readers say it. */
  readonly title: string;
  readonly kind: 'person' | 'time_stamp';
  /** The certificate's name; null where the signature shows none that can be believed. */
  readonly signer: string | null;
  /** RFC 3339: as the signer states, or as the time stamp says; null where nothing is stated. */
  readonly time: string | null;
  /** When a time-stamp server saw this signature. */
  readonly stampedAt: string | null;
  readonly isTrusted: boolean | null;
  readonly problems: readonly string[];
}

/** All signatures in their order, the fields that nobody has signed, and what else was changed. */
export interface PaperSignatures {
  readonly signatures: readonly PaperSignature[];
  readonly emptyFields: readonly { readonly field: string; readonly title: string }[];
  readonly changes: readonly string[];
}

interface Placed {
  readonly field: FormField;
  readonly revision: PdfRevision;
  readonly value: PdfDict;
}

/** Judge every signature of a paper. Throws MalformedInputError. */
export async function judgeSignatures(
  file: PdfFile,
  roots: readonly Certificate[] | null,
): Promise<PaperSignatures> {
  const placed = findSignatures(file);
  const revocation = revocationDataOf(file.last);
  const signatures: PaperSignature[] = [];
  for (const each of placed) signatures.push(await judge(file, each, roots, revocation));
  const last = formFields(file.last);
  const signed = new Set(placed.map(({ field }) => field.name));
  const emptyFields = [...last.values()]
    .filter(({ kind, name }) => kind === 'Sig' && !signed.has(name))
    .map(({ name: field, title }) => ({ field, title }));
  return { signatures, emptyFields, changes: changesAfterIssuing(file) };
}

/** Every signature with the revision that brought it. */
function findSignatures(file: PdfFile): Placed[] {
  const found = new Map<string, Placed>();
  for (const revision of file.revisions) {
    const here: Placed[] = [];
    for (const field of fieldsIfAny(revision).values()) {
      const value = revision.dict(field.dict.entries.get('V') ?? null);
      if (field.kind === 'Sig' && value !== null && !found.has(field.name)) {
        here.push({ field, revision, value });
      }
    }
    if (here.length > 1) throw unreadable('one revision brings two signatures');
    for (const each of here) found.set(each.field.name, each);
  }
  if (found.size > MAX_SIGNATURES) throw unreadable('it has too many signatures');
  return [...found.values()];
}

function fieldsIfAny(revision: PdfRevision): ReadonlyMap<number, FormField> {
  return revision.catalog.entries.has('AcroForm') ? formFields(revision) : new Map();
}

/** What the revisions after the one that brought the form changed that they may not. */
function changesAfterIssuing(file: PdfFile): string[] {
  const first = file.revisions.findIndex((revision) => fieldsIfAny(revision).size > 0);
  const problems: string[] = [];
  for (const [place, after] of file.revisions.entries()) {
    const before = file.revisions[place - 1];
    if (before === undefined || first === -1 || place <= first) continue;
    problems.push(...changeProblems(before, after));
  }
  return [...new Set(problems)];
}

async function judge(
  file: PdfFile,
  { field, revision, value }: Placed,
  roots: readonly Certificate[] | null,
  revocation: RevocationData,
): Promise<PaperSignature> {
  const isTimeStamp = revision.name(value.entries.get('Type') ?? null) === 'DocTimeStamp';
  const stated = timeOf(revision.text(value.entries.get('M') ?? null));
  const judged: PaperSignature = {
    field: field.name,
    title: field.title,
    kind: isTimeStamp ? 'time_stamp' : 'person',
    signer: null,
    time: stated?.toISOString() ?? null,
    stampedAt: null,
    isTrusted: null,
    problems: [],
  };
  const subfilter = revision.name(value.entries.get('SubFilter') ?? null);
  if (subfilter !== (isTimeStamp ? TIME_STAMP : PADES)) {
    return { ...judged, problems: [`it is of another kind (${subfilter ?? 'none'})`] };
  }
  if (value.entries.has('Reference')) {
    return { ...judged, problems: ['it certifies or locks the file, which no paper asks for'] };
  }
  try {
    const { contents, signed } = coveredBytes(file, revision, value);
    return await (isTimeStamp
      ? judgeTimeStamp(judged, contents, signed, roots)
      : judgePerson(judged, contents, signed, { stated, roots, revocation }));
  } catch (error) {
    if (error instanceof CmsError) return { ...judged, problems: [error.message] };
    throw error;
  }
}

interface Circumstances {
  readonly stated: Date | null;
  readonly roots: readonly Certificate[] | null;
  readonly revocation: RevocationData;
}

async function judgePerson(
  judged: PaperSignature,
  contents: Uint8Array,
  signed: Uint8Array,
  { stated, roots, revocation }: Circumstances,
): Promise<PaperSignature> {
  const found = await verifyDetached(contents, signed);
  refuseFilling(contents, found.length);
  const { certificate, certificates, stampedAt } = found;
  const problems: string[] = [];
  // At the signer's own time: certificates expire, minutes are kept.
  const at = stampedAt ?? stated;
  if (at === null) problems.push('it does not state when it was made');
  else problems.push(...validityProblems(certificate, at));
  if (stampedAt !== null && stated !== null && +stated - +stampedAt > MAX_CLOCK_AHEAD_MS) {
    problems.push('it states a later time than its time stamp');
  }
  const known = [...certificates, ...(roots ?? []), ...(storedCertificates.get(revocation) ?? [])];
  if (await isRevoked(certificate, known, revocation)) {
    problems.push('the certificate is revoked');
  }
  const isTrusted =
    roots === null || at === null ? null : await isOfIssuers(certificate, known, roots, at);
  return {
    ...judged,
    signer: ownerOf(certificate),
    stampedAt: stampedAt?.toISOString() ?? null,
    isTrusted,
    problems,
  };
}

async function judgeTimeStamp(
  judged: PaperSignature,
  contents: Uint8Array,
  signed: Uint8Array,
  roots: readonly Certificate[] | null,
): Promise<PaperSignature> {
  const { certificate, certificates, length, time } = await verifyTimeStamp(contents, signed);
  refuseFilling(contents, length);
  return {
    ...judged,
    signer: ownerOf(certificate),
    time: time.toISOString(),
    isTrusted: roots === null ? null : await isOfIssuers(certificate, certificates, roots, time),
    problems: validityProblems(certificate, time),
  };
}

/** The room that a signature does not fill must be empty: nothing else may travel in it. */
function refuseFilling(contents: Uint8Array, length: number): void {
  if (contents.subarray(length).some((byte) => byte !== 0)) {
    throw new CmsError('something stands behind the signature in its room');
  }
}

/** What the signature covers: all of the file as it stood, but its own value (§12.8.1). */
function coveredBytes(
  file: PdfFile,
  revision: PdfRevision,
  value: PdfDict,
): { contents: Uint8Array; signed: Uint8Array } {
  const contents: PdfValue = value.entries.get('Contents') ?? null;
  const [start, first, second, rest] = revision.numbers(value.entries.get('ByteRange') ?? []);
  if (!(contents instanceof PdfString) || first === undefined || second === undefined) {
    throw new CmsError('it does not say what it covers');
  }
  const isHex = file.data[first] === 0x3c;
  const leavesOut = first === contents.start && second === contents.end && isHex;
  const end = second + (rest ?? Number.NaN);
  if (start !== 0 || !leavesOut || !revision.ends.includes(end)) {
    throw new CmsError('it does not cover the whole file as it stood');
  }
  if (!/^<[0-9A-Fa-f]*>$/.test(latin1(file.data.subarray(first, second)))) {
    throw new CmsError('its value is not written as digits only');
  }
  const signed = new Uint8Array(first + (end - second));
  signed.set(file.data.subarray(0, first));
  signed.set(file.data.subarray(second, end), first);
  return { contents: contents.bytes, signed };
}

/** The certificates of a security store, beside what was read of its revocation data. */
const storedCertificates = new WeakMap<RevocationData, readonly Certificate[]>();

function revocationDataOf(revision: PdfRevision): RevocationData {
  const store = revision.dict(revision.catalog.entries.get('DSS') ?? null);
  const bytesOf = (key: string): Uint8Array[] =>
    revision.array(store?.entries.get(key) ?? null).flatMap((ref) => {
      const stream = revision.stream(ref);
      return stream === null ? [] : [decodeStream(stream)];
    });
  const data = readRevocationData(bytesOf('CRLs'), bytesOf('OCSPs'));
  const certificates = bytesOf('Certs').flatMap((der) => readCertificate(der) ?? []);
  storedCertificates.set(data, certificates);
  return data;
}

/** A date of a PDF (§7.9.4), with its zone. */
function timeOf(text: string | null): Date | null {
  const found =
    /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z|([+-]\d\d)'?(\d\d)'?|Z00'00'?)?$/.exec(text ?? '');
  if (found === null) return null;
  const [, year, month, day, hour, minute, second, zone, minutes] = found;
  const offset = zone === undefined ? 'Z' : `${zone}:${minutes ?? '00'}`;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  return Number.isNaN(+date) ? null : date;
}
