/** A counting team that goes through the key ceremony in memory. */

import { encryptBallot } from '../../src/crypto/ballot_encryption.ts';
import { type Ballot, parseBallot } from '../../src/crypto/ballots.ts';
import { type Ceremony, verifyCeremony } from '../../src/crypto/ceremony.ts';
import type { Statement } from '../../src/crypto/decryption.ts';
import type { Election } from '../../src/crypto/elections.ts';
import type { Group } from '../../src/crypto/groups/index.ts';
import { drawScalar, type Randomness, systemRandomness } from '../../src/crypto/randomness.ts';
import { type EncryptedTally, encryptTally } from '../../src/crypto/tally.ts';
import { commit, makeCertificate, makeKey, reveal } from '../../src/crypto/trustee_device.ts';
import type { TrusteeState } from '../../src/crypto/trustee_state.ts';
import { electionKey } from '../../src/crypto/trustee_verification.ts';
import type { ThresholdTeam } from '../../src/crypto/trustees.ts';
import { agreeElection } from './sample_elections.ts';

export const UUID = '2MoJPRgWzLnoyF';
export const CERTIFICATES_ROOT = Uint8Array.from({ length: 32 }, (_, place) => place);
export const ELECTION_ROOT = Uint8Array.from({ length: 32 }, (_, place) => place + 1);
export const BOARD_ROOT = Uint8Array.from({ length: 32 }, (_, place) => place + 2);

/** The trustees' states after the ceremony, and what the log holds of it. */
export interface HeldCeremony {
  readonly states: readonly TrusteeState[];
  readonly ceremony: Ceremony;
  readonly team: ThresholdTeam;
}

/** An election whose ballots are all in. */
export interface ClosedElection extends HeldCeremony {
  readonly election: Election;
  readonly ballots: readonly Ballot[];
  readonly tally: EncryptedTally;
}

/** The item at `place`, from 0, that a test knows to be there. */
export function at<Item>(items: readonly Item[], place: number): Item {
  const item = items[place];
  if (item === undefined) throw new RangeError(`nothing at ${place}`);
  return item;
}

/** The items with another one at `place`, from 0. */
export function replaced<Item>(items: readonly Item[], place: number, item: Item): Item[] {
  return items.map((each, position) => (position === place ? item : each));
}

/** Play the ceremony up to and with the commitments. */
export function untilCommitted(
  group: Group,
  size: number,
  threshold: number,
  randomness: Randomness = systemRandomness,
): TrusteeState[] {
  const states = Array.from({ length: size }, (_, place) =>
    makeCertificate(group, { uuid: UUID, index: place + 1, size, threshold }, randomness),
  );
  const certificates = states.map((state) => state.certificate);
  return states.map((state) => commit(state, certificates, CERTIFICATES_ROOT, randomness));
}

/** Play the whole ceremony. */
export function holdCeremony(group: Group, size: number, threshold: number): HeldCeremony {
  const committed = untilCommitted(group, size, threshold);
  const commitments = committed.map((state) => state.commitment);
  const revealed = committed.map((state) => reveal(state, commitments));
  const reveals = revealed.map((each) => each.contribution);
  const states = revealed.map(({ state }) =>
    makeKey(
      state,
      reveals,
      revealed.map((each) => at(each.sealedShares, state.index - 1)),
      systemRandomness,
    ),
  );
  const ceremony: Ceremony = {
    uuid: UUID,
    threshold,
    certificates: states.map((state) => state.certificate),
    certificatesRoot: CERTIFICATES_ROOT,
    commitments,
    reveals,
    keys: states.map((state) => state.verificationKey),
  };
  return { states, ceremony, team: verifyCeremony(group, ceremony) };
}

/** Cast one ballot for each row of marks under the team's key, and close. */
export function closeElection(
  group: Group,
  held: HeldCeremony,
  marks: readonly (readonly (readonly number[])[])[],
): ClosedElection {
  const election = agreeElection(group, at(marks, 0).length, electionKey(group, [held.team]));
  const ballots = marks.map((row) => {
    const [exponent, nonce] = [
      drawScalar(group, systemRandomness),
      drawScalar(group, systemRandomness),
    ];
    const text = encryptBallot(election, exponent, row, systemRandomness(32), nonce);
    return parseBallot(election, text);
  });
  return { ...held, election, ballots, tally: encryptTally(election, ballots) };
}

/** What trustee `index`, from 1, opens. */
export function statementOf(closed: ClosedElection, index: number): Statement {
  return {
    election: closed.election,
    tally: closed.tally,
    boardRoot: BOARD_ROOT,
    trustee: index,
    publicKey: at(closed.team.verificationKeys, index - 1).publicKey,
  };
}
