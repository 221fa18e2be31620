/** One act at a time: busy while it runs, what went wrong in the service's words, then anew. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import { Notice } from '../design/notice.tsx';
import { NotTouchedError } from '../device/device_key.ts';
import { t } from '../words/words.ts';

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

/** What went wrong last, heard at once; nothing when all went well. */
export function ActError({ error }: { error: unknown }): JSX.Element | null {
  if (error === null || error === undefined) return null;
  const text = error instanceof NotTouchedError ? t('secretary.not_touched') : errorText(error);
  return (
    <Notice kind="caution" live="alert">
      {text}
    </Notice>
  );
}
