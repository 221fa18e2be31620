/** A font of a page: what its codes mean and how wide they are (ISO 32000-2:2020 §9.7, §9.10.3). */

import type { PdfRevision } from './pdf_file.ts';
import { Keyword, Lexer } from './pdf_lexer.ts';
import { decodeStream } from './pdf_streams.ts';
import { type PdfDict, PdfName, PdfString, type PdfValue, unreadable } from './pdf_values.ts';

const MAX_CODES = 65_536;
/** Letters beside Windows-1252 that a field's font may have, by their glyph names. */
const LETTERS: Readonly<Record<string, string>> = { abreve: 'ă', dcroat: 'đ', Dcroat: 'Đ' };

/** One code of a text string. */
export interface Glyph {
  readonly text: string;
  /** In thousandths of the font's size. */
  readonly width: number;
}

/** What a text is set in. */
export interface TextFont {
  /** The glyphs of a string. Throws MalformedInputError for a code without a meaning. */
  glyphs(text: PdfString): Glyph[];
}

/** Read a font of a page or of a field. Throws MalformedInputError for other kinds. */
export function readFont(revision: PdfRevision, font: PdfDict): TextFont {
  const kind = revision.name(font.entries.get('Subtype') ?? null);
  return kind === 'TrueType' ? new FieldFont(revision, font) : new PageFont(revision, font);
}

/** An embedded font with codes of two bytes, as typst and our stamps write; others are refused. */
class PageFont implements TextFont {
  readonly #meanings: ReadonlyMap<number, string>;
  readonly #widths: ReadonlyMap<number, number>;
  readonly #otherWidth: number;

  constructor(revision: PdfRevision, font: PdfDict) {
    const { entries } = font;
    const [descendant] = revision.array(entries.get('DescendantFonts') ?? null);
    const inner = revision.dict(descendant ?? null);
    const descriptor = revision.dict(inner?.entries.get('FontDescriptor') ?? null);
    const program =
      descriptor?.entries.get('FontFile2') ?? descriptor?.entries.get('FontFile3') ?? null;
    const isKnown =
      revision.name(entries.get('Subtype') ?? null) === 'Type0' &&
      revision.name(entries.get('Encoding') ?? null) === 'Identity-H';
    const meanings = revision.stream(entries.get('ToUnicode') ?? null);
    if (!isKnown || inner === null || meanings === null || revision.stream(program) === null) {
      throw unreadable('a font is of a kind whose text is not read');
    }
    this.#meanings = readMeanings(decodeStream(meanings));
    this.#widths = readWidths(revision, inner.entries.get('W') ?? null);
    const other = revision.resolve(inner.entries.get('DW') ?? null);
    this.#otherWidth = typeof other === 'number' ? other : 1000;
  }

  glyphs({ bytes }: PdfString): Glyph[] {
    const glyphs: Glyph[] = [];
    if (bytes.length % 2 !== 0) throw unreadable('a text is cut in the middle of a code');
    for (let at = 0; at < bytes.length; at += 2) {
      const code = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
      const text = this.#meanings.get(code);
      if (text === undefined) throw unreadable('a letter is printed that no text stands for');
      glyphs.push({ text, width: this.#widths.get(code) ?? this.#otherWidth });
    }
    return glyphs;
  }
}

/** The font that fills number and date: one byte a letter, Windows-1252 with differences (§9.6.5). */
class FieldFont implements TextFont {
  readonly #differences = new Map<number, string>();

  constructor(revision: PdfRevision, font: PdfDict) {
    const descriptor = revision.dict(font.entries.get('FontDescriptor') ?? null);
    const encoding = revision.dict(font.entries.get('Encoding') ?? null);
    const base = revision.name(encoding?.entries.get('BaseEncoding') ?? null);
    const program = revision.stream(descriptor?.entries.get('FontFile2') ?? null);
    if (base !== 'WinAnsiEncoding' || program === null) {
      throw unreadable('a font is of a kind whose text is not read');
    }
    let code = 0;
    for (const each of revision.array(encoding?.entries.get('Differences') ?? null)) {
      if (typeof each === 'number') {
        code = each;
        continue;
      }
      const letter = each instanceof PdfName ? LETTERS[each.value] : undefined;
      if (letter === undefined) throw unreadable('a font has a letter that is not read');
      this.#differences.set(code, letter);
      code += 1;
    }
  }

  glyphs({ bytes }: PdfString): Glyph[] {
    return Array.from(bytes, (byte) => {
      const isLatin = (byte >= 0x20 && byte < 0x7f) || byte >= 0xa0;
      const text = this.#differences.get(byte) ?? (isLatin ? String.fromCharCode(byte) : undefined);
      if (text === undefined) throw unreadable('a letter is printed that no text stands for');
      // Where the letters stand is not compared in a field of one line: only their order.
      return { text, width: 500 };
    });
  }
}

/** The `bfchar` and `bfrange` sections of a ToUnicode map. */
function readMeanings(data: Uint8Array): Map<number, string> {
  const lexer = new Lexer(data);
  const found = new Map<number, string>();
  let operands: (PdfValue | undefined)[] = [];
  while (!lexer.isAtEnd) {
    const read = lexer.next();
    if (!(read instanceof Keyword)) {
      operands.push(read);
      continue;
    }
    if (read.word === 'endbfchar') {
      for (let at = 0; at + 1 < operands.length; at += 2) {
        found.set(codeOf(operands[at]), textOf(operands[at + 1]));
      }
    } else if (read.word === 'endbfrange') {
      for (let at = 0; at + 2 < operands.length; at += 3) {
        addRange(found, operands[at], operands[at + 1], operands[at + 2]);
      }
    }
    operands = [];
  }
  return found;
}

function addRange(
  found: Map<number, string>,
  from: PdfValue | undefined,
  to: PdfValue | undefined,
  meaning: PdfValue | undefined,
): void {
  const [first, last] = [codeOf(from), codeOf(to)];
  for (let code = first; code <= last; code += 1) {
    if (Array.isArray(meaning)) {
      found.set(code, textOf((meaning as readonly PdfValue[])[code - first]));
      continue;
    }
    const text = textOf(meaning);
    const end = text.charCodeAt(text.length - 1) + code - first;
    found.set(code, text.slice(0, -1) + String.fromCharCode(end));
  }
}

function codeOf(value: PdfValue | undefined): number {
  if (!(value instanceof PdfString) || value.bytes.length !== 2) {
    throw unreadable('a font says in an unknown way what its letters mean');
  }
  return (value.bytes[0] ?? 0) * 256 + (value.bytes[1] ?? 0);
}

function textOf(value: PdfValue | undefined): string {
  if (!(value instanceof PdfString) || value.bytes.length === 0) {
    throw unreadable('a font says in an unknown way what its letters mean');
  }
  return new TextDecoder('utf-16be').decode(value.bytes);
}

/** `[first [w …] first last w …]` (§9.7.4.3). */
function readWidths(revision: PdfRevision, value: PdfValue): Map<number, number> {
  const found = new Map<number, number>();
  const values = revision.array(value).map((each) => revision.resolve(each));
  for (let at = 0; at < values.length; ) {
    const [first, second, third] = values.slice(at, at + 3);
    if (typeof first !== 'number') throw unreadable('the widths of a font are broken');
    if (Array.isArray(second)) {
      for (const [place, width] of (second as readonly PdfValue[]).entries()) {
        if (typeof width === 'number') found.set(first + place, width);
      }
      at += 2;
    } else if (typeof second === 'number' && typeof third === 'number') {
      for (let code = first; code <= Math.min(second, MAX_CODES); code += 1) found.set(code, third);
      at += 3;
    } else {
      throw unreadable('the widths of a font are broken');
    }
  }
  return found;
}
