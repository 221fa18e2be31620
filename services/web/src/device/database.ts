/**
 * What this device keeps (IndexedDB): keys that cannot be copied out, ballots on their way, the
 * tellers' sealed shares. A write has reached the disk before the promise resolves.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

import type { AccountView, KeyKind } from '../api/types.ts';

/** A key of one person on this device; `fingerprint` = SHA-256 of `spki`, hex. */
export interface Identity {
  fingerprint: string;
  /** SubjectPublicKeyInfo, base64url. */
  spki: string;
  kind: KeyKind;
  account: AccountView;
  /** Of a device or kiosk key: non-extractable. */
  privateKey?: CryptoKey;
  /** Of a passkey, base64url. */
  credentialId?: string;
  /** Whether the passkey's authenticator can derive secrets (WebAuthn PRF). */
  hasPrf?: boolean;
}

/** A member's ballot of one election on this device; the areas that write it know its form. */
export interface StoredBallot {
  uuid: string;
  member: number;
  [field: string]: unknown;
}

/** A teller's part of one election; secrets in it are sealed. */
export interface StoredTrustee {
  uuid: string;
  member: number;
  [field: string]: unknown;
}

interface Schema extends DBSchema {
  identities: { key: string; value: Identity };
  ballots: { key: [string, number]; value: StoredBallot };
  trustees: { key: [string, number]; value: StoredTrustee };
  settings: { key: string; value: unknown };
}

export type Store = 'identities' | 'ballots' | 'trustees' | 'settings';

const NAME = 'phieukin';
const VERSION = 1;

let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** The device's database; throws where the browser keeps none (private window, storage full). */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(NAME, VERSION, {
    upgrade(made) {
      made.createObjectStore('identities', { keyPath: 'fingerprint' });
      made.createObjectStore('ballots', { keyPath: ['uuid', 'member'] });
      made.createObjectStore('trustees', { keyPath: ['uuid', 'member'] });
      made.createObjectStore('settings');
    },
    terminated() {
      opened = undefined;
    },
  }).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/**
 * Write or delete in one transaction, strictly durable: a flat battery right after the promise
 * resolves loses nothing.
 */
export async function writeDurably<Name extends Store>(
  store: Name,
  change: (access: {
    put: (value: Schema[Name]['value'], key?: IDBValidKey) => void;
    delete: (key: Schema[Name]['key']) => void;
  }) => void,
): Promise<void> {
  const made = await database();
  const transaction = made.transaction(store, 'readwrite', { durability: 'strict' });
  const objects = transaction.objectStore(store);
  const requests: Promise<unknown>[] = [];
  change({
    put: (value, key) => requests.push(objects.put(value, key as Schema[Name]['key'])),
    delete: (key) => requests.push(objects.delete(key)),
  });
  await Promise.all([...requests, transaction.done]);
}
