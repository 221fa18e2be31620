/** The way from another app's browser to the phone's own. Needs the words of `join`. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { inAppBrowser, intentLink, platformOf } from '../device/in_app_browser.ts';
import { t } from '../words/words.ts';
import './join.css';

export function InAppScreen(): JSX.Element {
  const app = inAppBrowser(navigator.userAgent)?.app ?? null;
  const platform = platformOf(navigator.userAgent);
  return (
    <Page title={app === null ? t('in_app.title') : t('in_app.title_of', { app })}>
      <Notice kind="caution">{t('join.in_app')}</Notice>
      <ol class="stack tight">
        <li>{t('in_app.step_menu')}</li>
        <li>{t(platform === 'ios' ? 'in_app.step_safari' : 'in_app.step_browser')}</li>
        <li>{t('in_app.step_go_on')}</li>
      </ol>
      {platform === 'android' ? (
        <a class="button main full" href={intentLink(location.href)}>
          {t('in_app.open')}
        </a>
      ) : null}
      <CopyLink />
    </Page>
  );
}

type Copying = 'not_yet' | 'copied' | 'failed';

/** Where the menu has no such entry: copy, and paste it in the browser. */
function CopyLink(): JSX.Element {
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
      <p>{t('in_app.copy_explain')}</p>
      <Button full onClick={copy}>
        {t('in_app.copy')}
      </Button>
      <p role="status">{copying === 'copied' ? t('in_app.copied') : ''}</p>
      {copying === 'failed' ? <p class="selectable">{location.href}</p> : null}
    </div>
  );
}
