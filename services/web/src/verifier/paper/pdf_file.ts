/**
 * A PDF as the sequence of its revisions (ISO 32000-2:2020 §7.5.6): what each one adds, and what the
 * file says as it stood at the end of each.
 *
 * A strict subset, which is what typst and signing programs write: every cross-reference section
 * lies in its own revision, behind the objects that it lists, and nothing else lies between them.
 */

import { Memo } from '../memo.ts';
import { Keyword, latin1, Lexer } from './pdf_lexer.ts';
import { decodeStream } from './pdf_streams.ts';
import {
  type PdfArray,
  PdfDict,
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  type PdfValue,
  unreadable,
} from './pdf_values.ts';
import { readSection, type Section, type Where } from './pdf_xref.ts';

const MAX_REVISIONS = 100;
const MAX_STEPS = 40;
const TAIL_BYTES = 64;

/** A page: its reference and its dictionary. */
export interface Page {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
}

/** The file as it stood at the end of one revision. */
export class PdfRevision {
  readonly #file: PdfFile;
  readonly #memo = new Memo();
  readonly place: number;
  /** Offset of the revision's first byte. */
  readonly start: number;
  /** Offset behind its `%%EOF`, and with the line end that follows. */
  readonly ends: readonly [number, number];
  readonly trailer: PdfDict;
  /** What this revision itself writes. */
  readonly written: ReadonlyMap<number, Where>;
  /** Every object of the file as it stood. */
  readonly objects: ReadonlyMap<number, Where>;

  constructor(
    file: PdfFile,
    parts: Pick<PdfRevision, 'place' | 'start' | 'ends' | 'trailer' | 'written' | 'objects'>,
  ) {
    this.#file = file;
    this.place = parts.place;
    this.start = parts.start;
    this.ends = parts.ends;
    this.trailer = parts.trailer;
    this.written = parts.written;
    this.objects = parts.objects;
  }

  /** An object by its number, or undefined where there is none. */
  object(num: number): PdfValue | undefined {
    const where = this.objects.get(num);
    return where === undefined || where.kind === 'free'
      ? undefined
      : this.#file.objectAt(num, where, this);
  }

  /** The value that a reference leads to; a dangling one is refused. */
  resolve(value: PdfValue | undefined): PdfValue {
    let current = value ?? null;
    for (let step = 0; current instanceof PdfRef; step += 1) {
      const found = this.object(current.num);
      if (found === undefined || step > MAX_STEPS) {
        throw unreadable(`it refers to object ${current.num}, which is not there`);
      }
      current = found;
    }
    return current;
  }

  dict(value: PdfValue | undefined): PdfDict | null {
    const found = this.resolve(value);
    return found instanceof PdfDict ? found : null;
  }

  array(value: PdfValue | undefined): PdfArray {
    const found = this.resolve(value);
    return Array.isArray(found) ? (found as PdfArray) : [];
  }

  stream(value: PdfValue | undefined): PdfStream | null {
    const found = this.resolve(value);
    return found instanceof PdfStream ? found : null;
  }

  name(value: PdfValue | undefined): string | null {
    const found = this.resolve(value);
    return found instanceof PdfName ? found.value : null;
  }

  text(value: PdfValue | undefined): string | null {
    const found = this.resolve(value);
    return found instanceof PdfString ? found.text : null;
  }

  numbers(value: PdfValue | undefined): number[] {
    return this.array(value).map((each) => {
      const found = this.resolve(each);
      return typeof found === 'number' ? found : Number.NaN;
    });
  }

  get catalog(): PdfDict {
    const found = this.dict(this.trailer.entries.get('Root'));
    if (found === null) throw unreadable('it has no catalog');
    return found;
  }

  /** The pages in their order. Throws MalformedInputError. */
  get pages(): readonly Page[] {
    return this.#memo.of('pages', () => this.#listPages());
  }

  #listPages(): Page[] {
    const found: Page[] = [];
    const visit = (value: PdfValue | undefined, depth: number): void => {
      const dict = this.dict(value);
      if (dict === null || !(value instanceof PdfRef) || depth > MAX_STEPS) {
        throw unreadable('its pages cannot be listed');
      }
      const type = this.name(dict.entries.get('Type'));
      if (type === 'Page') {
        found.push({ ref: value, dict });
        return;
      }
      for (const kid of this.array(dict.entries.get('Kids'))) visit(kid, depth + 1);
    };
    visit(this.catalog.entries.get('Pages'), 0);
    return found;
  }
}

/** A PDF, read whole. */
export class PdfFile {
  readonly data: Uint8Array;
  readonly revisions: readonly PdfRevision[];
  readonly #byPlace = new Map<string, PdfValue>();

  /** Read all revisions. Throws MalformedInputError. */
  constructor(data: Uint8Array) {
    this.data = data;
    this.revisions = this.#readRevisions(readSections(data));
  }

  get last(): PdfRevision {
    const last = this.revisions.at(-1);
    if (last === undefined) throw unreadable('it is empty');
    return last;
  }

  /** The object that stands at a place of the file, read once. */
  objectAt(num: number, where: Exclude<Where, { kind: 'free' }>, revision: PdfRevision): PdfValue {
    const key =
      where.kind === 'file'
        ? `${num}@${where.offset}`
        : `${num}#${where.container}.${where.place}:${revision.place}`;
    const known = this.#byPlace.get(key);
    if (known !== undefined) return known;
    const value =
      where.kind === 'file'
        ? readObject(this.data, num, where.offset, revision).value
        : readPacked(num, where, revision);
    this.#byPlace.set(key, value);
    return value;
  }

  #readRevisions(sections: readonly Section[]): PdfRevision[] {
    const revisions: PdfRevision[] = [];
    let start = 0;
    let objects = new Map<number, Where>();
    for (const [place, section] of sections.entries()) {
      const isLast = place === sections.length - 1;
      const ends = endOf(this.data, section, isLast);
      objects = new Map([...objects, ...section.objects]);
      const parts = {
        place,
        start,
        ends,
        trailer: section.trailer,
        written: section.objects,
        objects,
      };
      const revision = new PdfRevision(this, parts);
      refuseHiddenBytes(this.data, revision, section);
      revisions.push(revision);
      start = ends[0];
    }
    return revisions;
  }
}

/** All cross-reference sections, the oldest first. */
function readSections(data: Uint8Array): Section[] {
  const sections: Section[] = [];
  let offset: number | null = lastStartxref(data);
  while (offset !== null) {
    const before = sections.at(-1)?.start ?? data.length;
    if (offset >= before) throw unreadable('its cross-reference sections are not in order');
    if (sections.length === MAX_REVISIONS) throw unreadable('it has too many revisions');
    const section = readSection(data, offset);
    sections.push(section);
    offset = section.previous;
  }
  return sections.reverse();
}

function lastStartxref(data: Uint8Array): number {
  const tail = latin1(data.subarray(Math.max(0, data.length - TAIL_BYTES)));
  const found = /startxref[\r\n\t ]+(\d{1,10})[\r\n\t ]+%%EOF[\r\n\t ]*$/.exec(tail);
  if (found === null) throw unreadable('it does not end with %%EOF');
  return Number(found[1]);
}

/** Where a revision ends: `startxref`, the place of its section, `%%EOF`. */
function endOf(data: Uint8Array, section: Section, isLast: boolean): [number, number] {
  const text = latin1(data.subarray(section.end, section.end + TAIL_BYTES));
  const found = /^[\r\n\t ]*startxref[\r\n\t ]+(\d{1,10})[\r\n\t ]+%%EOF(\r\n|\n|\r)?/.exec(text);
  if (found === null || Number(found[1]) !== section.start) {
    throw unreadable('a revision does not end with the place of its cross-reference section');
  }
  const end = section.end + found[0].length;
  if (isLast && latin1(data.subarray(end)).trim() !== '') {
    throw unreadable('something stands behind its end');
  }
  return [end - (found[2] ?? '').length, end];
}

/** Bytes that no object holds could be another paper, which a reader that mends files would show. */
function refuseHiddenBytes(data: Uint8Array, revision: PdfRevision, section: Section): void {
  const spans: [number, number][] = [];
  for (const [num, where] of section.objects) {
    if (where.kind !== 'file' || where.offset === section.start) continue;
    if (where.offset < revision.start || where.offset >= section.start) {
      throw unreadable(`object ${num} does not stand in the revision that lists it`);
    }
    spans.push([where.offset, readObject(data, num, where.offset, revision).end]);
  }
  spans.sort((left, right) => left[0] - right[0]);
  let reached = revision.start;
  for (const [start, end] of [...spans, [section.start, section.end] as const]) {
    if (start < reached) throw unreadable('two objects overlap');
    if (/obj|trailer|xref/.test(latin1(data.subarray(reached, start)))) {
      throw unreadable('it holds objects that no cross-reference section lists');
    }
    reached = end;
  }
}

/** An indirect object (§7.3.10) and where it ends. */
function readObject(
  data: Uint8Array,
  num: number,
  offset: number,
  revision: PdfRevision,
): { value: PdfValue; end: number } {
  const lexer = new Lexer(data, offset);
  if (lexer.integer() !== num) throw unreadable(`object ${num} is not where it should be`);
  lexer.integer();
  lexer.keyword('obj');
  const value = lexer.value();
  const after = lexer.next();
  if (!(after instanceof Keyword)) throw unreadable(`object ${num} does not end`);
  if (after.word === 'endobj') return { value, end: lexer.position };
  if (after.word !== 'stream' || !(value instanceof PdfDict)) {
    throw unreadable(`object ${num} does not end`);
  }
  if (data[lexer.position] === 0x0d) lexer.position += 1;
  if (data[lexer.position] !== 0x0a) throw unreadable(`stream ${num} does not begin`);
  const start = lexer.position + 1;
  const length = revision.resolve(value.entries.get('Length'));
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) {
    throw unreadable(`stream ${num} has no length`);
  }
  lexer.position = start + length;
  lexer.keyword('endstream');
  lexer.keyword('endobj');
  return { value: new PdfStream(value, data.subarray(start, start + length)), end: lexer.position };
}

/** An object in an object stream (§7.5.7). */
function readPacked(
  num: number,
  where: Extract<Where, { kind: 'packed' }>,
  revision: PdfRevision,
): PdfValue {
  const holder = revision.objects.get(where.container);
  const stream = holder?.kind === 'file' ? revision.object(where.container) : null;
  if (!(stream instanceof PdfStream)) throw unreadable(`object ${num} is not where it should be`);
  const first = stream.dict.entries.get('First');
  const count = stream.dict.entries.get('N');
  if (typeof first !== 'number' || typeof count !== 'number' || where.place >= count) {
    throw unreadable(`object ${num} is not where it should be`);
  }
  const data = decodeStream(stream);
  const index = new Lexer(data.subarray(0, first));
  for (let place = 0; place < where.place; place += 1) {
    index.integer();
    index.integer();
  }
  if (index.integer() !== num) throw unreadable(`object ${num} is not where it should be`);
  return new Lexer(data, first + index.integer()).value();
}
