/** What a record file and a receipt file hold (protocol.md §9 v2). */

import {
  integer,
  list,
  object,
  oneOf,
  readElectionUuid,
  readFingerprint,
  readHash,
  readLongText,
  text,
} from './fields.ts';

/** All entries, each with a newline. */
export const ENTRIES = 'entries.jsonl';
/** The checkpoints, in order. */
export const CHECKPOINTS = [
  'checkpoints/opening',
  'checkpoints/closing',
  'checkpoints/result',
  'checkpoints/minute',
] as const;
/** The Belenios archive. */
export const ARCHIVE = 'election.bel';
/** What the record is of. */
export const MANIFEST = 'manifest.json';
/** Who is a member; a public copy may leave it out. */
export const ROSTER = 'roster.json';
/** Who was there; a public copy may leave it out. */
export const ATTENDANCE = 'attendance.json';
/** Order of the files in `record.zip`; absent ones are left out. Stored, dated 1980-01-01. */
export const FILE_ORDER = [
  ENTRIES,
  ...CHECKPOINTS,
  ARCHIVE,
  MANIFEST,
  ROSTER,
  ATTENDANCE,
] as const;
/** No record is longer. */
export const MAX_RECORD_BYTES = 1024 * 1024 * 1024;

/** A file of the record by its name and hash. */
export interface RecordedFile {
  readonly name: string;
  readonly sha256: string;
}

/**
 * `manifest.json`: what the record is of. `files` lists all files but the manifest itself and
 * `roster.json`, `attendance.json`, which a public copy may leave out.
 */
export interface Manifest {
  readonly format: 'phieukin/record/1';
  readonly uuid: string;
  readonly phi: string;
  readonly size: number;
  readonly files: readonly RecordedFile[];
}

/**
 * `<tracker in hex>.json`: verifiable alone (V19).
 *
 * `promise` is the box's signed note, `entry` the exact entry of the ballot on the board, without
 * which nothing would join the promised tracker and the leaf; `leaf` its hash, `proof` a C2SP
 * tlog-proof whose checkpoint is the closing one, `election` the exact election.json, `terms` the
 * exact terms entry, `receipt` the value whose code the phone showed.
 */
export interface ReceiptFile {
  readonly format: 'phieukin/receipt/1';
  readonly uuid: string;
  readonly phi: string;
  readonly tracker: string;
  readonly receipt: string;
  readonly receipt_code: string;
  readonly promise: string;
  readonly entry: string;
  readonly leaf: string;
  readonly proof: string;
  readonly terms: string;
  readonly election: string;
}

/** Reads Manifest. */
export const readManifest = object<Manifest>({
  format: oneOf('phieukin/record/1'),
  uuid: readElectionUuid,
  phi: readFingerprint,
  size: integer(1, 2000),
  files: list(object<RecordedFile>({ name: text({ min: 1, max: 60 }), sha256: readHash })),
});

/** Reads ReceiptFile. A receipt is JSON but not canonical: its notes have newlines. */
export const readReceiptFile = object<ReceiptFile>({
  format: oneOf('phieukin/receipt/1'),
  uuid: readElectionUuid,
  phi: readFingerprint,
  tracker: readHash,
  receipt: readHash,
  receipt_code: text({ min: 24, max: 24 }),
  promise: readLongText,
  entry: text({ min: 2, max: 1_048_576 }),
  leaf: readHash,
  proof: readLongText,
  terms: text({ min: 2, max: 2_097_152 }),
  election: text({ min: 2, max: 524_288 }),
});
