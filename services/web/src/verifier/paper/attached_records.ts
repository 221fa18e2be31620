/** The records that a paper carries: `record.zip`, or `record-<uuid>.zip` of each election (§9). */

import { sha256HexOf } from '../evidence.ts';
import { type Evidence, readEvidence } from '../evidence.ts';
import { readRecordFiles } from '../record_files.ts';
import { MalformedInputError } from '../report.ts';
import type { PdfRevision } from './pdf_file.ts';
import { decodeStream } from './pdf_streams.ts';
import { PdfDict, type PdfValue, unreadable } from './pdf_values.ts';

const ONE_RECORD = 'record.zip';
const RECORD_OF = /^record-[^/]+\.zip$/;
const MAX_ATTACHMENTS = 50;
const MAX_DEPTH = 10;

/** A record as it is attached: its name, what it says, the SHA-256 of the file in hex. */
export interface AttachedRecord {
  readonly name: string;
  readonly evidence: Evidence;
  readonly sha256: string;
}

/** Read every attached record. Throws MalformedInputError, also where there is none. */
export function attachedRecords(revision: PdfRevision): AttachedRecord[] {
  const found = new Map<string, Uint8Array>();
  const names = revision.dict(revision.catalog.entries.get('Names') ?? null);
  const tree = revision.dict(names?.entries.get('EmbeddedFiles') ?? null);
  if (tree !== null) collect(revision, tree, found, MAX_DEPTH);
  if (found.size === 0) throw new MalformedInputError('no record is attached to this PDF');
  return [...found].map(([name, data]) => ({
    name,
    evidence: readEvidence(readRecordFiles(data)),
    sha256: sha256HexOf(data),
  }));
}

/** A name tree (ISO 32000-2:2020 §7.9.6): leaves hold pairs of name and file specification. */
function collect(
  revision: PdfRevision,
  node: PdfDict,
  found: Map<string, Uint8Array>,
  depth: number,
): void {
  if (depth === 0) throw unreadable('its attachments are nested too deep');
  const pairs = revision.array(node.entries.get('Names') ?? null);
  for (let place = 0; place + 1 < pairs.length; place += 2) {
    addRecord(revision, pairs[place + 1], found);
  }
  for (const kid of revision.array(node.entries.get('Kids') ?? null)) {
    const dict = revision.dict(kid);
    if (dict !== null) collect(revision, dict, found, depth - 1);
  }
}

function addRecord(
  revision: PdfRevision,
  value: PdfValue | undefined,
  found: Map<string, Uint8Array>,
): void {
  const specification = revision.dict(value ?? null);
  const name = nameOf(revision, specification);
  if (name !== ONE_RECORD && !RECORD_OF.test(name)) {
    throw unreadable('another file than a record is attached');
  }
  if (found.has(name) || found.size === MAX_ATTACHMENTS) {
    throw unreadable('a record is attached twice, or too many are');
  }
  const files = revision.dict(specification?.entries.get('EF') ?? null);
  const stream = revision.stream(files?.entries.get('F') ?? null);
  if (stream === null) throw unreadable('an attachment is no file');
  found.set(name, decodeStream(stream));
}

function nameOf(revision: PdfRevision, specification: PdfDict | null): string {
  const entries = specification?.entries;
  const name = entries?.get('UF') ?? entries?.get('F') ?? null;
  return revision.text(name) ?? '';
}
