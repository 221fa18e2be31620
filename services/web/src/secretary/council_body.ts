/** A council as the form has it, and as `POST /councils` takes it. */
import type { Council } from '../api/types.ts';
import { oneLine, SHORT_TEXT } from './typed_text.ts';

export interface CouncilForm {
  name: string;
  parent_line: string;
  issuer_line: string;
  symbol: string;
  decision_number: string;
  decision_date: string;
  decision_issued_by: string;
  decision_about: string;
  rules: string;
}

export const EMPTY_COUNCIL: CouncilForm = {
  name: '',
  parent_line: '',
  issuer_line: '',
  symbol: '',
  decision_number: '',
  decision_date: '',
  decision_issued_by: '',
  decision_about: '',
  rules: '',
};

const MAX_SYMBOL = 40;
const DECISION_FIELDS = [
  'decision_number',
  'decision_date',
  'decision_issued_by',
  'decision_about',
] as const;

/** Fields that must be filled in; a deciding act is given whole or not at all. */
export function councilFaults(form: CouncilForm): (keyof CouncilForm)[] {
  const needed: (keyof CouncilForm)[] = ['name', 'parent_line', 'issuer_line', 'symbol'];
  const isDecided = DECISION_FIELDS.some((field) => oneLine(form[field]) !== '');
  if (isDecided) needed.push(...DECISION_FIELDS);
  return needed.filter((field) => oneLine(form[field]) === '');
}

/** The body's `council`; only of a form without faults. */
export function councilOf(form: CouncilForm): Council {
  const line = (field: keyof CouncilForm) => oneLine(form[field]).slice(0, SHORT_TEXT);
  const council: Council = {
    name: line('name'),
    issuer: {
      parent_line: line('parent_line'),
      issuer_line: line('issuer_line'),
      symbol: line('symbol').slice(0, MAX_SYMBOL),
    },
  };
  if (line('decision_number') !== '') {
    council.decision = {
      number: line('decision_number'),
      date: form.decision_date,
      issued_by: line('decision_issued_by'),
      about: line('decision_about'),
    };
  }
  if (line('rules') !== '') council.rules = line('rules');
  return council;
}
