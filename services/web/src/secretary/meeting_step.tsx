/** The meeting itself: the hall screen, officers, settings, guests, another list, its end. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { MeetingSettings, MeetingView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { Notice } from '../design/notice.tsx';
import { goTo } from '../design/route.ts';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { ask } from './console_request.ts';
import { HallLink } from './hall_link.tsx';
import { DEFAULT_SETTINGS } from './meeting_body.ts';
import { MemberSelect, SettingsFields } from './meeting_fields.tsx';
import type { StepProps } from './meeting_view.tsx';
import { PeopleTexts } from './people_texts.tsx';
import { meetingPlace } from './places.ts';

const UNDER_WAY = new Set(['issuing', 'voting', 'closed']);

export function MeetingStep(props: StepProps): JSX.Element {
  const { board, picture } = props;
  const { meeting } = picture;
  return (
    <div class="stack">
      {meeting.ended === true ? null : <HallLink meetingId={meeting.id} />}
      <Officers {...props} />
      <Settings meeting={meeting} onChanged={() => void board.refresh()} />
      <PeopleTexts meeting={meeting} members={picture.council.members} />
      {meeting.ended === true ? null : <OtherList {...props} />}
      <EndOfMeeting {...props} />
    </div>
  );
}

function Officers({ board, picture }: StepProps): JSX.Element {
  const { meeting, council } = picture;
  const current = { presiding: meeting.presiding, minute_taker: meeting.minute_taker };
  // What is chosen here and not saved; else what the service says, whoever changed it.
  const [chosen, setChosen] = useState<Partial<typeof current>>({});
  const acting = useAct(() => void board.refresh());
  const isUnderWay = picture.elections.some((each) => UNDER_WAY.has(each.state));
  const officers = { ...current, ...chosen };
  const isSame =
    officers.presiding === current.presiding && officers.minute_taker === current.minute_taker;
  const save = () =>
    acting.run(async () => {
      await ask('PUT', `/meetings/${meeting.id}/officers`, officers);
      await board.refresh();
      setChosen({});
    });
  return (
    <section class="card">
      <h3>{t('secretary.officers')}</h3>
      <p class="quiet">{t('secretary.officers_explain')}</p>
      <div class="columns">
        <MemberSelect
          label={t('secretary.presiding')}
          value={String(officers.presiding)}
          members={council.members}
          onChange={(no) => setChosen({ ...chosen, presiding: Number(no) })}
        />
        <MemberSelect
          label={t('secretary.minute_taker')}
          value={String(officers.minute_taker)}
          members={council.members}
          onChange={(no) => setChosen({ ...chosen, minute_taker: Number(no) })}
        />
      </div>
      {isUnderWay ? <Notice>{t('secretary.officers_later')}</Notice> : null}
      <ActError error={acting.error} />
      <div>
        <Button busy={acting.isBusy} disabled={isSame || isUnderWay} onClick={save}>
          {t('secretary.officers_save')}
        </Button>
      </div>
    </section>
  );
}

function Settings(props: { meeting: MeetingView; onChanged: () => void }): JSX.Element {
  const { meeting } = props;
  const current: MeetingSettings = {
    starts_by: meeting.starts_by ?? DEFAULT_SETTINGS.starts_by,
    closes_by: meeting.closes_by ?? DEFAULT_SETTINGS.closes_by,
    hall_shows: meeting.hall_shows ?? DEFAULT_SETTINGS.hall_shows,
    address_form: meeting.address_form ?? DEFAULT_SETTINGS.address_form,
  };
  const [draft, setDraft] = useState<MeetingSettings | null>(null);
  const acting = useAct(props.onChanged);
  const settings = draft ?? current;
  const save = () =>
    acting.run(async () => {
      await ask('PUT', `/meetings/${meeting.id}/settings`, settings);
      setDraft(null);
    });
  return (
    <section class="card">
      <h3>{t('secretary.settings')}</h3>
      <SettingsFields settings={settings} onChange={({ ...next }) => setDraft(next)} />
      <ActError error={acting.error} />
      <div>
        <Button busy={acting.isBusy} disabled={draft === null} onClick={save}>
          {t('secretary.settings_save')}
        </Button>
      </div>
    </section>
  );
}

/** One more list of the same meeting, beside the second ballots. */
function OtherList({ picture }: StepProps): JSX.Element | null {
  if (picture.elections.length === 0) return null;
  return (
    <section class="card">
      <h3>{t('secretary.other_list')}</h3>
      <p class="quiet">{t('secretary.other_list_explain')}</p>
      <div>
        <Button onClick={() => goTo(meetingPlace(picture.meeting.id, 'new', 'list'))}>
          {t('secretary.other_list_button')}
        </Button>
      </div>
    </section>
  );
}

export function EndOfMeeting({ board, picture }: StepProps): JSX.Element {
  const { meeting } = picture;
  const acting = useAct(() => void board.refresh());
  const end = () =>
    acting.run(async () => {
      const isSure = await askPerson({
        title: t('secretary.end_button'),
        text: t('secretary.end_confirm'),
        confirm: t('secretary.end_button'),
      });
      if (isSure) await ask('POST', `/meetings/${meeting.id}/end`, {});
    });
  if (meeting.ended === true) {
    return <Notice kind="done">{t('secretary.end_done')}</Notice>;
  }
  return (
    <section class="card">
      <h3>{t('secretary.end')}</h3>
      <p class="quiet">{t('secretary.end_explain')}</p>
      <ActError error={acting.error} />
      <div>
        <Button busy={acting.isBusy} onClick={end}>
          {t('secretary.end_button')}
        </Button>
      </div>
    </section>
  );
}
