/**
 * Readers of values from outside: bounded, of one spelling each, unknown fields refused.
 *
 * They mirror the types of schemas/fields.py. A reader gives a typed copy of what it read or throws
 * SchemaError with the place.
 */

import { SchemaError } from './schema_error.ts';

export { SchemaError };

/** Reads a value that stands at `place`. Throws SchemaError. */
export type Reader<Value> = (value: unknown, place?: string) => Value;

/** A field that may be left out; it is never null. */
export interface OptionalField<Value> {
  readonly whenPresent: Reader<Value>;
}

/** A reader for every field of an object. */
export type FieldReaders<Value> = {
  readonly [Name in keyof Value]-?: object extends Pick<Value, Name>
    ? OptionalField<NonNullable<Value[Name]>>
    : Reader<Value[Name]>;
};

/** What a text may be; lengths count Unicode code points. */
export interface TextLimits {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
}

/** A field that may be left out. */
export function optional<Value>(whenPresent: Reader<Value>): OptionalField<Value> {
  return { whenPresent };
}

/** Reads an object of exactly these fields. */
export function object<Value extends object>(readers: FieldReaders<Value>): Reader<Value> {
  const known = Object.entries(readers) as [string, Reader<unknown> | OptionalField<unknown>][];
  return (value, place = '$') => {
    const found = asObject(value, place);
    // An unknown name is not quoted: whoever sent it chose it.
    if (!Object.keys(found).every((name) => Object.hasOwn(readers, name))) {
      throw new SchemaError('an object has an unknown field', place);
    }
    const read: [string, unknown][] = [];
    for (const [name, reader] of known) {
      const isPresent = Object.hasOwn(found, name);
      if (typeof reader === 'function') {
        if (!isPresent) throw new SchemaError(`the field ${name} is missing`, place);
        read.push([name, reader(found[name], `${place}.${name}`)]);
      } else if (isPresent) {
        read.push([name, reader.whenPresent(found[name], `${place}.${name}`)]);
      }
    }
    return Object.fromEntries(read) as Value;
  };
}

/** Reads an array; `min` and `max` bound its length. */
export function list<Item>(
  item: Reader<Item>,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): Reader<readonly Item[]> {
  return (value, place = '$') => {
    if (!Array.isArray(value)) throw new SchemaError('an array is expected', place);
    if (value.length < min || value.length > max) {
      throw new SchemaError('an array has another length than is allowed', place);
    }
    return value.map((each: unknown, position) => item(each, `${place}[${position}]`));
  };
}

/** Reads a text within its limits. */
export function text({ min = 0, max, pattern }: TextLimits = {}): Reader<string> {
  return (value, place = '$') => {
    if (typeof value !== 'string') throw new SchemaError('a text is expected', place);
    // A code point has one or two code units: most texts need no counting.
    const isLong = max !== undefined && value.length > max && countCharacters(value) > max;
    if (isLong || (min > 0 && value.length < 2 * min && countCharacters(value) < min)) {
      throw new SchemaError('a text has another length than is allowed', place);
    }
    if (pattern !== undefined && !pattern.test(value)) {
      throw new SchemaError('a text is not of its form', place);
    }
    return value;
  };
}

/** Reads an integer from `min` to `max`. */
export function integer(min: number, max: number): Reader<number> {
  return (value, place = '$') => {
    if (!Number.isSafeInteger(value)) throw new SchemaError('an integer is expected', place);
    const number = value as number;
    if (number < min || number > max) throw new SchemaError('a number is out of range', place);
    return number;
  };
}

/** Reads one of these values. */
export function oneOf<Value extends string | number>(...values: readonly Value[]): Reader<Value> {
  return (value, place = '$') => {
    const found = values.find((each) => each === value);
    if (found === undefined) throw new SchemaError('not one of the values that are known', place);
    return found;
  };
}

/** Reads true or false. */
export const readBoolean: Reader<boolean> = (value, place = '$') => {
  if (typeof value !== 'boolean') throw new SchemaError('true or false is expected', place);
  return value;
};

/** Adds a condition to a reader: `check` throws SchemaError, and the place is put in. */
export function checked<Value>(
  reader: Reader<Value>,
  check: (value: Value) => unknown,
): Reader<Value> {
  return (value, place = '$') => {
    const read = reader(value, place);
    try {
      check(read);
    } catch (error) {
      throw error instanceof SchemaError ? new SchemaError(error.message, place) : error;
    }
    return read;
  };
}

/** How many Unicode code points a text has. */
export function countCharacters(value: string): number {
  let count = 0;
  for (const _ of value) count += 1;
  return count;
}

function asObject(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SchemaError('an object is expected', place);
  }
  return value as Record<string, unknown>;
}

/** A SHA-256 value in lowercase hex. */
export const readHash = text({ pattern: /^[0-9a-f]{64}$/ });
/** Bytes as base64url without padding; unused bits are checked where it is decoded. */
export const readBytes = text({ pattern: /^[A-Za-z0-9_-]*$/, max: 8192 });
/** A Belenios uuid: base58, 14 characters when we draw it (belenios-format §3). */
export const readElectionUuid = text({ pattern: /^[1-9A-HJ-NP-Za-km-z]{14,32}$/ });
/** phi: standard Base64 of SHA-256(election.json), without padding. */
export const readFingerprint = text({ pattern: /^[A-Za-z0-9+/]{43}$/ });

/** A text of 1 to 300 characters. */
export const readShortText = text({ min: 1, max: 300 });
/** A text of at most 300 characters. */
export const readOptionalText = text({ max: 300 });
/** A text of 1 to 20,000 characters. */
export const readLongText = text({ min: 1, max: 20_000 });

/** A time with its offset, RFC 3339, whole seconds. */
export const readInstant = text({
  pattern:
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})$/,
});
/** A date, year-month-day; whether there is such a day is not checked. */
export const readDate = text({ pattern: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/ });

/** A member's number, 1 to 500. */
export const readMemberNumber = integer(1, 500);
/** A nomination's number, 1 to 200. */
export const readNominationNumber = integer(1, 200);
/** A trustee's index, 1 to 20. */
export const readTrusteeIndex = integer(1, 20);
/** A count, 0 to 500. */
export const readCount = integer(0, 500);

/** The groups that elections may use, by their Belenios names. */
export type GroupName = 'Ed25519' | 'BELENIOS-2048';
/** Reads GroupName. */
export const readGroupName = oneOf<GroupName>('Ed25519', 'BELENIOS-2048');

/** How a member takes part (protocol.md §1 "Attendance"). */
export type AttendanceState = 'present' | 'online' | 'absent_consulted' | 'absent';
/** Reads AttendanceState. */
export const readAttendanceState = oneOf<AttendanceState>(
  'present',
  'online',
  'absent_consulted',
  'absent',
);

/** What holds a member's key. */
export type KeyKind = 'device' | 'passkey' | 'kiosk';
/** Reads KeyKind. */
export const readKeyKind = oneOf<KeyKind>('device', 'passkey', 'kiosk');

/** Whom a nomination is for. */
export type NomineeKind = 'individual' | 'collective' | 'household';
/** Reads NomineeKind. */
export const readNomineeKind = oneOf<NomineeKind>('individual', 'collective', 'household');

/** Kinds of meetings. */
export type MeetingKind = 'regular' | 'extraordinary';
/** Reads MeetingKind. */
export const readMeetingKind = oneOf<MeetingKind>('regular', 'extraordinary');

/** Kinds of papers. */
export type PaperKind = 'counting' | 'meeting';
/** Reads PaperKind. */
export const readPaperKind = oneOf<PaperKind>('counting', 'meeting');

/** Why an election was cancelled (protocol.md §1). */
export type CancellationReason =
  | 'council_decision'
  | 'too_few_ballots'
  | 'promised_ballot_missing'
  | 'trustees_unavailable';
/** Reads CancellationReason. */
export const readCancellationReason = oneOf<CancellationReason>(
  'council_decision',
  'too_few_ballots',
  'promised_ballot_missing',
  'trustees_unavailable',
);
