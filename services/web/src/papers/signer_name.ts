/** Who signs in a field: a member by name, or the agency. */
import type { PaperFieldView } from '../api/types.ts';
import { t } from '../words/words.ts';

export function signerName(field: PaperFieldView, names: ReadonlyMap<number, string>): string {
  const no = field.member ?? null;
  if (no === null) return t('papers.agency');
  return names.get(no) ?? t('papers.member', { no });
}

export function isAgency(field: PaperFieldView): boolean {
  return (field.member ?? null) === null;
}
