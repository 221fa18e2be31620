import 'fake-indexeddb/auto';

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { signPromise } from '../../src/crypto/checkpoints.ts';
import { combine, parsePartialDecryption } from '../../src/crypto/decryption.ts';
import { parseElection } from '../../src/crypto/elections.ts';
import { parseBallot, trackerOf } from '../../src/crypto/ballots.ts';
import { encryptTally, openTally } from '../../src/crypto/tally.ts';
import { openedSumFromText, openedSumToText } from '../../src/crypto/trustee_state.ts';
import { fromHex, toBase64Url, bytesOfText } from '../../src/crypto/encodings.ts';
import type { Entry } from '../../src/schemas/entries.ts';
import {
  checkPromise,
  checkWholeBoard,
  isSameSeal,
  OpeningStoppedError,
  openSumOf,
  sendOpenedSum,
  type CheckedBoard,
} from '../../src/tellers/box_opening.ts';
import { HeldShare } from '../../src/tellers/share_custody.ts';
import { at, BOX_SIGNER, THRESHOLD, UUID } from '../verifier/record_parts.ts';
import { ServiceInMemory } from './service_in_memory.ts';
import {
  checkHere,
  progress,
  reload,
  takeKeys,
  type TestTeller,
  untilClosed,
} from './three_tellers.ts';

const noProgress = () => undefined;
let service: ServiceInMemory;
let tellers: TestTeller[];
let sealed: Entry[];

beforeAll(async () => {
  service = new ServiceInMemory();
  tellers = await untilClosed(service);
  sealed = [...service.log];
});

beforeEach(async () => {
  service.log = [...sealed];
  service.shownEntries = (entries) => entries;
  service.shownNote = (note) => note;
  service.loseAnswer = null;
  service.sent.length = 0;
  // What an earlier test opened or scanned is forgotten: as devices with a share that is fresh.
  for (const teller of tellers) {
    const { owner, share } = teller.held;
    const fresh = { ...share, opened: null, promises: [] };
    const lock = { kind: 'passkey', salt: new Uint8Array(16) } as const;
    teller.held = new HeldShare(owner, lock, teller.key, teller.means.randomness, fresh);
    await teller.held.store(fresh);
  }
});

const check = (teller: TestTeller, promises: readonly string[] = []) =>
  checkWholeBoard(teller.means, teller.held, promises, checkHere, noProgress);

async function open(teller: TestTeller): Promise<CheckedBoard> {
  const checked = await check(teller);
  await openSumOf(teller.means, teller.held, checked, noProgress);
  return checked;
}

async function stopOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'opened',
    (error: unknown) => {
      if (!(error instanceof OpeningStoppedError)) throw error;
      return error.reason;
    },
  );
}

function entryOf<Type extends Entry['type']>(type: Type): Extract<Entry, { type: Type }> {
  const found = sealed.find((entry) => entry.type === type);
  if (found === undefined) throw new RangeError(`no ${type}`);
  return found as Extract<Entry, { type: Type }>;
}

function promiseOf(tracker: Uint8Array): string {
  const { fingerprint } = parseElection(entryOf('election').election);
  return signPromise({ uuid: UUID, phi: fingerprint, tracker }, BOX_SIGNER);
}

const claim = (): Entry => ({
  type: 'claim',
  promise: toBase64Url(bytesOfText(promiseOf(new Uint8Array(32).fill(9)))),
});

describe('three tellers', () => {
  it('open the sum that the ballots add up to, two of them being enough', async () => {
    await open(at(tellers, 0));
    await open(at(tellers, 2));
    const election = parseElection(entryOf('election').election);
    const { group } = election;
    const ballots = sealed.flatMap((entry) =>
      entry.type === 'ballot' ? [parseBallot(election, entry.ballot)] : [],
    );
    const tally = encryptTally(election, ballots);
    const factors = new Map(
      service.log.flatMap((entry) =>
        entry.type === 'partial_decryption'
          ? [[
              entry.index,
              parsePartialDecryption(group, tally, entry.partial_decryption).factors,
            ] as const]
          : [],
      ),
    );
    expect([...factors.keys()]).toEqual([1, 3]);
    expect(openTally(group, tally, combine(group, THRESHOLD, factors), ballots.length)).toEqual([
      [4, 1],
      [4, 1],
      [1, 2],
    ]);
  });

  it('see the same seal, and take the QR code of the hall for it', async () => {
    const [first, second] = [await check(at(tellers, 0)), await check(at(tellers, 1))];
    expect(isSameSeal(first, second.sealHex)).toBe(true);
    expect(isSameSeal(first, ` ${second.sealHex.toUpperCase()} `)).toBe(true);
    expect(isSameSeal(first, '0'.repeat(64))).toBe(false);
  });

  it('repeat the stored bytes after an answer that was lost, also after a reload', async () => {
    const teller = at(tellers, 0);
    service.loseAnswer = () => true;
    await expect(open(teller)).rejects.toThrow('lost');
    await reload(teller);
    service.loseAnswer = null;
    await sendOpenedSum(teller.means, teller.held);
    await openSumOf(teller.means, teller.held, await check(teller), noProgress);
    const bodies = service.bodiesOf('opening', 1);
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
  });

  it('store before they send: nothing leaves when the storage refuses', async () => {
    const teller = at(tellers, 1);
    const checked = await check(teller);
    const store = HeldShare.prototype.store;
    HeldShare.prototype.store = () => Promise.reject(new DOMException('', 'QuotaExceededError'));
    try {
      await expect(openSumOf(teller.means, teller.held, checked, noProgress)).rejects.toThrow();
    } finally {
      HeldShare.prototype.store = store;
    }
    expect(service.sent).toEqual([]);
  });
});

describe('a device stops', () => {
  it('at a seal of another log', async () => {
    // What is signed is not what the service shows now.
    service.shownNote = (note) => note.replace(/\n\d+\n/, '\n7\n');
    expect(await stopOf(check(at(tellers, 0)))).toBe('board-refused');
  });

  it('at a claim that came before it looked', async () => {
    service.log = [...sealed, claim()];
    expect(await stopOf(check(at(tellers, 0)))).toBe('not-to-be-opened');
  });

  it('at a claim that came while its owner compared the seal', async () => {
    const teller = at(tellers, 0);
    const checked = await check(teller);
    service.log = [...sealed, claim()];
    const opening = openSumOf(teller.means, teller.held, checked, noProgress);
    expect(await stopOf(opening)).toBe('not-to-be-opened');
    expect(teller.held.share.opened).toBeNull();
  });

  it('at a cancellation', async () => {
    const at9 = '2026-11-20T09:40:00+07:00';
    service.log = [
      ...sealed,
      { type: 'cancelled', at: at9, reason: 'too_few_ballots', text: 'ít phiếu' },
    ];
    expect(await stopOf(check(at(tellers, 0)))).toBe('not-to-be-opened');
  });

  it('at a board without a ballot that was cast on this device', async () => {
    const missing = promiseOf(new Uint8Array(32).fill(7));
    expect(await stopOf(check(at(tellers, 0), [missing]))).toBe('ballot-missing');
    const there = promiseOf(fromHex(trackerHex()));
    expect(await stopOf(check(at(tellers, 0), [there]))).toBe('opened');
  });

  it('at a scanned promise without its ballot, also after a reload', async () => {
    const teller = at(tellers, 0);
    const checked = await check(teller);
    const note = promiseOf(new Uint8Array(32).fill(8));
    expect(await checkPromise(teller.held, checked.board, note)).toBe('missing');
    const opening = openSumOf(teller.means, teller.held, checked, noProgress);
    expect(await stopOf(opening)).toBe('ballot-missing');
    await reload(teller);
    expect(await stopOf(check(teller))).toBe('ballot-missing');
  });

  it('not at a promise that is kept, nor at one that the box never gave', async () => {
    const teller = at(tellers, 0);
    const { board } = await check(teller);
    const kept = promiseOf(fromHex(trackerHex()));
    expect(await checkPromise(teller.held, board, kept)).toBe('on_board');
    const forged = signPromise(
      {
        uuid: UUID,
        phi: parseElection(entryOf('election').election).fingerprint,
        tracker: new Uint8Array(32),
      },
      { ...BOX_SIGNER, seed: new Uint8Array(32).fill(6) },
    );
    expect(await checkPromise(teller.held, board, forged)).toBe('not_a_promise');
    expect(teller.held.share.promises).toEqual([]);
  });

  it('at a board with one ballot less, once it has opened', async () => {
    const teller = at(tellers, 0);
    await open(teller);
    const state = teller.held.share.opened;
    if (state === null) throw new RangeError();
    const other = openedSumToText({ ...openedSumFromText(state), closingRoot: '0'.repeat(64) });
    await expect(teller.held.store({ ...teller.held.share, opened: other })).rejects.toThrow(
      'never replaced',
    );
    const lock = { kind: 'passkey', salt: new Uint8Array(16) } as const;
    const share = { ...teller.held.share, opened: other };
    const { owner } = teller.held;
    teller.held = new HeldShare(owner, lock, teller.key, teller.means.randomness, share);
    expect(await stopOf(check(teller))).toBe('another-board');
    expect(await stopOf(sendOpenedSum(teller.means, teller.held))).toBe('another-board');
  });

  it('at a ballot that the service leaves out of the sum', async () => {
    const left = sealed.findIndex((entry) => entry.type === 'ballot');
    service.shownEntries = (entries) => entries.filter((_, place) => place !== left);
    expect(await stopOf(check(at(tellers, 0)))).toBe('board-refused');
  });

  it('at an election that it has not confirmed', async () => {
    const other = new ServiceInMemory();
    const strangers = await takeKeys(other);
    await progress(other, strangers);
    other.issue();
    await progress(other, strangers);
    const teller = at(strangers, 0);
    const means = { ...teller.means, service: service.for(1) };
    const checking = checkWholeBoard(means, teller.held, [], checkHere, noProgress);
    expect(await stopOf(checking)).toBe('another-election');
  });
});

function trackerHex(): string {
  return Buffer.from(trackerOf(entryOf('ballot').ballot)).toString('hex');
}
