/** How a device becomes a person's by the code behind `#` of an invitation (protocol.md §11). */
import { ProblemError, request } from '../api/client.ts';
import type { InspectionView } from '../api/types.ts';
import type { Identity } from '../device/database.ts';
import {
  askForTouch,
  createDeviceKey,
  createPasskey,
  keyMeans,
  type NewKey,
  NoPasskeyError,
} from '../device/device_key.ts';
import { forgetIdentity, listIdentities } from '../device/identities.ts';
import { platformOf } from '../device/in_app_browser.ts';
import { enrol, enrolKept } from '../device/login.ts';
import { serviceSettings } from '../device/service_settings.ts';
import { checkStorage, type StorageHealth } from '../device/storage_health.ts';

/** What came of looking at an invitation. */
export type Inspection =
  | { readonly name: 'invited'; readonly invitation: InspectionView }
  /** It was used by a key of this device; `isNews`: whose answer had never come. */
  | { readonly name: 'registered'; readonly identity: Identity; readonly isNews: boolean }
  /** It is of no use; `others` are the people whom this device is registered for already. */
  | {
      readonly name: 'refused';
      readonly problem: ProblemError;
      readonly others: readonly Identity[];
    };

/** How a person wants to register, beyond the first try. */
export interface Wish {
  /** Go on without a screen lock, where a phone has none or does not say that it has one. */
  readonly withoutLock: boolean;
  /** Make a new key although this device has one of that person, which does not answer. */
  readonly anew: boolean;
}

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

/** Whether an error is about the invitation itself: used, expired or unknown. */
export function isOfInvitation(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.problem.startsWith('invitation-');
}

/** The people whom this device is registered for. */
export async function registeredPeople(): Promise<Identity[]> {
  return (await ownIdentities()).filter((each) => !isPending(each));
}

/**
 * Ask whose invitation it is; an unused one registers nothing by that.
 *
 * Of a used one this device's own keys are asked for, one by one: the same code with the same key
 * gives the same answer, another key changes nothing. Throws ProblemError, UnreachableError.
 */
export async function inspectInvitation(code: string): Promise<Inspection> {
  // Browsers make a passkey only soon after a touch: its request must find this already answered.
  serviceSettings().catch(() => undefined);
  try {
    const invitation = await request<InspectionView>('POST', '/enrolments/inspect', { code });
    return { name: 'invited', invitation };
  } catch (error) {
    if (!isOfInvitation(error)) throw error;
    const user = error.problem === 'invitation-used' ? await findUser(code) : null;
    if (user !== null) return user;
    return { name: 'refused', problem: error, others: await registeredPeople() };
  }
}

/**
 * Make this device the invited person's. Where it has a key of theirs, that key stays: a share or
 * a ballot that it keeps must not be lost to a second invitation.
 *
 * Throws NoStorageError, NoScreenLockError, NotTouchedError, ProblemError, UnreachableError.
 */
export async function register(
  code: string,
  invitation: InspectionView,
  wish: Wish,
): Promise<Identity> {
  const health = await checkStorage();
  if (health !== 'good') throw new NoStorageError(health);
  const kept = await enrolOwnKey(code, invitation, wish.anew);
  const identity = kept ?? (await enrolNewKey(code, invitation.name, wish.withoutLock));
  await forgetOlder(identity);
  return identity;
}

/**
 * What a device does when it registers: it asks for finger, face or screen lock, or only remembers.
 */
export async function isLockUsed(): Promise<boolean> {
  const means = await keyMeans();
  return means === 'passkey' || (means === 'no_screen_lock' && isPhone());
}

/** Whose key has used this code; null when it was another device. */
async function findUser(code: string): Promise<Inspection | null> {
  for (const each of await ownIdentities()) {
    const identity = await enrolUnless(['invitation-used'], code, each);
    if (identity === null) continue;
    await forgetOlder(identity);
    return { name: 'registered', identity, isNews: isPending(each) };
  }
  return null;
}

/** A try whose answer was lost has perhaps registered its key: another would be refused. */
async function enrolOwnKey(
  code: string,
  invitation: InspectionView,
  anew: boolean,
): Promise<Identity | null> {
  for (const each of await ownIdentities()) {
    if (!isPerhapsOf(each, invitation) || (anew && !isPending(each))) continue;
    // Somebody may have removed it from the phone's settings.
    if (!isPending(each)) await askForTouch(each, (await serviceSettings()).rp_id);
    // Taken: a person of the same name.
    const identity = await enrolUnless(['device-key-taken'], code, each);
    if (identity !== null) return identity;
  }
  return null;
}

async function enrolNewKey(code: string, name: string, withoutLock: boolean): Promise<Identity> {
  return enrol(code, await createKey(name, withoutLock), name);
}

async function createKey(name: string, withoutLock: boolean): Promise<NewKey> {
  const means = await keyMeans();
  if (means === 'no_screen_lock' && isPhone() && !withoutLock) throw new NoScreenLockError();
  if (means !== 'passkey') return createDeviceKey('device');
  const { rp_id: rpId } = await serviceSettings();
  try {
    return await createPasskey(rpId, name);
  } catch (error) {
    // A phone without Google services says that it can, and cannot.
    if (error instanceof NoPasskeyError) return createDeviceKey('device');
    throw error;
  }
}

/** The same code with a kept key; null when the service refuses it for one of `reasons`. */
async function enrolUnless(
  reasons: readonly string[],
  code: string,
  identity: Identity,
): Promise<Identity | null> {
  try {
    return await enrolKept(code, identity);
  } catch (error) {
    if (error instanceof ProblemError && reasons.includes(error.problem)) return null;
    throw error;
  }
}

/** The keys that a person has got a newer one for. */
async function forgetOlder(identity: Identity): Promise<void> {
  const { id, name } = identity.account;
  for (const each of await ownIdentities()) {
    if (each.fingerprint === identity.fingerprint) continue;
    const isTheirs = isPending(each) ? each.account.name === name : each.account.id === id;
    if (isTheirs) await forgetIdentity(each.fingerprint);
  }
}

/** Without the kiosk's, which end with their voter; keys whose answer was lost come first. */
async function ownIdentities(): Promise<Identity[]> {
  // A browser that keeps nothing has none; registering says why it cannot.
  const all = await listIdentities().catch(() => []);
  const own = all.filter((each) => each.kind !== 'kiosk');
  return [...own.filter(isPending), ...own.filter((each) => !isPending(each))];
}

function isPerhapsOf(identity: Identity, invitation: InspectionView): boolean {
  const { account } = identity;
  if (account.name !== invitation.name) return false;
  return isPending(identity) || account.council_name === invitation.council_name;
}

/** Made, and perhaps registered, but the answer never came. */
function isPending(identity: Identity): boolean {
  return identity.account.id === '';
}

function isPhone(): boolean {
  return platformOf(navigator.userAgent) !== 'other';
}
