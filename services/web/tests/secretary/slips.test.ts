import { expect, it } from 'vitest';

import { ProblemError } from '../../src/api/client.ts';
import type { MemberView } from '../../src/api/types.ts';
import { mediaTypeOf, rowProblems } from '../../src/secretary/import_file.ts';
import { isUsed, type MadeInvitation, sheets, slipsOf } from '../../src/secretary/slips.ts';

const members = Array.from(
  { length: 13 },
  (_, index) => ({ no: index + 1, name: `Thành viên ${index + 1}` }) as MemberView,
);

it('slips are of those who were invited here, four on a sheet', () => {
  const invitations = new Map(
    members.map((each) => [each.no, { link: `l${each.no}`, wasEnrolled: false } as MadeInvitation]),
  );
  invitations.delete(4);
  const slips = slipsOf(members, invitations);
  expect(slips).toHaveLength(12);
  expect(sheets(slips).map((sheet) => sheet.length)).toEqual([4, 4, 4]);
  expect(sheets([...slips, ...slips.slice(0, 1)]).map((sheet) => sheet.length)).toEqual([4, 4, 4, 1]);
  expect(sheets([])).toEqual([]);
});

it('an invitation that was used is printed no more; one for another device is', () => {
  const member = { no: 1, enrolled: true } as MemberView;
  const first = { wasEnrolled: false } as MadeInvitation;
  const again = { wasEnrolled: true } as MadeInvitation;
  expect(isUsed(member, first)).toBe(true);
  expect(isUsed({ ...member, enrolled: false }, first)).toBe(false);
  expect(isUsed(member, again)).toBe(false);
  expect(slipsOf([member], new Map([[1, first]]))).toEqual([]);
  expect(slipsOf([member], new Map([[1, again]]))).toHaveLength(1);
});

it.each([
  ['Danh sách.XLSX', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ds.csv', 'text/csv'],
  ['ds.v2.csv', 'text/csv'],
  ['ds', 'text/csv'],
])('%s is sent as %s', (name, type) => expect(mediaTypeOf(name)).toBe(type));

it('problems of rows are read out of the refusal, and of nothing else', () => {
  const rows = [{ row: 3, column: 'Họ và tên', problem: 'Ô này để trống.' }, { row: 'x' }, null];
  const error = new ProblemError(422, 'import-rows-invalid', { vi: '', en: '' }, { rows });
  expect(rowProblems(error)).toEqual([rows[0]]);
  expect(rowProblems(new Error('other'))).toEqual([]);
});
