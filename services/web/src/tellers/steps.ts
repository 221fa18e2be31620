/**
 * A trustee's steps as its own device takes them, from the exact entries of the log (protocol.md
 * §3, §11 v2).
 *
 * What is computed is in `crypto/trustee_device.ts`; here the log's entries are put together for
 * it. Nothing that a service said beside the log is believed.
 */
import type { Ceremony, Reveal } from '../crypto/ceremony.ts';
import { parseElection } from '../crypto/elections.ts';
import { toHex } from '../crypto/encodings.ts';
import { ElectionMismatchError, MalformedError } from '../crypto/errors.ts';
import { leafHash, treeRoot } from '../crypto/merkle.ts';
import type { Randomness } from '../crypto/randomness.ts';
import { commit, confirm, makeKey, reveal, type Revealed } from '../crypto/trustee_device.ts';
import type { TrusteeState } from '../crypto/trustee_state.ts';
import { electionJson } from '../schemas/election_json.ts';
import { decodeEntry, type Entry } from '../schemas/entries.ts';

/** The contributions of a ceremony, one a trustee and phase. */
type ContributionType =
  'ceremony_certificate' | 'ceremony_commitment' | 'ceremony_reveal' | 'ceremony_key';
type Contribution = Extract<Entry, { type: ContributionType }>;
type EntryOf<Type extends Entry['type']> = Extract<Entry, { type: Type }>;

/** Entries from the first one on, with their exact bytes. */
export interface LogView {
  readonly lines: readonly Uint8Array[];
  readonly entries: readonly Entry[];
}

/** Read entries from their exact bytes, each without its newline. Throws EntryError. */
export function readLog(lines: readonly Uint8Array[]): LogView {
  return { lines, entries: lines.map((line) => decodeEntry(line)) };
}

/** T of the entries up to the last one of a type. Throws MalformedError where there is none. */
export function rootAfter(log: LogView, type: Entry['type']): Uint8Array {
  const last = log.entries.map((entry) => entry.type).lastIndexOf(type);
  if (last < 0) throw new MalformedError(`the log holds no ${type} yet`);
  return treeRoot(log.lines.slice(0, last + 1).map((line) => leafHash(line)));
}

/**
 * Check that the log holds, of this trustee, nothing but what its device made (protocol.md §3).
 *
 * Throws MalformedError.
 */
export function checkOwnContributions(state: TrusteeState, log: LogView): void {
  for (const entry of log.entries.filter(isContribution)) {
    if (entry.index === state.index && !isOwn(state, entry)) {
      throw new MalformedError(`the log holds another ${entry.type} of this trustee`);
    }
  }
}

function isOwn(state: TrusteeState, entry: Contribution): boolean {
  switch (entry.type) {
    case 'ceremony_certificate':
      return entry.certificate === state.certificate;
    case 'ceremony_commitment':
      return entry.commitment === state.commitment;
    case 'ceremony_reveal': {
      const own = state.contribution;
      return own?.coefexps === entry.coefexps && own.signature === entry.signature;
    }
    case 'ceremony_key':
      return entry.verification_key === state.verificationKey;
  }
}

/** The whole ceremony as the log holds it; nothing of it is verified here. */
export function ceremonyOf(log: LogView, uuid: string, threshold: number): Ceremony {
  return {
    uuid,
    threshold,
    certificates: certificates(log),
    certificatesRoot: rootAfter(log, 'ceremony_certificate'),
    commitments: commitments(log),
    reveals: reveals(log),
    keys: byTrustee(log, 'ceremony_key').map((each) => each.verification_key),
  };
}

/**
 * Commit, once all certificates are on the log; the commitment to post is in the state.
 *
 * Throws TrusteeError or MalformedError, as all steps do.
 */
export function takeCommitment(
  state: TrusteeState,
  log: LogView,
  randomness: Randomness,
): TrusteeState {
  return commit(state, certificates(log), rootAfter(log, 'ceremony_certificate'), randomness);
}

/** Reveal, once all commitments are on the log; also one sealed share a trustee. */
export function takeReveal(state: TrusteeState, log: LogView): Revealed {
  return reveal(state, commitments(log));
}

/** Add up this trustee's key, once all have revealed; the key to post is in the state. */
export function takeKey(
  state: TrusteeState,
  log: LogView,
  sealedShares: readonly string[],
  randomness: Randomness,
): TrusteeState {
  return makeKey(state, reveals(log), sealedShares, randomness);
}

/**
 * Sign phi, once `election` is on the log and is what terms and ceremony make (protocol.md §3).
 *
 * The confirmation to post is in the state. Throws MalformedError, TrusteeError or
 * ElectionMismatchError.
 */
export function takeConfirmation(
  state: TrusteeState,
  log: LogView,
  randomness: Randomness,
): TrusteeState {
  const terms = log.entries.find((entry) => entry.type === 'terms');
  const entry = log.entries.find((each) => each.type === 'election');
  if (terms === undefined || entry === undefined) {
    throw new MalformedError('the log holds no election yet');
  }
  const election = parseElection(entry.election);
  const key = election.group.elementToText(election.publicKey);
  const ceremony = ceremonyOf(log, state.uuid, state.threshold);
  if (electionJson(terms, key) !== entry.election) {
    throw new ElectionMismatchError('the election is not what the terms say');
  }
  if (terms.counting_team.trustee_threshold !== state.threshold) {
    throw new ElectionMismatchError('the terms name another threshold');
  }
  if (terms.ceremony_root !== toHex(rootAfter(log, 'ceremony_key'))) {
    throw new ElectionMismatchError('the terms are bound to another ceremony');
  }
  return confirm(state, ceremony, election, rootAfter(log, 'election'), randomness);
}

/** Contributions of a type in the order of the trustees. Throws MalformedError. */
function byTrustee<Type extends ContributionType>(log: LogView, type: Type): EntryOf<Type>[] {
  const found: Contribution[] = log.entries
    .filter(isContribution)
    .filter((entry) => entry.type === type)
    .sort((left, right) => left.index - right.index);
  if (found.some((entry, place) => entry.index !== place + 1)) {
    throw new MalformedError(`a ${type} is missing or stands twice`);
  }
  return found as EntryOf<Type>[];
}

function isContribution(entry: Entry): entry is Contribution {
  return entry.type.startsWith('ceremony_');
}

// A step looks at the phase that it needs: of the next one only some may stand there, in any order.

function certificates(log: LogView): string[] {
  return byTrustee(log, 'ceremony_certificate').map((each) => each.certificate);
}

function commitments(log: LogView): string[] {
  return byTrustee(log, 'ceremony_commitment').map((each) => each.commitment);
}

function reveals(log: LogView): Reveal[] {
  return byTrustee(log, 'ceremony_reveal').map(({ coefexps, signature }) => ({
    coefexps,
    signature,
  }));
}
