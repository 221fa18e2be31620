/**
 * Reading PDF syntax (ISO 32000-2:2020 §7.2, §7.3) strictly: what readers of PDF mend in different
 * ways is refused here, for two readers could then show two papers.
 */

import {
  PdfDict,
  PdfName,
  PdfRef,
  PdfString,
  type PdfValue,
  unreadable,
} from './pdf_values.ts';

const MAX_DEPTH = 60;
const WHITE = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]);
const DELIMITERS = new Set([...'()<>[]{}/%'].map((sign) => sign.charCodeAt(0)));
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const INTEGER = /^\d{1,10}$/;
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

/** A word that is no value: an operator, `obj`, `stream`, `R`, `trailer`. */
export class Keyword {
  readonly word: string;

  constructor(word: string) {
    this.word = word;
  }
}

/** Reads one value or keyword after the other from `position` on. */
export class Lexer {
  readonly data: Uint8Array;
  position: number;

  constructor(data: Uint8Array, position = 0) {
    this.data = data;
    this.position = position;
  }

  get isAtEnd(): boolean {
    this.skipWhite();
    return this.position >= this.data.length;
  }

  skipWhite(): void {
    for (;;) {
      const byte = this.data[this.position];
      if (byte === undefined) return;
      if (WHITE.has(byte)) {
        this.position += 1;
      } else if (byte === 0x25) {
        while (this.position < this.data.length && !isLineEnd(this.data[this.position])) {
          this.position += 1;
        }
      } else {
        return;
      }
    }
  }

  /** The next value, references resolved to `PdfRef`; a keyword where one stands. */
  next(depth = 0): PdfValue | Keyword {
    if (depth > MAX_DEPTH) throw unreadable('its values are nested too deep');
    this.skipWhite();
    const byte = this.data[this.position];
    switch (byte) {
      case undefined:
        throw unreadable('it ends inside of a value');
      case 0x2f:
        return this.#name();
      case 0x28:
        return this.#literal();
      case 0x3c:
        return this.data[this.position + 1] === 0x3c ? this.#dict(depth) : this.#hex();
      case 0x5b:
        return this.#array(depth);
      default:
        return this.#word();
    }
  }

  value(depth = 0): PdfValue {
    const read = this.next(depth);
    if (read instanceof Keyword) throw unreadable(`${read.word} stands where a value is due`);
    return read;
  }

  keyword(word: string): void {
    const read = this.next();
    if (!(read instanceof Keyword) || read.word !== word) throw unreadable(`${word} is missing`);
  }

  integer(): number {
    const read = this.#plainWord();
    if (!INTEGER.test(read)) throw unreadable('a number is missing');
    return Number(read);
  }

  /** The characters up to the next white space or delimiter. */
  #plainWord(): string {
    this.skipWhite();
    const start = this.position;
    while (this.position < this.data.length && isRegular(this.data[this.position])) {
      this.position += 1;
    }
    if (this.position === start) {
      const odd = this.data[start] ?? 0;
      throw unreadable(`a character out of place (${odd})`);
    }
    return latin1(this.data.subarray(start, this.position));
  }

  #word(): PdfValue | Keyword {
    const word = this.#plainWord();
    if (NUMBER.test(word)) {
      return INTEGER.test(word) ? this.#numberOrRef(Number(word)) : Number(word);
    }
    if (word === 'true' || word === 'false') return word === 'true';
    return word === 'null' ? null : new Keyword(word);
  }

  #numberOrRef(num: number): PdfValue {
    const after = this.position;
    const rest = latin1(this.data.subarray(after, after + 24));
    const found = /^[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/.exec(rest);
    if (found === null) return num;
    this.position = after + found[0].length;
    return new PdfRef(num, Number(found[1]));
  }

  #name(): PdfName {
    this.position += 1;
    const start = this.position;
    while (this.position < this.data.length && isRegular(this.data[this.position])) {
      this.position += 1;
    }
    const raw = latin1(this.data.subarray(start, this.position));
    return new PdfName(
      raw.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    );
  }

  #literal(): PdfString {
    const start = this.position;
    const bytes: number[] = [];
    let open = 1;
    this.position += 1;
    for (;;) {
      const byte = this.data[this.position];
      if (byte === undefined) throw unreadable('it ends inside of a string');
      this.position += 1;
      if (byte === 0x5c) {
        this.#escape(bytes);
        continue;
      }
      if (byte === 0x28) open += 1;
      if (byte === 0x29) {
        open -= 1;
        if (open === 0) return new PdfString(Uint8Array.from(bytes), start, this.position);
      }
      bytes.push(byte);
    }
  }

  #escape(bytes: number[]): void {
    const octal = /^[0-7]{1,3}/.exec(latin1(this.data.subarray(this.position, this.position + 3)));
    if (octal !== null) {
      bytes.push(parseInt(octal[0], 8) & 0xff);
      this.position += octal[0].length;
      return;
    }
    const byte = this.data[this.position] ?? 0;
    this.position += 1;
    if (byte === 0x0d && this.data[this.position] === 0x0a) this.position += 1;
    if (!isLineEnd(byte)) bytes.push(ESCAPES[String.fromCharCode(byte)] ?? byte);
  }

  #hex(): PdfString {
    const start = this.position;
    const end = this.data.indexOf(0x3e, start);
    if (end === -1) throw unreadable('it ends inside of a string');
    const bytes = new Uint8Array(Math.ceil((end - start) / 2));
    let [count, high] = [0, -1];
    for (let at = start + 1; at < end; at += 1) {
      const byte = this.data[at] ?? 0;
      if (WHITE.has(byte)) continue;
      const digit = digitOf(byte);
      if (digit === -1) throw unreadable('a string of hexadecimal digits holds something else');
      if (high === -1) {
        high = digit;
      } else {
        bytes[count] = high * 16 + digit;
        count += 1;
        high = -1;
      }
    }
    if (high !== -1) {
      bytes[count] = high * 16;
      count += 1;
    }
    this.position = end + 1;
    return new PdfString(bytes.slice(0, count), start, this.position);
  }

  #array(depth: number): PdfValue[] {
    this.position += 1;
    const values: PdfValue[] = [];
    for (;;) {
      this.skipWhite();
      if (this.data[this.position] === 0x5d) {
        this.position += 1;
        return values;
      }
      values.push(this.value(depth + 1));
    }
  }

  #dict(depth: number): PdfDict {
    this.position += 2;
    const entries = new Map<string, PdfValue>();
    for (;;) {
      this.skipWhite();
      if (this.data[this.position] === 0x3e && this.data[this.position + 1] === 0x3e) {
        this.position += 2;
        return new PdfDict(entries);
      }
      const key = this.value(depth + 1);
      if (!(key instanceof PdfName)) throw unreadable('a dictionary has a key that is no name');
      // Readers differ in which of two they take.
      if (entries.has(key.value)) throw unreadable(`a dictionary has /${key.value} twice`);
      entries.set(key.value, this.value(depth + 1));
    }
  }
}

export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function isRegular(byte: number | undefined): boolean {
  return byte !== undefined && !WHITE.has(byte) && !DELIMITERS.has(byte);
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
