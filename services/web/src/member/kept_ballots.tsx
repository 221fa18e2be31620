/** Where nobody is logged in: a ballot on its way is still sent, and kept receipts are shown. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { listBallots } from './ballot_custody.ts';
import type { BallotHolder } from './ballot_holder.ts';
import { holderOf } from './holders.ts';
import { hasReceipt, Missing, ReceiptCard } from './receipt_view.tsx';
import { Refused, Sending } from './sending_view.tsx';

export function KeptBallots(): JSX.Element | null {
  const [holders, setHolders] = useState<readonly BallotHolder[]>([]);
  useEffect(() => {
    listBallots().then(
      (records) => {
        const found = records.filter(hasReceipt).map(holderOf);
        setHolders(found);
        found.forEach((holder) => void holder.compareIfSealed());
      },
      () => setHolders([]), // this browser keeps nothing
    );
  }, []);
  const shown = holders.filter((holder) => hasReceipt(holder.record.value));
  if (shown.length === 0) return null;
  return (
    <section class="stack" aria-label={t('receipt.kept')}>
      <h2>{t('receipt.kept')}</h2>
      {shown.map((holder) => (
        <KeptBallot key={`${holder.key.uuid}/${holder.key.member}`} holder={holder} />
      ))}
    </section>
  );
}

function KeptBallot({ holder }: { holder: BallotHolder }): JSX.Element | null {
  const record = holder.record.value;
  if (!hasReceipt(record)) return null;
  return (
    <>
      {record.step === 'casting' && record.refusal === undefined ? (
        <Sending state={holder.sending.value} />
      ) : null}
      {record.step === 'casting' && record.refusal !== undefined ? (
        <Refused record={record} />
      ) : null}
      {record.step === 'cast' ? <Notice kind="done">{t('cast.done')}</Notice> : null}
      {record.step === 'included' ? <Notice kind="done">{t('receipt.included')}</Notice> : null}
      {record.step === 'missing' ? <Missing record={record} /> : null}
      <ReceiptCard record={record} />
    </>
  );
}
