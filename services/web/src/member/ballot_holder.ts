/** One ballot on this device as screens follow it: the acts on it, and what goes on by itself. */
import { signal } from '@preact/signals';

import type { CallDesk } from './ballot_client.ts';
import type { OpenedTest, Receipt } from './ballot_desk.ts';
import {
  type BallotKey,
  type BallotRecord,
  eraseBallot,
  keepMarks,
  keepSealed,
  readBallot,
  StepTakenError,
  withdrawBallot,
} from './ballot_custody.ts';
import { boardMeans, type BoardMeans, checkAfterClosing } from './after_closing.ts';
import {
  type SendingMeans,
  sendingMeans,
  type SendingState,
  sendBallot,
} from './casting_sender.ts';
import { blankMarks, type Marks } from './marks.ts';
import { electionOf, takeBallot, type TakingMeans } from './taking.ts';

const COMPARE_PAUSE_MS = 5_000;

/** Everything that a holder needs of the world; tests give their own. */
export interface HolderMeans {
  readonly callDesk: CallDesk;
  readonly sending: SendingMeans;
  readonly board: BoardMeans;
}

/** The means of a browser's page. */
export function holderMeans(callDesk: CallDesk): HolderMeans {
  return { callDesk, sending: sendingMeans(callDesk), board: boardMeans(callDesk) };
}

export class BallotHolder {
  readonly key: BallotKey;
  /** What is stored; null before it was read, undefined where there is nothing. */
  readonly record = signal<BallotRecord | undefined | null>(null);
  readonly sending = signal<SendingState | null>(null);
  /** The last act that failed, until the next one begins. */
  readonly fault = signal<unknown>(null);
  readonly isBusy = signal(false);

  readonly #means: HolderMeans;
  #isStopped = false;
  #isSending = false;
  #isComparing = false;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(key: BallotKey, means: HolderMeans) {
    this.key = key;
    this.#means = means;
  }

  /** Read what is stored, and go on sending a ballot that was on its way. */
  async load(): Promise<void> {
    this.record.value = await readBallot(this.key);
    this.#goOnSending(true);
  }

  /** No further try is made, and none that is under way is lost. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Take the ballot or go on taking it; the fault, if any, is kept for the screen. */
  async take(spki: string, means: TakingMeans): Promise<void> {
    await this.#act(() => takeBallot(this.key, spki, means));
  }

  /** Keep new marks; they are on the screen at once and stored in their order. */
  setMarks(marks: Marks): void {
    const record = this.record.value;
    if (record?.step !== 'held') return;
    this.record.value = { ...record, marks };
    this.#writing = this.#writing
      .then(() => keepMarks(this.key, marks))
      .catch((error: unknown) => {
        this.fault.value = error;
      });
  }

  /** Let the worker do ahead what encrypting would wait for; nothing is lost when it cannot. */
  warmUp(): void {
    const checked = electionOf(this.#held());
    this.#means.callDesk('warmUp', { checked }).catch(() => undefined);
  }

  /** Encrypt the marks; the receipt is shown before the member decides. */
  async prepare(onProgress: (done: number, total: number) => void): Promise<Receipt> {
    const record = this.#held();
    this.fault.value = null;
    return this.#means.callDesk(
      'prepareBallot',
      { checked: electionOf(record), secret: record.secret, marks: record.marks },
      onProgress,
    );
  }

  /** Forget the encrypted ballot; the marks stay. */
  async discard(): Promise<void> {
    await this.#means.callDesk('discardBallot', undefined);
  }

  /** Open the encrypted ballot as a test; the marks are cleared, to be made anew. */
  async openTest(): Promise<OpenedTest> {
    const record = this.#held();
    const test = await this.#means.callDesk('openTest', undefined);
    this.setMarks(blankMarks(record.marks.length));
    return test;
  }

  /** Fix the bytes of the prepared ballot, store them, and send them until they are promised. */
  async cast(receipt: Receipt): Promise<void> {
    await this.#act(async () => {
      const { token } = this.#held();
      await this.#writing;
      const sealed = await this.#means.callDesk('sealBallot', { token });
      return keepSealed(this.key, sealed, receipt);
    });
    this.#goOnSending();
  }

  /** After closing: look for the ballot in the sealed box until there is an answer. */
  async compare(): Promise<void> {
    if (this.#isComparing) return;
    this.#isComparing = true;
    try {
      while (!this.#isStopped && !(await this.#compareOnce())) {
        await this.#means.sending.pause(COMPARE_PAUSE_MS);
      }
    } finally {
      this.#isComparing = false;
    }
  }

  /** Look once, as where nobody is logged in. Resolves to whether there was an answer. */
  async compareIfSealed(): Promise<boolean> {
    return this.#compareOnce();
  }

  /** After a cancellation: everything goes but the promise of the box. */
  async withdraw(): Promise<void> {
    // The desk holds one ballot, which may by now be another election's.
    if (this.record.value?.step === 'held') await this.discard().catch(() => undefined);
    this.record.value = await withdrawBallot(this.key);
  }

  /** On a kiosk after its voter. */
  async erase(): Promise<void> {
    await this.discard().catch(() => undefined); // a worker that has ended holds nothing
    await eraseBallot(this.key);
    this.record.value = undefined;
  }

  async #compareOnce(): Promise<boolean> {
    try {
      const checked = await checkAfterClosing(this.key, this.#means.board);
      if (checked.state === 'open') return false;
      this.record.value = checked.record;
      this.fault.value = null;
      if (checked.record.step === 'casting') {
        this.#goOnSending(true);
        return false;
      }
      return checked.record.step !== 'missing' || checked.record.claim !== 'due';
    } catch (error) {
      this.record.value = await readBallot(this.key);
      this.fault.value = error;
      return false;
    }
  }

  #goOnSending(isResumed = false): void {
    const record = this.record.value;
    if (record?.step !== 'casting' || record.refusal !== undefined || this.#isSending) return;
    this.#isSending = true;
    const onState = (state: SendingState) => {
      this.sending.value = state;
    };
    sendBallot(this.key, this.#means.sending, onState, () => this.#isStopped, isResumed)
      .then(
        (after) => {
          this.record.value = after;
        },
        (error: unknown) => {
          this.fault.value = error;
        },
      )
      .finally(() => {
        this.#isSending = false;
        this.sending.value = null;
      });
  }

  async #act(act: () => Promise<BallotRecord>): Promise<void> {
    if (this.isBusy.value) return;
    this.isBusy.value = true;
    this.fault.value = null;
    try {
      this.record.value = await act();
    } catch (error) {
      this.record.value = await readBallot(this.key);
      // Another tab came further: what it stored is what holds.
      if (!(error instanceof StepTakenError)) this.fault.value = error;
    } finally {
      this.isBusy.value = false;
    }
  }

  #held(): Extract<BallotRecord, { step: 'held' }> {
    const record = this.record.value;
    if (record?.step !== 'held') throw new StepTakenError(record?.step ?? null);
    return record;
  }
}
