/** The hall screen's link: whoever has it sees what the hall sees. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';

import { Button } from '../design/button.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { Qr } from '../design/qr.tsx';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { ask } from './console_request.ts';
import { CopyLink } from './invitation_link.tsx';

/** Links made at this console: the service keeps only what proves them. */
const made = signal<ReadonlyMap<string, string>>(new Map());

export function HallLink({ meetingId }: { meetingId: string }): JSX.Element {
  const acting = useAct();
  const link = made.value.get(meetingId);
  const make = () =>
    acting.run(async () => {
      if (link !== undefined && !(await isSure())) return;
      const answer = await ask<{ link: string }>('POST', `/meetings/${meetingId}/hall`, {});
      made.value = new Map([...made.value, [meetingId, answer.link] as const]);
    });
  return (
    <section class="card">
      <h3>{t('secretary.hall')}</h3>
      <p class="quiet">{t('secretary.hall_explain')}</p>
      <ActError error={acting.error} />
      {link === undefined ? null : (
        <div class="stack tight">
          <div class="row">
            <a class="button" href={link} target="_blank" rel="noopener noreferrer">
              {t('secretary.hall_open')}
            </a>
            <CopyLink link={link} />
          </div>
          <Qr text={link} label={t('app.qr_of', { what: t('secretary.hall') })} />
        </div>
      )}
      <div>
        <Button busy={acting.isBusy} onClick={make}>
          {t(link === undefined ? 'secretary.hall_make' : 'secretary.hall_renew')}
        </Button>
      </div>
    </section>
  );
}

function isSure(): Promise<boolean> {
  return askPerson({
    title: t('secretary.hall_renew'),
    text: t('secretary.hall_renew_confirm'),
    confirm: t('secretary.hall_renew'),
  });
}
