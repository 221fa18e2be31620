import { describe, expect, it } from 'vitest';

import {
  formOf,
  type PaperTexts,
  replacementOf,
  textsFaults,
  textsOf,
} from '../../src/secretary/paper_texts.ts';
import { isUnwritten, mergedTexts, missingDefaults } from '../../src/secretary/texts_access.ts';
import { countingMinute, meetingMinute, numbered } from '../papers/papers.ts';

const DAY = '2026-12-15T08:00:00+07:00';

const TEXTS: PaperTexts = {
  year: '2026',
  ended_at: '2026-12-15T10:45:00+07:00',
  report: 'Đoạn một\nĐoạn hai',
  withdrawn: [{ name: 'Vũ Ba', reason: 'Xin rút' }],
  added: ['Tổ 5'],
  namesakes: [2],
  submission_deadline: '2026-12-20',
  guests: [{ name: 'Lê Tư', position: 'Phó Giám đốc' }],
  substitutes: [
    { name: 'A', instead_of: 'B', appointment: 'Công văn 1', votes_under: 'Quy chế' },
    { name: 'C', instead_of: 'D', appointment: 'Công văn 2' },
  ],
  recipients: ['Sở Nội vụ'],
  replacement: { paper: 'meeting', date: '2026-12-16', reason: 'ghi nhầm', number: '07' },
};

describe('texts of the papers', () => {
  it('come back through the form as they were', () => {
    expect(textsOf(formOf(TEXTS), DAY)).toEqual(TEXTS);
    expect(textsFaults(formOf(TEXTS), DAY)).toEqual([]);
  });

  it('that are empty are left out, never dotted', () => {
    expect(textsOf(formOf({}), DAY)).toEqual({});
    const blank = { ...formOf({}), report: ' \n ', guests: [{ name: ' ', position: '' }] };
    expect(textsOf(blank, DAY)).toEqual({});
  });

  it('keep paragraphs, in composed letters', () => {
    const typed = { ...formOf({}), report: ' Mo\u0302\u0323t  \n\n hai ' };
    expect(textsOf(typed, DAY).report).toBe('Một\nhai');
  });

  it('name what is half filled in', () => {
    const form = formOf({});
    expect(
      textsFaults({ ...form, guests: [{ name: 'Lê Tư', position: '' }], ended_at: '25:00' }, DAY),
    ).toEqual([
      { field: 'ended_at', row: 0 },
      { field: 'guests', row: 0 },
    ]);
    const replacement = { paper: 'meeting', date: '', reason: '', number: '' } as const;
    expect(textsFaults({ ...form, replacement }, DAY)).toEqual([
      { field: 'replacement', row: 0 },
    ]);
  });

  it('that replace a minute begin with its number and day', () => {
    const old = numbered(meetingMinute());
    const replaced = { ...numbered(meetingMinute()), number: '03', state: 'replaced' as const };
    expect(replacementOf([countingMinute(), old, replaced])).toEqual({
      paper: 'meeting',
      date: '2026-12-16',
      number: '07',
      reason: '',
    });
    expect(replacementOf([countingMinute()])).toMatchObject({ date: '', number: '' });
  });

  it('of another section stay as somebody else has written them', () => {
    const theirs: PaperTexts = { report: 'mới', year: '2025', conclusion: 'cũ' };
    expect(mergedTexts(theirs, { year: '2026' }, ['year', 'conclusion'])).toEqual({
      report: 'mới',
      year: '2026',
    });
  });

  it('have no number: it is given by the form field or by hand', () => {
    expect(Object.keys(textsOf({ ...formOf({}), number: '07' } as never, DAY))).toEqual([]);
  });
});

describe('the usual words', () => {
  const usual: PaperTexts = { report: 'Đồng chí …', conclusion: 'Giao …' };

  it('begin a section that was never written, other sections aside', () => {
    expect(isUnwritten({ guests: [] }, ['report', 'conclusion'])).toBe(true);
    expect(isUnwritten({ conclusion: 'Thôi' }, ['report', 'conclusion'])).toBe(false);
    expect(mergedTexts({ guests: [] }, usual, ['report'])).toEqual({
      guests: [],
      report: 'Đồng chí …',
    });
  });

  it('fill what is empty, never what somebody has written', () => {
    expect(missingDefaults({ report: 'khác' }, usual, ['year', 'report', 'conclusion'])).toEqual([
      'conclusion',
    ]);
  });
});
