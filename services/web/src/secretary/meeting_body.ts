/** A meeting as the form has it, and as `POST /meetings` takes it. */
import type { MeetingKind, MeetingSettings, MemberView } from '../api/types.ts';
import { instantOfLocal } from '../design/local_time.ts';
import { folded, oneLine, SHORT_TEXT } from './typed_text.ts';

export interface MeetingForm extends MeetingSettings {
  title: string;
  kind: MeetingKind;
  /** `YYYY-MM-DDTHH:MM` on the clock of the hall. */
  starts_at: string;
  venue: string;
  /** Numbers of members as texts; '' before they are chosen. */
  presiding: string;
  minute_taker: string;
}

export const DEFAULT_SETTINGS: MeetingSettings = {
  starts_by: 'secretary',
  closes_by: 'secretary',
  hall_shows: 'all',
  address_form: 'dong_chi',
};

export type MeetingBody = Omit<MeetingForm, 'presiding' | 'minute_taker'> & {
  council_id: string;
  presiding: number;
  minute_taker: number;
};

/** A form with what the roster suggests: its chair presides, its secretary takes the minute. */
export function newMeetingForm(members: readonly MemberView[], startsAt: string): MeetingForm {
  const roleOf = (word: string) =>
    members.find((member) => folded(member.council_role).includes(word))?.no ?? '';
  return {
    ...DEFAULT_SETTINGS,
    title: '',
    kind: 'regular',
    starts_at: startsAt,
    venue: '',
    presiding: String(members.find(isChair)?.no ?? ''),
    minute_taker: String(roleOf('thư ký')),
  };
}

/** Fields that must be filled in before the meeting can be made. */
export function meetingFaults(form: MeetingForm): (keyof MeetingForm)[] {
  const faults: (keyof MeetingForm)[] = [];
  if (oneLine(form.title) === '') faults.push('title');
  if (instantOfLocal(form.starts_at) === null) faults.push('starts_at');
  if (oneLine(form.venue) === '') faults.push('venue');
  if (form.presiding === '') faults.push('presiding');
  if (form.minute_taker === '') faults.push('minute_taker');
  return faults;
}

/** The body; only of a form without faults. */
export function meetingOf(form: MeetingForm, councilId: string): MeetingBody {
  return {
    ...form,
    council_id: councilId,
    title: oneLine(form.title).slice(0, SHORT_TEXT),
    starts_at: instantOfLocal(form.starts_at) ?? '',
    venue: oneLine(form.venue).slice(0, SHORT_TEXT),
    presiding: Number(form.presiding),
    minute_taker: Number(form.minute_taker),
  };
}

function isChair(member: MemberView): boolean {
  return folded(member.council_role).startsWith('chủ tịch');
}
