/** Whose keys are on this device, and which of them acts now. */
import type { AccountView } from '../api/types.ts';
import { database, type Identity, writeDurably } from './database.ts';

/** All identities of this device, in no order that tells anything. */
export async function listIdentities(): Promise<Identity[]> {
  return (await database()).getAll('identities');
}

export async function readIdentity(fingerprint: string): Promise<Identity | undefined> {
  return (await database()).get('identities', fingerprint);
}

export async function keepIdentity(identity: Identity): Promise<void> {
  await writeDurably('identities', (access) => access.put(identity));
}

/** Erase a key: a kiosk's after its voter, or one whose person has another device now. */
export async function forgetIdentity(fingerprint: string): Promise<void> {
  await writeDurably('identities', (access) => access.delete(fingerprint));
}

/** What the service says of the account now (name, roles); the key stays. */
export async function renewAccount(identity: Identity, account: AccountView): Promise<Identity> {
  const renewed = { ...identity, account };
  await keepIdentity(renewed);
  return renewed;
}
