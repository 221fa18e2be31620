/** The hall screen at `/hall#code`: a projector that shows what everybody in the hall may see. */
import './hall.css';

import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { requestAnonymously } from '../api/client.ts';
import { bytesOfText } from '../crypto/encodings.ts';
import { setAddressForm, t } from '../words/words.ts';
import { HallFrame } from './hall_frame.tsx';
import { HallFeed } from './hall_feed.ts';
import { forgetHallCode, takeHallCode } from './hall_link.ts';
import { sceneOf } from './hall_scene.ts';
import type { HallView } from './hall_view.ts';
import { ResultBoard, Summary } from './result_board.tsx';
import { CancelledScene, IssuingScene, SealedScene, VotingScene, WaitingScene } from './scenes.tsx';
import { keepScreenOn } from './screen_on.ts';

/** A projector that waits half a minute for an answer would not say that the network is lost. */
const TIME_LIMIT_MS = 6_000;

/** Anonymously: on the secretary's computer there is a login, which is nothing to this screen. */
async function askHall(code: string): Promise<HallView> {
  const body = bytesOfText(JSON.stringify({ code }));
  return JSON.parse(await requestAnonymously('', '/hall', body, TIME_LIMIT_MS)) as HallView;
}

export function HallScreen(): JSX.Element {
  const [code, setCode] = useState(takeHallCode);
  useEffect(() => {
    // A new link pasted into the same tab changes the fragment only: nothing is loaded again.
    const onLink = () => setCode(takeHallCode());
    addEventListener('hashchange', onLink);
    return () => removeEventListener('hashchange', onLink);
  }, []);
  if (code !== null) return <Hall key={code} code={code} />;
  return (
    <HallFrame title={t('hall.no_link')}>
      <p class="hall-sentence">{t('hall.no_link_next')}</p>
    </HallFrame>
  );
}

function Hall({ code }: { code: string }): JSX.Element {
  const [feed] = useState(() => new HallFeed({ ask: () => askHall(code), now: () => new Date() }));
  useEffect(() => {
    feed.start();
    const onSeen = () => feed.start();
    addEventListener('online', onSeen);
    document.addEventListener('visibilitychange', onSeen);
    const letScreenOff = keepScreenOn();
    return () => {
      feed.stop();
      removeEventListener('online', onSeen);
      document.removeEventListener('visibilitychange', onSeen);
      letScreenOff();
    };
  }, [feed]);
  useSignalEffect(() => {
    if (feed.picture.value !== null) setAddressForm(feed.picture.value.address_form);
    if (feed.contact.value === 'ended') forgetHallCode();
  });
  const lostAt = feed.contact.value === 'lost' ? feed.seenAt.value : undefined;
  const view = feed.picture.value;
  if (feed.contact.value === 'ended') {
    return (
      <HallFrame title={t('hall.ended')}>
        <p class="hall-sentence">{t('hall.ended_next')}</p>
      </HallFrame>
    );
  }
  if (view === null) return <HallFrame title={t('hall.connecting')} lostAt={lostAt} />;
  return <Picture view={view} lostAt={lostAt} />;
}

interface PictureProps {
  view: HallView;
  lostAt: Date | null | undefined;
}

function Picture({ view, lostAt }: PictureProps): JSX.Element {
  const scene = sceneOf(view);
  const frame = { view, lostAt };
  switch (scene) {
    case 'waiting':
      return (
        <HallFrame {...frame} title={t('hall.waiting')}>
          <WaitingScene view={view} />
        </HallFrame>
      );
    case 'issuing':
      return (
        <HallFrame {...frame} title={t('hall.issuing')}>
          <IssuingScene view={view} />
        </HallFrame>
      );
    case 'voting':
      return (
        <HallFrame {...frame} title={t('hall.voting')}>
          <VotingScene view={view} />
        </HallFrame>
      );
    case 'sealed':
    case 'counted':
      return (
        <HallFrame {...frame} title={t('hall.sealed')}>
          <SealedScene view={view} isCounted={scene === 'counted'} />
        </HallFrame>
      );
    case 'result':
      return (
        <HallFrame {...frame} title={t('hall.result')} aside={<Summary view={view} />} isBoard>
          <ResultBoard view={view} />
        </HallFrame>
      );
    case 'cancelled':
      return (
        <HallFrame {...frame} title={t('hall.cancelled')}>
          <CancelledScene view={view} />
        </HallFrame>
      );
  }
}
