/** Making a meeting of a council. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { CouncilView, MeetingView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ChoiceField, TextField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { goTo } from '../design/route.ts';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { ConsolePage } from './console_page.tsx';
import { ask } from './console_request.ts';
import { useLoaded, Waiting } from './loaded.tsx';
import { nowLocal } from '../design/local_time.ts';
import { type MeetingForm, meetingFaults, meetingOf, newMeetingForm } from './meeting_body.ts';
import { MemberSelect, SettingsFields } from './meeting_fields.tsx';
import { councilPlace, meetingPlace } from './places.ts';

export function NewMeetingView({ councilId }: { councilId: string }): JSX.Element {
  const loaded = useLoaded(councilId, () => ask<CouncilView>('GET', `/councils/${councilId}`));
  const name = loaded.value?.council.name ?? t('secretary.council');
  return (
    <ConsolePage
      title={t('secretary.new_meeting')}
      above={[{ label: name, place: councilPlace(councilId) }]}
    >
      {loaded.value === null ? <Waiting loaded={loaded} /> : null}
      {loaded.value === null ? null : loaded.value.members.length === 0 ? (
        <Notice>
          <p>{t('secretary.members_first')}</p>
          <p>
            <a class="button main" href={`#${councilPlace(councilId, 'members')}`}>
              {t('secretary.members_add')}
            </a>
          </p>
        </Notice>
      ) : (
        <MeetingEditor council={loaded.value} />
      )}
    </ConsolePage>
  );
}

function MeetingEditor({ council }: { council: CouncilView }): JSX.Element {
  const [form, setForm] = useState(() => newMeetingForm(council.members, nowLocal(new Date())));
  const [isTried, setTried] = useState(false);
  const acting = useAct();
  const faults = isTried ? meetingFaults(form) : [];
  const create = () => {
    setTried(true);
    if (meetingFaults(form).length > 0) return;
    acting.run(async () => {
      const meeting = await ask<MeetingView>('POST', '/meetings', meetingOf(form, council.id));
      goTo(meetingPlace(meeting.id));
    });
  };
  return (
    <form
      class="stack narrow"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        create();
      }}
    >
      <section class="card">
        <MeetingFields form={form} faults={faults} onChange={setForm} />
        <OfficerFields form={form} faults={faults} council={council} onChange={setForm} />
      </section>
      <section class="card">
        <h2>{t('secretary.settings')}</h2>
        <p class="quiet">{t('secretary.settings_explain')}</p>
        <SettingsFields
          settings={form}
          onChange={(settings) => setForm({ ...form, ...settings })}
        />
      </section>
      <ActError error={acting.error} />
      <Button kind="main" type="submit" busy={acting.isBusy}>
        {t('secretary.meeting_create')}
      </Button>
    </form>
  );
}

interface FieldsProps {
  form: MeetingForm;
  faults: readonly (keyof MeetingForm)[];
  onChange: (form: MeetingForm) => void;
}

function MeetingFields({ form, faults, onChange }: FieldsProps): JSX.Element {
  const error = (field: keyof MeetingForm) =>
    faults.includes(field) ? t('secretary.needed') : undefined;
  return (
    <>
      <TextField
        label={t('secretary.meeting_title')}
        hint={t('secretary.meeting_title_hint')}
        error={error('title')}
        value={form.title}
        maxLength={300}
        onInput={(title) => onChange({ ...form, title })}
      />
      <ChoiceField
        legend={t('secretary.meeting_kind')}
        value={form.kind}
        options={(['regular', 'extraordinary'] as const).map((value) => ({
          value,
          label: t(`secretary.kind_${value}`),
        }))}
        onChange={(kind) => onChange({ ...form, kind })}
      />
      <TextField
        label={t('secretary.meeting_starts_at')}
        error={error('starts_at')}
        type="datetime-local"
        value={form.starts_at}
        onInput={(starts_at) => onChange({ ...form, starts_at })}
      />
      <TextField
        label={t('secretary.venue')}
        error={error('venue')}
        value={form.venue}
        maxLength={300}
        onInput={(venue) => onChange({ ...form, venue })}
      />
    </>
  );
}

function OfficerFields(props: FieldsProps & { council: CouncilView }): JSX.Element {
  const { form, faults, council, onChange } = props;
  const error = (field: keyof MeetingForm) =>
    faults.includes(field) ? t('secretary.needed') : undefined;
  return (
    <>
      <MemberSelect
        label={t('secretary.presiding')}
        error={error('presiding')}
        value={form.presiding}
        members={council.members}
        onChange={(presiding) => onChange({ ...form, presiding })}
      />
      <MemberSelect
        label={t('secretary.minute_taker')}
        hint={t('secretary.minute_taker_hint')}
        error={error('minute_taker')}
        value={form.minute_taker}
        members={council.members}
        onChange={(minute_taker) => onChange({ ...form, minute_taker })}
      />
    </>
  );
}
