/**
 * Where a teller's device keeps its share: one sealed record an election, written before anything
 * leaves the device (protocol.md §3 v2).
 *
 * A browser can put an older copy of its storage back in place; the device would then forget what
 * it has opened, as the offline program would with an older file. The service takes one partial
 * decryption a trustee, and the log shows it.
 */
import type { Randomness } from '../crypto/randomness.ts';
import { database, type StoredTrustee, writeDurably } from '../device/database.ts';
import { boundTo, type ShareLock, type ShareOwner } from './share_lock.ts';

const NONCE_BYTES = 12;
const VERSION = 1;
/** What a trustee signs to confirm an election (protocol.md §11 "trustee_confirms"). */
const CONFIRMED = /^phieukin\/confirm\/1\|([A-Za-z0-9+/]{43})\|/;

/**
 * What is sealed: the texts of `crypto/trustee_state.ts`, and notes of the box whose ballots must
 * be on the board (scanned from members' phones).
 */
export interface Share {
  readonly state: string;
  readonly opened: string | null;
  readonly promises: readonly string[];
}

interface StoredShare extends StoredTrustee {
  version: number;
  /** The election that this device has confirmed; public, so that it shows without unlocking. */
  phi: string | null;
  lock: ShareLock;
  nonce: Uint8Array<ArrayBuffer>;
  sealed: Uint8Array<ArrayBuffer>;
}

/** The share cannot be unsealed: another pass-phrase or passkey, or the record was changed. */
export class WrongLockError extends Error {
  override readonly name = 'WrongLockError';
}

/** This device has a share of this election already: a second one would not be the one in use. */
export class ShareExistsError extends Error {
  override readonly name = 'ShareExistsError';
}

/** The record says that something else was opened before: never overwritten. */
export class OpenedBeforeError extends Error {
  override readonly name = 'OpenedBeforeError';
}

/** An unlocked share; its key is in memory only, as long as the page is open. */
export class HeldShare {
  #share: Share;

  constructor(
    readonly owner: ShareOwner,
    private readonly lock: ShareLock,
    private readonly key: CryptoKey,
    private readonly randomness: Randomness,
    share: Share,
  ) {
    this.#share = share;
  }

  get share(): Share {
    return this.#share;
  }

  /** Seal and store, durably, what comes after. Throws OpenedBeforeError, QuotaExceededError. */
  async store(next: Share): Promise<void> {
    if (this.#share.opened !== null && next.opened !== this.#share.opened) {
      throw new OpenedBeforeError('an opened sum is never replaced');
    }
    const record = await sealed(this.owner, this.lock, this.key, next, this.randomness);
    await writeDurably('trustees', (access) => access.put(record));
    this.#share = next;
  }
}

/** How the share of an election on this device is locked; null when there is none. */
export async function readLock({ uuid, member }: ShareOwner): Promise<ShareLock | null> {
  return (await readStored({ uuid, member }))?.lock ?? null;
}

/** phi of the election that this device has confirmed (protocol.md §3); null before it has. */
export async function readConfirmedPhi(owner: ShareOwner): Promise<string | null> {
  return (await readStored(owner))?.phi ?? null;
}

/** Store a new share. Throws ShareExistsError, QuotaExceededError. */
export async function createShare(
  owner: ShareOwner,
  lock: ShareLock,
  key: CryptoKey,
  share: Share,
  randomness: Randomness,
): Promise<HeldShare> {
  const record = await sealed(owner, lock, key, share, randomness);
  const transaction = (await database()).transaction('trustees', 'readwrite', {
    durability: 'strict',
  });
  // In one transaction: of two tabs, the second must not replace the first one's share.
  if ((await transaction.store.getKey([owner.uuid, owner.member])) !== undefined) {
    await transaction.done;
    throw new ShareExistsError('there is a share of this election already');
  }
  await Promise.all([transaction.store.add(record), transaction.done]);
  return new HeldShare(owner, lock, key, randomness, share);
}

/** Unseal the share. Throws WrongLockError. */
export async function unlockShare(
  owner: ShareOwner,
  key: CryptoKey,
  randomness: Randomness,
): Promise<HeldShare> {
  const stored = await readStored(owner);
  if (stored === undefined) throw new WrongLockError('there is no share');
  const { nonce, lock } = stored;
  let content: ArrayBuffer;
  try {
    const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: boundTo(owner) };
    content = await crypto.subtle.decrypt(algorithm, key, stored.sealed);
  } catch {
    throw new WrongLockError('the share does not open');
  }
  const share = JSON.parse(new TextDecoder().decode(content)) as Share;
  return new HeldShare(owner, lock, key, randomness, share);
}

/** Erase the share, after the minute or a cancellation (protocol.md §3). */
export async function eraseShare({ uuid, member }: ShareOwner): Promise<void> {
  await writeDurably('trustees', (access) => access.delete([uuid, member]));
}

/** Elections of which this device holds a share of that member. */
export async function listShares(member: number): Promise<string[]> {
  const all = await (await database()).getAllKeys('trustees');
  return all.filter(([, owner]) => owner === member).map(([uuid]) => uuid);
}

async function readStored({ uuid, member }: ShareOwner): Promise<StoredShare | undefined> {
  return (await database()).get('trustees', [uuid, member]) as Promise<StoredShare | undefined>;
}

async function sealed(
  owner: ShareOwner,
  lock: ShareLock,
  key: CryptoKey,
  share: Share,
  randomness: Randomness,
): Promise<StoredShare> {
  const nonce = randomness(NONCE_BYTES);
  const content = new TextEncoder().encode(JSON.stringify(share));
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: boundTo(owner) };
  const bytes = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, content));
  const { uuid, member } = owner;
  const phi = confirmedPhi(share);
  return { uuid, member, version: VERSION, phi, lock, nonce, sealed: bytes };
}

function confirmedPhi({ state }: Share): string | null {
  const { confirmed } = JSON.parse(state) as { confirmed?: unknown };
  return typeof confirmed === 'string' ? (CONFIRMED.exec(confirmed)?.[1] ?? null) : null;
}
