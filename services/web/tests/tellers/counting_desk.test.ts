import 'fake-indexeddb/auto';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { UnreachableError } from '../../src/api/client.ts';
import { CountingDesk } from '../../src/tellers/counting_desk.ts';
import { showsEnd } from '../../src/tellers/ended_log.ts';
import { eraseShare, readConfirmedPhi, readLock } from '../../src/tellers/share_custody.ts';
import { keyOfPasskey, newLock } from '../../src/tellers/share_lock.ts';
import { systemRandomness } from '../../src/crypto/randomness.ts';
import { encodeEntry, type Entry } from '../../src/schemas/entries.ts';
import { BOX_SIGNER, LOG_SIGNER, UUID } from '../verifier/record_parts.ts';
import { ServiceInMemory, signed } from './service_in_memory.ts';
import { checkHere, progress, runHere, takeKeyOf, type TestTeller } from './three_tellers.ts';

const owner = { uuid: UUID, member: 1 };
const secret = new Uint8Array(32).fill(3);
const HASH = 'a'.repeat(64);
const MINUTE: Entry = { type: 'minute', paper: 'meeting', sha256: HASH };
const OTHER_MINUTE: Entry = { ...MINUTE, sha256: 'b'.repeat(64) };
// Of the count only its place in the log matters here.
const COUNTED: readonly Entry[] = [
  { type: 'partial_decryption', index: 1, partial_decryption: '{}' },
  {
    type: 'result',
    result: '{}',
    encrypted_tally: HASH,
    trustees: [1, 2],
    members: 7,
    present: 6,
    issued: 6,
    returned: 5,
    outcomes: [],
  },
];
const CANCELLED: Entry = {
  type: 'cancelled',
  at: '2026-11-20T10:00:00+07:00',
  reason: 'too_few_ballots',
  text: 'Không đủ phiếu',
};
let service: ServiceInMemory;
let others: TestTeller[];
let desk: CountingDesk;

function newDesk(): CountingDesk {
  return new CountingDesk(owner, {
    service: service.for(1),
    run: runHere,
    randomness: systemRandomness,
    checkBoard: checkHere,
    ownPromises: async () => [],
  });
}

const makeLock = async () => {
  const lock = newLock('passkey', systemRandomness);
  return { lock, key: await keyOfPasskey(owner, lock, secret) };
};

beforeEach(async () => {
  await eraseShare(owner);
  service = new ServiceInMemory();
  others = [await takeKeyOf(service, 2), await takeKeyOf(service, 3)];
  desk = newDesk();
  await desk.refresh();
});

afterEach(() => desk.end());

/** Let everybody go on until nothing changes. */
async function untilQuiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await desk.refresh();
    await progress(service, others);
  }
  await desk.refresh();
}

async function untilClosed(): Promise<void> {
  await desk.takeKey(makeLock);
  await untilQuiet();
  service.issue();
  await untilQuiet();
  await service.voteAndClose();
  await desk.refresh();
}

describe('a teller’s page', () => {
  it('goes by itself from one tap to the sealed box, and opens after the comparison', async () => {
    expect(desk.stage.value).toBe('take_key');
    await desk.takeKey(makeLock);
    await untilQuiet();
    expect(desk.stage.value).toBe('keys_done');
    service.issue();
    await untilQuiet();
    expect(desk.stage.value).toBe('confirmed');
    await service.voteAndClose();
    await desk.refresh();
    expect(desk.stage.value).toBe('check');
    await desk.open();
    expect(service.bodiesOf('opening', 1)).toEqual([]);
    await desk.checkBoard();
    expect(desk.stage.value).toBe('compare');
    await desk.open();
    expect(service.bodiesOf('opening', 1)).toEqual([]);
    desk.sealAgrees();
    await desk.open();
    expect(desk.stage.value).toBe('sent');
    expect(service.bodiesOf('opening', 1)).toHaveLength(1);
  });

  it('stops at another seal, read or scanned, and opens nothing', async () => {
    await untilClosed();
    await desk.checkBoard();
    expect(desk.takeScan('0'.repeat(64))).toBe(true);
    expect(desk.stage.value).toBe('stopped');
    expect(desk.stop.value?.reason).toBe('seal-differs');
    await desk.open();
    expect(service.bodiesOf('opening', 1)).toEqual([]);
    await desk.retry();
    await desk.checkBoard();
    expect(desk.takeScan('https://example.vn/')).toBe(false);
    desk.sealDiffers();
    expect(desk.stage.value).toBe('stopped');
  });

  it('after a reload asks to unlock, and repeats what it has opened without asking again', async () => {
    await untilClosed();
    await desk.checkBoard();
    desk.sealAgrees();
    service.loseAnswer = () => true;
    await desk.open();
    expect(desk.stage.value).toBe('opening');
    desk.end();
    service.loseAnswer = null;
    desk = newDesk();
    await desk.refresh();
    expect(desk.stage.value).toBe('unlock');
    await desk.unlock((lock) => keyOfPasskey(owner, lock, secret));
    expect(desk.stage.value).toBe('sent');
    const bodies = service.bodiesOf('opening', 1);
    expect(bodies).toHaveLength(2);
    expect(new Set(bodies).size).toBe(1);
  });

  it('names whose contribution it refuses, and goes on when it is asked to', async () => {
    service.shownEntries = (entries) =>
      entries.map((entry) =>
        entry.type === 'ceremony_certificate' && entry.index === 2
          ? { ...entry, certificate: entryOf(3) }
          : entry,
      );
    await desk.takeKey(makeLock);
    expect(desk.stage.value).toBe('stopped');
    expect(desk.stop.value).toMatchObject({ reason: 'contribution', trustee: 2 });
    service.shownEntries = (entries) => entries;
    await desk.retry();
    expect(desk.stage.value).toBe('waiting_keys');
  });

  it('says that the network is lost, and loses nothing', async () => {
    const read = vi.spyOn(service, 'shownEntries').mockImplementation(() => {
      throw new UnreachableError();
    });
    await desk.takeKey(makeLock);
    expect(desk.isReached.value).toBe(false);
    read.mockRestore();
    await untilQuiet();
    expect(desk.isReached.value).toBe(true);
    expect(desk.stage.value).toBe('keys_done');
  });

  it('erases the share of an election that was cancelled before it was confirmed', async () => {
    await desk.takeKey(makeLock);
    service.state = 'cancelled';
    await desk.refresh();
    expect(await readLock(owner)).toBeNull();
    expect(desk.stage.value).toBe('cancelled');
  });

  it('erases the share by itself once the minute stands on the signed log', async () => {
    await untilClosed();
    service.log.push(...COUNTED, MINUTE);
    service.state = 'minuted';
    await desk.refresh();
    expect(await readLock(owner)).toBeNull();
    expect(desk.isEndMissing.value).toBe(false);
  });

  it('erases the share after a cancellation, though the log withholds the ballots', async () => {
    await untilClosed();
    service.log.push(CANCELLED);
    service.state = 'cancelled';
    await desk.refresh();
    expect(await readLock(owner)).toBeNull();
  });

  // A service that lies so would make the counting team unable to open the sum.
  it.each([
    ['says that it is over, and the log does not', (): void => undefined],
    [
      'shows a minute of what was never counted',
      (): void => {
        service.log.push(MINUTE);
      },
    ],
    [
      'shows a minute that no checkpoint covers',
      (): void => {
        const short = signed(service.log, LOG_SIGNER);
        service.log.push(...COUNTED, MINUTE);
        service.shownNote = () => short;
      },
    ],
    [
      'shows another log than the checkpoint covers',
      (): void => {
        const whole = signed([...service.log, ...COUNTED, OTHER_MINUTE], LOG_SIGNER);
        service.log.push(...COUNTED, MINUTE);
        service.shownNote = () => whole;
      },
    ],
    [
      'shows a checkpoint of another key',
      (): void => {
        service.log.push(...COUNTED, MINUTE);
        const forged = signed(service.log, { ...BOX_SIGNER, name: LOG_SIGNER.name });
        service.shownNote = () => forged;
      },
    ],
    [
      'shows other terms with a log key of their own',
      (): void => {
        const terms = (entry: Entry): Entry =>
          entry.type === 'terms' ? { ...entry, log_key: entry.box_key } : entry;
        service.log = [...service.log.map(terms), ...COUNTED, MINUTE];
        const forged = signed(service.log, BOX_SIGNER);
        service.shownNote = () => forged;
      },
    ],
  ])('keeps the share where the service %s', async (_, lie) => {
    await untilClosed();
    lie();
    service.state = 'minuted';
    await desk.refresh();
    expect(await readLock(owner)).not.toBeNull();
    expect(desk.isEndMissing.value).toBe(true);
  });

  it('keeps the share of another election than the one it confirmed', async () => {
    await untilClosed();
    service.log.push(...COUNTED, MINUTE);
    const note = signed(service.log, LOG_SIGNER);
    const lines = service.log.map((entry) => encodeEntry(entry));
    const confirmed = (await readConfirmedPhi(owner)) ?? '';
    expect(showsEnd(lines, note, confirmed)).toBe(true);
    expect(showsEnd(lines, note, 'A'.repeat(43))).toBe(false);
  });
});

function entryOf(index: number): string {
  const { log } = service;
  const found = log.find((each) => each.type === 'ceremony_certificate' && each.index === index);
  if (found?.type !== 'ceremony_certificate') throw new RangeError(`no certificate of ${index}`);
  return found.certificate;
}
