/** The way from another app's browser to the phone's own. Needs the words of `join`. */
import type { JSX } from 'preact';

import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { inAppBrowser, intentLink, platformOf } from '../device/in_app_browser.ts';
import { t } from '../words/words.ts';
import { CopyLink } from './copy_link.tsx';

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
      <CopyLink explanation={t('in_app.copy_explain')} />
    </Page>
  );
}
