/**
 * What a page shows: letters with their places, and the rules between them, from its content stream
 * (ISO 32000-2:2020 §8, §9).
 *
 * Only what our papers are made of is read. Whatever could show something else than the text says
 * is refused: invisible, coloured, tiny or clipped text, pictures, shapes that are no rules.
 */

import type { PdfRevision } from './pdf_file.ts';
import { Keyword, Lexer } from './pdf_lexer.ts';
import { PdfDict, PdfName, PdfString, type PdfValue, unreadable } from './pdf_values.ts';
import { readFont, type TextFont } from './text_font.ts';

const MAX_OPERATORS = 2_000_000;
const MAX_NESTING = 100;
const MIN_FONT_PT = 7;
/** Shorter lines could draw a digit. */
const MIN_RULE_PT = 15;
const MAX_RULE_WIDTH_PT = 1.2;
const STRAIGHT_PT = 0.05;

/** A letter or several; x to right, y (its baseline) to top, in points. */
export interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly size: number;
}

/** A straight rule, upright or level. */
export interface PlacedRule {
  readonly isUpright: boolean;
  /** x of an upright rule, y of a level one. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** Something painted that is neither text nor rule, its line's width with it: left, bottom, right, top. */
export type PlacedShape = readonly [number, number, number, number];

export interface PageContent {
  readonly texts: readonly PlacedText[];
  readonly rules: readonly PlacedRule[];
  readonly shapes: readonly PlacedShape[];
  readonly problems: readonly string[];
}

type Matrix = readonly [number, number, number, number, number, number];
type Point = readonly [number, number];
type Colour = 'black' | 'other';

interface GraphicsState {
  readonly matrix: Matrix;
  readonly fill: Colour;
  readonly stroke: Colour;
  readonly lineWidth: number;
  readonly isClipped: boolean;
  readonly font: TextFont | null;
  readonly fontSize: number;
  readonly mode: number;
  readonly letterGap: number;
  readonly wordGap: number;
  readonly rise: number;
  readonly leading: number;
  readonly scale: number;
}

const START: GraphicsState = {
  matrix: [1, 0, 0, 1, 0, 0],
  fill: 'black',
  stroke: 'black',
  lineWidth: 1,
  isClipped: false,
  font: null,
  fontSize: 0,
  mode: 0,
  letterGap: 0,
  wordGap: 0,
  rise: 0,
  leading: 0,
  scale: 1,
};

/** Read a content stream; `allowsClip`: an appearance is clipped to its own box. */
export function readContent(
  revision: PdfRevision,
  content: Uint8Array,
  resources: PdfDict,
  { allowsClip = false, allowsColour = false } = {},
): PageContent {
  const reader = new ContentReader(revision, resources, allowsClip, allowsColour);
  reader.run(content);
  return reader;
}

class ContentReader implements PageContent {
  readonly texts: PlacedText[] = [];
  readonly rules: PlacedRule[] = [];
  readonly shapes: PlacedShape[] = [];
  readonly problems: string[] = [];
  readonly #revision: PdfRevision;
  readonly #resources: PdfDict;
  readonly #allowsClip: boolean;
  readonly #allowsColour: boolean;
  readonly #fonts = new Map<string, TextFont>();
  readonly #saved: GraphicsState[] = [];
  #state = START;
  #line: Matrix = START.matrix;
  #text: Matrix = START.matrix;
  #path: Point[][] = [];
  #hasCurve = false;
  #clips = false;

  constructor(
    revision: PdfRevision,
    resources: PdfDict,
    allowsClip: boolean,
    allowsColour: boolean,
  ) {
    this.#revision = revision;
    this.#resources = resources;
    this.#allowsClip = allowsClip;
    this.#allowsColour = allowsColour;
  }

  run(content: Uint8Array): void {
    const lexer = new Lexer(content);
    let operands: PdfValue[] = [];
    for (let count = 0; !lexer.isAtEnd; count += 1) {
      if (count > MAX_OPERATORS) throw unreadable('a page holds too much');
      const read = lexer.next();
      if (!(read instanceof Keyword)) {
        operands.push(read);
        continue;
      }
      this.#operate(read.word, operands);
      operands = [];
    }
  }

  #refuse(what: string): void {
    if (!this.problems.includes(what)) this.problems.push(what);
  }

  #set(changes: Partial<GraphicsState>): void {
    this.#state = { ...this.#state, ...changes };
  }

  #operate(word: string, operands: readonly PdfValue[]): void {
    const n = operands.map((each) => (typeof each === 'number' ? each : 0));
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = n;
    switch (word) {
      case 'q':
        if (this.#saved.length > MAX_NESTING) throw unreadable('a page is nested too deep');
        this.#saved.push(this.#state);
        return;
      case 'Q':
        this.#state = this.#saved.pop() ?? START;
        return;
      case 'cm':
        return this.#set({ matrix: product([a, b, c, d, e, f], this.#state.matrix) });
      case 'w':
        return this.#set({ lineWidth: a });
      case 'gs':
        return this.#external(operands[0]);
      case 'm':
        this.#path.push([this.#point(a, b)]);
        return;
      case 'l':
        this.#path.at(-1)?.push(this.#point(a, b));
        return;
      case 'c':
      case 'v':
      case 'y':
        this.#hasCurve = true;
        this.#path.at(-1)?.push(this.#point(a, b), this.#point(c, d), this.#point(e, f));
        return;
      case 'h':
        return this.#close();
      case 're':
        this.#path.push(
          [[a, b], [a + c, b], [a + c, b + d], [a, b + d], [a, b]].map(([x = 0, y = 0]) =>
            this.#point(x, y),
          ),
        );
        return;
      case 's':
        this.#close();
        return this.#paint(false, true);
      case 'S':
        return this.#paint(false, true);
      case 'f':
      case 'F':
      case 'f*':
        return this.#paint(true, false);
      case 'B':
      case 'B*':
      case 'b':
      case 'b*':
        return this.#paint(true, true);
      case 'n':
        return this.#paint(false, false);
      case 'W':
      case 'W*':
        this.#clips = true;
        return;
      case 'cs':
        return this.#set({ fill: this.#spaceColour(operands[0]) });
      case 'CS':
        return this.#set({ stroke: this.#spaceColour(operands[0]) });
      case 'sc':
      case 'scn':
      case 'g':
      case 'rg':
      case 'k':
        return this.#set({ fill: colourOf(word, operands) });
      case 'SC':
      case 'SCN':
      case 'G':
      case 'RG':
      case 'K':
        return this.#set({ stroke: colourOf(word.toLowerCase(), operands) });
      case 'BT':
        this.#text = this.#line = START.matrix;
        return;
      case 'Tf':
        return this.#set({ font: this.#font(operands[0]), fontSize: b });
      case 'Td':
        return this.#moveLine(a, b);
      case 'TD':
        this.#set({ leading: -b });
        return this.#moveLine(a, b);
      case 'T*':
        return this.#moveLine(0, -this.#state.leading);
      case 'Tm':
        this.#text = this.#line = [a, b, c, d, e, f];
        return;
      case 'Tj':
        return this.#show(operands);
      case 'TJ':
        return this.#show(Array.isArray(operands[0]) ? (operands[0] as readonly PdfValue[]) : []);
      case "'":
        this.#moveLine(0, -this.#state.leading);
        return this.#show(operands);
      case 'Tr':
        return this.#set({ mode: a });
      case 'Tc':
        return this.#set({ letterGap: a });
      case 'Tw':
        return this.#set({ wordGap: a });
      case 'Ts':
        return this.#set({ rise: a });
      case 'TL':
        return this.#set({ leading: a });
      case 'Tz':
        return this.#set({ scale: a / 100 });
      case 'BDC':
        if (operands[0] instanceof PdfName && operands[0].value === 'OC') {
          this.#refuse('a part of a page can be switched off');
        }
        return;
      case 'Do':
        return this.#refuse('a picture or another page is put onto a page');
      case 'ET':
      case 'BMC':
      case 'EMC':
      case 'MP':
      case 'DP':
      case 'J':
      case 'j':
      case 'M':
      case 'd':
      case 'i':
      case 'ri':
        return;
      default:
        return this.#refuse(`a page uses ${word}, which no paper does`);
    }
  }

  #external(name: PdfValue | undefined): void {
    const states = this.#revision.dict(this.#resources.entries.get('ExtGState') ?? null);
    const state =
      name instanceof PdfName
        ? this.#revision.dict(states?.entries.get(name.value) ?? null)
        : null;
    if (state === null) throw unreadable('a page refers to a graphics state that is not there');
    for (const [key, value] of state.entries) {
      if (key === 'LW' && typeof value === 'number') this.#set({ lineWidth: value });
      const isPlain =
        ['Type', 'LW', 'LC', 'LJ', 'ML', 'SA', 'OP', 'op', 'OPM'].includes(key) ||
        (['ca', 'CA'].includes(key) && value === 1) ||
        (['BM', 'SMask'].includes(key) &&
          value instanceof PdfName &&
          ['Normal', 'None'].includes(value.value));
      if (!isPlain) this.#refuse('something on a page is transparent');
    }
  }

  #spaceColour(name: PdfValue | undefined): Colour {
    const device = name instanceof PdfName ? name.value : '';
    const spaces = this.#revision.dict(this.#resources.entries.get('ColorSpace') ?? null);
    const found = this.#revision.resolve(spaces?.entries.get(device) ?? null);
    const [kind] = Array.isArray(found) ? (found as readonly PdfValue[]) : [];
    const isKnown =
      ['DeviceGray', 'DeviceRGB'].includes(device) ||
      (kind instanceof PdfName && kind.value === 'ICCBased');
    return isKnown ? 'black' : 'other';
  }

  #font(name: PdfValue | undefined): TextFont {
    const key = name instanceof PdfName ? name.value : '';
    const known = this.#fonts.get(key);
    if (known !== undefined) return known;
    const fonts = this.#revision.dict(this.#resources.entries.get('Font') ?? null);
    const found = this.#revision.dict(fonts?.entries.get(key) ?? null);
    if (found === null) throw unreadable('a page refers to a font that is not there');
    const font = readFont(this.#revision, found);
    this.#fonts.set(key, font);
    return font;
  }

  #moveLine(x: number, y: number): void {
    this.#text = this.#line = product([1, 0, 0, 1, x, y], this.#line);
  }

  #show(parts: readonly PdfValue[]): void {
    const { font, fontSize, letterGap, wordGap, rise, scale } = this.#state;
    if (font === null) throw unreadable('a text has no font');
    this.#checkVisible();
    for (const part of parts) {
      if (typeof part === 'number') {
        this.#advance((-part / 1000) * fontSize * scale);
      } else if (part instanceof PdfString) {
        for (const { text, width } of font.glyphs(part)) {
          const placed = product([1, 0, 0, 1, 0, rise], product(this.#text, this.#state.matrix));
          const [xx, xy, yx, yy, left, baseline] = placed;
          const isUpright = Math.abs(xy) < 1e-6 && Math.abs(yx) < 1e-6 && xx > 0 && yy > 0;
          if (!isUpright) this.#refuse('a text is turned or mirrored');
          const size = fontSize * Math.min(Math.abs(xx * scale), Math.abs(yy));
          if (text.trim() !== '' && size < MIN_FONT_PT) this.#refuse('a text is too small to read');
          const right = left + (width / 1000) * fontSize * xx * scale;
          this.texts.push({ text, left, right, baseline, size });
          const gap = letterGap + (text === ' ' ? wordGap : 0);
          this.#advance(((width / 1000) * fontSize + gap) * scale);
        }
      }
    }
  }

  #checkVisible(): void {
    const { mode, fill, isClipped } = this.#state;
    if (mode !== 0) this.#refuse('a text is invisible or an outline');
    if (fill !== 'black' && !this.#allowsColour) this.#refuse('a text is not black');
    if (isClipped && !this.#allowsClip) this.#refuse('a text may be cut off by a clipping path');
  }

  #advance(distance: number): void {
    this.#text = product([1, 0, 0, 1, distance, 0], this.#text);
  }

  #point(x: number, y: number): Point {
    const [a, b, c, d, e, f] = this.#state.matrix;
    return [a * x + c * y + e, b * x + d * y + f];
  }

  #close(): void {
    const part = this.#path.at(-1);
    const [first] = part ?? [];
    if (first !== undefined) part?.push(first);
  }

  #paint(isFilled: boolean, isStroked: boolean): void {
    const { fill, stroke } = this.#state;
    const isBlack = (!isFilled || fill === 'black') && (!isStroked || stroke === 'black');
    if (!isBlack && !this.#allowsColour) this.#refuse('something on a page is painted over');
    if (isFilled || isStroked) {
      for (const part of this.#path) this.#addPart(part, isFilled, isStroked);
    }
    if (this.#clips) this.#set({ isClipped: true });
    this.#path = [];
    this.#hasCurve = false;
    this.#clips = false;
  }

  #addPart(part: readonly Point[], isFilled: boolean, isStroked: boolean): void {
    const [a, b, c, d] = this.#state.matrix;
    const width = this.#state.lineWidth * Math.sqrt(Math.abs(a * d - b * c));
    const isPlain = !isFilled && !this.#hasCurve && width <= MAX_RULE_WIDTH_PT;
    const rules = isPlain ? rulesOf(part) : null;
    if (rules !== null) {
      this.rules.push(...rules);
    } else if (part.length > 1) {
      const [xs, ys] = [part.map(([x]) => x), part.map(([, y]) => y)];
      const [left, right] = [Math.min(...xs), Math.max(...xs)];
      const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
      const half = isStroked ? width / 2 : 0;
      // A level line ends where it ends; anything else may be wider by its line.
      const beside = top - bottom < STRAIGHT_PT ? 0 : half;
      this.shapes.push([left - beside, bottom - half, right + beside, top + half]);
    }
  }
}

/** The rules that a path draws, or null if it draws anything else. */
function rulesOf(part: readonly Point[]): PlacedRule[] | null {
  const rules: PlacedRule[] = [];
  for (const [place, [x, y]] of part.entries()) {
    const before = part[place - 1];
    if (before === undefined) continue;
    const [width, height] = [Math.abs(x - before[0]), Math.abs(y - before[1])];
    const isUpright = width < STRAIGHT_PT;
    if (!isUpright && height >= STRAIGHT_PT) return null;
    if (Math.max(width, height) < MIN_RULE_PT) return null;
    rules.push(
      isUpright
        ? { isUpright, at: x, from: Math.min(y, before[1]), to: Math.max(y, before[1]) }
        : { isUpright, at: y, from: Math.min(x, before[0]), to: Math.max(x, before[0]) },
    );
  }
  return rules;
}

function colourOf(word: string, operands: readonly PdfValue[]): Colour {
  if (operands.length === 0 || operands.some((each) => typeof each !== 'number')) return 'other';
  const dark = word === 'k' ? [0, 0, 0, 1] : operands.map(() => 0);
  return operands.every((each, place) => each === dark[place]) ? 'black' : 'other';
}

function product(left: Matrix, right: Matrix): Matrix {
  const [a, b, c, d, e, f] = left;
  const [g, h, i, j, k, l] = right;
  return [
    a * g + b * i,
    a * h + b * j,
    c * g + d * i,
    c * h + d * j,
    e * g + f * i + k,
    e * h + f * j + l,
  ];
}
