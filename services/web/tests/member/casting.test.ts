import 'fake-indexeddb/auto';

import { beforeEach, describe, expect, it, vi } from 'vitest';

import {
  eraseBallot,
  keepMarks,
  keepNotCast,
  keepPromise,
  keepSealed,
  listBallots,
  promisesOf,
  readBallot,
} from '../../src/member/ballot_custody.ts';
import { BallotHolder } from '../../src/member/ballot_holder.ts';
import { sendBallot, type SendingState } from '../../src/member/casting_sender.ts';
import { lost, MARKS, Phone } from './phone.ts';
import { KEY, refusal, SmallService } from './small_service.ts';

beforeEach(() => eraseBallot(KEY));

/** Every text in a stored value, bytes as latin letters: what somebody who reads the disk finds. */
function textsOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each instanceof Uint8Array ? String.fromCharCode(...each) : each,
  );
}

describe('casting', () => {
  it('keeps marks, seed and credential no longer than until the bytes are fixed', async () => {
    const phone = new Phone(new SmallService());
    const held = await phone.take();
    const sealed = await phone.seal(held);
    const stored = await readBallot(KEY);
    expect(stored).toEqual(sealed);
    const kept = 'body election member phi receipt receiptCode step terms tracker uuid';
    expect(Object.keys(stored ?? {}).sort()).toEqual(kept.split(' '));
    expect(textsOf(stored)).not.toContain(held.secret);
    expect(textsOf(stored)).not.toContain('agree"');
    await expect(phone.callDesk('openTest', undefined)).rejects.toThrow('no ballot is prepared');
  });

  it('repeats the very same bytes until the promise is there', async () => {
    const service = new SmallService();
    const phone = new Phone(service);
    await phone.seal(await phone.take());
    const states: SendingState[] = [];
    // Lost on the way there, lost on the way back, a proxy's page, "not now".
    phone.troubles.push(
      lost,
      async () => {
        const record = await readBallot(KEY);
        if (record?.step === 'casting') await service.send(record.body);
        return lost();
      },
      async () => '<html>',
      () => Promise.reject(refusal('not-ready', 503)),
      () => Promise.reject(refusal('too-many-requests', 429)),
      () => Promise.reject(refusal('box-not-found', 404)),
    );
    const record = await sendBallot(KEY, phone.sending, (state) => states.push(state));
    expect(record?.step).toBe('cast');
    expect(new Set(service.arrived).size).toBe(1);
    expect(service.accepted.size).toBe(1);
    expect(new Set(states)).toEqual(new Set(['sending', 'retrying']));
    expect(phone.pauses).toEqual([1000, 2000, 4000, 8000, 15000, 15000]);
  });

  it('takes no promise for another ballot, of another box, or for another election', async () => {
    const service = new SmallService();
    const phone = new Phone(service);
    await phone.seal(await phone.take());
    const record = await readBallot(KEY);
    if (record?.step !== 'casting') throw new Error('not sealed');
    const answer = await service.send(record.body);
    const states: SendingState[] = [];
    phone.troubles.push(
      async () => answer.replace(record.tracker, 'ab'.repeat(32)),
      async () => JSON.stringify({ promise: 'phieukin/promise/1\n' }),
      async () => JSON.stringify({ promise: 7 }),
    );
    const cast = await sendBallot(KEY, phone.sending, (state) => states.push(state));
    expect(cast?.step).toBe('cast');
    expect(states).toEqual(['sending', 'wrong_answer', 'wrong_answer', 'retrying']);
  });

  it('ends where the box has said no for good, and keeps the bytes', async () => {
    const phone = new Phone(new SmallService());
    await phone.seal(await phone.take());
    phone.troubles.push(() => Promise.reject(refusal('token-spent')));
    const record = await sendBallot(KEY, phone.sending, () => undefined);
    expect(record).toMatchObject({ step: 'casting', refusal: 'token-spent' });
    expect(phone.pauses).toEqual([]);
  });

  it('stops between two tries when the page goes', async () => {
    const phone = new Phone(new SmallService());
    await phone.seal(await phone.take());
    phone.troubles.push(lost, lost, lost);
    let tries = 0;
    const record = await sendBallot(KEY, phone.sending, () => undefined, () => {
      tries += 1;
      return tries > 2;
    });
    expect(record?.step).toBe('casting');
  });
});

describe('a ballot that is sent by a page that was loaded again', () => {
  const sentBy = async (phone: Phone, act: (holder: BallotHolder) => Promise<void>) => {
    const { callDesk, sending, board } = phone;
    const holder = new BallotHolder(KEY, { callDesk, sending, board });
    await act(holder);
    await vi.waitFor(() => expect(holder.record.value?.step).toBe('cast'));
  };

  it('is kept apart from what the page asks for in its member\'s name', async () => {
    const phone = new Phone(new SmallService());
    await phone.seal(await phone.take());
    await sentBy(phone, (holder) => holder.load());
    expect(phone.keptApart).toBe(1);
  });

  it('leaves at once after the tap, when the page asks for nothing else', async () => {
    const phone = new Phone(new SmallService());
    await phone.take();
    await sentBy(phone, async (holder) => {
      await holder.load();
      await holder.cast(await holder.prepare(() => undefined));
    });
    expect(phone.keptApart).toBe(0);
  });
});

describe('a cancellation, as the service says', () => {
  it('takes everything off the phone but the promise, which a teller asks for', async () => {
    const phone = new Phone(new SmallService());
    const { promise, body, tracker } = await phone.vote();
    const { callDesk, sending, board } = phone;
    const holder = new BallotHolder(KEY, { callDesk, sending, board });
    await holder.load();
    await holder.withdraw();
    const stored = await readBallot(KEY);
    expect(Object.keys(stored ?? {}).sort()).toEqual(['member', 'phi', 'promise', 'step', 'uuid']);
    expect(textsOf(stored)).not.toContain(new TextDecoder().decode(body).slice(0, 100));
    expect(promise).toContain(tracker);
    // The box drops the ballot and the election goes on: the promise is what shows it.
    expect(await promisesOf(KEY.uuid)).toEqual([promise]);
    await holder.withdraw();
    expect(await promisesOf(KEY.uuid)).toEqual([promise]);
  });

  it('leaves nothing of a ballot that was never in the box', async () => {
    const phone = new Phone(new SmallService());
    await phone.take();
    const { callDesk, sending, board } = phone;
    const holder = new BallotHolder(KEY, { callDesk, sending, board });
    await holder.load();
    await holder.withdraw();
    expect(await listBallots()).toEqual([]);
  });
});

describe('the steps of a ballot', () => {
  it('are never taken twice: a second tab that seals gets nothing out', async () => {
    const service = new SmallService();
    const [first, second] = [new Phone(service), new Phone(service)];
    const held = await first.take();
    await first.seal(held);
    await expect(second.seal(held)).rejects.toThrow('the ballot is at casting');
    await sendBallot(KEY, first.sending, () => undefined);
    expect(service.accepted.size).toBe(1);
  });

  it('are not gone back: no marks after sealing, no sealing after casting', async () => {
    const phone = new Phone(new SmallService());
    const cast = await phone.vote();
    await expect(keepMarks(KEY, MARKS)).rejects.toThrow('the ballot is at cast');
    await expect(keepSealed(KEY, cast, cast)).rejects.toThrow('the ballot is at cast');
    await expect(keepNotCast(KEY)).rejects.toThrow('the ballot is at cast');
    await expect(keepPromise(KEY, 'another')).rejects.toThrow('the ballot is at cast');
  });

  it('give a teller the promises of its own device', async () => {
    const cast = await new Phone(new SmallService()).vote();
    expect(await promisesOf(KEY.uuid)).toEqual([cast.promise]);
    expect(await promisesOf('AnotherElection')).toEqual([]);
  });

  it('leave nothing after an erasure', async () => {
    await new Phone(new SmallService()).vote();
    await eraseBallot(KEY);
    expect(await listBallots()).toEqual([]);
  });

  it('stay where they were when the storage is full', async () => {
    const phone = new Phone(new SmallService());
    const held = await phone.take();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError');
    });
    await expect(phone.seal(held)).rejects.toThrow();
    put.mockRestore();
    expect((await readBallot(KEY))?.step).toBe('held');
    expect((await phone.seal(held)).step).toBe('casting');
  });
});
