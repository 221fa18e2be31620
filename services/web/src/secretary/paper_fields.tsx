/** The texts of the papers, card by card, with what the paper says by itself (words.md §5-6). */
import type { JSX } from 'preact';

import type { ElectionView, MeetingView, PaperKind, PaperView } from '../api/types.ts';
import { CheckField, SelectField, TextField } from '../design/field.tsx';
import { t } from '../words/words.ts';
import {
  type LINE_FIELDS,
  type LONG_FIELDS,
  type PaperTexts,
  replacementOf,
  type TIME_FIELDS,
} from './paper_texts.ts';
import { RowsField } from './rows_field.tsx';
import { TextsSection, type TextsFieldsProps } from './texts_section.tsx';
import { LONG_TEXT, SHORT_TEXT } from './typed_text.ts';

type TypedField = (typeof LINE_FIELDS)[number] | (typeof LONG_FIELDS)[number];

const COUNTING: readonly (keyof PaperTexts)[] = [
  'counting_started_at',
  'counting_finished_at',
  'incidents',
  'namesakes',
];
const MEETING: readonly (keyof PaperTexts)[] = [
  'year',
  'presiding_authorised_by',
  'quorum_citation',
  'report',
  'discussion',
  'withdrawn',
  'added',
  'second_ballot_citation',
  'conclusion',
  'receiving_authority',
  'standing_agency',
  'submission_deadline',
  'recipients',
];

/** A text field with label and explanation of its own. */
function Typed(
  props: TextsFieldsProps & { field: TypedField; multiline?: boolean },
): JSX.Element {
  const { form, faults, onChange, field, multiline = false } = props;
  return (
    <TextField
      label={t(`secretary.text_${field}`)}
      hint={t(`secretary.text_${field}_hint`)}
      error={
        faults.some((fault) => fault.field === field) ? t('secretary.year_short') : undefined
      }
      multiline={multiline}
      maxLength={multiline ? LONG_TEXT : SHORT_TEXT}
      value={form[field]}
      onInput={(value) => onChange({ [field]: value })}
    />
  );
}

function TimeOfDay(
  props: TextsFieldsProps & { field: (typeof TIME_FIELDS)[number] },
): JSX.Element {
  const { form, faults, onChange, field } = props;
  return (
    <TextField
      label={t(`secretary.text_${field}`)}
      hint={t(`secretary.text_${field}_hint`)}
      error={faults.some((fault) => fault.field === field) ? t('secretary.time_wrong') : undefined}
      type="time"
      value={form[field]}
      onInput={(value) => onChange({ [field]: value })}
    />
  );
}

export function CountingTexts(props: {
  meeting: MeetingView;
  election: ElectionView | null;
}): JSX.Element {
  const people = props.election?.nominations.filter((each) => each.kind === 'individual') ?? [];
  return (
    <TextsSection
      meeting={props.meeting}
      title={t('secretary.texts_counting')}
      explain={t('secretary.texts_counting_explain')}
      fields={COUNTING}
    >
      {(fields) => (
        <>
          <div class="columns">
            <TimeOfDay {...fields} field="counting_started_at" />
            <TimeOfDay {...fields} field="counting_finished_at" />
          </div>
          <Typed {...fields} field="incidents" multiline />
          {people.length === 0 ? null : (
            <details>
              <summary>{t('secretary.text_namesakes')}</summary>
              <p class="quiet">{t('secretary.text_namesakes_hint')}</p>
              {people.map((each) => (
                <CheckField
                  key={each.no}
                  label={`${each.no}. ${each.name}`}
                  checked={fields.form.namesakes.includes(each.no)}
                  onChange={(isOn) =>
                    fields.onChange({
                      namesakes: isOn
                        ? [...fields.form.namesakes, each.no]
                        : fields.form.namesakes.filter((no) => no !== each.no),
                    })
                  }
                />
              ))}
            </details>
          )}
        </>
      )}
    </TextsSection>
  );
}

export function MeetingTexts(props: { meeting: MeetingView; hasSecond: boolean }): JSX.Element {
  return (
    <TextsSection
      meeting={props.meeting}
      title={t('secretary.texts_meeting')}
      explain={t('secretary.texts_meeting_explain')}
      fields={MEETING}
    >
      {(fields) => (
        <>
          <div class="columns">
            <Typed {...fields} field="year" />
            <Typed {...fields} field="presiding_authorised_by" />
            <Typed {...fields} field="quorum_citation" />
          </div>
          <Typed {...fields} field="report" multiline />
          <Typed {...fields} field="discussion" multiline />
          <ListChanges {...fields} />
          {props.hasSecond ? <Typed {...fields} field="second_ballot_citation" /> : null}
          <Typed {...fields} field="conclusion" multiline />
          <div class="columns">
            <Typed {...fields} field="receiving_authority" />
            <Typed {...fields} field="standing_agency" />
            <TextField
              label={t('secretary.text_submission_deadline')}
              hint={t('secretary.text_submission_deadline_hint')}
              type="date"
              value={fields.form.submission_deadline}
              onInput={(submission_deadline) => fields.onChange({ submission_deadline })}
            />
          </div>
          <OneColumn {...fields} field="recipients" />
        </>
      )}
    </TextsSection>
  );
}

function ListChanges(props: TextsFieldsProps): JSX.Element {
  const { form, faults, onChange } = props;
  return (
    <>
      <RowsField
        legend={t('secretary.text_withdrawn')}
        hint={t('secretary.text_withdrawn_hint')}
        rows={form.withdrawn.map((each) => ({ ...each }))}
        columns={[
          { field: 'name', label: t('secretary.case_name') },
          { field: 'reason', label: t('secretary.reason') },
        ]}
        empty={{ name: '', reason: '' }}
        faults={faults.filter((each) => each.field === 'withdrawn').map((each) => each.row)}
        onChange={(withdrawn) => onChange({ withdrawn })}
      />
      <OneColumn {...props} field="added" />
    </>
  );
}

/** A list of single lines. */
function OneColumn(props: TextsFieldsProps & { field: 'added' | 'recipients' }): JSX.Element {
  const { form, onChange, field } = props;
  return (
    <RowsField
      legend={t(`secretary.text_${field}`)}
      hint={t(`secretary.text_${field}_hint`)}
      rows={form[field].map((text) => ({ text }))}
      columns={[{ field: 'text', label: t(`secretary.text_${field}_one`) }]}
      empty={{ text: '' }}
      faults={[]}
      onChange={(rows) => onChange({ [field]: rows.map((row) => row.text) })}
    />
  );
}

export function EndTexts({ meeting }: { meeting: MeetingView }): JSX.Element {
  return (
    <TextsSection
      meeting={meeting}
      title={t('secretary.texts_end')}
      explain={t('secretary.texts_end_explain')}
      fields={['ended_at']}
    >
      {(fields) => <TimeOfDay {...fields} field="ended_at" />}
    </TextsSection>
  );
}

const PAPERS: readonly PaperKind[] = ['counting', 'meeting'];

/** `papers`: those of the meeting, whose number and day need not be typed again. */
export function ReplacementTexts(props: {
  meeting: MeetingView;
  papers: readonly PaperView[];
}): JSX.Element {
  const { meeting, papers } = props;
  return (
    <TextsSection
      meeting={meeting}
      title={t('secretary.replacement')}
      explain={t('secretary.replacement_explain')}
      fields={['replacement']}
    >
      {(fields) => <ReplacementFields {...fields} papers={papers} />}
    </TextsSection>
  );
}

function ReplacementFields(
  props: TextsFieldsProps & { papers: readonly PaperView[] },
): JSX.Element {
  const { form, faults, onChange, papers } = props;
  const { replacement } = form;
  const isHalf = faults.some((fault) => fault.field === 'replacement');
  return (
    <>
      <CheckField
        label={t('secretary.replacement_on')}
        checked={replacement !== null}
        onChange={(isOn) =>
          onChange({
            replacement: isOn ? replacementOf(papers) : null,
          })
        }
      />
      {replacement === null ? null : (
        <>
          <SelectField
            label={t('secretary.replacement_paper')}
            value={replacement.paper}
            options={PAPERS.map((value) => ({ value, label: t(`secretary.${value}_minute`) }))}
            onChange={(paper) => onChange({ replacement: { ...replacement, paper } })}
          />
          <div class="columns">
            <TextField
              label={t('secretary.replacement_number')}
              value={replacement.number}
              maxLength={SHORT_TEXT}
              onInput={(number) => onChange({ replacement: { ...replacement, number } })}
            />
            <TextField
              label={t('secretary.replacement_date')}
              error={isHalf && replacement.date === '' ? t('secretary.needed') : undefined}
              type="date"
              value={replacement.date}
              onInput={(date) => onChange({ replacement: { ...replacement, date } })}
            />
          </div>
          <TextField
            label={t('secretary.replacement_reason')}
            error={isHalf && replacement.reason === '' ? t('secretary.needed') : undefined}
            value={replacement.reason}
            maxLength={SHORT_TEXT}
            onInput={(reason) => onChange({ replacement: { ...replacement, reason } })}
          />
        </>
      )}
    </>
  );
}
