/**
 * A whole small record made by the client's own crypto and schemas.
 *
 * Changes alter one thing where it is made; everything after it is made honestly from the altered
 * thing, so that a test sees which checks notice that one change; as in
 * tests/fixtures/record_builder.py.
 */

import { type Ballot, parseBallot } from '../../src/crypto/ballots.ts';
import { writeArchive } from '../../src/crypto/belenios_archive.ts';
import { dumps } from '../../src/crypto/belenios_json.ts';
import { confirmationMessage } from '../../src/crypto/ceremony.ts';
import { signCheckpoint } from '../../src/crypto/checkpoints.ts';
import {
  combine,
  decryptPartially,
  parsePartialDecryption,
} from '../../src/crypto/decryption.ts';
import { type Election, parseElection } from '../../src/crypto/elections.ts';
import { bytesOfText, joinBytes, textOfBytes } from '../../src/crypto/encodings.ts';
import { CryptoError } from '../../src/crypto/errors.ts';
import { type Group, groupByName } from '../../src/crypto/groups/index.ts';
import { leafHash, type TreeHead, treeHead } from '../../src/crypto/merkle.ts';
import { systemRandomness } from '../../src/crypto/randomness.ts';
import { deriveTrusteeKeys } from '../../src/crypto/sealed_messages.ts';
import {
  type EncryptedTally,
  encryptTally,
  openTally,
  resultToText,
  tallyToText,
} from '../../src/crypto/tally.ts';
import { publicShare } from '../../src/crypto/trustee_verification.ts';
import { trusteesToText } from '../../src/crypto/trustees.ts';
import { encode } from '../../src/schemas/canonical.ts';
import { electionJson } from '../../src/schemas/election_json.ts';
import {
  type BallotEntry,
  type Closed,
  encodeEntry,
  type Entry,
  type Issuance,
  type PartialDecryption,
  type Result,
  type TrusteeConfirms,
  type VotingOpened,
} from '../../src/schemas/entries.ts';
import type { GroupName } from '../../src/schemas/fields.ts';
import { FILE_ORDER } from '../../src/schemas/record.ts';
import type { Terms } from '../../src/schemas/terms.ts';
import { readTeam } from '../../src/verifier/checks_election.ts';
import { recomputeOutcome } from '../../src/verifier/checks_outcome.ts';
import { readEvidence, sha256HexOf, sha256HexOfText } from '../../src/verifier/evidence.ts';
import {
  at,
  ATTENDANCE,
  ceremony,
  fileOf,
  LATE_MEMBER,
  LOG_SIGNER,
  makeTerms,
  ROSTER,
  sign,
  STATES,
  THRESHOLD,
  UUID,
} from './record_parts.ts';
import { ballotsWith, SEEDS, type Voters, votesOf } from './record_votes.ts';
import { zipOfFiles } from './stored_zip_writer.ts';

type Change<Value> = (value: Value) => Value;

/** What may be altered, at the place where it is made; in the order of the places. */
export interface Changes {
  readonly ceremony?: Change<readonly Entry[]>;
  readonly terms?: Change<Terms>;
  readonly election?: Change<string>;
  readonly confirmations?: Change<readonly TrusteeConfirms[]>;
  readonly opened?: Change<VotingOpened>;
  readonly seeds?: Change<readonly Uint8Array[]>;
  readonly issuances?: Change<readonly Issuance[]>;
  readonly ballots?: (made: readonly BallotEntry[], voters: Voters) => readonly BallotEntry[];
  readonly closed?: Change<Closed>;
  readonly board?: Change<readonly Entry[]>;
  readonly roster?: Change<Uint8Array>;
  readonly partialDecryptions?: (
    made: readonly PartialDecryption[],
    record: BuiltSum,
  ) => readonly PartialDecryption[];
  readonly result?: Change<Result>;
  readonly log?: Change<readonly Entry[]>;
  readonly lines?: Change<Uint8Array>;
  readonly checkpoints?: Change<ReadonlyMap<string, string>>;
  readonly archive?: Change<Uint8Array>;
  readonly manifest?: Change<string>;
}

/** The sum as it is to be opened. */
export interface BuiltSum {
  readonly election: Election;
  readonly tally: EncryptedTally;
  readonly root: Uint8Array;
}

/** A record, and what a tampering test needs beside it. */
export interface BuiltRecord extends Voters {
  readonly log: readonly Entry[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const CHECKPOINT_AFTER = [
  ['opening', 'voting_opened'],
  ['closing', 'closed'],
  ['result', 'result'],
  ['minute', 'minute'],
] as const;

/** `record.zip` of a record. */
export function zipOfRecord(record: Pick<BuiltRecord, 'files'>): Uint8Array {
  return zipOfFiles(record.files);
}

/** One file of a record that a test knows to be there. */
export function fileOfRecord({ files }: Pick<BuiltRecord, 'files'>, name: string): Uint8Array {
  const data = files.get(name);
  if (data === undefined) throw new RangeError(`no ${name}`);
  return data;
}

/** The leaf data of all entries. */
export function linesOf(record: Pick<BuiltRecord, 'log'>): Uint8Array[] {
  return record.log.map((entry) => encodeEntry(entry));
}

/** Build a record of the group, with changes at the places named. */
export async function buildRecord(
  changes: Changes = {},
  groupName: GroupName = 'Ed25519',
): Promise<BuiltRecord> {
  return new Builder(groupName, changes).build();
}

class Builder {
  readonly #groupName: GroupName;
  readonly #group: Group;
  readonly #changes: Changes;
  #log: Entry[] = [];

  constructor(groupName: GroupName, changes: Changes) {
    this.#groupName = groupName;
    this.#group = groupByName(groupName);
    this.#changes = changes;
  }

  async build(): Promise<BuiltRecord> {
    const changes = this.#changes;
    this.#log = [...changed(changes.ceremony, ceremony(this.#groupName).entries)];
    const terms = changed(changes.terms, makeTerms(this.#groupName, this.#log));
    this.#log.push(terms);
    const election = this.#addElection(terms);
    this.#addConfirmations(election);
    this.#log.push(changed(changes.opened, openedAt(terms.members)));
    const exponents = await this.#addVotes(election, terms);
    this.#log = [...changed(changes.board, this.#log)];
    const end = this.#log.findIndex((entry) => entry.type === 'closed') + 1;
    const { root } = headOf(this.#log.slice(0, end));
    const ballots = this.#readableBallots(election);
    const sum = { election, tally: encryptTally(election, ballots), root };
    const honest = this.#decrypt(sum);
    const partial = changes.partialDecryptions?.(honest, sum) ?? honest;
    this.#log.push(...partial);
    const result = resultOf(this.#log, terms, sum, honest, partial, ballots.length);
    this.#log.push(changed(changes.result, result));
    this.#log.push({ type: 'minute', paper: 'counting', sha256: 'ab'.repeat(32) });
    this.#log = [...changed(changes.log, this.#log)];
    const files = this.#files(terms, sum);
    return { log: this.#log, files, election, exponents };
  }

  #addElection(terms: Terms): Election {
    const { text } = electionOf(terms, this.#groupName);
    const election = parseElection(changed(this.#changes.election, text));
    this.#log.push({ type: 'election', election: election.text });
    return election;
  }

  #addConfirmations(election: Election): void {
    const { root } = headOf(this.#log);
    const made = ceremony(this.#groupName).states.map(({ index, seed }): TrusteeConfirms => {
      const { signing } = deriveTrusteeKeys(this.#group, seed);
      const message = confirmationMessage(election.fingerprint, index, root);
      return {
        type: 'trustee_confirms',
        index,
        confirmation: sign(this.#groupName, signing, message),
      };
    });
    this.#log.push(...changed(this.#changes.confirmations, made));
  }

  async #addVotes(election: Election, terms: Terms): Promise<readonly bigint[]> {
    const { exponents, issuances, tokens, honest } = await votesOf(election);
    const { seeds: changeSeeds, ballots: changeBallots } = this.#changes;
    const ballots =
      changeSeeds === undefined
        ? honest
        : ballotsWith(election, exponents, tokens, changeSeeds(SEEDS));
    const cast = changeBallots?.(ballots, { election, exponents }) ?? ballots;
    this.#log.push(...changed(this.#changes.issuances, issuances), ...cast);
    this.#log.push(changed(this.#changes.closed, closedWith(terms.members, cast.length)));
    return exponents;
  }

  #readableBallots(election: Election): Ballot[] {
    return this.#log.flatMap((entry) => {
      if (entry.type !== 'ballot') return [];
      try {
        return [parseBallot(election, entry.ballot)];
      } catch (error) {
        if (error instanceof CryptoError) return []; // a test made it unreadable
        throw error;
      }
    });
  }

  #decrypt({ election, tally, root }: BuiltSum): PartialDecryption[] {
    const { coefficients } = teamOf(this.#groupName);
    return ceremony(this.#groupName).states.map(({ index, decryptionKey }) => {
      const statement = {
        election,
        tally,
        boardRoot: root,
        trustee: index,
        publicKey: publicShare(this.#group, coefficients, index),
      };
      const made = decryptPartially(statement, decryptionKey ?? 0n, systemRandomness);
      const proof = {
        challenge: String(made.secondProof.challenge),
        response: String(made.secondProof.response),
      };
      return { type: 'partial_decryption', index, partial_decryption: made.text, proof };
    });
  }

  #files(terms: Terms, sum: BuiltSum): Map<string, Uint8Array> {
    const changes = this.#changes;
    const lines = this.#log.flatMap((entry) => [encodeEntry(entry), Uint8Array.of(0x0a)]);
    const files = new Map([['entries.jsonl', changed(changes.lines, joinBytes(...lines))]]);
    const notes = new Map(
      CHECKPOINT_AFTER.map(([name, kind]) => [name as string, this.#noteAfter(kind)]),
    );
    for (const [name, note] of changed(changes.checkpoints, notes)) {
      files.set(`checkpoints/${name}`, bytesOfText(note));
    }
    files.set('election.bel', changed(changes.archive, this.#archive(terms, sum)));
    const manifest = changed(changes.manifest, manifestOf(files, sum.election, this.#log.length));
    files.set('manifest.json', bytesOfText(manifest));
    files.set('roster.json', changed(changes.roster, fileOf(ROSTER)));
    files.set('attendance.json', fileOf(ATTENDANCE));
    return files;
  }

  #noteAfter(kind: Entry['type']): string {
    const last = this.#log.map((entry) => entry.type).lastIndexOf(kind);
    const head = headOf(this.#log.slice(0, last + 1));
    return signCheckpoint({ origin: LOG_SIGNER.name, head }, LOG_SIGNER);
  }

  #archive({ meeting }: Terms, { election, tally }: BuiltSum): Uint8Array {
    const ballots = this.#log.flatMap((entry) => (entry.type === 'ballot' ? [entry.ballot] : []));
    const credentials = ballots.map((text) => {
      const { credential } = JSON.parse(text) as { credential: string };
      return credential;
    });
    const partial = this.#log.flatMap((entry) =>
      entry.type === 'partial_decryption' ? [entry] : [],
    );
    const result = this.#log.find((entry) => entry.type === 'result');
    return writeArchive({
      timestamp: Date.parse(meeting.starts_at) / 1000,
      election: election.text,
      trustees: trusteesToText(this.#group, [teamOf(this.#groupName)]),
      publicCredentials: dumps(credentials.sort()),
      ballots,
      isClosed: true,
      numTallied: ballots.length,
      totalWeight: ballots.length,
      encryptedTally: tallyToText(this.#group, tally),
      partialDecryptions: partial
        .sort((left, right) => left.index - right.index)
        .map(({ index, partial_decryption: text }) => ({ owner: index, text })),
      result: result?.result ?? null,
    });
  }
}

function changed<Value>(change: Change<Value> | undefined, value: Value): Value {
  return change === undefined ? value : change(value);
}

function headOf(entries: readonly Entry[]): TreeHead {
  return treeHead(entries.map((entry) => leafHash(encodeEntry(entry))));
}

/** The honest ceremony as an archive holds it. */
export function teamOf(groupName: GroupName) {
  const made = ceremony(groupName).entries;
  const lines = [...made, makeTerms(groupName, made)].map((entry) => encodeEntry(entry));
  const entries = joinBytes(...lines.flatMap((line) => [line, Uint8Array.of(0x0a)]));
  return readTeam(readEvidence({ entries, checkpoints: new Map() }));
}

function electionOf(terms: Terms, groupName: GroupName): { text: string } {
  const group = groupByName(groupName);
  const parts = teamOf(groupName).coefficients.map(({ elements }) => at(elements, 0));
  return { text: electionJson(terms, group.elementToText(group.product(parts))) };
}

function counts(members: number) {
  const count = (state: string) => STATES.filter((each) => each === state).length;
  return {
    members,
    present: count('present'),
    online: count('online'),
    absent_consulted: count('absent_consulted'),
  };
}

function openedAt(members: number): VotingOpened {
  return { type: 'voting_opened', at: '2026-11-20T09:00:00+07:00', issued: 5, ...counts(members) };
}

function closedWith(members: number, returned: number): Closed {
  return {
    type: 'closed',
    at: '2026-11-20T09:30:00+07:00',
    issued: LATE_MEMBER,
    late: 1,
    returned,
    attendance_commitment: sha256HexOf(fileOf(ATTENDANCE)),
    token_keys_deleted: true,
    ...counts(members),
  };
}

function resultOf(
  log: readonly Entry[],
  terms: Terms,
  { election, tally }: BuiltSum,
  honest: readonly PartialDecryption[],
  partial: readonly PartialDecryption[],
  ballots: number,
): Result {
  const closed = log.find((entry) => entry.type === 'closed');
  if (closed === undefined) throw new RangeError('the log has no closing');
  const { group } = election;
  const factors = new Map(
    honest.map(({ index, partial_decryption: text }) => [
      index,
      parsePartialDecryption(group, tally, text).factors,
    ]),
  );
  const rows = openTally(group, tally, combine(group, THRESHOLD, factors), ballots);
  const bases = {
    all_members: terms.members,
    present_members: closed.present + closed.online,
    ballots_returned: closed.returned,
  };
  return {
    type: 'result',
    result: resultToText(rows),
    encrypted_tally: sha256HexOfText(tallyToText(group, tally)),
    trustees: partial.map(({ index }) => index).slice(0, THRESHOLD),
    members: terms.members,
    present: 6,
    issued: LATE_MEMBER,
    returned: closed.returned,
    outcomes: rows.map((row, place) => {
      const [agree, disagree] = [at(row, 0), at(row, 1)];
      const outcome = recomputeOutcome(at(terms.nominations, place), { agree, disagree }, bases);
      return { ...outcome, blank: Math.max(0, outcome.blank) };
    }),
  };
}

function manifestOf(
  files: ReadonlyMap<string, Uint8Array>,
  election: Election,
  size: number,
): string {
  const listed = FILE_ORDER.flatMap((name) => {
    const data = files.get(name);
    return data === undefined ? [] : [{ name, sha256: sha256HexOf(data) }];
  });
  const phi = election.fingerprint;
  return textOfBytes(encode({ format: 'phieukin/record/1', uuid: UUID, phi, size, files: listed }));
}
