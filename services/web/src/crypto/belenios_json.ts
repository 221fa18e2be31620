/**
 * Belenios' own JSON: compact, fields in a fixed order, absent fields left out (§1).
 *
 * Belenios re-serialises what it reads and refuses other bytes, so every reader here rebuilds the
 * text from the parsed value and compares.
 */

import { refuseLoneSurrogates } from './encodings.ts';
import { MalformedError } from './errors.ts';

/** A JSON object whose fields nobody has looked at. */
type JsonObject = Record<string, unknown>;

const TOKENS = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|[{}[\],:]/g;
// An escape after an even number of backslashes: of half a surrogate pair, in text or name.
const ESCAPED_SURROGATE = /(?:^|[^\\])(?:\\\\)*\\ud[89a-f]/;
const NUMBER_START = /^[-0-9]/;
const FRACTION = /[.eE]/;

/**
 * Write compact JSON in the order of the objects given (belenios-format §1).
 *
 * Raises MalformedError for a text with half of a surrogate pair: it has no UTF-8, and
 * JSON.stringify would escape it where Belenios does not.
 */
export function dumps(value: unknown): string {
  const text = JSON.stringify(value);
  if (ESCAPED_SURROGATE.test(text)) throw new MalformedError('a text is not UTF-8');
  return text;
}

/**
 * Read JSON; fields that stand twice, fractions and NaN are refused. Raises MalformedError.
 *
 * The order of fields and white space are not checked here: see `requireExact`.
 */
export function loads(text: string): unknown {
  refuseLoneSurrogates(text);
  const value = loadsWithoutDoubles(text);
  for (const [token] of text.matchAll(TOKENS)) {
    if (NUMBER_START.test(token) && FRACTION.test(token)) {
      throw new MalformedError('only integers are allowed');
    }
  }
  return value;
}

/** Read any JSON in which no object has a field twice. Raises MalformedError. */
export function loadsWithoutDoubles(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedError('not JSON');
  }
  // The text is JSON: its tokens need no further check of their order.
  refuseDoubles(text);
  return value;
}

/** Check that `text` is the one spelling of `value` in its order of fields. */
export function requireExact(text: string, value: unknown): void {
  if (dumps(value) !== text) {
    throw new MalformedError('not the canonical bytes of its value');
  }
}

/**
 * The values of an object's fields, those of `optional` as undefined where absent.
 *
 * Raises MalformedError for anything that is not an object of exactly these fields.
 */
export function fields(
  value: unknown,
  required: readonly string[],
  optional: readonly string[] = [],
): unknown[] {
  const found = objectField(value);
  const known = [...required, ...optional];
  if (
    !required.every((name) => Object.hasOwn(found, name)) ||
    !Object.keys(found).every((name) => known.includes(name))
  ) {
    throw new MalformedError('an object has missing or unknown fields');
  }
  refuseNulls(found, optional);
  return valuesOf(found, known);
}

/**
 * The values of an object's fields in the order of `names`, which is also their order in the text.
 *
 * Names that are `optional` too may be absent (undefined). Objects so checked are canonical when
 * their text is compact (`requireExact`). Raises MalformedError.
 */
export function orderedFields(
  value: unknown,
  names: readonly string[],
  optional: readonly string[] = [],
): unknown[] {
  const found = objectField(value);
  const due = names.filter((name) => Object.hasOwn(found, name) || !optional.includes(name));
  const present = Object.keys(found);
  if (present.length !== due.length || present.some((name, place) => name !== due[place])) {
    throw new MalformedError('the fields of an object are other ones or in another order');
  }
  refuseNulls(found, optional);
  return valuesOf(found, names);
}

/** The value as an object. Raises MalformedError. */
export function objectField(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedError('an object is expected');
  }
  return value as JsonObject;
}

/** The value as a text. Raises MalformedError. */
export function textField(value: unknown): string {
  if (typeof value !== 'string') throw new MalformedError('a string is expected');
  return value;
}

/** The value as an array, of `length` values where it is given. Raises MalformedError. */
export function listField(value: unknown, length?: number): unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
    throw new MalformedError('an array of a certain length is expected');
  }
  return value as unknown[];
}

/** The value as an integer within 2^53 - 1. Raises MalformedError. */
export function integerField(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new MalformedError('an integer is expected');
  return value as number;
}

function refuseNulls(found: JsonObject, optional: readonly string[]): void {
  if (optional.some((name) => Object.hasOwn(found, name) && found[name] === null)) {
    throw new MalformedError('an absent field is left out, not null');
  }
}

function valuesOf(found: JsonObject, names: readonly string[]): unknown[] {
  return names.map((name) => (Object.hasOwn(found, name) ? found[name] : undefined));
}

function refuseDoubles(text: string): void {
  // The names of each open object; undefined for an open array.
  const open: (Set<string> | undefined)[] = [];
  let previous = '';
  for (const [token] of text.matchAll(TOKENS)) {
    const names = open[open.length - 1];
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (names && token.startsWith('"') && (previous === '{' || previous === ',')) {
      addName(names, token);
    }
    previous = token;
  }
}

function addName(names: Set<string>, token: string): void {
  const name = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
  if (names.has(name)) throw new MalformedError('an object has a field twice');
  names.add(name);
}
