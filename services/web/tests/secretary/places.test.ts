import { describe, expect, it } from 'vitest';

import {
  councilPlace,
  meetingPlace,
  readConsolePlace,
  STEPS,
} from '../../src/secretary/places.ts';

const ID = '0123456789abcdef0123456789abcdef';
const UUID = 'h5Bq9RkTzX2mWe';

describe('places of the console', () => {
  it('come back as they were written', () => {
    expect(readConsolePlace(councilPlace(ID))).toEqual({ name: 'council', councilId: ID });
    expect(readConsolePlace(councilPlace(ID, 'members'))).toEqual({
      name: 'members',
      councilId: ID,
    });
    expect(readConsolePlace(councilPlace(ID, 'meetings/new'))).toEqual({
      name: 'new_meeting',
      councilId: ID,
    });
    for (const page of [...STEPS, 'meeting' as const]) {
      for (const uuid of [null, UUID, 'new']) {
        expect(readConsolePlace(meetingPlace(ID, uuid, page))).toEqual({
          name: 'meeting',
          meetingId: ID,
          uuid,
          page,
        });
      }
    }
  });

  it('a meeting without a step leaves the step to its state', () => {
    expect(readConsolePlace(meetingPlace(ID))).toEqual({
      name: 'meeting',
      meetingId: ID,
      uuid: null,
      page: null,
    });
  });

  it.each(['/councils/x', `/meetings/${ID}/nothing`, '/meetings', `/councils/${ID}/roster`])(
    '%s is none',
    (place) => expect(readConsolePlace(place)).toEqual({ name: 'unknown' }),
  );
});
