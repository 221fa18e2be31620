/** Taking the ballot: by itself with a device key, with one touch of a passkey (protocol.md §4). */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { ProblemError } from '../api/client.ts';
import { errorText } from '../api/error_text.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import type { Identity } from '../device/database.ts';
import { NotTouchedError } from '../device/device_key.ts';
import { checkStorage, type StorageHealth } from '../device/storage_health.ts';
import { t } from '../words/words.ts';
import { callDesk, RefusedError } from './ballot_client.ts';
import type { BallotHolder } from './ballot_holder.ts';
import { takingMeans } from './taking.ts';

const RETRY_MS = 4_000;

export interface TakeProps {
  identity: Identity;
  holder: BallotHolder;
  isLate: boolean;
  /** The service has refused because a ballot was taken elsewhere: ask it again. */
  onRefused: () => void;
}

export function TakeBallot({ identity, holder, isLate, onRefused }: TakeProps): JSX.Element {
  const health = useStorageHealth();
  const { isByItself, take } = useTaking(identity, holder, health, onRefused);
  const fault = holder.fault.value;
  const isBusy = holder.isBusy.value;
  if (health !== null && health !== 'good') return <NoStorage health={health} />;
  return (
    <>
      {isLate ? <Notice>{t('take.late')}</Notice> : <p>{t('take.explain')}</p>}
      <p role="status">{isBusy ? t('take.checking') : ''}</p>
      {fault === null ? null : (
        <Notice kind="caution" live="alert">
          {takingFaultText(fault)}
        </Notice>
      )}
      {isByItself && fault === null ? null : (
        <>
          {identity.kind === 'passkey' ? <p class="quiet">{t('checkin.touch')}</p> : null}
          <Button kind="main" full busy={isBusy || health === null} onClick={take}>
            {t('ballot.take')}
          </Button>
        </>
      )}
    </>
  );
}

/** A private window forgets the ballot, a full one cannot keep it: no token is asked for. */
function NoStorage({ health }: { health: Exclude<StorageHealth, 'good'> }): JSX.Element {
  return (
    <Notice kind="caution" live="alert">
      {t(health === 'full' ? 'error.storage_full' : 'error.private-tab')}
    </Notice>
  );
}

function useStorageHealth(): StorageHealth | null {
  const [health, setHealth] = useState<StorageHealth | null>(null);
  useEffect(() => {
    checkStorage().then(setHealth, () => setHealth('none'));
  }, []);
  return health;
}

/** Whether no tap is needed, and how to take the ballot. A lost answer is asked for again. */
function useTaking(
  identity: Identity,
  holder: BallotHolder,
  health: StorageHealth | null,
  onRefused: () => void,
): { isByItself: boolean; take: () => void } {
  const record = holder.record.value;
  const isSigned = record?.step === 'asking' && record.request !== undefined;
  const isByItself = identity.kind !== 'passkey' || isSigned;
  const take = () => {
    void holder.take(identity.spki, takingMeans(identity, callDesk)).then(() => {
      if (holder.fault.value instanceof ProblemError) onRefused();
    });
  };
  useEffect(() => {
    if (!isByItself || health !== 'good') return undefined;
    take();
    const timer = setInterval(() => {
      if (!isTold(holder.fault.value)) take();
    }, RETRY_MS);
    return () => clearInterval(timer);
  }, [holder, isByItself, health]);
  return { isByItself, take };
}

/** Faults that another try would only repeat: they are for the person to read. */
function isTold(fault: unknown): boolean {
  const kinds = [RefusedError, ProblemError, DOMException];
  return kinds.some((kind) => fault instanceof kind);
}

/** What a fault of taking a ballot is for its reader. */
export function takingFaultText(fault: unknown): string {
  if (fault instanceof NotTouchedError) return t('checkin.not_touched');
  if (fault instanceof RefusedError) {
    if (fault.refusal === 'OwnKeyError') return t('error.own_key');
    if (fault.refusal === 'TokenError') return t('error.bad_issue');
    return t('error.publication');
  }
  if (fault instanceof Error && fault.name === 'OtherElectionError') return t('error.publication');
  if (fault instanceof ProblemError && fault.problem === 'already-issued') {
    return t('error.second-phone');
  }
  return errorText(fault);
}
