/** Decoding streams (ISO 32000-2:2020 §7.4): deflate or nothing, with a bound on what comes out. */

import { Unzlib } from 'fflate';

import { joinBytes } from '../../crypto/encodings.ts';
import { PdfDict, PdfName, PdfStream, type PdfValue, unreadable } from './pdf_values.ts';

/** More than any part of a paper; an attached record of this size is refused elsewhere. */
export const MAX_DECODED_BYTES = 128 * 1024 * 1024;
const MAX_EXPANSION = 200;
const MIN_LIMIT = 1024 * 1024;
const PNG_UP = 2;

/** The bytes of a stream. Throws MalformedInputError: another filter, damaged, without measure. */
export function decodeStream(stream: PdfStream): Uint8Array {
  const { entries } = stream.dict;
  const filters = namesOf(entries.get('Filter') ?? []);
  if (entries.has('F') || filters.some((name) => name !== 'FlateDecode') || filters.length > 1) {
    throw unreadable('a stream is encoded in a way that is not read');
  }
  if (filters.length === 0) return stream.encoded;
  const parameters = entries.get('DecodeParms') ?? null;
  const decoded = inflate(stream.encoded);
  return parameters instanceof PdfDict ? undoPredictor(decoded, parameters) : decoded;
}

function namesOf(value: PdfValue): string[] {
  const list = Array.isArray(value) ? (value as readonly PdfValue[]) : [value];
  return list.map((each) => (each instanceof PdfName ? each.value : '?'));
}

function inflate(encoded: Uint8Array): Uint8Array {
  const limit = Math.min(MAX_DECODED_BYTES, MAX_EXPANSION * encoded.length + MIN_LIMIT);
  const parts: Uint8Array[] = [];
  let size = 0;
  let isWhole = false;
  const stream = new Unzlib((part, isFinal) => {
    size += part.length;
    if (size > limit) throw unreadable('a stream expands without measure');
    parts.push(part);
    isWhole = isFinal;
  });
  try {
    // In pieces, so that the limit is met before all of it is in memory.
    for (let at = 0; at < encoded.length; at += 65_536) {
      stream.push(encoded.subarray(at, at + 65_536), at + 65_536 >= encoded.length);
    }
  } catch (error) {
    if (size > limit) throw error;
    throw unreadable('a stream does not decompress');
  }
  if (!isWhole) throw unreadable('a stream is cut off');
  return joinBytes(...parts);
}

/** PNG's Up (§7.4.4.4), which writers of cross-reference streams use; others are refused. */
function undoPredictor(data: Uint8Array, parameters: PdfDict): Uint8Array {
  const predictor = parameters.entries.get('Predictor') ?? 1;
  if (predictor === 1) return data;
  const columns = parameters.entries.get('Columns') ?? 1;
  if (typeof predictor !== 'number' || predictor < 10 || typeof columns !== 'number') {
    throw unreadable('a stream is encoded in a way that is not read');
  }
  const rows = Math.floor(data.length / (columns + 1));
  const plain = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const kind = data[row * (columns + 1)] ?? 0;
    if (kind !== 0 && kind !== PNG_UP) {
      throw unreadable('a stream is encoded in a way that is not read');
    }
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const above = kind === PNG_UP && row > 0 ? (plain[at - columns] ?? 0) : 0;
      plain[at] = ((data[row * (columns + 1) + 1 + column] ?? 0) + above) & 0xff;
    }
  }
  return plain;
}
