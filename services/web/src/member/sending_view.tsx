/** From the tap on "Bỏ phiếu vào hòm" to the promise of the box. */
import type { JSX } from 'preact';

import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import type { CastingBallot } from './ballot_custody.ts';
import type { SendingState } from './casting_sender.ts';

/** The bytes are on their way. */
export function Sending({ state }: { state: SendingState | null }): JSX.Element {
  return (
    <>
      <p class="large" role="status">
        {t('cast.sending')}
      </p>
      <progress aria-label={t('cast.sending_title')} />
      <div role="status">
        {state === 'retrying' ? <Notice kind="caution">{t('cast.retry')}</Notice> : null}
        {state === 'wrong_answer' ? <Notice kind="caution">{t('cast.wrong_answer')}</Notice> : null}
      </div>
    </>
  );
}

/** The box has said no for good. */
export function Refused({ record }: { record: CastingBallot }): JSX.Element {
  return (
    <Notice kind="caution" live="alert">
      {refusedText(record.refusal ?? '')}
    </Notice>
  );
}

function refusedText(refusal: string): string {
  if (refusal === 'token-spent') return t('cast.refused_spent');
  if (refusal === 'wrong-state') return t('cast.refused_closed');
  return t('cast.refused');
}
