import { describe, expect, it } from 'vitest';

import type { ElectionView, MeetingView } from '../../src/api/types.ts';
import { cancelLink, readCancelPlace } from '../../src/officer/cancel_link.ts';
import { hasOfficerAct, mayHavePapers, officerRole } from '../../src/officer/officer_role.ts';

const meeting = (starts_by: string, closes_by: string) =>
  ({ presiding: 1, starts_by, closes_by }) as unknown as MeetingView;
const election = (state: string) =>
  ({ state, counting_team: { members: [7, 9, 1] } }) as unknown as ElectionView;

describe('acts of an officer', () => {
  it.each([
    ['secretary', 'secretary', 1, false, false],
    ['presiding', 'secretary', 1, true, false],
    ['presiding', 'head_teller', 7, false, true],
    ['head_teller', 'head_teller', 9, false, false],
  ])('started by %s, ended by %s, asked by %s', (starts, closes, no, mayStart, mayClose) => {
    expect(officerRole(meeting(starts, closes), election('voting'), no)).toEqual({
      starts: mayStart,
      closes: mayClose,
    });
  });

  it('are there at their step only', () => {
    const settings = meeting('presiding', 'presiding');
    const at = (state: string) => hasOfficerAct(settings, election(state), 1);
    expect(['draft', 'ceremony', 'closed', 'counted'].some(at)).toBe(false);
    expect(['issuing', 'voting'].every(at)).toBe(true);
  });
});

describe('the minute to sign', () => {
  const officers = { presiding: 1, minute_taker: 2 } as unknown as MeetingView;
  const at = (state: string, announced: boolean) =>
    ({ state, announced, counting_team: { members: [7] } }) as unknown as ElectionView;

  it('is for the two officers, from the announcement until both have signed', () => {
    for (const no of [1, 2]) {
      expect(mayHavePapers(officers, at('counted', true), no)).toBe(true);
      expect(hasOfficerAct(officers, at('counted', true), no)).toBe(true);
      expect(mayHavePapers(officers, at('counted', false), no)).toBe(false);
      expect(mayHavePapers(officers, at('minuted', true), no)).toBe(false);
    }
    expect(mayHavePapers(officers, at('counted', true), 7)).toBe(false);
  });
});

describe('the link of a cancellation', () => {
  const proposed = { uuid: 'h5Bq9RkTzX2mWe', text: 'Hai máy của Ban kiểm phiếu hỏng' };

  it('carries election and text behind the fragment', () => {
    const link = new URL(cancelLink('https://phieukin.example', proposed));
    expect(link.pathname).toBe('/officer');
    expect(readCancelPlace(link.hash.slice(1))).toEqual(proposed);
  });

  it.each([
    '/cancel/h5Bq9RkTzX2mWe',
    '/cancel/0OIl/SGFp',
    '/cancel/h5Bq9RkTzX2mWe/_w', // no UTF-8
    `/cancel/h5Bq9RkTzX2mWe/${Buffer.from('e\u0301').toString('base64url')}`, // not composed
    '/meetings/x',
  ])('%s is broken', (place) => expect(readCancelPlace(place)).toBeNull());
});
