/** One verification on this page: what was chosen, how far it is, what came of it. */
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Phase } from '../verifier/progress.ts';
import { type Running, verifyInWorkers, type VerifyOutcome } from '../verifier/verifier_client.ts';
import type { Verified } from '../verifier/verify.ts';

/** The largest file that a browser is asked to hold. */
export const MAX_MEGABYTES = 512;

/** The bytes to verify and the name that the log gives them. */
export interface Input {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly name: string;
}

/** How far it is; `null` before the first ballot. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly phase: Phase;
}

/** Why nothing can be said about an input. */
export type Refusal = 'malformed' | 'paper' | 'too_large' | 'broken';

/** What the page shows. */
export type Stage =
  | { readonly name: 'choosing'; readonly refusal: Refusal | null }
  | { readonly name: 'running'; readonly progress: Progress | null }
  | { readonly name: 'done'; readonly verified: Verified; readonly input: Input };

/** What the page can do. */
export interface Verification {
  readonly stage: Stage;
  /** Verify an input; `code` as typed, '' for none. */
  start(input: Input, code: string): void;
  /** End what runs and begin anew. */
  reset(refusal?: Refusal): void;
}

/** A verification whose workers end with the page that shows it. */
export function useVerification(): Verification {
  const [stage, setStage] = useState<Stage>({ name: 'choosing', refusal: null });
  const running = useRef<Running<VerifyOutcome> | null>(null);
  useEffect(() => () => running.current?.stop(), []);
  const reset = (refusal: Refusal | null = null) => {
    running.current?.stop();
    running.current = null;
    setStage({ name: 'choosing', refusal });
  };
  const start = (input: Input, code: string) => {
    running.current?.stop();
    setStage({ name: 'running', progress: null });
    const onProgress = (done: number, total: number, phase: Phase) =>
      setStage({ name: 'running', progress: { done, total, phase } });
    const request = { ...input, code: code.trim() === '' ? undefined : code };
    const work = verifyInWorkers(request, onProgress);
    running.current = work;
    work.outcome.then(
      (outcome) =>
        outcome.kind === 'verified'
          ? setStage({ name: 'done', verified: outcome.verified, input })
          : reset(outcome.isPaper ? 'paper' : 'malformed'),
      () => reset('broken'),
    );
  };
  return { stage, start, reset };
}
