/** A list of short rows, such as guests: add, type, remove. */
import type { JSX } from 'preact';

import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { t } from '../words/words.ts';

export interface RowsFieldProps<Row extends Record<string, string>> {
  legend: string;
  hint?: string;
  rows: readonly Row[];
  /** The fields of a row in order, each with its label. */
  columns: readonly { field: keyof Row & string; label: string; hint?: string }[];
  empty: Row;
  /** Indices of rows that are begun and not finished. */
  faults: readonly number[];
  onChange: (rows: Row[]) => void;
}

export function RowsField<Row extends Record<string, string>>(
  props: RowsFieldProps<Row>,
): JSX.Element {
  const { legend, hint, rows, columns, empty, faults, onChange } = props;
  const change = (at: number, field: string, value: string) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, [field]: value } : row)));
  return (
    <fieldset class="stack tight">
      <legend class="legend">{legend}</legend>
      {hint === undefined ? null : <span class="field-hint">{hint}</span>}
      {rows.map((row, index) => (
        <div class="row-fields" key={index}>
          <div class="columns">
            {columns.map((column, place) => (
              <TextField
                key={column.field}
                label={column.label}
                hint={column.hint}
                error={
                  place === 0 && faults.includes(index) ? t('secretary.row_half') : undefined
                }
                value={row[column.field] ?? ''}
                maxLength={300}
                onInput={(value) => change(index, column.field, value)}
              />
            ))}
          </div>
          <div>
            <Button
              kind="plain"
              label={t('secretary.remove_name', { name: `${legend} ${index + 1}` })}
              onClick={() => onChange(rows.filter((_, at) => at !== index))}
            >
              {t('secretary.remove')}
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button onClick={() => onChange([...rows, { ...empty }])}>{t('secretary.row_add')}</Button>
      </div>
    </fieldset>
  );
}
