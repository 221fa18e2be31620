/**
 * A meeting as the console shows it: everything is the service's state, fetched again after every
 * act and event, so that a second person can go on where the first has stopped.
 */
import { signal } from '@preact/signals';

import { followElection } from '../api/events.ts';
import type {
  AttendanceView,
  CeremonyView,
  CouncilView,
  ElectionView,
  MeetingView,
} from '../api/types.ts';
import { setAddressForm } from '../words/words.ts';
import { ask } from './console_request.ts';

const POLL_MS = 4_000;

/** States after which nothing of an election changes. */
const ENDED = new Set(['minuted', 'cancelled']);

export interface MeetingPicture {
  meeting: MeetingView;
  council: CouncilView;
  attendance: AttendanceView;
  /** In order of drafting. */
  elections: ElectionView[];
  /** Of the election shown, from the counting team on. */
  ceremony: CeremonyView | null;
}

/** Keeps the picture of one meeting; `stop` ends its requests. */
export class MeetingBoard {
  readonly picture = signal<MeetingPicture | null>(null);
  readonly error = signal<unknown>(null);
  readonly isReached = signal(true);
  private shown: string | null = null;
  private stopFollowing: (() => void) | null = null;
  private readonly timer: ReturnType<typeof setInterval>;
  private isStopped = false;
  private asked = 0;
  private openQuestions = 0;

  constructor(
    readonly meetingId: string,
    /** The ballot to follow; null: the one drafted last. */
    private wanted: string | null,
  ) {
    // On a slow network a question that is still open must not be overtaken again and again.
    this.timer = setInterval(() => {
      if (this.openQuestions === 0) void this.refresh();
    }, POLL_MS);
    void this.refresh();
  }

  /** Show another ballot of the meeting. */
  show(uuid: string | null): void {
    if (this.wanted === uuid) return;
    this.wanted = uuid;
    void this.refresh();
  }

  /** Fetch everything that can have changed; an answer that was overtaken is dropped. */
  async refresh(): Promise<void> {
    const turn = ++this.asked;
    this.openQuestions += 1;
    try {
      const picture = await this.read();
      if (this.isStopped || turn !== this.asked) return;
      this.isReached.value = true;
      this.error.value = null;
      setAddressForm(picture.meeting.address_form ?? 'dong_chi');
      this.picture.value = picture;
      this.follow(shownElection(picture, this.wanted));
    } catch (error) {
      if (this.isStopped || turn !== this.asked) return;
      // With a picture on the screen a lost network is a note, not a page of its own.
      this.isReached.value = false;
      if (this.picture.value === null) this.error.value = error;
    } finally {
      this.openQuestions -= 1;
    }
  }

  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
    this.stopFollowing?.();
  }

  private async read(): Promise<MeetingPicture> {
    const before = this.picture.value;
    const meeting = await ask<MeetingView>('GET', `/meetings/${this.meetingId}`);
    const known = new Map(before?.elections.map((each) => [each.uuid, each]));
    const shown = this.wanted ?? meeting.elections.at(-1) ?? null;
    const [council, attendance, ...elections] = await Promise.all([
      ask<CouncilView>('GET', `/councils/${meeting.council_id}`),
      ask<AttendanceView>('GET', `/meetings/${this.meetingId}/attendance`),
      ...meeting.elections.map((uuid) => {
        const kept = known.get(uuid);
        const isSettled = kept !== undefined && kept.state === 'cancelled' && uuid !== shown;
        return isSettled
          ? Promise.resolve(kept)
          : ask<ElectionView>('GET', `/elections/${uuid}`);
      }),
    ]);
    const election = elections.find((each) => each.uuid === shown);
    const hasTeam = election?.counting_team !== undefined;
    const ceremony = hasTeam
      ? await ask<CeremonyView>('GET', `/elections/${election?.uuid ?? ''}/ceremony`)
      : null;
    return { meeting, council, attendance, elections, ceremony };
  }

  private follow(election: ElectionView | null): void {
    const uuid = election === null || ENDED.has(election.state) ? null : election.uuid;
    if (uuid === this.shown) return;
    this.stopFollowing?.();
    this.shown = uuid;
    this.stopFollowing =
      uuid === null
        ? null
        : followElection(
            uuid,
            () => void this.refresh(),
            (isReached) => {
              this.isReached.value = isReached;
            },
          );
  }
}

/** The ballot that a place names, else the one drafted last; null before there is one. */
export function shownElection(picture: MeetingPicture, uuid: string | null): ElectionView | null {
  if (uuid === 'new') return null;
  const found = picture.elections.find((each) => each.uuid === uuid);
  return found ?? (uuid === null ? (picture.elections.at(-1) ?? null) : null);
}
