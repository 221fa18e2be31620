/** The roster as rows to type in. */
import type { JSX } from 'preact';

import { Button } from '../design/button.tsx';
import { t } from '../words/words.ts';
import { type RosterFault, type RosterRow, withRow } from './roster_draft.ts';

interface Props {
  rows: readonly RosterRow[];
  faults: readonly RosterFault[];
  onChange: (rows: RosterRow[]) => void;
}

const FIELDS = ['name', 'position', 'council_role'] as const;

export function RosterTable({ rows, faults, onChange }: Props): JSX.Element {
  const change = (at: number, changed: Partial<RosterRow>) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, ...changed } : row)));
  return (
    <div class="stack tight">
      {rows.length === 0 ? null : (
        <div class="edit-rows" role="table" aria-label={t('secretary.members')}>
          <div class="edit-row edit-head" role="row">
            <span role="columnheader">{t('secretary.no')}</span>
            <span role="columnheader">{t('secretary.name')}</span>
            <span role="columnheader">{t('secretary.position')}</span>
            <span role="columnheader">{t('secretary.council_role')}</span>
            <span role="columnheader" class="visually-hidden">
              {t('secretary.remove')}
            </span>
          </div>
          {rows.map((row, index) => (
            <Row
              key={index}
              row={row}
              faults={faults.filter((fault) => fault.row === index)}
              onChange={(changed) => change(index, changed)}
              onRemove={() => onChange(rows.filter((_, at) => at !== index))}
            />
          ))}
        </div>
      )}
      <div>
        <Button onClick={() => onChange(withRow(rows))}>{t('secretary.member_add')}</Button>
      </div>
    </div>
  );
}

function Row(props: {
  row: RosterRow;
  faults: readonly RosterFault[];
  onChange: (changed: Partial<RosterRow>) => void;
  onRemove: () => void;
}): JSX.Element {
  const { row, faults, onChange, onRemove } = props;
  const has = (field: RosterFault['field']) => faults.some((fault) => fault.field === field);
  return (
    <div class="edit-row" role="row">
      <span role="cell">
        <input
          aria-label={t('secretary.no')}
          inputMode="numeric"
          value={row.no}
          aria-invalid={has('no') || has('no_twice') ? 'true' : undefined}
          onInput={(event) => onChange({ no: event.currentTarget.value })}
        />
      </span>
      {FIELDS.map((field) => (
        <span role="cell" key={field}>
          <input
            aria-label={`${t(`secretary.${field}`)}, ${row.no}`}
            placeholder={t(`secretary.${field}`)}
            value={row[field]}
            maxLength={300}
            aria-invalid={field === 'name' && has('name') ? 'true' : undefined}
            onInput={(event) => onChange({ [field]: event.currentTarget.value })}
          />
        </span>
      ))}
      <span role="cell">
        <Button
          kind="plain"
          label={t('secretary.remove_name', { name: row.name === '' ? row.no : row.name })}
          onClick={onRemove}
        >
          {t('secretary.remove')}
        </Button>
      </span>
      {faults.map((fault) => (
        <span class="field-error" role="alert" key={fault.field}>
          {t(`secretary.roster_fault_${fault.field}`)}
        </span>
      ))}
    </div>
  );
}
