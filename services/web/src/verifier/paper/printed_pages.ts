/**
 * The text of all pages in the order in which it is read, and the rows of their tables, from what
 * the pages show. Spaces are left out: justified lines put them where they like.
 */

import { type Box, boxOf, formFields } from './form_fields.ts';
import type { PdfRevision } from './pdf_file.ts';
import { decodeStream } from './pdf_streams.ts';
import { type PdfDict, PdfRef, unreadable } from './pdf_values.ts';
import {
  type PageContent,
  type PlacedRule,
  type PlacedShape,
  type PlacedText,
  readContent,
} from './page_content.ts';
import { type ShapeGroup, shapeGroups } from './printed_codes.ts';
import { besideGap, inColumns, linesOf, oneText, SAME_LINE_PT, squeeze } from './text_lines.ts';

const MAX_PAGES = 300;
const ON_RULE_PT = 0.8;
/** The QR code of the cross-check: a square about 19 mm wide. */
const CODE_SIDE_PT = [40, 70] as const;
const EXTRACT = squeeze('TRÍCH BIÊN BẢN');
const TITLES = [...['BIÊN BẢN', 'BIÊN BẢN KIỂM PHIẾU'].map(squeeze), EXTRACT];
const NUMBER = /^[0-9]{1,3}$/;
const PAGE_KEYS = ['CropBox', 'Rotate', 'UserUnit', 'AA', 'VP', 'Trans'];
const CATALOG_KEYS = ['OpenAction', 'AA', 'OCProperties', 'Collection', 'URI', 'NeedsRendering'];

/**
 * Text without spaces; what of it stands above the title, left and right; what stands below the
 * closing sentence, column by column; the rows that begin with a number; what was refused.
 */
export interface PrintedPages {
  readonly text: string;
  readonly isExtract: boolean;
  readonly heading: readonly [string, string];
  readonly end: string;
  readonly rows: readonly (readonly string[])[];
  /** What is drawn, page by page: nothing but QR codes, or there is a problem. */
  readonly shapes: readonly (readonly PlacedShape[])[];
  readonly problems: readonly string[];
}

/** Read all pages. Throws MalformedInputError. */
export function readPages(revision: PdfRevision): PrintedPages {
  const { pages } = revision;
  if (pages.length > MAX_PAGES) throw unreadable(`it has more than ${MAX_PAGES} pages`);
  const contents = pages.map(({ dict }) => contentOf(revision, dict));
  const end = endOfText(contents);
  const problems = [...catalogProblems(revision), ...fieldProblems(revision)];
  const texts: string[] = [];
  const rows: string[][] = [];
  for (const [place, { dict }] of pages.entries()) {
    const content = contents[place];
    if (content === undefined) continue;
    const onPage = [
      ...content.problems,
      ...pageProblems(revision, dict, content),
      ...coveredTextProblems(revision, dict, content, lowestBaseline(end, place)),
      ...shapeProblems(content),
      ...strikeProblems(content),
    ];
    problems.push(...onPage.map((problem) => `page ${place + 1}: ${problem}`));
    texts.push(withoutPageNumber(linesOf(content.texts).map(({ text }) => text)));
    collectRows(content, rows);
  }
  const below = contents.map((content, place) => {
    const lowest = lowestBaseline(end, place);
    return content.texts.filter(({ baseline }) => baseline < lowest - SAME_LINE_PT);
  });
  const shapes = contents.map((content) => content.shapes);
  const first = contents[0]?.texts ?? [];
  const title = linesOf(first).find((line) => TITLES.includes(squeeze(line.text)));
  const above = first.filter(({ baseline }) => baseline > (title?.baseline ?? 0) + SAME_LINE_PT);
  return {
    text: squeeze(texts.join(' ')),
    isExtract: title !== undefined && squeeze(title.text) === EXTRACT,
    heading: besideGap(above),
    end: inColumns(below),
    rows,
    shapes,
    problems,
  };
}

/** Where the closing sentence ends ("./."): below it are signatures and recipients. */
interface End {
  readonly page: number;
  readonly baseline: number;
}

function endOfText(contents: readonly PageContent[]): End | null {
  for (let page = contents.length - 1; page >= 0; page -= 1) {
    const lines = linesOf(contents[page]?.texts ?? []);
    const last = lines.filter(({ text }) => text.trimEnd().endsWith('./.')).at(-1);
    if (last !== undefined) return { page, baseline: last.baseline };
  }
  return null;
}

/** The body's lowest baseline on a page: Infinity where all of the page comes after the end. */
function lowestBaseline(end: End | null, page: number): number {
  if (end === null || page < end.page) return -Infinity;
  return page > end.page ? Infinity : end.baseline;
}

function contentOf(revision: PdfRevision, page: PdfDict): PageContent {
  const contents = page.entries.get('Contents') ?? null;
  const resources = revision.dict(page.entries.get('Resources') ?? null);
  const whole = revision.stream(contents);
  const parts = whole === null ? revision.array(contents) : [contents];
  const bytes: number[] = [];
  if (resources === null || parts.length === 0) throw unreadable('a page has no content');
  if (whole !== null) return readContent(revision, decodeStream(whole), resources);
  for (const part of parts) {
    const stream = revision.stream(part);
    if (stream === null) throw unreadable('a page has no content');
    for (const byte of decodeStream(stream)) bytes.push(byte);
    bytes.push(0x0a);
  }
  return readContent(revision, Uint8Array.from(bytes), resources);
}

function catalogProblems(revision: PdfRevision): string[] {
  return CATALOG_KEYS.filter((key) => revision.catalog.entries.has(key)).map(
    (key) => `the file has /${key}, which no paper has`,
  );
}

function pageProblems(revision: PdfRevision, page: PdfDict, content: PageContent): string[] {
  const problems = PAGE_KEYS.filter((key) => page.entries.has(key)).map(
    (key) => `it has /${key}, which no paper has`,
  );
  const [left = 0, bottom = 0, right = 0, top = 0] = revision.numbers(
    page.entries.get('MediaBox') ?? [],
  );
  const isOff = content.texts.some(
    (text) =>
      text.left < left || text.right > right || text.baseline < bottom || text.baseline > top,
  );
  if (isOff) problems.push('a text stands outside of it');
  return problems;
}

/** Nothing lies over printed text, but the agency's seal over the place of a signature. */
function coveredTextProblems(
  revision: PdfRevision,
  page: PdfDict,
  content: PageContent,
  bodyEnd: number,
): string[] {
  const letters = content.texts.filter(({ text }) => text.trim() !== '');
  return annotationsOf(revision, page).flatMap(({ box, name }) => {
    const covered = letters.filter((text) => covers(box, text));
    const isSeal = name === 'agency' && covered.every(({ baseline }) => baseline < bodyEnd - 1);
    return covered.length === 0 || isSeal
      ? []
      : [`${name === '' ? 'a stamp' : `the field ${name}`} lies over printed text`];
  });
}

interface Annotation {
  readonly box: Box;
  readonly name: string;
}

function annotationsOf(revision: PdfRevision, page: PdfDict): Annotation[] {
  return revision.array(page.entries.get('Annots') ?? null).map((ref) => {
    const dict = revision.dict(ref);
    const kind = dict === null ? null : revision.name(dict.entries.get('Subtype') ?? null);
    if (dict === null || !(ref instanceof PdfRef)) throw unreadable('an annotation is broken');
    if (kind !== 'Widget' && kind !== 'Stamp' && kind !== 'FreeText') {
      throw unreadable(`a page has an annotation of kind ${kind}`);
    }
    const name = kind === 'Widget' ? (revision.text(dict.entries.get('T') ?? null) ?? '') : '';
    return { box: boxOf(revision, dict), name };
  });
}

/** Whether a letter's middle lies in a box. */
function covers([left, bottom, right, top]: Box, text: PlacedText): boolean {
  const [x, y] = [(text.left + text.right) / 2, text.baseline + text.size / 4];
  return x > left && x < right && y > bottom && y < top;
}

/** Shapes may only be the QR codes: squares of their size with no letter in them. */
function shapeProblems({ shapes, texts }: PageContent): string[] {
  const isCode = ({ box: [left, bottom, right, top] }: ShapeGroup): boolean =>
    [right - left, top - bottom].every(
      (side) => side >= CODE_SIDE_PT[0] && side <= CODE_SIDE_PT[1],
    ) && !texts.some((text) => covers([left - 1, bottom - 1, right + 1, top + 1], text));
  return shapeGroups(shapes).every(isCode)
    ? []
    : ['something is drawn on it that is neither text nor rule'];
}

/** A rule through letters strikes them out, or makes others of them. */
function strikeProblems({ rules, texts }: PageContent): string[] {
  const letters = texts.filter(({ text }) => text.trim() !== '');
  const isStruck = letters.some(({ left, right, baseline, size }) => {
    const [x, y, width] = [(left + right) / 2, baseline + size / 3, right - left];
    return rules.some(({ isUpright, at, from, to }) =>
      isUpright
        ? Math.abs(at - x) < width / 3 && from < y && to > y
        : Math.abs(at - y) < size / 4 && from < x && to > x,
    );
  });
  return isStruck ? ['a rule goes through printed text'] : [];
}

/** What number and date show must be what they hold: some readers show the one, some the other. */
function fieldProblems(revision: PdfRevision): string[] {
  if (!revision.catalog.entries.has('AcroForm')) return [];
  return [...formFields(revision).values()].flatMap(({ kind, name, dict }) => {
    if (kind !== 'Tx') return [];
    const held = dict.entries.has('V') ? (revision.text(dict.entries.get('V')) ?? '') : '';
    const appearances = revision.dict(dict.entries.get('AP') ?? null);
    const shown = revision.stream(appearances?.entries.get('N') ?? null);
    const printed = shown === null ? '' : appearanceText(revision, decodeStream(shown), shown.dict);
    return printed === squeeze(held)
      ? []
      : [`the field ${name} shows “${printed}” and holds “${held}”`];
  });
}

function appearanceText(revision: PdfRevision, content: Uint8Array, form: PdfDict): string {
  const resources = revision.dict(form.entries.get('Resources') ?? null) ?? form;
  const read = readContent(revision, content, resources, { allowsClip: true });
  if (read.problems.length > 0 || read.shapes.length > 0) return `? (${read.problems.join(', ')})`;
  return oneText(read.texts);
}

function withoutPageNumber(lines: readonly string[]): string {
  const [first = '', ...rest] = lines;
  return (NUMBER.test(first.trim()) ? rest : lines).join(' ');
}

interface Cell {
  readonly left: number;
  readonly bottom: number;
  readonly texts: PlacedText[];
}

/** Add a page's rows that begin with a number, and the rest of one that began a page before. */
function collectRows({ texts, rules }: PageContent, rows: string[][]): void {
  const grid = new Grid(rules);
  const bands = new Map<string, { top: number; cells: Map<number, Cell> }>();
  for (const text of texts) {
    const box = grid.around((text.left + text.right) / 2, text.baseline + text.size / 4);
    if (box === null) continue;
    const [left, bottom, , top] = box;
    const key = `${bottom.toFixed(1)} ${top.toFixed(1)}`;
    const band = bands.get(key) ?? { top, cells: new Map<number, Cell>() };
    const place = Math.round(left);
    const cell = band.cells.get(place) ?? { left, bottom, texts: [] };
    cell.texts.push(text);
    band.cells.set(place, cell);
    bands.set(key, band);
  }
  for (const { top, cells } of [...bands.values()].sort((one, other) => other.top - one.top)) {
    addRow(grid.columnsAt(top), cells, rows);
  }
}

function addRow(columns: readonly number[], cells: Map<number, Cell>, rows: string[][]): void {
  const row = columns.map((left) => {
    const found = cells.get(Math.round(left));
    return found === undefined ? '' : oneText(found.texts);
  });
  const [first = ''] = row;
  const last = rows.at(-1);
  if (NUMBER.test(first)) {
    rows.push(row);
  } else if (first === '' && row.some((cell) => cell !== '') && last?.length === row.length) {
    for (const [place, cell] of row.entries()) last[place] += cell;
  }
}

/** The rules of a page as the borders of cells. */
class Grid {
  readonly #upright: readonly PlacedRule[];
  readonly #level: readonly PlacedRule[];

  constructor(rules: readonly PlacedRule[]) {
    this.#upright = rules.filter((rule) => rule.isUpright);
    this.#level = rules.filter((rule) => !rule.isUpright);
  }

  /** The cell around a point, or null where rules are missing on any side. */
  around(x: number, y: number): Box | null {
    const [left, right] = nearest(this.#upright, x, y);
    const [bottom, top] = nearest(this.#level, y, x);
    const isClosed = Number.isFinite(right - left) && Number.isFinite(top - bottom);
    return isClosed ? [left, bottom, right, top] : null;
  }

  /** The left borders of the cells below a level rule. */
  columnsAt(top: number): number[] {
    const y = top - 2 * ON_RULE_PT;
    const places = this.#upright
      .filter((rule) => rule.from <= y && rule.to >= y)
      .map((rule) => rule.at)
      .sort((one, other) => one - other);
    const distinct = places.filter((at, place) => place === 0 || at - (places[place - 1] ?? 0) > 1);
    return distinct.slice(0, -1);
  }
}

/** The nearest rules before and behind a place, of those that pass beside it. */
function nearest(rules: readonly PlacedRule[], at: number, beside: number): [number, number] {
  let [before, behind] = [-Infinity, Infinity];
  for (const rule of rules) {
    if (rule.from - ON_RULE_PT > beside || rule.to + ON_RULE_PT < beside) continue;
    if (rule.at <= at) before = Math.max(before, rule.at);
    else behind = Math.min(behind, rule.at);
  }
  return [before, behind];
}
