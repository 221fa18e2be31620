/** The program itself: its hash, and the service worker that keeps it for a hall without network. */
import { ownScriptUrl } from '../trusted_urls.ts';

const MANIFEST = '/client-manifest.txt';
const LONGEST_RENEWAL_MS = 15_000;

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

/**
 * Load the page again with the newest program that the service has. A plain reload would get the
 * old one again: a new one waits until no page of the old one is open (src/service_worker.ts).
 */
export async function renewProgram(): Promise<void> {
  const workers = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
  const registration = await workers?.getRegistration().catch(() => undefined);
  await registration?.update().catch(() => undefined);
  const next = registration?.installing ?? registration?.waiting ?? null;
  if (next !== null) await takenOver(next);
  location.reload();
}

/** Resolves when the new program's worker has taken over, has failed, or takes too long. */
function takenOver(next: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (next.state === 'installed') next.postMessage('take-over');
      if (next.state === 'activated' || next.state === 'redundant') resolve();
    };
    next.addEventListener('statechange', look);
    setTimeout(resolve, LONGEST_RENEWAL_MS);
    look();
  });
}
