/** How a device becomes a person's by the code behind `#` of an invitation (protocol.md §11). */
import { ProblemError, request } from '../api/client.ts';
import type { InspectionView } from '../api/types.ts';
import type { Identity } from '../device/database.ts';
import {
  createDeviceKey,
  createPasskey,
  keyMeans,
  type NewKey,
  NoPasskeyError,
} from '../device/device_key.ts';
import { forgetIdentity, listIdentities, readIdentity } from '../device/identities.ts';
import { platformOf } from '../device/in_app_browser.ts';
import { enrol } from '../device/login.ts';
import { serviceSettings } from '../device/service_settings.ts';
import { checkStorage, type StorageHealth } from '../device/storage_health.ts';

/** What came of looking at an invitation. */
export type Inspection =
  | { readonly name: 'invited'; readonly invitation: InspectionView }
  /** It was used, and by this device: go on. */
  | { readonly name: 'registered'; readonly identity: Identity }
  /** It was used by another device; `others` are keys that this one has. */
  | { readonly name: 'used'; readonly others: readonly Identity[] };

/** This browser cannot keep a key. */
export class NoStorageError extends Error {
  constructor(readonly health: Exclude<StorageHealth, 'good'>) {
    super('this browser cannot keep a key');
    this.name = 'NoStorageError';
  }
}

/** The phone could make a passkey, had it a screen lock. */
export class NoScreenLockError extends Error {
  constructor() {
    super('no screen lock');
    this.name = 'NoScreenLockError';
  }
}

/** Ask whose invitation it is; nothing is registered by that. Throws ProblemError. */
export async function inspectInvitation(code: string): Promise<Inspection> {
  try {
    const invitation = await request<InspectionView>('POST', '/enrolments/inspect', { code });
    return { name: 'invited', invitation };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem !== 'invitation-used') throw error;
  }
  const identities = (await listIdentities()).filter((each) => each.kind !== 'kiosk');
  for (const pending of identities.filter(isPending)) {
    const identity = await goOn(code, pending);
    if (identity !== null) return { name: 'registered', identity };
  }
  return { name: 'used', others: identities.filter((each) => !isPending(each)) };
}

/**
 * Make a key and register it for the invited person; an earlier key of theirs on this device goes.
 *
 * `isLockAsked`: a phone without passkeys is asked for a screen lock first; else, and on every
 * computer, it gets a key that cannot be copied out. Throws NoStorageError, NoScreenLockError,
 * NotTouchedError, ProblemError, UnreachableError.
 */
export async function register(
  code: string,
  invitation: InspectionView,
  isLockAsked: boolean,
): Promise<Identity> {
  const health = await checkStorage();
  if (health !== 'good') throw new NoStorageError(health);
  const identity =
    (await goOnWithLastKey(code, invitation.name)) ??
    (await enrolNewKey(code, await createKey(invitation.name, isLockAsked), invitation.name));
  await forgetOlder(identity);
  return identity;
}

/** A try whose answer was lost may have registered its key: another key would be refused. */
async function goOnWithLastKey(code: string, name: string): Promise<Identity | null> {
  const pending = (await listIdentities()).find(
    (each) => isPending(each) && each.kind !== 'kiosk' && each.account.name === name,
  );
  return pending === undefined ? null : goOn(code, pending);
}

async function enrolNewKey(code: string, key: NewKey, name: string): Promise<Identity> {
  try {
    return await enrol(code, key, name);
  } catch (error) {
    // The key is registered, only the login after it has failed: the next page logs in.
    const kept = await readIdentity(key.fingerprint);
    if (kept !== undefined && !isPending(kept)) return kept;
    throw error;
  }
}

async function createKey(name: string, isLockAsked: boolean): Promise<NewKey> {
  const means = await keyMeans();
  if (means === 'no_screen_lock') {
    const isPhone = platformOf(navigator.userAgent) !== 'other';
    if (isPhone && isLockAsked) throw new NoScreenLockError();
    return createDeviceKey('device');
  }
  if (means === 'device') return createDeviceKey('device');
  const { rp_id: rpId } = await serviceSettings();
  try {
    return await createPasskey(rpId, name);
  } catch (error) {
    // A phone without Google services says that it can, and cannot.
    if (error instanceof NoPasskeyError) return createDeviceKey('device');
    throw error;
  }
}

/** The same code with the same key again: the answer that was lost on its way. */
async function goOn(code: string, pending: Identity): Promise<Identity | null> {
  try {
    return await enrol(code, pending, pending.account.name);
  } catch (error) {
    if (error instanceof ProblemError && error.status < 500) return null;
    throw error;
  }
}

async function forgetOlder(identity: Identity): Promise<void> {
  for (const each of await listIdentities()) {
    const isOther = each.fingerprint !== identity.fingerprint && each.kind !== 'kiosk';
    const isSamePerson = each.account.id === identity.account.id;
    if (isOther && (isSamePerson || isPending(each))) await forgetIdentity(each.fingerprint);
  }
}

/** Made, and perhaps registered, but the answer never came. */
function isPending(identity: Identity): boolean {
  return identity.account.id === '';
}
