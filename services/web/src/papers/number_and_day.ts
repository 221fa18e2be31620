/** Number and day of a minute as the records clerk types them (Decree 30/2020, Article 8 and 9). */

/** The register's number and what a council's series adds to it: `07`, `07a`, `112`. */
const NUMBER = /^0*([1-9]\d{0,3})([A-Za-z]{0,2})$/;

/** With the leading zero of the decree (Annex I, part II, point 3): `7` → `07`; null: no number. */
export function numberText(typed: string): string | null {
  const [, digits, letters] = NUMBER.exec(typed.trim()) ?? [];
  return digits === undefined ? null : digits.padStart(2, '0') + letters;
}

/** Whether there is such a day, and it has come: a paper is not issued in advance. */
export function isDay(date: string, today: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return false;
  const read = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== date) return false;
  return date <= today;
}
