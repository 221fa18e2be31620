/** Enrolment and login with this device's keys (protocol.md §4, §11). */
import { isLoginRequired, ProblemError, request } from '../api/client.ts';
import type { AccountView } from '../api/types.ts';
import { loginMessage } from '../crypto/device_messages.ts';
import type { Identity } from './database.ts';
import { type NewKey, signMessage } from './device_key.ts';
import { keepIdentity, renewAccount } from './identities.ts';
import { serviceSettings } from './service_settings.ts';

/** Somebody else's link, an old one, a key that the service does not know any more. */
export function isForgotten(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401 && !isLoginRequired(error);
}

/**
 * Make a new key the invitation's person's, and keep it. Throws ProblemError, UnreachableError.
 *
 * The key is kept before the request leaves: the same code with the same key again gives the same
 * answer, so an answer that was lost on the way loses nothing (`enrolKept`). Logging in is left to
 * the page that comes next.
 */
export async function enrol(code: string, key: NewKey, invited: string): Promise<Identity> {
  const pending: Identity = { ...key, account: { id: '', name: invited, roles: [] } };
  await keepIdentity(pending);
  return enrolKept(code, pending);
}

/** The same with a key that this device has kept; nothing changes when the service refuses it. */
export async function enrolKept(code: string, identity: Identity): Promise<Identity> {
  const { spki, kind } = identity;
  const account = await request<AccountView>('POST', '/enrolments', { code, spki, kind });
  return renewAccount(identity, account);
}

/** Sign a nonce of the service; the login is a cookie that no script reads. */
export async function logIn(identity: Identity): Promise<Identity> {
  const { nonce } = await request<{ nonce: string }>('POST', '/login/nonces');
  const { rp_id } = await serviceSettings();
  const origin = location.origin;
  const signed = await signMessage(identity, rp_id, loginMessage(origin, bytesOfHex(nonce)));
  const account = await request<AccountView>('POST', '/login', {
    nonce,
    fingerprint: identity.fingerprint,
    origin,
    ...signed,
  });
  return renewAccount(identity, account);
}

/** Who is logged in on this browser; null when nobody is. */
export async function currentAccount(): Promise<AccountView | null> {
  try {
    return await request<AccountView>('GET', '/me');
  } catch (error) {
    if (isLoginRequired(error)) return null;
    throw error;
  }
}

export async function logOut(): Promise<void> {
  await request('POST', '/logout');
}

function bytesOfHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
