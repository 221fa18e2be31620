/** `/join#code`: whose invitation it is, and one button that makes this device that person's. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { readFragmentSecret, removeFragment } from '../design/route.ts';
import { inAppBrowser } from '../device/in_app_browser.ts';
import { t } from '../words/words.ts';
import { InAppScreen } from './in_app_screen.tsx';
import { Invited } from './invited.tsx';
import { look, type Phase } from './phases.ts';
import { Already, Done, Refused } from './registered.tsx';

export function JoinScreen(): JSX.Element {
  // The secret stays in the address until it was used, so that a reload goes on.
  const [code, setCode] = useState(readFragmentSecret);
  // The same link again, in a tab that has used it, is looked at anew.
  const [visit, setVisit] = useState(0);
  useEffect(() => {
    const read = () => {
      setCode(readFragmentSecret());
      setVisit((before) => before + 1);
    };
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  if (inAppBrowser(navigator.userAgent) !== null) return <InAppScreen />;
  return <Join key={visit} code={code} />;
}

function Join({ code }: { code: string | null }): JSX.Element {
  const [phase, setPhase] = useState<Phase>({ name: 'looking' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isGone = false;
    setPhase({ name: 'looking' });
    void look(code).then((next) => {
      if (!isGone) setPhase(next);
    });
    return () => {
      isGone = true;
    };
  }, [code, attempt]);
  useEffect(() => {
    if (phase.name === 'done' || phase.name === 'already') removeFragment();
  }, [phase.name]);
  switch (phase.name) {
    case 'looking':
      return (
        <Page title={t('join.title_plain')}>
          <p role="status">{t('app.loading')}</p>
        </Page>
      );
    case 'invited':
    case 'no_screen_lock':
    case 'not_me':
      return <Invited code={code ?? ''} phase={phase} setPhase={setPhase} />;
    case 'done':
      return <Done identity={phase.identity} />;
    case 'already':
      return <Already people={[phase.identity]} />;
    case 'refused':
      if (phase.others.length > 0) return <Already people={phase.others} problem={phase.problem} />;
      return <Refused problem={phase.problem} />;
    case 'failed':
      return <Failed fault={phase.fault} onRetry={() => setAttempt(attempt + 1)} />;
  }
}

function Failed({ fault, onRetry }: { fault: unknown; onRetry: () => void }): JSX.Element {
  return (
    <Page title={t('join.title_plain')}>
      <Notice kind="caution" live="alert">
        {errorText(fault)}
      </Notice>
      <Button kind="main" full onClick={onRetry}>
        {t('app.retry')}
      </Button>
    </Page>
  );
}
