/**
 * Times as the hall's clock shows them: in Vietnam's time, as the papers print them, whatever zone
 * a device is set to. The service keeps each with an offset.
 */

const OFFSET = '+07:00';
const OFFSET_MS = 7 * 60 * 60 * 1000;
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

/**
 * `2026-12-15T08:00` of a date-and-time field → `2026-12-15T08:00:00+07:00`; null when there is no
 * such time.
 */
export function instantOfLocal(local: string): string | null {
  if (!LOCAL.test(local)) return null;
  const instant = `${local}:00${OFFSET}`;
  // 30 February is read as 2 March by some engines: a time that exists comes back as it was.
  return localOfInstant(instant) === local ? instant : null;
}

/** The hall's wall clock at an instant, as a date-and-time field takes it; '' when it is none. */
export function localOfInstant(instant: string): string {
  const milliseconds = Date.parse(instant);
  if (Number.isNaN(milliseconds)) return '';
  return new Date(milliseconds + OFFSET_MS).toISOString().slice(0, 16);
}

/** The time of day of an instant: `08:00`. */
export function timeOfInstant(instant: string | undefined): string {
  return instant === undefined ? '' : localOfInstant(instant).slice(11);
}

/** `09:30` on the hall's day of the instant `day`; null when it is no time. */
export function instantOnDay(day: string, time: string): string | null {
  return instantOfLocal(`${localOfInstant(day).slice(0, 10)}T${time}`);
}

/** `08:00, 15/12/2026`, as it is written in every language of the screens. */
export function instantText(instant: string): string {
  const local = localOfInstant(instant);
  return local === '' ? instant : `${local.slice(11)}, ${dateText(local.slice(0, 10))}`;
}

/** `2026-03-20` → `20/03/2026`. */
export function dateText(date: string): string {
  return date.split('-').reverse().join('/');
}

/** The hall's wall clock now by this device's clock, for a field's first value only. */
export function nowLocal(now: Date): string {
  return localOfInstant(now.toISOString());
}
