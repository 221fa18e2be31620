/** "Che màn hình": a neighbour sits at the elbow. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { t } from '../words/words.ts';

/** A button that hides everything until the screen is tapped. */
export function CoverButton(): JSX.Element {
  const [isCovered, setCovered] = useState(false);
  return (
    <>
      <Button onClick={() => setCovered(true)}>{t('ballot.cover')}</Button>
      {isCovered ? <Cover onUncover={() => setCovered(false)} /> : null}
    </>
  );
}

function Cover({ onUncover }: { onUncover: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="cover"
      aria-label={t('ballot.covered')}
      onClick={onUncover}
      onCancel={(event) => {
        event.preventDefault();
        onUncover();
      }}
    >
      <div class="stack">
        <p class="centre large">{t('ballot.covered')}</p>
        <Button kind="main" full onClick={onUncover}>
          {t('ballot.uncover')}
        </Button>
      </div>
    </dialog>
  );
}
