import { describe, expect, it } from 'vitest';

import {
  instantOfLocal,
  instantOnDay,
  instantText,
  localOfInstant,
  nowLocal,
  timeOfInstant,
} from '../../src/secretary/local_time.ts';

describe('times of the hall', () => {
  it.each([
    [420, '2026-12-15T08:00:00+07:00'],
    [0, '2026-12-15T08:00:00+00:00'],
    [-210, '2026-12-15T08:00:00-03:30'],
  ])('an offset of %s minutes is written out', (minutes, instant) => {
    expect(instantOfLocal('2026-12-15T08:00', () => minutes)).toBe(instant);
  });

  it.each(['', '2026-12-15', '08:00', '2026-12-15 08:00', '2026-12-15T08:00:00'])(
    '"%s" is no time of a field',
    (text) => expect(instantOfLocal(text, () => 420)).toBeNull(),
  );

  it('a date that does not exist has no offset', () => {
    expect(instantOfLocal('2026-13-40T08:00')).toBeNull();
  });

  it('the wall clock stays as the paper prints it, whatever the zone of the device', () => {
    expect(localOfInstant('2026-12-15T08:00:00+07:00')).toBe('2026-12-15T08:00');
    expect(instantText('2026-12-15T08:05:00+07:00')).toBe('08:05, 15/12/2026');
    expect(timeOfInstant('2026-12-15T23:05:59Z')).toBe('23:05');
    expect(timeOfInstant(undefined)).toBe('');
  });

  it('a time of day is put on the day of the meeting, in its zone', () => {
    expect(instantOnDay('2026-12-15T08:00:00+07:00', '10:45')).toBe('2026-12-15T10:45:00+07:00');
    expect(instantOnDay('2026-12-15T08:00:00+07:00', '24:00')).toBeNull();
    expect(instantOnDay('2026-12-15T08:00:00+07:00', '')).toBeNull();
  });

  it('now is a value of a date-and-time field', () => {
    expect(nowLocal(new Date(2026, 0, 5, 7, 9))).toBe('2026-01-05T07:09');
  });
});
