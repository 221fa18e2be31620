/** Reading and writing the papers' texts, one section of the form at a time. */
import { ask } from './console_request.ts';
import type { PaperTexts } from './paper_texts.ts';

export async function readTexts(meetingId: string): Promise<PaperTexts> {
  return ask<PaperTexts>('GET', `/meetings/${meetingId}/texts`);
}

/**
 * The words that the papers usually have (words.md §6), in the papers' language whatever that of
 * the screen is: to be changed and saved, nothing of it is in a paper before.
 */
export async function readDefaults(meetingId: string): Promise<PaperTexts> {
  try {
    return await ask<PaperTexts>('GET', `/meetings/${meetingId}/texts/defaults`);
  } catch {
    return {}; // without them the form is only emptier: nobody is kept from writing
  }
}

/** Whether a section was never written: then it begins with the usual words. */
export function isUnwritten(texts: PaperTexts, fields: readonly (keyof PaperTexts)[]): boolean {
  return fields.every((field) => texts[field] === undefined);
}

/** The fields of a section that are empty in `texts` and for which there are usual words. */
export function missingDefaults(
  texts: PaperTexts,
  defaults: PaperTexts,
  fields: readonly (keyof PaperTexts)[],
): (keyof PaperTexts)[] {
  return fields.filter((field) => texts[field] === undefined && defaults[field] !== undefined);
}

/**
 * Write the fields of one section. The service takes all texts at once, so the others are taken as
 * they are there now: a second person may have written them meanwhile.
 */
export async function writeTexts(
  meetingId: string,
  texts: PaperTexts,
  fields: readonly (keyof PaperTexts)[],
): Promise<PaperTexts> {
  const merged = mergedTexts(await readTexts(meetingId), texts, fields);
  return ask<PaperTexts>('PUT', `/meetings/${meetingId}/texts`, merged);
}

/** `before` with `fields` as in `changed`; a field that is empty there is left out. */
export function mergedTexts(
  before: PaperTexts,
  changed: PaperTexts,
  fields: readonly (keyof PaperTexts)[],
): PaperTexts {
  const kept = Object.entries(before).filter(([name]) => !fields.some((field) => field === name));
  const taken = fields.flatMap((field) => {
    const value = changed[field];
    return value === undefined ? [] : [[field, value] as const];
  });
  return Object.fromEntries([...kept, ...taken]) as PaperTexts;
}
