import 'fake-indexeddb/auto';

import { beforeEach, describe, expect, it } from 'vitest';

import { checkAfterClosing } from '../../src/member/after_closing.ts';
import { eraseBallot, readBallot } from '../../src/member/ballot_custody.ts';
import { sendBallot } from '../../src/member/casting_sender.ts';
import { readReceiptFile } from '../../src/schemas/record.ts';
import { verifyBytes } from '../../src/verifier/verify.ts';
import { Phone } from './phone.ts';
import { checkpointOf, KEY, refusal, SmallService } from './small_service.ts';

/** Twelve of the ceremony, terms, election, three confirmations, the start. */
const OPENING_SIZE = 18;

let service: SmallService;
let phone: Phone;

beforeEach(async () => {
  await eraseBallot(KEY);
  service = new SmallService();
  phone = new Phone(service);
});

const check = () => checkAfterClosing(KEY, phone.board);

describe('after closing', () => {
  it('says nothing while the box is open', async () => {
    await phone.vote();
    expect(await check()).toEqual({ state: 'open' });
    expect((await readBallot(KEY))?.step).toBe('cast');
  });

  it('finds the ballot, and the receipt file holds alone', async () => {
    const cast = await phone.vote();
    service.isClosed = true;
    const checked = await check();
    if (checked.state !== 'checked' || checked.record.step !== 'included') {
      throw new Error('not found');
    }
    const file = readReceiptFile(JSON.parse(checked.record.file));
    expect(file.tracker).toBe(cast.tracker);
    expect(file.receipt_code).toBe(cast.receiptCode);
    const data = new TextEncoder().encode(checked.record.file);
    const { report } = await verifyBytes(data, `${cast.tracker}.json`);
    expect(report.ok).toBe(true);
    expect(report.checks.find(({ id }) => id === 'V19')?.status).toBe('holds');
    expect(checked.record).not.toHaveProperty('body');
  });

  it('claims a promised ballot that is not there, once', async () => {
    const cast = await phone.vote();
    service.isClosed = true;
    service.dropped = 1;
    const checked = await check();
    expect(checked).toMatchObject({ record: { step: 'missing', claim: 'entered' } });
    await check();
    expect(service.claims).toEqual([cast.promise]);
  });

  it('keeps a claim that did not arrive, and hands it in later', async () => {
    await phone.vote();
    service.isClosed = true;
    service.dropped = 1;
    const board = { ...phone.board, claim: () => Promise.reject(refusal('not-ready', 503)) };
    await expect(checkAfterClosing(KEY, board)).rejects.toThrow('not-ready');
    expect(await readBallot(KEY)).toMatchObject({ step: 'missing', claim: 'due' });
    expect(await check()).toMatchObject({ record: { step: 'missing', claim: 'entered' } });
  });

  it('takes back the alarm when the ballot is in the list after all', async () => {
    await phone.vote();
    service.isClosed = true;
    service.dropped = 1;
    await check();
    service.dropped = 0;
    expect(await check()).toMatchObject({ record: { step: 'included' } });
  });

  it('says nothing of the ballot when list and seal do not fit', async () => {
    await phone.vote();
    service.isClosed = true;
    const board = {
      ...phone.board,
      read: async (path: string) => {
        const text = await service.read(path);
        return path.endsWith('/leaves') ? text.slice(65) : text;
      },
    };
    await expect(checkAfterClosing(KEY, board)).rejects.toThrow('not what the seal says');
    expect((await readBallot(KEY))?.step).toBe('cast');
  });

  it('believes no seal that the log of the first view has not signed', async () => {
    await phone.take();
    service.isClosed = true;
    const board = {
      ...phone.board,
      read: async (path: string) =>
        path.endsWith('/leaves') ? service.read(path) : 'bau.example.vn/x\n0\nAAAA\n\n— x AAAA\n',
    };
    await expect(checkAfterClosing(KEY, board)).rejects.toThrow('not signed by the log');
    // A false closing must not make the phone throw its ballot away.
    expect((await readBallot(KEY))?.step).toBe('held');
  });

  it.each(['held', 'cast'])('is not taken in by the start of voting, ballot %s', async (step) => {
    await (step === 'cast' ? phone.vote() : phone.take());
    const read = (path: string) => service.read(path.replace('/closing', '/opening'));
    const checking = checkAfterClosing(KEY, { ...phone.board, read });
    await expect(checking).rejects.toThrow('no later than the start of voting');
    // Neither an alarm and a claim, nor an erased ballot, while the box is open.
    expect((await readBallot(KEY))?.step).toBe(step);
    expect(service.claims).toEqual([]);
  });

  it.each([
    ['a smaller tree', 'voting does not start there'],
    ['a tree of its size, but another', 'not what the seal says'],
  ])('wants the start of voting before the seal: %s', async (which, why) => {
    await phone.take();
    service.isClosed = true;
    const other = [...service.published, ...service.published].slice(0, OPENING_SIZE);
    const opening = checkpointOf(which === 'a smaller tree' ? service.published : other);
    const read = async (path: string) =>
      path.endsWith('/opening') ? opening : service.read(path);
    await expect(checkAfterClosing(KEY, { ...phone.board, read })).rejects.toThrow(why);
    expect((await readBallot(KEY))?.step).toBe('held');
  });

  it('erases a ballot that was never cast, marks and all', async () => {
    await phone.take();
    service.isClosed = true;
    const checked = await check();
    expect(checked).toMatchObject({ record: { step: 'not_cast' } });
    expect(Object.keys((await readBallot(KEY)) ?? {}).sort()).toEqual(
      ['member', 'phi', 'step', 'uuid'],
    );
  });

  it('gives up bytes only after the box has refused them', async () => {
    await phone.seal(await phone.take());
    service.isClosed = true;
    expect(await check()).toMatchObject({ record: { step: 'casting' } });
    await sendBallot(KEY, phone.sending, () => undefined);
    expect(await readBallot(KEY)).toMatchObject({ step: 'casting', refusal: 'wrong-state' });
    expect(await check()).toMatchObject({ record: { step: 'not_cast' } });
  });

  it('gets the promise of a ballot that came in time, also after closing', async () => {
    await phone.seal(await phone.take());
    const record = await readBallot(KEY);
    if (record?.step !== 'casting') throw new Error('not sealed');
    await service.send(record.body); // and the answer is lost
    service.isClosed = true;
    expect(await check()).toMatchObject({ record: { step: 'casting' } });
    expect((await sendBallot(KEY, phone.sending, () => undefined))?.step).toBe('cast');
    expect(await check()).toMatchObject({ record: { step: 'included' } });
  });
});
