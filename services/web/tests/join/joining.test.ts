/** Joining, with each interruption; the service is in memory, the storage and the keys are real. */
import 'fake-indexeddb/auto';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { UnreachableError } from '../../src/api/client.ts';
import type { Identity } from '../../src/device/database.ts';
import { NotTouchedError } from '../../src/device/device_key.ts';
import { forgetIdentity, listIdentities } from '../../src/device/identities.ts';
import { isLockUsed, NoStorageError, type Wish } from '../../src/join/joining.ts';
import { look, mayStartAnew, type Phase, start } from '../../src/join/phases.ts';
import { EnrolmentService } from './enrolment_service.ts';
import { COMPUTER, Phone } from './phone.ts';

const CODE = 'A'.repeat(43);
const NEXT_CODE = 'B'.repeat(43);
const NAME = 'Đặng Thị Thu Hà';
const PLAIN: Wish = { withoutLock: false, anew: false };

let service: EnrolmentService;
let phone: Phone;

beforeEach(async () => {
  for (const each of await listIdentities()) await forgetIdentity(each.fingerprint);
  service = new EnrolmentService();
  service.invite(CODE, 'id-1', NAME);
  phone = new Phone();
  phone.plugIn();
  vi.stubGlobal('fetch', service.fetch);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Open the link and tap the button, if there is one. */
async function join(code = CODE, wish: Partial<Wish> = {}): Promise<Phase> {
  const phase = await look(code);
  return phase.name === 'invited' ? start(code, phase.invitation, { ...PLAIN, ...wish }) : phase;
}

function identityOf(phase: Phase): Identity {
  if (phase.name !== 'done' && phase.name !== 'already') throw new Error(phase.name);
  return phase.identity;
}

function faultOf(phase: Phase): unknown {
  if (phase.name !== 'invited' && phase.name !== 'failed') throw new Error(phase.name);
  return phase.fault;
}

describe('a key', () => {
  test('is a passkey where the phone has a screen lock', async () => {
    const identity = identityOf(await join());
    expect(identity).toMatchObject({ kind: 'passkey', hasPrf: true, account: { id: 'id-1' } });
    expect(identity.privateKey).toBeUndefined();
    expect(await listIdentities()).toEqual([identity]);
    expect(service.enrolments).toEqual([{ code: CODE, spki: identity.spki, kind: 'passkey' }]);
  });

  test('cannot be copied out where the browser makes no passkeys', async () => {
    phone.hasScreenLock = null;
    phone.plugIn();
    expect(await isLockUsed()).toBe(false);
    const identity = identityOf(await join());
    expect(identity.kind).toBe('device');
    expect(identity.privateKey?.extractable).toBe(false);
  });

  test('needs no Google services: a phone that says it can, and cannot', async () => {
    phone.dialog = 'not_supported';
    const identity = identityOf(await join());
    expect(identity.kind).toBe('device');
    expect(phone.asked).toBe(1);
  });

  test('waits for a screen lock, and for one that was set meanwhile', async () => {
    phone.hasScreenLock = false;
    expect(await isLockUsed()).toBe(true);
    expect((await join()).name).toBe('no_screen_lock');
    expect(service.enrolments).toEqual([]);
    phone.hasScreenLock = true;
    expect(identityOf(await join()).kind).toBe('passkey');
  });

  test('does without a screen lock when the person says so', async () => {
    phone.hasScreenLock = false;
    expect(identityOf(await join(CODE, { withoutLock: true })).kind).toBe('device');
  });

  test('asks no computer for a screen lock', async () => {
    phone.hasScreenLock = false;
    phone.userAgent = COMPUTER;
    expect(await isLockUsed()).toBe(false);
    expect(identityOf(await join()).kind).toBe('device');
  });
});

describe('an interruption', () => {
  test('closing the dialog registers nothing, and the next touch does', async () => {
    phone.dialog = 'closed';
    const phase = await join();
    expect(faultOf(phase)).toBeInstanceOf(NotTouchedError);
    expect(await mayStartAnew(phase)).toBe(false);
    expect(service.enrolments).toEqual([]);
    expect(await listIdentities()).toEqual([]);
    phone.dialog = 'touched';
    expect(identityOf(await join()).kind).toBe('passkey');
  });

  test.each(['request', 'answer'] as const)('a lost %s: the same key again', async (lost) => {
    service.lose = lost;
    expect(faultOf(await join())).toBeInstanceOf(UnreachableError);
    const [pending] = await listIdentities();
    const identity = identityOf(await join());
    expect(identity.fingerprint).toBe(pending?.fingerprint);
    expect(identity.account.id).toBe('id-1');
    expect(new Set(service.enrolments.map((each) => each.spki)).size).toBe(1);
    expect(phone.asked).toBe(1);
    expect(await listIdentities()).toEqual([identity]);
  });

  test('a lost answer, then a reload: the page finds itself registered', async () => {
    service.lose = 'answer';
    await join();
    expect((await look(CODE)).name).toBe('done');
    expect((await look(CODE)).name).toBe('already');
  });

  test('two tabs at once: one key is registered, and both tabs know it', async () => {
    const phases = await Promise.all([join(), join()]);
    expect(phone.asked).toBe(2);
    const fingerprints = new Set(phases.map((phase) => identityOf(phase).fingerprint));
    expect([...fingerprints]).toEqual((await listIdentities()).map((each) => each.fingerprint));
  });

  test('no network when the link is opened: the next try goes on', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
    expect(faultOf(await join())).toBeInstanceOf(UnreachableError);
    vi.stubGlobal('fetch', service.fetch);
    expect((await join()).name).toBe('done');
  });

  test.each([
    ['full', { quota: 10 ** 9, usage: 10 ** 9 }],
    ['ephemeral', { quota: 100 * 2 ** 20, usage: 0 }],
  ] as const)('storage is %s: nothing leaves', async (health, storage) => {
    Object.assign(phone, storage);
    const fault = faultOf(await join());
    expect(fault).toBeInstanceOf(NoStorageError);
    expect(fault).toMatchObject({ health });
    expect(service.enrolments).toEqual([]);
    expect(phone.asked).toBe(0);
  });
});

describe('a link', () => {
  test('scanned again on its phone leads on, without a question', async () => {
    const identity = identityOf(await join());
    expect(await look(CODE)).toEqual({ name: 'already', identity });
    expect(phone.asked).toBe(1);
  });

  test('used elsewhere is refused, and says who is registered here', async () => {
    const identity = identityOf(await join());
    service.invite(NEXT_CODE, 'id-2', 'Lục Văn Dũng');
    const other = service.invitations.get(NEXT_CODE);
    if (other !== undefined) other.usedBy = 'another phone';
    expect(await look(NEXT_CODE)).toMatchObject({
      name: 'refused',
      problem: { problem: 'invitation-used' },
      others: [identity],
    });
    expect(await listIdentities()).toEqual([identity]);
  });

  test.each([
    ['invitation-unknown', () => service.invitations.clear()],
    ['invitation-expired', () => service.expire(CODE)],
  ])('%s', async (problem, spoil) => {
    spoil();
    expect(await look(CODE)).toMatchObject({ name: 'refused', problem: { problem }, others: [] });
    expect(service.enrolments).toEqual([]);
  });

  test('that expires before the button is tapped is refused', async () => {
    const phase = await look(CODE);
    if (phase.name !== 'invited') throw new Error(phase.name);
    service.expire(CODE);
    const after = await start(CODE, phase.invitation, PLAIN);
    expect(after).toMatchObject({ name: 'refused', problem: { problem: 'invitation-expired' } });
  });

  test('of nobody: the page without a code', async () => {
    expect(await look(null)).toEqual({ name: 'refused', problem: null, others: [] });
  });

  test('in a browser that keeps nothing still says what is wrong with it', async () => {
    service.expire(CODE);
    const refuses = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('no database in this window', 'SecurityError');
    });
    expect((await look(CODE)).name).toBe('refused');
    refuses.mockRestore();
  });
});

describe('a second invitation', () => {
  test('keeps the key, and with it what is sealed under it', async () => {
    const before = identityOf(await join());
    service.invite(NEXT_CODE, 'id-1', NAME);
    const after = identityOf(await join(NEXT_CODE));
    expect(after.fingerprint).toBe(before.fingerprint);
    expect(phone.passkeys.size).toBe(1);
  });

  test('makes a new key on request, where the old one does not answer', async () => {
    const before = identityOf(await join());
    phone.passkeys.clear();
    service.invite(NEXT_CODE, 'id-1', NAME);
    const phase = await join(NEXT_CODE);
    expect(faultOf(phase)).toBeInstanceOf(NotTouchedError);
    expect(await mayStartAnew(phase)).toBe(true);
    expect(service.enrolments).toHaveLength(1);
    const after = identityOf(await join(NEXT_CODE, { anew: true }));
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(await listIdentities()).toEqual([after]);
  });

  test('of another person with that name makes a key of its own', async () => {
    const first = identityOf(await join());
    service.invite(NEXT_CODE, 'id-2', NAME);
    const second = identityOf(await join(NEXT_CODE));
    expect(second.fingerprint).not.toBe(first.fingerprint);
    const accounts = (await listIdentities()).map((each) => each.account.id);
    expect(accounts.sort()).toEqual(['id-1', 'id-2']);
  });

  test('of the same person as secretary asks for one touch only', async () => {
    await join();
    service.invite(NEXT_CODE, 'id-3', NAME, null);
    identityOf(await join(NEXT_CODE));
    expect(phone.asked).toBe(2);
    expect(await listIdentities()).toHaveLength(2);
  });

  test('leaves alone what another person has not finished', async () => {
    service.lose = 'answer';
    await join();
    service.invite(NEXT_CODE, 'id-2', 'Lục Văn Dũng');
    identityOf(await join(NEXT_CODE));
    expect(identityOf(await join()).account.id).toBe('id-1');
  });
});
