/**
 * Reading what a verifier is given, with every size bounded (protocol.md §9 v2).
 *
 * Nothing here judges content; what cannot even be read is MalformedInputError.
 */

import {
  ARCHIVE,
  ATTENDANCE,
  CHECKPOINTS,
  ENTRIES,
  FILE_ORDER,
  MANIFEST,
  ROSTER,
} from '../schemas/record.ts';
import { MalformedInputError } from './report.ts';
import { readStoredZip } from './stored_zip.ts';

/** What a file is, by its first bytes. */
export type InputKind = 'record' | 'archive' | 'paper' | 'receipt';

/** More than a browser should hold in memory; the offline program reads twice as much. */
export const MAX_INPUT_BYTES = 512 * 1024 * 1024;
/** No receipt is longer. */
export const MAX_RECEIPT_BYTES = 4 * 1024 * 1024;
const MAX_CHECKPOINT_BYTES = 16_384;
const PDF_HEADER_WITHIN = 1024;
const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d];
const OPENING_BRACE = 0x7b;

/** The files of one `record.zip` as bytes; checkpoints by their short names. */
export interface RecordFiles {
  readonly entries: Uint8Array;
  readonly checkpoints: ReadonlyMap<string, Uint8Array>;
  readonly archive?: Uint8Array | undefined;
  readonly manifest?: Uint8Array | undefined;
  readonly roster?: Uint8Array | undefined;
  readonly attendance?: Uint8Array | undefined;
}

/** Tell by its first bytes what the reader gave. Throws MalformedInputError. */
export function kindOf(data: Uint8Array): InputKind {
  if (data.length > MAX_INPUT_BYTES) {
    throw new MalformedInputError(`larger than ${MAX_INPUT_BYTES} bytes`);
  }
  const head = latin1(data.subarray(0, PDF_HEADER_WITHIN));
  if (head.startsWith('PK\x03\x04')) {
    return 'record';
  }
  if (head.startsWith('BELENIOS\0')) {
    return 'archive';
  }
  if (head.includes('%PDF-')) {
    return 'paper';
  }
  if (data.find((byte) => !WHITE_SPACE.includes(byte)) === OPENING_BRACE) {
    return 'receipt';
  }
  throw new MalformedInputError('neither a record, a Belenios archive, a PDF nor a receipt');
}

/**
 * Read `record.zip` (protocol.md §9): known names, each once, stored, not encrypted.
 *
 * Throws MalformedInputError.
 */
export function readRecordFiles(data: Uint8Array): RecordFiles {
  const files = new Map<string, Uint8Array>();
  const seen = new Set<string>();
  const check = (name: string, size: number): void => {
    if (seen.has(name)) {
      throw new MalformedInputError('the record holds a file twice');
    }
    seen.add(name);
    if (!FILE_ORDER.some((known) => known === name)) {
      const shown = JSON.stringify(name.slice(0, 80));
      throw new MalformedInputError(`the record holds an unknown file: ${shown}`);
    }
    if (CHECKPOINTS.some((known) => known === name) && size > MAX_CHECKPOINT_BYTES) {
      throw new MalformedInputError(`${name} is longer than a checkpoint can be`);
    }
  };
  for (const file of readStoredZip(data, check)) {
    files.set(file.name, file.data);
  }
  return filesByPlace(files);
}

function filesByPlace(files: ReadonlyMap<string, Uint8Array>): RecordFiles {
  const entries = files.get(ENTRIES);
  if (entries === undefined) {
    throw new MalformedInputError(`the record holds no ${ENTRIES}`);
  }
  const checkpoints = new Map<string, Uint8Array>();
  for (const name of CHECKPOINTS) {
    const note = files.get(name);
    if (note !== undefined) {
      checkpoints.set(name.slice(name.indexOf('/') + 1), note);
    }
  }
  return {
    entries,
    checkpoints,
    archive: files.get(ARCHIVE),
    manifest: files.get(MANIFEST),
    roster: files.get(ROSTER),
    attendance: files.get(ATTENDANCE),
  };
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
