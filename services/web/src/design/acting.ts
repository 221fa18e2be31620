/** One act at a time: busy while it runs, what went wrong, then anew. */
import { useState } from 'preact/hooks';

export interface Acting {
  isBusy: boolean;
  error: unknown;
  /** Run an act; a second tap while it runs does nothing. */
  run: (act: () => Promise<unknown>) => void;
}

/**
 * `after` is called after success and failure alike: a refusal mostly means that somebody else has
 * acted, and what is on the screen is old.
 */
export function useAct(after: () => void = () => undefined): Acting {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = (act: () => Promise<unknown>) => {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    act()
      .catch(setError)
      .finally(() => {
        setBusy(false);
        after();
      });
  };
  return { isBusy, error, run };
}
