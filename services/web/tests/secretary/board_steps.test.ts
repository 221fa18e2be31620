import { describe, expect, it } from 'vitest';

import type {
  AttendanceView,
  CeremonyView,
  ElectionState,
  ElectionView,
} from '../../src/api/types.ts';
import {
  type BallotPicture,
  currentStep,
  quorumOf,
  stepStates,
} from '../../src/secretary/board_steps.ts';
import { cancellationReasons } from '../../src/secretary/cancellation.ts';

const RULE = { share: '80%', comparator: 'at_least', base: 'all_members', citation: 'x' } as const;

function election(state: ElectionState, more: Partial<ElectionView> = {}): ElectionView {
  return {
    state,
    quorum: { share: '2/3' },
    nominations: [{ rule: RULE }],
    issued: 10,
    returned: 10,
    minimum_ballots: 5,
    ...more,
  } as unknown as ElectionView;
}

function attendance(here: number, members = 15): AttendanceView {
  return {
    members: Array.from({ length: members }, (_, index) => ({ no: index + 1, state: 'absent' })),
    present: here - 1,
    online: 1,
    absent_consulted: 0,
    absent: members - here,
  };
}

const keys = (...taken: boolean[]) =>
  ({ trustee_threshold: 2, trustees: taken.map((key) => ({ key })) }) as unknown as CeremonyView;

describe('the quorum', () => {
  it('counts who is in the room or online', () => {
    const picture = { election: election('draft'), attendance: attendance(10), ceremony: null };
    expect(quorumOf(picture)).toEqual({ here: 10, members: 15, needed: 10, isMet: true });
  });

  it('is the strictest of the ballot and its awards', () => {
    const strict = election('draft', {
      nominations: [
        { rule: { ...RULE, quorum: { share: '90%' } } },
      ] as unknown as ElectionView['nominations'],
    });
    const picture = { election: strict, attendance: attendance(13), ceremony: null };
    expect(quorumOf(picture)).toEqual({ here: 13, members: 15, needed: 14, isMet: false });
  });

  it('needs a list', () => {
    expect(quorumOf({ election: null, attendance: attendance(15), ceremony: null })).toBeNull();
  });
});

describe('the step', () => {
  const at = (state: ElectionState, more: Partial<BallotPicture> = {}) =>
    currentStep({ election: election(state), attendance: attendance(15), ceremony: null, ...more });

  it('is the list before there is one', () => {
    expect(currentStep({ election: null, attendance: null, ceremony: null })).toBe('list');
  });

  it('waits for the quorum, then for the team and its keys', () => {
    expect(at('draft', { attendance: attendance(3) })).toBe('attendance');
    expect(at('draft')).toBe('team');
    expect(at('ceremony', { ceremony: keys(true, false, true) })).toBe('team');
    expect(at('ceremony', { ceremony: keys(true, true, true) })).toBe('issue');
  });

  it.each([
    ['issuing', 'start'],
    ['voting', 'close'],
    ['closed', 'close'],
    ['counted', 'result'],
    ['minuted', 'papers'],
  ] as const)('of a ballot that is %s is %s', (state, step) => expect(at(state)).toBe(step));

  it('is the papers once the result was announced', () => {
    const announced = election('counted', { announced: true });
    expect(currentStep({ election: announced, attendance: null, ceremony: null })).toBe('papers');
  });

  it('leaves the earlier ones behind it', () => {
    const states = stepStates({
      election: election('voting'),
      attendance: attendance(15),
      ceremony: null,
    });
    expect(states).toEqual({
      list: 'done',
      attendance: 'done',
      team: 'done',
      issue: 'done',
      start: 'done',
      close: 'now',
      result: 'later',
      papers: 'later',
    });
  });
});

describe('reasons to cancel', () => {
  it('before closing are the council or the keys', () => {
    expect(cancellationReasons(election('draft'))).toEqual(['council_decision']);
    expect(cancellationReasons(election('voting'))).toEqual([
      'council_decision',
      'trustees_unavailable',
    ]);
  });

  it('after closing are those that can be checked', () => {
    expect(cancellationReasons(election('closed'))).toEqual([
      'promised_ballot_missing',
      'trustees_unavailable',
    ]);
    expect(cancellationReasons(election('closed', { returned: 4 }))[0]).toBe('too_few_ballots');
  });

  it.each(['counted', 'minuted', 'cancelled'] as const)('there are none when %s', (state) => {
    expect(cancellationReasons(election(state))).toEqual([]);
  });
});
