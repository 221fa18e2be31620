/** `/kiosk`: the tablet at the tellers' desk for members without a phone. */
import './kiosk.css';
import '../member/member.css';

import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { QrScanner } from '../design/qr_scanner.tsx';
import { place } from '../design/route.ts';
import { holdTab, type TabHold } from '../device/one_tab.ts';
import { checkStorage, type StorageHealth } from '../device/storage_health.ts';
import { callDesk } from '../member/ballot_client.ts';
import { holderOf } from '../member/holders.ts';
import { takingFaultText } from '../member/take_view.tsx';
import { takingMeans } from '../member/taking.ts';
import { t } from '../words/words.ts';
import { KioskDesk, NoMeetingError } from './kiosk_desk.ts';
import { kioskService } from './kiosk_service.ts';
import { VoterList } from './voter_list.tsx';
import { Handing, ReceiptAndWipe, Voting } from './voting_phases.tsx';

export function KioskScreen(): JSX.Element {
  const [tab, setTab] = useState<'asking' | 'mine' | 'other'>('asking');
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let hold: TabHold | null = null;
    let isGone = false;
    void holdTab('kiosk', attempt > 0, () => {
      if (!isGone) setTab('other');
    }).then((held) => {
      hold = held;
      if (isGone) held?.release();
      else setTab(held === null ? 'other' : 'mine');
    });
    return () => {
      isGone = true;
      hold?.release();
    };
  }, [attempt]);
  if (tab === 'mine') return <KioskArea />;
  return (
    <Page title={t('kiosk.title')}>
      {tab === 'asking' ? (
        <p role="status">{t('app.loading')}</p>
      ) : (
        <Notice kind="caution" live="alert">
          <p>{t('error.other_tab')}</p>
          <Button onClick={() => setAttempt(attempt + 1)}>{t('error.other_tab_use')}</Button>
        </Notice>
      )}
    </Page>
  );
}

function KioskArea(): JSX.Element | null {
  const desk = useMemo(
    () =>
      new KioskDesk({
        service: kioskService,
        holderOf,
        take: (identity, holder) => holder.take(identity.spki, takingMeans(identity, callDesk)),
      }),
    [],
  );
  useEffect(() => void desk.start(), [desk]);
  const phase = desk.phase.value;
  switch (phase.name) {
    case 'desk':
      return <Desk desk={desk} />;
    case 'scanning':
      return <Scanning desk={desk} />;
    case 'invited': {
      const { name, council_name: council = '' } = phase.invitation;
      return (
        <Page title={t('kiosk.invited_title')}>
          <p class="large">{t('kiosk.invited', { name, council })}</p>
          <Fault desk={desk} />
          <Button
            kind="main"
            full
            busy={desk.isBusy.value}
            onClick={() => void desk.registerInvited()}
          >
            {t('kiosk.invited_yes')}
          </Button>
          <Button full onClick={() => desk.toDesk()}>
            {t('kiosk.invited_no')}
          </Button>
        </Page>
      );
    }
    case 'handing':
      return <Handing desk={desk} voter={phase.voter} holder={phase.holder} />;
    case 'voting':
      return <Voting desk={desk} voter={phase.voter} holder={phase.holder} />;
    case 'receipt':
      return <ReceiptAndWipe desk={desk} voter={phase.voter} holder={phase.holder} />;
  }
}

/** Between voters: nothing of anybody's ballot is on the screen. */
function Desk({ desk }: { desk: KioskDesk }): JSX.Element {
  const [health, setHealth] = useState<StorageHealth>('good');
  useEffect(() => void checkStorage().then(setHealth), []);
  const saying = desk.saying.value;
  const isUsable = health === 'good';
  return (
    <Page title={t('kiosk.title')}>
      <p>{t('kiosk.explain')}</p>
      {saying === null ? (
        <p role="status">{place.value === '/wiped' ? t('kiosk.said_wiped') : null}</p>
      ) : (
        <Notice kind={isGood(saying.what) ? 'done' : 'plain'} live="status">
          {saying.what === 'wiped'
            ? t('kiosk.said_wiped')
            : t(`kiosk.said_${saying.what}`, { name: saying.name })}
        </Notice>
      )}
      {isUsable ? null : (
        <Notice kind="caution" live="alert">
          {t(health === 'full' ? 'error.storage_full' : 'error.private-tab')}
        </Notice>
      )}
      <Fault desk={desk} />
      <Button
        kind="main"
        full
        busy={desk.isBusy.value || !isUsable}
        onClick={() => desk.beginScanning()}
      >
        {t('kiosk.new')}
      </Button>
      <p class="quiet">{t('kiosk.before_issuing')}</p>
      <VoterList desk={desk} />
    </Page>
  );
}

function isGood(what: string): boolean {
  return what === 'checked_in' || what === 'received' || what === 'wiped';
}

function Scanning({ desk }: { desk: KioskDesk }): JSX.Element {
  return (
    <Page title={t('kiosk.scan_title')}>
      <p>{t('kiosk.scan')}</p>
      <Fault desk={desk} />
      <QrScanner label={t('kiosk.scan_label')} onText={(text) => desk.takeInvitation(text)} />
      <Button full onClick={() => desk.toDesk()}>
        {t('app.back')}
      </Button>
    </Page>
  );
}

function Fault({ desk }: { desk: KioskDesk }): JSX.Element | null {
  const fault = desk.fault.value;
  if (fault === null) return null;
  return (
    <Notice kind="caution" live="alert">
      {fault instanceof NoMeetingError ? t('kiosk.no_meeting') : takingFaultText(fault)}
    </Notice>
  );
}
