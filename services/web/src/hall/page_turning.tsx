/** Pages of the hall screen turn by themselves; buttons, keys and presenters turn them too. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { t } from '../words/words.ts';

/** Enough to read some twelve lines. */
const PAGE_MS = 15_000;
/** Presenters that one holds in the hand send the page keys. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  PageUp: -1,
  ArrowRight: 1,
  PageDown: 1,
};

export interface PageTurning {
  /** From 0. */
  readonly page: number;
  readonly isTurning: boolean;
  /** Turn by hand; from then on no page turns by itself. */
  readonly turn: (step: number) => void;
  readonly setTurning: (isTurning: boolean) => void;
}

/** The page that is shown of `pages`; after the last comes the first. */
export function usePageTurning(pages: number): PageTurning {
  const [turned, setPage] = useState(0);
  const [isTurning, setTurning] = useState(true);
  const page = turned % Math.max(pages, 1);
  const turn = (step: number) => {
    setTurning(false);
    setPage((page + step + pages) % pages);
  };
  useEffect(() => {
    if (pages < 2) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      turn(step);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [pages, page]);
  useEffect(() => {
    if (!isTurning || pages < 2) return undefined;
    const timer = setTimeout(() => setPage((page + 1) % pages), PAGE_MS);
    return () => clearTimeout(timer);
  }, [isTurning, pages, page]);
  return { page, isTurning, turn, setTurning };
}

/** Where one is among the pages, and the means to turn them and to stop the turning. */
export function PageButtons(props: PageTurning & { pages: number }): JSX.Element {
  const { page, pages, isTurning, turn, setTurning } = props;
  return (
    <div class="hall-page-buttons">
      <strong class="nowrap">{t('hall.page_of', { page: page + 1, pages })}</strong>
      <Button kind="plain" onClick={() => turn(-1)}>
        {t('hall.page_before')}
      </Button>
      <Button kind="plain" onClick={() => turn(1)}>
        {t('hall.page_after')}
      </Button>
      <Button kind="plain" onClick={() => setTurning(!isTurning)}>
        {t(isTurning ? 'hall.page_stop' : 'hall.page_go')}
      </Button>
    </div>
  );
}
