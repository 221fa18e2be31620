/** Whether this browser can keep a ballot at all, found out before anything depends on it. */
import { database } from './database.ts';

/** `ephemeral`: a private window, which forgets everything when it closes. */
export type StorageHealth = 'good' | 'ephemeral' | 'full' | 'none';

/** Private windows get a small part of the disk; ordinary ones far more (Chromium, Firefox, WebKit). */
const LEAST_QUOTA_BYTES = 200 * 1024 * 1024;
/** A ballot of 200 nominations in BELENIOS-2048 with its token, twice over. */
const NEEDED_BYTES = 4 * 1024 * 1024;

/** Try to write, ask for lasting storage, and look at the quota. */
export async function checkStorage(): Promise<StorageHealth> {
  if (typeof indexedDB === 'undefined' || typeof navigator.storage === 'undefined') return 'none';
  try {
    const made = await database();
    await made.put('settings', true, 'storage-probe');
    await made.delete('settings', 'storage-probe');
  } catch (error) {
    return isQuota(error) ? 'full' : 'none';
  }
  await navigator.storage.persist?.().catch(() => false);
  const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
  if (quota - usage < NEEDED_BYTES) return 'full';
  return quota < LEAST_QUOTA_BYTES ? 'ephemeral' : 'good';
}

/** Whether an error says that the disk, or our part of it, is full. */
export function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}
