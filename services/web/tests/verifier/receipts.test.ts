/** Receipts, claims and anchors: what ties one ballot and one meeting to a record (V19, V20). */

import { beforeAll, describe, expect, it } from 'vitest';

import { signPromise } from '../../src/crypto/checkpoints.ts';
import { electionCode, sealCodeOfNote } from '../../src/crypto/codes.ts';
import { bytesOfText, fromHex, textOfBytes, toBase64Url } from '../../src/crypto/encodings.ts';
import type { ReceiptFile } from '../../src/schemas/record.ts';
import { type Anchors, UNANCHORED } from '../../src/verifier/checks_anchor.ts';
import { readEvidence } from '../../src/verifier/evidence.ts';
import { readRecordFiles } from '../../src/verifier/record_files.ts';
import { failed, MalformedInputError, type Report } from '../../src/verifier/report.ts';
import { verifyBytes } from '../../src/verifier/verify.ts';
import { receiptOf } from './receipt_builder.ts';
import { type BuiltRecord, buildRecord, fileOfRecord, zipOfRecord } from './record_builder.ts';
import { at, BOX_SIGNER, UUID } from './record_parts.ts';

const QUIET = { showsCodes: false };
let record: BuiltRecord;
let receipt: ReceiptFile;
let other: ReceiptFile;

beforeAll(async () => {
  record = await buildRecord();
  [receipt, other] = [await receiptOf(record), await receiptOf(record, 1)];
});

async function verify(file: ReceiptFile, given?: Uint8Array): Promise<Report> {
  const evidence = given === undefined ? null : readEvidence(readRecordFiles(given));
  const data = bytesOfText(JSON.stringify(file));
  const { report } = await verifyBytes(data, 'receipt.json', { anchors: QUIET, given: evidence });
  return report;
}

function detailOf(report: Report, id: 'V19' | 'V20'): string {
  return at(report.checks, Number(id.slice(1))).detail;
}

function promiseFor(tracker: Uint8Array): string {
  return signPromise({ uuid: UUID, phi: receipt.phi, tracker }, BOX_SIGNER);
}

describe('a receipt', () => {
  it('needs nothing else, and names the code to compare', async () => {
    const report = await verify(receipt);
    expect(report.ok).toBe(true);
    expect(detailOf(report, 'V19')).toContain(receipt.receipt_code);
    const others = report.checks.filter((check) => check.status !== 'not_applicable');
    expect(others.map((check) => check.id)).toEqual(['V19']);
  });

  it('is looked for in the record that is given', async () => {
    const report = await verify(receipt, zipOfRecord(record));
    expect(detailOf(report, 'V19')).toContain('included in the record given');
    const another = await verify(receipt, zipOfRecord(await buildRecord({ seeds: reversed })));
    expect(detailOf(another, 'V19')).toBe('the record given does not hold this ballot');
  });

  const altered: readonly [string, () => Partial<ReceiptFile>, string][] = [
    [
      'a promise for another ballot',
      () => ({ promise: promiseFor(new Uint8Array(32).fill(1)) }),
      'the promise is for another ballot',
    ],
    [
      'a promise signed by another key',
      () => ({ promise: `${receipt.promise.slice(0, -12)}AAAA${receipt.promise.slice(-8)}` }),
      'promise: ',
    ],
    ['another leaf', () => ({ leaf: other.leaf }), 'inclusion: the path does not lead to the root'],
    ['the proof of another leaf', () => ({ proof: other.proof }), 'inclusion: '],
    [
      'another code',
      () => ({ receipt_code: other.receipt_code }),
      'the printed code is not that of the receipt',
    ],
    ['another phi', () => ({ phi: 'A'.repeat(43) }), 'phi is not the fingerprint of the election'],
    [
      'other terms',
      () => ({ terms: receipt.terms.replace('Hội trường A', 'Hội trường B') }),
      'the election is not bound to these terms',
    ],
    [
      'the leaf of another ballot with its proof',
      () => ({ leaf: other.leaf, proof: other.proof }),
      'the leaf is not that of the ballot',
    ],
    [
      'all of another ballot but the promise',
      () => ({ ...other, promise: receipt.promise, tracker: receipt.tracker }),
      'the ballot is another than the promised one',
    ],
    [
      'the code of another ballot',
      () => ({ receipt: other.receipt, receipt_code: other.receipt_code }),
      'the receipt is not of this ballot',
    ],
    ['an entry that is no ballot', () => ({ entry: receipt.terms }), 'the entry is not a ballot'],
    [
      'an entry of no type',
      () => ({ entry: receipt.entry.replace('"type":"ballot"', '"type":"ballots"') }),
      'the ballot: ',
    ],
  ];
  it.each(altered)('with %s fails V19 alone', async (_, change, problem) => {
    const report = await verify({ ...receipt, ...change() });
    expect(failed(report.checks)).toEqual(['V19']);
    expect(detailOf(report, 'V19')).toContain(problem);
  });

  it.each(['tracker', 'receipt', 'leaf', 'phi'] as const)(
    'with a newline behind its %s is malformed',
    async (name) => {
      await expect(verify({ ...receipt, [name]: `${receipt[name]}\n` })).rejects.toThrow(
        MalformedInputError,
      );
    },
  );

  it.each(['{}', '{"format":"phieukin/receipt/1"}', '{'.repeat(10_000), '{"a":"\ud800"}'])(
    'is not any JSON',
    async (text) => {
      const data = new TextEncoder().encode(text);
      await expect(verifyBytes(data, 'x.json')).rejects.toThrow(MalformedInputError);
    },
  );
});

async function reportOfClaim(promise: string): Promise<Report> {
  const claim = { type: 'claim', promise: toBase64Url(bytesOfText(promise)) } as const;
  const built = await buildRecord({ board: (log) => [...log, claim] });
  return (await verifyBytes(zipOfRecord(built), 'record.zip', { anchors: QUIET })).report;
}

describe('a claim', () => {
  it('of a missing ballot holds, and no count may follow', async () => {
    const report = await reportOfClaim(promiseFor(new Uint8Array(32).fill(1)));
    expect(at(report.checks, 19).status).toBe('holds');
    expect(failed(report.checks)).toEqual(['V0']);
  });

  it('never names a ballot that is there', async () => {
    const report = await reportOfClaim(promiseFor(fromHex(receipt.tracker)));
    expect(detailOf(report, 'V19')).toBe('claim 1 names a ballot that is on the board');
  });

  it("is only the box's own word", async () => {
    const forged = promiseFor(new Uint8Array(32).fill(1)).replace('— ', '— x');
    expect(detailOf(await reportOfClaim(forged), 'V19')).toMatch(/^claim 1: /);
  });
});

async function anchored(anchors: Anchors): Promise<Report> {
  return (await verifyBytes(zipOfRecord(record), 'record.zip', { anchors })).report;
}

describe('an anchor', () => {
  it('is the election code or the seal code, however it is typed', async () => {
    const election = await electionCode(record.election.fingerprint);
    const seal = await sealCodeOfNote(textOfBytes(fileOfRecord(record, 'checkpoints/closing')));
    for (const code of [election.toLowerCase().replaceAll('-', ' '), seal]) {
      const report = await anchored({ code, strict: true });
      expect(at(report.checks, 20).status).toBe('holds');
    }
  });

  it('of another meeting fails', async () => {
    for (const code of ['0000-0000-0000-0000-0000', 'no code at all', '']) {
      expect(failed((await anchored({ code })).checks)).toEqual(['V20']);
    }
  });

  it('that is missing leaves the record consistent, and no more', async () => {
    const lenient = await anchored(QUIET);
    expect(lenient.ok).toBe(true);
    expect(detailOf(lenient, 'V20')).toBe(UNANCHORED);
    expect(at(lenient.checks, 20).reason).toBe('no_anchor');
    expect(failed((await anchored({ ...QUIET, strict: true })).checks)).toEqual(['V20']);
  });

  it('can be looked up in the codes of the input', async () => {
    const { codes, subject } = await verifyBytes(zipOfRecord(record), 'record.zip');
    expect(codes.election).toBe(await electionCode(record.election.fingerprint));
    expect(codes.seal).toMatch(/^(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}$/);
    expect(subject?.counts).toEqual({ members: 7, issued: 6, returned: 5 });
    expect(subject?.cases.map(({ outcome }) => outcome?.agree)).toEqual([4, 4, 1]);
  });
});

function reversed(seeds: readonly Uint8Array[]): Uint8Array[] {
  return [...seeds].reverse();
}
