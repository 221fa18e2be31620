/** `/`: the member's phone, from check-in to the outcomes. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { inAppBrowser } from '../device/in_app_browser.ts';
import { holdTab, type TabHold } from '../device/one_tab.ts';
import { LoginGate } from '../login/login_gate.tsx';
import { lazyScreen } from './lazy_screen.tsx';
import { KeptBallots } from './kept_ballots.tsx';
import { MeetingScreen } from './meeting_screen.tsx';
import './member.css';
import { t } from '../words/words.ts';

const InAppScreen = lazyScreen(async () => {
  const [{ InAppScreen: Screen }] = await Promise.all([
    import('../join/in_app_screen.tsx'),
    (await import('../words/words.ts')).loadWords('join'),
  ]);
  return Screen;
});

export function MemberScreen(): JSX.Element {
  const [tab, takeOver] = useOneTab();
  const [entries, setEntries] = useState(0);
  if (inAppBrowser(navigator.userAgent) !== null) return <InAppScreen />;
  if (tab === 'asking') return <Page title={t('member.title')}>{null}</Page>;
  if (tab === 'other') return <OtherTab onTakeOver={takeOver} />;
  return (
    <LoginGate key={entries} role="member" title={t('member.title')} kept={<KeptBallots />}>
      {(person) => <MeetingScreen person={person} onLoggedOut={() => setEntries(entries + 1)} />}
    </LoginGate>
  );
}

function OtherTab({ onTakeOver }: { onTakeOver: () => void }): JSX.Element {
  return (
    <Page title={t('member.title')}>
      <Notice kind="caution" live="alert">
        {t('error.other_tab')}
      </Notice>
      <Button kind="main" full onClick={onTakeOver}>
        {t('error.other_tab_use')}
      </Button>
    </Page>
  );
}

type Tab = 'asking' | 'mine' | 'other';

/** Two tabs would race for one ballot: one acts, the other says so and can take over. */
function useOneTab(): [Tab, () => void] {
  const [tab, setTab] = useState<Tab>('asking');
  const [isStolen, setStolen] = useState(false);
  useEffect(() => {
    let hold: TabHold | null = null;
    let isGone = false;
    void holdTab('member', isStolen, () => {
      if (!isGone) setTab('other');
    }).then((got) => {
      hold = got;
      if (isGone) got?.release();
      else setTab(got === null ? 'other' : 'mine');
    });
    return () => {
      isGone = true;
      hold?.release();
    };
  }, [isStolen]);
  const takeOver = () => {
    // A tab that has lost its place and takes it again starts from what is stored.
    if (isStolen) location.reload();
    else setStolen(true);
  };
  return [tab, takeOver];
}
