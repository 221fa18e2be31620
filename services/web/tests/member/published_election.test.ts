import { describe, expect, it } from 'vitest';

import { parseElection } from '../../src/crypto/elections.ts';
import { toHex } from '../../src/crypto/encodings.ts';
import { ED25519 } from '../../src/crypto/groups/ed25519.ts';
import { leafHash, treeRoot } from '../../src/crypto/merkle.ts';
import { checkElection, PublicationError } from '../../src/member/published_election.ts';
import { electionJson } from '../../src/schemas/election_json.ts';
import { encodeEntry, type Entry } from '../../src/schemas/entries.ts';
import type { Terms } from '../../src/schemas/terms.ts';
import { at, ceremony, makeTerms, UUID } from '../verifier/record_parts.ts';
import { keyOfTeam, linesOf } from './small_service.ts';

/** Nobody of the counting team has a share of it. */
const KEY_OF_THE_SERVICE = ED25519.elementToText(ED25519.powerOfGenerator(6210279n));

interface Published {
  /** What stands before the terms. */
  readonly made?: readonly Entry[];
  readonly terms?: (terms: Terms) => Terms;
  readonly key?: string;
}

function publish({ made = ceremony('Ed25519').entries, terms: change, key }: Published) {
  const terms = (change ?? ((each: Terms) => each))(makeTerms('Ed25519', made));
  const election = electionJson(terms, key ?? keyOfTeam());
  return { election, entries: linesOf([...made, terms, { type: 'election', election }]) };
}

const refused = (published: Published, why: string) => {
  const { entries } = publish(published);
  expect(() => checkElection(UUID, entries)).toThrow(PublicationError);
  expect(() => checkElection(UUID, entries)).toThrow(why);
};

/** The ceremony with one of its entries changed by whoever keeps the log. */
function changed(type: Entry['type'], index: number, change: (entry: Entry) => Entry): Entry[] {
  return ceremony('Ed25519').entries.map((entry) =>
    entry.type === type && 'index' in entry && entry.index === index ? change(entry) : entry,
  );
}

describe('an election as a phone checks it', () => {
  it('is what terms and ceremony make', () => {
    const { election, entries } = publish({});
    const checked = checkElection(UUID, entries);
    expect(checked.election).toBe(election);
    expect(checked.phi).toBe(parseElection(election).fingerprint);
  });

  it('is not under a key that the counting team has not made', () => {
    refused({ key: KEY_OF_THE_SERVICE }, 'not what terms and ceremony make');
  });

  it('is not bound to another ceremony than the one in the log', () => {
    const other = { ceremony_root: '0'.repeat(64) };
    refused({ terms: (terms) => ({ ...terms, ...other }) }, 'bind another ceremony');
    const shorter = ceremony('Ed25519').entries.slice(0, 11);
    const bound = {
      ceremony_size: shorter.length,
      ceremony_root: toHex(treeRoot(shorter.map((entry) => leafHash(encodeEntry(entry))))),
    };
    refused({ terms: (terms) => ({ ...terms, ...bound }) }, 'begin with the ceremony');
  });

  it('has no ceremony in which somebody revealed before all had committed', () => {
    const made = [...ceremony('Ed25519').entries];
    const [commitment] = made.splice(5, 1);
    refused({ made: [...made.slice(0, 6), commitment as Entry, ...made.slice(6)] }, 'begin with');
  });

  it('names the certificates of its ceremony', () => {
    const trustees = (terms: Terms) =>
      terms.counting_team.trustees.map((each) => ({ ...each, certificate: '0'.repeat(64) }));
    const named = (terms: Terms): Terms => ({
      ...terms,
      counting_team: { ...terms.counting_team, trustees: trustees(terms) },
    });
    refused({ terms: named }, 'other certificates');
  });

  it('takes no reveal of somebody who had committed to another', () => {
    const { entries } = ceremony('Ed25519');
    const first = at(entries.filter((entry) => entry.type === 'ceremony_reveal'), 0);
    const made = changed('ceremony_reveal', 2, () => ({ ...first, index: 2 }) as Entry);
    refused({ made }, 'does not open the commitment');
  });

  it('takes no key of a trustee that does not follow from the reveals', () => {
    const { entries } = ceremony('Ed25519');
    const first = at(entries.filter((entry) => entry.type === 'ceremony_key'), 0);
    const made = changed('ceremony_key', 2, () => ({ ...first, index: 2 }) as Entry);
    refused({ made }, 'does not follow from the commitments');
  });
});
