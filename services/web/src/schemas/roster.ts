/**
 * The two salted files that the record commits to: who may vote, and who was there.
 *
 * protocol.md §11 v2 "Roster, attendance": canonical JSON, commitment = SHA-256 of the file.
 */

import {
  type AttendanceState,
  type KeyKind,
  list,
  object,
  optional,
  readAttendanceState,
  readBytes,
  readInstant,
  readKeyKind,
  readMemberNumber,
  readOptionalText,
  readShortText,
  text,
} from './fields.ts';

/** A member's own ES256 key: SubjectPublicKeyInfo (91 bytes), base64url (protocol.md §11). */
export interface DeviceKey {
  readonly kind: KeyKind;
  readonly spki: string;
}

/** `key` is absent for a member who has enrolled no device and so can take no ballot. */
export interface RosterMember {
  readonly no: number;
  readonly name: string;
  readonly position: string;
  readonly council_role: string;
  readonly key?: DeviceKey;
}

/** `roster.json`: who is a member; `salt` keeps it from being guessed from its commitment. */
export interface Roster {
  readonly salt: string;
  readonly members: readonly RosterMember[];
}

/** How one member took part, with times of coming and leaving. */
export interface MemberAttendance {
  readonly no: number;
  readonly state: AttendanceState;
  readonly reason?: string;
  readonly arrived_at?: string;
  readonly left_at?: string;
}

/** `attendance.json`: who was there. */
export interface Attendance {
  readonly salt: string;
  readonly members: readonly MemberAttendance[];
}

// 32 random bytes, base64url.
const readSalt = text({ pattern: /^[A-Za-z0-9_-]{43}$/ });

/** Reads DeviceKey, also as an issuance names it. */
export const readDeviceKey = object<DeviceKey>({ kind: readKeyKind, spki: readBytes });

/** Reads Roster. */
export const readRoster = object<Roster>({
  salt: readSalt,
  members: list(
    object<RosterMember>({
      no: readMemberNumber,
      name: readShortText,
      position: readOptionalText,
      council_role: readOptionalText,
      key: optional(readDeviceKey),
    }),
  ),
});

/** Reads Attendance. */
export const readAttendance = object<Attendance>({
  salt: readSalt,
  members: list(
    object<MemberAttendance>({
      no: readMemberNumber,
      state: readAttendanceState,
      reason: optional(readShortText),
      arrived_at: optional(readInstant),
      left_at: optional(readInstant),
    }),
  ),
});
