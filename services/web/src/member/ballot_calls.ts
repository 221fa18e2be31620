/** What the page and the ballot's worker say to each other; plain values only. */
import type { BallotDesk } from './ballot_desk.ts';

/** The acts of the desk that the page may call. */
export type BallotCall = {
  [Name in keyof BallotDesk]: BallotDesk[Name] extends (...given: never[]) => unknown
    ? Name
    : never;
}[keyof BallotDesk];

/** What an act takes and gives. */
export type Input<Name extends BallotCall> = Parameters<BallotDesk[Name]> extends []
  ? undefined
  : Parameters<BallotDesk[Name]>[0];
export type Output<Name extends BallotCall> = Awaited<ReturnType<BallotDesk[Name]>>;

/** A call; answers carry its number. */
export interface CallMessage {
  readonly number: number;
  readonly name: BallotCall;
  readonly input: unknown;
}

/** Any number of `progress`, then one of the others. */
export type AnswerMessage = { readonly number: number } & (
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly output: unknown }
  | { readonly kind: 'refused'; readonly error: string; readonly message: string }
);
