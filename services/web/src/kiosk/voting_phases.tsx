/** While a voter has the tablet: handing over, the ballot, the receipt, wiping. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { Code } from '../design/code.tsx';
import { LazyQr } from '../design/lazy_qr.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { BallotFlow } from '../member/ballot_flow.tsx';
import type { BallotHolder } from '../member/ballot_holder.ts';
import { hasReceipt } from '../member/receipt_view.tsx';
import { t } from '../words/words.ts';
import { useCountdown } from './countdown.ts';
import { IdleGuard } from './idle_guard.tsx';
import type { KioskDesk } from './kiosk_desk.ts';
import type { Voter } from './kiosk_voters.ts';

const RECEIPT_S = 60;
/** Said in steps, so that a screen reader does not count along. */
const STEP_S = 10;

interface VoterProps {
  desk: KioskDesk;
  voter: Voter;
  holder: BallotHolder;
}

export function Handing({ desk, voter }: VoterProps): JSX.Element {
  const { name } = voter.identity.account;
  return (
    <Page title={t('kiosk.hand_title', { name })} where={voter.note?.meetingTitle ?? ''}>
      <p class="large">{t('kiosk.hand', { name })}</p>
      <Notice>{t('kiosk.hand_order')}</Notice>
      <Button kind="main" full onClick={() => desk.beginVoting()}>
        {t('kiosk.hand_yes', { name })}
      </Button>
      <Button full onClick={() => desk.leaveVoting()}>
        {t('kiosk.hand_no')}
      </Button>
      <IdleGuard onLeft={() => desk.leaveVoting()} />
    </Page>
  );
}

export function Voting({ desk, voter, holder }: VoterProps): JSX.Element {
  const record = holder.record.value;
  const step = record?.step;
  const isRefused = record?.step === 'casting' && record.refusal !== undefined;
  // Its voter shows it to the tellers; then the desk goes on with the others.
  const leave = (
    <Button full onClick={() => desk.leaveVoting()}>
      {t('kiosk.to_desk')}
    </Button>
  );
  useEffect(() => {
    if (step === 'cast') desk.showReceipt();
  }, [step]);
  return (
    <>
      <BallotFlow
        holder={holder}
        where={voter.note?.meetingTitle ?? ''}
        below={isRefused ? leave : undefined}
      />
      {step === 'held' || isRefused ? <IdleGuard onLeft={() => desk.leaveVoting()} /> : null}
    </>
  );
}

export function ReceiptAndWipe({ desk, voter, holder }: VoterProps): JSX.Element {
  const record = holder.record.value;
  const wipe = async () => {
    await desk.wipe(voter);
    // A new page: nothing of this voter stays in the memory of the old one.
    if (desk.fault.value === null) startAnew();
  };
  const { left, restart } = useCountdown(RECEIPT_S, () => void wipe());
  const n = Math.ceil(left / STEP_S) * STEP_S;
  return (
    <Page title={t('cast.done')} where={t('kiosk.receipt_where')}>
      {hasReceipt(record) ? (
        <section class="card kiosk-code" aria-label={t('receipt.title')}>
          <h2>{t('receipt.title')}</h2>
          <Code name={t('code.receipt')} code={record.receiptCode} />
          <p class="quiet">{t('kiosk.receipt_explain')}</p>
          {'promise' in record ? (
            <div class="only-print">
              <LazyQr
                text={record.promise}
                label={t('app.qr_of', { what: t('kiosk.receipt_promise_label') })}
              />
              <p>{t('kiosk.receipt_promise')}</p>
            </div>
          ) : null}
        </section>
      ) : null}
      <div class="stack no-print">
        <Button full onClick={() => print()}>
          {t('kiosk.receipt_print')}
        </Button>
        <Button kind="main" full busy={desk.isBusy.value} onClick={() => void wipe()}>
          {t(desk.isBusy.value ? 'kiosk.wiping' : 'kiosk.receipt_done')}
        </Button>
        <p role="status">{t('kiosk.receipt_left', { n })}</p>
        <Button onClick={restart}>{t('kiosk.receipt_more')}</Button>
      </div>
    </Page>
  );
}

/** A fresh page at its start, which says that all was wiped. */
function startAnew(): void {
  history.replaceState(null, '', '/kiosk#/wiped');
  location.reload();
}
