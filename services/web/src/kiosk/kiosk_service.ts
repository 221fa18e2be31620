/** What the kiosk asks of the service, as one voter after the other; tests bring their own. */
import { ProblemError, request, requestAnonymously } from '../api/client.ts';
import type { ElectionView, InspectionView, MeetingListView, MeetingView } from '../api/types.ts';
import type { Identity } from '../device/database.ts';
import { createDeviceKey } from '../device/device_key.ts';
import { currentAccount, enrol, enrolKept, logIn, logOut } from '../device/login.ts';
import { checkIn } from '../member/check_in.tsx';

/** How far the voting is, as the board shows it to everybody. */
export type VotingState = 'not_started' | 'voting' | 'ended';

export interface KioskService {
  inspect(code: string): Promise<InspectionView>;
  /** Make the voter's own key on this kiosk and register it. */
  register(code: string, name: string): Promise<Identity>;
  /** Register a key again whose first answer was lost. */
  registerKept(code: string, identity: Identity): Promise<Identity>;
  logIn(identity: Identity): Promise<Identity>;
  logOut(): Promise<void>;
  /** Who is logged in on this browser; null when nobody is. */
  currentAccountId(): Promise<string | null>;
  /** Meetings of the voter's council that have not ended, newest start first. */
  meetings(): Promise<MeetingView[]>;
  /** The elections of a meeting in order of drafting. */
  elections(meetingId: string): Promise<ElectionView[]>;
  /** Asked as nobody: a login right before a ballot would name its voter. */
  votingState(uuid: string): Promise<VotingState>;
  checkIn(identity: Identity, meetingId: string, member: number): Promise<void>;
}

export const kioskService: KioskService = {
  inspect: (code) => request('POST', '/enrolments/inspect', { code }),
  register: async (code, name) => enrol(code, await createDeviceKey('kiosk'), name),
  registerKept: enrolKept,
  logIn,
  logOut,
  currentAccountId: async () => (await currentAccount())?.id ?? null,
  async meetings() {
    const { meetings } = await request<MeetingListView>('GET', '/meetings');
    return meetings.filter((each) => each.ended !== true);
  },
  async elections(meetingId) {
    const { elections } = await request<MeetingView>('GET', `/meetings/${meetingId}`);
    return Promise.all(elections.map((uuid) => request<ElectionView>('GET', `/elections/${uuid}`)));
  },
  async votingState(uuid) {
    // Where an election ends without a result, that is under the checkpoint `result`.
    const isThere = await Promise.all(
      ['opening', 'closing', 'result'].map((name) => hasCheckpoint(uuid, name)),
    );
    const [isOpened, isClosed, isEnded] = isThere;
    if (isClosed || isEnded) return 'ended';
    return isOpened ? 'voting' : 'not_started';
  },
  checkIn: (identity, meetingId, member) => checkIn(identity, meetingId, member, false),
};

async function hasCheckpoint(uuid: string, name: string): Promise<boolean> {
  try {
    await requestAnonymously('', `/elections/${uuid}/board/checkpoints/${name}`);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return false;
    throw error;
  }
}
