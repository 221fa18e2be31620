import { describe, expect, it } from 'vitest';

import { dumps, loads } from '../../src/crypto/belenios_json.ts';
import { CryptoError, MembershipError, TrusteeError } from '../../src/crypto/errors.ts';
import { ED25519 } from '../../src/crypto/groups/index.ts';
import { electionKey, flattenedKeys, verifyTrustees }
  from '../../src/crypto/trustee_verification.ts';
import { parseTrustees, trusteesToText } from '../../src/crypto/trustees.ts';
import { toolArchive } from './tool_archives.ts';

const NEWEST = 'tool-3.3.0-ed25519-agree';
const BLANK = 'tool-3.3.0-ed25519-blank';
const OLDER = 'tool-2.5.1-ed25519-agree';
const OLDEST = 'tool-2.0-belenios-2048-agree';
const PROOF = { challenge: '1', response: '1' };

/** An archive's trustees with the value at a path changed; `undefined` takes it out. */
function changed(folder: string, path: readonly (string | number)[], value: unknown): string {
  const trustees = loads(toolArchive(folder).archive.trustees);
  const last = path[path.length - 1] ?? '';
  let parent = trustees as Record<string | number, unknown>;
  for (const name of path.slice(0, -1)) parent = parent[name] as typeof parent;
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else if (typeof value === 'function') parent[last] = value(parent[last]);
  else parent[last] = value;
  return dumps(trustees);
}

const reversed = (items: unknown[]): unknown[] => [...items].reverse();

describe('trustees of an archive', () => {
  it.each([
    [BLANK, [0, 1, 'pok', 'challenge'], '1', 1],
    [BLANK, [1, 1, 'certs', 0, 'signature', 'challenge'], '1', 2],
    [BLANK, [1, 1, 'coefexps', 1, 'signature', 'response'], '1', 3],
    [BLANK, [1, 1, 'signatures', 2, 'response'], '1', 4],
    [BLANK, [1, 1, 'verification_keys', 1, 'pok', 'response'], '1', 3],
    [BLANK, [1, 1, 'verification_keys', 2, 'signature', 'response'], '1', 4],
    [BLANK, [1, 1, 'verification_keys'], reversed, 2],
    [BLANK, [1, 1, 'certs'], reversed, 2],
    [OLDEST, [0, 1, 'certs', 2, 'signature', 'response'], '1', 3],
    [OLDEST, [0, 1, 'verification_keys', 0, 'pok', 'response'], '1', 1],
  ] as const)('%s with another %j are refused, and the trustee named', (...fault) => {
    const [folder, path, value, trustee] = fault;
    const { group } = toolArchive(folder).election;
    const trustees = parseTrustees(group, changed(folder, path, value));
    const verify = (): unknown => {
      verifyTrustees(group, trustees);
      return null;
    };
    expect(verify).toThrow(TrusteeError);
    expect(verify).toThrow(expect.objectContaining({ trustee }));
  });

  it.each([
    [[0], ['Nobody', {}]],
    [[0], ['Single']],
    [[0, 1, 'threshold'], 0],
    [[0, 1, 'threshold'], 4],
    [[0, 1, 'threshold'], '2'],
    [[0, 1, 'threshold'], 3],
    [[0, 1, 'certs'], []],
    [[0, 1, 'certs', 0, 'message'], 'x'],
    [[0, 1, 'coefexps', 0, 'message'], '{"coefexps":[]}'],
    [[0, 1, 'signatures'], [PROOF]],
    [[0, 1, 'signatures'], undefined],
    [[0, 1, 'verification_keys', 0, 'signature'], undefined],
    [[0, 1, 'verification_keys', 0, 'signature'], null],
    [[0, 1, 'verification_keys', 0, 'more'], 1],
    [[0, 1, 'verification_keys', 0, 'public_key'], 'x'],
    [[0, 1, 'more'], 1],
  ] as const)('are not of the form with %j = %j', (path, value) => {
    const text = changed(NEWEST, path, value);
    expect(() => parseTrustees(ED25519, text)).toThrow(CryptoError);
  });

  it.each(['', '[]', '{}', 'null', '[[]]'])('are not %j', (text) => {
    expect(() => parseTrustees(ED25519, text)).toThrow(
      expect.objectContaining({ name: 'MalformedError' }),
    );
  });

  it('are read in one spelling', () => {
    const { trustees } = toolArchive(NEWEST).archive;
    for (const other of [`${trustees} `, trustees.replace(',', ', ')]) {
      expect(() => parseTrustees(ED25519, other)).toThrow('canonical');
    }
  });

  it('have in the form of 2.5 signatures, but none under keys', () => {
    const [team] = toolArchive(OLDER).trustees;
    if (team?.kind !== 'threshold') throw new Error('no team');
    expect(team.signatures).not.toBeNull();
    expect(team.verificationKeys.map((key) => key.signature)).toEqual([null, null, null]);
  });

  it('are counted over the flattened list', () => {
    const { trustees } = toolArchive(BLANK);
    expect(trustees[0]?.kind).toBe('single');
    expect(flattenedKeys(trustees)).toHaveLength(4);
  });

  it('have keys of the group, none of them neutral', () => {
    const outside = changed(NEWEST, [0, 1, 'verification_keys', 0, 'public_key'], '00'.repeat(32));
    expect(() => parseTrustees(ED25519, outside)).toThrow(MembershipError);
    const neutral = ED25519.elementToText(ED25519.identity);
    const single = changed(BLANK, [0, 1, 'public_key'], neutral);
    const trustees = parseTrustees(ED25519, single);
    expect(() => {
      verifyTrustees(ED25519, trustees);
    }).toThrow(expect.objectContaining({ trustee: 1 }));
    expect(trusteesToText(ED25519, trustees)).toBe(single);
    const own = electionKey(ED25519, toolArchive(BLANK).trustees);
    expect(ED25519.equals(electionKey(ED25519, trustees), own)).toBe(false);
  });
});
