/**
 * The sealed ballot with its receipt code, and the choice: into the box, or thrown away as a test
 * (protocol.md §6). The code is shown before the choice, so that the phone cannot know which it is.
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import { Button } from '../design/button.tsx';
import { Code } from '../design/code.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { LazyQr } from '../design/lazy_qr.tsx';
import { t } from '../words/words.ts';
import type { OpenedTest, Receipt } from './ballot_desk.ts';
import type { BallotHolder } from './ballot_holder.ts';
import { CoverButton } from './cover.tsx';
import { testToText } from './test_code.ts';

type Sealing =
  | { name: 'sealing'; done: number; total: number }
  | { name: 'sealed'; receipt: Receipt }
  | { name: 'failed' };

export interface CastingChoiceProps {
  holder: BallotHolder;
  where: string;
  onChange: () => void;
  /** Resolves when the ballot is cast, or when it could not be stored. */
  onCast: (receipt: Receipt) => Promise<void>;
  onTest: (test: OpenedTest, receipt: Receipt) => void;
}

export function CastingChoice(props: CastingChoiceProps): JSX.Element {
  const { holder, where } = props;
  const [attempt, setAttempt] = useState(0);
  const sealing = useSealing(holder, attempt);
  return (
    <Page title={t('cast.title')} where={where}>
      {sealing.name === 'sealing' ? <Progress {...sealing} /> : null}
      {sealing.name === 'sealed' ? (
        <Sealed {...props} receipt={sealing.receipt} onAgain={() => setAttempt(attempt + 1)} />
      ) : null}
      {sealing.name === 'failed' ? (
        <Notice kind="caution" live="alert">
          <p>{t('cast.sealing_failed')}</p>
          <Button onClick={() => setAttempt(attempt + 1)}>{t('app.retry')}</Button>
        </Notice>
      ) : null}
    </Page>
  );
}

/** Encrypts when the screen appears; what is not cast by the time it goes is forgotten. */
function useSealing(holder: BallotHolder, attempt: number): Sealing {
  const [sealing, setSealing] = useState<Sealing>({ name: 'sealing', done: 0, total: 1 });
  useEffect(() => {
    let isShown = true;
    const show = (next: Sealing) => {
      if (isShown) setSealing(next);
    };
    show({ name: 'sealing', done: 0, total: 1 });
    holder
      .prepare((done, total) => show({ name: 'sealing', done, total }))
      .then(
        (receipt) => show({ name: 'sealed', receipt }),
        () => show({ name: 'failed' }),
      );
    return () => {
      isShown = false;
      holder.discard().catch(() => undefined); // a worker that has ended holds nothing
    };
  }, [holder, attempt]);
  return sealing;
}

function Progress({ done, total }: { done: number; total: number }): JSX.Element {
  return (
    <div class="stack tight">
      <p role="status">{t('cast.sealing')}</p>
      <progress value={done} max={total} aria-label={t('cast.sealing')} />
    </div>
  );
}

interface SealedProps extends CastingChoiceProps {
  receipt: Receipt;
  onAgain: () => void;
}

function Sealed(props: SealedProps): JSX.Element {
  const { holder, receipt, onCast, onChange, onAgain } = props;
  // The worker gives a ballot away once: where storing it has failed, the next try makes another.
  const [isSpent, setSpent] = useState(false);
  const fault = holder.fault.value;
  const cast = () => {
    void onCast(receipt).then(() => {
      const isStored = holder.isBusy.value || holder.record.value?.step !== 'held';
      if (!isStored) setSpent(true);
    });
  };
  return (
    <>
      <p class="large" role="status">
        {t('cast.sealed')}
      </p>
      <div class="card">
        <Code name={t('code.receipt')} code={receipt.receiptCode} />
        <p class="quiet">{t('receipt.before')}</p>
      </div>
      {fault === null ? null : (
        <Notice kind="caution" live="alert">
          {errorText(fault)}
        </Notice>
      )}
      <p>{t('review.final')}</p>
      <div class="stack tight">
        <Button kind="main" full busy={holder.isBusy.value} onClick={isSpent ? onAgain : cast}>
          {t(isSpent ? 'app.retry' : 'cast.button')}
        </Button>
        <Button full onClick={onChange}>
          {t('review.change')}
        </Button>
        <CoverButton />
      </div>
      {isSpent ? null : <TestEntry {...props} />}
    </>
  );
}

function TestEntry({ holder, receipt, onTest }: CastingChoiceProps & { receipt: Receipt }) {
  const [isFailed, setFailed] = useState(false);
  const open = () => {
    holder.openTest().then(
      (test) => onTest(test, receipt),
      () => setFailed(true),
    );
  };
  return (
    <details>
      <summary>{t('cast.other')}</summary>
      <div class="stack">
        <p>{t('challenge.explain')}</p>
        <p>{t('challenge.shown')}</p>
        <Button onClick={open}>{t('challenge.entry')}</Button>
        {isFailed ? (
          <Notice kind="caution" live="alert">
            {t('cast.sealing_failed')}
          </Notice>
        ) : null}
      </div>
    </details>
  );
}

/** A throw-away ballot: its QR, and the code that the second device must show, too. */
export function TestBallot(props: {
  test: OpenedTest;
  receipt: Receipt;
  where: string;
  onDone: () => void;
}): JSX.Element {
  const text = testToText(props.test);
  return (
    <Page title={t('challenge.title')} where={props.where}>
      <p>{t('challenge.how', { address: `${location.host}/check` })}</p>
      <div class="card qr-large">
        <LazyQr text={text} label={t('app.qr_of', { what: t('challenge.qr') })} />
        <Code name={t('code.receipt')} code={props.receipt.receiptCode} />
      </div>
      <p>{t('challenge.differs')}</p>
      <Button kind="main" full onClick={props.onDone}>
        {t('challenge.done')}
      </Button>
      <details>
        <summary>{t('challenge.copy')}</summary>
        <p class="copied-text">{text}</p>
      </details>
    </Page>
  );
}
