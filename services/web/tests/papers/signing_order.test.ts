import { describe, expect, it } from 'vitest';

import type { PaperView } from '../../src/api/types.ts';
import {
  fieldsDue,
  fieldsWaiting,
  hasSignature,
  isNumberDue,
  isSignedByHand,
  ownFieldDue,
  ownFirst,
  signingSteps,
} from '../../src/papers/signing_order.ts';
import { countingMinute, meetingMinute, numbered, signed, waiting } from './papers.ts';

const names = (paper: PaperView) => fieldsDue(paper).map((field) => field.name);
const states = (paper: PaperView) =>
  signingSteps(paper).map((step) => [
    step.kind === 'number' ? 'number' : step.field.name,
    step.state,
  ]);

describe('a counting minute', () => {
  it('is signed by the tellers in any order', () => {
    expect(names(countingMinute())).toEqual(['teller-1', 'teller-2']);
    expect(names(signed(countingMinute(), 'teller-2'))).toEqual(['teller-1']);
  });

  it('has no number of its own', () => {
    expect(states(signed(countingMinute(), 'teller-1', 'teller-2'))).toEqual([
      ['teller-1', 'done'],
      ['teller-2', 'done'],
    ]);
    expect(isNumberDue(signed(countingMinute(), 'teller-1', 'teller-2'))).toBe(false);
  });

  it('shows each teller their own field only', () => {
    expect(ownFieldDue(countingMinute(), 5)?.name).toBe('teller-2');
    expect(ownFieldDue(countingMinute(), 9)).toBeNull();
    expect(ownFieldDue(countingMinute(), null)).toBeNull();
    expect(ownFieldDue(signed(countingMinute(), 'teller-2'), 5)).toBeNull();
  });

  it('goes on only when what waits is confirmed', () => {
    const paper = waiting(countingMinute(), 'teller-1');
    expect(names(paper)).toEqual([]);
    expect(fieldsWaiting(paper).map((field) => field.name)).toEqual(['teller-1']);
    expect(states(paper)).toEqual([
      ['teller-1', 'waiting'],
      ['teller-2', 'later'],
    ]);
  });
});

describe('the papers of a person', () => {
  it('begin with the one that waits for them', () => {
    const papers = [countingMinute(), signed(meetingMinute(), 'secretary')];
    const kinds = (member: number | null) => ownFirst(papers, member).map((paper) => paper.kind);
    expect(kinds(1)).toEqual(['meeting', 'counting']);
    expect(kinds(4)).toEqual(['counting', 'meeting']);
    expect(kinds(null)).toEqual(['counting', 'meeting']);
  });
});

describe("a meeting's minute", () => {
  it.each([
    [meetingMinute(), ['now', 'later', 'later', 'later']],
    [waiting(meetingMinute(), 'secretary'), ['waiting', 'later', 'later', 'later']],
    [signed(meetingMinute(), 'secretary'), ['done', 'now', 'later', 'later']],
    [signed(meetingMinute(), 'secretary', 'presiding'), ['done', 'done', 'now', 'later']],
    [numbered(signed(meetingMinute(), 'secretary', 'presiding')), ['done', 'done', 'done', 'now']],
    [
      numbered(signed(meetingMinute(), 'secretary', 'presiding', 'agency')),
      ['done', 'done', 'done', 'done'],
    ],
  ])('is at one step at a time (%#)', (paper, expected) => {
    expect(states(paper)).toEqual(
      ['secretary', 'presiding', 'number', 'agency'].map((step, at) => [step, expected[at]]),
    );
  });

  it('is numbered after the presiding officer, before the agency', () => {
    expect(isNumberDue(signed(meetingMinute(), 'secretary'))).toBe(false);
    const both = signed(meetingMinute(), 'secretary', 'presiding');
    expect(isNumberDue(both)).toBe(true);
    expect(isNumberDue(numbered(both))).toBe(false);
    expect(names(numbered(both))).toEqual(['agency']);
  });

  it('is nobody’s turn once it is replaced', () => {
    const paper = { ...meetingMinute(), state: 'replaced' as const };
    expect(names(paper)).toEqual([]);
    expect(isNumberDue(paper)).toBe(false);
  });

  it('signed by hand has no field to sign and no number to write', () => {
    const paper = { ...meetingMinute(), state: 'signed' as const, hand_signed: 'copy-1' };
    expect(isSignedByHand(paper)).toBe(true);
    expect(names(paper)).toEqual([]);
    expect(isNumberDue(paper)).toBe(false);
    expect(isSignedByHand(meetingMinute())).toBe(false);
  });

  it('can be signed by hand only before the first certificate', () => {
    expect(hasSignature(meetingMinute())).toBe(false);
    expect(hasSignature(waiting(meetingMinute(), 'secretary'))).toBe(true);
    expect(hasSignature(signed(meetingMinute(), 'secretary'))).toBe(true);
  });
});
