import { describe, expect, it } from 'vitest';

import {
  answersOf,
  blankMarks,
  countOpen,
  groupByAward,
  markAllOpen,
  type Marks,
  marksOfDigits,
  marksToDigits,
  withMark,
} from '../../src/member/marks.ts';
import { testOfText, testToText } from '../../src/member/test_code.ts';
import { ceremony, makeTerms } from '../verifier/record_parts.ts';

const [first, ...rest] = makeTerms('Ed25519', ceremony('Ed25519').entries).nominations;
if (first === undefined) throw new Error('the sample has nominations');
const NOMINATIONS = [first, ...rest].map((each, place) => ({
  ...each,
  award: place === 1 ? 'Cờ thi đua' : 'Bằng khen',
}));

describe('groups', () => {
  it('hold the cases of an award with their places in the list', () => {
    const groups = groupByAward(NOMINATIONS);
    expect(groups.map(({ award }) => award)).toEqual(['Bằng khen', 'Cờ thi đua']);
    expect(groups.map(({ cases }) => cases.map(({ place }) => place))).toEqual([[0, 2], [1]]);
  });
});

describe('marks', () => {
  const [group, other] = groupByAward(NOMINATIONS);
  if (group === undefined || other === undefined) throw new Error('two awards');

  it('are blank at first', () => {
    expect(blankMarks(3)).toEqual(['blank', 'blank', 'blank']);
  });

  it('of a whole group leave alone what was chosen, and the other groups', () => {
    const marks = withMark(blankMarks(3), 2, 'disagree');
    expect(markAllOpen(marks, group, 'agree')).toEqual(['agree', 'blank', 'disagree']);
    expect(markAllOpen(marks, other, 'disagree')).toEqual(['blank', 'disagree', 'disagree']);
  });

  it('are counted while they are open', () => {
    const marks: Marks = ['agree', 'blank', 'blank'];
    expect(countOpen(marks)).toBe(2);
    expect(countOpen(marks, group)).toBe(1);
  });

  it('become answers to the questions: a blank is neither', () => {
    expect(answersOf(['agree', 'disagree', 'blank'])).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
  });

  it('are written as digits and read back', () => {
    const marks: Marks = ['agree', 'disagree', 'blank'];
    expect(marksToDigits(marks)).toBe('120');
    expect(marksOfDigits('120')).toEqual(marks);
    for (const wrong of ['', '3', '12a', '1'.repeat(1001)]) expect(marksOfDigits(wrong)).toBeNull();
  });
});

describe('the QR of a throw-away ballot', () => {
  const test = {
    uuid: 'PhieuKinTest14',
    phi: 'A'.repeat(43),
    seed: 'b'.repeat(43),
    marks: ['agree', 'blank'] as const,
  };

  it('holds election, seed and marks, and nothing else', () => {
    const text = testToText(test);
    expect(text).toBe(`phieukin/test/1 PhieuKinTest14 ${'A'.repeat(43)} ${'b'.repeat(43)} 10`);
    expect(testOfText(` ${text}\n`)).toEqual(test);
  });

  it('is not mistaken for another code', () => {
    const text = testToText(test);
    const others = ['', 'https://bau.example.vn/join#x', text.slice(1), `${text}9`, `${text} 1`];
    for (const other of others) expect(testOfText(other), other).toBeNull();
  });
});
