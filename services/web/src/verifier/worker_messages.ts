/** What the page and the verifier's workers say to each other; plain values only. */

import type { ProductTexts } from './ballot_verdicts.ts';
import type { DownloadedBoard } from './board.ts';
import type { DeviceView, OpeningRefusal } from './opening.ts';
import type { Phase } from './progress.ts';
import type { CheckId } from './report.ts';
import type { Verified } from './verify.ts';

/** Verify one input; `given`: a record to compare a paper or a receipt with; `trust`: issuers. */
export interface VerifyTask {
  readonly kind: 'verify';
  readonly data: Uint8Array;
  readonly name: string;
  readonly code: string | undefined;
  readonly given: Uint8Array | undefined;
  readonly trust: Uint8Array | undefined;
}

/** Verify a board before its sum is opened. */
export interface OpeningTask {
  readonly kind: 'opening';
  readonly board: DownloadedBoard;
  readonly device: DeviceView;
}

/** The first message to a worker: judge for another one, or do a task with the help of judges. */
export type ToWorker =
  | { readonly kind: 'judge'; readonly port: MessagePort }
  | {
      readonly kind: 'task';
      readonly task: VerifyTask | OpeningTask;
      readonly judges: MessagePort[];
    };

/** A board that may be opened, in texts (see `BoardToOpen`); roots in hex. */
export interface ReadyTexts {
  readonly election: string;
  readonly tally: ProductTexts;
  readonly closingRoot: string;
  readonly publicKeys: readonly string[];
  readonly leaves: readonly Uint8Array[];
  readonly ballots: number;
  readonly issuances: number;
  readonly minimumBallots: number;
}

/** What a worker answers: any number of `progress`, then one of the others. */
export type FromWorker =
  | {
      readonly kind: 'progress';
      readonly done: number;
      readonly total: number;
      readonly phase: Phase;
    }
  | { readonly kind: 'verified'; readonly verified: Verified }
  | { readonly kind: 'malformed'; readonly message: string; readonly isPaper: boolean }
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
    }
  | { readonly kind: 'broken'; readonly message: string };
