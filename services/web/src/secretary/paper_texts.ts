/**
 * The secretary's own words for the papers (schemas/papers.py `PaperTexts`) as a form and back.
 *
 * Figures never stand here: papers take them from the record. What is left empty is left out of
 * the paper, never dotted.
 */
import type { PaperKind, PaperView } from '../api/types.ts';
import { instantOnDay, timeOfInstant } from '../design/local_time.ts';
import { LONG_TEXT, oneLine, paragraphs, SHORT_TEXT } from './typed_text.ts';

export interface Guest {
  name: string;
  position: string;
}

export interface Substitute {
  name: string;
  instead_of: string;
  appointment: string;
  votes_under?: string;
}

export interface WithdrawnCase {
  name: string;
  reason: string;
}

export interface Replacement {
  paper: PaperKind;
  date: string;
  reason: string;
  number?: string;
}

/** As `GET` and `PUT /meetings/{id}/texts` have it. */
export interface PaperTexts {
  year?: string;
  counting_started_at?: string;
  counting_finished_at?: string;
  ended_at?: string;
  presiding_authorised_by?: string;
  quorum_citation?: string;
  report?: string;
  discussion?: string;
  withdrawn?: WithdrawnCase[];
  added?: string[];
  second_ballot_citation?: string;
  conclusion?: string;
  incidents?: string;
  namesakes?: number[];
  receiving_authority?: string;
  standing_agency?: string;
  submission_deadline?: string;
  guests?: Guest[];
  substitutes?: Substitute[];
  recipients?: string[];
  replacement?: Replacement;
}

/** Fields of one line. */
export const LINE_FIELDS = [
  'year',
  'presiding_authorised_by',
  'quorum_citation',
  'second_ballot_citation',
  'receiving_authority',
  'standing_agency',
] as const;
/** Fields of several paragraphs. */
export const LONG_FIELDS = ['report', 'discussion', 'conclusion', 'incidents'] as const;
/** Times on the meeting's day. */
export const TIME_FIELDS = ['counting_started_at', 'counting_finished_at', 'ended_at'] as const;

type LineField = (typeof LINE_FIELDS)[number];
type LongField = (typeof LONG_FIELDS)[number];
type TimeField = (typeof TIME_FIELDS)[number];

/** The form: every text as typed, times as `HH:MM`, lists as rows. */
export interface TextsForm extends Record<LineField | LongField | TimeField, string> {
  submission_deadline: string;
  guests: Guest[];
  substitutes: Required<Substitute>[];
  withdrawn: WithdrawnCase[];
  added: string[];
  recipients: string[];
  namesakes: number[];
  replacement: Required<Replacement> | null;
}

/** A row that is begun but not finished, or a time that is none. */
export interface TextsFault {
  field: keyof TextsForm;
  /** Index of the row; 0 for a single field. */
  row: number;
}

/** Fill the form. */
export function formOf(texts: PaperTexts): TextsForm {
  const lines = Object.fromEntries(
    [...LINE_FIELDS, ...LONG_FIELDS].map((field) => [field, texts[field] ?? '']),
  ) as Record<LineField | LongField, string>;
  const times = Object.fromEntries(
    TIME_FIELDS.map((field) => [field, timeOfInstant(texts[field])]),
  ) as Record<TimeField, string>;
  return {
    ...lines,
    ...times,
    submission_deadline: texts.submission_deadline ?? '',
    guests: texts.guests ?? [],
    substitutes: (texts.substitutes ?? []).map((each) => ({ votes_under: '', ...each })),
    withdrawn: texts.withdrawn ?? [],
    added: texts.added ?? [],
    recipients: texts.recipients ?? [],
    namesakes: texts.namesakes ?? [],
    replacement: texts.replacement === undefined ? null : { number: '', ...texts.replacement },
  };
}

/** A replacement of the meeting's minute that stands, with its number and day where it has them. */
export function replacementOf(papers: readonly PaperView[]): Required<Replacement> {
  const found = papers.find((each) => each.kind === 'meeting' && each.state !== 'replaced');
  return { paper: 'meeting', date: found?.date ?? '', reason: '', number: found?.number ?? '' };
}

/** What must be mended first; `day` is an instant of the meeting's day. */
export function textsFaults(form: TextsForm, day: string): TextsFault[] {
  const faults: TextsFault[] = TIME_FIELDS.filter(
    (field) => form[field] !== '' && instantOnDay(day, form[field]) === null,
  ).map((field) => ({ field, row: 0 }));
  const half = (field: keyof TextsForm, rows: readonly object[], optional: readonly string[]) => {
    rows.forEach((each, row) => {
      const needed = Object.entries(each).filter(([name]) => !optional.includes(name));
      const filled = needed.filter(([, text]) => oneLine(String(text)) !== '');
      const isBegun = Object.values(each).some((text) => oneLine(String(text)) !== '');
      if (isBegun && filled.length < needed.length) faults.push({ field, row });
    });
  };
  half('guests', form.guests, []);
  half('substitutes', form.substitutes, ['votes_under']);
  half('withdrawn', form.withdrawn, []);
  if (form.replacement !== null) {
    const { date, reason } = form.replacement;
    if (date === '' || oneLine(reason) === '') faults.push({ field: 'replacement', row: 0 });
  }
  if (form.year !== '' && oneLine(form.year).length < 4) faults.push({ field: 'year', row: 0 });
  return faults;
}

/** The body of `PUT`; only of a form without faults. */
export function textsOf(form: TextsForm, day: string): PaperTexts {
  const texts: PaperTexts = {};
  for (const field of LINE_FIELDS) {
    const line = oneLine(form[field]).slice(0, SHORT_TEXT);
    if (line !== '') texts[field] = line;
  }
  for (const field of LONG_FIELDS) {
    const text = paragraphs(form[field]).slice(0, LONG_TEXT);
    if (text !== '') texts[field] = text;
  }
  for (const field of TIME_FIELDS) {
    const instant = instantOnDay(day, form[field]);
    if (instant !== null) texts[field] = instant;
  }
  if (form.submission_deadline !== '') texts.submission_deadline = form.submission_deadline;
  return { ...texts, ...listsOf(form) };
}

function listsOf(form: TextsForm): PaperTexts {
  const lists: PaperTexts = {};
  const guests = form.guests.map(cleaned).filter((each) => each.name !== '');
  const withdrawn = form.withdrawn.map(cleaned).filter((each) => each.name !== '');
  const substitutes = form.substitutes.map(cleaned).filter((each) => each.name !== '');
  const added = form.added.map(oneLine).filter((each) => each !== '');
  const recipients = form.recipients.map(oneLine).filter((each) => each !== '');
  if (guests.length > 0) lists.guests = guests;
  if (withdrawn.length > 0) lists.withdrawn = withdrawn;
  if (substitutes.length > 0) {
    lists.substitutes = substitutes.map(({ votes_under, ...each }) =>
      votes_under === '' ? each : { ...each, votes_under },
    );
  }
  if (added.length > 0) lists.added = added;
  if (recipients.length > 0) lists.recipients = recipients;
  if (form.namesakes.length > 0) lists.namesakes = form.namesakes;
  if (form.replacement !== null) {
    const { paper, date, reason, number } = form.replacement;
    lists.replacement = { paper, date, reason: oneLine(reason) };
    if (oneLine(number) !== '') lists.replacement.number = oneLine(number);
  }
  return lists;
}

function cleaned<Row extends object>(row: Row): Row {
  const entries = Object.entries(row).map(([name, text]) => [
    name,
    oneLine(String(text)).slice(0, SHORT_TEXT),
  ]);
  return Object.fromEntries(entries) as Row;
}
