/// <reference lib="webworker" />
/** A trustee's heavy steps, away from the page; one task a worker, which then ends. */
import { systemRandomness } from '../crypto/randomness.ts';
import { doTask, RefusedByDeviceError, type TaskDone, type TrusteeTask } from './trustee_tasks.ts';

declare const self: DedicatedWorkerGlobalScope;

/** What the worker answers: any number of `progress`, then one of the others. */
export type FromTrusteeWorker =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly done: TaskDone }
  | { readonly kind: 'refused'; readonly message: string; readonly trustee: number | null }
  | { readonly kind: 'broken'; readonly message: string };

self.onmessage = ({ data }: MessageEvent<TrusteeTask>) => {
  const answer = (message: FromTrusteeWorker): void => self.postMessage(message);
  try {
    const onProgress = (done: number, total: number) => answer({ kind: 'progress', done, total });
    answer({ kind: 'done', done: doTask(data, systemRandomness, onProgress) });
  } catch (error) {
    if (error instanceof RefusedByDeviceError) {
      answer({ kind: 'refused', message: error.message, trustee: error.trustee });
    } else {
      answer({ kind: 'broken', message: String(error) });
    }
  }
};
