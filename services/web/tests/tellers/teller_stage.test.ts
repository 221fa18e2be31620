import { describe, expect, it } from 'vitest';

import type { CeremonyTrustee, ElectionView } from '../../src/api/types.ts';
import { missingTrustees } from '../../src/tellers/counting_device.ts';
import { currentDuty, type Duty, isTeller } from '../../src/tellers/teller_duties.ts';
import { stageOf, type StageInput } from '../../src/tellers/teller_stage.ts';

const STEPS = ['certificate', 'commitment', 'reveal', 'key', 'confirmation'] as const;

/** A trustee who has taken the first `steps` steps. */
function trustee(index: number, steps: number): CeremonyTrustee {
  const taken = Object.fromEntries(STEPS.map((step, place) => [step, place < steps]));
  return { index, member: index, name: `T${index}`, ...taken } as CeremonyTrustee;
}

function stage(
  state: ElectionView['state'],
  steps: readonly number[],
  given: Partial<StageInput> & { offline?: boolean } = {},
): string {
  const { offline = false, ...input } = given;
  return stageOf({
    election: { state, offline_program_needed: offline } as ElectionView,
    ceremony: {
      trustee_threshold: 2,
      trustees: steps.map((taken, place) => trustee(place + 1, taken)),
      entries: [],
    },
    member: 1,
    share: 'held',
    opening: 'waiting',
    isStopped: false,
    usesProgram: false,
    ...input,
  });
}

describe('the screen of a teller', () => {
  it('asks for the one tap, and only on a device that has not taken the key', () => {
    expect(stage('ceremony', [0, 0, 0], { share: 'none' })).toBe('take_key');
    expect(stage('ceremony', [1, 0, 0], { share: 'none' })).toBe('elsewhere');
    expect(stage('closed', [5, 5, 5], { share: 'none' })).toBe('elsewhere');
  });

  it('leads to the offline program where a phone cannot do it', () => {
    expect(stage('ceremony', [0, 0, 0], { share: 'none', offline: true })).toBe('offline');
    expect(stage('closed', [5, 5, 5], { share: 'none', offline: true })).toBe('offline');
  });

  it('carries the files of who prefers the program, after the certificate, too', () => {
    const given = { share: 'none', usesProgram: true } as const;
    expect(stage('ceremony', [1, 0, 0], given)).toBe('offline');
    expect(stage('issuing', [4, 4, 4], given)).toBe('offline');
    expect(stage('voting', [5, 5, 5], given)).toBe('voting');
    expect(stage('closed', [5, 5, 5], given)).toBe('offline');
  });

  it('asks to unlock only where the share is needed', () => {
    expect(stage('ceremony', [1, 1, 0], { share: 'locked' })).toBe('unlock');
    expect(stage('ceremony', [4, 4, 4], { share: 'locked' })).toBe('keys_done');
    expect(stage('issuing', [4, 4, 4], { share: 'locked' })).toBe('unlock');
    expect(stage('issuing', [5, 4, 4], { share: 'locked' })).toBe('confirmed');
    expect(stage('voting', [5, 5, 5], { share: 'locked' })).toBe('voting');
    expect(stage('closed', [5, 5, 5], { share: 'locked', opening: 'ready' })).toBe('unlock');
  });

  it('waits for the check window before anything is opened', () => {
    expect(stage('closed', [5, 5, 5])).toBe('window');
    expect(stage('closed', [5, 5, 5], { opening: 'ready' })).toBe('check');
    expect(stage('closed', [5, 5, 5], { opening: 'compare' })).toBe('compare');
  });

  it('says that it stops, before everything else', () => {
    expect(stage('closed', [5, 5, 5], { isStopped: true, opening: 'ready' })).toBe('stopped');
    expect(stage('ceremony', [2, 2, 2], { isStopped: true })).toBe('stopped');
  });
});

it('those who hold the ceremony up are named', () => {
  const view = {
    trustee_threshold: 2,
    trustees: [trustee(1, 3), trustee(2, 2), trustee(3, 2)],
    entries: [],
  };
  expect(missingTrustees(view).map(({ index }) => index)).toEqual([2, 3]);
});

describe('the election that a teller is shown', () => {
  const duty = (uuid: string, state: ElectionView['state']): Duty =>
    ({ meeting: {}, election: { uuid, state } }) as unknown as Duty;

  it('is the newest that goes on, unless another was asked for', () => {
    const duties = [duty('c', 'cancelled'), duty('b', 'voting'), duty('a', 'counted')];
    expect(currentDuty(duties, null)?.election.uuid).toBe('b');
    expect(currentDuty(duties, 'a')?.election.uuid).toBe('a');
    expect(currentDuty([duty('c', 'cancelled'), duty('a', 'minuted')], null)?.election.uuid).toBe(
      'a',
    );
    expect(currentDuty([], null)).toBeNull();
  });

  it('is one whose counting team has them', () => {
    const election = { counting_team: { members: [4, 5], trustee_threshold: 2 } } as ElectionView;
    expect(isTeller(election, 5)).toBe(true);
    expect(isTeller(election, 6)).toBe(false);
    expect(isTeller({} as ElectionView, 6)).toBe(false);
  });
});
