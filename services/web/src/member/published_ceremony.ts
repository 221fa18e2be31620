/**
 * The key ceremony behind an election, as a phone checks it before it encrypts anything under the
 * key that came of it (protocol.md §1, §3, §11 v2; V4, V5): runs in the worker.
 */
import { sha256 } from '@noble/hashes/sha2.js';

import { ceremonyOf, type ContributionType, type LogView } from '../board/ceremony_log.ts';
import { verifyCeremony } from '../crypto/ceremony.ts';
import { bytesOfText, toHex } from '../crypto/encodings.ts';
import { MalformedError } from '../crypto/errors.ts';
import { groupByName } from '../crypto/groups/known.ts';
import { leafHash, treeRoot } from '../crypto/merkle.ts';
import { electionKey } from '../crypto/trustee_verification.ts';
import type { Terms } from '../schemas/terms.ts';

/** The phases in the order of the log (§7, §13): nobody reveals before all have committed. */
const PHASES: readonly ContributionType[] = [
  'ceremony_certificate',
  'ceremony_commitment',
  'ceremony_reveal',
  'ceremony_key',
];

/**
 * The election key, in Belenios' text, that the ceremony of `terms` makes, after all of it was
 * verified: its place and root in the log, certificates, commitments before reveals, keys.
 *
 * Without this the service could put a key of its own into `election.json`, whose members would
 * then encrypt their marks to it. Throws CryptoError.
 */
export function keyOfCeremony(log: LogView, terms: Terms): string {
  checkBounds(log, terms);
  const { trustee_threshold: threshold, trustees } = terms.counting_team;
  const ceremony = ceremonyOf(log, terms.uuid, threshold);
  const named = trustees.map(({ index, certificate }) => `${index} ${certificate}`);
  const made = ceremony.certificates.map((text, place) => `${place + 1} ${hexHashOf(text)}`);
  if (named.join() !== made.join()) {
    throw new MalformedError("the terms name other certificates than the ceremony's");
  }
  const group = groupByName(terms.group);
  return group.elementToText(electionKey(group, [verifyCeremony(group, ceremony)]));
}

/** The log begins with the ceremony that the terms bind, phase by phase, and they follow it. */
function checkBounds({ lines, entries }: LogView, terms: Terms): void {
  const { ceremony_size: size, ceremony_root: root, counting_team: team } = terms;
  const due = PHASES.flatMap((phase) => team.trustees.map((): string => phase));
  const types = entries.slice(0, size + 2).map((entry) => entry.type);
  if (types.join() !== [...due, 'terms', 'election'].join()) {
    throw new MalformedError('the log does not begin with the ceremony of the terms');
  }
  if (toHex(treeRoot(lines.slice(0, size).map(leafHash))) !== root) {
    throw new MalformedError('the terms bind another ceremony');
  }
}

function hexHashOf(text: string): string {
  return toHex(sha256(bytesOfText(text)));
}
