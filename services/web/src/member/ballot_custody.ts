/**
 * What this device keeps of one member's ballot, step by step (protocol.md §4, §5).
 *
 * Every step is one strictly durable transaction that reads and writes: a killed tab or a flat
 * battery between any two steps, or a second tab, finds one step or the other, so a token is never
 * asked for twice and a ballot never cast twice. What a step needs no longer is gone with it.
 */
import { database, type StoredBallot } from '../device/database.ts';
import type { Blinding } from '../crypto/blind_tokens.ts';
import type { BegunToken, Receipt, SealedBallot } from './ballot_desk.ts';
import { blankMarks, type Marks } from './marks.ts';
import type { CheckedElection } from './published_election.ts';

/** Whose ballot of which election. */
export interface BallotKey {
  readonly uuid: string;
  readonly member: number;
}

/** The signed request for a token, as it is sent; sent again, it is these values again. */
export interface IssuanceRequest {
  readonly blinded: readonly string[];
  readonly signature: string;
  readonly authenticator_data?: string;
  readonly client_data?: string;
}

/** The election was checked on this device; later downloads must be the same (phi). */
export interface ViewedBallot extends BallotKey, CheckedElection {
  readonly step: 'viewed';
}

/** A token is being asked for. `blindings` join it to the member: gone once the token is here. */
export interface AskingBallot extends BallotKey, CheckedElection {
  readonly step: 'asking';
  readonly secret: string;
  readonly blinded: readonly string[];
  readonly blindedSha256: string;
  readonly blindings: readonly Blinding[];
  readonly request?: IssuanceRequest;
}

/** The member has the ballot and marks it. Marks are kept until it is cast or voting has ended. */
export interface HeldBallot extends BallotKey, CheckedElection {
  readonly step: 'held';
  readonly secret: string;
  readonly token: readonly string[];
  /** The service knows that the token is stored here: the start of voting waits for that. */
  readonly isConfirmed: boolean;
  readonly marks: Marks;
}

interface SentBallot extends BallotKey, CheckedElection, Receipt, SealedBallot {}

/** The bytes are fixed and sent until there is a promise; marks, seed and credential are gone. */
export interface CastingBallot extends SentBallot {
  readonly step: 'casting';
  /** Name of the box's last refusal that no repetition changes. */
  readonly refusal?: string;
}

/** The box has promised that the ballot is in it. */
export interface CastBallot extends SentBallot {
  readonly step: 'cast';
  readonly promise: string;
}

/** The ballot is in the sealed box; `file` is the receipt file. */
export interface IncludedBallot extends BallotKey, Receipt {
  readonly step: 'included';
  readonly phi: string;
  readonly tracker: string;
  readonly file: string;
}

/** The ballot was promised and is not in the sealed box. */
export interface MissingBallot extends SentBallot {
  readonly step: 'missing';
  readonly promise: string;
  /** Whether the claim is on the log, or why it was refused. */
  readonly claim: 'due' | 'entered' | 'refused';
}

/** Voting has ended; the ballot was not cast and is erased. */
export interface MissedBallot extends BallotKey {
  readonly step: 'not_cast';
  readonly phi: string;
}

/**
 * The service said that the election was cancelled: the ballot is erased, the promise is not. Were
 * it not true, only this would show that the box had a ballot which is not in it any more.
 */
export interface WithdrawnBallot extends BallotKey {
  readonly step: 'withdrawn';
  readonly phi: string;
  readonly promise: string;
}

export type BallotRecord =
  | ViewedBallot
  | AskingBallot
  | HeldBallot
  | CastingBallot
  | CastBallot
  | IncludedBallot
  | MissingBallot
  | MissedBallot
  | WithdrawnBallot;
export type Step = BallotRecord['step'];

/** Another tab, or an earlier run, has come further: read again. */
export class StepTakenError extends Error {
  constructor(readonly found: Step | null) {
    super(`the ballot is at ${found ?? 'no step'}`);
    this.name = 'StepTakenError';
  }
}

/** The election was published with other terms than this device saw first. */
export class OtherElectionError extends Error {
  constructor() {
    super('the election is not the one that this device saw first');
    this.name = 'OtherElectionError';
  }
}

/** The record of a ballot; undefined where this device has none. */
export async function readBallot(key: BallotKey): Promise<BallotRecord | undefined> {
  return recordOf(await (await database()).get('ballots', [key.uuid, key.member]));
}

/** All ballots of this device, of whatever member. */
export async function listBallots(): Promise<BallotRecord[]> {
  const stored = await (await database()).getAll('ballots');
  return stored.map((each) => recordOf(each)).filter((each) => each !== undefined);
}

/**
 * The promises (signed notes) of all ballots of an election that were cast on this device: a
 * teller's device opens no board on which one of them is missing (protocol.md §3).
 */
export async function promisesOf(uuid: string): Promise<string[]> {
  const records = (await listBallots()).filter((each) => each.uuid === uuid);
  return records.flatMap((each) => {
    const promise = promiseOf(each);
    return promise === null ? [] : [promise];
  });
}

/** Keep what was checked; a later view must say the same. Throws OtherElectionError. */
export function keepView(key: BallotKey, checked: CheckedElection): Promise<BallotRecord> {
  return change(key, (found) => {
    if (found === undefined) return { step: 'viewed', ...checked, ...key };
    if (found.phi !== checked.phi) throw new OtherElectionError();
    return found;
  });
}

/** Keep the blinding state; only after this may a request leave. */
export function keepAsking(key: BallotKey, begun: BegunToken): Promise<AskingBallot> {
  return advance(key, ['viewed'], (found) => ({ ...found, ...begun, step: 'asking' }));
}

/** Keep the signed request, so that it is repeated without another touch. */
export function keepRequest(key: BallotKey, request: IssuanceRequest): Promise<AskingBallot> {
  return advance(key, ['asking'], (found) => ({ ...found, request }));
}

/** No token came of it and none can: forget what was asked for. */
export function giveUpAsking(key: BallotKey): Promise<ViewedBallot> {
  return advance(key, ['asking'], (found) => ({
    step: 'viewed',
    ...identityOf(found),
    ...electionOf(found),
  }));
}

/** Keep the finished token; the blinding state is erased in the same transaction. */
export function keepToken(key: BallotKey, token: readonly string[]): Promise<HeldBallot> {
  return advance(key, ['asking'], (found) => ({
    step: 'held',
    ...identityOf(found),
    ...electionOf(found),
    secret: found.secret,
    token,
    isConfirmed: false,
    marks: blankMarks(questionsOf(found)),
  }));
}

/** The service has noted that the token is here. */
export function noteConfirmed(key: BallotKey): Promise<HeldBallot> {
  return advance(key, ['held'], (found) => ({ ...found, isConfirmed: true }));
}

/** Keep the marks, so that a reload loses none. They need not have reached the disk. */
export function keepMarks(key: BallotKey, marks: Marks): Promise<HeldBallot> {
  return advance(key, ['held'], (found) => ({ ...found, marks }), 'relaxed');
}

/**
 * Fix the bytes to cast: only after this may they leave. Marks and credential are erased in the
 * same transaction; the seed was when they were sealed.
 */
export function keepSealed(
  key: BallotKey,
  sealed: SealedBallot,
  receipt: Receipt,
): Promise<CastingBallot> {
  return advance(key, ['held'], (found) => ({
    step: 'casting',
    ...identityOf(found),
    ...electionOf(found),
    body: sealed.body,
    tracker: sealed.tracker,
    receipt: receipt.receipt,
    receiptCode: receipt.receiptCode,
  }));
}

/** Note a refusal of the box that no repetition changes. */
export function noteRefusal(key: BallotKey, refusal: string): Promise<CastingBallot> {
  return advance(key, ['casting'], (found) => ({ ...found, refusal }));
}

/** Keep the promise of the box, after it was checked. */
export function keepPromise(key: BallotKey, promise: string): Promise<CastBallot> {
  return advance(key, ['casting'], ({ refusal: _, ...found }) => ({
    ...found,
    step: 'cast',
    promise,
  }));
}

/** Keep the receipt file; it holds all that stays of the ballot. */
export function keepIncluded(key: BallotKey, file: string): Promise<IncludedBallot> {
  return advance(key, ['cast', 'missing'], (found) => ({
    step: 'included',
    ...identityOf(found),
    phi: found.phi,
    tracker: found.tracker,
    receipt: found.receipt,
    receiptCode: found.receiptCode,
    file,
  }));
}

/** The promised ballot is not in the sealed box: a claim is due. */
export function keepMissing(key: BallotKey): Promise<MissingBallot> {
  return advance(key, ['cast'], (found) => ({ ...found, step: 'missing', claim: 'due' }));
}

/** What became of the claim. */
export function noteClaim(
  key: BallotKey,
  claim: 'entered' | 'refused',
): Promise<MissingBallot> {
  return advance(key, ['missing'], (found) => ({ ...found, claim }));
}

/** The box is sealed without this ballot, which was never in it: erase it. */
export function keepNotCast(key: BallotKey): Promise<MissedBallot> {
  return advance(key, ['asking', 'held', 'casting'], (found) => ({
    step: 'not_cast',
    ...identityOf(found),
    phi: found.phi,
  }));
}

/**
 * After a cancellation (protocol.md §1): erase the ballot and all that was for it; where the box
 * has promised it, the promise stays. Undefined where nothing does.
 */
export async function withdrawBallot(key: BallotKey): Promise<WithdrawnBallot | undefined> {
  const found = await readBallot(key);
  const promise = found === undefined ? null : promiseOf(found);
  if (found === undefined || !('phi' in found) || promise === null) {
    await eraseBallot(key);
    return undefined;
  }
  // Once promised, no step but this one takes a promise away: nothing is lost in between.
  return change(key, () => ({ step: 'withdrawn', ...identityOf(key), phi: found.phi, promise }));
}

/** Erase all of it, as on a kiosk after its voter. */
export async function eraseBallot(key: BallotKey): Promise<void> {
  const made = await database();
  const transaction = made.transaction('ballots', 'readwrite', { durability: 'strict' });
  await Promise.all([transaction.store.delete([key.uuid, key.member]), transaction.done]);
}

function promiseOf(record: BallotRecord): string | null {
  switch (record.step) {
    case 'cast':
    case 'missing':
    case 'withdrawn':
      return record.promise;
    case 'included':
      return (JSON.parse(record.file) as { promise: string }).promise;
    default:
      return null;
  }
}

async function advance<From extends Step, Next extends BallotRecord>(
  key: BallotKey,
  from: readonly From[],
  next: (found: Extract<BallotRecord, { step: From }>) => Next,
  durability: IDBTransactionDurability = 'strict',
): Promise<Next> {
  return change(
    key,
    (found) => {
      if (!isAt(found, from)) throw new StepTakenError(found?.step ?? null);
      return next(found);
    },
    durability,
  );
}

async function change<Next extends BallotRecord>(
  key: BallotKey,
  next: (found: BallotRecord | undefined) => Next,
  durability: IDBTransactionDurability = 'strict',
): Promise<Next> {
  const made = await database();
  const transaction = made.transaction('ballots', 'readwrite', { durability });
  // Awaited below; without this a transaction that is aborted here would count as unhandled.
  transaction.done.catch(() => undefined);
  try {
    const found = recordOf(await transaction.store.get([key.uuid, key.member]));
    const changed = next(found);
    if (changed !== found) await transaction.store.put({ ...changed });
    await transaction.done;
    return changed;
  } catch (error) {
    abort(transaction);
    throw error;
  }
}

function abort(transaction: { abort: () => void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself, as when the storage is full.
  }
}

function isAt<From extends Step>(
  found: BallotRecord | undefined,
  steps: readonly From[],
): found is Extract<BallotRecord, { step: From }> {
  return found !== undefined && (steps as readonly Step[]).includes(found.step);
}

/** Only this file writes ballots, so what is stored has its form. */
function recordOf(stored: StoredBallot | undefined): BallotRecord | undefined {
  return stored as BallotRecord | undefined;
}

function identityOf({ uuid, member }: BallotKey): BallotKey {
  return { uuid, member };
}

function electionOf({ uuid, phi, terms, election }: CheckedElection): CheckedElection {
  return { uuid, phi, terms, election };
}

function questionsOf({ terms }: CheckedElection): number {
  return (JSON.parse(terms) as { nominations: readonly unknown[] }).nominations.length;
}
