/** Files that cannot be read at all, and zip files that a general reader would open. */

import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { bytesOfText, joinBytes } from '../../src/crypto/encodings.ts';
import { kindOf, readRecordFiles } from '../../src/verifier/record_files.ts';
import { failed, MalformedInputError, runCheck, settle } from '../../src/verifier/report.ts';
import { DependsOnError, NotApplicableError } from '../../src/verifier/report.ts';
import { verifyBytes } from '../../src/verifier/verify.ts';
import { type Member, zipOf } from './stored_zip_writer.ts';

const ENTRIES: Member = { name: 'entries.jsonl', data: bytesOfText('{}\n') };
const bomb = deflateRawSync(new Uint8Array(1_000_000));

const UNREADABLE: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(),
  'a text': bytesOfText('hello'),
  'a broken zip': bytesOfText('PK\x03\x04 and no more'),
  'a zip without entries': zipOf([{ name: 'manifest.json', data: bytesOfText('{}') }]),
  'a zip bomb': zipOf([{ name: 'entries.jsonl', data: bomb, method: 8, size: 1_000_000 }]),
  'a member that says it is longer': zipOf([{ ...ENTRIES, size: 4_000_000_000 }]),
  'an encrypted member': zipOf([{ ...ENTRIES, flags: 1 }]),
  'an unknown file': zipOf([ENTRIES, { name: '../secret', data: new Uint8Array() }]),
  'a file twice': zipOf([ENTRIES, ENTRIES]),
  'another name in the local header': zipOf([{ ...ENTRIES, localName: 'entries.json1' }]),
  'a wrong checksum': withByte(zipOf([ENTRIES]), 45),
  'bytes behind the end': joinBytes(zipOf([ENTRIES]), Uint8Array.of(0)),
  'a zip cut off': zipOf([ENTRIES]).slice(0, -1),
  'a checkpoint that is too long': zipOf([
    ENTRIES,
    { name: 'checkpoints/closing', data: new Uint8Array(16_385) },
  ]),
  'a broken archive': joinBytes(bytesOfText('BELENIOS\0'), new Uint8Array(600)),
};

function withByte(data: Uint8Array, place: number): Uint8Array {
  const changed = Uint8Array.from(data);
  changed[place] = (changed[place] ?? 0) ^ 1;
  return changed;
}

describe('what cannot be read is malformed', () => {
  it.each(Object.entries(UNREADABLE))('%s', async (_, data) => {
    await expect(verifyBytes(data, 'input')).rejects.toThrow(MalformedInputError);
  });

  it('a PDF without any content', async () => {
    const paper = bytesOfText('%PDF-1.7\n%%EOF\n');
    await expect(verifyBytes(paper, 'paper.pdf')).rejects.toThrow(MalformedInputError);
  });
});

describe('what can be read', () => {
  it('is told by its first bytes', () => {
    expect(kindOf(bytesOfText('PK\x03\x04'))).toBe('record');
    expect(kindOf(bytesOfText('BELENIOS\0'))).toBe('archive');
    expect(kindOf(bytesOfText('\n%PDF-1.7'))).toBe('paper');
    expect(kindOf(bytesOfText(`${' '.repeat(5000)}{}`))).toBe('receipt');
  });

  it('a zip with a comment is read', () => {
    expect(readRecordFiles(zipOf([ENTRIES], 'a comment')).entries).toEqual(ENTRIES.data);
  });

  it.each(['', '\n', '{}\n', 'null\n', `${'['.repeat(5000)}\n`, '\ufeff{}\n'])(
    'nonsense fails its checks, and none of them stumbles',
    async (text) => {
      const zip = zipOf([{ name: 'entries.jsonl', data: bytesOfText(text) }]);
      const { report } = await verifyBytes(zip, 'record.zip');
      expect(report.ok).toBe(false);
      expect(failed(report.checks)).toContain('V1');
      const stumbled = report.checks.filter(({ detail }) => /TypeError|RangeError/.test(detail));
      expect(stumbled).toEqual([]);
    },
  );

  it('more entries than a record may have are not all read', async () => {
    const zip = zipOf([{ name: 'entries.jsonl', data: bytesOfText('{}\n'.repeat(100_000)) }]);
    const { report } = await verifyBytes(zip, 'record.zip');
    expect(report.checks[1]?.detail).toContain('and 1982 more');
  });
});

describe('a check', () => {
  it('that meets an error of ours fails', async () => {
    const result = await runCheck('V3', () => {
      throw new TypeError('oh');
    });
    expect(result).toMatchObject({ status: 'fails', isUnjudged: true });
  });

  it('that waits for one that does not fail is a failure itself', async () => {
    const waits = (on: 'V1' | 'V2') => () => {
      throw new DependsOnError(on);
    };
    const results = new Map([
      ['V1', await runCheck('V1', waits('V2'))],
      ['V2', await runCheck('V2', waits('V1'))],
      ['V4', await runCheck('V4', waits('V2'))],
    ] as const);
    expect([...settle(results).values()].map((check) => check.status)).toEqual([
      'fails',
      'fails',
      'fails',
    ]);
  });

  it('that does not apply, or waits for one that fails, says so', async () => {
    const results = new Map([
      [
        'V1',
        await runCheck('V1', () => {
          throw new NotApplicableError('cancelled', 'cancelled');
        }),
      ],
      ['V4', await runCheck('V4', () => Promise.reject(new Error('no')))],
      [
        'V5',
        await runCheck('V5', () => {
          throw new DependsOnError('V4', 'a name');
        }),
      ],
    ] as const);
    const settled = settle(results);
    expect(settled.get('V1')?.status).toBe('not_applicable');
    expect(settled.get('V5')).toMatchObject({ status: 'not_applicable', dependsOn: 'V4' });
  });
});
