/**
 * The heavy work of a trustee's device, as plain values in and out: done in a worker, so that the
 * page never stands still (protocol.md §3 v2).
 */
import { readLog } from '../board/ceremony_log.ts';
import { parseElection } from '../crypto/elections.ts';
import { fromHex } from '../crypto/encodings.ts';
import { CryptoError, TrusteeError } from '../crypto/errors.ts';
import { groupByName } from '../crypto/groups/index.ts';
import type { Randomness } from '../crypto/randomness.ts';
import { makeCertificate, openSum, type TrusteePlace } from '../crypto/trustee_device.ts';
import {
  openedSumFromText,
  openedSumToText,
  stateFromText,
  stateToText,
} from '../crypto/trustee_state.ts';
import { SchemaError } from '../schemas/fields.ts';
import type { ReadyTexts } from '../verifier/worker_messages.ts';
import { takeCommitment, takeConfirmation, takeKey, takeReveal } from './steps.ts';

/** The steps of a ceremony in their order, as the service's paths name them. */
export const STEPS = ['certificate', 'commitment', 'reveal', 'key', 'confirmation'] as const;
export type Step = (typeof STEPS)[number];

/** `state` and `opened` are the texts of `crypto/trustee_state.ts`; entries are exact bytes. */
export type TrusteeTask =
  | { readonly kind: 'certificate'; readonly group: string; readonly place: TrusteePlace }
  | { readonly kind: 'commitment'; readonly state: string; readonly entries: readonly Uint8Array[] }
  | { readonly kind: 'reveal'; readonly state: string; readonly entries: readonly Uint8Array[] }
  | {
      readonly kind: 'key';
      readonly state: string;
      readonly entries: readonly Uint8Array[];
      readonly sealedShares: readonly string[];
    }
  | { readonly kind: 'confirmation'; readonly state: string; readonly entries: readonly Uint8Array[] }
  | {
      readonly kind: 'opening';
      readonly state: string;
      readonly opened: string | null;
      readonly ready: Pick<ReadyTexts, 'election' | 'tally' | 'closingRoot' | 'publicKeys'>;
      /** T up to and with `election`, hex. */
      readonly electionRoot: string;
    };

/** What is to be stored, then what is to be posted. */
export interface TaskDone {
  readonly state: string;
  readonly opened: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Does a task, here or in a worker; rejects with RefusedByDeviceError. */
export type TaskRunner = (
  task: TrusteeTask,
  onProgress?: (done: number, total: number) => void,
) => Promise<TaskDone>;

/**
 * The device does not go on: what the log or the service gave it must not be. `trustee` made what
 * is refused, from 1, where one did.
 */
export class RefusedByDeviceError extends Error {
  override readonly name = 'RefusedByDeviceError';

  constructor(
    message: string,
    readonly trustee: number | null,
  ) {
    super(message);
  }
}

/** Do a task in this very thread. Throws RefusedByDeviceError. */
export function doTask(
  task: TrusteeTask,
  randomness: Randomness,
  onProgress?: (done: number, total: number) => void,
): TaskDone {
  return refusingAsDevice(() => perform(task, randomness, onProgress));
}

/** Turn whatever refuses bytes inside into a RefusedByDeviceError that names its sender. */
export function refusingAsDevice<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof TrusteeError) {
      throw new RefusedByDeviceError(error.message, error.trustee);
    }
    if (error instanceof CryptoError || error instanceof SchemaError) {
      throw new RefusedByDeviceError(error.message, null);
    }
    throw error;
  }
}

/** What a trustee posts to open the sum, out of what it has stored (protocol.md §3). */
export function openingBody(opened: string): Readonly<Record<string, unknown>> {
  const { partialDecryption, challenge, response } = openedSumFromText(opened);
  return { partial_decryption: partialDecryption, proof: { challenge, response } };
}

function perform(
  task: TrusteeTask,
  randomness: Randomness,
  onProgress: ((done: number, total: number) => void) | undefined,
): TaskDone {
  switch (task.kind) {
    case 'certificate': {
      const made = makeCertificate(groupByName(task.group), task.place, randomness);
      return done(stateToText(made), { certificate: made.certificate });
    }
    case 'commitment': {
      const made = takeCommitment(stateFromText(task.state), readLog(task.entries), randomness);
      return done(stateToText(made), { commitment: made.commitment });
    }
    case 'reveal': {
      const made = takeReveal(stateFromText(task.state), readLog(task.entries));
      const { coefexps, signature } = made.contribution;
      const body = { coefexps, signature, sealed_shares: made.sealedShares };
      return done(stateToText(made.state), body);
    }
    case 'key': {
      const log = readLog(task.entries);
      const made = takeKey(stateFromText(task.state), log, task.sealedShares, randomness);
      return done(stateToText(made), { verification_key: made.verificationKey });
    }
    case 'confirmation': {
      const made = takeConfirmation(stateFromText(task.state), readLog(task.entries), randomness);
      return done(stateToText(made), { confirmation: made.confirmation });
    }
    case 'opening':
      return open(task, randomness, onProgress);
  }
}

function open(
  task: Extract<TrusteeTask, { kind: 'opening' }>,
  randomness: Randomness,
  onProgress: ((done: number, total: number) => void) | undefined,
): TaskDone {
  const state = stateFromText(task.state);
  const election = parseElection(task.ready.election);
  const { group } = election;
  const publicKey = task.ready.publicKeys[state.index - 1];
  if (publicKey === undefined) throw new RefusedByDeviceError('there is no such trustee', null);
  const statement = {
    election,
    tally: task.ready.tally.map((answers) =>
      answers.map(([alpha, beta]) => ({
        alpha: group.elementFromText(alpha),
        beta: group.elementFromText(beta),
      })),
    ),
    boardRoot: fromHex(task.ready.closingRoot),
    trustee: state.index,
    publicKey: group.elementFromText(publicKey),
  };
  const before = task.opened === null ? null : openedSumFromText(task.opened);
  const root = fromHex(task.electionRoot);
  const made = openSum(state, before, statement, root, randomness, onProgress);
  const opened = openedSumToText(made);
  return { state: task.state, opened, body: openingBody(opened) };
}

function done(state: string, body: Readonly<Record<string, unknown>>): TaskDone {
  return { state, opened: null, body };
}
