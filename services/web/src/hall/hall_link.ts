/**
 * The hall link's code: taken out of the address bar, kept for this tab.
 *
 * A projector shows the address bar too. A guest who has taken a picture of it and is then asked
 * to leave would read the announced result outside; so the code stands there for no longer than
 * it takes to read it (protocol.md §12).
 */
import { readFragmentSecret, removeFragment } from '../design/route.ts';

const KEY = 'phieukin.hall';

/** The code of the link, or the one this tab had before it was loaded again; null for none. */
export function takeHallCode(): string | null {
  const given = readFragmentSecret();
  try {
    if (given === null) return sessionStorage.getItem(KEY);
    sessionStorage.setItem(KEY, given);
    removeFragment();
  } catch {
    // Storage is switched off: the code must stay in the address, or loading again would lose it.
  }
  return given;
}

/** The link is dead: forget it. */
export function forgetHallCode(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
