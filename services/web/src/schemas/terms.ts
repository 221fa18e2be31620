/** What one election is bound to: the `terms` entry and its parts (protocol.md §1, §11 v2). */

import {
  checked,
  type GroupName,
  integer,
  list,
  type MeetingKind,
  type NomineeKind,
  object,
  oneOf,
  optional,
  readBoolean,
  readBytes,
  readDate,
  readElectionUuid,
  readGroupName,
  readHash,
  readInstant,
  readMeetingKind,
  readMemberNumber,
  readNominationNumber,
  readNomineeKind,
  readOptionalText,
  readShortText,
  readTrusteeIndex,
  SchemaError,
  text,
} from './fields.ts';
import { type Quorum, readQuorum, readRule, type Rule } from './rules.ts';

/** The act that set up the council (Quyết định thành lập / kiện toàn). */
export interface FoundingDecision {
  readonly number: string;
  readonly date: string;
  readonly issued_by: string;
  readonly about: string;
}

/** The heading of the council's papers (Decree 30/2020, Annex I) and its symbol. */
export interface Issuer {
  readonly parent_line: string;
  readonly issuer_line: string;
  readonly symbol: string;
}

/** The council. */
export interface Council {
  readonly name: string;
  readonly issuer: Issuer;
  readonly decision?: FoundingDecision;
  readonly rules?: string;
}

/** The meeting: kind, place, times, and who presides and takes the minutes, by number. */
export interface Meeting {
  readonly id: string;
  readonly kind: MeetingKind;
  readonly title: string;
  readonly starts_at: string;
  readonly venue: string;
  readonly presiding: number;
  readonly minute_taker: number;
}

/** One case on the list; `unit` is empty for most collectives. */
export interface Nomination {
  readonly no: number;
  readonly kind: NomineeKind;
  readonly name: string;
  readonly unit: string;
  readonly award: string;
  readonly rule: Rule;
  readonly summary?: string;
}

/** A teller as the council chose; `certificate` is SHA-256 of its certificate's text. */
export interface Trustee {
  readonly index: number;
  readonly member: number;
  readonly name: string;
  readonly certificate: string;
}

/** `trustees[0]` is the head teller; `conflict_reason` where a teller is on the list. */
export interface CountingTeam {
  readonly trustee_threshold: number;
  readonly trustees: readonly Trustee[];
  readonly conflict_reason?: string;
}

/** An issuer's RSA-3072 public key: DER SubjectPublicKeyInfo, base64url. */
export interface TokenKeyField {
  readonly issuer: string;
  readonly spki: string;
}

/**
 * Binds everything that `election.json` does not say; H(terms) is in its description.
 *
 * `members` is the number on the roster; `ceremony_root` = T(`ceremony_size`), hex; `log_key` and
 * `box_key` are C2SP verifier keys ("name+hash+key").
 */
export interface Terms {
  readonly type: 'terms';
  readonly version: 1;
  readonly uuid: string;
  readonly method: 'secret';
  readonly group: GroupName;
  readonly ballot_number: number;
  readonly council: Council;
  readonly meeting: Meeting;
  readonly members: number;
  readonly roster_commitment: string;
  readonly nominations: readonly Nomination[];
  readonly quorum: Quorum;
  readonly minimum_ballots: number;
  readonly late_issuance: boolean;
  readonly counting_team: CountingTeam;
  readonly ceremony_size: number;
  readonly ceremony_root: string;
  readonly rp_id: string;
  readonly origins: readonly string[];
  readonly log_origin: string;
  readonly log_key: string;
  readonly box_key: string;
  readonly token_keys: readonly TokenKeyField[];
  readonly previous?: string;
  readonly client_hash?: string;
}

/** Reads FoundingDecision; its date is a day that exists, since the minute prints it. */
export const readFoundingDecision = object<FoundingDecision>({
  number: readShortText,
  date: checked(readDate, checkDay),
  issued_by: readShortText,
  about: readShortText,
});

/** Reads Council. */
export const readCouncil = object<Council>({
  name: readShortText,
  issuer: object<Issuer>({
    parent_line: readShortText,
    issuer_line: readShortText,
    symbol: text({ min: 1, max: 40 }),
  }),
  decision: optional(readFoundingDecision),
  rules: optional(readShortText),
});

/** Reads Meeting. */
export const readMeeting = object<Meeting>({
  id: text({ pattern: /^[0-9a-f]{32}$/ }),
  kind: readMeetingKind,
  title: readShortText,
  starts_at: readInstant,
  venue: readShortText,
  presiding: readMemberNumber,
  minute_taker: readMemberNumber,
});

/** Reads Nomination. */
export const readNomination = object<Nomination>({
  no: readNominationNumber,
  kind: readNomineeKind,
  name: readShortText,
  unit: readOptionalText,
  award: readShortText,
  rule: readRule,
  summary: optional(text({ min: 1, max: 5000 })),
});

const readTrustee = object<Trustee>({
  index: readTrusteeIndex,
  member: readMemberNumber,
  name: readShortText,
  certificate: readHash,
});

/** Reads Terms, the value of a whole entry. */
export const readTerms = object<Terms>({
  type: oneOf('terms'),
  version: oneOf(1),
  uuid: readElectionUuid,
  method: oneOf('secret'),
  group: readGroupName,
  ballot_number: integer(1, 2),
  council: readCouncil,
  meeting: readMeeting,
  members: readMemberNumber,
  roster_commitment: readHash,
  nominations: list(readNomination, { min: 1, max: 200 }),
  quorum: readQuorum,
  minimum_ballots: integer(3, 500),
  late_issuance: readBoolean,
  counting_team: object<CountingTeam>({
    trustee_threshold: readTrusteeIndex,
    trustees: list(readTrustee),
    conflict_reason: optional(readShortText),
  }),
  ceremony_size: integer(1, 200),
  ceremony_root: readHash,
  rp_id: readShortText,
  origins: list(readShortText, { min: 1, max: 10 }),
  log_origin: readShortText,
  log_key: readShortText,
  box_key: readShortText,
  token_keys: list(object<TokenKeyField>({ issuer: readShortText, spki: readBytes }), {
    min: 1,
    max: 5,
  }),
  previous: optional(readElectionUuid),
  client_hash: optional(readHash),
});

/** The text of a nomination's question in `election.json` (protocol.md §11). */
export function questionOf(nomination: Nomination): string {
  return `${nomination.no}. ${nomination.name} (${nomination.award})`;
}

function checkDay(date: string): void {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
    throw new SchemaError('there is no such day');
  }
}

function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
