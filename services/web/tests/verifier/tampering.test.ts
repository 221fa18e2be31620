/** One change to a valid record, and exactly the checks that must notice it (protocol.md §9). */

import { describe, expect, it } from 'vitest';

import { readArchive, writeArchive } from '../../src/crypto/belenios_archive.ts';
import { dumps, loads } from '../../src/crypto/belenios_json.ts';
import {
  noteKeyOf,
  parseNote,
  signCheckpoint,
  verifyCheckpoint,
} from '../../src/crypto/checkpoints.ts';
import { bytesOfText, textOfBytes } from '../../src/crypto/encodings.ts';
import type { Entry, Result } from '../../src/schemas/entries.ts';
import type { MemberAttendance, RosterMember } from '../../src/schemas/roster.ts';
import { CHECK_IDS, failed } from '../../src/verifier/report.ts';
import { verifyBytes } from '../../src/verifier/verify.ts';
import {
  alteredProof,
  alteredSignature,
  castTwice,
  flipped,
  neutralAlpha,
  pointOfSmallOrder,
  votedAgain,
  withSpaces,
} from './ballot_changes.ts';
import { buildRecord, type Changes, zipOfRecord } from './record_builder.ts';
import { at, ATTENDANCE, fileOf, LOG_SIGNER, ROSTER, sign } from './record_parts.ts';
import { zipOfFiles } from './stored_zip_writer.ts';

const QUIET = { anchors: { showsCodes: false } };

async function verify(zip: Uint8Array) {
  return (await verifyBytes(zip, 'record.zip', QUIET)).report;
}

/** Change one item of a list. */
function each<Item>(
  place: number,
  change: (item: Item) => Item,
): (items: readonly Item[]) => Item[] {
  return (items) => items.map((item, number) => (number === place ? change(item) : item));
}

function swapped<Item>(items: readonly Item[]): Item[] {
  return [at(items, 1), at(items, 0), ...items.slice(2)];
}

function inText(change: (text: string) => string): (data: Uint8Array) => Uint8Array {
  return (data) => bytesOfText(change(textOfBytes(data)));
}

function moved(log: readonly Entry[], type: Entry['type'], by: number): Entry[] {
  const place = log.findIndex((entry) => entry.type === type);
  const others = log.filter((_, number) => number !== place);
  return [...others.slice(0, place + by), at(log, place), ...others.slice(place + by)];
}

function pretendRoot(notes: ReadonlyMap<string, string>): Map<string, string> {
  const { origin, head } = verifyCheckpoint(notes.get('closing') ?? '', noteKeyOf(LOG_SIGNER));
  const forged = { origin, head: { size: head.size, root: new Uint8Array(32).fill(1) } };
  return new Map([...notes, ['closing', signCheckpoint(forged, LOG_SIGNER)]]);
}

function otherSignature(notes: ReadonlyMap<string, string>): Map<string, string> {
  const note = notes.get('result') ?? '';
  const start = note.lastIndexOf(' ') + 1;
  const signature = flipped(note.slice(start), 30);
  expect(parseNote(note).signatures).toHaveLength(1);
  return new Map([...notes, ['result', note.slice(0, start) + signature]]);
}

/** One vote more for the first nomination, in Belenios' object and in the outcome. */
function offByOne(result: Result): Result {
  const rows = (JSON.parse(result.result) as { result: number[][] }).result;
  const [first, ...others] = result.outcomes;
  if (first === undefined) throw new RangeError('no outcome');
  const [agree, disagree] = [first.agree + 1, first.disagree - 1];
  const hundredths = Math.floor((20_000 * agree + first.base) / (2 * first.base));
  const cents = String(hundredths % 100).padStart(2, '0');
  const outcome = {
    ...first,
    agree,
    disagree,
    share_percent: `${Math.floor(hundredths / 100)},${cents}`,
    passed: agree >= first.votes_needed,
  };
  const counts = [[agree, disagree], ...rows.slice(1)];
  return { ...result, result: JSON.stringify({ result: counts }), outcomes: [outcome, ...others] };
}

function renamedRoster(): Uint8Array {
  const rename = each(6, (member: RosterMember) => ({ ...member, name: 'Ai đó' }));
  return fileOf({ ...ROSTER, members: rename(ROSTER.members) });
}

const TAMPERINGS: Readonly<Record<string, readonly [Changes, string]>> = {
  'a head teller who holds no share': [
    {
      terms: (terms) => {
        const team = terms.counting_team;
        const other = { ...at(team.trustees, 0), member: 4, name: 'Thành viên 4' };
        return { ...terms, counting_team: { ...team, trustees: [other, ...team.trustees] } };
      },
    },
    'V4',
  ],
  "another trustee in the head teller's place": [
    {
      terms: (terms) => {
        const team = terms.counting_team;
        const trustees = [...team.trustees].reverse();
        return { ...terms, counting_team: { ...team, trustees } };
      },
    },
    'V4',
  ],
  'voting opened before the last confirmation': [
    { board: (log) => moved(log, 'voting_opened', -1) },
    'V0',
  ],
  'a second result at the end': [
    { log: (log) => [...log.slice(0, -1), at(log, -2), at(log, -1)] },
    'V0',
  ],
  'an entry cut off at its end': [{ lines: (data) => data.slice(0, -1) }, 'V1'],
  'an unknown field in the result': [
    { lines: inText((text) => text.replace('"returned":5,"tr', '"returned":5,"spoilt":0,"tr')) },
    'V0 V1 V2 V3',
  ],
  'a signature of a checkpoint': [{ checkpoints: otherSignature }, 'V2'],
  'a checkpoint of another tree': [{ checkpoints: pretendRoot }, 'V2 V3'],
  'a checkpoint left out': [
    { checkpoints: (notes) => new Map([...notes].filter(([name]) => name !== 'opening')) },
    'V2',
  ],
  'two checkpoints exchanged': [
    { checkpoints: (notes) => new Map([...notes, ['closing', notes.get('result') ?? '']]) },
    'V2 V3',
  ],
  'another question in election.json': [
    { election: (text) => text.replace('Nguyễn Văn 2', 'Nguyễn Văn 9') },
    'V4',
  ],
  'another name in the roster': [{ roster: renamedRoster }, 'V4'],
  'a ceremony of another size in the terms': [
    { terms: (terms) => ({ ...terms, ceremony_size: 11 }) },
    'V4',
  ],
  'a confirmation of another election': [
    {
      confirmations: each(1, (made) => {
        const message = `phieukin/confirm/1|${'A'.repeat(43)}|2|${'0'.repeat(64)}`;
        return { ...made, confirmation: sign('Ed25519', 12345n, message) };
      }),
    },
    'V5',
  ],
  'a trustee who did not confirm': [{ confirmations: (made) => made.slice(0, 2) }, 'V5'],
  'a commitment that is not opened': [
    {
      ceremony: each(4, (entry): Entry => {
        if (entry.type !== 'ceremony_commitment') throw new RangeError('another entry');
        return { ...entry, commitment: '0'.repeat(64) };
      }),
    },
    'V5',
  ],
  'a signature under an issuance': [
    { issuances: each(2, (made) => ({ ...made, signature: flipped(made.signature) })) },
    'V6',
  ],
  "an issuance signed by another's key": [
    {
      issuances: each(2, (made) => ({ ...made, key: at(ROSTER.members, 6).key ?? made.key })),
    },
    'V6',
  ],
  "a passkey's data left out": [
    {
      issuances: each(1, ({ client_data: _, ...others }) => others),
    },
    'V6',
  ],
  'an altered token': [
    { ballots: each(0, (made) => ({ ...made, token: [flipped(at(made.token, 0), 300)] })) },
    'V7',
  ],
  'the same ballot twice': [{ ballots: castTwice }, 'V7 V11 V12'],
  'two ballots of one credential': [{ ballots: votedAgain }, 'V7'],
  'a ballot with spaces': [{ ballots: withSpaces }, 'V8'],
  'a neutral alpha': [{ ballots: neutralAlpha }, 'V8'],
  'a point outside of the group': [{ ballots: pointOfSmallOrder }, 'V8'],
  'a false proof under a good signature': [{ ballots: alteredProof }, 'V9'],
  'an altered signature of a ballot': [{ ballots: alteredSignature }, 'V10'],
  'fewer ballots than the minimum': [
    { terms: (terms) => ({ ...terms, minimum_ballots: 6 }) },
    'V11',
  ],
  'one seed for two ballots': [{ seeds: (seeds) => [at(seeds, 0), ...seeds.slice(0, -1)] }, 'V11'],
  'a late issuance counted as on time': [{ opened: (opened) => ({ ...opened, issued: 6 }) }, 'V11'],
  'ballots in another order': [{ ballots: swapped }, 'V12'],
  'issuances in another order': [{ issuances: swapped }, 'V12'],
  'another encrypted sum': [
    { result: (result) => ({ ...result, encrypted_tally: '0'.repeat(64) }) },
    'V13',
  ],
  'an altered second proof': [
    {
      partialDecryptions: each(2, (made) => {
        const { challenge = '0', response = '0' } = made.proof ?? {};
        return { ...made, proof: { challenge: String(BigInt(challenge) + 1n), response } };
      }),
    },
    'V14',
  ],
  'no second proof': [{ partialDecryptions: each(0, ({ proof: _, ...others }) => others) }, 'V14'],
  "a partial decryption in another's name": [
    { partialDecryptions: (made) => [{ ...at(made, 1), index: 1 }, ...made.slice(1)] },
    'V14',
  ],
  'fewer partial decryptions than the threshold': [
    { partialDecryptions: (made) => made.slice(0, 1) },
    'V14',
  ],
  'one vote moved': [{ result: offByOne }, 'V15'],
  'a trustee named who did not decrypt': [
    {
      partialDecryptions: (made) => made.slice(0, 2),
      result: (result) => ({ ...result, trustees: [1, 3] }),
    },
    'V15',
  ],
  'passed instead of not passed': [
    {
      result: (result) => ({
        ...result,
        outcomes: result.outcomes.map((each) => ({ ...each, passed: !each.passed })),
      }),
    },
    'V16',
  ],
  'a share rounded up': [
    {
      result: (result) => ({
        ...result,
        outcomes: each(0, (outcome: Result['outcomes'][number]) => ({
          ...outcome,
          share_percent: '57,15',
        }))(result.outcomes),
      }),
    },
    'V16',
  ],
  'no quorum': [
    { terms: (terms) => ({ ...terms, quorum: { share: '100%', base: 'all_members' } }) },
    'V16',
  ],
  'another time in the archive': [
    { archive: (data) => writeArchive({ ...readArchive(data), timestamp: 1 }) },
    'V17',
  ],
  'a credential too many in the archive': [
    {
      archive: (data) => {
        const archive = readArchive(data);
        const credentials = loads(archive.publicCredentials) as string[];
        const more = [...credentials, `${'0'.repeat(63)}1`].sort();
        return writeArchive({ ...archive, publicCredentials: dumps(more) });
      },
    },
    'V17',
  ],
  'an archive that breaks off': [{ archive: (data) => data.slice(0, -512) }, 'V17'],
  'a manifest of another size': [
    { manifest: (text) => text.replace('"size":35', '"size":36') },
    'V17',
  ],
};

describe('one change to a record', () => {
  it.each(Object.entries(TAMPERINGS))('%s', async (_, [changes, expected]) => {
    const report = await verify(zipOfRecord(await buildRecord(changes)));

    expect(failed(report.checks).sort()).toEqual(expected.split(' ').sort());
    expect(report.ok).toBe(false);
    expect(report.checks.filter((check) => check.isUnjudged === true)).toEqual([]);
  });
});

describe('a valid record', () => {
  it.each(['Ed25519', 'BELENIOS-2048'] as const)('in %s', async (groupName) => {
    const report = await verify(zipOfRecord(await buildRecord({}, groupName)));

    expect(report.checks.map((check) => check.id)).toEqual(CHECK_IDS);
    const others = report.checks.filter((check) => check.status !== 'holds');
    expect(others.map((check) => check.id)).toEqual(['V18', 'V19', 'V20']);
    expect(report.ok).toBe(true);
  });

  it('without roster and attendance does not claim what it cannot show', async () => {
    const files = new Map((await buildRecord()).files);
    files.delete('roster.json');
    files.delete('attendance.json');
    const report = await verify(zipOfFiles(files));

    expect(failed(report.checks)).toEqual([]);
    const silent = report.checks.filter((check) => check.status === 'not_applicable');
    expect(silent.map((check) => check.id)).toEqual(['V6', 'V18', 'V19', 'V20']);
    expect(silent[0]?.reason).toBe('no_roster');
  });

  it('with one figure edited meets the log and every check of that figure', async () => {
    const files = new Map((await buildRecord()).files);
    const text = textOfBytes(files.get('entries.jsonl') ?? new Uint8Array());
    files.set('entries.jsonl', bytesOfText(text.replace('"agree":4', '"agree":5')));
    const report = await verify(zipOfFiles(files));

    expect(failed(report.checks)).toEqual(['V2', 'V3', 'V15', 'V16', 'V17']);
    const { detail } = at(report.checks, 15);
    expect(detail).toContain('nomination 1: 5 agree, 1 disagree, by the opened sum 4 and 1');
  });

  it('whose attendance was exchanged does not open its commitment', async () => {
    const record = await buildRecord();
    const online = each(0, (member: MemberAttendance): MemberAttendance => {
      return { ...member, state: 'online' };
    });
    const members = online(ATTENDANCE.members);
    const files = new Map([
      ...record.files,
      ['attendance.json', fileOf({ ...ATTENDANCE, members })],
    ] as const);
    const report = await verify(zipOfFiles(files));

    expect(failed(report.checks)).toEqual(['V4', 'V16']);
  });
});
