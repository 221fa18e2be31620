/**
 * Whom this kiosk keeps a key for, and wiping a voter off it: key, ballot, marks, receipt, note
 * (threat-model.md, "the kiosk").
 */
import { database, type Identity, type StoredBallot, writeDurably } from '../device/database.ts';
import { forgetIdentity, listIdentities } from '../device/identities.ts';
import { type BallotRecord, eraseBallot, readBallot } from '../member/ballot_custody.ts';

const NOTE_PREFIX = 'kiosk.voter.';

/** What the kiosk notes of a voter beside the key; gone with the voter. */
export interface VoterNote {
  readonly meetingId: string;
  readonly meetingTitle: string;
  /** Elections whose ballots this voter has taken, or begun to take, here. */
  readonly uuids: readonly string[];
  /** Being wiped: a kiosk that was switched off in between goes on with it. */
  readonly isErasing: boolean;
}

/**
 * How far a voter is: `registered` has a key and is not checked in; `refused`: the box has said no
 * for good.
 */
export type VoterStage =
  | 'registered'
  | 'checked_in'
  | 'asking'
  | 'held'
  | 'casting'
  | 'refused'
  | 'cast';

export interface Voter {
  readonly identity: Identity;
  /** Number in the council; null while the answer to the registration is missing. */
  readonly member: number | null;
  readonly note: VoterNote | null;
  readonly stage: VoterStage;
  /** The ballot that is not put away yet. */
  readonly ballot: BallotRecord | null;
}

/** All voters of this kiosk by name, without those whose registration got no answer. */
export async function listVoters(): Promise<Voter[]> {
  const identities = (await listIdentities()).filter(({ kind }) => kind === 'kiosk');
  const voters = await Promise.all(identities.map(readVoter));
  return voters
    .filter((voter) => voter.member !== null)
    .sort((left, right) => left.identity.account.name.localeCompare(right.identity.account.name, 'vi'));
}

/** A registration whose answer was lost: the same invitation with the same key goes on. */
export async function pendingIdentities(): Promise<Identity[]> {
  return (await listIdentities()).filter(({ kind, account }) => kind === 'kiosk' && account.id === '');
}

export async function readVoter(identity: Identity): Promise<Voter> {
  const member = identity.account.member ?? null;
  const note = await readNote(identity);
  const ballot = member === null ? null : await latestBallot(member, note);
  return { identity, member, note, ballot, stage: stageOf(note, ballot) };
}

/** Note the meeting in which the voter has checked in here. */
export async function noteCheckIn(
  identity: Identity,
  meeting: { readonly id: string; readonly title: string },
): Promise<void> {
  const before = await readNote(identity);
  const uuids = before?.uuids ?? [];
  await putNote(identity, {
    meetingId: meeting.id,
    meetingTitle: meeting.title,
    uuids,
    isErasing: false,
  });
}

/** Note an election before anything of its ballot is stored here. */
export async function noteElection(identity: Identity, uuid: string): Promise<void> {
  const note = await readNote(identity);
  if (note === null || note.uuids.includes(uuid)) return;
  await putNote(identity, { ...note, uuids: [...note.uuids, uuid] });
}

/** Wipe everything of one voter; the key last, so that nothing is left behind without a name. */
export async function eraseVoter(identity: Identity): Promise<void> {
  const note = await readNote(identity);
  if (note !== null) await putNote(identity, { ...note, isErasing: true });
  const { member } = identity.account;
  if (member !== undefined) {
    for (const uuid of note?.uuids ?? []) await eraseBallot({ uuid, member });
  }
  await writeDurably('settings', (access) => access.delete(noteKey(identity)));
  await forgetIdentity(identity.fingerprint);
}

/** Go on with wiping that was interrupted. */
export async function finishErasing(): Promise<void> {
  for (const identity of await listIdentities()) {
    if (identity.kind === 'kiosk' && (await readNote(identity))?.isErasing === true) {
      await eraseVoter(identity);
    }
  }
}

async function latestBallot(member: number, note: VoterNote | null): Promise<BallotRecord | null> {
  for (const uuid of [...(note?.uuids ?? [])].reverse()) {
    const ballot = await readBallot({ uuid, member });
    if (ballot !== undefined) return ballot;
  }
  return null;
}

function stageOf(note: VoterNote | null, ballot: BallotRecord | null): VoterStage {
  if (note === null) return 'registered';
  switch (ballot?.step) {
    case 'asking':
    case 'held':
      return ballot.step;
    case 'casting':
      return ballot.refusal === undefined ? 'casting' : 'refused';
    case 'cast':
    case 'included':
    case 'missing':
      return 'cast';
    default:
      return 'checked_in';
  }
}

function noteKey({ fingerprint }: Identity): string {
  return NOTE_PREFIX + fingerprint;
}

async function readNote(identity: Identity): Promise<VoterNote | null> {
  const stored = await (await database()).get('settings', noteKey(identity));
  return (stored as VoterNote | undefined) ?? null;
}

async function putNote(identity: Identity, note: VoterNote): Promise<void> {
  await writeDurably('settings', (access) => access.put(note, noteKey(identity)));
}

/** Every trace that the kiosk's storage holds; for tests, and for the eye of an auditor. */
export async function storedTraces(): Promise<{
  identities: number;
  ballots: StoredBallot[];
  notes: string[];
}> {
  const made = await database();
  return {
    identities: (await made.getAll('identities')).length,
    ballots: await made.getAll('ballots'),
    notes: (await made.getAllKeys('settings')).map(String),
  };
}
