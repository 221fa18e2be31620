/** From the sealed box to this teller's part of the sum. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { Code } from '../design/code.tsx';
import { Notice } from '../design/notice.tsx';
import { QrScanner } from '../design/qr_scanner.tsx';
import { t } from '../words/words.ts';
import type { StageProps } from './counting_view.tsx';
import { stopText } from './teller_errors.ts';

export function CheckWindow({ desk }: StageProps): JSX.Element {
  // Said in steps of ten: a screen reader must not count along.
  const n = Math.max(10, Math.ceil(desk.windowLeftS.value / 10) * 10);
  return (
    <p class="large" role="status">
      {t('seal.window', { n })}
    </p>
  );
}

export function CheckBox({ desk }: StageProps): JSX.Element {
  return (
    <div class="stack">
      <p>{t('seal.check_explain')}</p>
      <Button kind="main" full busy={desk.isBusy.value} onClick={() => void desk.checkBoard()}>
        {t('seal.check_button')}
      </Button>
    </div>
  );
}

export function CheckingBox({ desk }: StageProps): JSX.Element {
  const progress = desk.progress.value;
  const isBallots = progress !== null && progress.phase === 'ballots' && progress.total > 0;
  return (
    <div class="stack">
      <progress
        aria-label={t('seal.checking')}
        {...(progress !== null && progress.total > 0
          ? { value: progress.done, max: progress.total }
          : {})}
      />
      <p class="large">
        {isBallots
          ? t('seal.checking_ballots', { n: progress.done, m: progress.total })
          : t('seal.checking_rest')}
      </p>
    </div>
  );
}

/** The seal code, by reading or by scanning the hall's. */
export function CompareSeal({ desk }: StageProps): JSX.Element {
  const [scan, setScan] = useState<'seal' | 'promise' | null>(null);
  const code = desk.sealCode.value;
  const ballots = desk.checkedBallots.value;
  const scanned = desk.scanned.value;
  return (
    <div class="stack">
      {ballots === null ? null : (
        <Notice kind="done" live="status">
          {t('seal.checked', { n: ballots })}
        </Notice>
      )}
      {code === null ? null : (
        <div class="card seal-card">
          <Code name={t('code.seal')} code={code} />
        </div>
      )}
      <p class="large" id="seal-question">
        {t('seal.compare')}
      </p>
      <div class="pair" role="group" aria-labelledby="seal-question">
        <Button full onClick={() => desk.sealAgrees()}>
          {t('seal.same')}
        </Button>
        <Button full onClick={() => desk.sealDiffers()}>
          {t('seal.different')}
        </Button>
      </div>
      {scan === 'seal' ? (
        <QrScanner label={t('seal.scan_label')} onText={(text) => desk.takeScan(text)} />
      ) : (
        <Button onClick={() => setScan('seal')}>{t('seal.scan')}</Button>
      )}
      <details>
        <summary>{t('seal.promise')}</summary>
        <div class="stack">
          <p>{t('seal.promise_explain')}</p>
          {scan === 'promise' ? (
            <QrScanner
              label={t('seal.promise_label')}
              onText={(text) => {
                const isTaken = desk.takeScan(text);
                if (isTaken) setScan(null);
                return isTaken;
              }}
            />
          ) : (
            <Button onClick={() => setScan('promise')}>{t('seal.promise_scan')}</Button>
          )}
          {scanned === null || scanned === 'missing' ? null : (
            <Notice kind={scanned === 'on_board' ? 'done' : 'caution'} live="alert">
              {t(scanned === 'on_board' ? 'seal.promise_there' : 'seal.promise_other')}
            </Notice>
          )}
        </div>
      </details>
    </div>
  );
}

export function OpenBox({ desk }: StageProps): JSX.Element {
  return (
    <div class="stack">
      <Notice kind="done" live="status">
        {t('seal.agreed')}
      </Notice>
      <Button kind="main" full busy={desk.isBusy.value} onClick={() => void desk.open()}>
        {t('tally.open')}
      </Button>
    </div>
  );
}

export function OpeningBox({ desk }: StageProps): JSX.Element {
  const progress = desk.progress.value;
  return (
    <div class="stack">
      <progress
        aria-label={t('seal.agreed_title')}
        {...(progress === null ? {} : { value: progress.done, max: progress.total })}
      />
      <p class="large" role="status">
        {t('tally.opening')}
      </p>
    </div>
  );
}

export function SentBox({ desk }: StageProps): JSX.Element {
  const ceremony = desk.ceremony.value;
  return (
    <Notice kind="done" live="status">
      {t('tally.sent', {
        k: ceremony?.trustee_threshold ?? 0,
        t: ceremony?.trustees.length ?? 0,
      })}
    </Notice>
  );
}

/** Nothing is opened: why, and what to do. */
export function Stopped({ desk }: StageProps): JSX.Element | null {
  const stop = desk.stop.value;
  if (stop === null) return null;
  const nameOf = (trustee: number) =>
    desk.ceremony.value?.trustees.find((each) => each.index === trustee)?.name ?? String(trustee);
  return (
    <div class="stack">
      <Notice kind="caution" live="alert">
        <p class="large">{stopText(stop, nameOf)}</p>
      </Notice>
      <details>
        <summary>{t('seal.stop_detail')}</summary>
        <p>
          <code lang="en">{`${stop.reason}: ${stop.detail}`}</code>
        </p>
      </details>
      <Button full onClick={() => void desk.retry()}>
        {t('seal.retry')}
      </Button>
    </div>
  );
}
