/**
 * A log's entries with their bytes, and the key ceremony as it stands in them (protocol.md §7, §11
 * v2). Nothing of it is verified here: `crypto/ceremony.ts` does.
 */
import type { Ceremony, Reveal } from '../crypto/ceremony.ts';
import { MalformedError } from '../crypto/errors.ts';
import { leafHash, treeRoot } from '../crypto/merkle.ts';
import { decodeEntry, type Entry } from '../schemas/entries.ts';

/** The contributions of a ceremony, one a trustee and phase. */
export type ContributionType =
  'ceremony_certificate' | 'ceremony_commitment' | 'ceremony_reveal' | 'ceremony_key';
/** An entry that is one of them. */
export type Contribution = Extract<Entry, { type: ContributionType }>;
type EntryOf<Type extends Entry['type']> = Extract<Entry, { type: Type }>;

/** Entries from the first one on, with their exact bytes. */
export interface LogView {
  readonly lines: readonly Uint8Array[];
  readonly entries: readonly Entry[];
}

/** Read entries from their exact bytes, each without its newline. Throws EntryError. */
export function readLog(lines: readonly Uint8Array[]): LogView {
  return { lines, entries: lines.map((line) => decodeEntry(line)) };
}

/** T of the entries up to the last one of a type. Throws MalformedError where there is none. */
export function rootAfter(log: LogView, type: Entry['type']): Uint8Array {
  const last = log.entries.map((entry) => entry.type).lastIndexOf(type);
  if (last < 0) throw new MalformedError(`the log holds no ${type} yet`);
  return treeRoot(log.lines.slice(0, last + 1).map((line) => leafHash(line)));
}

/** The whole ceremony as the log holds it; nothing of it is verified here. */
export function ceremonyOf(log: LogView, uuid: string, threshold: number): Ceremony {
  return {
    uuid,
    threshold,
    certificates: certificates(log),
    certificatesRoot: rootAfter(log, 'ceremony_certificate'),
    commitments: commitments(log),
    reveals: reveals(log),
    keys: byTrustee(log, 'ceremony_key').map((each) => each.verification_key),
  };
}

/** Contributions of a type in the order of the trustees. Throws MalformedError. */
function byTrustee<Type extends ContributionType>(log: LogView, type: Type): EntryOf<Type>[] {
  const found: Contribution[] = log.entries
    .filter(isContribution)
    .filter((entry) => entry.type === type)
    .sort((left, right) => left.index - right.index);
  if (found.some((entry, place) => entry.index !== place + 1)) {
    throw new MalformedError(`a ${type} is missing or stands twice`);
  }
  return found as EntryOf<Type>[];
}

/** Whether an entry is of a ceremony. */
export function isContribution(entry: Entry): entry is Contribution {
  return entry.type.startsWith('ceremony_');
}

// A step looks at the phase that it needs: of the next one only some may stand there, in any order.

/** All certificates. Throws MalformedError. */
export function certificates(log: LogView): string[] {
  return byTrustee(log, 'ceremony_certificate').map((each) => each.certificate);
}

/** All commitments. Throws MalformedError. */
export function commitments(log: LogView): string[] {
  return byTrustee(log, 'ceremony_commitment').map((each) => each.commitment);
}

/** All reveals. Throws MalformedError. */
export function reveals(log: LogView): Reveal[] {
  return byTrustee(log, 'ceremony_reveal').map(({ coefexps, signature }) => ({
    coefexps,
    signature,
  }));
}
