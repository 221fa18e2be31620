/** The page's side of the trustee's worker. */
import { ownScriptUrl } from '../trusted_urls.ts';
import { RefusedByDeviceError, type TaskRunner } from './trustee_tasks.ts';
import workerUrl from './trustee_worker.ts?worker&url';
import type { FromTrusteeWorker } from './trustee_worker.ts';

/** Do one task in a worker of its own. Rejects with RefusedByDeviceError. */
export const runInWorker: TaskRunner = (task, onProgress) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(ownScriptUrl(workerUrl), { type: 'module', name: 'trustee' });
    const end = (settle: () => void) => {
      worker.terminate();
      settle();
    };
    worker.onerror = (event) => end(() => reject(new Error(event.message)));
    worker.onmessage = ({ data }: MessageEvent<FromTrusteeWorker>) => {
      switch (data.kind) {
        case 'progress':
          onProgress?.(data.done, data.total);
          break;
        case 'done':
          end(() => resolve(data.done));
          break;
        case 'refused':
          end(() => reject(new RefusedByDeviceError(data.message, data.trustee)));
          break;
        case 'broken':
          end(() => reject(new Error(data.message)));
          break;
      }
    };
    worker.postMessage(task);
  });
