/** The frame of the console's pages: the way back, and who acts here. */
import { signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';

import { Page } from '../design/page.tsx';
import { t } from '../words/words.ts';

/** Who is logged in at this console. */
export const secretaryName = signal('');

export interface Crumb {
  label: string;
  place: string;
}

export interface ConsolePageProps {
  title: string;
  /** Pages above this one, the start page left out. */
  above?: readonly Crumb[];
  children: ComponentChildren;
}

export function ConsolePage({ title, above, children }: ConsolePageProps): JSX.Element {
  return (
    <Page title={title} where={t('secretary.who', { name: secretaryName.value })} wide>
      {above === undefined ? null : (
        <nav class="crumbs no-print" aria-label={t('secretary.way')}>
          <a href="#/">{t('secretary.start')}</a>
          {above.map((crumb) => (
            <a key={crumb.place} href={`#${crumb.place}`}>
              {crumb.label}
            </a>
          ))}
        </nav>
      )}
      {children}
    </Page>
  );
}
