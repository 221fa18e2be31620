/** The frame of the hall screen: whose meeting it is, where it stands, whether it is up to date. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { LanguageSwitch } from '../design/page.tsx';
import { t } from '../words/words.ts';
import { clockText } from './hall_scene.ts';
import type { HallView } from './hall_view.ts';

export interface HallFrameProps {
  /** Where the meeting stands, in capitals as words.md has it. */
  title: string;
  view?: HallView;
  /** Since when there is no network; null when there never was an answer. */
  lostAt?: Date | null | undefined;
  /** Said beside the title. */
  aside?: ComponentChildren;
  /** The content takes the rest of the window and no more, where the window is large. */
  isBoard?: boolean;
  children?: ComponentChildren;
}

/** A whole screen of the hall. */
export function HallFrame(props: HallFrameProps): JSX.Element {
  const { title, view, lostAt, aside, isBoard = false, children } = props;
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title]);
  return (
    <div class={isBoard ? 'hall board' : 'hall'}>
      <header class="hall-head">
        <div>
          <div class="hall-council">{view?.council_name ?? t('app.name')}</div>
          <div class="hall-meeting">{view?.meeting_title ?? t('hall.screen')}</div>
        </div>
        <div class="hall-controls">
          <FullScreenButton />
          <LanguageSwitch />
        </div>
      </header>
      <main class="hall-main">
        <div class="hall-state">
          <h1 aria-live="polite">{title}</h1>
          <BallotNumber view={view} />
          {aside === undefined ? null : <p>{aside}</p>}
        </div>
        {children}
      </main>
      <div class="hall-contact" role="status">
        {lostAt === undefined ? null : (
          <p class="hall-lost">
            <span aria-hidden="true">! </span>
            {lostAt === null
              ? t('hall.lost_at_once')
              : t('hall.lost', { time: clockText(lostAt) })}
          </p>
        )}
      </div>
    </div>
  );
}

/** Of a second ballot it must be clear that it is one. */
function BallotNumber({ view }: { view: HallView | undefined }): JSX.Element | null {
  if (view === undefined || view.ballot_number < 2) return null;
  return (
    <p class="hall-ballot-number">
      {t('hall.second', { n: view.ballot_number })} · {t('hall.cases', { n: view.nominations })}
    </p>
  );
}

function FullScreenButton(): JSX.Element | null {
  const [isFull, setFull] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const onChange = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, []);
  if (isFull || !document.fullscreenEnabled) return null;
  return (
    <Button
      kind="plain"
      onClick={() => {
        // A browser that refuses leaves the window as it is, and the button where it was.
        document.documentElement.requestFullscreen().catch(() => undefined);
      }}
    >
      {t('hall.full_screen')}
    </Button>
  );
}
