/** The page's side of the verifier's workers: one that does the task, others that judge for it. */

import { ownScriptUrl } from '../trusted_urls.ts';
import type { DownloadedBoard } from './board.ts';
import type { DeviceView, OpeningRefusal } from './opening.ts';
import type { OnProgress } from './progress.ts';
import type { CheckId } from './report.ts';
import type { Verified } from './verify.ts';
import workerUrl from './verifier_worker.ts?worker&url';
import type {
  FromWorker,
  OpeningTask,
  ReadyTexts,
  ToWorker,
  VerifyTask,
} from './worker_messages.ts';

const MAX_WORKERS = 4;

/** What came of an input: a report, or why it is no input of this verifier. */
export type VerifyOutcome =
  | { readonly kind: 'verified'; readonly verified: Verified }
  | { readonly kind: 'malformed'; readonly message: string; readonly isPaper: boolean };

/** What came of a board: the sum to open, or why it is not opened. */
export type OpeningOutcome =
  | { readonly kind: 'ready'; readonly ready: ReadyTexts }
  | {
      readonly kind: 'board_refused';
      readonly refused: readonly CheckId[];
      readonly message: string;
    }
  | {
      readonly kind: 'opening_refused';
      readonly refusal: OpeningRefusal;
      readonly message: string;
    };

/** Work that goes on in workers; `stop` ends it and its promise stays open. */
export interface Running<Outcome> {
  readonly outcome: Promise<Outcome>;
  stop(): void;
}

/** The workers cannot do their work at all: a fault of the program or of the browser. */
export class VerifierBrokenError extends Error {
  override readonly name = 'VerifierBrokenError';
}

/** What to verify: bytes and their name; the code, record and issuers that the reader gave. */
export interface VerifyRequest {
  readonly data: Uint8Array;
  readonly name: string;
  readonly code?: string | undefined;
  readonly given?: Uint8Array | undefined;
  /** PEM of the issuers by which a paper's signers are judged. */
  readonly trust?: Uint8Array | undefined;
}

/** Verify a record, an archive, a paper or a receipt in workers. Rejects with VerifierBrokenError. */
export function verifyInWorkers(
  { data, name, code, given, trust }: VerifyRequest,
  onProgress: OnProgress,
): Running<VerifyOutcome> {
  const task: VerifyTask = { kind: 'verify', data, name, code, given, trust };
  return run(task, onProgress, (message) => {
    switch (message.kind) {
      case 'verified':
      case 'malformed':
        return message;
      default:
        return null;
    }
  });
}

/**
 * Check a board in workers before its sum is opened (protocol.md §3 v2).
 *
 * Rejects with VerifierBrokenError.
 */
export function checkBeforeOpeningInWorkers(
  board: DownloadedBoard,
  device: DeviceView,
  onProgress: OnProgress,
): Running<OpeningOutcome> {
  const task: OpeningTask = { kind: 'opening', board, device };
  return run(task, onProgress, (message): OpeningOutcome | null => {
    switch (message.kind) {
      case 'ready':
      case 'board_refused':
      case 'opening_refused':
        return message;
      default:
        return null;
    }
  });
}

function run<Outcome>(
  task: VerifyTask | OpeningTask,
  onProgress: OnProgress,
  outcomeOf: (message: FromWorker) => Outcome | null,
): Running<Outcome> {
  const workers: Worker[] = [];
  const stop = (): void => workers.forEach((worker) => worker.terminate());
  const outcome = new Promise<Outcome>((resolve, reject) => {
    const broken = (message: string): void => {
      stop();
      reject(new VerifierBrokenError(message));
    };
    const worker = startWorker(workers, broken);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'progress') {
        onProgress(data.done, data.total, data.phase);
        return;
      }
      const result = outcomeOf(data);
      if (result === null) {
        broken('message' in data ? data.message : data.kind);
        return;
      }
      stop();
      resolve(result);
    };
    const judges = Array.from({ length: judgesBeside() }, () => {
      const { port1, port2 } = new MessageChannel();
      send(startWorker(workers, broken), { kind: 'judge', port: port1 }, [port1]);
      return port2;
    });
    send(worker, { kind: 'task', task, judges }, judges);
  });
  return { outcome, stop };
}

function startWorker(workers: Worker[], broken: (message: string) => void): Worker {
  const worker = new Worker(ownScriptUrl(workerUrl), { type: 'module', name: 'verifier' });
  worker.onerror = (event) => broken(event.message);
  workers.push(worker);
  return worker;
}

function send(worker: Worker, message: ToWorker, ports: MessagePort[]): void {
  worker.postMessage(message, ports);
}

/** The worker that does the task judges as well: so many help it. */
function judgesBeside(): number {
  const cores = navigator.hardwareConcurrency;
  return Math.max(0, Math.min(MAX_WORKERS, Number.isFinite(cores) ? cores : 1) - 1);
}
