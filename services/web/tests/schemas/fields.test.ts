import { describe, expect, it } from 'vitest';

import {
  checked,
  integer,
  list,
  object,
  optional,
  readBoolean,
  readShortText,
  SchemaError,
  text,
} from '../../src/schemas/fields.ts';
import { decodeEntry, EntryError } from '../../src/schemas/entries.ts';
import { readWithheld } from '../../src/schemas/grammar.ts';
import { bytesOfText } from '../../src/crypto/encodings.ts';

interface Person {
  readonly name: string;
  readonly ages: readonly number[];
  readonly note?: string;
}

const readPerson = object<Person>({
  name: readShortText,
  ages: list(integer(0, 150), { max: 2 }),
  note: optional(readShortText),
});

describe('a reader', () => {
  it('copies what it read, and leaves absent fields absent', () => {
    const value = { ages: [1, 2], name: 'An' };
    expect(readPerson(value)).toEqual(value);
    expect(readPerson(value)).not.toBe(value);
    expect('note' in readPerson(value)).toBe(false);
  });

  it.each([
    [{ name: 'An', ages: [1, 200] }, '$.ages[1]'],
    [{ name: 'An', ages: [1, '2'] }, '$.ages[1]'],
    [{ name: 'An', ages: [1, 2, 3] }, '$.ages'],
    [{ name: '', ages: [] }, '$.name'],
    [{ name: 'An', ages: [], note: null }, '$.note'],
    [{ name: 'An', ages: [], note: undefined }, '$.note'],
    [{ ages: [] }, '$'],
    [{ name: 'An', ages: {} }, '$.ages'],
    [['An'], '$'],
    [null, '$'],
    [{ name: 'An', ages: [], secret: 'x' }, '$'],
    [JSON.parse('{"name":"An","ages":[],"__proto__":{"note":"x"}}'), '$'],
  ])('names the place of what is wrong in %j: %s', (value, place) => {
    const refused = (): unknown => readPerson(value);
    expect(refused).toThrow(SchemaError);
    expect(refused).toThrow(expect.objectContaining({ place }));
  });

  it('does not repeat a name that somebody chose', () => {
    const value = { name: 'An', ages: [], '<script>': 1 };
    expect(() => readPerson(value)).not.toThrow('<script>');
  });

  it('counts code points, not code units', () => {
    const three = text({ min: 2, max: 3 });
    expect(three('𝒜𝒜𝒜')).toBe('𝒜𝒜𝒜');
    expect(() => three('𝒜𝒜𝒜𝒜')).toThrow(SchemaError);
    expect(() => three('𝒜')).toThrow(SchemaError);
  });

  it('takes nothing but true and false for a flag', () => {
    for (const value of [0, 1, 'true', null]) {
      expect(() => readBoolean(value)).toThrow(SchemaError);
    }
  });

  it('lets a fault of the program through a condition as it is', () => {
    const broken = checked(readShortText, () => {
      throw new TypeError('a fault');
    });
    expect(() => broken('x')).toThrow(TypeError);
  });
});

describe('what stands for a ballot', () => {
  it('is a hash alone, and is no entry', () => {
    const withheld = 'a'.repeat(64);
    expect(readWithheld({ withheld })).toEqual({ type: 'withheld', withheld });
    expect(() => readWithheld({ withheld, type: 'withheld' })).toThrow(SchemaError);
    expect(() => decodeEntry(bytesOfText(`{"withheld":"${withheld}"}`))).toThrow(EntryError);
    const typed = `{"type":"withheld","withheld":"${withheld}"}`;
    expect(() => decodeEntry(bytesOfText(typed))).toThrow(EntryError);
  });
});
