/** The frame of every screen: where one is, the content, the program's code, the language. */
import { signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { language, setLanguage, t } from '../words/words.ts';
import { Button } from './button.tsx';
import { Questions } from './dialog.tsx';

/** SHA-256 of the built client in hex (protocol.md §11), once it is known; shown in the foot. */
export const clientHash = signal<string | null>(null);

export interface PageProps {
  title: string;
  /** Council or meeting, beside the program's name. */
  where?: string;
  wide?: boolean;
  children: ComponentChildren;
}

/** The title shown last, by whatever screen; null before the first. */
let shownTitle: string | null = null;

/**
 * A whole screen. Its heading gets the focus when the title is another, so that it is heard, and
 * when the button that led here is gone and nothing has the focus.
 */
export function Page({ title, where, wide = false, children }: PageProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
    const isFirst = shownTitle === null;
    const isOther = !isFirst && shownTitle !== title;
    const isLost = !isFirst && document.activeElement === document.body;
    if (isOther || isLost) heading.current?.focus({ preventScroll: true });
    if (isOther) scrollTo(0, 0);
    shownTitle = title;
  }, [title]);
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        {t('app.skip')}
      </a>
      <header class="page-head">
        <div>
          <span class="page-name" lang="vi">
            {t('app.name')}
          </span>
          {where === undefined ? null : <div class="page-where">{where}</div>}
        </div>
        <LanguageSwitch />
      </header>
      <main id="main" class={wide ? 'page-main wide' : 'page-main'} tabIndex={-1}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
      <footer class="page-foot">
        {clientHash.value === null ? null : (
          <details>
            <summary>{t('app.program')}</summary>
            <p>
              <code>{clientHash.value}</code>
            </p>
            <p>{t('app.program_explain')}</p>
          </details>
        )}
      </footer>
      <Questions />
    </>
  );
}

/** The fragment may hold a secret or the screen's place: the link must not change it. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** Between Vietnamese and English. */
export function LanguageSwitch(): JSX.Element {
  const other = language.value === 'vi' ? 'en' : 'vi';
  return (
    <Button kind="plain" onClick={() => void setLanguage(other)}>
      <span lang={other}>{other === 'en' ? 'English' : 'Tiếng Việt'}</span>
    </Button>
  );
}
