/** What belenios-tool 2.0, 2.5.1 and 3.3.0 made, opened anew by this program alone. */

import { describe, expect, it } from 'vitest';

import { loads } from '../../src/crypto/belenios_json.ts';
import {
  combineAll,
  decryptPartially,
  verifyBeleniosProofs,
  verifyPartialDecryption,
} from '../../src/crypto/decryption.ts';
import { ThresholdError } from '../../src/crypto/errors.ts';
import { drawScalar, systemRandomness } from '../../src/crypto/randomness.ts';
import {
  deriveTrusteeKeys,
  openDecryptionKey,
  receive,
} from '../../src/crypto/sealed_messages.ts';
import {
  encryptTally,
  type Factors,
  openTally,
  resultToText,
  tallyToText,
} from '../../src/crypto/tally.ts';
import {
  electionKey,
  flattenedKeys,
  publicShare,
  verifyTrustees,
} from '../../src/crypto/trustee_verification.ts';
import { parseCertificate, type ThresholdTeam, trusteesToText }
  from '../../src/crypto/trustees.ts';
import { at } from './counting_team.ts';
import { countedBallots, FOLDERS, toolArchive, toolFile, toolFiles } from './tool_archives.ts';

function teamOf(folder: string): ThresholdTeam {
  const team = toolArchive(folder).trustees.find((item) => item.kind === 'threshold');
  if (team?.kind !== 'threshold') throw new Error('no team');
  return team;
}

function secretsOf(folder: string): bigint[] {
  const { group } = toolArchive(folder).election;
  const shares = toolFiles(folder, '.key').map((name) => {
    const keys = deriveTrusteeKeys(group, toolFile(folder, name));
    return openDecryptionKey(group, keys, toolFile(folder, name.replace('.key', '.dkey')));
  });
  const single = toolFiles(folder, '.privkey').map((name) => loads(toolFile(folder, name)));
  return [...shares, ...single.map((each) => BigInt(each as string))];
}

describe.each(FOLDERS)('%s', (folder) => {
  const tool = toolArchive(folder);
  const { archive, election, trustees } = tool;
  const { group } = election;

  it('has trustees whose contributions hold and make the election key', () => {
    verifyTrustees(group, trustees);
    expect(trusteesToText(group, trustees)).toBe(archive.trustees);
    expect(group.equals(electionKey(group, trustees), election.publicKey)).toBe(true);
  });

  it("has trustees' files that are read: seeds, sealed shares, decryption keys", () => {
    const team = teamOf(folder);
    const certificates = toolFile(folder, 'certs.jsons')
      .split('\n')
      .map((line) => parseCertificate(group, line));
    for (const name of toolFiles(folder, '.key')) {
      const keys = deriveTrusteeKeys(group, toolFile(folder, name));
      const dkey = toolFile(folder, name.replace('.key', '.dkey'));
      const key = openDecryptionKey(group, keys, dkey);
      const own = group.powerOfGenerator(keys.signing);
      const place = certificates.findIndex((each) => group.equals(each.verification, own));
      const share = publicShare(group, team.coefficients, place + 1);
      expect(group.equals(group.powerOfGenerator(key), share)).toBe(true);
      const input = loads(toolFile(folder, name.replace('.key', '.vinput')));
      const { secrets } = input as { secrets: string[] };
      const shares = secrets.map((sealed, sender) => {
        const { verification } = at(certificates, sender);
        const share = loads(receive(group, keys, verification, sealed)) as { secret: string };
        return BigInt(share.secret);
      });
      expect(group.reduce(shares.reduce((sum, each) => sum + each, 0n))).toBe(key);
    }
  });

  it('is opened anew from its partial decryptions', () => {
    const ballots = countedBallots(tool);
    const tally = encryptTally(election, ballots);
    expect(tallyToText(group, tally)).toBe(archive.encryptedTally);
    const keys = flattenedKeys(trustees);
    const factors = new Map<number, Factors>();
    for (const { owner, text } of archive.partialDecryptions) {
      const key = at(keys, owner - 1);
      factors.set(owner, verifyBeleniosProofs(election, tally, owner, key, text));
    }
    const combined = combineAll(group, trustees, factors);
    const result = resultToText(openTally(group, tally, combined, ballots.length));
    expect(result).toBe(archive.result);
  });

  it("is decrypted with its trustees' own keys", () => {
    const ballots = countedBallots(tool);
    const tally = encryptTally(election, ballots);
    const keys = flattenedKeys(trustees);
    const factors = new Map<number, Factors>();
    for (const secret of secretsOf(folder)) {
      const publicKey = group.powerOfGenerator(secret);
      const trustee = keys.findIndex((key) => group.equals(key, publicKey)) + 1;
      const statement = { election, tally, boardRoot: new Uint8Array(32), trustee, publicKey };
      const { text, secondProof } = decryptPartially(statement, secret, systemRandomness);
      factors.set(trustee, verifyPartialDecryption(statement, text, secondProof));
    }
    expect(factors.size).toBe(keys.length);
    const combined = combineAll(group, trustees, factors);
    const result = resultToText(openTally(group, tally, combined, ballots.length));
    expect(result).toBe(toolFile(folder, 'expected-result.json'));
  });

  it('has ballots whose product by weight is that of so many ballots', () => {
    const [first, second] = countedBallots(tool);
    if (first === undefined || second === undefined) throw new Error('two ballots are there');
    const weighted = encryptTally(election, [first, second], [3n, 1n]);
    const thrice = encryptTally(election, [first, first, first, second]);
    expect(tallyToText(group, weighted)).toBe(tallyToText(group, thrice));
    expect(() => encryptTally(election, [first], [1n, 1n])).toThrow('one weight');
  });
});

it('names a mandatory trustee that is missing', () => {
  const folder = FOLDERS.find((each) => each.endsWith('blank')) ?? '';
  const { election, trustees } = toolArchive(folder);
  const { group } = election;
  const factors: Factors = [[group.powerOfGenerator(drawScalar(group, systemRandomness))]];
  const without = new Map([[2, factors], [3, factors]]);
  expect(() => combineAll(group, trustees, without)).toThrow(
    expect.objectContaining({ name: 'ThresholdError', trustees: [1] }),
  );
  const tooFew = new Map([[1, factors], [3, factors]]);
  expect(() => combineAll(group, trustees, tooFew)).toThrow(ThresholdError);
});
