/** One tab at a time acts for a person: two would race for one token. */

/** Held until the page goes; `lost` is called when another tab takes over at its user's wish. */
export interface TabHold {
  release: () => void;
}

/**
 * Be the one tab for `name`, or say that another is; with `steal` take it over from that one.
 *
 * Without Web Locks (old browsers) every tab may act: the box and the registrar still give one
 * answer to the same request and refuse another.
 */
export async function holdTab(
  name: string,
  steal: boolean,
  lost: () => void,
): Promise<TabHold | null> {
  if (typeof navigator.locks === 'undefined') return { release: () => undefined };
  return new Promise((resolve) => {
    const options: LockOptions = steal ? { steal: true } : { ifAvailable: true };
    navigator.locks
      .request(`phieukin.${name}`, options, (lock) => {
        if (lock === null) {
          resolve(null);
          return undefined;
        }
        return new Promise<void>((release) => resolve({ release }));
      })
      .catch(lost); // another tab has stolen it
  });
}
