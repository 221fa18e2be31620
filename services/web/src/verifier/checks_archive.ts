/** V17: the files that follow from the entries: the Belenios archive and the manifest. */

import { type Archive, readArchive, writeArchive } from '../crypto/belenios_archive.ts';
import { dumps } from '../crypto/belenios_json.ts';
import { equalBytes } from '../crypto/encodings.ts';
import { tallyToText } from '../crypto/tally.ts';
import { trusteesToText } from '../crypto/trustees.ts';
import { decode } from '../schemas/canonical.ts';
import { ARCHIVE, ENTRIES, FILE_ORDER, type Manifest, readManifest } from '../schemas/record.ts';
import type { Judgement } from './ballot_verdicts.ts';
import { teamOf } from './checks_election.ts';
import { tallyOf } from './checks_tally.ts';
import { type Evidence, sha256HexOf } from './evidence.ts';
import { asProblem } from './refusals.ts';
import { CheckFailedError, refuseIfAny } from './report.ts';

const MAX_MANIFEST_BYTES = 16_384;
const PARTS = [
  ['timestamp', 'timestamp'],
  ['election', 'election'],
  ['trustees', 'trustees'],
  ['publicCredentials', 'public_credentials'],
  ['ballots', 'ballots'],
  ['encryptedTally', 'encrypted_tally'],
  ['partialDecryptions', 'partial_decryptions'],
  ['result', 'result'],
] as const satisfies readonly (readonly [keyof Archive, string])[];
const MANIFEST_PARTS = ['uuid', 'phi', 'size', 'files'] as const;
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * V17: `election.bel` byte-exact, of the entries' election, ballots, decryptions and result.
 *
 * Its public credentials are exactly the ballots', sorted. The manifest names these files.
 */
export function checkArchive(evidence: Evidence, judgement: Judgement): string {
  void evidence.result; // before the result there is no archive
  const expected = expectedArchive(evidence, judgement);
  const data = evidence.files.archive;
  const problems = manifestProblems(evidence);
  if (data === undefined) {
    problems.push('election.bel is missing');
  } else if (!equalBytes(data, writeArchive(expected))) {
    problems.push(...differences(expected, data));
  }
  refuseIfAny(problems);
  return `byte for byte what the entries make, ${expected.ballots.length} credentials`;
}

function expectedArchive(evidence: Evidence, judgement: Judgement): Archive {
  const tally = tallyOf(judgement);
  const { group } = evidence.election;
  const credentials = judgement.verdicts.flatMap(({ credential }) => credential ?? []);
  const partial = [...evidence.partialDecryptions].sort((left, right) => left.index - right.index);
  return {
    timestamp: secondsOf(evidence.terms.meeting.starts_at),
    election: evidence.election.text,
    trustees: trusteesToText(group, [teamOf(evidence)]),
    // Credentials are ASCII: the order of code units is that of the bytes.
    publicCredentials: dumps(credentials.sort()),
    ballots: evidence.ballots.map((entry) => entry.ballot),
    isClosed: true,
    numTallied: evidence.ballots.length,
    totalWeight: evidence.ballots.length,
    encryptedTally: tallyToText(group, tally),
    partialDecryptions: partial.map((entry) => ({
      owner: entry.index,
      text: entry.partial_decryption,
    })),
    result: evidence.result.result,
  };
}

/** Seconds since 1970 of a time with its offset. Throws CheckFailedError for a day of no year. */
export function secondsOf(instant: string): number {
  const [, year, month, day, hour, minute, second, sign, offsetHours, offsetMinutes] =
    INSTANT.exec(instant) ?? [];
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const offset = 60 * Number(offsetHours ?? 0) + Number(offsetMinutes ?? 0);
  const isADay =
    Number(year) >= 1000 &&
    new Date(local).toISOString().slice(0, 19) === instant.slice(0, 19) &&
    Number(offsetHours ?? 0) < 24 &&
    Number(offsetMinutes ?? 0) < 60;
  if (!isADay) {
    throw new CheckFailedError("the meeting's start is not a time");
  }
  return local / 1000 - (sign === '-' ? -60 : 60) * offset;
}

function differences(expected: Archive, data: Uint8Array): string[] {
  let archive: Archive;
  try {
    archive = readArchive(data);
  } catch (error) {
    return [`election.bel: ${asProblem(error)}`];
  }
  const parts = PARTS.filter(
    ([part]) => JSON.stringify(archive[part]) !== JSON.stringify(expected[part]),
  );
  return parts.length > 0
    ? parts.map(([, name]) => `election.bel holds other ${name} than the entries`)
    : ['election.bel is not byte for byte what the entries make'];
}

function manifestProblems(evidence: Evidence): string[] {
  const data = evidence.files.manifest;
  if (data === undefined) {
    return ['manifest.json is missing'];
  }
  let manifest: Manifest;
  try {
    manifest = readManifest(decode(data, MAX_MANIFEST_BYTES));
  } catch (error) {
    return [`manifest.json: ${asProblem(error)}`];
  }
  const expected: Manifest = {
    format: 'phieukin/record/1',
    uuid: evidence.terms.uuid,
    phi: evidence.election.fingerprint,
    size: evidence.placed.length,
    files: recordedFiles(evidence),
  };
  const parts = MANIFEST_PARTS.filter((part) => textOf(manifest[part]) !== textOf(expected[part]));
  return parts.length === 0
    ? []
    : [`manifest.json names other ${parts.join(', ')} than the record has`];
}

function textOf(part: Manifest[(typeof MANIFEST_PARTS)[number]]): string {
  return typeof part === 'object'
    ? part.map((file) => `${file.name} ${file.sha256}`).join('\n')
    : String(part);
}

function recordedFiles({ files }: Evidence): Manifest['files'] {
  const contents = new Map<string, Uint8Array | undefined>([
    [ENTRIES, files.entries],
    [ARCHIVE, files.archive],
  ]);
  for (const [name, data] of files.checkpoints) {
    contents.set(`checkpoints/${name}`, data);
  }
  return FILE_ORDER.flatMap((name) => {
    const data = contents.get(name);
    return data === undefined ? [] : [{ name, sha256: sha256HexOf(data) }];
  });
}
