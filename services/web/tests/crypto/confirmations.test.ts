/** A trustee's device signs phi only for the log that it saw. */

import { describe, expect, it } from 'vitest';

import { dumps, loads } from '../../src/crypto/belenios_json.ts';
import { verifyConfirmation } from '../../src/crypto/ceremony.ts';
import { MalformedError } from '../../src/crypto/errors.ts';
import { BELENIOS_2048, ED25519 } from '../../src/crypto/groups/index.ts';
import { systemRandomness } from '../../src/crypto/randomness.ts';
import { confirm } from '../../src/crypto/trustee_device.ts';
import { electionKey } from '../../src/crypto/trustee_verification.ts';
import { at, ELECTION_ROOT, holdCeremony, replaced } from './counting_team.ts';
import { agreeElection } from './sample_elections.ts';

const held = holdCeremony(ED25519, 3, 2);

describe('a confirmation', () => {
  const { ceremony, states, team } = held;
  const key = electionKey(ED25519, [team]);
  const election = agreeElection(ED25519, 2, key);
  const state = at(states, 0);

  it('is of phi and of the log that was seen; anybody can check it', () => {
    states.forEach((each, place) => {
      const after = confirm(each, ceremony, election, ELECTION_ROOT, systemRandomness);
      expect(confirm(after, ceremony, election, ELECTION_ROOT, systemRandomness)).toBe(after);
      const check = (certificate: number, phi: string, root: Uint8Array): void => {
        const one = at(team.certificates, certificate);
        verifyConfirmation(ED25519, one, place + 1, phi, root, after.confirmation);
      };
      check(place, election.fingerprint, ELECTION_ROOT);
      for (const [certificate, phi, root] of [
        [place, 'A'.repeat(43), ELECTION_ROOT],
        [place, election.fingerprint, new Uint8Array(32)],
        [(place + 1) % 3, election.fingerprint, ELECTION_ROOT],
      ] as const) {
        expect(() => {
          check(certificate, phi, root);
        }).toThrow(expect.objectContaining({ trustee: place + 1 }));
      }
    });
  });

  it('is given once', () => {
    const after = confirm(state, ceremony, election, ELECTION_ROOT, systemRandomness);
    const other = agreeElection(ED25519, 3, key);
    expect(() => confirm(after, ceremony, other, ELECTION_ROOT, systemRandomness)).toThrow(
      'confirmed',
    );
  });

  it.each([
    { certificates: [...ceremony.certificates].reverse() },
    { certificatesRoot: new Uint8Array(32) },
    { commitments: [...ceremony.commitments].reverse() },
    { reveals: [...ceremony.reveals].reverse() },
    { keys: [...ceremony.keys].reverse() },
    { uuid: '3MoJPRgWzLnoyF' },
    { threshold: 3 },
  ])('is not given to a log that shows something else: %#', (change) => {
    const other = { ...ceremony, ...change };
    expect(() => confirm(state, other, election, ELECTION_ROOT, systemRandomness)).toThrow(
      MalformedError,
    );
  });

  it('is not given to another election', () => {
    const others = [
      agreeElection(ED25519, 2),
      agreeElection(ED25519, 2, key, '3MoJPRgWzLnoyF'),
      agreeElection(BELENIOS_2048, 2),
    ];
    for (const other of others) {
      expect(() => confirm(state, ceremony, other, ELECTION_ROOT, systemRandomness)).toThrow(
        expect.objectContaining({ name: 'ElectionMismatchError' }),
      );
    }
  });

  it("is not given to somebody else's key whose owner does not know it", () => {
    const value = loads(at(ceremony.keys, 1)) as object;
    const forged = dumps({ ...value, pok: { challenge: '1', response: '1' } });
    const other = { ...ceremony, keys: replaced(ceremony.keys, 1, forged) };
    expect(() => confirm(state, other, election, ELECTION_ROOT, systemRandomness)).toThrow(
      expect.objectContaining({ name: 'TrusteeError', trustee: 2 }),
    );
  });
});
