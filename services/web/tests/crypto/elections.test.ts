import { describe, expect, it } from 'vitest';

import { dumps } from '../../src/crypto/belenios_json.ts';
import {
  electionToText,
  fingerprint,
  parseElection,
  rawFingerprint,
} from '../../src/crypto/elections.ts';
import { toBase64NoPad } from '../../src/crypto/encodings.ts';
import { ED25519 } from '../../src/crypto/groups/index.ts';
import { agreeElection } from './sample_elections.ts';

const text = agreeElection(ED25519, 2).text;
type Value = Record<string, unknown> & { questions: Record<string, unknown>[] };
const value = (): Value => JSON.parse(text) as Value;
const withQuestion = (change: object): string => {
  const { questions, ...others } = value();
  const questionsChanged = questions.map((question) => ({ ...question, ...change }));
  return dumps({ ...value(), ...others, questions: questionsChanged });
};

describe('an election', () => {
  it('is rebuilt byte for byte from what was read', () => {
    const election = parseElection(text);
    expect(electionToText(election)).toBe(text);
    expect(election.fingerprint).toBe(fingerprint(text));
    expect(toBase64NoPad(rawFingerprint(election.fingerprint))).toBe(election.fingerprint);
    expect(election.key).toBe(election.key);
  });

  it('keeps administrator and credential authority in their places', () => {
    const named = dumps({ ...value(), administrator: 'A', credential_authority: 'B' });
    const election = parseElection(named);
    expect([election.administrator, election.credentialAuthority]).toEqual(['A', 'B']);
    expect(electionToText(election)).toBe(named);
  });

  it.each([
    ['a boolean as version', dumps({ ...value(), version: true })],
    ['a number as name', dumps({ ...value(), name: 1 })],
    ['a uuid with a letter outside of base58', dumps({ ...value(), uuid: '0MoJPRgWzLnoyF' })],
    ['a uuid of 65 characters', dumps({ ...value(), uuid: 'a'.repeat(65) })],
    ['1,001 questions', dumps({ ...value(), questions: Array(1001).fill(value().questions[0]) })],
    ['blank as false', text.replaceAll('"min"', '"blank":false,"min"')],
    ['no answers', withQuestion({ answers: [], max: 0 })],
    ['a negative min', withQuestion({ min: -1 })],
    ['an unknown field in a question', withQuestion({ extra: 1 })],
    ['half of a surrogate pair as its name', text.replace('Hội', '\\ud800')],
  ])('with %s is refused', (_, wrong) => {
    expect(wrong).not.toBe(text);
    expect(() => parseElection(wrong)).toThrow(
      expect.objectContaining({ name: 'MalformedError' }),
    );
  });
});
