/** The page's side of the pass-phrase worker. */
import { ownScriptUrl } from '../trusted_urls.ts';
import workerUrl from './pass_phrase_worker.ts?worker&url';
import type { Stretch } from './share_lock.ts';

/** Stretch in a worker of its own, so that the page goes on. */
export const stretchInWorker: Stretch = (asked) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(ownScriptUrl(workerUrl), { type: 'module', name: 'pass-phrase' });
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message));
    };
    worker.onmessage = ({ data }: MessageEvent<Uint8Array<ArrayBuffer>>) => {
      worker.terminate();
      resolve(data);
    };
    worker.postMessage(asked);
  });
