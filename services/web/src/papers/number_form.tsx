/** The records clerk's two fields, between the presiding officer's signature and the seal. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import type { PaperView } from '../api/types.ts';
import { useAct } from '../design/acting.ts';
import { Button } from '../design/button.tsx';
import { ask } from '../design/dialog.tsx';
import { TextField } from '../design/field.tsx';
import { dateText, nowLocal } from '../design/local_time.ts';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { isDay, numberText } from './number_and_day.ts';
import { giveNumber } from './paper_access.ts';

export function NumberForm(props: { paper: PaperView; onDone: () => void }): JSX.Element {
  const { paper, onDone } = props;
  const today = nowLocal(new Date()).slice(0, 10);
  const [typed, setTyped] = useState('');
  const [day, setDay] = useState(today);
  const [isTried, setTried] = useState(false);
  const acting = useAct(onDone);
  const number = numberText(typed);
  const isDayGood = isDay(day, today);
  const give = () => {
    setTried(true);
    if (number === null || !isDayGood) return;
    acting.run(async () => {
      const isSure = await ask({
        title: t('papers.number_title'),
        text: t('papers.number_confirm', { number, day: dateText(day) }),
        confirm: t('papers.number_button'),
      });
      if (isSure) await giveNumber(paper.id, number, day);
    });
  };
  return (
    <section class="paper-part" aria-label={t('papers.number_title')}>
      <h4>{t('papers.number_title')}</h4>
      <p>{t('papers.number_explain')}</p>
      <div class="columns">
        <TextField
          label={t('papers.number')}
          hint={t('papers.number_hint')}
          error={isTried && number === null ? t('papers.number_wrong') : undefined}
          value={typed}
          maxLength={6}
          onInput={setTyped}
        />
        <TextField
          label={t('papers.day')}
          error={isTried && !isDayGood ? t('papers.day_wrong') : undefined}
          type="date"
          value={day}
          onInput={setDay}
        />
      </div>
      {acting.error === null ? null : (
        <Notice kind="caution" live="alert">
          {errorText(acting.error)}
        </Notice>
      )}
      <div>
        <Button kind="main" busy={acting.isBusy} onClick={give}>
          {t('papers.number_button')}
        </Button>
      </div>
    </section>
  );
}
