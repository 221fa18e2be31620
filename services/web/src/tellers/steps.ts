/**
 * A trustee's steps as its own device takes them, from the exact entries of the log (protocol.md
 * §3, §11 v2).
 *
 * What is computed is in `crypto/trustee_device.ts`; here the log's entries are put together for
 * it. Nothing that a service said beside the log is believed.
 */
import {
  ceremonyOf,
  certificates,
  commitments,
  type Contribution,
  isContribution,
  type LogView,
  reveals,
  rootAfter,
} from '../board/ceremony_log.ts';
import { parseElection } from '../crypto/elections.ts';
import { toHex } from '../crypto/encodings.ts';
import { ElectionMismatchError, MalformedError } from '../crypto/errors.ts';
import type { Randomness } from '../crypto/randomness.ts';
import { commit, confirm, makeKey, reveal, type Revealed } from '../crypto/trustee_device.ts';
import type { TrusteeState } from '../crypto/trustee_state.ts';
import { electionJson } from '../schemas/election_json.ts';

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
