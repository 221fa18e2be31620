import { describe, expect, it } from 'vitest';

import { encryptBallot } from '../../src/crypto/ballot_encryption.ts';
import { buildCastingBody, castingLength, parseCastingBody } from '../../src/crypto/casting.ts';
import { parseElection } from '../../src/crypto/elections.ts';
import { bytesOfText, textOfBytes } from '../../src/crypto/encodings.ts';
import { GROUPS } from '../../src/crypto/groups/index.ts';
import { drawScalar, systemRandomness } from '../../src/crypto/randomness.ts';
import { agreeElection } from './sample_elections.ts';
import { runVectors } from './vector_file.ts';

runVectors('casting.json', {
  casting_length: (given: { election: string; issuers: number }) => ({
    length: castingLength(parseElection(given.election), given.issuers),
  }),
  build_body: (given: { ballot: string; token: string[]; length: number }) => ({
    body: textOfBytes(buildCastingBody(given.ballot, given.token, given.length)),
  }),
  parse_body: (given: { body: string; length: number }) =>
    parseCastingBody(bytesOfText(given.body), given.length),
});

describe.each(GROUPS)('casting bodies in $name', (group) => {
  it('have one length for every ballot, and are read back', () => {
    const election = agreeElection(group, 2);
    const length = castingLength(election);
    const token = ['A'.repeat(555)];
    for (const marks of [[[1, 0], [1, 0]], [[0, 0], [0, 1]]]) {
      const exponent = drawScalar(group, systemRandomness);
      const nonce = drawScalar(group, systemRandomness);
      const ballot = encryptBallot(election, exponent, marks, systemRandomness(32), nonce);
      const body = buildCastingBody(ballot, token, length);
      expect(body).toHaveLength(length);
      expect(parseCastingBody(body, length)).toEqual({ ballot, token });
    }
  });
});
