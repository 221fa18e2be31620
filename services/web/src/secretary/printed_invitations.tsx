/** What the printer gets: slips two in a row, or a letter a page; on the screen only a picture. */
import type { JSX } from 'preact';

import type { CouncilView, MeetingView } from '../api/types.ts';
import { Qr } from '../design/qr.tsx';
import { t } from '../words/words.ts';
import { instantText } from '../design/local_time.ts';
import { sheets, type Slip } from './slips.ts';

interface Props {
  council: CouncilView;
  /** The meeting that they invite to; null: only to register a phone. */
  meeting: MeetingView | null;
  slips: readonly Slip[];
}

/** Four slips a sheet, to cut. */
export function SlipSheets({ council, meeting, slips }: Props): JSX.Element {
  return (
    <div class="sheets" aria-label={t('secretary.print_preview')} role="region">
      {sheets(slips).map((sheet, index) => (
        <div class="sheet slips" key={index}>
          {sheet.map((slip) => (
            <article class="slip" key={slip.member.no}>
              <Qr
                text={slip.invitation.link}
                label={t('app.qr_of', { what: t('secretary.invitation') })}
              />
              <div class="slip-head">
                <p class="slip-council">{council.council.name}</p>
                <p class="slip-name">{slip.member.name}</p>
                <p>{slip.member.position}</p>
                {meeting === null ? null : (
                  <p class="slip-meeting">
                    {meeting.title}. {instantText(meeting.starts_at)}
                  </p>
                )}
              </div>
              <p class="slip-text">
                {t('secretary.slip_join')} {t('secretary.slip_text')}
              </p>
            </article>
          ))}
        </div>
      ))}
    </div>
  );
}

/** A letter of invitation for each member, each on its own page. */
export function Letters({ council, meeting, slips }: Props): JSX.Element {
  return (
    <div class="sheets" aria-label={t('secretary.print_preview')} role="region">
      {slips.map((slip) => (
        <article class="sheet letter" key={slip.member.no}>
          <p class="letter-issuer">
            {council.council.issuer.parent_line}
            <br />
            <strong>{council.council.issuer.issuer_line}</strong>
          </p>
          <p class="letter-title">{t('secretary.letter_title')}</p>
          <p>
            {t('secretary.letter_to', { name: slip.member.name })}
            {slip.member.position === '' ? '' : `, ${slip.member.position}`}
          </p>
          {meeting === null ? null : (
            <p>
              {t('secretary.letter_meeting', {
                council: council.council.name,
                title: meeting.title,
                time: instantText(meeting.starts_at),
                venue: meeting.venue,
              })}
            </p>
          )}
          <p>{t('secretary.slip_join')}</p>
          <Qr
            text={slip.invitation.link}
            label={t('app.qr_of', { what: t('secretary.invitation') })}
          />
          <p class="letter-link">{slip.invitation.link}</p>
          <p>{t('secretary.letter_in_hall')}</p>
          <p>{t('secretary.slip_text')}</p>
        </article>
      ))}
    </div>
  );
}
