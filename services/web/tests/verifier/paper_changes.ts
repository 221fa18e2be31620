/** Papers changed after they were signed: incremental updates written by hand. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { joinBytes } from '../../src/crypto/encodings.ts';
import { formFields } from '../../src/verifier/paper/form_fields.ts';
import { PdfFile } from '../../src/verifier/paper/pdf_file.ts';
import { latin1 } from '../../src/verifier/paper/pdf_lexer.ts';
import { decodeStream } from '../../src/verifier/paper/pdf_streams.ts';
import {
  PdfDict,
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  type PdfValue,
} from '../../src/verifier/paper/pdf_values.ts';

const FOLDER = join(import.meta.dirname, '../../../../tests/vectors/papers');

export function readPaper(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(FOLDER, name)));
}

/** A text as the bytes of a file, one a character. */
export function raw(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** A value as a file writes it. */
export function written(value: PdfValue): string {
  if (value instanceof PdfName) return `/${value.value}`;
  if (value instanceof PdfRef) return `${value.num} ${value.gen} R`;
  if (value instanceof PdfString) {
    return `<${[...value.bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}>`;
  }
  if (value instanceof PdfDict) {
    return `<<${[...value.entries].map(([key, each]) => `/${key} ${written(each)}`).join(' ')}>>`;
  }
  if (Array.isArray(value)) return `[${(value as readonly PdfValue[]).map(written).join(' ')}]`;
  if (value instanceof PdfStream) throw new TypeError('a stream is written with streamOf');
  return String(value);
}

/** A dictionary with some entries replaced by what is written; `null` leaves one out. */
export function withEntries(dict: PdfDict, changes: Readonly<Record<string, string | null>>): string {
  const kept = [...dict.entries].filter(([key]) => !(key in changes));
  const added = Object.entries(changes).flatMap(([key, value]) =>
    value === null ? [] : [`/${key} ${value}`],
  );
  return `<<${[...kept.map(([key, value]) => `/${key} ${written(value)}`), ...added].join(' ')}>>`;
}

export function streamOf(content: string, entries = ''): string {
  return `<</Length ${content.length} ${entries}>>\nstream\n${content}\nendstream`;
}

/** What a change looks at. */
export class Changing {
  readonly file: PdfFile;
  /** A number that no object has. */
  readonly free: number;

  constructor(readonly data: Uint8Array) {
    this.file = new PdfFile(data);
    this.free = Math.max(...this.file.last.objects.keys()) + 1;
  }

  get catalog(): { num: number; dict: PdfDict } {
    const root = this.file.last.trailer.entries.get('Root');
    if (!(root instanceof PdfRef)) throw new TypeError('no catalog');
    return { num: root.num, dict: this.file.last.catalog };
  }

  page(place: number): { num: number; dict: PdfDict } {
    const page = this.file.last.pages[place];
    if (page === undefined) throw new RangeError('no such page');
    return { num: page.ref.num, dict: page.dict };
  }

  field(name: string): { num: number; dict: PdfDict } {
    const found = [...formFields(this.file.last).values()].find((each) => each.name === name);
    if (found === undefined) throw new RangeError(`no field ${name}`);
    return found;
  }

  /** Number and decoded text of the stream that an entry refers to. */
  stream(dict: PdfDict, key: string): { num: number; text: string; stream: PdfStream } {
    const ref = dict.entries.get(key);
    const stream = this.file.last.stream(ref);
    if (!(ref instanceof PdfRef) || stream === null) throw new TypeError(`no stream ${key}`);
    return { num: ref.num, text: latin1(decodeStream(stream)), stream };
  }

  /** The file with one more revision that writes these objects. */
  append(objects: Readonly<Record<number, string>>): Uint8Array {
    let text = '\n';
    const places: string[] = [];
    for (const [num, value] of Object.entries(objects)) {
      const offset = this.data.length + text.length;
      places.push(`${num} 1\n${String(offset).padStart(10, '0')} 00000 n \n`);
      text += `${num} 0 obj\n${value}\nendobj\n`;
    }
    const { trailer } = this.file.last;
    const start = this.data.length + text.length;
    const changes = { Prev: String(lastStart(this.data)), Size: String(this.free + 10) };
    text += `xref\n${places.join('')}trailer\n${withEntries(trailer, changes)}\n`;
    text += `startxref\n${start}\n%%EOF\n`;
    return joinBytes(this.data, raw(text));
  }
}

function lastStart(data: Uint8Array): number {
  const [, start = ''] = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(latin1(data.subarray(-64))) ?? [];
  return Number(start);
}
