/** What a page needs from the service before it can be drawn. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { t } from '../words/words.ts';
import { ActError } from './act.tsx';

export interface Loaded<Value> {
  value: Value | null;
  error: unknown;
  /** Fetch again; the old value stays until the new one is there. */
  reload: () => void;
  /** Show what an act has answered. */
  replace: (value: Value) => void;
}

/** Fetch once for each `key`; with `pollMs` again and again, since others act meanwhile. */
export function useLoaded<Value>(
  key: string,
  load: () => Promise<Value>,
  pollMs?: number,
): Loaded<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    load().then(
      (found) => {
        if (!isCurrent) return;
        setError(null);
        setValue(found);
      },
      (failure: unknown) => (isCurrent ? setError(failure) : undefined),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, attempt]);
  useEffect(() => {
    if (pollMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setAttempt((before) => before + 1);
    }, pollMs);
    return () => clearInterval(timer);
  }, [pollMs]);
  return { value, error, reload: () => setAttempt((before) => before + 1), replace: setValue };
}

type Unready = Pick<Loaded<unknown>, 'error' | 'reload'>;

/** In the place of what is not there yet. */
export function Waiting({ loaded }: { loaded: Unready }): JSX.Element {
  if (loaded.error === null) return <p role="status">{t('app.loading')}</p>;
  return (
    <div class="stack">
      <ActError error={loaded.error} />
      <Button onClick={loaded.reload}>{t('app.retry')}</Button>
    </div>
  );
}
