/**
 * A teller's page of one election: it follows the service, lets the device take every step that is
 * due, and says what is on the screen. All logic of the screens is here; they only draw it.
 */
import { computed, signal } from '@preact/signals';

import { isLoginRequired, ProblemError, request, UnreachableError } from '../api/client.ts';
import { followElection } from '../api/events.ts';
import type { CeremonyView, ElectionView } from '../api/types.ts';
import { codeOf, electionCode } from '../crypto/codes.ts';
import type { DownloadedBoard } from '../verifier/board.ts';
import type { OnProgress, Phase } from '../verifier/progress.ts';
import {
  type BoardCheck,
  type CheckedBoard,
  checkPromise,
  checkWholeBoard,
  isSameSeal,
  OpeningStoppedError,
  openSumOf,
  type ScannedPromise,
  sealOf,
  sendOpenedSum,
  type StopReason,
} from './box_opening.ts';
import { type DeviceMeans, takeDueSteps, takeOwnKey } from './counting_device.ts';
import { type EndState, isOver, showsEnd } from './ended_log.ts';
import { isProgramNoted, noteProgram } from './program_choice.ts';
import {
  eraseShare,
  type HeldShare,
  readConfirmedPhi,
  readLock,
  unlockShare,
} from './share_custody.ts';
import type { ShareLock, ShareOwner } from './share_lock.ts';
import { type OpeningState, type ShareState, stageOf } from './teller_stage.ts';
import { RefusedByDeviceError } from './trustee_tasks.ts';

const POLL_MS = 4_000;
const RETRY_MS = 3_000;

/** Why the device does not go on: what the verifier saw, a contribution, the seal, a lost share. */
export type Stop =
  | { readonly reason: StopReason; readonly detail: string }
  | { readonly reason: 'contribution'; readonly trustee: number | null; readonly detail: string };

/** What is going on now, for a progress bar. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly phase: Phase;
}

/** What the desk works with, beside the device's means. */
export interface DeskMeans extends DeviceMeans {
  readonly checkBoard: BoardCheck;
  /** Notes of the box for ballots that were cast on this device. */
  readonly ownPromises: (uuid: string) => Promise<string[]>;
}

export class CountingDesk {
  readonly election = signal<ElectionView | null>(null);
  readonly ceremony = signal<CeremonyView | null>(null);
  readonly share = signal<ShareState>('unknown');
  readonly lock = signal<ShareLock | null>(null);
  readonly opening = signal<OpeningState>('waiting');
  readonly stop = signal<Stop | null>(null);
  readonly error = signal<unknown>(null);
  readonly isReached = signal(true);
  readonly isLoggedOut = signal(false);
  readonly isBusy = signal(false);
  readonly progress = signal<Progress | null>(null);
  /** Whole seconds of the check window that are left. */
  readonly windowLeftS = signal(0);
  readonly sealCode = signal<string | null>(null);
  /** Of the election that this device has confirmed, whichever the service shows. */
  readonly confirmed = signal<{ readonly phi: string; readonly code: string } | null>(null);
  /** How many ballots the checked board holds. */
  readonly checkedBallots = signal<number | null>(null);
  readonly scanned = signal<ScannedPromise | null>(null);
  readonly isErased = signal(false);
  /** The service says that the election is over, and the log does not: the share is kept. */
  readonly isEndMissing = signal(false);
  readonly usesProgram = signal(false);
  readonly stage = computed(() => {
    const election = this.election.value;
    if (election === null) return 'loading';
    return stageOf({
      election,
      ceremony: this.ceremony.value,
      member: this.owner.member,
      share: this.share.value,
      opening: this.opening.value,
      isStopped: this.stop.value !== null,
      usesProgram: this.usesProgram.value,
    });
  });

  #held: HeldShare | null = null;
  #checked: CheckedBoard | null = null;
  #windowEndsAt: number | null = null;
  #stops: (() => void)[] = [];
  #sync: Promise<void> | null = null;
  #isSyncAsked = false;
  #isResending = false;

  constructor(
    readonly owner: ShareOwner,
    private readonly means: DeskMeans,
  ) {}

  /** Read everything and follow it until `end`. */
  start(): void {
    void this.refresh();
    const stopEvents = followElection(
      this.owner.uuid,
      () => void this.refresh(),
      (isReached) => {
        this.isReached.value = isReached;
      },
    );
    const poll = setInterval(() => {
      if (this.#isCeremony()) void this.refresh();
    }, POLL_MS);
    const tick = setInterval(() => this.#tickWindow(), 1_000);
    this.#stops.push(
      stopEvents,
      () => clearInterval(poll),
      () => clearInterval(tick),
    );
  }

  end(): void {
    this.#stops.splice(0).forEach((stop) => stop());
    this.#held = null;
  }

  /** Ask for everything again and let the device do what is due; one run at a time. */
  refresh(): Promise<void> {
    this.#isSyncAsked = true;
    this.#sync ??= this.#syncWhileAsked().finally(() => {
      this.#sync = null;
    });
    return this.#sync;
  }

  /** The one tap: draw the secrets, lock them, send the certificate, go on by itself. */
  async takeKey(makeLock: () => Promise<{ lock: ShareLock; key: CryptoKey }>): Promise<void> {
    await this.#act(async () => {
      const { uuid, member } = this.owner;
      const [election, ceremony] = [this.election.value, this.ceremony.value];
      const mine = ceremony?.trustees.find((each) => each.member === member);
      if (election === null || ceremony === null || mine === undefined) return;
      const locked = await makeLock();
      const size = ceremony.trustees.length;
      const place = { uuid, index: mine.index, size, threshold: ceremony.trustee_threshold };
      try {
        this.#held = await takeOwnKey(this.means, election.group, place, member, locked);
      } finally {
        await this.#readShare();
      }
    });
    await this.refresh();
  }

  /** This teller works with the offline program, or goes back to this device. */
  async useProgram(isUsed: boolean): Promise<void> {
    await this.#act(async () => {
      await noteProgram(this.owner, isUsed);
      this.usesProgram.value = isUsed;
    });
  }

  /** Unlock the stored share for as long as the page is open. */
  async unlock(makeKey: (lock: ShareLock) => Promise<CryptoKey>): Promise<void> {
    await this.#act(async () => {
      const lock = await readLock(this.owner);
      if (lock === null) return;
      this.#held = await unlockShare(this.owner, await makeKey(lock), this.means.randomness);
      this.share.value = 'held';
    });
    await this.refresh();
  }

  /** Download and verify the whole board, then show the seal code. */
  async checkBoard(): Promise<void> {
    const held = this.#held;
    if (held === null) return;
    this.opening.value = 'checking';
    this.stop.value = null;
    await this.#act(async () => {
      const promises = await this.means.ownPromises(this.owner.uuid);
      const onProgress: OnProgress = (done, total, phase) => {
        this.progress.value = { done, total, phase };
      };
      const { checkBoard } = this.means;
      this.#checked = await checkWholeBoard(this.means, held, promises, checkBoard, onProgress);
      this.sealCode.value = await codeOf(sealOf(this.#checked.board));
      this.checkedBallots.value = this.#checked.ready.ballots;
      this.opening.value = 'compare';
    });
    if (this.opening.value === 'checking') this.opening.value = 'ready';
    this.progress.value = null;
  }

  /** The seal code in the hall is the same: the box may be opened. */
  sealAgrees(): void {
    if (this.#checked !== null && this.opening.value === 'compare') this.opening.value = 'agreed';
  }

  /** Go on after a stop: everything is looked at anew. */
  async retry(): Promise<void> {
    this.stop.value = null;
    await this.refresh();
  }

  /** The seal code in the hall is another one, by its reader or by its QR code. */
  sealDiffers(): void {
    this.stop.value = { reason: 'seal-differs', detail: 'the seal code differs from the hall' };
    this.#forgetBoard();
  }

  /** A QR code was scanned: the hall's seal, or a member's promise; false for any other text. */
  takeScan(text: string): boolean {
    const checked = this.#checked;
    if (checked === null) return false;
    if (/^[0-9a-f]{64}$/i.test(text.trim())) {
      if (isSameSeal(checked, text)) this.sealAgrees();
      else this.sealDiffers();
      return true;
    }
    if (!text.startsWith('phieukin/promise/1\n')) return false;
    void this.#takePromise(checked.board, text);
    return true;
  }

  /** Open the sum; its owner has compared the seal code with the hall. */
  async open(): Promise<void> {
    const [held, checked] = [this.#held, this.#checked];
    if (held === null || checked === null || this.opening.value !== 'agreed') return;
    this.opening.value = 'opening';
    let isSent = false;
    await this.#act(async () => {
      await openSumOf(this.means, held, checked, (done, total) => {
        this.progress.value = { done, total, phase: 'opening' };
      });
      isSent = true;
    });
    this.progress.value = null;
    if (isSent) this.opening.value = 'sent';
    // Stored: from now on only those bytes, however often the network is lost.
    else if (held.share.opened !== null) this.#resendSoon();
    else if (this.stop.value === null) this.opening.value = 'agreed';
    await this.refresh();
  }

  /** The head teller opens the result to the hall. */
  async announce(): Promise<void> {
    await this.#act(() => request('POST', `/elections/${this.owner.uuid}/announce`));
    await this.refresh();
  }

  /** Draw the counting minute up, for all tellers to sign. */
  async drawUpMinute(): Promise<void> {
    await this.#act(() => request('POST', `/elections/${this.owner.uuid}/counting-minute`));
  }

  /** Do something small for this page, with its errors said and its buttons busy. */
  doing(work: () => Promise<void>): Promise<void> {
    return this.#act(work);
  }

  /** Erase this device's share (protocol.md §3). */
  async erase(): Promise<void> {
    await this.#act(async () => {
      await eraseShare(this.owner);
      await noteProgram(this.owner, false);
      this.#held = null;
      await this.#readShare();
      this.isErased.value = true;
    });
  }

  async #syncWhileAsked(): Promise<void> {
    while (this.#isSyncAsked) {
      this.#isSyncAsked = false;
      try {
        await this.#syncOnce();
        this.isReached.value = true;
      } catch (error) {
        this.#note(error);
      }
    }
  }

  async #syncOnce(): Promise<void> {
    if (this.share.value === 'unknown') await this.#readShare();
    const before = this.election.value?.state;
    const election = await this.means.service.readElection();
    this.election.value = election;
    if (election.state === 'draft') return;
    if (this.share.value !== 'none' && isOver(election.state)) await this.#eraseAtEnd(election.state);
    if (this.#isCeremony() || this.ceremony.value === null) {
      this.ceremony.value = await this.means.service.readCeremony();
    }
    if (this.#held !== null && this.#isCeremony() && this.stop.value === null) {
      this.ceremony.value = await takeDueSteps(this.means, this.#held, election.state);
    }
    await this.#readConfirmed(election);
    if (election.state === 'closed') await this.#syncClosed(election, before === 'voting');
  }

  /** A share is erased when the log shows the end; what was never confirmed here opens nothing. */
  async #eraseAtEnd(state: EndState): Promise<void> {
    const phi = await readConfirmedPhi(this.owner);
    const isShown = phi === null ? state === 'cancelled' : await this.#isEndOnLog(state, phi);
    this.isEndMissing.value = !isShown;
    if (isShown) await this.erase();
  }

  async #isEndOnLog(state: EndState, phi: string): Promise<boolean> {
    const note = await this.means.service.readEndNote(state);
    return note !== null && showsEnd(await this.means.service.readEntries(), note, phi);
  }

  /** Members compare their code with the tellers' and the hall's: here, not what is shown. */
  async #readConfirmed(election: ElectionView): Promise<void> {
    const phi = await readConfirmedPhi(this.owner);
    if (phi === null) return;
    if (this.confirmed.value?.phi !== phi) {
      this.confirmed.value = { phi, code: await electionCode(phi) };
    }
    if (election.phi !== undefined && election.phi !== phi) {
      throw new RefusedByDeviceError('the service shows an election that was not confirmed', null);
    }
  }

  async #syncClosed(election: ElectionView, hasSeenClosing: boolean): Promise<void> {
    this.#windowEndsAt ??= windowEnd(election, hasSeenClosing);
    this.#tickWindow();
    const opened = this.#held?.share.opened ?? null;
    if (opened !== null && this.opening.value !== 'sent' && this.opening.value !== 'opening') {
      await this.#resend();
    }
  }

  /** What was stored and perhaps never arrived goes out again, the very same. */
  async #resend(): Promise<void> {
    const held = this.#held;
    if (held === null || this.stop.value !== null) return;
    this.opening.value = 'opening';
    try {
      await sendOpenedSum(this.means, held);
      this.opening.value = 'sent';
      this.error.value = null;
    } catch (error) {
      this.#note(error);
      if (this.stop.value === null) this.#resendSoon();
    }
  }

  #resendSoon(): void {
    if (this.#isResending || this.stop.value !== null) return;
    this.#isResending = true;
    const timer = setTimeout(() => {
      this.#isResending = false;
      if (this.opening.value !== 'sent' && this.election.value?.state === 'closed') {
        void this.#resend();
      }
    }, RETRY_MS);
    this.#stops.push(() => clearTimeout(timer));
  }

  async #takePromise(board: DownloadedBoard, note: string): Promise<void> {
    const held = this.#held;
    if (held === null) return;
    await this.#act(async () => {
      this.scanned.value = await checkPromise(held, board, note);
      if (this.scanned.value === 'missing') {
        throw new OpeningStoppedError('ballot-missing', 'a promised ballot is not on the board');
      }
    });
  }

  async #readShare(): Promise<void> {
    this.lock.value = await readLock(this.owner);
    this.usesProgram.value = await isProgramNoted(this.owner);
    this.share.value = this.#held !== null ? 'held' : this.lock.value === null ? 'none' : 'locked';
  }

  #isCeremony(): boolean {
    const state = this.election.value?.state;
    return state === 'ceremony' || state === 'issuing';
  }

  #tickWindow(): void {
    if (this.#windowEndsAt === null) return;
    const left = Math.max(0, Math.ceil((this.#windowEndsAt - performance.now()) / 1_000));
    this.windowLeftS.value = left;
    if (left === 0 && this.opening.value === 'waiting') this.opening.value = 'ready';
  }

  #forgetBoard(): void {
    this.#checked = null;
    this.sealCode.value = null;
    this.scanned.value = null;
    if (this.opening.value !== 'sent') this.opening.value = 'ready';
  }

  async #act(work: () => Promise<unknown>): Promise<void> {
    this.isBusy.value = true;
    this.error.value = null;
    try {
      await work();
    } catch (error) {
      this.#note(error);
    } finally {
      this.isBusy.value = false;
    }
  }

  /** What went wrong: a reason to stop, a lost network, or something to say. */
  #note(error: unknown): void {
    if (error instanceof OpeningStoppedError) {
      this.stop.value = { reason: error.reason, detail: error.detail };
      this.#forgetBoard();
    } else if (error instanceof RefusedByDeviceError) {
      const { trustee, message: detail } = error;
      this.stop.value = { reason: 'contribution', trustee, detail };
    } else if (error instanceof UnreachableError) {
      this.isReached.value = false;
    } else if (isLoginRequired(error)) {
      this.isLoggedOut.value = true;
    } else if (!(error instanceof ProblemError && error.problem === 'check-window')) {
      // Too early for the service: the same bytes go out again in a moment.
      this.error.value = error;
    }
  }
}

/**
 * When the check window ends, on this page's own clock: phones may be wrong by a day, so the length
 * of the window comes from the service, and the time of day only shortens it.
 */
function windowEnd(election: ElectionView, hasSeenClosing: boolean): number {
  const { closed_at: closed, check_window_ends_at: ends } = election;
  if (closed === undefined || ends === undefined) return performance.now();
  const length = Math.max(0, Date.parse(ends) - Date.parse(closed));
  const left = hasSeenClosing ? length : Date.parse(ends) - Date.now();
  return performance.now() + Math.min(length, Math.max(0, left));
}
