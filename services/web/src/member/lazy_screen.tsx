/** A screen that few see is loaded when it is needed. */
import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Page } from '../design/page.tsx';
import { t } from '../words/words.ts';

/** Draws what `load` resolves to; "opening" until then. */
export function lazyScreen(load: () => Promise<ComponentType>): () => JSX.Element {
  return function Lazy(): JSX.Element {
    const [Screen, setScreen] = useState<ComponentType | null>(null);
    useEffect(() => {
      load().then(
        (loaded) => setScreen(() => loaded),
        () => undefined, // offline: the page stays as it is
      );
    }, []);
    if (Screen !== null) return <Screen />;
    return (
      <Page title={t('app.name')}>
        <p role="status">{t('app.loading')}</p>
      </Page>
    );
  };
}
