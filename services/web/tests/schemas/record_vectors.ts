/** The records of tests/vectors/phieukin/records.json, as files. */

import { type Archive, writeArchive } from '../../src/crypto/belenios_archive.ts';
import { parseBallot } from '../../src/crypto/ballots.ts';
import { dumps, loads } from '../../src/crypto/belenios_json.ts';
import { parseElection } from '../../src/crypto/elections.ts';
import { bytesOfText } from '../../src/crypto/encodings.ts';
import { groupByName } from '../../src/crypto/groups/index.ts';
import { parseProof } from '../../src/crypto/proofs.ts';
import { parseSignedMessage } from '../../src/crypto/sealed_messages.ts';
import { encryptTally, tallyToText } from '../../src/crypto/tally.ts';
import {
  parseCertificate,
  parseCoefficients,
  parseVerificationKey,
  type ThresholdTeam,
  trusteesToText,
} from '../../src/crypto/trustees.ts';
import { decodeEntry, type Entry } from '../../src/schemas/entries.ts';
import { FILE_ORDER } from '../../src/schemas/record.ts';
import type { Terms } from '../../src/schemas/terms.ts';
import { readVectors } from '../crypto/vector_file.ts';

/** A whole record: its entries in order, and its small files by name. */
export interface RecordInput {
  readonly group: string;
  readonly entries: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

interface RecordCase {
  readonly operation: string;
  readonly input: unknown;
}

/** The whole records, one a group. */
export function wholeRecords(): RecordInput[] {
  const { positive } = readVectors<{ positive: RecordCase[] }>('phieukin/records.json');
  const cases = positive.filter((each) => each.operation === 'read_record');
  return cases.map((each) => each.input as RecordInput);
}

/** All files of a record, `election.bel` made from its entries, in their order in the zip. */
export function filesOf(record: RecordInput): Map<string, Uint8Array> {
  const log = record.entries.map((text) => decodeEntry(bytesOfText(text)));
  const contents = new Map<string, Uint8Array>(
    Object.entries(record.files).map(([name, text]) => [name, bytesOfText(text)]),
  );
  contents.set('entries.jsonl', bytesOfText(record.entries.map((text) => `${text}\n`).join('')));
  contents.set('election.bel', writeArchive(archiveOf(log)));
  return new Map(
    FILE_ORDER.flatMap((name) => {
      const content = contents.get(name);
      return content === undefined ? [] : [[name, content] as const];
    }),
  );
}

/** All entries of a type. */
export function entriesOf<Type extends Entry['type']>(
  log: readonly Entry[],
  type: Type,
): Extract<Entry, { type: Type }>[] {
  return log.filter((entry): entry is Extract<Entry, { type: Type }> => entry.type === type);
}

/** The one entry of a type. */
export function entryOf<Type extends Entry['type']>(
  log: readonly Entry[],
  type: Type,
): Extract<Entry, { type: Type }> {
  const [entry] = entriesOf(log, type);
  if (entry === undefined) throw new Error(`no ${type}`);
  return entry;
}

/** The counting team of a log, unverified. */
export function teamOf(log: readonly Entry[], terms: Terms): ThresholdTeam {
  const group = groupByName(terms.group);
  const threshold = terms.counting_team.trustee_threshold;
  const reveals = entriesOf(log, 'ceremony_reveal');
  return {
    kind: 'threshold',
    threshold,
    certificates: entriesOf(log, 'ceremony_certificate').map((each) =>
      parseCertificate(group, each.certificate),
    ),
    coefficients: reveals.map((each) =>
      parseCoefficients(group, parseSignedMessage(group, each.coefexps), threshold),
    ),
    signatures: reveals.map((each) => parseProof(group, loads(each.signature))),
    verificationKeys: entriesOf(log, 'ceremony_key').map((each) =>
      parseVerificationKey(group, each.verification_key),
    ),
  };
}

function archiveOf(log: readonly Entry[]): Archive {
  const terms = entryOf(log, 'terms');
  const election = parseElection(entryOf(log, 'election').election);
  const ballots = entriesOf(log, 'ballot').map((each) => each.ballot);
  const parsed = ballots.map((text) => parseBallot(election, text));
  const { group } = election;
  return {
    timestamp: Date.parse(terms.meeting.starts_at) / 1000,
    election: election.text,
    trustees: trusteesToText(group, [teamOf(log, terms)]),
    publicCredentials: dumps(parsed.map((ballot) => ballot.credential).sort()),
    ballots,
    isClosed: true,
    numTallied: ballots.length,
    totalWeight: ballots.length,
    encryptedTally: tallyToText(group, encryptTally(election, parsed)),
    partialDecryptions: entriesOf(log, 'partial_decryption')
      .map((each) => ({ owner: each.index, text: each.partial_decryption }))
      .sort((left, right) => left.owner - right.owner),
    result: entryOf(log, 'result').result,
  };
}
