/**
 * After closing the phone looks by itself whether its ballot is in the sealed box (protocol.md §7),
 * and claims a promised one that is not. All of it as nobody, and without a login.
 */
import { ProblemError, requestAnonymously } from '../api/client.ts';
import {
  type BallotKey,
  type BallotRecord,
  type CastBallot,
  keepIncluded,
  keepMissing,
  keepNotCast,
  type MissingBallot,
  noteClaim,
  readBallot,
} from './ballot_custody.ts';
import type { CallDesk } from './ballot_client.ts';
import type { SealedLog } from './sealed_log.ts';
import { electionOf } from './taking.ts';

/** How the public files of the board come and a claim goes; tests give their own. */
export interface BoardMeans {
  readonly callDesk: CallDesk;
  /** The text of a public path, asked for as nobody. */
  readonly read: (path: string) => Promise<string>;
  readonly claim: (uuid: string, promise: string) => Promise<void>;
}

/** The means of a browser's page. */
export function boardMeans(callDesk: CallDesk): BoardMeans {
  return {
    callDesk,
    read: (path) => requestAnonymously('', path),
    claim: async (uuid, promise) => {
      const body = new TextEncoder().encode(JSON.stringify({ promise }));
      await requestAnonymously('', `/elections/${uuid}/claims`, body);
    },
  };
}

/** `open`: not sealed yet, as far as the board shows. */
export type Checked =
  | { readonly state: 'open' }
  | { readonly state: 'checked'; readonly record: BallotRecord };

/**
 * Compare with the sealed box and keep what came of it; a ballot that was never cast is erased.
 *
 * Every phone that holds a ballot downloads the same three files, cast or not, so that the
 * request tells nothing. Rejects with UnreachableError, ProblemError; RefusedError `SealedLogError` when
 * list and seal do not belong together, which says nothing of the ballot.
 */
export async function checkAfterClosing(key: BallotKey, means: BoardMeans): Promise<Checked> {
  const record = await readBallot(key);
  if (record === undefined || !('terms' in record)) {
    return record === undefined ? { state: 'open' } : { state: 'checked', record };
  }
  const log = await readSealedLog(key.uuid, means);
  if (log === null) return { state: 'open' };
  return { state: 'checked', record: await compare(key, record, log, means) };
}

/** Hand in the promise of a missing ballot; again is harmless. */
export async function claimBallot(
  key: BallotKey,
  record: MissingBallot,
  means: BoardMeans,
): Promise<BallotRecord> {
  if (record.claim !== 'due') return record;
  try {
    await means.claim(key.uuid, record.promise);
    return await noteClaim(key, 'entered');
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status >= 500) throw error;
    return noteClaim(key, 'refused');
  }
}

async function readSealedLog(uuid: string, means: BoardMeans): Promise<SealedLog | null> {
  const board = `/elections/${uuid}/board`;
  try {
    const note = await means.read(`${board}/checkpoints/closing`);
    const opening = await means.read(`${board}/checkpoints/opening`);
    return { note, opening, leaves: await means.read(`${board}/leaves`) };
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return null;
    throw error;
  }
}

async function compare(
  key: BallotKey,
  record: Extract<BallotRecord, { terms: string }>,
  log: SealedLog,
  means: BoardMeans,
): Promise<BallotRecord> {
  const checked = electionOf(record);
  switch (record.step) {
    case 'cast':
    case 'missing':
      return lookUp(key, record, log, means);
    case 'casting':
      await means.callDesk('verifySealedLog', { checked, log });
      // Without the box's no the promise may still come: the same bytes get it after closing, too.
      return record.refusal === undefined ? record : keepNotCast(key);
    case 'viewed':
      return record; // no ballot was taken, so none is missing
    default:
      await means.callDesk('verifySealedLog', { checked, log });
      return keepNotCast(key);
  }
}

async function lookUp(
  key: BallotKey,
  record: CastBallot | MissingBallot,
  log: SealedLog,
  means: BoardMeans,
): Promise<BallotRecord> {
  const checked = electionOf(record);
  const { body, tracker, promise, receipt, receiptCode } = record;
  const own = { body, tracker, promise, receipt, receiptCode };
  const file = await means.callDesk('findOwnBallot', { checked, log, own });
  if (file !== null) return keepIncluded(key, JSON.stringify(file));
  const missing = record.step === 'cast' ? await keepMissing(key) : record;
  return claimBallot(key, missing, means);
}
