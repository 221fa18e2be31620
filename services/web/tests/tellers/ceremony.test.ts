import 'fake-indexeddb/auto';

import { beforeEach, describe, expect, it } from 'vitest';

import { takeDueSteps } from '../../src/tellers/counting_device.ts';
import { RefusedByDeviceError } from '../../src/tellers/trustee_tasks.ts';
import { stateFromText } from '../../src/crypto/trustee_state.ts';
import type { Entry } from '../../src/schemas/entries.ts';
import { at } from '../verifier/record_parts.ts';
import { ServiceInMemory } from './service_in_memory.ts';
import { progress, reload, takeKeyOf, takeKeys, type TestTeller } from './three_tellers.ts';

let service: ServiceInMemory;
let tellers: TestTeller[];

beforeEach(async () => {
  service = new ServiceInMemory();
  tellers = await takeKeys(service);
});

const typesOf = (log: readonly Entry[]) => [...new Set(log.map((entry) => entry.type))];

/** Replace one trustee's entry of a type in what the service shows. */
const swapping =
  (type: Entry['type'], index: number, by: (entry: Entry) => Entry) => (entries: Entry[]) =>
    entries.map((entry) =>
      entry.type === type && 'index' in entry && entry.index === index ? by(entry) : entry,
    );

async function refusalOf(teller: TestTeller): Promise<RefusedByDeviceError> {
  return takeDueSteps(teller.means, teller.held, service.state).then(
    () => {
      throw new Error('the device went on');
    },
    (error: unknown) => {
      if (!(error instanceof RefusedByDeviceError)) throw error;
      return error;
    },
  );
}

describe('three devices', () => {
  it('make their keys by themselves, and confirm once issuing has begun', async () => {
    await progress(service, tellers);
    expect(typesOf(service.log)).toEqual([
      'ceremony_certificate',
      'ceremony_commitment',
      'ceremony_reveal',
      'ceremony_key',
    ]);
    service.issue();
    await progress(service, tellers);
    expect(service.log.filter((entry) => entry.type === 'trustee_confirms')).toHaveLength(3);
  });

  it('go on after a reload before every step, with the same bytes', async () => {
    service.loseAnswer = () => true;
    const step = async () => {
      for (const teller of tellers) {
        await takeDueSteps(teller.means, teller.held, service.state).catch(() => undefined);
        await reload(teller);
      }
    };
    for (let turn = 0; turn < 6; turn += 1) await step();
    service.issue();
    for (let turn = 0; turn < 2; turn += 1) await step();
    expect(service.log.filter((entry) => entry.type === 'trustee_confirms')).toHaveLength(3);
    for (const { index } of tellers) {
      for (const name of ['certificate', 'commitment', 'reveal', 'key', 'confirmation'] as const) {
        expect(new Set(service.bodiesOf(name, index)).size).toBe(1);
      }
    }
  });

  it('a step that the service lost goes out again as it was', async () => {
    const [first] = tellers;
    if (first === undefined) throw new RangeError();
    service.log = service.log.filter((entry) => !('index' in entry) || entry.index !== 1);
    await reload(first);
    await takeDueSteps(first.means, first.held, 'ceremony');
    expect(new Set(service.bodiesOf('certificate', 1)).size).toBe(1);
    expect(service.bodiesOf('certificate', 1)).toHaveLength(2);
  });

  it('a second key for the same election is refused by the device itself', async () => {
    const { takeOwnKey } = await import('../../src/tellers/counting_device.ts');
    const { newLock } = await import('../../src/tellers/share_lock.ts');
    const { means, key } = at(tellers, 0);
    const place = { uuid: 'PhieuKinTest14', index: 1, size: 3, threshold: 2 };
    const lock = newLock('passkey', means.randomness);
    await expect(takeOwnKey(means, 'Ed25519', place, 1, { lock, key })).rejects.toThrow(
      'a share of this election',
    );
  });
});

describe('a device refuses', () => {
  it("a certificate in the place of its own", async () => {
    const other = new ServiceInMemory();
    const stranger = await takeKeyOf(other, 1);
    const { certificate } = stateFromText(stranger.held.share.state);
    service.shownEntries = swapping('ceremony_certificate', 1, (entry) => ({
      ...entry,
      certificate,
    } as Entry));
    const refusal = await refusalOf(at(tellers, 0));
    expect(refusal.message).toContain('another ceremony_certificate of this trustee');
  });

  it("another trustee's certificate that was made for another place, by its name", async () => {
    const { certificate } = stateFromText(at(tellers, 2).held.share.state);
    service.shownEntries = swapping('ceremony_certificate', 2, (entry) => ({
      ...entry,
      certificate,
    } as Entry));
    expect((await refusalOf(at(tellers, 0))).trustee).toBe(2);
  });

  it('to reveal while a commitment is missing, whatever the service says', async () => {
    for (const { means, held } of tellers) await takeDueSteps(means, held, 'ceremony');
    service.log = service.log.filter((entry) => entry.type !== 'ceremony_reveal');
    const { means, held } = at(tellers, 0);
    const lying = {
      ...means,
      service: {
        ...means.service,
        // The flags say that all have committed; the entries do not hold the third commitment.
        readCeremony: async () => {
          const view = await means.service.readCeremony();
          const entries = view.entries.filter(
            (text) => !(text.includes('ceremony_commitment') && text.includes('"index":3')),
          );
          return { ...view, entries };
        },
      },
    };
    await expect(takeDueSteps(lying, held, 'ceremony')).rejects.toThrow(RefusedByDeviceError);
    expect(service.log.some((entry) => entry.type === 'ceremony_reveal')).toBe(false);
  });

  it('a reveal that does not open its commitment, by the name of its sender', async () => {
    for (const { means, held } of tellers) await takeDueSteps(means, held, 'ceremony');
    for (const { means, held } of tellers.slice(0, 2)) await takeDueSteps(means, held, 'ceremony');
    const second = service.log.find(
      (entry) => entry.type === 'ceremony_reveal' && entry.index === 2,
    );
    if (second?.type !== 'ceremony_reveal') throw new RangeError();
    await takeDueSteps(at(tellers, 2).means, at(tellers, 2).held, 'ceremony').catch(() => null);
    service.log = service.log.filter((entry) => entry.type !== 'ceremony_key');
    const { coefexps, signature } = second;
    service.shownEntries = swapping('ceremony_reveal', 3, (entry) => ({
      ...entry,
      coefexps,
      signature,
    } as Entry));
    const first = at(tellers, 0);
    expect((await refusalOf(first)).trustee).toBe(3);
  });

  it('to confirm an election whose terms were changed', async () => {
    await progress(service, tellers);
    service.issue();
    service.shownEntries = (entries) =>
      entries.map((entry) =>
        entry.type === 'terms' ? { ...entry, minimum_ballots: 3 } : entry,
      );
    expect((await refusalOf(at(tellers, 1))).message).toContain('not what the terms say');
  });

  it('another counting team', async () => {
    const { means, held } = at(tellers, 0);
    const service = {
      ...means.service,
      readCeremony: async () => ({ ...(await means.service.readCeremony()), trustee_threshold: 3 }),
    };
    await expect(takeDueSteps({ ...means, service }, held, 'ceremony')).rejects.toThrow(
      'the threshold is another one',
    );
  });
});
