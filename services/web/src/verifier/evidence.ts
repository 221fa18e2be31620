/**
 * What a record says, read once for all checks; nothing here is believed yet (protocol.md §7, §9
 * v2).
 *
 * Getters that need another part of the record throw DependsOnError with the number of the check
 * that says why the part cannot be read.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { type Checkpoint, parseCheckpointText, parseNote } from '../crypto/checkpoints.ts';
import { type Election, parseElection } from '../crypto/elections.ts';
import { bytesOfText, fromHex, joinBytes, toHex } from '../crypto/encodings.ts';
import { leafHash, type TreeHead, treeHead } from '../crypto/merkle.ts';
import { decode } from '../schemas/canonical.ts';
import {
  type BallotEntry,
  type Cancelled,
  type CeremonyReveal,
  type Closed,
  decodeEntry,
  type Issuance,
  type PartialDecryption,
  type Result,
  type VotingOpened,
} from '../schemas/entries.ts';
import { readWithheld, type RecordedEntry } from '../schemas/grammar.ts';
import { type Attendance, readAttendance, readRoster, type Roster } from '../schemas/roster.ts';
import type { Terms } from '../schemas/terms.ts';
import { Memo } from './memo.ts';
import type { RecordFiles } from './record_files.ts';
import { asProblem, isRefusal } from './refusals.ts';
import { type CheckId, DependsOnError, NotApplicableError } from './report.ts';

/** A record with more entries is refused (V1). */
export const MAX_ENTRIES = 2000;
const MAX_WITHHELD_BYTES = 128;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const WITHHELD_REASON = 'cancelled after closing: the record withholds the ballots';
const NEWLINE = 0x0a;
const WITHHELD_START = bytesOfText('{"withheld":');

/** The `type` of an entry, or `withheld` for what stands in a ballot's place. */
export type EntryKind = RecordedEntry['type'];
/** The entry of a kind. */
export type EntryOf<Kind extends EntryKind> = Extract<RecordedEntry, { type: Kind }>;

/** One line of `entries.jsonl`: its bytes and what they say, or why they say nothing. */
export interface PlacedEntry {
  readonly position: number;
  readonly line: Uint8Array;
  readonly entry: RecordedEntry | null;
  readonly problem: string | null;
  /** Hash of the entry in the log; of a withheld ballot the hash that stands for it (§1). */
  readonly leaf: Uint8Array;
}

/** One trustee's contributions to the ceremony. */
export interface Contributions {
  readonly index: number;
  readonly certificate: string;
  readonly commitment: string;
  readonly reveal: CeremonyReveal;
  readonly key: string;
}

interface EvidenceParts {
  readonly placed: readonly PlacedEntry[];
  readonly files: RecordFiles;
  readonly endsWithNewline: boolean;
  readonly endsAtClosing: boolean;
  readonly notes: ReadonlyMap<string, string>;
}

/**
 * A record's entries and files.
 *
 * `endsAtClosing`: a board as it stands before it is opened, not a finished record.
 */
export class Evidence {
  readonly placed: readonly PlacedEntry[];
  readonly files: RecordFiles;
  readonly endsWithNewline: boolean;
  readonly endsAtClosing: boolean;
  readonly notes: ReadonlyMap<string, string>;
  readonly #memo = new Memo();

  constructor(parts: EvidenceParts) {
    this.placed = parts.placed;
    this.files = parts.files;
    this.endsWithNewline = parts.endsWithNewline;
    this.endsAtClosing = parts.endsAtClosing;
    this.notes = parts.notes;
  }

  /** All entries of a kind, in order. */
  allOf<Kind extends EntryKind>(kind: Kind): EntryOf<Kind>[] {
    return this.placed.flatMap(({ entry }) => (isOfKind(entry, kind) ? [entry] : []));
  }

  /** All entries of some kinds with their positions, in order. */
  placedOf(...kinds: readonly EntryKind[]): PlacedEntry[] {
    return this.placed.filter(({ entry }) => entry !== null && kinds.includes(entry.type));
  }

  /** The first entry of a kind (V0 sees to it that there is no second), or null. */
  find<Kind extends EntryKind>(kind: Kind): EntryOf<Kind> | null {
    return this.allOf(kind)[0] ?? null;
  }

  /** All leaf hashes. */
  get leaves(): readonly Uint8Array[] {
    return this.#memo.of('leaves', () => this.placed.map((placed) => placed.leaf));
  }

  /** Head of the tree up to and with the last entry of some kinds; null where there is none. */
  headAfter(...kinds: readonly EntryKind[]): TreeHead | null {
    const last = this.placedOf(...kinds).at(-1);
    return last === undefined ? null : treeHead(this.leaves.slice(0, last.position + 1));
  }

  /** The cancellation, or null. */
  get cancelled(): Cancelled | null {
    return this.find('cancelled');
  }

  /** Cancelled after closing: checks of ballots and sum do not apply (protocol.md §1). */
  get withholdsBallots(): boolean {
    return this.cancelled !== null && this.find('closed') !== null;
  }

  /** The terms. Throws DependsOnError('V1'), or NotApplicableError where none are due. */
  get terms(): Terms {
    return this.#memo.of('terms', () => this.#due('terms'));
  }

  get opened(): VotingOpened {
    return this.#due('voting_opened');
  }

  get closed(): Closed {
    return this.#due('closed');
  }

  /** The result entry. Throws NotApplicableError for a board before its opening. */
  get result(): Result {
    if (this.endsAtClosing) {
      throw new NotApplicableError('not_opened', 'not opened yet');
    }
    return this.#due('result');
  }

  /** `election.json` as the entry gives it. Throws DependsOnError('V4'). */
  get election(): Election {
    return this.#memo.of('election', () => {
      const entry = this.#due('election');
      return orDependsOn('V4', () => parseElection(entry.election));
    });
  }

  /** The ceremony by trustee, complete for all. Throws DependsOnError('V0'). */
  get ceremony(): readonly Contributions[] {
    return this.#memo.of('ceremony', () => {
      const certificates = byIndex(this.allOf('ceremony_certificate'));
      const commitments = byIndex(this.allOf('ceremony_commitment'));
      const reveals = byIndex(this.allOf('ceremony_reveal'));
      const keys = byIndex(this.allOf('ceremony_key'));
      const size = certificates.size;
      if (size === 0 || [commitments, reveals, keys].some((part) => part.size !== size)) {
        throw new DependsOnError('V0');
      }
      return Array.from({ length: size }, (_, place) => {
        const index = place + 1;
        const certificate = certificates.get(index)?.certificate;
        const commitment = commitments.get(index)?.commitment;
        const reveal = reveals.get(index);
        const key = keys.get(index)?.verification_key;
        if (
          certificate === undefined ||
          commitment === undefined ||
          reveal === undefined ||
          key === undefined
        ) {
          throw new DependsOnError('V0');
        }
        return { index, certificate, commitment, reveal, key };
      });
    });
  }

  /** The ballots. Throws NotApplicableError where the record withholds or never had them. */
  get ballots(): readonly BallotEntry[] {
    this.requireBallots();
    return this.allOf('ballot');
  }

  get issuances(): readonly Issuance[] {
    return this.#memo.of('issuances', () => this.allOf('issuance'));
  }

  get partialDecryptions(): readonly PartialDecryption[] {
    return this.allOf('partial_decryption');
  }

  /** Throw NotApplicableError for an election that was cancelled (protocol.md §1). */
  requireBallots(): void {
    if (this.withholdsBallots) {
      throw new NotApplicableError('cancelled', WITHHELD_REASON);
    }
    if (this.cancelled !== null) {
      throw new NotApplicableError('cancelled', 'cancelled before closing: there are no ballots');
    }
  }

  /** R of protocol.md §3: root of the tree at closing, computed from the entries. */
  get closingRoot(): Uint8Array {
    const head = this.headAfter('closed');
    if (head === null) {
      throw new DependsOnError('V0');
    }
    return head.root;
  }

  /** The roster where it is given, else null. Throws DependsOnError('V4') when malformed. */
  get roster(): Roster | null {
    return this.#memo.of('roster', () => readFile(this.files.roster, readRoster));
  }

  /** The attendance where it is given, else null. Throws DependsOnError('V4') when malformed. */
  get attendance(): Attendance | null {
    return this.#memo.of('attendance', () => readFile(this.files.attendance, readAttendance));
  }

  /** What a checkpoint says, its signature unjudged, or null. Throws DependsOnError('V2'). */
  checkpoint(name: string): Checkpoint | null {
    const note = this.notes.get(name);
    return note === undefined
      ? null
      : orDependsOn('V2', () => parseCheckpointText(parseNote(note).text));
  }

  #due<Kind extends EntryKind>(kind: Kind): EntryOf<Kind> {
    const found = this.find(kind);
    if (found !== null) {
      return found;
    }
    if (this.placed.some((placed) => placed.entry === null)) {
      throw new DependsOnError('V1');
    }
    if (this.cancelled !== null) {
      throw new NotApplicableError('cancelled', 'cancelled before it came to that');
    }
    throw new DependsOnError('V0');
  }
}

/** Read a finished record's entries (protocol.md §11); whatever cannot be read says why. */
export function readEvidence(files: RecordFiles): Evidence {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const notes = [...files.checkpoints].map(
    ([name, data]) => [name, decoder.decode(data)] as const,
  );
  return new Evidence({
    placed: place(linesOf(files.entries)),
    files,
    endsWithNewline: files.entries.at(-1) === NEWLINE,
    endsAtClosing: false,
    notes: new Map(notes),
  });
}

/** A board as a teller's device downloads it, before it is opened (protocol.md §3). */
export function boardEvidence(
  entries: readonly Uint8Array[],
  notes: ReadonlyMap<string, string>,
  roster: Uint8Array,
  attendance: Uint8Array,
): Evidence {
  const checkpoints = [...notes].map(([name, note]) => [name, bytesOfText(note)] as const);
  const newline = Uint8Array.of(NEWLINE);
  const files: RecordFiles = {
    entries: joinBytes(...entries.flatMap((entry) => [entry, newline])),
    checkpoints: new Map(checkpoints),
    roster,
    attendance,
  };
  const placed = place(entries.slice(0, MAX_ENTRIES + 1));
  return new Evidence({ placed, files, endsWithNewline: true, endsAtClosing: true, notes });
}

/** SHA-256 in lowercase hex. */
export function sha256HexOf(data: Uint8Array): string {
  return toHex(sha256(data));
}

/** SHA-256 of a text's UTF-8 bytes in lowercase hex. */
export function sha256HexOfText(text: string): string {
  return sha256HexOf(bytesOfText(text));
}

/** The lines of `entries.jsonl`, at most one more than is allowed; V1 counts them. */
function linesOf(data: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < data.length && lines.length <= MAX_ENTRIES) {
    const end = data.indexOf(NEWLINE, start);
    const next = end === -1 ? data.length : end;
    lines.push(data.subarray(start, next));
    start = next + 1;
  }
  return lines;
}

function place(lines: readonly Uint8Array[]): PlacedEntry[] {
  return lines.map((line, position): PlacedEntry => {
    try {
      const entry = readLine(line);
      const leaf = entry.type === 'withheld' ? fromHex(entry.withheld) : leafHash(line);
      return { position, line, entry, problem: null, leaf };
    } catch (error) {
      return { position, line, entry: null, problem: asProblem(error), leaf: leafHash(line) };
    }
  });
}

function readLine(line: Uint8Array): RecordedEntry {
  const isWithheld = WITHHELD_START.every((byte, position) => line[position] === byte);
  return isWithheld ? readWithheld(decode(line, MAX_WITHHELD_BYTES)) : decodeEntry(line);
}

function readFile<Value>(
  data: Uint8Array | undefined,
  read: (value: unknown) => Value,
): Value | null {
  if (data === undefined) {
    return null;
  }
  return orDependsOn('V4', () => read(decode(data, MAX_FILE_BYTES)));
}

function orDependsOn<Value>(check: CheckId, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw isRefusal(error) ? new DependsOnError(check) : error;
  }
}

function byIndex<Entry extends { readonly index: number }>(
  entries: readonly Entry[],
): Map<number, Entry> {
  return new Map(entries.map((entry) => [entry.index, entry]));
}

function isOfKind<Kind extends EntryKind>(
  entry: RecordedEntry | null,
  kind: Kind,
): entry is EntryOf<Kind> {
  return entry?.type === kind;
}
