/**
 * Casting (protocol.md §5): the very same bytes, as nobody, until the box has promised them. It
 * goes on after a reload, a killed tab or a flat battery, and needs no login.
 */
import { ProblemError, requestAnonymously, UnreachableError } from '../api/client.ts';
import { numberOfBytes } from '../crypto/encodings.ts';
import { systemRandomness } from '../crypto/randomness.ts';
import { serviceSettings } from '../device/service_settings.ts';
import {
  type BallotKey,
  type BallotRecord,
  type CastBallot,
  type CastingBallot,
  keepPromise,
  noteRefusal,
  readBallot,
} from './ballot_custody.ts';
import type { CallDesk } from './ballot_client.ts';
import { electionOf } from './taking.ts';

/** How a casting body leaves and how its answer comes back; tests give their own. */
export interface SendingMeans {
  readonly callDesk: CallDesk;
  /** Sends as nobody; resolves to the answer's text. */
  readonly send: (uuid: string, body: Uint8Array<ArrayBuffer>) => Promise<string>;
  /** Resolves after so many milliseconds, or somewhat after the network has come back. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Resolves after a time that was drawn, so that nothing else which just happened names this. */
  readonly keepApart: () => Promise<void>;
}

/** What the member is told meanwhile. */
export type SendingState = 'sending' | 'retrying' | 'wrong_answer';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/**
 * A page that is loaded again, or whose network comes back, asks as its member at once; a ballot
 * that left in the same moment would be that member's for whoever sees both.
 */
const APART_MS = 5_000;
/** Statuses that say "not now", whatever the body. */
const PASSING = [408, 425, 429];
/** The box is not there yet, or no longer: another replica may know it. */
const PASSING_PROBLEMS = ['box-not-found'];

/** The means of a browser's page. */
export function sendingMeans(callDesk: CallDesk): SendingMeans {
  return {
    callDesk,
    send: async (uuid, body) => {
      const { box_origin: origin } = await serviceSettings();
      return requestAnonymously(origin ?? '', `/elections/${uuid}/ballots`, body);
    },
    pause: (milliseconds) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          removeEventListener('online', reached);
          resolve();
        };
        const reached = () => void keepApart().then(end);
        const timer = setTimeout(end, milliseconds);
        addEventListener('online', reached);
      }),
    keepApart,
  };
}

function keepApart(): Promise<void> {
  const share = numberOfBytes(systemRandomness(2));
  return new Promise((resolve) => {
    setTimeout(resolve, (Number(share) * APART_MS) / 0x10000);
  });
}

/**
 * Send the stored bytes until the promise is stored, or until the box refuses them for good, which
 * is noted. Resolves to the record as it then is. `isStopped` ends the repeating between two tries;
 * `isResumed`: the page was loaded again, so the first try is kept apart from what it does then.
 */
export async function sendBallot(
  key: BallotKey,
  means: SendingMeans,
  onState: (state: SendingState) => void,
  isStopped: () => boolean = () => false,
  isResumed = false,
): Promise<BallotRecord | undefined> {
  let pause = FIRST_PAUSE_MS;
  onState('sending');
  if (isResumed) await means.keepApart();
  for (;;) {
    const record = await readBallot(key);
    if (record?.step !== 'casting' || record.refusal !== undefined || isStopped()) return record;
    try {
      return await sendOnce(key, record, means);
    } catch (error) {
      if (isFinal(error)) return noteRefusal(key, error.problem);
      onState(isUnreached(error) ? 'retrying' : 'wrong_answer');
    }
    await means.pause(pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }
}

async function sendOnce(
  key: BallotKey,
  record: CastingBallot,
  means: SendingMeans,
): Promise<CastBallot> {
  const promise = promiseOf(await means.send(key.uuid, record.body));
  const { tracker } = record;
  await means.callDesk('checkPromise', { checked: electionOf(record), tracker, promise });
  return keepPromise(key, promise);
}

/** Anything that is not the answer of a box is no answer: the promise decides, not the status. */
function promiseOf(answer: string): string {
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch {
    throw new UnreachableError();
  }
  const promise = (value as { promise?: unknown } | null)?.promise;
  if (typeof promise !== 'string') throw new UnreachableError();
  return promise;
}

/** Whether the box has said no for good: it never does where the ballot is in it (§5). */
function isFinal(error: unknown): error is ProblemError {
  return (
    error instanceof ProblemError &&
    error.status < 500 &&
    !PASSING.includes(error.status) &&
    !PASSING_PROBLEMS.includes(error.problem)
  );
}

function isUnreached(error: unknown): boolean {
  return error instanceof UnreachableError || error instanceof ProblemError;
}
