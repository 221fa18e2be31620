import { describe, expect, it } from 'vitest';

import {
  instantOfLocal,
  instantOnDay,
  instantText,
  localOfInstant,
  nowLocal,
  timeOfInstant,
} from '../../src/design/local_time.ts';

describe('times of the hall', () => {
  it('are typed in Vietnam\'s time, as the papers print them', () => {
    expect(instantOfLocal('2026-12-15T08:00')).toBe('2026-12-15T08:00:00+07:00');
  });

  it.each([
    '',
    '2026-12-15',
    '08:00',
    '2026-12-15 08:00',
    '2026-12-15T08:00:00',
    '2026-13-01T08:00',
    '2026-02-30T08:00',
    '2026-12-15T24:00',
  ])('"%s" is no time of a field', (text) => expect(instantOfLocal(text)).toBeNull());

  it('are shown in Vietnam\'s time, however the service has written them', () => {
    expect(localOfInstant('2026-12-15T08:00:00+07:00')).toBe('2026-12-15T08:00');
    expect(localOfInstant('2026-12-14T18:30:00Z')).toBe('2026-12-15T01:30');
    expect(instantText('2026-12-15T01:05:00Z')).toBe('08:05, 15/12/2026');
    expect(timeOfInstant('2026-12-15T10:05:59-03:30')).toBe('20:35');
    expect(timeOfInstant(undefined)).toBe('');
    expect(instantText('nonsense')).toBe('nonsense');
  });

  it('of day are put on the day of the meeting', () => {
    expect(instantOnDay('2026-12-15T08:00:00+07:00', '10:45')).toBe('2026-12-15T10:45:00+07:00');
    expect(instantOnDay('2026-12-14T23:00:00Z', '06:15')).toBe('2026-12-15T06:15:00+07:00');
    expect(instantOnDay('2026-12-15T08:00:00+07:00', '24:00')).toBeNull();
    expect(instantOnDay('2026-12-15T08:00:00+07:00', '')).toBeNull();
  });

  it('of now are a value of a date-and-time field', () => {
    expect(nowLocal(new Date('2026-01-04T20:09:30Z'))).toBe('2026-01-05T03:09');
  });
});
