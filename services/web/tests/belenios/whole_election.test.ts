/** An election that only this program made, from certificates to result, judged by Belenios. */

import { beforeAll, describe, expect, it } from 'vitest';

import { encryptBallot } from '../../src/crypto/ballot_encryption.ts';
import { type Ballot, parseBallot, verifyBallot } from '../../src/crypto/ballots.ts';
import { type Archive, readArchive, writeArchive } from '../../src/crypto/belenios_archive.ts';
import { dumps } from '../../src/crypto/belenios_json.ts';
import { compareBytes } from '../../src/crypto/encodings.ts';
import { deriveCredentialV24, generateSecretCredential } from '../../src/crypto/credentials.ts';
import {
  combine,
  decryptPartially,
  verifyPartialDecryption,
} from '../../src/crypto/decryption.ts';
import type { Election } from '../../src/crypto/elections.ts';
import { BELENIOS_2048 } from '../../src/crypto/groups/index.ts';
import { drawScalar, systemRandomness } from '../../src/crypto/randomness.ts';
import { encryptTally, type Factors, openTally, resultToText, tallyToText }
  from '../../src/crypto/tally.ts';
import { electionKey } from '../../src/crypto/trustee_verification.ts';
import { trusteesToText } from '../../src/crypto/trustees.ts';
import { at, BOARD_ROOT, holdCeremony, type HeldCeremony } from '../crypto/counting_team.ts';
import { agreeElection } from '../crypto/sample_elections.ts';
import { isSkipped, judge } from './belenios_tool.ts';

const GROUP = BELENIOS_2048;
const THRESHOLD = 2;
const VOTES = [
  [[1, 0], [0, 1], [0, 0]],
  [[1, 0], [1, 0], [0, 0]],
  [[0, 1], [1, 0], [0, 1]],
  [[1, 0], [0, 0], [0, 1]],
  [[1, 0], [1, 0], [1, 0]],
];
const COUNTS = [[4, 1], [3, 1], [1, 2]];
const PASSED = 'all checks passed';

function castBallots(election: Election): Ballot[] {
  const ballots = VOTES.map((marks) => {
    const secret = generateSecretCredential(systemRandomness);
    const exponent = deriveCredentialV24(GROUP, election.uuid, secret);
    const nonce = drawScalar(GROUP, systemRandomness);
    const text = encryptBallot(election, exponent, marks, systemRandomness(32), nonce);
    return parseBallot(election, text);
  });
  return ballots.sort((left, right) => compareBytes(left.tracker, right.tracker));
}

/** The archive of the whole election, opened by `openers`, as `write_archive` of V17 has it. */
function hold(held: HeldCeremony, openers: readonly number[]): Archive {
  const election = agreeElection(GROUP, COUNTS.length, electionKey(GROUP, [held.team]));
  const ballots = castBallots(election);
  const tally = encryptTally(election, ballots);
  const factors = new Map<number, Factors>();
  const partialDecryptions = openers.map((owner) => {
    const { publicKey } = at(held.team.verificationKeys, owner - 1);
    const statement = { election, tally, boardRoot: BOARD_ROOT, trustee: owner, publicKey };
    const secret = at(held.states, owner - 1).decryptionKey;
    if (secret === null) throw new Error('the ceremony gave every trustee a key');
    const { text, secondProof } = decryptPartially(statement, secret, systemRandomness);
    factors.set(owner, verifyPartialDecryption(statement, text, secondProof));
    return { owner, text };
  });
  const result = openTally(GROUP, tally, combine(GROUP, THRESHOLD, factors), ballots.length);
  return {
    timestamp: 1_795_431_482,
    election: election.text,
    trustees: trusteesToText(GROUP, [held.team]),
    publicCredentials: dumps(ballots.map((ballot) => ballot.credential).sort()),
    ballots: ballots.map((ballot) => ballot.text),
    isClosed: true,
    numTallied: ballots.length,
    totalWeight: ballots.length,
    encryptedTally: tallyToText(GROUP, tally),
    partialDecryptions,
    result: resultToText(result),
  };
}

describe.skipIf(isSkipped)('an election of the browser code, judged by belenios-tool', () => {
  let held: HeldCeremony;
  let archive: Archive;
  const uuid = (): string => agreeElection(GROUP, 1).uuid;

  beforeAll(() => {
    held = holdCeremony(GROUP, 3, THRESHOLD);
    archive = hold(held, [1, 3]);
  });

  it('passes all checks, and its counts are the votes', () => {
    const bytes = writeArchive(archive);
    expect(archive.result).toBe(resultToText(COUNTS));
    expect(readArchive(bytes)).toEqual(archive);
    expect(judge(uuid(), bytes)).toEqual({
      accepted: true,
      output: expect.stringContaining(PASSED),
    });
  });

  it('passes when opened by any two of three', () => {
    for (const openers of [[1, 2], [2, 3]]) {
      const verdict = judge(uuid(), writeArchive(hold(held, openers)));
      expect(verdict.output).toContain(PASSED);
      expect(verdict.accepted).toBe(true);
    }
  });

  it('passes while nothing is counted yet, the ballots alone', () => {
    const open: Archive = {
      ...archive,
      isClosed: false,
      numTallied: null,
      totalWeight: null,
      encryptedTally: null,
      partialDecryptions: [],
      result: null,
    };
    expect(judge(uuid(), writeArchive(open)).output).toContain(PASSED);
  });

  it.each<[string, (good: Archive) => Partial<Archive>]>([
    ['a result that is off by one', () => ({ result: resultToText([[5, 0], [3, 1], [1, 2]]) })],
    ['a ballot left out', ({ ballots }) => ({ ballots: ballots.slice(1) })],
    ['a ballot with a response of another', ({ ballots }) => ({ ballots: altered(ballots) })],
    ['a ballot without a credential of the list', ({ publicCredentials }) => ({
      publicCredentials: dumps((JSON.parse(publicCredentials) as string[]).slice(1)),
    })],
    ['partial decryptions of the other', ({ partialDecryptions: [first, second] }) => ({
      partialDecryptions: [
        { owner: 1, text: second?.text ?? '' },
        { owner: 3, text: first?.text ?? '' },
      ],
    })],
  ])('is refused with %s: the tool does look', (_, change) => {
    const verdict = judge(uuid(), writeArchive({ ...archive, ...change(archive) }));
    expect(verdict.accepted).toBe(false);
    expect(verdict.output).not.toContain(PASSED);
  });
});

describe('what the tool would refuse', () => {
  it('is refused by us as well', () => {
    const election = agreeElection(GROUP, 3);
    const texts = castBallots(election).map((ballot) => ballot.text);
    expect(() => verifyBallot(election, at(texts, 0))).not.toThrow();
    expect(() => verifyBallot(election, at(altered(texts), 0))).toThrow(
      expect.objectContaining({ name: 'ProofError' }),
    );
  });
});

/** The first ballot with its first two responses exchanged. */
function altered(ballots: readonly string[]): string[] {
  const [first = '', ...others] = ballots;
  const responses = [...first.matchAll(/"response":"\d+"/g)].map(([text]) => text);
  const exchanged = [responses[1], responses[0], ...responses.slice(2)];
  let place = 0;
  const changed = first.replace(/"response":"\d+"/g, () => exchanged[place++] ?? '');
  return [changed, ...others];
}
