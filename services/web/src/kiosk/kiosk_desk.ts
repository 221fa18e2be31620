/**
 * The tablet at the tellers' desk, for members without a phone: registering and checking in by
 * their invitation, taking their ballot, handing the tablet over, wiping everything afterwards.
 *
 * Somebody is logged in only while the service is asked something in their name; a ballot is cast
 * while nobody is, and the tablet is handed over without a login: the service would see whose turn
 * it is, and right after it a ballot from the same address.
 */
import { signal } from '@preact/signals';

import { ProblemError } from '../api/client.ts';
import type { ElectionView, InspectionView } from '../api/types.ts';
import type { Identity } from '../device/database.ts';
import type { BallotHolder } from '../member/ballot_holder.ts';
import type { BallotKey } from '../member/ballot_custody.ts';
import type { KioskService } from './kiosk_service.ts';
import {
  eraseVoter,
  finishErasing,
  listVoters,
  noteCheckIn,
  noteElection,
  pendingIdentities,
  readVoter,
  type Voter,
} from './kiosk_voters.ts';

/** What the desk shows. `handing`: the tablet goes to the voter; `voting` and `receipt` are theirs. */
export type KioskPhase =
  | { readonly name: 'desk' }
  | { readonly name: 'scanning' }
  | { readonly name: 'invited'; readonly code: string; readonly invitation: InspectionView }
  | { readonly name: 'handing'; readonly voter: Voter; readonly holder: BallotHolder }
  | { readonly name: 'voting'; readonly voter: Voter; readonly holder: BallotHolder }
  | { readonly name: 'receipt'; readonly voter: Voter; readonly holder: BallotHolder };

/** What the person at the desk reads after an act. */
export type KioskSaying = 'checked_in' | 'not_issued' | 'not_started' | 'received' | 'ended' | 'wiped';

/** What the desk works with. */
export interface KioskMeans {
  readonly service: KioskService;
  readonly holderOf: (key: BallotKey) => BallotHolder;
  /** Take the ballot of a voter who is logged in. */
  readonly take: (identity: Identity, holder: BallotHolder) => Promise<void>;
}

export class KioskDesk {
  readonly phase = signal<KioskPhase>({ name: 'desk' });
  readonly voters = signal<readonly Voter[]>([]);
  readonly saying = signal<{ what: KioskSaying; name: string } | null>(null);
  readonly fault = signal<unknown>(null);
  readonly isBusy = signal(false);

  constructor(private readonly means: KioskMeans) {}

  /** After a start: finish wiping, log out, and go on where a voter was left. */
  async start(): Promise<void> {
    await this.#act(async () => {
      await finishErasing();
      const voters = await this.refresh();
      await this.#logOutVoters(voters);
      const cast = voters.find((voter) => voter.stage === 'cast');
      const casting = voters.find((voter) => voter.stage === 'casting');
      const left = cast ?? casting;
      if (left?.ballot === undefined || left.ballot === null || left.member === null) return;
      const holder = this.means.holderOf({ uuid: left.ballot.uuid, member: left.member });
      await holder.load();
      this.phase.value = { name: left === cast ? 'receipt' : 'voting', voter: left, holder };
    });
  }

  async refresh(): Promise<readonly Voter[]> {
    this.voters.value = await listVoters();
    return this.voters.value;
  }

  beginScanning(): void {
    this.saying.value = null;
    this.fault.value = null;
    this.phase.value = { name: 'scanning' };
  }

  toDesk(): void {
    this.fault.value = null;
    this.phase.value = { name: 'desk' };
    void this.refresh();
  }

  /** A scanned or typed invitation; false for any other text. */
  takeInvitation(text: string): boolean {
    const code = invitationCode(text);
    if (code === null) return false;
    void this.#act(async () => {
      try {
        const invitation = await this.means.service.inspect(code);
        this.phase.value = { name: 'invited', code, invitation };
      } catch (error) {
        // Perhaps used by this kiosk, and the answer was lost.
        const identity = await this.#registerPending(code, error);
        await this.#checkIn(identity);
      }
    });
    return true;
  }

  /** The person at the desk has seen that it is they: register and check in. */
  async registerInvited(): Promise<void> {
    const phase = this.phase.value;
    if (phase.name !== 'invited') return;
    await this.#act(async () => {
      const identity = await this.means.service.register(phase.code, phase.invitation.name);
      await this.#checkIn(identity);
    });
  }

  /** Check in a voter whose check-in got no answer before. */
  async checkInAgain(voter: Voter): Promise<void> {
    await this.#act(() => this.#checkIn(voter.identity));
  }

  /** Take the ballot of a voter, once ballots are issued. */
  async takeBallot(voter: Voter): Promise<void> {
    await this.#act(async () => {
      const { identity, member, note } = voter;
      if (member === null || note === null) return;
      await this.#as(identity, async (loggedIn) => {
        const election = currentElection(await this.means.service.elections(note.meetingId));
        const { name } = loggedIn.account;
        if (election === null || !isTakeable(election)) {
          this.saying.value = { what: isOver(election) ? 'ended' : 'not_issued', name };
          return;
        }
        await noteElection(identity, election.uuid);
        const holder = this.means.holderOf({ uuid: election.uuid, member });
        await this.means.take(loggedIn, holder);
        if (holder.fault.value !== null) throw holder.fault.value;
        this.saying.value = { what: 'received', name };
      });
    });
    await this.refresh();
  }

  /** Hand the tablet over to a voter who holds a ballot, once voting has begun; nobody logs in. */
  async handOver(voter: Voter): Promise<void> {
    await this.#act(async () => {
      const { identity, member, ballot } = await readVoter(voter.identity);
      if (member === null || ballot === null) return;
      const state = await this.means.service.votingState(ballot.uuid);
      if (state !== 'voting') {
        this.saying.value = { what: state, name: identity.account.name };
        return;
      }
      const holder = this.means.holderOf({ uuid: ballot.uuid, member });
      await holder.load();
      this.saying.value = null;
      this.phase.value = { name: 'handing', voter, holder };
    });
  }

  /** The voter has the tablet. */
  beginVoting(): void {
    const phase = this.phase.value;
    if (phase.name === 'handing') this.phase.value = { ...phase, name: 'voting' };
  }

  /** The ballot is in the box: its receipt is shown for a while, then all is wiped. */
  showReceipt(): void {
    const phase = this.phase.value;
    if (phase.name === 'voting') this.phase.value = { ...phase, name: 'receipt' };
  }

  /** Nobody has touched the tablet: the marks are cleared, the ballot stays for its voter. */
  leaveVoting(): void {
    const phase = this.phase.value;
    if (phase.name !== 'voting' && phase.name !== 'handing') return;
    const record = phase.holder.record.value;
    if (record?.step === 'held') {
      phase.holder.setMarks(record.marks.map(() => 'blank'));
      void phase.holder.discard().catch(() => undefined); // a worker that has ended holds nothing
    }
    this.toDesk();
  }

  /** Wipe everything of a voter from this kiosk. */
  async wipe(voter: Voter): Promise<void> {
    await this.#act(async () => {
      const { member, note } = voter;
      if (member !== null) {
        for (const uuid of note?.uuids ?? []) {
          const holder = this.means.holderOf({ uuid, member });
          holder.stop();
          await holder.erase();
        }
      }
      await eraseVoter(voter.identity);
      this.saying.value = { what: 'wiped', name: '' };
      this.phase.value = { name: 'desk' };
    });
    await this.refresh();
  }

  /** A kiosk that was switched off while it asked for something may still be logged in. */
  async #logOutVoters(voters: readonly Voter[]): Promise<void> {
    if (voters.length === 0) return;
    const current = await this.means.service.currentAccountId();
    if (voters.some(({ identity }) => identity.account.id === current)) {
      await this.means.service.logOut();
    }
  }

  async #registerPending(code: string, refusal: unknown): Promise<Identity> {
    const isUsed = refusal instanceof ProblemError && refusal.problem === 'invitation-used';
    for (const pending of isUsed ? await pendingIdentities() : []) {
      try {
        return await this.means.service.registerKept(code, pending);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
      }
    }
    throw refusal;
  }

  async #checkIn(identity: Identity): Promise<void> {
    await this.#as(identity, async (loggedIn) => {
      const { member, name } = loggedIn.account;
      const [meeting] = await this.means.service.meetings();
      if (meeting === undefined || member === undefined) throw new NoMeetingError();
      await this.means.service.checkIn(loggedIn, meeting.id, member);
      await noteCheckIn(loggedIn, meeting);
      this.saying.value = { what: 'checked_in', name };
      this.phase.value = { name: 'desk' };
    });
    await this.refresh();
  }

  /** Do something in the name of a voter; whatever happens, they are logged out afterwards. */
  async #as(identity: Identity, work: (loggedIn: Identity) => Promise<void>): Promise<void> {
    const loggedIn = await this.means.service.logIn(identity);
    try {
      await work(loggedIn);
    } finally {
      await this.means.service.logOut();
    }
  }

  async #act(work: () => Promise<void>): Promise<void> {
    if (this.isBusy.value) return;
    this.isBusy.value = true;
    this.fault.value = null;
    try {
      await work();
    } catch (error) {
      this.fault.value = error;
    } finally {
      this.isBusy.value = false;
    }
  }
}

/** There is no meeting to check in to. */
export class NoMeetingError extends Error {
  override readonly name = 'NoMeetingError';
}

/** The secret of an invitation: the link on the slip, its QR code, or the code alone. */
export function invitationCode(text: string): string | null {
  const given = text.trim();
  return /^(?:https?:\/\/[^#\s]+\/join#)?([A-Za-z0-9_-]{43})$/.exec(given)?.[1] ?? null;
}

/** The election that voters at the desk are at: the last one that was not cancelled. */
export function currentElection(elections: readonly ElectionView[]): ElectionView | null {
  return elections.filter((each) => each.state !== 'cancelled').at(-1) ?? null;
}

function isTakeable(election: ElectionView): boolean {
  return (
    election.state === 'issuing' || (election.state === 'voting' && election.late_issuance)
  );
}

function isOver(election: ElectionView | null): boolean {
  return election !== null && !['draft', 'ceremony', 'issuing'].includes(election.state);
}
