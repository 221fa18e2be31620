/** How a teller locks and unlocks the share: a touch of the passkey, or a pass-phrase. */
import type { Randomness } from '../crypto/randomness.ts';
import type { Identity } from '../device/database.ts';
import { deriveSecret } from '../device/device_key.ts';
import { serviceSettings } from '../device/service_settings.ts';
import { stretchInWorker } from './pass_phrase_client.ts';
import {
  keyOfPasskey,
  keyOfPassPhrase,
  newLock,
  prfSalt,
  type ShareLock,
  type ShareOwner,
} from './share_lock.ts';

/** The passkey gives no secret here: a pass-phrase is needed. */
export class NoSecretError extends Error {
  override readonly name = 'NoSecretError';
}

/** Whether the share of a new key can go under this identity's passkey. */
export function canUsePasskey(identity: Identity): boolean {
  return identity.kind === 'passkey' && identity.hasPrf === true;
}

/** A new lock and its key; `passPhrase` null: under the passkey. Throws NoSecretError. */
export async function lockShare(
  identity: Identity,
  owner: ShareOwner,
  passPhrase: string | null,
  randomness: Randomness,
): Promise<{ lock: ShareLock; key: CryptoKey }> {
  const lock = newLock(passPhrase === null ? 'passkey' : 'pass_phrase', randomness);
  return { lock, key: await keyFor(identity, owner, lock, passPhrase) };
}

/** The key of a lock; `passPhrase` is for locks under one. Throws NoSecretError, NotTouchedError. */
export async function keyFor(
  identity: Identity,
  owner: ShareOwner,
  lock: ShareLock,
  passPhrase: string | null,
): Promise<CryptoKey> {
  if (lock.kind === 'pass_phrase') {
    return keyOfPassPhrase(owner, lock, passPhrase ?? '', stretchInWorker);
  }
  const { rp_id: rpId } = await serviceSettings();
  const secret = await deriveSecret(identity, rpId, await prfSalt(owner.uuid));
  if (secret === null) throw new NoSecretError('the passkey gives no secret');
  return keyOfPasskey(owner, lock, secret);
}
