import 'fake-indexeddb/auto';

import { afterEach, describe, expect, it } from 'vitest';

import { systemRandomness } from '../../src/crypto/randomness.ts';
import { database } from '../../src/device/database.ts';
import { stretchHere } from '../../src/tellers/pass_phrase_stretching.ts';
import {
  createShare,
  eraseShare,
  listShares,
  readLock,
  ShareExistsError,
  unlockShare,
  WrongLockError,
} from '../../src/tellers/share_custody.ts';
import {
  keyOfPasskey,
  keyOfPassPhrase,
  newLock,
  passPhraseProblem,
  prfSalt,
  type ShareLock,
  type Stretch,
} from '../../src/tellers/share_lock.ts';

const owner = { uuid: 'PhieuKinTest14', member: 3 };
const share = { state: '{"seed":"s3cret-seed"}', opened: null, promises: [] };
const secret = new Uint8Array(32).fill(5);
/** As in the worker, at a cost that a test can pay. */
const stretch: Stretch = async (asked) => stretchHere({ ...asked, memoryKib: 64, passes: 1 });

afterEach(() => eraseShare(owner));

async function underPasskey() {
  const lock = newLock('passkey', systemRandomness);
  const key = await keyOfPasskey(owner, lock, secret);
  return { lock, key, held: await createShare(owner, lock, key, share, systemRandomness) };
}

describe('a share', () => {
  it('comes back under the same passkey, and only under it', async () => {
    const { lock } = await underPasskey();
    const again = await keyOfPasskey(owner, lock, secret);
    expect((await unlockShare(owner, again, systemRandomness)).share).toEqual(share);
    const other = await keyOfPasskey(owner, lock, new Uint8Array(32));
    await expect(unlockShare(owner, other, systemRandomness)).rejects.toThrow(WrongLockError);
  });

  it('comes back under the same pass-phrase, however its letters are encoded', async () => {
    const lock = newLock('pass_phrase', systemRandomness);
    const phrase = 'một câu dài chỉ mình nhớ';
    const key = await keyOfPassPhrase(owner, lock, phrase, stretch);
    await createShare(owner, lock, key, share, systemRandomness);
    const stored = await readLock(owner);
    expect(stored).toEqual(lock);
    if (stored === null) throw new RangeError();
    const again = await keyOfPassPhrase(owner, stored, phrase.normalize('NFD'), stretch);
    expect((await unlockShare(owner, again, systemRandomness)).share).toEqual(share);
    const wrong = await keyOfPassPhrase(owner, stored, `${phrase}.`, stretch);
    await expect(unlockShare(owner, wrong, systemRandomness)).rejects.toThrow(WrongLockError);
  });

  it('is nowhere in the clear, and sealed anew under a fresh nonce each time', async () => {
    const { held } = await underPasskey();
    const first = await (await database()).get('trustees', [owner.uuid, owner.member]);
    await held.store({ ...share, promises: ['a'] });
    const second = await (await database()).get('trustees', [owner.uuid, owner.member]);
    const text = (record: unknown) =>
      Buffer.from((record as { sealed: Uint8Array }).sealed).toString('latin1');
    expect(text(first)).not.toContain('s3cret');
    const nonce = (record: unknown) => (record as { nonce: Uint8Array }).nonce;
    expect(nonce(first)).not.toEqual(nonce(second));
  });

  it('does not open as the share of another election or member', async () => {
    const { lock, key } = await underPasskey();
    const made = await database();
    const record = await made.get('trustees', [owner.uuid, owner.member]);
    if (record === undefined) throw new RangeError();
    await made.put('trustees', { ...record, member: 4 });
    await expect(unlockShare({ ...owner, member: 4 }, key, systemRandomness)).rejects.toThrow(
      WrongLockError,
    );
    expect(lock.kind).toBe('passkey');
    await eraseShare({ ...owner, member: 4 });
  });

  it('is never replaced by a second one', async () => {
    const { lock, key } = await underPasskey();
    await expect(createShare(owner, lock, key, share, systemRandomness)).rejects.toThrow(
      ShareExistsError,
    );
  });

  it('never forgets what it has opened', async () => {
    const { held } = await underPasskey();
    await held.store({ ...share, opened: 'one' });
    await expect(held.store({ ...share, opened: 'two' })).rejects.toThrow('never replaced');
    await expect(held.store({ ...share, opened: null })).rejects.toThrow('never replaced');
    await held.store({ ...share, opened: 'one', promises: ['b'] });
  });

  it('is gone after it was erased', async () => {
    const { key } = await underPasskey();
    expect(await listShares(owner.member)).toEqual([owner.uuid]);
    await eraseShare(owner);
    expect(await readLock(owner)).toBeNull();
    expect(await listShares(owner.member)).toEqual([]);
    await expect(unlockShare(owner, key, systemRandomness)).rejects.toThrow(WrongLockError);
  });
});

describe('a pass-phrase', () => {
  it('has ten characters at least, and is typed twice', () => {
    expect(passPhraseProblem('ngắn quá', 'ngắn quá')).toBe('short');
    expect(passPhraseProblem('một câu đủ dài', 'một câu khác hẳn')).toBe('differ');
    expect(passPhraseProblem('một câu đủ dài', 'một câu đủ dài'.normalize('NFD'))).toBeNull();
  });

  it('is stretched as its lock says, never at a cost that no lock of ours has', async () => {
    const lock = newLock('pass_phrase', systemRandomness) as Extract<
      ShareLock,
      { kind: 'pass_phrase' }
    >;
    expect(lock.memoryKib * lock.passes).toBeGreaterThanOrEqual(2 * 19 * 1024);
    const costly = { ...lock, memoryKib: 4 * 1024 * 1024 };
    await expect(keyOfPassPhrase(owner, costly, 'một câu đủ dài', stretch)).rejects.toThrow(
      RangeError,
    );
  });

  it('gives what RFC 9106 says', () => {
    // Argon2id of libsodium's reference: password "password", salt "somesalt", 64 MiB, t = 2.
    const made = stretchHere({
      passPhrase: 'password',
      salt: new TextEncoder().encode('somesalt'),
      memoryKib: 64 * 1024,
      passes: 2,
      lanes: 1,
    });
    expect(Buffer.from(made).toString('hex')).toBe(
      '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7',
    );
  });
});

it('the salt of the passkey is of one election', async () => {
  const [one, two] = [await prfSalt('PhieuKinTest14'), await prfSalt('PhieuKinTest15')];
  expect(one).toHaveLength(32);
  expect(one).not.toEqual(two);
});
