/** One verification on this page: what was chosen, how far it is, what came of it. */
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Phase } from '../verifier/progress.ts';
import { type Running, verifyInWorkers, type VerifyOutcome } from '../verifier/verifier_client.ts';
import type { Verified } from '../verifier/verify.ts';

/** The largest file that a browser is asked to hold. */
export const MAX_MEGABYTES = 512;

/** The bytes to verify and the name that the log gives them; what else the reader gave. */
export interface Input {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly name: string;
  readonly extras?: PaperExtras;
}

/** What a paper may be judged by beside itself. */
export interface PaperExtras {
  /** PEM of the issuers whose certificates are accepted. */
  readonly trust?: Named;
  /** A later record of the same election. */
  readonly given?: Named;
}

export interface Named {
  readonly name: string;
  readonly data: Uint8Array<ArrayBuffer>;
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
  | {
      readonly name: 'choosing';
      readonly refusal: Refusal | null;
      /** The verifier's own words about it, in English. */
      readonly detail: string | null;
    }
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

const CHOOSING: Stage = { name: 'choosing', refusal: null, detail: null };

/** A verification whose workers end with the page that shows it. */
export function useVerification(): Verification {
  const [stage, setStage] = useState<Stage>(CHOOSING);
  const running = useRef<Running<VerifyOutcome> | null>(null);
  useEffect(() => () => running.current?.stop(), []);
  const reset = (refusal: Refusal | null = null, detail: string | null = null) => {
    running.current?.stop();
    running.current = null;
    setStage({ name: 'choosing', refusal, detail });
  };
  const start = (input: Input, code: string) => {
    running.current?.stop();
    setStage({ name: 'running', progress: null });
    const onProgress = (done: number, total: number, phase: Phase) =>
      setStage({ name: 'running', progress: { done, total, phase } });
    const request = {
      data: input.data,
      name: input.name,
      code: code.trim() === '' ? undefined : code,
      trust: input.extras?.trust?.data,
      given: input.extras?.given?.data,
    };
    const work = verifyInWorkers(request, onProgress);
    running.current = work;
    work.outcome.then(
      (outcome) =>
        outcome.kind === 'verified'
          ? setStage({ name: 'done', verified: outcome.verified, input })
          : reset(outcome.isPaper ? 'paper' : 'malformed', outcome.message),
      () => reset('broken'),
    );
  };
  return { stage, start, reset };
}
