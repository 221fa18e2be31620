/** QR codes of papers: what is drawn must say the records' seal values, and nothing else. */

import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';

import { attachedRecords } from '../../src/verifier/paper/attached_records.ts';
import type { PlacedShape } from '../../src/verifier/paper/page_content.ts';
import { PdfFile } from '../../src/verifier/paper/pdf_file.ts';
import { codeProblems, codeText, shapeGroups } from '../../src/verifier/paper/printed_codes.ts';
import { readPages } from '../../src/verifier/paper/printed_pages.ts';
import { readPaper } from './paper_changes.ts';

const { last } = new PdfFile(readPaper('meeting.pdf'));
const { shapes } = readPages(last);
const records = attachedRecords(last);
const TEXT = 'ab'.repeat(32);
const MODULE_PT = 1.5;

/** A code as papers draw it: a level stroke for each dark module, from a place on. */
function drawn(text: string, left = 85, top = 500): PlacedShape[] {
  const { data } = encode(text, { ecc: 'M', border: 0 });
  return data.flatMap((row, y) =>
    row.flatMap((dark, x): PlacedShape[] => {
      const [from, high] = [left + x * MODULE_PT, top - y * MODULE_PT];
      return dark ? [[from, high - MODULE_PT, from + MODULE_PT, high]] : [];
    }),
  );
}

function textOf(code: readonly PlacedShape[]): string | null | undefined {
  const [group] = shapeGroups(code);
  return group && codeText(group);
}

describe('a QR code', () => {
  it('is read from its modules', () => {
    expect(textOf(drawn(TEXT))).toBe(TEXT);
  });

  it('with a shape across its grid is none', () => {
    const between = [100.7, 480, 102.2, 481.5] as const;
    expect(textOf([...drawn(TEXT), between])).toBeNull();
  });

  it('that is longer than broad is none', () => {
    expect(textOf(drawn(TEXT).filter(([, bottom]) => bottom < 480))).toBeNull();
  });

  it('that nobody could read is none', () => {
    expect(textOf(drawn(TEXT).filter(([left, , , top]) => left < 100 || top > 490))).toBeNull();
  });
});

describe('the codes of a paper', () => {
  it('say the seal of its record', () => {
    expect(codeProblems(shapes, records)).toEqual([]);
  });

  it.each([
    ['another value', [drawn(TEXT)], TEXT],
    ['none', [[]], 'say nothing,'],
    ['one more', [...shapes, drawn(TEXT)], TEXT],
    ['something that is no code', [[[85, 450, 140, 505]]], 'nothing that can be read'],
  ] as [string, PlacedShape[][], string][])('%s', (_, pages, said) => {
    const [problem, ...others] = codeProblems(pages, records);
    expect(others).toEqual([]);
    expect(problem).toContain(said);
    expect(problem).toContain("not the records' seals");
  });

  it('are as many as its records', () => {
    expect(codeProblems(shapes, [...records, ...records])).toHaveLength(1);
    expect(codeProblems([...shapes, ...shapes], [...records, ...records])).toEqual([]);
  });
});
