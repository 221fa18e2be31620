/** After closing: the own ballot in the sealed box, then the outcomes; or the cancellation. */
import type { ComponentChildren, JSX } from 'preact';

import type { ElectionView } from '../api/types.ts';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { type Key, t } from '../words/words.ts';
import type { BallotHolder } from './ballot_holder.ts';
import type { Stage } from './member_stage.ts';
import { Outcomes } from './outcomes.tsx';
import { Comparing, hasReceipt, Missing, ReceiptCard, Withdrawn } from './receipt_view.tsx';
import { SealCode } from './stretched_code.tsx';

const TITLES: Partial<Record<Stage, Key>> = {
  missing: 'receipt.missing_title',
  withdrawn: 'cancelled.goes_on_title',
};

export interface ClosedViewProps {
  holder: BallotHolder;
  election: ElectionView;
  stage: Stage;
  where: string;
  children: ComponentChildren;
}

export function ClosedView(props: ClosedViewProps): JSX.Element {
  const { holder, election, stage, where, children } = props;
  const record = holder.record.value;
  if (stage === 'cancelled') {
    return (
      <Page title={t('cancelled.title')} where={where}>
        <Cancelled election={election} />
        {children}
      </Page>
    );
  }
  const title = t(TITLES[stage] ?? 'closed.title');
  return (
    <Page title={title} where={where}>
      {stage === 'comparing' ? <Comparing holder={holder} /> : null}
      {record?.step === 'included' ? <Included file={record.file} /> : null}
      {record?.step === 'missing' ? <Missing record={record} /> : null}
      {record?.step === 'withdrawn' ? <Withdrawn record={record} /> : null}
      {stage === 'not_cast' ? <Notice kind="caution">{t('closed.not_cast')}</Notice> : null}
      {stage === 'no_ballot' ? <p>{t('closed.no_ballot')}</p> : null}
      {election.result === undefined ? (
        <p role="status">{t('closed.next')}</p>
      ) : (
        <Outcomes election={election} result={election.result} />
      )}
      {hasReceipt(record) ? <ReceiptCard record={record} /> : null}
      {children}
    </Page>
  );
}

/** The ballot is in the sealed box, and the seal is the one that the hall sees. */
function Included({ file }: { file: string }): JSX.Element {
  return (
    <>
      <Notice kind="done" live="status">
        {t('receipt.included')}
      </Notice>
      <div class="card">
        <SealCode file={file} />
        <p class="quiet">{t('closed.compare_seal')}</p>
      </div>
    </>
  );
}

function Cancelled({ election }: { election: ElectionView }): JSX.Element {
  const { cancelled } = election;
  return (
    <>
      {cancelled === undefined ? null : (
        <div class="card">
          <p>{t('cancelled.reason', { reason: t(`cancelled.${cancelled.reason}`) })}</p>
          <p>{cancelled.text}</p>
        </div>
      )}
      <Notice live="status">{t('cancelled.erased')}</Notice>
      <p>{t('cancelled.next')}</p>
    </>
  );
}
