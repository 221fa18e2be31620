/** What the secretary notes of one member, as `PUT …/attendance` takes it. */
import type { MemberAttendanceView } from '../api/types.ts';
import { oneLine } from './typed_text.ts';

/** Times belong to who is here, a reason to who is not; what is empty is left out. */
export function attendanceBody(attendance: MemberAttendanceView): Omit<MemberAttendanceView, 'no'> {
  const { state, arrived_at, left_at } = attendance;
  const isHere = state === 'present' || state === 'online';
  const reason = oneLine(attendance.reason ?? '');
  return {
    state,
    ...(!isHere && reason !== '' ? { reason } : {}),
    ...(isHere && arrived_at !== undefined && arrived_at !== '' ? { arrived_at } : {}),
    ...(isHere && left_at !== undefined && left_at !== '' ? { left_at } : {}),
  };
}
