/**
 * A reader of zip files whose members are stored, never compressed (APPNOTE.TXT 6.3.10 §4.3).
 *
 * Our own, because it must refuse what a general reader unpacks: a stored file cannot expand, so
 * the size of the input bounds everything.
 */

import { MalformedInputError } from './report.ts';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const ENCRYPTED = 0x1;
const ZIP64_MARK = 0xffffffff;

/** One member as the central directory names it; `data` is a view of the input. */
export interface StoredFile {
  readonly name: string;
  readonly data: Uint8Array;
}

interface CentralEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * List the members of a zip file in the order of its central directory.
 *
 * `check` sees each name and size before its bytes are looked at. Throws MalformedInputError:
 * not a zip file, compressed, encrypted, a wrong CRC, members that overlap, two names for one.
 */
export function readStoredZip(
  bytes: Uint8Array,
  check: (name: string, size: number) => void,
): StoredFile[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { entries, directory } = readDirectory(bytes, view);
  const spans: [number, number][] = [];
  const files = entries.map((entry) => {
    check(entry.name, entry.size);
    const start = startOfData(bytes, view, entry);
    const end = start + entry.size;
    if (end > directory) {
      throw unreadable('a member reaches into the directory');
    }
    spans.push([entry.offset, end]);
    const data = bytes.subarray(start, end);
    if (crc32(data) !== entry.crc) {
      throw unreadable(`the checksum of ${entry.name} is wrong`);
    }
    return { name: entry.name, data };
  });
  refuseOverlap(spans);
  return files;
}

function readDirectory(
  bytes: Uint8Array,
  view: DataView,
): { entries: CentralEntry[]; directory: number } {
  const end = findEnd(bytes, view);
  const [count, size, start] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (view.getUint16(end + 4, true) !== 0 || count !== view.getUint16(end + 8, true)) {
    throw unreadable('it is a part of several');
  }
  if (start + size !== end) {
    throw unreadable('its directory does not stand at its end');
  }
  const entries: CentralEntry[] = [];
  let position = start;
  while (position < end) {
    const entry = readCentralEntry(bytes, view, position, end);
    entries.push(entry.entry);
    position = entry.next;
  }
  if (entries.length !== count) {
    throw unreadable('its directory has another number of members than it says');
  }
  return { entries, directory: start };
}

function findEnd(bytes: Uint8Array, view: DataView): number {
  const first = Math.max(0, bytes.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let position = bytes.length - END_BYTES; position >= first; position -= 1) {
    if (view.getUint32(position, true) === END_RECORD) {
      if (position + END_BYTES + view.getUint16(position + 20, true) !== bytes.length) {
        throw unreadable('something stands behind its end');
      }
      return position;
    }
  }
  throw unreadable('it has no directory');
}

function readCentralEntry(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
): { entry: CentralEntry; next: number } {
  if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL_HEADER) {
    throw unreadable('its directory is broken');
  }
  const nameEnd = at + CENTRAL_BYTES + view.getUint16(at + 28, true);
  const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > end) {
    throw unreadable('its directory is broken');
  }
  const entry = {
    name: nameOf(bytes.subarray(at + CENTRAL_BYTES, nameEnd)),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  if (entry.method !== 0 || entry.packed !== entry.size) {
    throw unreadable(`${entry.name} is compressed; a record's files are stored`);
  }
  if ((entry.flags & ENCRYPTED) !== 0) {
    throw unreadable(`${entry.name} is encrypted`);
  }
  if (entry.size === ZIP64_MARK || entry.offset === ZIP64_MARK) {
    throw unreadable('it is larger than a record can be');
  }
  return { entry, next };
}

/** Where a member's bytes begin; its local header has to bear the same name. */
function startOfData(bytes: Uint8Array, view: DataView, entry: CentralEntry): number {
  const at = entry.offset;
  if (at + LOCAL_BYTES > bytes.length || view.getUint32(at, true) !== LOCAL_HEADER) {
    throw unreadable(`${entry.name} has no header`);
  }
  const nameEnd = at + LOCAL_BYTES + view.getUint16(at + 26, true);
  if (nameOf(bytes.subarray(at + LOCAL_BYTES, nameEnd)) !== entry.name) {
    throw unreadable(`${entry.name} bears another name in its header`);
  }
  return nameEnd + view.getUint16(at + 28, true);
}

function refuseOverlap(spans: [number, number][]): void {
  spans.sort((left, right) => left[0] - right[0]);
  let reached = 0;
  for (const [start, end] of spans) {
    if (start < reached) {
      throw unreadable('two members overlap');
    }
    reached = end;
  }
}

function nameOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function unreadable(what: string): MalformedInputError {
  return new MalformedInputError(`not a readable record.zip: ${what}`);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) {
    value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return value >>> 0;
});

function crc32(data: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of data) {
    value = (value >>> 8) ^ (CRC_TABLE[(value ^ byte) & 0xff] ?? 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}
