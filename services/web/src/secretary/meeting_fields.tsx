/** Fields of a meeting that its creation and its own page share: officers and settings. */
import type { JSX } from 'preact';

import type { MeetingSettings, MemberView, Officer } from '../api/types.ts';
import { SelectField } from '../design/field.tsx';
import { t } from '../words/words.ts';

export function MemberSelect(props: {
  label: string;
  hint?: string;
  error?: string | undefined;
  value: string;
  members: readonly MemberView[];
  onChange: (no: string) => void;
}): JSX.Element {
  const options = props.members.map((member) => ({
    value: String(member.no),
    label: [member.name, member.council_role].filter((each) => each !== '').join(', '),
  }));
  const first = { value: '', label: t('secretary.choose') };
  return (
    <SelectField
      label={props.label}
      hint={props.hint}
      error={props.error}
      value={props.value}
      options={props.value === '' ? [first, ...options] : options}
      onChange={props.onChange}
    />
  );
}

export function SettingsFields(props: {
  settings: MeetingSettings;
  onChange: (settings: MeetingSettings) => void;
}): JSX.Element {
  const { settings, onChange } = props;
  const officers = (['secretary', 'presiding', 'head_teller'] satisfies Officer[]).map((value) => ({
    value,
    label: t(`secretary.officer_${value}`),
  }));
  return (
    <>
      <div class="columns">
        <SelectField
          label={t('secretary.starts_by')}
          value={settings.starts_by}
          options={officers}
          onChange={(starts_by) => onChange({ ...settings, starts_by })}
        />
        <SelectField
          label={t('secretary.closes_by')}
          value={settings.closes_by}
          options={officers}
          onChange={(closes_by) => onChange({ ...settings, closes_by })}
        />
      </div>
      <div class="columns">
        <SelectField
          label={t('secretary.hall_shows')}
          hint={t('secretary.hall_shows_hint')}
          value={settings.hall_shows}
          options={(['all', 'passed'] as const).map((value) => ({
            value,
            label: t(`secretary.hall_shows_${value}`),
          }))}
          onChange={(hall_shows) => onChange({ ...settings, hall_shows })}
        />
        <SelectField
          label={t('secretary.address_form')}
          value={settings.address_form}
          options={(['dong_chi', 'ong_ba', 'thay_co'] as const).map((value) => ({
            value,
            label: t(`secretary.address_${value}`),
          }))}
          onChange={(address_form) => onChange({ ...settings, address_form })}
        />
      </div>
    </>
  );
}
