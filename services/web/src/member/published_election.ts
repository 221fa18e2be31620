/**
 * What a phone downloads before it takes a ballot, and all that it checks of it (protocol.md §1,
 * §4): runs in the worker.
 */
import { sha256 } from '@noble/hashes/sha2.js';

import { readLog } from '../board/ceremony_log.ts';
import { parseTokenKey } from '../crypto/blind_tokens.ts';
import { parseNoteKey } from '../crypto/checkpoints.ts';
import { type Election, parseElection } from '../crypto/elections.ts';
import { textOfBytes, toHex } from '../crypto/encodings.ts';
import * as base64url from '../schemas/base64url.ts';
import * as canonical from '../schemas/canonical.ts';
import { DESCRIPTION_PREFIX, electionJson, termsHash } from '../schemas/election_json.ts';
import { encodeEntry, type Entry } from '../schemas/entries.ts';
import { readRoster } from '../schemas/roster.ts';
import type { Terms } from '../schemas/terms.ts';
import { keyOfCeremony } from './published_ceremony.ts';

const MAX_ROSTER_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** What the service published does not fit together; the phone goes no further. */
export class PublicationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PublicationError';
  }
}

/** The roster of the election holds another key for this member, or none. */
export class OwnKeyError extends Error {
  constructor() {
    super('the roster holds another key for this member');
    this.name = 'OwnKeyError';
  }
}

/** The exact bytes that the service published. */
export interface Publication {
  readonly uuid: string;
  /** Entries up to `voting_opened`, each with a newline. */
  readonly entries: Uint8Array;
  readonly roster: Uint8Array;
}

/** Who asks: the key that this device signs with for the member, and where it was loaded from. */
export interface AskingDevice {
  readonly member: number;
  /** SubjectPublicKeyInfo, base64url. */
  readonly spki: string;
  readonly origin: string;
  readonly rpId: string;
}

/** Terms and election that belong together; `terms` and `election` are their exact texts. */
export interface CheckedElection {
  readonly uuid: string;
  readonly phi: string;
  readonly terms: string;
  readonly election: string;
}

/**
 * Read ceremony, terms and election and rebuild `election.json` byte for byte from the first two;
 * phi is then computed anew, so it binds every nomination and rule, and the election key is the
 * counting team's (V4, V5). Throws PublicationError.
 */
export function checkElection(uuid: string, entries: Uint8Array): CheckedElection {
  const { terms, election } = guarded(() => readElection(uuid, entries));
  return {
    uuid,
    phi: election.fingerprint,
    terms: textOfBytes(encodeEntry(terms)),
    election: election.text,
  };
}

/**
 * All checks before a phone asks for a ballot: `checkElection`; the roster opens its commitment and
 * holds this device's key for the member; the token keys are RSA-3072 with e = 65537; log and box
 * keys are of this election; this origin may sign for it.
 *
 * Rejects with PublicationError, OwnKeyError.
 */
export async function checkPublication(
  publication: Publication,
  device: AskingDevice,
): Promise<CheckedElection> {
  const checked = checkElection(publication.uuid, publication.entries);
  const terms = termsOf(checked);
  guarded(() => checkNoteKeys(terms));
  if (!terms.origins.includes(device.origin) || terms.rp_id !== device.rpId) {
    throw new PublicationError('the terms name another origin');
  }
  for (const { spki } of terms.token_keys) {
    await parseTokenKey(base64url.decode(spki)).catch(() => {
      throw new PublicationError('a token key is not of the profile');
    });
  }
  checkOwnKey(terms, publication.roster, device);
  return checked;
}

/** The terms of a checked election. */
export function termsOf(checked: Pick<CheckedElection, 'terms'>): Terms {
  return JSON.parse(checked.terms) as Terms;
}

function readElection(uuid: string, data: Uint8Array): { terms: Terms; election: Election } {
  const log = readLog(linesOf(data));
  const terms = onlyOne(log.entries, 'terms');
  const { election: text } = onlyOne(log.entries, 'election');
  const election = parseElection(text);
  const key = keyOfCeremony(log, terms);
  if (terms.uuid !== uuid || electionJson(terms, key) !== text) {
    throw new PublicationError('the election is not what terms and ceremony make');
  }
  if (election.description !== DESCRIPTION_PREFIX + termsHash(terms)) {
    throw new PublicationError('the election names other terms');
  }
  return { terms, election };
}

function checkNoteKeys(terms: Terms): void {
  const origin = `${terms.log_origin}/${terms.uuid}`;
  const [log, box] = [parseNoteKey(terms.log_key), parseNoteKey(terms.box_key)];
  if (log.name !== origin || box.name !== `${origin}/box`) {
    throw new PublicationError('log key or box key is of another election');
  }
}

function checkOwnKey(terms: Terms, rosterBytes: Uint8Array, device: AskingDevice): void {
  if (toHex(sha256(rosterBytes)) !== terms.roster_commitment) {
    throw new PublicationError('the roster is not the one that the terms commit to');
  }
  const roster = guarded(() => readRoster(canonical.decode(rosterBytes, MAX_ROSTER_BYTES)));
  const mine = roster.members.filter((member) => member.no === device.member);
  if (mine.length !== 1 || mine[0]?.key?.spki !== device.spki) throw new OwnKeyError();
}

function onlyOne<Type extends Entry['type']>(
  entries: readonly Entry[],
  type: Type,
): Extract<Entry, { type: Type }> {
  const found = entries.filter(
    (entry): entry is Extract<Entry, { type: Type }> => entry.type === type,
  );
  if (found.length !== 1 || found[0] === undefined) {
    throw new PublicationError(`there is not one entry ${type}`);
  }
  return found[0];
}

function linesOf(data: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
    lines.push(data.slice(start, end));
    start = end + 1;
  }
  if (start !== data.length) throw new PublicationError('the last entry is cut off');
  return lines;
}

/** Whatever is malformed in what was published is one fault of the publication. */
function guarded<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new PublicationError(error instanceof Error ? error.message : 'malformed');
  }
}
