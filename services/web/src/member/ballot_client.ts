/** The page's side of the ballot's worker. */
import { ownScriptUrl } from '../trusted_urls.ts';
import type { AnswerMessage, BallotCall, CallMessage, Input, Output } from './ballot_calls.ts';
import type { OnProgress } from './ballot_desk.ts';
import workerUrl from './ballot_worker.ts?worker&url';

/** An act was refused in the worker; `refusal` is the name of its error. */
export class RefusedError extends Error {
  constructor(
    readonly refusal: string,
    message: string,
  ) {
    super(message);
    this.name = refusal;
  }
}

/** The worker ended before it answered; what it held is gone, and the next call starts another. */
export class WorkerEndedError extends Error {
  constructor() {
    super('the worker has ended');
    this.name = 'WorkerEndedError';
  }
}

/** Calls an act of `BallotDesk`. Rejects with RefusedError, WorkerEndedError. */
export type CallDesk = <Name extends BallotCall>(
  name: Name,
  input: Input<Name>,
  onProgress?: OnProgress,
) => Promise<Output<Name>>;

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: OnProgress | undefined;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let calls = 0;

export const callDesk: CallDesk = (name, input, onProgress) =>
  new Promise((resolve, reject) => {
    calls += 1;
    const taken = resolve as (output: unknown) => void;
    waiting.set(calls, { resolve: taken, reject, onProgress });
    const message: CallMessage = { number: calls, name, input };
    startedWorker().postMessage(message);
  });

function startedWorker(): Worker {
  if (worker !== undefined) return worker;
  worker = new Worker(ownScriptUrl(workerUrl), { type: 'module', name: 'ballot' });
  worker.onmessage = ({ data }: MessageEvent<AnswerMessage>) => take(data);
  worker.onerror = () => {
    worker?.terminate();
    worker = undefined;
    const lost = [...waiting.values()];
    waiting.clear();
    lost.forEach(({ reject }) => reject(new WorkerEndedError()));
  };
  return worker;
}

function take(message: AnswerMessage): void {
  const call = waiting.get(message.number);
  if (call === undefined) return;
  if (message.kind === 'progress') {
    call.onProgress?.(message.done, message.total);
    return;
  }
  waiting.delete(message.number);
  if (message.kind === 'done') call.resolve(message.output);
  else call.reject(new RefusedError(message.error, message.message));
}
