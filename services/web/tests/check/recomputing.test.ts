import 'fake-indexeddb/auto';

import { beforeEach, describe, expect, it } from 'vitest';

import { recompute } from '../../src/check/recomputing.ts';
import { eraseBallot } from '../../src/member/ballot_custody.ts';
import type { OpenedTest } from '../../src/member/ballot_desk.ts';
import { electionOf } from '../../src/member/taking.ts';
import { testOfText, testToText } from '../../src/member/test_code.ts';
import { MARKS, Phone } from '../member/phone.ts';
import { deskHere, KEY, linesOf, SmallService } from '../member/small_service.ts';

beforeEach(() => eraseBallot(KEY));

/** A phone makes a throw-away ballot; what it showed before the choice, and its QR. */
async function throwAway(service: SmallService) {
  const phone = new Phone(service);
  const held = await phone.take();
  const input = { checked: electionOf(held), secret: held.secret, marks: MARKS };
  const shown = await phone.callDesk('prepareBallot', input);
  const qr = testToText(await phone.callDesk('openTest', undefined));
  return { phone, held, shown, qr };
}

function read(qr: string): OpenedTest {
  const test = testOfText(qr);
  if (test === null) throw new Error('not a test');
  return test;
}

describe('a second device', () => {
  it('computes the receipt that the phone showed, from seed and marks alone', async () => {
    const service = new SmallService();
    const { shown, qr, held } = await throwAway(service);
    const seen = await recompute(read(qr), deskHere(), async () => linesOf(service.published));
    expect(seen.receipt).toEqual(shown);
    expect(seen.phi).toBe(service.election.fingerprint);
    for (const secret of [held.secret, ...held.token]) expect(qr).not.toContain(secret);
  });

  it('sees another receipt where the phone sealed other marks than it says', async () => {
    const service = new SmallService();
    const { shown, qr } = await throwAway(service);
    const lied = { ...read(qr), marks: ['disagree', 'disagree', 'blank'] as const };
    const seen = await recompute(lied, deskHere(), async () => linesOf(service.published));
    expect(seen.receipt).not.toEqual(shown);
  });

  it('says so where it sees another election than the phone', async () => {
    const { qr } = await throwAway(new SmallService());
    const other = new SmallService((terms) => ({ ...terms, minimum_ballots: 3 }));
    const entries = async () => linesOf(other.published);
    await expect(recompute(read(qr), deskHere(), entries)).rejects.toThrow('two elections');
  });

  it('wants a mark for every case', async () => {
    const service = new SmallService();
    const { qr } = await throwAway(service);
    const few = { ...read(qr), marks: ['agree'] as const };
    const entries = async () => linesOf(service.published);
    await expect(recompute(few, deskHere(), entries)).rejects.toThrow('marks');
  });
});

describe('an opened test', () => {
  it('can never be cast, and the next ballot has another seed', async () => {
    const { phone, held, shown } = await throwAway(new SmallService());
    const { token } = held;
    await expect(phone.callDesk('sealBallot', { token })).rejects.toThrow('no ballot is prepared');
    const input = { checked: electionOf(held), secret: held.secret, marks: MARKS };
    expect(await phone.callDesk('prepareBallot', input)).not.toEqual(shown);
  });
});
