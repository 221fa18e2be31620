/** The QR codes that a paper shows, read from what is drawn: they say its records' seal values. */

import jsQR from 'jsqr';

import { sealValue } from '../../crypto/codes.ts';
import { parseNote } from '../../crypto/checkpoints.ts';
import { toHex } from '../../crypto/encodings.ts';
import { isRefusal } from '../refusals.ts';
import type { AttachedRecord } from './attached_records.ts';
import type { PlacedShape } from './page_content.ts';

/** Shapes of one code are no farther apart than a few of its modules. */
const CODE_GAP_PT = 3;
/** Modules of the largest code (ISO/IEC 18004:2015 table 1), and the white around one (§9.1). */
const MAX_SIDE = 177;
const QUIET = 4;
const PIXELS = 4;
/** Of a module's side: how far a drawn edge may lie from the grid's. */
const TOLERANCE = 0.1;

/** Shapes that are drawn close to each other, and the box around them: left, bottom, right, top. */
export interface ShapeGroup {
  readonly box: readonly [number, number, number, number];
  readonly shapes: readonly PlacedShape[];
}

/** The shapes of a page in groups, from the top. */
export function shapeGroups(shapes: readonly PlacedShape[]): ShapeGroup[] {
  const groups: { box: [number, number, number, number]; shapes: PlacedShape[] }[] = [];
  for (const shape of [...shapes].sort((one, other) => other[3] - one[3])) {
    const [left, bottom, right, top] = shape;
    const near = groups.find(({ box }) => box[1] - top <= CODE_GAP_PT);
    if (near === undefined) {
      groups.push({ box: [left, bottom, right, top], shapes: [shape] });
    } else {
      const { box } = near;
      near.box = [Math.min(box[0], left), Math.min(box[1], bottom), Math.max(box[2], right), box[3]];
      near.shapes.push(shape);
    }
  }
  return groups;
}

/** What is wrong with the codes: one for each record, in the order in which the paper names them. */
export function codeProblems(
  pages: readonly (readonly PlacedShape[])[],
  records: readonly AttachedRecord[],
): string[] {
  const said = pages.flatMap(shapeGroups).map(codeText);
  const due = records.map(valueOf);
  const isTrue = said.length === due.length && said.every((text, at) => text === due[at]);
  if (isTrue && !said.includes(null)) return [];
  const known = said.map((text) => (text === null ? 'nothing that can be read' : text.slice(0, 70)));
  return [`the QR codes say ${known.join(', ') || 'nothing'}, which is not the records' seals`];
}

/** The text of a code, or null where none can be read. */
export function codeText({ box, shapes }: ShapeGroup): string | null {
  const modules = modulesOf(box, shapes);
  if (modules === null) return null;
  const side = (modules.length + 2 * QUIET) * PIXELS;
  const pixels = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let y = 0; y < side; y += 1) {
    const row = modules[Math.floor(y / PIXELS) - QUIET];
    for (let x = 0; x < side; x += 1) {
      if (row?.[Math.floor(x / PIXELS) - QUIET] === true) {
        pixels.fill(0, 4 * (y * side + x), 4 * (y * side + x) + 3);
      }
    }
  }
  return jsQR(pixels, side, side, { inversionAttempts: 'dontInvert' })?.data ?? null;
}

/** The dark modules, or null where something lies across their grid. */
function modulesOf(
  [left, bottom, right, top]: ShapeGroup['box'],
  shapes: readonly PlacedShape[],
): boolean[][] | null {
  const lowest = shapes.reduce((found, shape) => Math.min(found, shape[3] - shape[1]), Infinity);
  const size = Math.round((top - bottom) / lowest);
  const side = (right - left) / size;
  const isSquare = Math.abs(top - bottom - size * side) < TOLERANCE * side;
  if (!isSquare || !(size > 0 && size <= MAX_SIDE)) return null;
  const modules = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const shape of shapes) {
    const edges = [
      (shape[0] - left) / side,
      (shape[2] - left) / side,
      (top - shape[3]) / side,
      (top - shape[1]) / side,
    ];
    if (edges.some((edge) => Math.abs(edge - Math.round(edge)) > TOLERANCE)) return null;
    const [from = 0, to = 0, above = 0, below = 0] = edges.map(Math.round);
    for (const row of modules.slice(above, below)) row.fill(true, from, to);
  }
  return modules;
}

function valueOf({ evidence }: AttachedRecord): string | null {
  try {
    return toHex(sealValue(parseNote(evidence.notes.get('closing') ?? '').text));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  }
}
