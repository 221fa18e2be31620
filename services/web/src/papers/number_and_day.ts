/** Number and day of a minute as the records clerk types them (Decree 30/2020, Article 8 and 9). */

/** The register's number with what a council's series adds to it: `07`, `07a`, `112`. */
const NUMBER = /^\d{1,5}[A-Za-z]?$/;

/** With the leading zero of the decree (Annex I, part II, point 3): `7` → `07`; null: no number. */
export function numberText(typed: string): string | null {
  const text = typed.trim();
  if (!NUMBER.test(text) || /^0*[A-Za-z]?$/.test(text)) return null;
  const digits = text.replace(/[A-Za-z]$/, '');
  return digits.length < 2 ? `0${text}` : text;
}

/** Whether there is such a day, of this or a neighbouring year of `today` (`YYYY-MM-DD`). */
export function isDay(date: string, today: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return false;
  const read = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== date) return false;
  return Math.abs(Number(date.slice(0, 4)) - Number(today.slice(0, 4))) <= 1;
}
