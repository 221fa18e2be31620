/** Guests and substitutes, as the meeting's minute names them. */
import type { JSX } from 'preact';

import type { MeetingView, MemberView } from '../api/types.ts';
import { t } from '../words/words.ts';
import { RowsField } from './rows_field.tsx';
import { TextsSection, type TextsFieldsProps } from './texts_section.tsx';

export function PeopleTexts(props: {
  meeting: MeetingView;
  members: readonly MemberView[];
}): JSX.Element {
  return (
    <TextsSection
      meeting={props.meeting}
      title={t('secretary.people')}
      explain={t('secretary.people_explain')}
      fields={['guests', 'substitutes']}
    >
      {(fields) => <PeopleFields {...fields} />}
    </TextsSection>
  );
}

function PeopleFields({ form, faults, onChange }: TextsFieldsProps): JSX.Element {
  const half = (field: 'guests' | 'substitutes') =>
    faults.filter((fault) => fault.field === field).map((fault) => fault.row);
  return (
    <>
      <RowsField
        legend={t('secretary.guests')}
        rows={form.guests.map((guest) => ({ ...guest }))}
        columns={[
          { field: 'name', label: t('secretary.name') },
          { field: 'position', label: t('secretary.position') },
        ]}
        empty={{ name: '', position: '' }}
        faults={half('guests')}
        onChange={(guests) => onChange({ guests })}
      />
      <RowsField
        legend={t('secretary.substitutes')}
        hint={t('secretary.substitutes_explain')}
        rows={form.substitutes.map((each) => ({ ...each }))}
        columns={[
          { field: 'name', label: t('secretary.name') },
          { field: 'instead_of', label: t('secretary.instead_of') },
          { field: 'appointment', label: t('secretary.appointment') },
          {
            field: 'votes_under',
            label: t('secretary.votes_under'),
            hint: t('secretary.votes_under_hint'),
          },
        ]}
        empty={{ name: '', instead_of: '', appointment: '', votes_under: '' }}
        faults={half('substitutes')}
        onChange={(substitutes) => onChange({ substitutes })}
      />
    </>
  );
}
