/** Reading and writing the papers' texts, one section of the form at a time. */
import { ask } from './console_request.ts';
import type { PaperTexts } from './paper_texts.ts';

export async function readTexts(meetingId: string): Promise<PaperTexts> {
  return ask<PaperTexts>('GET', `/meetings/${meetingId}/texts`);
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
