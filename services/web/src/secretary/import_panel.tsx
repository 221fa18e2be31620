/** Choosing a file of a list, its template, and what the service says is wrong in it, by row. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { FileDrop } from '../design/file_drop.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { askWithFile } from './console_request.ts';
import { ACCEPTED, mediaTypeOf, type RowProblem, rowProblems } from './import_file.ts';

export interface ImportPanelProps<Rows> {
  /** `members` or `nominations`, as the service's paths have it. */
  kind: 'members' | 'nominations';
  label: string;
  /** The rows of a good file. */
  onRows: (rows: Rows) => void;
}

export function ImportPanel<Rows extends { ignored_columns: string[] }>(
  props: ImportPanelProps<Rows>,
): JSX.Element {
  const { kind, label, onRows } = props;
  const acting = useAct();
  const [ignored, setIgnored] = useState<string[]>([]);
  const read = (file: File) =>
    acting.run(async () => {
      const path = `/imports/${kind}`;
      const rows = await askWithFile<Rows>(path, file, mediaTypeOf(file.name));
      setIgnored(rows.ignored_columns);
      onRows(rows);
    });
  const problems = rowProblems(acting.error);
  return (
    <div class="stack tight">
      <FileDrop label={label} accept={ACCEPTED} onFile={read} />
      <p class="quiet">
        {t('secretary.template')}{' '}
        <a href={`/api/v1/imports/${kind}/template.xlsx`} download>
          Excel (.xlsx)
        </a>
        {' · '}
        <a href={`/api/v1/imports/${kind}/template.csv`} download>
          CSV
        </a>
      </p>
      {acting.isBusy ? <p role="status">{t('secretary.import_reading')}</p> : null}
      <ActError error={acting.error} />
      {problems.length === 0 ? null : <ProblemTable problems={problems} />}
      {ignored.length === 0 || acting.error !== null ? null : (
        <Notice live="status">
          {t('secretary.import_ignored', { columns: ignored.join(', ') })}
        </Notice>
      )}
    </div>
  );
}

function ProblemTable({ problems }: { problems: readonly RowProblem[] }): JSX.Element {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={t('secretary.import_problems')}>
      <table>
        <caption class="visually-hidden">{t('secretary.import_problems')}</caption>
        <thead>
          <tr>
            <th class="number">{t('secretary.import_row')}</th>
            <th>{t('secretary.import_column')}</th>
            <th>{t('secretary.import_problem')}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((each, index) => (
            <tr key={index}>
              <td class="number">{each.row === 0 ? '' : each.row}</td>
              <td>{each.column}</td>
              <td lang="vi">{each.problem}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
