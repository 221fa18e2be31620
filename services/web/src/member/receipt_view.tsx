/** The receipt of a cast ballot, and what came of the comparison with the sealed box. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { ProblemError, UnreachableError } from '../api/client.ts';
import { Button } from '../design/button.tsx';
import { Code } from '../design/code.tsx';
import { Notice } from '../design/notice.tsx';
import { LazyQr } from '../design/lazy_qr.tsx';
import { saveFile } from '../design/save_file.ts';
import { t } from '../words/words.ts';
import type {
  BallotRecord,
  IncludedBallot,
  MissingBallot,
  WithdrawnBallot,
} from './ballot_custody.ts';
import type { BallotHolder } from './ballot_holder.ts';

/** A record that has a receipt. */
export type ReceiptRecord = Extract<BallotRecord, { receiptCode: string }>;

/** Whether there is a receipt to show. */
export function hasReceipt(record: BallotRecord | null | undefined): record is ReceiptRecord {
  return record !== null && record !== undefined && 'receiptCode' in record;
}

/** The code; its QR only after a tap, nothing to share. */
export function ReceiptCard({ record }: { record: ReceiptRecord }): JSX.Element {
  return (
    <section class="card" aria-label={t('receipt.title')}>
      <h2>{t('receipt.title')}</h2>
      <Code
        name={t('code.receipt')}
        code={record.receiptCode}
        value={record.receipt}
        qr="tap"
      />
      <p class="quiet">{t('receipt.explain')}</p>
      {record.step === 'included' ? <Download record={record} /> : null}
    </section>
  );
}

function Download({ record }: { record: IncludedBallot }): JSX.Element {
  return (
    <div class="stack tight">
      <Button onClick={() => saveReceipt(record)}>
        {t('receipt.download')}
      </Button>
      <p class="quiet">{t('receipt.download_explain')}</p>
    </div>
  );
}

function saveReceipt({ tracker, file }: IncludedBallot): void {
  saveFile(`${tracker}.json`, new TextEncoder().encode(file), 'application/json');
}

/** The ballot is being looked for; troubles are said, and it goes on. */
export function Comparing({ holder }: { holder: BallotHolder }): JSX.Element {
  const fault = holder.fault.value;
  return (
    <>
      <p role="status">{t('receipt.comparing')}</p>
      {fault === null ? null : (
        <Notice kind="caution" live="status">
          {isNoAnswer(fault) ? t('receipt.compare_trouble') : t('receipt.seal_trouble')}
        </Notice>
      )}
    </>
  );
}

function isNoAnswer(fault: unknown): boolean {
  return fault instanceof UnreachableError || fault instanceof ProblemError;
}

const CLAIM_WORDS = {
  due: 'receipt.claim_due',
  entered: 'receipt.claim_entered',
  refused: 'receipt.claim_refused',
} as const;

/** What to do now: the promise goes to the head teller before the box is opened. */
export function Missing({ record }: { record: MissingBallot }): JSX.Element {
  return (
    <>
      <Notice kind="caution" live="alert">
        <p>
          <strong>{t('receipt.missing')}</strong>
        </p>
        <p>{t(CLAIM_WORDS[record.claim])}</p>
      </Notice>
      <Promised promise={record.promise} />
    </>
  );
}

/** The election goes on, and this phone has been told that it was cancelled. */
export function Withdrawn({ record }: { record: WithdrawnBallot }): JSX.Element {
  return (
    <>
      <Notice kind="caution" live="alert">
        {t('cancelled.goes_on')}
      </Notice>
      <Promised promise={record.promise} />
    </>
  );
}

/** The promise of the box, for a teller to scan; only after a tap. */
function Promised({ promise }: { promise: string }): JSX.Element {
  const [isShown, setShown] = useState(false);
  return (
    <>
      <Button kind="main" full pressed={isShown} onClick={() => setShown(!isShown)}>
        {t('receipt.promise_show')}
      </Button>
      {isShown ? (
        <div class="card qr-large">
          <LazyQr
            text={promise}
            label={t('app.qr_of', { what: t('receipt.promise_label') })}
          />
          <p>{t('receipt.promise_explain')}</p>
        </div>
      ) : null}
    </>
  );
}
