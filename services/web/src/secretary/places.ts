/** Where one is in the secretary's console, as `#/…` says it. */

/** The eight steps of a ballot in their order, and the meeting's own page. */
export const STEPS = [
  'list',
  'attendance',
  'team',
  'issue',
  'start',
  'close',
  'result',
  'papers',
] as const;
export type Step = (typeof STEPS)[number];
export type MeetingPage = Step | 'meeting';

export type ConsolePlace =
  | { name: 'start' }
  | { name: 'new_council' }
  | { name: 'secretaries' }
  | { name: 'council' | 'members' | 'invitations' | 'new_meeting'; councilId: string }
  /** `uuid` null: the ballot drafted last; `new`: one that is not drafted yet. */
  | { name: 'meeting'; meetingId: string; uuid: string | null; page: MeetingPage | null }
  | { name: 'unknown' };

const ID = '([0-9a-f]{32})';
const COUNCIL = new RegExp(`^/councils/${ID}(?:/(members|invitations|meetings/new))?$`);
const MEETING = new RegExp(
  `^/meetings/${ID}(?:/(new|[1-9A-HJ-NP-Za-km-z]{14,32}))?(?:/([a-z]+))?$`,
);

/** Read a place; whatever is none of ours is `unknown`. */
export function readConsolePlace(place: string): ConsolePlace {
  if (place === '/') return { name: 'start' };
  if (place === '/councils/new') return { name: 'new_council' };
  if (place === '/secretaries') return { name: 'secretaries' };
  const [, councilId, part] = COUNCIL.exec(place) ?? [];
  if (councilId !== undefined) {
    if (part === undefined) return { name: 'council', councilId };
    if (part === 'members' || part === 'invitations') return { name: part, councilId };
    return { name: 'new_meeting', councilId };
  }
  const [, meetingId, uuid, page] = MEETING.exec(place) ?? [];
  if (meetingId === undefined || (page !== undefined && !isMeetingPage(page))) {
    return { name: 'unknown' };
  }
  return { name: 'meeting', meetingId, uuid: uuid ?? null, page: page ?? null };
}

/** The place of a council's page. */
export function councilPlace(
  councilId: string,
  part?: 'members' | 'invitations' | 'meetings/new',
): string {
  return part === undefined ? `/councils/${councilId}` : `/councils/${councilId}/${part}`;
}

/** The place of a meeting, of one of its ballots, of a step. */
export function meetingPlace(
  meetingId: string,
  uuid: string | null = null,
  page: MeetingPage | null = null,
): string {
  const parts = ['', 'meetings', meetingId];
  if (uuid !== null) parts.push(uuid);
  if (page !== null) parts.push(page);
  return parts.join('/');
}

function isMeetingPage(text: string): text is MeetingPage {
  return text === 'meeting' || STEPS.some((step) => step === text);
}
