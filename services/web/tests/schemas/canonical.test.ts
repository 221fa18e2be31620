import { describe, expect, it } from 'vitest';

import { bytesOfText, textOfBytes } from '../../src/crypto/encodings.ts';
import { checkText, decode, encode, NotCanonicalError } from '../../src/schemas/canonical.ts';

describe('canonical JSON', () => {
  it('sorts fields and leaves Vietnamese letters as they are', () => {
    const text = textOfBytes(encode({ b: 1, a: 'Đồng ý', B: true, list: [-1, 'x'] }));
    expect(text).toBe('{"B":true,"a":"Đồng ý","b":1,"list":[-1,"x"]}');
  });

  it('sorts names that look like numbers as texts', () => {
    expect(textOfBytes(encode({ 10: 1, 9: 2, a: 3 }))).toBe('{"10":1,"9":2,"a":3}');
  });

  it('reads what it wrote', () => {
    const value = { text: '"\\/ \u2028𝒜', number: 2 ** 53 - 1, inner: { empty: [], yes: true } };
    expect(decode(encode(value), 1 << 20)).toEqual(value);
  });

  it.each([
    null,
    undefined,
    1.5,
    NaN,
    Infinity,
    2 ** 53,
    1n,
    new Uint8Array(1),
    new Map(),
    new Date(0),
    () => 1,
    { a: undefined },
    { á: 1 },
    'e\u0301',
    '\ud800',
    '\u0000',
    '\n',
    '\u007f',
  ])('does not write %s', (value) => {
    expect(() => encode(value)).toThrow(NotCanonicalError);
    expect(() => encode([value])).toThrow(NotCanonicalError);
  });

  it('is nested 16 levels deep and no more', () => {
    const nested = (levels: number): unknown =>
      levels === 0 ? 1 : [nested(levels - 1)];
    expect(decode(encode(nested(16)), 100)).toEqual(nested(16));
    expect(() => encode(nested(17))).toThrow(NotCanonicalError);
  });

  it('does not even parse more bytes than are allowed', () => {
    expect(() => decode(bytesOfText('{"a":1}'), 4)).toThrow('longer than 4 bytes');
  });

  it('has no string that writers escape differently', () => {
    expect(() => {
      checkText('Hội đồng "Thi đua" \\ \u00a0\u2028');
    }).not.toThrow();
  });
});
