import { describe, expect, it } from 'vitest';

import type { MemberView } from '../../src/api/types.ts';
import {
  endingDevices,
  membersOf,
  rosterFaults,
  rowsOf,
  withRow,
} from '../../src/secretary/roster_draft.ts';

const member = (no: number, name: string, enrolled = true): MemberView => ({
  no,
  name,
  position: 'Giám đốc',
  council_role: 'Ủy viên',
  enrolled,
});

describe('the roster', () => {
  it('comes back as it was', () => {
    const members = [member(1, 'An'), member(3, 'Bình')];
    expect(membersOf(rowsOf(members))).toEqual(members.map(({ enrolled: _, ...each }) => each));
  });

  it('never gives a number again: a new member gets the next one', () => {
    expect(withRow(rowsOf([member(1, 'An'), member(3, 'Bình')])).at(-1)?.no).toBe('4');
    expect(withRow([]).at(-1)?.no).toBe('1');
  });

  it('names rows to mend', () => {
    const rows = rowsOf([member(1, 'An'), member(1, ' '), member(501, 'Cả')]);
    expect(rosterFaults(rows)).toEqual([
      { row: 1, field: 'no_twice' },
      { row: 1, field: 'name' },
      { row: 2, field: 'no' },
    ]);
    expect(rosterFaults([])).toEqual([{ row: -1, field: 'length' }]);
    expect(rosterFaults([{ no: '1.5', name: 'An', position: '', council_role: '' }])).toEqual([
      { row: 0, field: 'no' },
    ]);
  });

  it('says whose device ends: who left, and whose number has another name', () => {
    const before = [member(1, 'An'), member(2, 'Bình'), member(3, 'Cả', false)];
    const after = [member(1, 'An'), member(2, 'Dung'), member(4, 'Cả')];
    expect(endingDevices(before, after).map((each) => each.name)).toEqual(['Bình']);
    expect(endingDevices(before, before)).toEqual([]);
  });
});
