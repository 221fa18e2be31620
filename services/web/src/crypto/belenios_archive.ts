/**
 * The `.bel` archive of Belenios protocol 1: reader and byte-exact writer (belenios-format §8).
 *
 * The bytes of the tar file are part of the format: belenios-tool makes the archive anew and
 * compares.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { dumps, fields, integerField, loads, requireExact, textField } from './belenios_json.ts';
import {
  type Bytes,
  bytesOfText,
  equalBytes,
  isAscii,
  joinBytes,
  textOfBytes,
  toHex,
} from './encodings.ts';
import { ArchiveError, MalformedError } from './errors.ts';

const BLOCK = 512;
const NAME_BYTES = 100;
/** No archive that is read is longer. */
export const MAX_ARCHIVE_BYTES = 1024 * 1024 * 1024;
const MAX_MEMBERS = 100_000;
// Eleven octal digits.
const TIMESTAMP_LIMIT = 8 ** 11;
const HEADER_NAME = 'BELENIOS';

const MEMBER = /^([0-9a-f]{64})\.(data|event)\.json$/;
const HASH = /^[0-9a-f]{64}$/;
const TIMESTAMP = /^(?:0|[1-9][0-9]{0,10})$/;
const OCTAL = /^[0-7]{11}$/;
const SETUP = ['election', 'trustees', 'credentials'];
const SIZED_TALLY = ['num_tallied', 'total_weight', 'encrypted_tally'];

/** The kinds of events in their order. */
const ORDER = [
  'Setup',
  'Ballot',
  'EndBallots',
  'EncryptedTally',
  'PartialDecryption',
  'Result',
] as const;
type Kind = (typeof ORDER)[number];

/** A partial decryption and its trustee, counted from 1 over the flattened list. */
export interface OwnedPartialDecryption {
  readonly owner: number;
  readonly text: string;
}

/**
 * What an archive holds, in its order; texts are exact bytes. The count may be unfinished: what is
 * not there yet is null.
 */
export interface Archive {
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly election: string;
  readonly trustees: string;
  readonly publicCredentials: string;
  readonly ballots: readonly string[];
  readonly isClosed: boolean;
  readonly numTallied: number | null;
  readonly totalWeight: number | null;
  readonly encryptedTally: string | null;
  readonly partialDecryptions: readonly OwnedPartialDecryption[];
  readonly result: string | null;
}

/** A file in the tar file. */
export interface ArchiveMember {
  readonly name: string;
  readonly text: string;
}

/**
 * Write the archive, byte for byte as belenios-tool does (belenios-format §8).
 *
 * Throws ArchiveError for a time that the format cannot hold, or a tally without its sizes.
 */
export function writeArchive(archive: Archive): Bytes {
  const { timestamp, encryptedTally, numTallied, totalWeight } = archive;
  if (!Number.isInteger(timestamp) || timestamp < 0 || timestamp >= TIMESTAMP_LIMIT) {
    throw new ArchiveError("the time does not fit into the archive's headers");
  }
  const absent = [encryptedTally, numTallied, totalWeight].filter((each) => each === null).length;
  if (absent !== 0 && absent !== 3) {
    throw new ArchiveError('an encrypted tally stands with its number and weight of ballots');
  }
  const writer = new Writer(timestamp);
  writer.object('Setup', {
    election: writer.data(archive.election),
    trustees: writer.data(archive.trustees),
    credentials: writer.data(archive.publicCredentials),
  });
  for (const ballot of archive.ballots) writer.event('Ballot', writer.data(ballot));
  if (archive.isClosed) writer.event('EndBallots');
  if (encryptedTally !== null) {
    writer.object('EncryptedTally', {
      num_tallied: numTallied,
      total_weight: totalWeight,
      encrypted_tally: writer.data(encryptedTally),
    });
  }
  for (const { owner, text } of archive.partialDecryptions) {
    writer.object('PartialDecryption', { owner, payload: writer.data(text) });
  }
  if (archive.result !== null) writer.event('Result', writer.data(archive.result));
  return writer.toBytes();
}

/**
 * Read an archive of a homomorphic election; every hash, the chain of events and the bytes hold.
 *
 * The objects themselves are not checked here. Throws ArchiveError.
 */
export function readArchive(data: Uint8Array): Archive {
  if (data.length > MAX_ARCHIVE_BYTES) {
    throw new ArchiveError('the archive is larger than any that is read');
  }
  let archive: Archive;
  try {
    archive = readContents(data);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new ArchiveError(`an object of the archive is malformed: ${error.message}`);
  }
  if (!equalBytes(writeArchive(archive), data)) {
    throw new ArchiveError('the archive is not byte for byte what its contents give');
  }
  return archive;
}

/**
 * Names and contents of all members in order, as they stand; `readArchive` checks them.
 *
 * Throws ArchiveError.
 */
export function readMembers(data: Uint8Array): ArchiveMember[] {
  const members: ArchiveMember[] = [];
  let position = 0;
  while (position < data.length) {
    const header = data.subarray(position, position + BLOCK);
    const sizeText = String.fromCharCode(...header.subarray(124, 135));
    if (header.length < BLOCK || !OCTAL.test(sizeText)) {
      throw new ArchiveError("a member has no header of the archive's form");
    }
    const [size, start] = [Number.parseInt(sizeText, 8), position + BLOCK];
    if (start + size > data.length || members.length >= MAX_MEMBERS) {
      throw new ArchiveError('the archive is cut off or has too many members');
    }
    members.push({
      name: memberText(header.subarray(0, NAME_BYTES)).replace(/\0+$/, ''),
      text: memberText(data.subarray(start, start + size)),
    });
    position = start + paddedLength(size);
  }
  if (!members.every(({ name }) => isAscii(name))) {
    throw new ArchiveError('a member is not text');
  }
  return members;
}

class Writer {
  readonly #timestamp: number;
  readonly #parts: Uint8Array[] = [];
  #parent: string | null = null;
  #height = 0;

  constructor(timestamp: number) {
    this.#timestamp = timestamp;
    this.#add(HEADER_NAME, bytesOfText(dumps({ version: 1, timestamp: String(timestamp) })));
  }

  /** Add an object; gives the hash by which others name it. */
  data(text: string): string {
    const content = bytesOfText(text);
    const digest = toHex(sha256(content));
    this.#add(`${digest}.data.json`, content);
    return digest;
  }

  event(type: Kind, payload?: string): void {
    const content = bytesOfText(
      dumps({
        ...(this.#parent === null ? {} : { parent: this.#parent }),
        height: this.#height,
        type,
        ...(payload === undefined ? {} : { payload }),
      }),
    );
    this.#parent = toHex(sha256(content));
    this.#height += 1;
    this.#add(`${this.#parent}.event.json`, content);
  }

  /** Add an object and the event that names it. */
  object(type: Kind, value: object): void {
    this.event(type, this.data(dumps(value)));
  }

  toBytes(): Bytes {
    // No end-of-archive blocks: belenios-tool 2.0 fails on them.
    return joinBytes(...this.#parts);
  }

  #add(name: string, content: Uint8Array): void {
    const padding = new Uint8Array(paddedLength(content.length) - content.length);
    this.#parts.push(tarHeader(name, content.length, this.#timestamp), content, padding);
  }
}

/** One header of 512 bytes with the checksum in Belenios' form (belenios-format §8). */
function tarHeader(name: string, size: number, timestamp: number): Bytes {
  const header = new Uint8Array(BLOCK);
  const put = (offset: number, text: string): void => {
    header.set(bytesOfText(text), offset);
  };
  put(0, name);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${octal(size, 11)}\0`);
  put(136, `${octal(timestamp, 11)}\0`);
  put(148, ' '.repeat(8));
  put(156, '0');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function paddedLength(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

function memberText(bytes: Uint8Array): string {
  try {
    return textOfBytes(bytes);
  } catch {
    throw new ArchiveError('a member is not text');
  }
}

function readContents(data: Uint8Array): Archive {
  const [header, ...members] = readMembers(data);
  if (header?.name !== HEADER_NAME) {
    throw new ArchiveError('the archive does not begin with its header');
  }
  const [version, timestamp] = fields(loads(header.text), ['version', 'timestamp']);
  if (integerField(version) !== 1 || !TIMESTAMP.test(textField(timestamp))) {
    throw new ArchiveError('the header is not of Belenios protocol 1');
  }
  // Headers, padding and order are compared whole when the archive is written anew.
  const { events, objects } = sortMembers(members);
  const reader = new Reader(objects);
  for (const event of events) reader.take(event);
  return reader.finish(Number(textField(timestamp)));
}

interface Event {
  readonly kind: unknown;
  readonly payload: unknown;
}

function sortMembers(members: readonly ArchiveMember[]): {
  readonly events: readonly Event[];
  readonly objects: ReadonlyMap<string, string>;
} {
  const objects = new Map<string, string>();
  const events: Event[] = [];
  let parent: string | undefined;
  for (const { name, text } of members) {
    const [, digest, form] = MEMBER.exec(name) ?? [];
    if (digest === undefined || toHex(sha256(bytesOfText(text))) !== digest) {
      throw new ArchiveError('a member is not named by the hash of its content');
    }
    if (form === 'data') {
      objects.set(digest, text);
      continue;
    }
    const event = eventOf(loads(text));
    if (event.parent !== parent || event.height !== events.length) {
      throw new ArchiveError('the chain of events is broken');
    }
    events.push({ kind: event.type, payload: event.payload });
    parent = digest;
  }
  return { events, objects };
}

type EventFields = Partial<Record<'parent' | 'height' | 'type' | 'payload', unknown>>;

function eventOf(value: unknown): EventFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** Follows the events of an archive in their order. */
class Reader {
  readonly #objects: ReadonlyMap<string, string>;
  readonly #ballots: string[] = [];
  readonly #partial: OwnedPartialDecryption[] = [];
  #position = 0;
  #setup: readonly string[] | null = null;
  #isClosed = false;
  #sized: { numTallied: number; totalWeight: number; encryptedTally: string } | null = null;
  #result: string | null = null;

  constructor(objects: ReadonlyMap<string, string>) {
    this.#objects = objects;
  }

  take({ kind, payload }: Event): void {
    const position = ORDER.findIndex((known) => known === kind);
    const known = ORDER[position];
    if (known === undefined) {
      throw new ArchiveError('an event is of a kind that homomorphic elections do not have');
    }
    const repeats = known === 'Ballot' || known === 'PartialDecryption';
    const isSecond = position === this.#position && !repeats && this.#setup !== null;
    if (position < this.#position || isSecond) {
      throw new ArchiveError('the events stand in another order');
    }
    this.#position = position;
    if (known !== 'EndBallots') {
      this.#takePayload(known, this.#object(payload));
      return;
    }
    if (payload !== undefined && payload !== null) {
      throw new ArchiveError('the end of the ballots has no payload');
    }
    this.#isClosed = true;
  }

  finish(timestamp: number): Archive {
    const [election, trustees, publicCredentials] = this.#setup ?? [];
    if (election === undefined || trustees === undefined || publicCredentials === undefined) {
      throw new ArchiveError('the archive has no set-up');
    }
    return {
      timestamp,
      election,
      trustees,
      publicCredentials,
      ballots: this.#ballots,
      isClosed: this.#isClosed,
      numTallied: this.#sized?.numTallied ?? null,
      totalWeight: this.#sized?.totalWeight ?? null,
      encryptedTally: this.#sized?.encryptedTally ?? null,
      partialDecryptions: this.#partial,
      result: this.#result,
    };
  }

  #takePayload(kind: Exclude<Kind, 'EndBallots'>, text: string): void {
    switch (kind) {
      case 'Setup':
        this.#setup = fields(loads(text), SETUP).map((digest) => this.#object(digest));
        return;
      case 'Ballot':
        this.#ballots.push(text);
        return;
      case 'EncryptedTally':
        this.#takeTally(text);
        return;
      case 'PartialDecryption': {
        const [owner, partial] = fields(loads(text), ['owner', 'payload']);
        this.#partial.push({ owner: integerField(owner), text: this.#object(partial) });
        return;
      }
      case 'Result':
        this.#result = text;
    }
  }

  #takeTally(text: string): void {
    const [tallied, weight, tally] = fields(loads(text), SIZED_TALLY);
    requireExact(text, { num_tallied: tallied, total_weight: weight, encrypted_tally: tally });
    this.#sized = {
      numTallied: integerField(tallied),
      totalWeight: integerField(weight),
      encryptedTally: this.#object(tally),
    };
  }

  #object(digest: unknown): string {
    if (typeof digest !== 'string' || !HASH.test(digest)) {
      throw new ArchiveError('an object is named by its hash in hex');
    }
    const text = this.#objects.get(digest);
    if (text === undefined) throw new ArchiveError('an object that is named is missing');
    return text;
  }
}
