/** The link of this page, copied to be pasted in another browser or window. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { t } from '../words/words.ts';
import './join.css';

type Copying = 'not_yet' | 'copied' | 'failed';

export function CopyLink({ explanation }: { explanation: string }): JSX.Element {
  const [copying, setCopying] = useState<Copying>('not_yet');
  const copy = () => {
    // Old web views have no clipboard.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    (clipboard?.writeText(location.href) ?? Promise.reject(new TypeError('no clipboard'))).then(
      () => setCopying('copied'),
      () => setCopying('failed'),
    );
  };
  return (
    <div class="stack tight">
      <p>{explanation}</p>
      <Button full onClick={copy}>
        {t('in_app.copy')}
      </Button>
      <p role="status">{statusText(copying)}</p>
      {copying === 'failed' ? <p class="selectable">{location.href}</p> : null}
    </div>
  );
}

function statusText(copying: Copying): string {
  if (copying === 'not_yet') return '';
  return t(copying === 'copied' ? 'in_app.copied' : 'in_app.copy_by_hand');
}
