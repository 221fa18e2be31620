import { describe, expect, it } from 'vitest';

import { clockText, electionCodeValue, groupOutcomes, sceneOf } from '../../src/hall/hall_scene.ts';
import { hallOutcome, hallView } from './hall_views.ts';

describe('the scene', () => {
  it.each(['waiting', 'issuing', 'voting', 'cancelled'] as const)('is %s as it is', (state) => {
    expect(sceneOf(hallView({ state }))).toBe(state);
  });

  it('is sealed from the closing on', () => {
    expect(sceneOf(hallView({ state: 'closed' }))).toBe('sealed');
  });

  it.each(['counted', 'minuted'] as const)('of %s is a result only once announced', (state) => {
    const outcomes = [hallOutcome(1)];
    expect(sceneOf(hallView({ state, announced: true, outcomes }))).toBe('result');
    expect(sceneOf(hallView({ state, announced: true, outcomes: [] }))).toBe('result');
    expect(sceneOf(hallView({ state, announced: false }))).toBe('counted');
    // A service that sends outcomes before the head teller announces does not get them shown.
    expect(sceneOf(hallView({ state, announced: false, outcomes }))).toBe('counted');
    expect(sceneOf(hallView({ state, announced: true }))).toBe('counted');
  });

  it('shows no outcomes before the count, even if there were some', () => {
    const outcomes = [hallOutcome(1)];
    expect(sceneOf(hallView({ state: 'voting', announced: true, outcomes }))).toBe('voting');
    expect(sceneOf(hallView({ state: 'closed', announced: true, outcomes }))).toBe('sealed');
    expect(sceneOf(hallView({ state: 'cancelled', announced: true, outcomes }))).toBe('cancelled');
  });
});

describe('the value behind the election code', () => {
  it('is raw phi in hex', () => {
    expect(electionCodeValue('A'.repeat(43))).toBe('00'.repeat(32));
  });

  it('is none where there is no phi or a malformed one', () => {
    expect(electionCodeValue(undefined)).toBeUndefined();
    expect(electionCodeValue('A'.repeat(42))).toBeUndefined();
    expect(electionCodeValue(`${'A'.repeat(42)}B`)).toBeUndefined(); // not canonical
  });
});

describe('the groups of outcomes', () => {
  const numbers = (outcomes: Parameters<typeof groupOutcomes>[0]) =>
    groupOutcomes(outcomes).map((group) => group.outcomes.map((outcome) => outcome.no));

  it('keep the order of the list', () => {
    const other = { award: 'Bằng khen' };
    expect(
      numbers([hallOutcome(1), hallOutcome(2), hallOutcome(3, other), hallOutcome(4)]),
    ).toEqual([[1, 2], [3], [4]]);
  });

  it('part where another mark is to be reached', () => {
    expect(
      numbers([hallOutcome(1), hallOutcome(2, { votes_needed: 9 }), hallOutcome(3, { base: 8 })]),
    ).toEqual([[1], [2], [3]]);
  });

  it('are none without outcomes', () => {
    expect(groupOutcomes([])).toEqual([]);
  });
});

it('a time is read as a clock', () => {
  expect(clockText(new Date(2026, 11, 15, 8, 5, 9))).toBe('08:05:09');
});
