import { describe, expect, it } from 'vitest';

import type { ElectionState, ElectionView } from '../../src/api/types.ts';
import type { BallotRecord } from '../../src/member/ballot_custody.ts';
import {
  currentElection,
  type Stage,
  stageOf,
  type Standing,
} from '../../src/member/member_stage.ts';

function election(state: ElectionState, late = true): ElectionView {
  return { uuid: 'PhieuKinTest14', state, late_issuance: late } as ElectionView;
}

function record(step: BallotRecord['step'], more: object = {}): BallotRecord {
  return { step, uuid: 'PhieuKinTest14', member: 3, ...more } as BallotRecord;
}

function stage(given: Partial<Standing>): Stage {
  return stageOf({
    election: null,
    attendance: 'present',
    record: undefined,
    isIssued: undefined,
    ...given,
  });
}

describe('the stage of a member', () => {
  it('is check-in until the member is there, also without an election', () => {
    expect(stage({ attendance: 'absent' })).toBe('check_in');
    for (const state of ['draft', 'ceremony', 'issuing', 'voting'] as const) {
      expect(stage({ attendance: 'absent', election: election(state) }), state).toBe('check_in');
    }
  });

  it('is waiting while list and keys are prepared', () => {
    expect(stage({})).toBe('waiting');
    expect(stage({ election: election('ceremony') })).toBe('waiting');
  });

  it('lets who is consulted in writing take a ballot like the others', () => {
    expect(stage({ attendance: 'absent_consulted', election: election('issuing') })).toBe('take');
  });

  it('is taking while ballots are issued, and late after the start', () => {
    expect(stage({ election: election('issuing') })).toBe('take');
    expect(stage({ election: election('voting') })).toBe('take_late');
    expect(stage({ election: election('voting', false) })).toBe('too_late');
  });

  it('says that the ballot is on another phone, unless this one asked for it', () => {
    const issued = { election: election('issuing'), isIssued: true };
    expect(stage(issued)).toBe('elsewhere');
    expect(stage({ ...issued, record: record('viewed') })).toBe('elsewhere');
    expect(stage({ ...issued, record: record('asking') })).toBe('take');
    const late = { election: election('voting', false), record: record('asking') };
    expect(stage({ ...late, isIssued: true })).toBe('take_late');
  });

  it('follows what the device holds, whatever the attendance says', () => {
    const held = { record: record('held'), attendance: 'absent' } as const;
    expect(stage({ ...held, election: election('issuing') })).toBe('ready');
    expect(stage({ ...held, election: election('voting') })).toBe('marking');
    expect(stage({ ...held, election: election('closed') })).toBe('comparing');
  });

  it('is sending until the promise, then cast, then compared', () => {
    const voting = election('voting');
    expect(stage({ election: voting, record: record('casting') })).toBe('sending');
    expect(stage({ election: election('counted'), record: record('casting') })).toBe('sending');
    expect(stage({ election: voting, record: record('cast') })).toBe('cast');
    expect(stage({ election: election('closed'), record: record('cast') })).toBe('comparing');
  });

  it('shows a refusal, and compares where the box was only closed', () => {
    const closed = record('casting', { refusal: 'wrong-state' });
    expect(stage({ election: election('voting'), record: closed })).toBe('refused');
    expect(stage({ election: election('closed'), record: closed })).toBe('comparing');
    const spent = record('casting', { refusal: 'token-spent' });
    expect(stage({ election: election('closed'), record: spent })).toBe('refused');
  });

  it.each(['included', 'missing', 'not_cast'] as const)('stays %s after the count', (step) => {
    expect(stage({ election: election('minuted'), record: record(step) })).toBe(step);
  });

  it('is without a ballot where this device took none', () => {
    expect(stage({ election: election('counted') })).toBe('no_ballot');
    expect(stage({ election: election('counted'), record: record('viewed') })).toBe('no_ballot');
  });

  it('says so when an election goes on that this device was told is cancelled', () => {
    for (const state of ['voting', 'closed', 'counted'] as const) {
      const standing = { election: election(state), record: record('withdrawn') };
      expect(stage(standing)).toBe('withdrawn');
    }
    const told = { election: election('cancelled'), record: record('withdrawn') };
    expect(stage(told)).toBe('cancelled');
  });

  it('is cancelled above all', () => {
    expect(stage({ election: election('cancelled'), record: record('held') })).toBe('cancelled');
  });
});

describe('the election on the screen', () => {
  const views = ['a', 'b', 'c'].map((uuid) => ({ uuid }));
  const choose = (...stages: Stage[]) => {
    const pairs = views.map(({ uuid }, place) => [uuid, stages[place] ?? 'waiting'] as const);
    return currentElection(views, new Map(pairs))?.uuid;
  };

  it('is the one to vote in', () => {
    expect(choose('included', 'marking', 'waiting')).toBe('b');
  });

  it('is the one with a ballot to take, before newer drafts', () => {
    expect(choose('included', 'take', 'waiting')).toBe('b');
  });

  it('is the newest that goes on', () => {
    expect(choose('included', 'waiting', 'cancelled')).toBe('b');
    expect(choose('cancelled', 'cancelled', 'cancelled')).toBe('c');
  });

  it('is none where there is none', () => {
    expect(currentElection([], new Map())).toBeNull();
  });
});
