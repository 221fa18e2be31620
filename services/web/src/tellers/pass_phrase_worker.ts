/// <reference lib="webworker" />
/** Stretches one pass-phrase, away from the page. */
import { stretchHere } from './pass_phrase_stretching.ts';
import type { Stretching } from './share_lock.ts';

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = ({ data }: MessageEvent<Stretching>) => self.postMessage(stretchHere(data));
