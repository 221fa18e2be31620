/** What went wrong with an act at the console, in the service's words. */
import type { JSX } from 'preact';

import { errorText } from '../api/error_text.ts';
import { Notice } from '../design/notice.tsx';
import { NotTouchedError } from '../device/device_key.ts';
import { t } from '../words/words.ts';

export { type Acting, useAct } from '../design/acting.ts';

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
