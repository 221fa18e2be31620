/** The client's start: language, storage and service worker, then the area that the path names. */
import './design/theme.css';
import './design/controls.css';
import './design/print.css';

import { type ComponentType, render } from 'preact';

import { readClientHash, startServiceWorker } from './device/client_program.ts';
import { clientHash, Page } from './design/page.tsx';
import { Notice } from './design/notice.tsx';
import { type Area, language, loadWords, storedLanguage, t } from './words/words.ts';

interface AreaEntry {
  words: readonly Area[];
  load: () => Promise<ComponentType>;
}

/** The paths that the service answers with this program (services/client_files knows the same). */
const AREAS: Readonly<Record<string, AreaEntry>> = {
  '/': { words: ['member'], load: async () => (await import('./member/member_screen.tsx')).MemberScreen },
  '/join': { words: ['join'], load: async () => (await import('./join/join_screen.tsx')).JoinScreen },
  '/check': { words: ['member'], load: async () => (await import('./check/check_screen.tsx')).CheckScreen },
  '/teller': { words: ['tellers'], load: async () => (await import('./tellers/teller_screen.tsx')).TellerScreen },
  '/officer': { words: ['officer'], load: async () => (await import('./officer/officer_screen.tsx')).OfficerScreen },
  '/secretary': {
    words: ['secretary', 'officer'],
    load: async () => (await import('./secretary/secretary_screen.tsx')).SecretaryScreen,
  },
  '/hall': { words: ['hall'], load: async () => (await import('./hall/hall_screen.tsx')).HallScreen },
  '/kiosk': { words: ['kiosk', 'member'], load: async () => (await import('./kiosk/kiosk_screen.tsx')).KioskScreen },
  '/verify': { words: ['auditor'], load: async () => (await import('./auditor/auditor_screen.tsx')).AuditorScreen },
};

function root(): HTMLElement {
  const element = document.getElementById('app');
  if (element === null) throw new Error('index.html has no #app');
  return element;
}

function NotFound() {
  return (
    <Page title={t('app.not_found')}>
      <p>
        <a class="button" href="/">
          {t('app.home')}
        </a>
      </p>
    </Page>
  );
}

function isOldBrowser(): boolean {
  const has = typeof indexedDB !== 'undefined' && typeof crypto.subtle !== 'undefined';
  return !has || typeof AbortSignal.timeout !== 'function' || typeof HTMLDialogElement !== 'function';
}

function OldBrowser() {
  return (
    <Page title={t('app.name')}>
      <Notice kind="caution">{t('error.old_browser')}</Notice>
    </Page>
  );
}

async function start(): Promise<void> {
  language.value = storedLanguage();
  const path = location.pathname.replace(/\/$/, '') || '/';
  const area = AREAS[path];
  if (area === undefined || isOldBrowser()) {
    await loadWords('shared');
    render(area === undefined ? <NotFound /> : <OldBrowser />, root());
    return;
  }
  const [Screen] = await Promise.all([area.load(), loadWords('shared', ...area.words)]);
  root().replaceChildren();
  render(<Screen />, root());
  startServiceWorker();
  clientHash.value = await readClientHash();
}

void start();
