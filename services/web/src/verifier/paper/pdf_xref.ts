/** Cross-reference sections: tables and streams (ISO 32000-2:2020 §7.5.4, §7.5.8). */

import { Keyword, latin1, Lexer } from './pdf_lexer.ts';
import { decodeStream } from './pdf_streams.ts';
import { PdfDict, PdfName, PdfStream, type PdfValue, unreadable } from './pdf_values.ts';

const MAX_OBJECTS = 100_000;

/** Where an object is: in the file, in an object stream, or nowhere any more. */
export type Where =
  | { readonly kind: 'file'; readonly offset: number }
  | { readonly kind: 'packed'; readonly container: number; readonly place: number }
  | { readonly kind: 'free' };

/** One section: what it lists, its trailer, the place of the one before. */
export interface Section {
  readonly start: number;
  readonly end: number;
  readonly objects: ReadonlyMap<number, Where>;
  readonly trailer: PdfDict;
  readonly previous: number | null;
}

/** Read the section at `offset`. Throws MalformedInputError. */
export function readSection(data: Uint8Array, offset: number): Section {
  const isTable = latin1(data.subarray(offset, offset + 4)) === 'xref';
  const section = isTable ? readTable(data, offset) : readStream(data, offset);
  const { entries } = section.trailer;
  // Hybrid files show other objects to old readers; encrypted papers are none of ours.
  if (entries.has('XRefStm') || entries.has('Encrypt')) {
    throw unreadable('it is a hybrid or encrypted file');
  }
  const previous = entries.get('Prev') ?? null;
  if (previous !== null && (typeof previous !== 'number' || !Number.isInteger(previous))) {
    throw unreadable('a cross-reference section names no place of the one before');
  }
  return { ...section, start: offset, previous };
}

type Read = Pick<Section, 'end' | 'objects' | 'trailer'>;

function readTable(data: Uint8Array, offset: number): Read {
  const lexer = new Lexer(data, offset);
  lexer.keyword('xref');
  const objects = new Map<number, Where>();
  for (;;) {
    const read = lexer.next();
    if (read instanceof Keyword) {
      if (read.word !== 'trailer') throw unreadable('a cross-reference table has no trailer');
      break;
    }
    const count = lexer.integer();
    if (typeof read !== 'number') throw unreadable('a cross-reference table is broken');
    for (let num = read; num < read + count; num += 1) {
      const place = lexer.integer();
      lexer.integer();
      const kind = lexer.next();
      const word = kind instanceof Keyword ? kind.word : '';
      if (word !== 'n' && word !== 'f') throw unreadable('a cross-reference table is broken');
      list(objects, num, word === 'n' ? { kind: 'file', offset: place } : { kind: 'free' });
    }
  }
  const trailer = lexer.value();
  if (!(trailer instanceof PdfDict)) throw unreadable('a cross-reference table has no trailer');
  return { end: lexer.position, objects, trailer };
}

function readStream(data: Uint8Array, offset: number): Read {
  const lexer = new Lexer(data, offset);
  lexer.integer();
  lexer.integer();
  lexer.keyword('obj');
  const dict = lexer.value();
  lexer.keyword('stream');
  if (!(dict instanceof PdfDict)) throw unreadable('a cross-reference stream is broken');
  const type = dict.entries.get('Type');
  const length = dict.entries.get('Length');
  if (!(type instanceof PdfName) || type.value !== 'XRef' || typeof length !== 'number') {
    throw unreadable('a cross-reference stream is broken');
  }
  if (data[lexer.position] === 0x0d) lexer.position += 1;
  const start = lexer.position + 1;
  lexer.position = start + length;
  lexer.keyword('endstream');
  lexer.keyword('endobj');
  const stream = new PdfStream(dict, data.subarray(start, start + length));
  return { end: lexer.position, objects: entriesOf(stream), trailer: dict };
}

function entriesOf(stream: PdfStream): Map<number, Where> {
  const { dict } = stream;
  const data = decodeStream(stream);
  const widths = integers(dict.entries.get('W'));
  const [first = 0, second = 0, third = 0] = widths;
  const size = first + second + third;
  if (widths.length !== 3 || size === 0 || Math.max(...widths) > 6) {
    throw unreadable('a cross-reference stream is broken');
  }
  const total = dict.entries.get('Size');
  const index = dict.entries.has('Index')
    ? integers(dict.entries.get('Index'))
    : [0, typeof total === 'number' ? total : 0];
  const objects = new Map<number, Where>();
  let at = 0;
  const field = (width: number): number => {
    let value = 0;
    for (let byte = 0; byte < width; byte += 1) value = value * 256 + (data[at + byte] ?? 0);
    at += width;
    return value;
  };
  for (let pair = 0; pair + 1 < index.length; pair += 2) {
    const from = index[pair] ?? 0;
    for (let num = from; num < from + (index[pair + 1] ?? 0); num += 1) {
      if (at + size > data.length) throw unreadable('a cross-reference stream is cut off');
      const kind = first === 0 ? 1 : field(first);
      const [left, right] = [field(second), field(third)];
      if (kind > 2) throw unreadable('a cross-reference stream is broken');
      const packed = { kind: 'packed', container: left, place: right } as const;
      const whole = kind === 1 ? ({ kind: 'file', offset: left } as const) : packed;
      list(objects, num, kind === 0 ? { kind: 'free' } : whole);
    }
  }
  return objects;
}

function list(objects: Map<number, Where>, num: number, where: Where): void {
  if (objects.has(num) || objects.size === MAX_OBJECTS) {
    throw unreadable('a cross-reference section lists an object twice, or too many');
  }
  objects.set(num, where);
}

function integers(value: PdfValue | undefined): number[] {
  if (!Array.isArray(value)) throw unreadable('a cross-reference stream is broken');
  return (value as readonly PdfValue[]).map((each) => {
    if (typeof each !== 'number' || !Number.isInteger(each) || each < 0) {
      throw unreadable('a cross-reference stream is broken');
    }
    return each;
  });
}
