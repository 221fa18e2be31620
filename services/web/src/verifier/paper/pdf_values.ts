/** The values that a PDF is made of (ISO 32000-2:2020 §7.3), and reading them without surprises. */

import { MalformedInputError } from '../report.ts';

/** A name such as `/Type`, without its solidus, escapes resolved. */
export class PdfName {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

/** A string; `start` and `end` tell where it stands in the file, its brackets included. */
export class PdfString {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /** As text (§7.9.2.2): UTF-16BE or UTF-8 with their marks, else as single bytes. */
  get text(): string {
    const [first, second, third] = this.bytes;
    if (first === 0xfe && second === 0xff) {
      return new TextDecoder('utf-16be').decode(this.bytes.subarray(2));
    }
    if (first === 0xef && second === 0xbb && third === 0xbf) {
      return new TextDecoder().decode(this.bytes.subarray(3));
    }
    return Array.from(this.bytes, (byte) => String.fromCharCode(byte)).join('');
  }
}

/** A reference to an indirect object. */
export class PdfRef {
  readonly num: number;
  readonly gen: number;

  constructor(num: number, gen: number) {
    this.num = num;
    this.gen = gen;
  }
}

export class PdfDict {
  readonly entries: ReadonlyMap<string, PdfValue>;

  constructor(entries: ReadonlyMap<string, PdfValue>) {
    this.entries = entries;
  }
}

/** A stream as it stands in the file, not decoded. */
export class PdfStream {
  readonly dict: PdfDict;
  readonly encoded: Uint8Array;

  constructor(dict: PdfDict, encoded: Uint8Array) {
    this.dict = dict;
    this.encoded = encoded;
  }
}

export type PdfArray = readonly PdfValue[];
export type PdfValue =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfRef
  | PdfDict
  | PdfStream
  | PdfArray;

/** The PDF is not of the kind that this verifier reads: too broken, too odd or too large. */
export function unreadable(what: string): MalformedInputError {
  return new MalformedInputError(`not a readable PDF: ${what}`);
}

/** Whether two values are the same, down to every byte of strings and streams. */
export function isSame(left: PdfValue | undefined, right: PdfValue | undefined): boolean {
  if (left instanceof PdfName) return right instanceof PdfName && left.value === right.value;
  if (left instanceof PdfString) {
    return right instanceof PdfString && sameBytes(left.bytes, right.bytes);
  }
  if (left instanceof PdfRef) {
    return right instanceof PdfRef && left.num === right.num && left.gen === right.gen;
  }
  if (left instanceof PdfDict) return right instanceof PdfDict && changedKeys(left, right).length === 0;
  if (left instanceof PdfStream) {
    return (
      right instanceof PdfStream &&
      isSame(left.dict, right.dict) &&
      sameBytes(left.encoded, right.encoded)
    );
  }
  if (Array.isArray(left)) {
    const others = right as PdfArray;
    return (
      Array.isArray(right) &&
      left.length === others.length &&
      left.every((value, place) => isSame(value, others[place]))
    );
  }
  return left === right;
}

/** The keys that only one of two dictionaries has, or that have different values in them. */
export function changedKeys(left: PdfDict, right: PdfDict): string[] {
  const keys = new Set([...left.entries.keys(), ...right.entries.keys()]);
  return [...keys].filter((key) => !isSame(left.entries.get(key), right.entries.get(key)));
}

/** Every reference inside of a value. */
export function* refsIn(value: PdfValue): Generator<PdfRef> {
  if (value instanceof PdfRef) {
    yield value;
  } else if (value instanceof PdfStream) {
    yield* refsIn(value.dict);
  } else if (value instanceof PdfDict) {
    for (const each of value.entries.values()) yield* refsIn(each);
  } else if (Array.isArray(value)) {
    for (const each of value as PdfArray) yield* refsIn(each);
  }
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
}
