/** The program itself: its hash, and the service worker that keeps it for a hall without network. */
import { ownScriptUrl } from '../trusted_urls.ts';

const MANIFEST = '/client-manifest.txt';

/**
 * SHA-256 of `client-manifest.txt`, which lists the hash of every file of the client (protocol.md
 * §11, "client_hash"); null where there is none, as in development.
 */
export async function readClientHash(): Promise<string | null> {
  try {
    const response = await fetch(MANIFEST);
    if (!response.ok) return null;
    const hash = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    return null;
  }
}

/** Register the service worker; without one (private window) all works while there is a network. */
export function startServiceWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const url = ownScriptUrl('/service_worker.js');
  navigator.serviceWorker.register(url, { updateViaCache: 'none' }).catch(() => undefined);
}
