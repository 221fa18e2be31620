import 'fake-indexeddb/auto';

import { beforeEach, describe, expect, it } from 'vitest';

import { ProblemError, UnreachableError } from '../../src/api/client.ts';
import type { ElectionView, MeetingView } from '../../src/api/types.ts';
import { database, type Identity } from '../../src/device/database.ts';
import { keepIdentity } from '../../src/device/identities.ts';
import type { CallDesk } from '../../src/member/ballot_client.ts';
import {
  type BallotKey,
  keepAsking,
  keepSealed,
  keepToken,
  keepView,
  noteRefusal,
} from '../../src/member/ballot_custody.ts';
import { BallotHolder } from '../../src/member/ballot_holder.ts';
import { currentElection, invitationCode, KioskDesk } from '../../src/kiosk/kiosk_desk.ts';
import type { KioskService, VotingState } from '../../src/kiosk/kiosk_service.ts';
import {
  eraseVoter,
  finishErasing,
  listVoters,
  noteCheckIn,
  noteElection,
  storedTraces,
} from '../../src/kiosk/kiosk_voters.ts';

const CODE = 'A'.repeat(43);
const UUID = 'PhieuKinTest14';
const MEETING = { id: 'meeting-1', title: 'Họp Hội đồng' } as MeetingView;

function identityOf(member: number, isPending = false): Identity {
  return {
    fingerprint: String(member).padStart(64, '0'),
    spki: `spki-${member}`,
    kind: 'kiosk',
    account: {
      id: isPending ? '' : `account-${member}`,
      name: `Thành viên ${member}`,
      roles: isPending ? [] : ['member'],
      ...(isPending ? {} : { member }),
    },
  };
}

const VOTING_STATES: Partial<Record<ElectionView['state'], VotingState>> = {
  issuing: 'not_started',
  voting: 'voting',
};

/** A service that notes who was logged in at each request. */
class FakeService implements KioskService {
  loggedIn: string | null = null;
  state: ElectionView['state'] = 'issuing';
  readonly asked: string[] = [];
  failing: string | null = null;

  inspect = async () => this.#answer('inspect', { name: 'Thành viên 1', council_name: 'Hội đồng' });
  register = async () => {
    await keepIdentity(identityOf(1, true));
    await this.#answer('register', null);
    await keepIdentity(identityOf(1));
    return identityOf(1);
  };
  registerKept = async (_code: string, identity: Identity) => {
    await this.#answer('registerKept', null);
    const known = { ...identity, account: identityOf(1).account };
    await keepIdentity(known);
    return known;
  };
  logIn = async (identity: Identity) => {
    this.loggedIn = identity.account.name;
    return identity;
  };
  logOut = async () => {
    this.loggedIn = null;
  };
  currentAccountId = async () => (this.loggedIn === null ? null : 'account-1');
  meetings = async () => this.#answer('meetings', [MEETING]);
  elections = async () =>
    this.#answer('elections', [
      { uuid: UUID, state: this.state, late_issuance: false } as ElectionView,
    ]);
  votingState = async () =>
    this.#answer('votingState', VOTING_STATES[this.state] ?? ('ended' as const));
  checkIn = async () => this.#answer<void>('checkIn', undefined);

  async #answer<Value>(name: string, value: Value): Promise<Value> {
    this.asked.push(`${name} as ${this.loggedIn ?? 'nobody'}`);
    if (this.failing === name) throw new UnreachableError();
    return value;
  }
}

const discards: CallDesk = async () => undefined as never;

function holderFor(key: BallotKey): BallotHolder {
  const means = { callDesk: discards, sending: {} as never, board: {} as never };
  return new BallotHolder(key, means);
}

/** What taking a ballot leaves on the device, step by step. */
async function holdBallot(member: number): Promise<void> {
  const key = { uuid: UUID, member };
  const terms = JSON.stringify({ nominations: [1, 2, 3] });
  await keepView(key, { uuid: UUID, phi: 'phi', terms, election: '{}' });
  await keepAsking(key, { secret: 's3cret', blindings: [], blinded: [], blindedSha256: 'x' });
  await keepToken(key, ['token']);
}

function deskWith(service: FakeService): KioskDesk {
  return new KioskDesk({
    service,
    holderOf: holderFor,
    take: async (identity, holder) => {
      service.asked.push(`take as ${service.loggedIn ?? 'nobody'}`);
      await holdBallot(identity.account.member ?? 0);
      await holder.load();
    },
  });
}

let service: FakeService;
let desk: KioskDesk;

beforeEach(async () => {
  const made = await database();
  for (const name of ['identities', 'ballots', 'trustees', 'settings'] as const) {
    await made.clear(name);
  }
  service = new FakeService();
  desk = deskWith(service);
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const firstVoter = async () => {
  const [voter] = await listVoters();
  if (voter === undefined) throw new RangeError('no voter');
  return voter;
};

async function checkInFirst(): Promise<void> {
  expect(desk.takeInvitation(CODE)).toBe(true);
  await settled();
  await desk.registerInvited();
}

describe('a voter at the kiosk', () => {
  it('checks in, takes the ballot and is logged out after each', async () => {
    await checkInFirst();
    expect(service.loggedIn).toBeNull();
    expect((await firstVoter()).stage).toBe('checked_in');
    await desk.takeBallot(await firstVoter());
    expect(service.asked).toEqual([
      'inspect as nobody',
      'register as nobody',
      'meetings as Thành viên 1',
      'checkIn as Thành viên 1',
      'elections as Thành viên 1',
      'take as Thành viên 1',
    ]);
    expect(service.loggedIn).toBeNull();
    expect((await firstVoter()).stage).toBe('held');
  });

  it('gets the tablet only once voting has begun, with nobody logged in', async () => {
    await checkInFirst();
    await desk.takeBallot(await firstVoter());
    await desk.handOver(await firstVoter());
    expect(desk.phase.value.name).toBe('desk');
    expect(desk.saying.value?.what).toBe('not_started');
    service.state = 'voting';
    await desk.handOver(await firstVoter());
    expect(desk.phase.value.name).toBe('handing');
    desk.beginVoting();
    expect(desk.phase.value.name).toBe('voting');
    expect(service.loggedIn).toBeNull();
  });

  it('is named to the service by nothing between taking the ballot and casting it', async () => {
    await checkInFirst();
    await desk.takeBallot(await firstVoter());
    service.state = 'voting';
    service.asked.length = 0;
    service.logIn = () => Promise.reject(new Error('a login right before a ballot names its voter'));
    await desk.handOver(await firstVoter());
    desk.beginVoting();
    expect(desk.phase.value.name).toBe('voting');
    expect(service.asked).toEqual(['votingState as nobody']);
  });

  it('who walks away leaves no marks, and keeps the ballot', async () => {
    await checkInFirst();
    await desk.takeBallot(await firstVoter());
    service.state = 'voting';
    await desk.handOver(await firstVoter());
    desk.beginVoting();
    const phase = desk.phase.value;
    if (phase.name !== 'voting') throw new RangeError();
    phase.holder.setMarks(['agree', 'disagree', 'agree']);
    desk.leaveVoting();
    await settled();
    const { ballot } = await firstVoter();
    expect(ballot).toMatchObject({ step: 'held', marks: ['blank', 'blank', 'blank'] });
  });

  it('whose ballot the box has refused does not hold up the desk, and can be wiped', async () => {
    await checkInFirst();
    await desk.takeBallot(await firstVoter());
    const key = { uuid: UUID, member: 1 };
    const sealed = { body: new Uint8Array(1), tracker: 'ab' };
    await keepSealed(key, sealed, { receipt: 'cd', receiptCode: 'EF' });
    expect((await firstVoter()).stage).toBe('casting');
    await noteRefusal(key, 'token-spent');
    expect((await firstVoter()).stage).toBe('refused');
    await desk.start();
    expect(desk.phase.value.name).toBe('desk');
    await desk.wipe(await firstVoter());
    expect(await storedTraces()).toEqual({ identities: 0, ballots: [], notes: [] });
  });

  it('is logged out also when the service does not answer', async () => {
    service.failing = 'checkIn';
    await checkInFirst();
    expect(service.loggedIn).toBeNull();
    expect(desk.fault.value).toBeInstanceOf(UnreachableError);
    service.failing = null;
    await desk.checkInAgain(await firstVoter());
    expect((await firstVoter()).stage).toBe('checked_in');
  });

  it('whose registration got no answer goes on with the same key', async () => {
    service.failing = 'register';
    await checkInFirst();
    service.failing = null;
    service.inspect = async () => {
      throw new ProblemError(409, 'invitation-used', { vi: '', en: '' }, {});
    };
    desk.takeInvitation(CODE);
    await settled();
    expect((await firstVoter()).stage).toBe('checked_in');
    expect((await storedTraces()).identities).toBe(1);
  });

  it('is not asked for before ballots are issued', async () => {
    await checkInFirst();
    service.state = 'ceremony';
    await desk.takeBallot(await firstVoter());
    expect(desk.saying.value?.what).toBe('not_issued');
    expect((await storedTraces()).ballots).toEqual([]);
  });
});

describe('wiping', () => {
  it('leaves nothing of the voter: no key, no ballot, no marks, no note', async () => {
    await checkInFirst();
    await desk.takeBallot(await firstVoter());
    expect((await storedTraces()).ballots).toHaveLength(1);
    await desk.wipe(await firstVoter());
    expect(await storedTraces()).toEqual({ identities: 0, ballots: [], notes: [] });
    expect(desk.voters.value).toEqual([]);
    expect(desk.phase.value.name).toBe('desk');
  });

  it('touches nobody else', async () => {
    await keepIdentity(identityOf(1));
    await keepIdentity(identityOf(2));
    for (const member of [1, 2]) {
      await noteCheckIn(identityOf(member), MEETING);
      await noteElection(identityOf(member), UUID);
      await holdBallot(member);
    }
    // The owner of the tablet may be a member too, on the same election.
    await holdBallot(7);
    await eraseVoter(identityOf(1));
    expect((await listVoters()).map((voter) => voter.member)).toEqual([2]);
    expect((await storedTraces()).ballots.map((ballot) => ballot.member)).toEqual([2, 7]);
  });

  it('goes on after the tablet was switched off in the middle', async () => {
    await keepIdentity(identityOf(1));
    await noteCheckIn(identityOf(1), MEETING);
    await noteElection(identityOf(1), UUID);
    await holdBallot(1);
    const made = await database();
    const [key] = await made.getAllKeys('settings');
    const note = await made.get('settings', key ?? '');
    await made.put('settings', { ...(note as object), isErasing: true }, key);
    await finishErasing();
    expect(await storedTraces()).toEqual({ identities: 0, ballots: [], notes: [] });
  });

  it('logs a voter out who was left logged in', async () => {
    await keepIdentity(identityOf(1));
    await noteCheckIn(identityOf(1), MEETING);
    service.loggedIn = 'Thành viên 1';
    await desk.start();
    expect(service.loggedIn).toBeNull();
  });
});

it('an invitation is its link, its QR code or its code', () => {
  expect(invitationCode(`https://bau.example.vn/join#${CODE}`)).toBe(CODE);
  expect(invitationCode(` ${CODE}\n`)).toBe(CODE);
  expect(invitationCode(`https://bau.example.vn/hall#${CODE}`)).toBeNull();
  expect(invitationCode('không phải')).toBeNull();
});

it('voters are at the last election that was not cancelled', () => {
  const elections = [
    { uuid: 'a', state: 'counted' },
    { uuid: 'b', state: 'issuing' },
    { uuid: 'c', state: 'cancelled' },
  ] as ElectionView[];
  expect(currentElection(elections)?.uuid).toBe('b');
  expect(currentElection([])).toBeNull();
});
