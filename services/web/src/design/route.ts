/**
 * Where one is: the path names the area, `#/…` the place in it.
 *
 * `/join` and `/hall` have secrets behind `#`, which go to no server: they use no places.
 */
import { signal } from '@preact/signals';

/** The place inside the area, such as `/meetings/<id>`; `/` at its start. */
export const place = signal(readPlace());

addEventListener('hashchange', () => {
  place.value = readPlace();
});

/** Go to a place of this area; the back button returns. */
export function goTo(next: string): void {
  location.hash = next;
}

/** The secret behind `#` of a link (32 bytes, base64url); null if there is none. */
export function readFragmentSecret(): string | null {
  const secret = location.hash.slice(1);
  return /^[A-Za-z0-9_-]{43}$/.test(secret) ? secret : null;
}

/** Once it was used, a secret must stay neither in the address bar nor in the history. */
export function removeFragment(): void {
  history.replaceState(null, '', location.pathname);
}

function readPlace(): string {
  return location.hash.startsWith('#/') ? location.hash.slice(1) : '/';
}
