import { describe, expect, it } from 'vitest';

import {
  dumps,
  fields,
  integerField,
  listField,
  loads,
  loadsWithoutDoubles,
  objectField,
  orderedFields,
  requireExact,
  textField,
} from '../../src/crypto/belenios_json.ts';

const malformed = expect.objectContaining({ name: 'MalformedError' });

describe("Belenios' JSON", () => {
  it('is compact, in the order given, letters as they are', () => {
    expect(dumps({ b: [1, 'Đ'], a: { x: true } })).toBe('{"b":[1,"Đ"],"a":{"x":true}}');
  });

  it.each([
    ['nothing', ''],
    ['half an object', '{'],
    ['two values', '{} {}'],
    ['a field twice', '{"a":1,"a":1}'],
    ['a field twice inside', '{"a":{"b":1,"b":2}}'],
    ['a field twice in an array', '[[{"b":1,"b":2}]]'],
    ['a field twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a field twice after an array', '{"a":[1,{"c":1}],"b":{},"a":1}'],
    ['a fraction', '1.0'],
    ['an exponent', '[1,1e2]'],
    ['NaN', 'NaN'],
    ['infinity', '[-Infinity]'],
    ['100,000 brackets', '['.repeat(100_000)],
    ['single quotes', "{'a':1}"],
    ['a byte order mark', '\ufeff{}'],
    ['half of a surrogate pair', '"\ud800"'],
  ])('refuses %s', (_, text) => {
    expect(() => loads(text)).toThrow(malformed);
  });

  it('takes texts that only look like fields twice or fractions', () => {
    expect(loads('{"a":"\\"a\\":1.5","b":{"a":["a","a"]},"c":[{"a":1},{"a":1}]}')).toEqual({
      a: '"a":1.5',
      b: { a: ['a', 'a'] },
      c: [{ a: 1 }, { a: 1 }],
    });
    expect(loadsWithoutDoubles('{"a":1.5}')).toEqual({ a: 1.5 });
    expect(loads('{"__proto__":1,"constructor":2}')).toHaveProperty('constructor', 2);
  });

  it.each(['{"a": 1}', '{"a":1}\n', '{"\\u0061":1}', '{"a":-0}', '{"b":1,"1":2}'])(
    'refuses another spelling of a value: %s',
    (text) => {
      expect(() => requireExact(text, loads(text))).toThrow(malformed);
    },
  );

  it('refuses half of a surrogate pair, which JSON.stringify would escape', () => {
    for (const text of ['"\\ud800"', '{"\\udc00":1}', '["a\\ud800b"]']) {
      expect(() => requireExact(text, loads(text))).toThrow(malformed);
    }
    for (const text of ['"𝒳"', '"\\\\ud800"', '["\\\\\\\\ud800"]']) {
      expect(() => requireExact(text, loads(text))).not.toThrow();
    }
    for (const text of ['"\\\\\\ud800"', '"a\\\\\\\\\\udfff"']) {
      expect(() => requireExact(text, loads(text))).toThrow(malformed);
    }
  });

  it('escapes what Belenios escapes and nothing else', () => {
    const text = '"\\"\\\\\\b\\f\\n\\r\\t\\u001f\u007f\u2028/é"';
    expect(() => requireExact(text, loads(text))).not.toThrow();
  });

  it('refuses numbers that are not read exactly', () => {
    for (const text of ['9007199254740993', '18446744073709551615', '9'.repeat(400)]) {
      const read = (): void => requireExact(text, integerField(loads(text)));
      expect(read).toThrow(malformed);
    }
  });
});

describe('the fields of an object', () => {
  it('are there, where they are required, and no others', () => {
    expect(fields({ b: 2, a: 1 }, ['a', 'b'])).toEqual([1, 2]);
    expect(fields({ a: 1 }, ['a'], ['c'])).toEqual([1, undefined]);
    expect(fields({ a: 1, c: 3 }, ['a'], ['c'])).toEqual([1, 3]);
    for (const wrong of [[], 'a', null, {}, { a: 1, d: 1 }, { a: 1, c: null }]) {
      expect(() => fields(wrong, ['a'], ['c'])).toThrow(malformed);
    }
  });

  it('stand in their order, an optional one in its place', () => {
    const names = ['a', 'b', 'c'];
    expect(orderedFields({ a: 1, b: 2, c: 3 }, names, ['b'])).toEqual([1, 2, 3]);
    expect(orderedFields({ a: 1, c: 3 }, names, ['b'])).toEqual([1, undefined, 3]);
    for (const wrong of [
      [],
      null,
      { b: 2, a: 1, c: 3 },
      { a: 1, c: 3, b: 2 },
      { a: 1, b: 2 },
      { a: 1, b: null, c: 3 },
      { a: 1, c: 3, d: 4 },
    ]) {
      expect(() => orderedFields(wrong, names, ['b'])).toThrow(malformed);
    }
  });

  it('are never those of the prototype', () => {
    expect(() => fields({}, ['toString'])).toThrow(malformed);
    expect(fields({}, [], ['constructor'])).toEqual([undefined]);
  });

  it('are of their types', () => {
    expect([textField('x'), listField([1]), listField([1], 1)]).toEqual(['x', [1], [1]]);
    expect([integerField(-3), objectField({})]).toEqual([-3, {}]);
    const refused: [(value: unknown) => unknown, unknown[]][] = [
      [textField, [1, null, ['x'], undefined]],
      [listField, ['x', {}, null]],
      [(value) => listField(value, 1), [[], [1, 2]]],
      [integerField, [true, '1', null, 1.5, 2 ** 53, Number.NaN]],
      [objectField, [[], null, 'x']],
    ];
    for (const [read, values] of refused) {
      for (const value of values) expect(() => read(value)).toThrow(malformed);
    }
  });
});
