/** What a teller's phone refuses to open (protocol.md §3, §8), and records that were cancelled. */

import { beforeAll, describe, expect, it } from 'vitest';

import { signCheckpoint, signPromise } from '../../src/crypto/checkpoints.ts';
import { sealValue } from '../../src/crypto/codes.ts';
import { cancelMessage } from '../../src/crypto/device_keys.ts';
import {
  bytesOfText,
  joinBytes,
  textOfBytes,
  toBase64Url,
  toHex,
} from '../../src/crypto/encodings.ts';
import { leafHash, treeHead } from '../../src/crypto/merkle.ts';
import { tallyToText } from '../../src/crypto/tally.ts';
import { encode } from '../../src/schemas/canonical.ts';
import { type Cancelled, encodeEntry, type Entry } from '../../src/schemas/entries.ts';
import {
  BoardRefusedError,
  type DownloadedBoard,
  verifyBoardForOpening,
} from '../../src/verifier/board.ts';
import { sha256HexOfText } from '../../src/verifier/evidence.ts';
import { judgeBehind, serveJudging } from '../../src/verifier/judging_port.ts';
import {
  checkBeforeOpening,
  type DeviceView,
  OpeningRefusedError,
} from '../../src/verifier/opening.ts';
import { failed, type Report } from '../../src/verifier/report.ts';
import { verifyBytes } from '../../src/verifier/verify.ts';
import { alteredProof } from './ballot_changes.ts';
import {
  type BuiltRecord,
  buildRecord,
  type Changes,
  fileOfRecord,
  linesOf,
} from './record_builder.ts';
import { at, BOX_SIGNER, deviceSignature, LOG_SIGNER, ROSTER, UUID } from './record_parts.ts';
import { zipOfFiles } from './stored_zip_writer.ts';

let record: BuiltRecord;
let board: DownloadedBoard;

beforeAll(async () => {
  record = await buildRecord();
  board = boardOf(record);
});

function textOf(made: BuiltRecord, name: string): string {
  return textOfBytes(fileOfRecord(made, name));
}

function boardOf(made: BuiltRecord, until: Entry['type'] = 'closed'): DownloadedBoard {
  const end = made.log.map((entry) => entry.type).lastIndexOf(until) + 1;
  return {
    entries: linesOf(made).slice(0, end),
    openingNote: textOf(made, 'checkpoints/opening'),
    closingNote: textOf(made, 'checkpoints/closing'),
    roster: fileOfRecord(made, 'roster.json'),
    attendance: fileOfRecord(made, 'attendance.json'),
  };
}

async function refusedBy(refused: DownloadedBoard): Promise<string> {
  try {
    await verifyBoardForOpening(refused);
    return '';
  } catch (error) {
    if (error instanceof BoardRefusedError) return error.refused.join(' ');
    throw error;
  }
}

describe('a board', () => {
  it.each(['Ed25519', 'BELENIOS-2048'] as const)('that holds gives its sum: %s', async (group) => {
    const made = await buildRecord({}, group);
    const ready = await verifyBoardForOpening(boardOf(made));
    const result = made.log.find((entry) => entry.type === 'result');

    const text = tallyToText(made.election.group, ready.tally);
    expect(sha256HexOfText(text)).toBe(result?.encrypted_tally);
    expect([ready.ballots, ready.issuances, ready.minimumBallots]).toEqual([5, 6, 5]);
    expect(ready.publicKeys).toHaveLength(3);
    expect(ready.leaves).toHaveLength(30);
  });

  it('gives the same sum when several workers judge', async () => {
    const judges = [1, 2].map(() => {
      const { port1, port2 } = new MessageChannel();
      serveJudging(port1);
      return { judge: judgeBehind(port2), port: port2 };
    });
    const progress: string[] = [];
    const ready = await verifyBoardForOpening(
      board,
      judges.map(({ judge }) => judge),
      (done, total, phase) => progress.push(`${phase} ${done}/${total}`),
    );
    judges.forEach(({ port }) => port.close());

    const alone = await verifyBoardForOpening(board);
    const text = (tally: typeof alone.tally) => tallyToText(record.election.group, tally);
    expect(text(ready.tally)).toBe(text(alone.tally));
    expect(progress).toContain('ballots 5/5');
    expect(progress.at(-1)).toBe('checks 13/13');
  });

  const claim: Entry = { type: 'claim', promise: 'AAAA' };
  const refused: readonly [string, Changes, Entry['type'], string][] = [
    ['a claim', { board: (log) => [...log, claim] }, 'claim', 'V0'],
    ['a partial decryption', {}, 'partial_decryption', 'V0'],
    ['a false proof', { ballots: alteredProof }, 'closed', 'V9'],
    [
      'another election.json',
      { election: (text) => text.replace('Nguyễn Văn 2', 'Nguyễn Văn 9') },
      'closed',
      'V4',
    ],
    [
      'ballots that nobody signed for',
      { closed: (closed) => ({ ...closed, issued: 5 }) },
      'closed',
      'V11',
    ],
  ];
  it.each(refused)('with %s is refused', async (_, changes, until, id) => {
    expect(await refusedBy(boardOf(await buildRecord(changes), until))).toBe(id);
  });

  it('without its roster is refused', async () => {
    expect(await refusedBy({ ...board, roster: new Uint8Array() })).toContain('V4');
  });
});

function confirmedMessage(made: BuiltRecord): string {
  const entry = made.log.find((each) => each.type === 'trustee_confirms');
  const { message } = JSON.parse(entry?.confirmation ?? '{}') as { message: string };
  return message;
}

function sealOf(made: BuiltRecord): Uint8Array {
  const [text = ''] = textOf(made, 'checkpoints/closing').split('\n\n');
  return sealValue(`${text}\n`);
}

function device(changes: Partial<DeviceView> = {}, made = record): DeviceView {
  const own = { seal: sealOf(made), trustee: 1, confirmed: confirmedMessage(made) };
  return { ...own, promises: [], openedRoot: null, ...changes };
}

function promise(tracker: Uint8Array): string {
  return signPromise({ uuid: UUID, phi: record.election.fingerprint, tracker }, BOX_SIGNER);
}

async function refusal(view: DeviceView, asked = board): Promise<string> {
  try {
    await checkBeforeOpening(asked, view);
    return 'none';
  } catch (error) {
    if (error instanceof OpeningRefusedError) return error.refusal;
    throw error;
  }
}

describe("a teller's phone", () => {
  it('opens the sum of the board that it confirmed, also after others did', async () => {
    expect(await refusal(device())).toBe('none');
    expect(await refusal(device(), boardOf(record, 'partial_decryption'))).toBe('none');
    const { closingRoot } = await checkBeforeOpening(board, device());
    expect(await refusal(device({ openedRoot: toHex(closingRoot) }))).toBe('none');
  });

  it('refuses what differs from what it knows', async () => {
    expect(await refusal(device({ seal: new Uint8Array(32) }))).toBe('seal-differs');
    expect(await refusal(device({ confirmed: null }))).toBe('another-election');
    expect(await refusal(device({ trustee: 2 }))).toBe('another-election');
    expect(await refusal(device({ openedRoot: '0'.repeat(64) }))).toBe('another-board');
  });

  it('refuses a board that lacks a ballot which the box promised', async () => {
    const missing = promise(new Uint8Array(32).fill(1));
    expect(await refusal(device({ promises: [missing] }))).toBe('ballot-missing');
    const ballot = record.log.find((entry) => entry.type === 'ballot');
    const tracker = Uint8Array.from(Buffer.from(sha256HexOfText(ballot?.ballot ?? ''), 'hex'));
    expect(await refusal(device({ promises: [promise(tracker)] }))).toBe('none');
  });

  it('refuses a log that is not closed, or that holds a claim or a cancellation', async () => {
    const open = { ...board, entries: board.entries.slice(0, -1) };
    expect(await refusal(device(), open)).toBe('not-closed');
    const claim = { type: 'claim', promise: 'AAAA' } as const;
    for (const entry of [claim, cancellation('council_decision')]) {
      const ended = { ...board, entries: [...board.entries, encodeEntry(entry)] };
      expect(await refusal(device(), ended)).toBe('not-to-be-opened');
    }
  });

  it('refuses too few ballots', async () => {
    const few = await buildRecord({ terms: (terms) => ({ ...terms, minimum_ballots: 6 }) });
    expect(await refusal(device({}, few), boardOf(few))).toBe('too-few-ballots');
  });
});

const TEXT = 'Ban kiểm phiếu không mở được hòm phiếu';

function cancellation(
  reason: Cancelled['reason'],
  signature?: Cancelled['presiding_signature'],
): Cancelled {
  const base = { type: 'cancelled', at: '2026-11-20T10:00:00+07:00', reason, text: TEXT } as const;
  return signature === undefined ? base : { ...base, presiding_signature: signature };
}

function presidingSignature(member: number, text: string): Cancelled['presiding_signature'] {
  const { fingerprint } = record.election;
  const signed = cancelMessage(fingerprint, member, 'trustees_unavailable', text);
  const { key } = at(ROSTER.members, member - 1);
  return key === undefined ? undefined : { member, key, ...deviceSignature(member, signed) };
}

/** The record up to closing, its ballots withheld, then the ending. */
async function reportOfCancelled(
  made: BuiltRecord,
  ending: readonly Entry[],
  withhold = true,
): Promise<Report> {
  const end = made.log.findIndex((entry) => entry.type === 'closed') + 1;
  const leaves = linesOf(made).slice(0, end).map((line) => leafHash(line));
  const lines = made.log.slice(0, end).map((entry, place) =>
    entry.type === 'ballot' && withhold
      ? encode({ withheld: toHex(at(leaves, place)) })
      : encodeEntry(entry),
  );
  const ended = ending.map((entry) => encodeEntry(entry));
  const head = treeHead([...leaves, ...ended.map((line) => leafHash(line))]);
  const note = signCheckpoint({ origin: LOG_SIGNER.name, head }, LOG_SIGNER);
  const entries = [...lines, ...ended].flatMap((line) => [line, Uint8Array.of(0x0a)]);
  const files = new Map([
    ['entries.jsonl', joinBytes(...entries) as Uint8Array],
    ['checkpoints/opening', fileOfRecord(made, 'checkpoints/opening')],
    ['checkpoints/closing', fileOfRecord(made, 'checkpoints/closing')],
    ['checkpoints/result', bytesOfText(note)],
    ['roster.json', fileOfRecord(made, 'roster.json')],
    ['attendance.json', fileOfRecord(made, 'attendance.json')],
  ]);
  const anchors = { showsCodes: false };
  return (await verifyBytes(zipOfFiles(files), 'record.zip', { anchors })).report;
}

describe('an election that was cancelled', () => {
  it('for too few ballots keeps all checks but those of the ballots and the count', async () => {
    const few = await buildRecord({ terms: (terms) => ({ ...terms, minimum_ballots: 6 }) });
    const report = await reportOfCancelled(few, [cancellation('too_few_ballots')]);
    expect(failed(report.checks)).toEqual([]);
    const holding = report.checks.filter((check) => check.status === 'holds');
    expect(holding.map((check) => check.id).join(' ')).toBe('V0 V1 V2 V3 V4 V5 V6 V11');
    const shown = await reportOfCancelled(few, [cancellation('too_few_ballots')], false);
    expect(failed(shown.checks)).toEqual(['V0']);
  });

  it('for too few ballots that were enough fails', async () => {
    const report = await reportOfCancelled(record, [cancellation('too_few_ballots')]);
    expect(failed(report.checks)).toEqual(['V11']);
  });

  it('for a missing ballot shows the promise', async () => {
    const note = promise(new Uint8Array(32).fill(9));
    const claim: Entry = { type: 'claim', promise: toBase64Url(bytesOfText(note)) };
    const report = await reportOfCancelled(record, [
      claim,
      cancellation('promised_ballot_missing'),
    ]);
    expect(failed(report.checks)).toEqual([]);
    expect(at(report.checks, 19).status).toBe('holds');
  });

  it('because trustees are unavailable is signed by the presiding officer', async () => {
    const ending = (member: number | null, text = TEXT) => [
      cancellation(
        'trustees_unavailable',
        member === null ? undefined : presidingSignature(member, text),
      ),
    ];
    expect(failed((await reportOfCancelled(record, ending(1))).checks)).toEqual([]);
    for (const wrong of [ending(2), ending(1, 'another text'), ending(null)]) {
      expect(failed((await reportOfCancelled(record, wrong)).checks)).toEqual(['V6']);
    }
  });
});
