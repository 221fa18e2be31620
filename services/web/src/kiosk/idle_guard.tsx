/** A voter who walks away from an open ballot: it asks, then drops the marks and covers it. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { t } from '../words/words.ts';
import { useCountdown } from './countdown.ts';

const IDLE_MS = 150_000;
const ANSWER_S = 30;
const TOUCHES = ['pointerdown', 'keydown', 'scroll', 'input'] as const;

/** Calls `onLeft` when nobody has touched the page for three minutes, half a minute after asking. */
export function IdleGuard({ onLeft }: { onLeft: () => void }): JSX.Element | null {
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (isAsking) return undefined;
    let timer = setTimeout(() => setAsking(true), IDLE_MS);
    const touched = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setAsking(true), IDLE_MS);
    };
    TOUCHES.forEach((name) => addEventListener(name, touched, { capture: true, passive: true }));
    return () => {
      clearTimeout(timer);
      TOUCHES.forEach((name) => removeEventListener(name, touched, { capture: true }));
    };
  }, [isAsking]);
  return isAsking ? <StillThere onStay={() => setAsking(false)} onLeft={onLeft} /> : null;
}

function StillThere(props: { onStay: () => void; onLeft: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  useCountdown(ANSWER_S, props.onLeft);
  return (
    <dialog
      ref={dialog}
      aria-label={t('kiosk.idle_title')}
      onCancel={(event) => {
        event.preventDefault();
        props.onStay();
      }}
    >
      <div class="stack">
        <h2>{t('kiosk.idle_title')}</h2>
        <p role="alert">{t('kiosk.idle', { n: ANSWER_S })}</p>
        <Button kind="main" full onClick={props.onStay}>
          {t('kiosk.idle_stay')}
        </Button>
      </div>
    </dialog>
  );
}
