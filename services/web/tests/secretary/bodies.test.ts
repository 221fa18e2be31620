import { describe, expect, it } from 'vitest';

import type { ElectionView, MemberView } from '../../src/api/types.ts';
import { attendanceBody } from '../../src/secretary/attendance_body.ts';
import {
  councilFaults,
  councilOf,
  EMPTY_COUNCIL,
} from '../../src/secretary/council_body.ts';
import {
  meetingFaults,
  meetingOf,
  newMeetingForm,
} from '../../src/secretary/meeting_body.ts';
import { secondBallotBody } from '../../src/secretary/second_ballot_body.ts';

describe('a council', () => {
  const named = {
    ...EMPTY_COUNCIL,
    name: 'Hội đồng  Thi đua',
    parent_line: 'ỦY BAN',
    issuer_line: 'HỘI ĐỒNG',
    symbol: 'HĐTĐKT',
  };

  it('needs name and heading; the deciding act is whole or not there', () => {
    expect(councilFaults(EMPTY_COUNCIL)).toEqual(['name', 'parent_line', 'issuer_line', 'symbol']);
    expect(councilFaults(named)).toEqual([]);
    expect(councilFaults({ ...named, decision_number: '1/QĐ' })).toEqual([
      'decision_date',
      'decision_issued_by',
      'decision_about',
    ]);
  });

  it('leaves out what is empty', () => {
    expect(councilOf(named)).toEqual({
      name: 'Hội đồng Thi đua',
      issuer: { parent_line: 'ỦY BAN', issuer_line: 'HỘI ĐỒNG', symbol: 'HĐTĐKT' },
    });
  });
});

const MEMBERS: MemberView[] = [
  { no: 1, name: 'A', position: '', council_role: 'Phó Chủ tịch', enrolled: true },
  { no: 2, name: 'B', position: '', council_role: 'Chủ tịch Hội đồng', enrolled: true },
  { no: 3, name: 'C', position: '', council_role: 'Ủy viên kiêm thư ký', enrolled: false },
];

describe('a meeting', () => {
  it('begins with the chair and the secretary of the roster', () => {
    expect(newMeetingForm(MEMBERS, '2026-12-15T08:00')).toMatchObject({
      presiding: '2',
      minute_taker: '3',
    });
    expect(newMeetingForm([], '')).toMatchObject({ presiding: '', minute_taker: '' });
  });

  it('names what is missing, and is sent with its offset', () => {
    const form = newMeetingForm(MEMBERS, '2026-12-15T08:00');
    expect(meetingFaults(form)).toEqual(['title', 'venue']);
    const filled = { ...form, title: ' Họp ', venue: 'Phòng 2' };
    expect(meetingFaults(filled)).toEqual([]);
    expect(meetingOf(filled, 'c')).toEqual({
      council_id: 'c',
      kind: 'regular',
      title: 'Họp',
      starts_at: '2026-12-15T08:00:00+07:00',
      venue: 'Phòng 2',
      presiding: 2,
      minute_taker: 3,
      starts_by: 'secretary',
      closes_by: 'secretary',
      hall_shows: 'all',
      address_form: 'dong_chi',
    });
  });
});

describe('an attendance', () => {
  const times = { arrived_at: '2026-12-15T08:10:00+07:00', left_at: '' };
  it('has times of who is here, a reason of who is not', () => {
    const noted = { no: 1, reason: ' Công tác ', ...times };
    expect(attendanceBody({ ...noted, state: 'online' })).toEqual({
      state: 'online',
      arrived_at: times.arrived_at,
    });
    expect(attendanceBody({ ...noted, state: 'absent' })).toEqual({
      state: 'absent',
      reason: 'Công tác',
    });
  });
});

it('a second ballot takes the chosen cases in their order under their rules', () => {
  const rule = {
    share: '80%',
    comparator: 'at_least',
    base: 'all_members',
    citation: 'Điều 9',
  } as const;
  const case_ = (no: number) =>
    ({ no, kind: 'individual', name: `N${no}`, unit: '', award: 'Bằng khen', rule }) as const;
  const first = {
    uuid: 'firstuuid12345',
    group: 'Ed25519',
    nominations: [case_(1), case_(2), case_(3)],
    quorum: { share: '2/3' },
    minimum_ballots: 5,
    late_issuance: false,
  } as unknown as ElectionView;
  expect(secondBallotBody(first, [3, 1])).toEqual({
    group: 'Ed25519',
    nominations: [case_(1), { ...case_(3), no: 2 }],
    quorum: { share: '2/3' },
    minimum_ballots: 5,
    late_issuance: false,
    previous: 'firstuuid12345',
  });
});
