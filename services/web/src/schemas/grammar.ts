/** The grammar of an election's log: which entry may follow which (protocol.md §7 v2, check V0). */

import type { Cancelled, Entry } from './entries.ts';
import { object, readHash, SchemaError } from './fields.ts';

/** Stands for a ballot of an election that was cancelled after closing (protocol.md §1). */
export interface Withheld {
  /** Only here: in the record it stands without a type. */
  readonly type: 'withheld';
  readonly withheld: string;
}

/** What a record may hold at a place of its log. */
export type RecordedEntry = Entry | Withheld;

/** How far a log has come; entries of a phase never come after those of a later one. */
export const Phase = {
  CERTIFICATES: 1,
  COMMITMENTS: 2,
  REVEALS: 3,
  KEYS: 4,
  TERMS: 5,
  ELECTION: 6,
  CONFIRMATIONS: 7,
  VOTING: 8,
  ISSUANCES: 9,
  BALLOTS: 10,
  CLOSED: 11,
  CLAIMS: 12,
  DECRYPTION: 13,
  RESULT: 14,
  MINUTES: 15,
  CANCELLED: 16,
} as const;
/** One of the phases; later ones are greater. */
export type Phase = (typeof Phase)[keyof typeof Phase];

/** An entry stands where the grammar has no place for it. */
export class GrammarError extends SchemaError {}

const PHASE_OF: Readonly<Record<RecordedEntry['type'], Phase>> = {
  ceremony_certificate: Phase.CERTIFICATES,
  ceremony_commitment: Phase.COMMITMENTS,
  ceremony_reveal: Phase.REVEALS,
  ceremony_key: Phase.KEYS,
  terms: Phase.TERMS,
  election: Phase.ELECTION,
  trustee_confirms: Phase.CONFIRMATIONS,
  voting_opened: Phase.VOTING,
  issuance: Phase.ISSUANCES,
  ballot: Phase.BALLOTS,
  withheld: Phase.BALLOTS,
  closed: Phase.CLOSED,
  claim: Phase.CLAIMS,
  partial_decryption: Phase.DECRYPTION,
  result: Phase.RESULT,
  minute: Phase.MINUTES,
  cancelled: Phase.CANCELLED,
};
// Phases that an entry of the key presupposes; the others may be empty.
const DUE_BEFORE: ReadonlyMap<Phase, Phase> = new Map<Phase, Phase>([
  [Phase.COMMITMENTS, Phase.CERTIFICATES],
  [Phase.REVEALS, Phase.COMMITMENTS],
  [Phase.KEYS, Phase.REVEALS],
  [Phase.TERMS, Phase.KEYS],
  [Phase.ELECTION, Phase.TERMS],
  [Phase.CONFIRMATIONS, Phase.ELECTION],
  [Phase.VOTING, Phase.CONFIRMATIONS],
  [Phase.ISSUANCES, Phase.VOTING],
  [Phase.BALLOTS, Phase.ISSUANCES],
  [Phase.CLOSED, Phase.VOTING],
  [Phase.CLAIMS, Phase.CLOSED],
  [Phase.DECRYPTION, Phase.CLOSED],
  [Phase.RESULT, Phase.DECRYPTION],
  [Phase.MINUTES, Phase.RESULT],
]);
const ONCE: ReadonlySet<Phase> = new Set<Phase>([
  Phase.TERMS,
  Phase.ELECTION,
  Phase.VOTING,
  Phase.CLOSED,
  Phase.RESULT,
  Phase.CANCELLED,
]);
const AFTER_CLOSING: ReadonlySet<string> = new Set([
  'too_few_ballots',
  'promised_ballot_missing',
  'trustees_unavailable',
]);
const ONLY_AFTER_CLOSING: ReadonlySet<string> = new Set([
  'too_few_ballots',
  'promised_ballot_missing',
]);

const readWithheldFields = object<{ readonly withheld: string }>({ withheld: readHash });

/** Reads what stands in a record for a ballot that is withheld. Throws SchemaError. */
export function readWithheld(value: unknown, place = '$'): Withheld {
  return { type: 'withheld', ...readWithheldFields(value, place) };
}

/** The name of a phase, in small letters, for messages. */
export function phaseName(phase: Phase): string {
  const names = Object.entries(Phase).filter(([, value]) => value === phase);
  return names.map(([name]) => name.toLowerCase()).join();
}

/** Accepts the entries of one log, one after the other, in time linear in their number. */
export class LogGrammar {
  readonly #seen = new Set<Phase>();
  readonly #byTrustee = new Set<string>();
  #withheld = 0;
  #ballots = 0;

  /** How far the log has come; CERTIFICATES for an empty one. */
  get phase(): Phase {
    let latest: Phase = Phase.CERTIFICATES;
    for (const phase of this.#seen) if (phase > latest) latest = phase;
    return latest;
  }

  /** Take `entry` as the next one; throws GrammarError if it may not follow. */
  accept(entry: RecordedEntry): void {
    const [name, phase] = [entry.type, PHASE_OF[entry.type]];
    this.#checkOrder(name, phase);
    if ('index' in entry) this.#acceptOnceATrustee(name, entry.index);
    if (entry.type === 'cancelled') this.#checkCancellation(entry);
    if (entry.type === 'withheld') this.#withheld += 1;
    if (entry.type === 'ballot') this.#ballots += 1;
    this.#seen.add(phase);
  }

  /** Check what only a whole log shows: ballots are withheld if, and only if, cancelled. */
  finish(): void {
    const isCancelled = this.#seen.has(Phase.CANCELLED);
    if (this.#withheld > 0 && !isCancelled) {
      throw new GrammarError('withheld ballots in an election that was not cancelled');
    }
    if (this.#ballots > 0 && isCancelled) {
      throw new GrammarError('ballots of a cancelled election are not withheld');
    }
  }

  #checkOrder(name: string, phase: Phase): void {
    if (this.#seen.has(Phase.CANCELLED)) {
      throw new GrammarError(`${name} after the end of a cancelled election`);
    }
    if (phase < this.phase) {
      throw new GrammarError(`${name} after entries of the phase ${phaseName(this.phase)}`);
    }
    if (ONCE.has(phase) && this.#seen.has(phase)) throw new GrammarError(`a second ${name}`);
    const due = DUE_BEFORE.get(phase);
    if (due !== undefined && !this.#seen.has(due)) {
      throw new GrammarError(`${name} before any entry of the phase ${phaseName(due)}`);
    }
    const mayFollowClaim = phase === Phase.CLAIMS || phase === Phase.CANCELLED;
    if (this.#seen.has(Phase.CLAIMS) && !mayFollowClaim) {
      throw new GrammarError(`${name} after a claim: only a cancellation may follow`);
    }
  }

  #acceptOnceATrustee(name: string, index: number): void {
    const contribution = `${name} ${index}`;
    if (this.#byTrustee.has(contribution)) {
      throw new GrammarError(`a second ${name} of trustee ${index}`);
    }
    this.#byTrustee.add(contribution);
  }

  #checkCancellation({ reason }: Cancelled): void {
    if (this.#seen.has(Phase.DECRYPTION)) {
      throw new GrammarError('cancelled after the first partial decryption');
    }
    const isClosed = this.#seen.has(Phase.CLOSED);
    if (isClosed && !AFTER_CLOSING.has(reason)) {
      throw new GrammarError(`cancelled after closing because of ${reason}`);
    }
    if (!isClosed && ONLY_AFTER_CLOSING.has(reason)) {
      throw new GrammarError(`cancelled before closing because of ${reason}`);
    }
    if (this.#seen.has(Phase.CLAIMS) !== (reason === 'promised_ballot_missing')) {
      throw new GrammarError('a claim and promised_ballot_missing go together');
    }
  }
}

/**
 * Check a whole log, or one as it stands at a checkpoint; gives the phase that it has come to.
 *
 * Throws GrammarError with the position of the entry that does not fit (V0).
 */
export function checkGrammar(entries: Iterable<RecordedEntry>): Phase {
  const grammar = new LogGrammar();
  let position = 0;
  for (const entry of entries) {
    try {
      grammar.accept(entry);
    } catch (error) {
      if (!(error instanceof GrammarError)) throw error;
      throw new GrammarError(`entry ${position}: ${error.message}`);
    }
    position += 1;
  }
  grammar.finish();
  return grammar.phase;
}
