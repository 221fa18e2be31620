/** Asks for the hall's picture every two seconds; keeps the last one when the network is lost. */
import { signal } from '@preact/signals';

import { ProblemError } from '../api/client.ts';
import type { HallView } from './hall_view.ts';

/** From one answer to the next question. */
export const PAUSE_MS = 2_000;
/** One lost question is no news: the notice must not come and go with every bad moment. */
const MISSES = 2;
const LINK_ENDED = 'hall-link-ended';

/** `lost`: the last questions had no answer, so the picture may be old. */
export type Contact = 'first' | 'reached' | 'lost' | 'ended';

export interface HallFeedMeans {
  /** Throws ProblemError, UnreachableError. */
  readonly ask: () => Promise<HallView>;
  readonly now: () => Date;
}

/** One hall link's pictures; every field is a signal that the screen follows. */
export class HallFeed {
  readonly picture = signal<HallView | null>(null);
  readonly contact = signal<Contact>('first');
  /** When the picture was right for the last time. */
  readonly seenAt = signal<Date | null>(null);

  readonly #means: HallFeedMeans;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsking = false;
  #isStopped = false;
  #misses = 0;

  constructor(means: HallFeedMeans) {
    this.#means = means;
  }

  /** Ask now and go on asking. Called again, it asks at once instead of after the pause. */
  start(): void {
    clearTimeout(this.#timer);
    void this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || this.#isOver()) return;
    this.#isAsking = true;
    try {
      const picture = await this.#means.ask();
      if (!this.#isStopped) this.#take(picture);
    } catch (error) {
      if (!this.#isStopped) this.#miss(error);
    }
    this.#isAsking = false;
    if (this.#isOver()) return;
    this.#timer = setTimeout(() => void this.#ask(), PAUSE_MS);
  }

  #isOver(): boolean {
    return this.#isStopped || this.contact.value === 'ended';
  }

  #take(picture: HallView): void {
    this.#misses = 0;
    this.contact.value = 'reached';
    // No new seconds on the screen while nothing is wrong: this is shown only when `lost`.
    this.seenAt.value = this.#means.now();
    const isSame = JSON.stringify(picture) === JSON.stringify(this.picture.value);
    if (!isSame) this.picture.value = picture;
  }

  #miss(error: unknown): void {
    const isEnded = error instanceof ProblemError && error.problem === LINK_ENDED;
    this.#misses += 1;
    if (isEnded) this.contact.value = 'ended';
    else if (this.#misses >= MISSES || this.picture.value === null) this.contact.value = 'lost';
    // What was announced in this hall is for nobody after it.
    if (isEnded) this.picture.value = null;
  }
}
