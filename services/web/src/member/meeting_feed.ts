/** What the service says of a member's meetings and elections, fresh while the page is open. */
import { signal } from '@preact/signals';

import { isLoginRequired, request } from '../api/client.ts';
import { followElection } from '../api/events.ts';
import type {
  AttendanceState,
  AttendanceView,
  ElectionEvent,
  ElectionState,
  ElectionView,
  MeetingListView,
  MeetingView,
} from '../api/types.ts';
import { currentAccount } from '../device/login.ts';
import { setAddressForm } from '../words/words.ts';

const MEETINGS_MS = 8_000;
const ATTENDANCE_MS = 10_000;

/** The attendance as members may see it: the own one and how many are here. */
export interface OwnAttendance {
  readonly state: AttendanceState;
  readonly here: number;
  readonly members: number;
}

/** The member's view of the meeting; every field is a signal that screens follow. */
export class MeetingFeed {
  /** Meetings that have not ended, else the last one; newest start first. Null at first. */
  readonly meetings = signal<readonly MeetingView[] | null>(null);
  readonly meeting = signal<MeetingView | null>(null);
  /** The meeting's elections in order of drafting. */
  readonly elections = signal<readonly ElectionView[]>([]);
  readonly attendance = signal<OwnAttendance | null>(null);
  /** Whether this member took a ballot, by uuid, as the service says. */
  readonly issued = signal<ReadonlyMap<string, boolean>>(new Map());
  readonly isReached = signal(true);
  /** The login has ended: the way in must be gone again. */
  readonly isLoggedOut = signal(false);

  readonly #member: number;
  readonly #accountId: string;
  readonly #stops = new Map<string, () => void>();
  #timers: ReturnType<typeof setInterval>[] = [];
  #chosen: string | null = null;

  constructor(member: number, accountId: string) {
    this.#member = member;
    this.#accountId = accountId;
  }

  start(): void {
    void this.refresh();
    this.#timers = [
      setInterval(() => void this.#ifSeen(() => this.refresh()), MEETINGS_MS),
      setInterval(() => void this.#ifSeen(() => this.refreshAttendance()), ATTENDANCE_MS),
    ];
    document.addEventListener('visibilitychange', this.#onSeen);
    addEventListener('online', this.#onSeen);
  }

  stop(): void {
    this.#timers.forEach(clearInterval);
    this.#stops.forEach((stop) => stop());
    this.#stops.clear();
    document.removeEventListener('visibilitychange', this.#onSeen);
    removeEventListener('online', this.#onSeen);
  }

  /** Choose one of several meetings. */
  chooseMeeting(id: string): void {
    this.#chosen = id;
    this.attendance.value = null;
    void this.refresh();
  }

  /** Choose anew. */
  leaveMeeting(): void {
    this.#chosen = null;
    this.meeting.value = null;
    void this.refresh();
  }

  /** Ask for everything again. */
  async refresh(): Promise<void> {
    await this.#guarded(async () => {
      const { meetings } = await request<MeetingListView>('GET', '/meetings');
      const open = meetings.filter((each) => each.ended !== true);
      // After its end a meeting stays on the screen until there is another one.
      const shown = open.length > 0 ? open : meetings.slice(0, 1);
      this.meetings.value = shown;
      const chosen = this.#choose(shown);
      const isOther = chosen?.id !== this.meeting.value?.id;
      this.meeting.value = chosen;
      setAddressForm(chosen?.address_form ?? 'dong_chi');
      await this.#followAll(chosen?.elections ?? []);
      if (isOther || this.attendance.value === null) await this.#readAttendance();
    });
  }

  async refreshAttendance(): Promise<void> {
    await this.#guarded(() => this.#readAttendance());
  }

  /** Take what an act answered. */
  take(view: ElectionView): void {
    const others = this.elections.value.filter((each) => each.uuid !== view.uuid);
    const order = this.meeting.value?.elections ?? [];
    this.elections.value = [...others, view].sort(
      (left, right) => order.indexOf(left.uuid) - order.indexOf(right.uuid),
    );
  }

  /** Ask again whether the member has taken a ballot. */
  async refreshIssued(uuid: string): Promise<void> {
    await this.#guarded(async () => {
      const own = await request<{ issued: boolean }>('GET', `/elections/${uuid}/issuance/mine`);
      this.issued.value = new Map([...this.issued.value, [uuid, own.issued]]);
    });
  }

  /** The only one, or the one that the member has chosen of several. */
  #choose(shown: readonly MeetingView[]): MeetingView | null {
    const [only, second] = shown;
    if (second === undefined) return only ?? null;
    return shown.find((each) => each.id === this.#chosen) ?? null;
  }

  async #followAll(uuids: readonly string[]): Promise<void> {
    for (const [uuid, stop] of this.#stops) {
      if (uuids.includes(uuid)) continue;
      stop();
      this.#stops.delete(uuid);
    }
    this.elections.value = this.elections.value.filter((each) => uuids.includes(each.uuid));
    for (const uuid of uuids) {
      if (!this.elections.value.some((each) => each.uuid === uuid)) await this.#read(uuid);
    }
  }

  async #read(uuid: string): Promise<void> {
    const view = await request<ElectionView>('GET', `/elections/${uuid}`);
    this.take(view);
    if (isIssued(view.state)) await this.refreshIssued(uuid);
    if (!isOver(view.state) && !this.#stops.has(uuid)) {
      const stop = followElection(
        uuid,
        (event) => void this.#guarded(() => this.#hear(uuid, event)),
        (isReached) => {
          this.isReached.value = isReached;
        },
      );
      this.#stops.set(uuid, stop);
    }
  }

  async #hear(uuid: string, event: ElectionEvent): Promise<void> {
    const known = this.elections.value.find((each) => each.uuid === uuid);
    if (known === undefined) return;
    const isSame = known.state === event.state && known.announced === event.announced;
    const { issued, confirmed, returned } = event;
    if (isSame) {
      this.take({ ...known, issued, confirmed, returned });
      return;
    }
    await this.#read(uuid);
    if (isOver(event.state)) {
      this.#stops.get(uuid)?.();
      this.#stops.delete(uuid);
    }
  }

  async #readAttendance(): Promise<void> {
    const meeting = this.meeting.value;
    if (meeting === null) return;
    const view = await request<AttendanceView>('GET', `/meetings/${meeting.id}/attendance`);
    const own = view.members.find((each) => each.no === this.#member);
    this.attendance.value = {
      state: own?.state ?? 'absent',
      here: view.present + view.online,
      members: view.members.length,
    };
  }

  async #guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.isReached.value = true;
    } catch (error) {
      if (isLoginRequired(error)) this.isLoggedOut.value = true;
      else this.isReached.value = false;
    }
  }

  async #ifSeen(act: () => Promise<void>): Promise<void> {
    if (document.visibilityState === 'visible') await act();
  }

  readonly #onSeen = () =>
    void this.#ifSeen(async () => {
      await this.#checkLogin();
      await this.refresh();
    });

  /** Another page of this browser has perhaps logged somebody else in: nothing is done as them. */
  async #checkLogin(): Promise<void> {
    await this.#guarded(async () => {
      const account = await currentAccount();
      if (account?.id !== this.#accountId) this.isLoggedOut.value = true;
    });
  }
}

function isIssued(state: ElectionState): boolean {
  return state === 'issuing' || state === 'voting';
}

function isOver(state: ElectionState): boolean {
  return state === 'minuted' || state === 'cancelled';
}
