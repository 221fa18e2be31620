/**
 * A service in memory for three tellers' devices: it enters what they send, as the real one does,
 * and makes terms, ballots and checkpoints by the client's own crypto. Tests change what it says.
 */
import { ProblemError } from '../../src/api/client.ts';
import type { CeremonyView, ElectionState, ElectionView } from '../../src/api/types.ts';
import { type NoteSigner, signCheckpoint } from '../../src/crypto/checkpoints.ts';
import { parseElection } from '../../src/crypto/elections.ts';
import { bytesOfText, textOfBytes, toHex } from '../../src/crypto/encodings.ts';
import { groupByName } from '../../src/crypto/groups/index.ts';
import { leafHash, treeHead } from '../../src/crypto/merkle.ts';
import { parseCoefficients } from '../../src/crypto/trustees.ts';
import { parseSignedMessage } from '../../src/crypto/sealed_messages.ts';
import { electionJson } from '../../src/schemas/election_json.ts';
import { encodeEntry, type Entry } from '../../src/schemas/entries.ts';
import type { DownloadedBoard } from '../../src/verifier/board.ts';
import { sha256HexOf } from '../../src/verifier/evidence.ts';
import type { TellerService } from '../../src/tellers/teller_service.ts';
import type { Step } from '../../src/tellers/trustee_tasks.ts';
import {
  at,
  ATTENDANCE,
  fileOf,
  LATE_MEMBER,
  LOG_SIGNER,
  makeTerms,
  ROSTER,
  STATES,
  THRESHOLD,
  UUID,
} from '../verifier/record_parts.ts';
import { votesOf } from '../verifier/record_votes.ts';

export const SIZE = 3;
const GROUP = 'Ed25519';
const group = groupByName(GROUP);

type Body = Record<string, unknown>;

/** One election; `log` and the hooks may be changed by a test. */
export class ServiceInMemory {
  state: ElectionState = 'ceremony';
  log: Entry[] = [];
  /** What the next answers are made of, for a test that lets the service lie. */
  shownEntries = (entries: Entry[]): Entry[] => entries;
  shownNote = (note: string): string => note;
  /** Every body that was accepted, by step and trustee. */
  readonly sent: { step: Step | 'opening'; index: number; body: string }[] = [];
  /** Throws in the place of an answer, after or before the service has entered something. */
  loseAnswer: ((step: Step | 'opening') => boolean) | null = null;
  #shares = new Map<number, string[]>();

  /** The service as the device of trustee `index` (and member `index`) sees it. */
  for(index: number): TellerService {
    return {
      readElection: async () => ({ uuid: UUID, state: this.state, group: GROUP }) as ElectionView,
      readCeremony: async () => this.#ceremony(),
      readEntries: async () => this.#lines(),
      readLeaves: async () =>
        this.#shown().map((entry) => toHex(leafHash(encodeEntry(entry)))),
      readBoard: async () => this.#board(),
      readEndNote: async () => this.#endNote(),
      readSealedShares: async () =>
        Array.from({ length: SIZE }, (_, sender) =>
          at(this.#shares.get(sender + 1) ?? [], index - 1),
        ),
      sendStep: async (step, body) => this.#enter(step, index, body as Body),
      sendOpening: async (body) => this.#enter('opening', index, body as Body),
    };
  }

  /** Issuing begins: terms and election enter the log. */
  issue(): void {
    const made = makeTerms(GROUP, this.log);
    // Certificates stand in the log in any order, the team does not.
    const trustees = [...made.counting_team.trustees].sort((left, right) => left.index - right.index);
    const terms = { ...made, counting_team: { ...made.counting_team, trustees } };
    const first = this.log.flatMap((entry) => {
      if (entry.type !== 'ceremony_reveal') return [];
      const signed = parseSignedMessage(group, entry.coefexps);
      return at(parseCoefficients(group, signed, THRESHOLD).elements, 0);
    });
    const election = electionJson(terms, group.elementToText(group.product(first)));
    this.log.push(terms, { type: 'election', election });
    this.state = 'issuing';
  }

  /** Voting begins, five members cast, the box is sealed. */
  async voteAndClose(): Promise<void> {
    const entry = this.log.find((each) => each.type === 'election');
    if (entry === undefined) throw new RangeError('no election');
    const counts = {
      members: STATES.length,
      present: STATES.filter((each) => each === 'present').length,
      online: 1,
      absent_consulted: 0,
    };
    const at = '2026-11-20T09:00:00+07:00';
    this.log.push({ type: 'voting_opened', at, issued: 5, ...counts });
    const { issuances, honest } = await votesOf(parseElection(entry.election));
    this.log.push(...issuances, ...honest);
    this.log.push({
      type: 'closed',
      at: '2026-11-20T09:30:00+07:00',
      issued: LATE_MEMBER,
      late: 1,
      returned: honest.length,
      attendance_commitment: sha256HexOf(fileOf(ATTENDANCE)),
      token_keys_deleted: true,
      ...counts,
    });
    this.state = 'closed';
  }

  /** All bodies of one step of one trustee, as text. */
  bodiesOf(step: Step | 'opening', index: number): string[] {
    return this.sent
      .filter((each) => each.step === step && each.index === index)
      .map((each) => each.body);
  }

  /** As the real one shows them: after a cancellation a hash stands for each ballot. */
  #lines(): Uint8Array[] {
    const entries = this.#shown();
    const isCancelled = entries.some((entry) => entry.type === 'cancelled');
    return entries.map((entry) =>
      isCancelled && entry.type === 'ballot'
        ? bytesOfText(JSON.stringify({ withheld: toHex(leafHash(encodeEntry(entry))) }))
        : encodeEntry(entry),
    );
  }

  #shown(): Entry[] {
    return this.shownEntries([...this.log]);
  }

  #ceremony(): CeremonyView {
    const entries = this.#shown();
    const has = (type: Entry['type'], index: number) =>
      entries.some((entry) => entry.type === type && 'index' in entry && entry.index === index);
    return {
      trustee_threshold: THRESHOLD,
      trustees: Array.from({ length: SIZE }, (_, place) => ({
        index: place + 1,
        member: place + 1,
        name: `Thành viên ${place + 1}`,
        certificate: has('ceremony_certificate', place + 1),
        commitment: has('ceremony_commitment', place + 1),
        reveal: has('ceremony_reveal', place + 1),
        key: has('ceremony_key', place + 1),
        confirmation: has('trustee_confirms', place + 1),
      })),
      entries: entries
        .filter((entry) => entry.type.startsWith('ceremony_'))
        .map((entry) => textOfBytes(encodeEntry(entry))),
    };
  }

  #board(): DownloadedBoard {
    const entries = this.#shown();
    const note = (type: Entry['type']) => {
      const end = entries.findIndex((entry) => entry.type === type) + 1;
      return signed(entries.slice(0, end), LOG_SIGNER);
    };
    return {
      entries: entries.map((entry) => encodeEntry(entry)),
      openingNote: note('voting_opened'),
      closingNote: this.shownNote(note('closed')),
      roster: fileOf(ROSTER),
      attendance: fileOf(ATTENDANCE),
    };
  }

  #endNote(): string {
    return this.shownNote(signed(this.log, LOG_SIGNER));
  }

  #enter(step: Step | 'opening', index: number, body: Body): void {
    const entry = entryOf(step, index, body);
    const found = this.log.find(
      (each) => each.type === entry.type && 'index' in each && each.index === index,
    );
    const isSame =
      found !== undefined && textOf(found) === textOf(entry);
    if (found !== undefined && !isSame) throw problem('contribution-made');
    this.sent.push({ step, index, body: JSON.stringify(body) });
    if (found === undefined) {
      if (step === 'reveal') this.#shares.set(index, body.sealed_shares as string[]);
      this.log.push(entry);
    }
    if (this.loseAnswer?.(step) === true) throw new TypeError('the answer was lost');
  }
}

/** A checkpoint over entries, by a key. */
export function signed(entries: readonly Entry[], signer: NoteSigner): string {
  const leaves = entries.map((entry) => leafHash(encodeEntry(entry)));
  return signCheckpoint({ origin: signer.name, head: treeHead(leaves) }, signer);
}

/** A refusal of the service. */
export function problem(name: string): ProblemError {
  return new ProblemError(409, name, { vi: name, en: name }, {});
}

/** A text as bytes, for a log of a test's own. */
export function bytesOf(entry: Entry): Uint8Array {
  return bytesOfText(textOf(entry));
}

function textOf(entry: Entry): string {
  return textOfBytes(encodeEntry(entry));
}

function entryOf(step: Step | 'opening', index: number, body: Body): Entry {
  const text = (name: string) => String(body[name]);
  switch (step) {
    case 'certificate':
      return { type: 'ceremony_certificate', index, certificate: text('certificate') };
    case 'commitment':
      return { type: 'ceremony_commitment', index, commitment: text('commitment') };
    case 'reveal': {
      const [coefexps, signature] = [text('coefexps'), text('signature')];
      return { type: 'ceremony_reveal', index, coefexps, signature };
    }
    case 'key':
      return { type: 'ceremony_key', index, verification_key: text('verification_key') };
    case 'confirmation':
      return { type: 'trustee_confirms', index, confirmation: text('confirmation') };
    case 'opening':
      return {
        type: 'partial_decryption',
        index,
        partial_decryption: text('partial_decryption'),
        proof: body.proof as { challenge: string; response: string },
      };
  }
}
