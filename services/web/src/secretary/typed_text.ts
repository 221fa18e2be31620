/** Typed text as the service and the record take it: composed Unicode, single spaces, one line. */

/** One line of at most 300 characters, or what a field's own limit says. */
export const SHORT_TEXT = 300;
export const SUMMARY_TEXT = 5000;
export const CITATION_TEXT = 500;
export const LONG_TEXT = 20_000;
/** A cancellation's reason also goes through a QR code, which holds not much more. */
export const CANCELLATION_TEXT = 300;

/** Spaces, tabs and line breaks become one space; letters with marks become one character each. */
export function oneLine(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** The same for a text of several paragraphs; empty lines go. */
export function paragraphs(text: string): string {
  return text
    .split(/\r?\n/)
    .map(oneLine)
    .filter((line) => line !== '')
    .join('\n');
}

/** To compare names as the service does: marks composed, case and spaces aside. */
export function folded(text: string): string {
  return oneLine(text).toLowerCase();
}
