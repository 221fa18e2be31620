/**
 * Times as people in the hall read them. The service keeps them with their offset and papers print
 * the wall clock of that text, so nothing here moves a time from one zone to another.
 */

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):\d{2}(Z|[+-]\d{2}:\d{2})$/;

/** Minutes that local time is ahead of UTC at that wall-clock time, by this device's zone. */
export type OffsetOf = (local: string) => number;

/** The browser's own zone; `local` is `YYYY-MM-DDTHH:MM`. */
export const browserOffset: OffsetOf = (local) => {
  const minutes = new Date(local).getTimezoneOffset();
  return minutes === 0 ? 0 : -minutes;
};

/**
 * `2026-12-15T08:00` of a date-and-time field → `2026-12-15T08:00:00+07:00`; null when it is no
 * time.
 */
export function instantOfLocal(local: string, offsetOf: OffsetOf = browserOffset): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return null;
  const minutes = offsetOf(local);
  return Number.isNaN(minutes) ? null : `${local}:00${offsetText(minutes)}`;
}

/** The wall clock of an instant as a date-and-time field takes it: `2026-12-15T08:00`. */
export function localOfInstant(instant: string): string {
  return INSTANT.test(instant) ? instant.slice(0, 16) : '';
}

/** The wall clock's time of an instant: `08:00`. */
export function timeOfInstant(instant: string | undefined): string {
  return instant !== undefined && INSTANT.test(instant) ? instant.slice(11, 16) : '';
}

/** `09:30` on the day of `day`, in the zone of `day`; null when it is no time. */
export function instantOnDay(day: string, time: string): string | null {
  const offset = INSTANT.exec(day)?.[6];
  if (offset === undefined || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return null;
  return `${day.slice(0, 10)}T${time}:00${offset}`;
}

/** `08:00, 15/12/2026`, as it is written in every language of the screens. */
export function instantText(instant: string): string {
  const [, year, month, day, hour, minute] = INSTANT.exec(instant) ?? [];
  return year === undefined ? instant : `${hour}:${minute}, ${day}/${month}/${year}`;
}

/** `2026-03-20` → `20/03/2026`. */
export function dateText(date: string): string {
  return date.split('-').reverse().join('/');
}

/** Now on this device's clock, for a field's first value only. */
export function nowLocal(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${date}T${two(now.getHours())}:${two(now.getMinutes())}`;
}

function offsetText(minutes: number): string {
  const ahead = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}
