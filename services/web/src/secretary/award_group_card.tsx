/** Cases of one award with the mark that they must reach. */
import type { JSX } from 'preact';

import type { NomineeKind, PresetsView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { SelectField, TextField } from '../design/field.tsx';
import { t } from '../words/words.ts';
import {
  type AwardGroup,
  type CaseDraft,
  casesOf,
  type ListFault,
  type NominationList,
  withChangedCase,
  withoutCase,
  withRule,
} from './nomination_list.ts';
import { RuleFields } from './rule_fields.tsx';
import { SUMMARY_TEXT } from './typed_text.ts';

export const KINDS: readonly NomineeKind[] = ['individual', 'collective', 'household'];

interface Props {
  list: NominationList;
  group: AwardGroup;
  faults: readonly ListFault[];
  presets: PresetsView;
  /** Of the meeting, `YYYY-MM-DD`. */
  date: string;
  onChange: (list: NominationList) => void;
}

export function AwardGroupCard(props: Props): JSX.Element {
  const { list, group, faults, presets, date, onChange } = props;
  const cases = casesOf(list, group.id);
  return (
    <section class="card" aria-label={group.award}>
      <h3>
        {group.award} <span class="quiet">({t('secretary.case_count', { n: cases.length })})</span>
      </h3>
      <RuleFields
        award={group.award}
        rule={group.rule}
        faults={faults.filter((fault) => fault.place === 'group' && fault.at === group.id)}
        presets={presets}
        date={date}
        onChange={(rule) => onChange(withRule(list, group.id, rule))}
      />
      <ul class="plain-list">
        {cases.map(({ no, index, each }) => (
          <li key={index}>
            <CaseRow
              no={no}
              each={each}
              faults={faults.filter((fault) => fault.place === 'case' && fault.at === index)}
              onChange={(changed) => onChange(withChangedCase(list, index, changed))}
              onRemove={() => onChange(withoutCase(list, index))}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CaseRow(props: {
  no: number;
  each: CaseDraft;
  faults: readonly ListFault[];
  onChange: (changed: Partial<CaseDraft>) => void;
  onRemove: () => void;
}): JSX.Element {
  const { no, each, faults, onChange, onRemove } = props;
  const fault = faults[0]?.field;
  return (
    <details class="case" open={fault !== undefined}>
      <summary>
        {no}. {each.name}
        {each.unit === '' ? null : <span class="quiet"> · {each.unit}</span>}
      </summary>
      <div class="stack tight">
        <CaseFields each={each} fault={fault} onChange={onChange} />
        <TextField
          label={t('secretary.case_summary')}
          multiline
          value={each.summary}
          maxLength={SUMMARY_TEXT}
          onInput={(summary) => onChange({ summary })}
        />
        <div>
          <Button label={`${t('secretary.case_remove')}: ${each.name}`} onClick={onRemove}>
            {t('secretary.case_remove')}
          </Button>
        </div>
      </div>
    </details>
  );
}

function CaseFields(props: {
  each: CaseDraft;
  fault: ListFault['field'] | undefined;
  onChange: (changed: Partial<CaseDraft>) => void;
}): JSX.Element {
  const { each, fault, onChange } = props;
  return (
    <div class="columns">
      <TextField
        label={t('secretary.case_name')}
        error={
          fault === 'name' || fault === 'twice'
            ? t(`secretary.list_fault_${fault}`)
            : undefined
        }
        value={each.name}
        maxLength={300}
        onInput={(name) => onChange({ name })}
      />
      <TextField
        label={t('secretary.case_unit')}
        value={each.unit}
        maxLength={300}
        onInput={(unit) => onChange({ unit })}
      />
      <SelectField
        label={t('secretary.case_kind')}
        value={each.kind}
        options={KINDS.map((kind) => ({ value: kind, label: t(`secretary.kind_${kind}`) }))}
        onChange={(kind) => onChange({ kind })}
      />
    </div>
  );
}
