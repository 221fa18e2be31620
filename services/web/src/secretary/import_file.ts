/** Lists out of CSV and XLSX files: the service reads them and names what is wrong, by row. */
import { ProblemError } from '../api/client.ts';
import type { Nomination, NewMember } from '../api/types.ts';

export const ACCEPTED = '.csv,.xlsx';

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export interface ImportedMembers {
  members: NewMember[];
  ignored_columns: string[];
}

export interface ImportedNominations {
  nominations: Nomination[];
  ignored_columns: string[];
}

/** What is wrong in one cell; `row` as spreadsheets count, 0 for the file as a whole. */
export interface RowProblem {
  row: number;
  column: string;
  problem: string;
}

/** By the name's end: browsers do not agree on the type of a CSV file. Unknown: CSV. */
export function mediaTypeOf(fileName: string): string {
  const end = fileName.toLowerCase().split('.').at(-1) ?? '';
  return TYPES[end] ?? 'text/csv';
}

/** The rows that the service names in its refusal; none for another error. */
export function rowProblems(error: unknown): RowProblem[] {
  const rows = error instanceof ProblemError ? error.document['rows'] : undefined;
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((each: unknown) => {
    const { row, column, problem } = (each ?? {}) as Record<string, unknown>;
    return typeof row === 'number' && typeof column === 'string' && typeof problem === 'string'
      ? [{ row, column, problem }]
      : [];
  });
}
