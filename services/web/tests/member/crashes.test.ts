import 'fake-indexeddb/auto';

import { IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { BallotRecord } from '../../src/member/ballot_custody.ts';
import type { SendingMeans } from '../../src/member/casting_sender.ts';
import type { Marks } from '../../src/member/marks.ts';
import type { TakingMeans } from '../../src/member/taking.ts';
import {
  deskHere,
  KEY,
  MEMBER,
  ORIGIN,
  RP_ID,
  SmallService,
  spkiOfMember,
} from './small_service.ts';

const MARKS: Marks = ['agree', 'disagree', 'blank'];

/** The battery is flat: nothing runs after it. */
class FlatBattery extends Error {}

/** Counts the moments of a run and ends it at one of them, before or after what happens there. */
class Moments {
  /** Rejects at the last moment. */
  readonly over: Promise<never>;
  #count = 0;
  #isOver = false;
  #end: () => void = () => undefined;

  /** `last` counts from 1; 0 is never reached. */
  constructor(
    private readonly last: number,
    private readonly isAfter: boolean,
  ) {
    this.over = new Promise((_, reject) => {
      this.#end = () => {
        this.#isOver = true;
        reject(new FlatBattery());
      };
    });
    this.over.catch(() => undefined);
  }

  async pass<Value>(act: () => Value | Promise<Value>): Promise<Value> {
    // A phone that is off does nothing more, whatever was still to be awaited.
    if (this.#isOver) return new Promise(() => undefined);
    const isLast = this.#isNextLast();
    if (isLast && !this.isAfter) this.#end();
    const value = this.#isOver ? await new Promise<Value>(() => undefined) : await act();
    if (isLast) this.#end();
    return this.#isOver ? new Promise(() => undefined) : value;
  }

  /** A write to the disk: one that has ended is the moment before the next act. */
  write<Value>(act: () => Value): Value {
    if (this.#isOver || this.#isNextLast()) {
      this.#end();
      throw new FlatBattery();
    }
    return act();
  }

  #isNextLast(): boolean {
    this.#count += 1;
    return this.#count === this.last;
  }
}

/** A phone that was just switched on: every module is loaded anew, only the disk is the same. */
async function switchOn(service: SmallService, moments: Moments) {
  vi.resetModules();
  const custody = await import('../../src/member/ballot_custody.ts');
  const { takeBallot, electionOf } = await import('../../src/member/taking.ts');
  const { sendBallot } = await import('../../src/member/casting_sender.ts');
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...given: Parameters<IDBObjectStore['put']>
  ) {
    return moments.write(() => put.apply(this, given));
  });
  const desk = deskHere();
  const callDesk = ((name, input, onProgress) =>
    moments.pass(() => desk(name, input, onProgress))) as typeof desk;
  const taking: TakingMeans = {
    callDesk,
    origin: ORIGIN,
    readRpId: async () => RP_ID,
    download: (path) => moments.pass(() => service.download(path)),
    post: <Answer>(path: string, body: unknown) =>
      moments.pass(() => service.post(path, body) as Promise<Answer>),
    sign: (message) => moments.pass(() => service.sign(message)),
    isOwnLogin: async () => true,
  };
  const sending: SendingMeans = {
    callDesk,
    send: (_, body) => moments.pass(() => service.send(body)),
    pause: async () => undefined,
    keepApart: async () => undefined,
  };
  return { custody, takeBallot, electionOf, sendBallot, callDesk, taking, sending };
}

/** Take the ballot if it is not here, mark and seal it if it is not sealed, send it. */
async function vote(service: SmallService, moments: Moments): Promise<BallotRecord | undefined> {
  const phone = await switchOn(service, moments);
  const { custody, callDesk } = phone;
  let record = await custody.readBallot(KEY);
  if (record === undefined || ['viewed', 'asking', 'held'].includes(record.step)) {
    const held = await phone.takeBallot(KEY, spkiOfMember(MEMBER), phone.taking);
    await custody.keepMarks(KEY, MARKS);
    const checked = phone.electionOf(held);
    const input = { checked, secret: held.secret, marks: MARKS };
    const receipt = await callDesk('prepareBallot', input);
    const sealed = await callDesk('sealBallot', { token: held.token });
    record = await custody.keepSealed(KEY, sealed, receipt);
  }
  return phone.sendBallot(KEY, phone.sending, () => undefined);
}

async function voteUntilFlat(service: SmallService, moments: Moments): Promise<boolean> {
  try {
    await Promise.race([vote(service, moments), moments.over]);
    return false;
  } catch (error) {
    if (error instanceof FlatBattery) return true;
    throw error;
  } finally {
    vi.restoreAllMocks();
  }
}

afterEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe('a battery that is flat at any moment', { timeout: 240_000 }, () => {
  it.each([
    ['before', false],
    ['after', true],
  ])('%s what happens then, loses no ballot and makes no second one', async (_, isAfter) => {
    let last = 1;
    for (; ; last += 1) {
      globalThis.indexedDB = new IDBFactory();
      const service = new SmallService();
      const isFlat = await voteUntilFlat(service, new Moments(last, isAfter));
      const record = await vote(service, new Moments(0, false));
      vi.restoreAllMocks();
      expect(record?.step, `moment ${last}`).toBe('cast');
      expect(service.issued.size, `moment ${last}`).toBe(1);
      expect(service.isConfirmed, `moment ${last}`).toBe(true);
      expect(service.accepted.size, `moment ${last}`).toBe(1);
      expect(new Set(service.arrived).size, `moment ${last}`).toBe(1);
      if (!isFlat) break;
    }
    // Both downloads, two checks, drawing, signing, asking, finishing, confirming, sealing, sending
    // and the writes between them were all met.
    expect(last).toBeGreaterThan(14);
  });
});
