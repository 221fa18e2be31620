/**
 * The entries of an election's log, one interface a type; the grammar is in `grammar.ts`.
 *
 * A leaf is the canonical JSON of an entry (protocol.md §7, §11, §13 v2). Belenios objects stand in
 * it as strings of their exact bytes. The names of fields are those of the entries.
 */

import type { Bytes } from '../crypto/encodings.ts';
import * as canonical from './canonical.ts';
import {
  type CancellationReason,
  integer,
  list,
  object,
  oneOf,
  optional,
  type PaperKind,
  readBoolean,
  readBytes,
  readCancellationReason,
  readCount,
  type Reader,
  readHash,
  readInstant,
  readMemberNumber,
  readNominationNumber,
  readPaperKind,
  readTrusteeIndex,
  SchemaError,
  text,
} from './fields.ts';
import { type DeviceKey, readDeviceKey } from './roster.ts';
import { readTerms, type Terms } from './terms.ts';

/** Belenios `signed_msg` of the trustee's keys and context (belenios-format §5.3 step 1). */
export interface CeremonyCertificate {
  readonly type: 'ceremony_certificate';
  readonly index: number;
  readonly certificate: string;
}

/** Hash of the coefficients' commitments, posted before any is revealed (protocol.md §11). */
export interface CeremonyCommitment {
  readonly type: 'ceremony_commitment';
  readonly index: number;
  readonly commitment: string;
}

/** `coefexps` is a Belenios signed_msg, `signature` the proof over certificates and coefexps. */
export interface CeremonyReveal {
  readonly type: 'ceremony_reveal';
  readonly index: number;
  readonly coefexps: string;
  readonly signature: string;
}

/** Belenios `trustee_public_key` with proof of knowledge and signature. */
export interface CeremonyKey {
  readonly type: 'ceremony_key';
  readonly index: number;
  readonly verification_key: string;
}

/** The exact bytes of `election.json`. */
export interface ElectionEntry {
  readonly type: 'election';
  readonly election: string;
}

/** Belenios signed_msg over `phieukin/confirm/1|phi|index|T` by the certificate key. */
export interface TrusteeConfirms {
  readonly type: 'trustee_confirms';
  readonly index: number;
  readonly confirmation: string;
}

/** `at`: as the secretary states it for the minute; counts at that moment. */
export interface VotingOpened {
  readonly type: 'voting_opened';
  readonly at: string;
  readonly members: number;
  readonly present: number;
  readonly online: number;
  readonly absent_consulted: number;
  readonly issued: number;
}

/** The key that signed an issuance or a cancellation. */
export type IssuanceKey = DeviceKey;

/**
 * A request for a blind signature, signed by the member's own device (protocol.md §4, §11).
 *
 * `blinded_sha256` = SHA-256 of the blinded messages joined in issuer order; `signature` is r ‖ s.
 */
export interface Issuance {
  readonly type: 'issuance';
  readonly member: number;
  readonly key: IssuanceKey;
  readonly blinded_sha256: string;
  readonly late: boolean;
  readonly signature: string;
  readonly authenticator_data?: string;
  readonly client_data?: string;
}

/** An accepted ballot: exact Belenios bytes and its tokens in issuer order. */
export interface BallotEntry {
  readonly type: 'ballot';
  readonly ballot: string;
  readonly token: readonly string[];
}

/** Counts at closing; the token key is deleted now (a statement, not a proof). */
export interface Closed {
  readonly type: 'closed';
  readonly at: string;
  readonly members: number;
  readonly present: number;
  readonly online: number;
  readonly absent_consulted: number;
  readonly issued: number;
  readonly late: number;
  readonly returned: number;
  readonly attendance_commitment: string;
  readonly token_keys_deleted: boolean;
}

/**
 * A promise of the box whose ballot is not on the board, alone.
 *
 * `promise` is the signed note with the box's signature only, its UTF-8 bytes as base64url: a note
 * has newlines, which no string of an entry has (protocol.md §11 "JSON").
 */
export interface Claim {
  readonly type: 'claim';
  readonly promise: string;
}

/** The Chaum-Pedersen proof over the whole statement (protocol.md §3). */
export interface SecondProof {
  readonly challenge: string;
  readonly response: string;
}

/** Without the second proof it is still an entry, which V14 refuses (protocol.md §3). */
export interface PartialDecryption {
  readonly type: 'partial_decryption';
  readonly index: number;
  readonly partial_decryption: string;
  readonly proof?: SecondProof;
}

/** One nomination's figures; `base` is the number that the rule's share is of. */
export interface Outcome {
  readonly no: number;
  readonly agree: number;
  readonly disagree: number;
  readonly blank: number;
  readonly base: number;
  readonly votes_needed: number;
  readonly share_percent: string;
  readonly passed: boolean;
}

/**
 * The opened sum and what follows from it.
 *
 * `result` is the Belenios result object; `encrypted_tally` = SHA-256 of the Belenios
 * encrypted_tally object; `trustees` are the partial decryptions combined; `present` is present +
 * online when voting started.
 */
export interface Result {
  readonly type: 'result';
  readonly result: string;
  readonly encrypted_tally: string;
  readonly trustees: readonly number[];
  readonly members: number;
  readonly present: number;
  readonly issued: number;
  readonly returned: number;
  readonly outcomes: readonly Outcome[];
}

/** SHA-256 of a paper as issued for signing; a replacing paper names the one it replaces. */
export interface MinuteEntry {
  readonly type: 'minute';
  readonly paper: PaperKind;
  readonly sha256: string;
  readonly replaces?: string;
}

/** The presiding officer's device signature over `cancel` (divergences.md: a use we added). */
export interface PresidingSignature {
  readonly member: number;
  readonly key: IssuanceKey;
  readonly signature: string;
  readonly authenticator_data?: string;
  readonly client_data?: string;
}

/** The end without a result; `text` is what the minute says (protocol.md §1). */
export interface Cancelled {
  readonly type: 'cancelled';
  readonly at: string;
  readonly reason: CancellationReason;
  readonly text: string;
  readonly presiding_signature?: PresidingSignature;
}

/** Any entry of a log. */
export type Entry =
  | CeremonyCertificate
  | CeremonyCommitment
  | CeremonyReveal
  | CeremonyKey
  | Terms
  | ElectionEntry
  | TrusteeConfirms
  | VotingOpened
  | Issuance
  | BallotEntry
  | Closed
  | Claim
  | PartialDecryption
  | Result
  | MinuteEntry
  | Cancelled;

/** The bytes are not an entry of a known type, in canonical form and within its size. */
export class EntryError extends SchemaError {}

const KIB = 1024;
/** No entry of any type is longer. */
export const MAX_ENTRY_BYTES = 2048 * KIB;

// The exact bytes of an object of Belenios protocol 1, as text.
const readBeleniosText = text({ min: 2, max: 2_000_000 });
const readScalarText = text({ pattern: /^(?:0|[1-9][0-9]{0,79})$/ });

const COUNTS_AT_OPENING = {
  at: readInstant,
  members: readCount,
  present: readCount,
  online: readCount,
  absent_consulted: readCount,
  issued: readCount,
} as const;

const DEVICE_SIGNATURE = {
  member: readMemberNumber,
  key: readDeviceKey,
  signature: readBytes,
  authenticator_data: optional(readBytes),
  client_data: optional(readBytes),
} as const;

const readOutcome = object<Outcome>({
  no: readNominationNumber,
  agree: readCount,
  disagree: readCount,
  blank: readCount,
  base: readCount,
  votes_needed: integer(0, 501),
  share_percent: text({ pattern: /^[0-9]{1,3},[0-9]{2}$/ }),
  passed: readBoolean,
});

type EntryOf<Type extends Entry['type']> = Extract<Entry, { readonly type: Type }>;
type EntryForms = {
  readonly [Type in Entry['type']]: {
    readonly read: Reader<EntryOf<Type>>;
    readonly maxBytes: number;
  };
};

const FORMS: EntryForms = {
  ceremony_certificate: {
    read: object<CeremonyCertificate>({
      type: oneOf('ceremony_certificate'),
      index: readTrusteeIndex,
      certificate: readBeleniosText,
    }),
    maxBytes: 8 * KIB,
  },
  ceremony_commitment: {
    read: object<CeremonyCommitment>({
      type: oneOf('ceremony_commitment'),
      index: readTrusteeIndex,
      commitment: readHash,
    }),
    maxBytes: KIB,
  },
  ceremony_reveal: {
    read: object<CeremonyReveal>({
      type: oneOf('ceremony_reveal'),
      index: readTrusteeIndex,
      coefexps: readBeleniosText,
      signature: readBeleniosText,
    }),
    maxBytes: 64 * KIB,
  },
  ceremony_key: {
    read: object<CeremonyKey>({
      type: oneOf('ceremony_key'),
      index: readTrusteeIndex,
      verification_key: readBeleniosText,
    }),
    maxBytes: 8 * KIB,
  },
  terms: { read: readTerms, maxBytes: 2048 * KIB },
  election: {
    read: object<ElectionEntry>({ type: oneOf('election'), election: readBeleniosText }),
    maxBytes: 512 * KIB,
  },
  trustee_confirms: {
    read: object<TrusteeConfirms>({
      type: oneOf('trustee_confirms'),
      index: readTrusteeIndex,
      confirmation: readBeleniosText,
    }),
    maxBytes: 8 * KIB,
  },
  voting_opened: {
    read: object<VotingOpened>({ type: oneOf('voting_opened'), ...COUNTS_AT_OPENING }),
    maxBytes: KIB,
  },
  issuance: {
    read: object<Issuance>({
      type: oneOf('issuance'),
      ...DEVICE_SIGNATURE,
      blinded_sha256: readHash,
      late: readBoolean,
    }),
    maxBytes: 8 * KIB,
  },
  ballot: {
    read: object<BallotEntry>({
      type: oneOf('ballot'),
      ballot: readBeleniosText,
      token: list(text({ pattern: /^[A-Za-z0-9_-]{555}$/ }), { min: 1, max: 5 }),
    }),
    maxBytes: 1024 * KIB,
  },
  closed: {
    read: object<Closed>({
      type: oneOf('closed'),
      ...COUNTS_AT_OPENING,
      late: readCount,
      returned: readCount,
      attendance_commitment: readHash,
      token_keys_deleted: readBoolean,
    }),
    maxBytes: KIB,
  },
  claim: {
    read: object<Claim>({
      type: oneOf('claim'),
      promise: text({ pattern: /^[A-Za-z0-9_-]+$/, max: 3000 }),
    }),
    maxBytes: 4 * KIB,
  },
  partial_decryption: {
    read: object<PartialDecryption>({
      type: oneOf('partial_decryption'),
      index: readTrusteeIndex,
      partial_decryption: readBeleniosText,
      proof: optional(object<SecondProof>({ challenge: readScalarText, response: readScalarText })),
    }),
    maxBytes: 1024 * KIB,
  },
  result: {
    read: object<Result>({
      type: oneOf('result'),
      result: readBeleniosText,
      encrypted_tally: readHash,
      trustees: list(readTrusteeIndex),
      members: readCount,
      present: readCount,
      issued: readCount,
      returned: readCount,
      outcomes: list(readOutcome),
    }),
    maxBytes: 256 * KIB,
  },
  minute: {
    read: object<MinuteEntry>({
      type: oneOf('minute'),
      paper: readPaperKind,
      sha256: readHash,
      replaces: optional(readHash),
    }),
    maxBytes: KIB,
  },
  cancelled: {
    read: object<Cancelled>({
      type: oneOf('cancelled'),
      at: readInstant,
      reason: readCancellationReason,
      text: text({ min: 1, max: 2000 }),
      presiding_signature: optional(object<PresidingSignature>(DEVICE_SIGNATURE)),
    }),
    maxBytes: 16 * KIB,
  },
};

/** The leaf data of an entry: canonical JSON without a newline (protocol.md §11 "Leaf"). */
export function encodeEntry(entry: Entry): Bytes {
  return canonical.encode(entry);
}

/**
 * Read an entry from its exact bytes (V1).
 *
 * Throws EntryError: not canonical, unknown type or field, a value out of range, too long.
 */
export function decodeEntry(data: Uint8Array): Entry {
  try {
    const value = canonical.decode(data, MAX_ENTRY_BYTES);
    const { read, maxBytes } = formOf(value);
    const entry = read(value);
    if (data.length > maxBytes) {
      throw new EntryError(`an entry of this type is at most ${maxBytes} bytes`);
    }
    // No field has a default that could be written out: what is left out is absent, not null.
    return entry;
  } catch (error) {
    if (error instanceof SchemaError && !(error instanceof EntryError)) {
      throw new EntryError(error.message);
    }
    throw error;
  }
}

function formOf(value: unknown): { readonly read: Reader<Entry>; readonly maxBytes: number } {
  const type: unknown =
    typeof value === 'object' && value !== null && Object.hasOwn(value, 'type')
      ? (value as { type: unknown }).type
      : undefined;
  if (typeof type !== 'string' || !isEntryType(type)) {
    throw new EntryError('not an object of a known type');
  }
  return FORMS[type];
}

function isEntryType(type: string): type is Entry['type'] {
  return Object.hasOwn(FORMS, type);
}
