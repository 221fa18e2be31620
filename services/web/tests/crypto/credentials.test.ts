import { describe, expect, it } from 'vitest';

import {
  deriveCredentialV20,
  deriveCredentialV24,
  generateSecretCredential,
  publicCredential,
} from '../../src/crypto/credentials.ts';
import { fromHex } from '../../src/crypto/encodings.ts';
import { ED25519, type Group, groupByName } from '../../src/crypto/groups/index.ts';
import { systemRandomness } from '../../src/crypto/randomness.ts';
import { runVectors } from './vector_file.ts';

type Derive = (group: Group, uuid: string, secret: string) => bigint;

function derived(derive: Derive) {
  return (given: { group: string; uuid: string; secret: string }): unknown => {
    const group = groupByName(given.group);
    const exponent = derive(group, given.uuid, given.secret);
    return { exponent: exponent.toString(), public: publicCredential(group, exponent) };
  };
}

runVectors('credentials.json', {
  derive_v24: derived(deriveCredentialV24),
  derive_v20: derived(deriveCredentialV20),
  generate: (given: { random: string }) => {
    const bytes = fromHex(given.random);
    let position = 0;
    return { secret: generateSecretCredential(() => bytes.slice(position, (position += 1))) };
  },
});

describe('a secret credential', () => {
  it('is of the form that its derivation reads, and of no one else', () => {
    const secrets = Array.from({ length: 50 }, () => generateSecretCredential(systemRandomness));
    for (const secret of secrets) {
      expect(deriveCredentialV24(ED25519, '2MoJPRgWzLnoyF', secret)).toBeGreaterThan(0n);
    }
    expect(new Set(secrets).size).toBe(secrets.length);
  });
});
