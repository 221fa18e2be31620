/** The shared vectors: whole records and a receipt that Python made (tests/vectors). */

import { describe, expect, it } from 'vitest';

import { bytesOfText, joinBytes } from '../../src/crypto/encodings.ts';
import { verifyBytes } from '../../src/verifier/verify.ts';
import { readVectors } from '../crypto/vector_file.ts';
import { zipOf } from './stored_zip_writer.ts';

interface RecordCase {
  readonly operation: string;
  readonly description: string;
  readonly input: {
    readonly entries: readonly string[];
    readonly files: Readonly<Record<string, string>>;
    readonly receipt: string;
  };
  readonly output: { readonly phi: string; readonly tracker: string };
}

const { positive } = readVectors<{ positive: readonly RecordCase[] }>('phieukin/records.json');
const casesOf = (operation: string): [string, RecordCase][] =>
  positive
    .filter((each) => each.operation === operation)
    .map((each) => [each.description, each]);

describe('a record that Python made', () => {
  it.each(casesOf('read_record'))('%s', async (_, { input, output }) => {
    const lines = input.entries.map((entry) => bytesOfText(`${entry}\n`));
    const members = [
      { name: 'entries.jsonl', data: joinBytes(...lines) },
      ...Object.entries(input.files).map(([name, text]) => ({ name, data: bytesOfText(text) })),
    ];
    const anchors = { showsCodes: false };
    const { report } = await verifyBytes(zipOf(members), 'record.zip', { anchors });

    const others = report.checks.filter((check) => check.status !== 'holds');
    expect(others.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'V17 fails',
      'V18 not_applicable',
      'V19 not_applicable',
      'V20 not_applicable',
    ]);
    // The vectors leave the archive out, for it follows from the entries.
    expect(others[0]?.detail).toContain('election.bel is missing');
    expect(report.checks[4]?.detail).toContain(output.phi);
  });
});

describe('a receipt that Python made', () => {
  it.each(casesOf('read_receipt'))('%s', async (_, { input, output }) => {
    const { report } = await verifyBytes(bytesOfText(input.receipt), 'receipt.json');
    expect(report.ok).toBe(true);
    expect(report.checks[19]?.detail).toContain(`ballot ${output.tracker}`);
  });
});
