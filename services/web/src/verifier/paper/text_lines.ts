/** Letters put together by where they stand on a page: lines, columns, one text without spaces. */

import type { PlacedText } from './page_content.ts';

/** Baselines that are nearer to each other are one line's. */
export const SAME_LINE_PT = 2.5;
/** Letters of one line that are farther apart are of two columns. */
const COLUMN_GAP_PT = 14;
const PAGE_MIDDLE_PT = 297.6;
/** Where two columns part: a quarter to two thirds of an A4 page. */
const GAP_BETWEEN_PT: readonly [number, number] = [149, 387];

/** Normalised, and without any white space. */
export function squeeze(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, '');
}

export interface Line {
  readonly baseline: number;
  readonly text: string;
}

/** The lines of a page from top to bottom, each from left to right. */
export function linesOf(texts: readonly PlacedText[]): Line[] {
  return groupedByLine(texts).map((line) => ({
    baseline: Math.max(...line.map(({ baseline }) => baseline)),
    text: line.map(({ text }) => text).join(''),
  }));
}

function groupedByLine(texts: readonly PlacedText[]): PlacedText[][] {
  const lines: { baseline: number; texts: PlacedText[] }[] = [];
  const sorted = [...texts].sort((one, other) => other.baseline - one.baseline);
  for (const text of sorted) {
    const line = lines.at(-1);
    if (line !== undefined && line.baseline - text.baseline < SAME_LINE_PT) line.texts.push(text);
    else lines.push({ baseline: text.baseline, texts: [text] });
  }
  return lines.map((line) => line.texts.sort((one, other) => one.left - other.left));
}

/** All lines as one text without spaces. */
export function oneText(texts: readonly PlacedText[]): string {
  return squeeze(
    linesOf(texts)
      .map(({ text }) => text)
      .join(''),
  );
}

/** Texts of pages, by columns: names that are too long for one line go on below. */
export function inColumns(pages: readonly (readonly PlacedText[])[]): string {
  const columns: [PlacedText[], PlacedText[]][] = pages.map((texts) => {
    const parts = groupedByLine(texts.filter(({ text }) => text.trim() !== '')).flatMap(partsOf);
    const isRight = (part: readonly PlacedText[]): boolean =>
      ((part[0]?.left ?? 0) + (part.at(-1)?.right ?? 0)) / 2 > PAGE_MIDDLE_PT;
    return [parts.filter((part) => !isRight(part)).flat(), parts.filter(isRight).flat()];
  });
  return [0, 1].map((side) => columns.map((page) => oneText(page[side] ?? [])).join('')).join('\n');
}

/** The texts left and right of the widest gap near the middle into which no letter reaches. */
export function besideGap(texts: readonly PlacedText[]): readonly [string, string] {
  const letters = texts.filter(({ text }) => text.trim() !== '');
  const [low, high] = GAP_BETWEEN_PT;
  let [edge, widest, middle] = [low, 0, high];
  const ends = [...letters].sort((one, other) => one.left - other.left);
  for (const { left, right } of [...ends, { left: high, right: high }]) {
    const start = Math.min(Math.max(left, low), high);
    if (start - edge > widest) [widest, middle] = [start - edge, (start + edge) / 2];
    edge = Math.max(edge, right);
  }
  const isLeft = ({ right }: PlacedText): boolean => right <= middle;
  return [
    oneText(letters.filter(isLeft)),
    oneText(letters.filter((letter) => !isLeft(letter))),
  ];
}

/** The parts of a line that stand apart, from left to right. */
function partsOf(line: readonly PlacedText[]): PlacedText[][] {
  const parts: PlacedText[][] = [];
  for (const text of line) {
    const last = parts.at(-1);
    const before = last?.at(-1);
    if (last === undefined || before === undefined || text.left - before.right > COLUMN_GAP_PT) {
      parts.push([text]);
    } else {
      last.push(text);
    }
  }
  return parts;
}
