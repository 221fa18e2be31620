/** What Python and TypeScript read alike: records, entries, logs, shares (records.json). */

import { sha256 } from '@noble/hashes/sha2.js';
import { expect } from 'vitest';

import { parseElection } from '../../src/crypto/elections.ts';
import { bytesOfText, fromHex, textOfBytes, toHex } from '../../src/crypto/encodings.ts';
import { groupByName } from '../../src/crypto/groups/index.ts';
import { leafHash, treeHead } from '../../src/crypto/merkle.ts';
import { electionKey } from '../../src/crypto/trustee_verification.ts';
import { decode } from '../../src/schemas/canonical.ts';
import { electionJson, termsHash } from '../../src/schemas/election_json.ts';
import { decodeEntry, encodeEntry, type Entry } from '../../src/schemas/entries.ts';
import {
  checkGrammar,
  phaseName,
  type RecordedEntry,
} from '../../src/schemas/grammar.ts';
import { readManifest, readReceiptFile } from '../../src/schemas/record.ts';
import { readAttendance, readRoster } from '../../src/schemas/roster.ts';
import {
  type Comparator,
  isPassed,
  parseShare,
  type Rule,
  sharePercent,
  votesNeeded,
} from '../../src/schemas/rules.ts';
import { runVectors } from '../crypto/vector_file.ts';
import { entryOf, filesOf, type RecordInput, teamOf } from './record_vectors.ts';

const MAX_FILE_BYTES = 1 << 20;

function sha256Hex(bytes: Uint8Array | undefined): string {
  return toHex(sha256(bytes ?? new Uint8Array()));
}

function readRecord(given: RecordInput): object {
  const log = given.entries.map((text) => decodeEntry(bytesOfText(text)));
  expect(log.map((entry) => textOfBytes(encodeEntry(entry)))).toEqual(given.entries);
  const files = filesOf(given);
  const value = (name: string): unknown =>
    decode(files.get(name) ?? new Uint8Array(), MAX_FILE_BYTES);
  const manifest = readManifest(value('manifest.json'));
  readRoster(value('roster.json'));
  readAttendance(value('attendance.json'));
  for (const file of manifest.files) expect(sha256Hex(files.get(file.name))).toBe(file.sha256);
  const terms = entryOf(log, 'terms');
  const group = groupByName(terms.group);
  const key = group.elementToText(electionKey(group, [teamOf(log, terms)]));
  const { election } = entryOf(log, 'election');
  expect(electionJson(terms, key)).toBe(election);
  return {
    types: log.map((entry) => entry.type),
    phase: phaseName(checkGrammar(log)),
    terms_hash: termsHash(terms),
    phi: parseElection(election).fingerprint,
    root: toHex(treeHead(given.entries.map((text) => leafHash(bytesOfText(text)))).root),
    roster_commitment: sha256Hex(files.get('roster.json')),
    attendance_commitment: sha256Hex(files.get('attendance.json')),
    election_bel_sha256: sha256Hex(files.get('election.bel')),
  };
}

/** `type`, `type index` or `cancelled reason`: an entry without content, for the grammar. */
function bareEntry(spec: string): RecordedEntry {
  const [type, detail] = spec.split(' ');
  const bare =
    type === 'cancelled'
      ? { type, reason: detail }
      : { type, ...(detail === undefined ? {} : { index: Number(detail) }) };
  return bare as unknown as RecordedEntry;
}

runVectors('records.json', {
  read_record: readRecord,
  read_receipt: (given: { receipt: string }) => {
    const receipt = readReceiptFile(JSON.parse(given.receipt));
    return { tracker: receipt.tracker, receipt_code: receipt.receipt_code };
  },
  read_entry: (given: { entry: string } | { hex: string }) => {
    const data = 'hex' in given ? fromHex(given.hex) : bytesOfText(given.entry);
    const entry: Entry = decodeEntry(data);
    expect(encodeEntry(entry)).toEqual(data);
    return { type: entry.type };
  },
  check_grammar: (given: { entries: string[] }) => ({
    phase: phaseName(checkGrammar(given.entries.map(bareEntry))),
  }),
  judge: (given: { share: string; comparator: Comparator; agree: number; base: number }) => {
    const { share, comparator, agree, base } = given;
    parseShare(share);
    const rule: Rule = { share, comparator, base: 'all_members', citation: 'Điều 9' };
    return {
      votes_needed: votesNeeded(rule, base),
      passed: isPassed(rule, agree, base),
      share_percent: sharePercent(agree, base),
    };
  },
});
