/** How far a verification is. */
import type { JSX } from 'preact';

import { Button } from '../design/button.tsx';
import { t } from '../words/words.ts';
import type { Progress } from './verification.ts';

export interface RunningViewProps {
  progress: Progress | null;
  onStop: () => void;
}

export function RunningView({ progress, onStop }: RunningViewProps): JSX.Element {
  return (
    <section class="card">
      <p role="status">{t('verify.running_explain')}</p>
      <p class="large">{progressText(progress)}</p>
      {progress === null ? (
        <progress aria-label={t('verify.running')} />
      ) : (
        <progress
          aria-label={t('verify.running')}
          max={Math.max(1, progress.total)}
          value={progress.done}
        />
      )}
      <Button onClick={onStop}>{t('verify.stop')}</Button>
    </section>
  );
}

function progressText(progress: Progress | null): string {
  if (progress === null || progress.phase === 'reading') return t('verify.reading');
  const { done, total, phase } = progress;
  return t(`verify.running_${phase}`, { done, total });
}
