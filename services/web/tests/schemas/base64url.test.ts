import { describe, expect, it } from 'vitest';

import { systemRandomness } from '../../src/crypto/randomness.ts';
import { Base64urlError, decode, encode } from '../../src/schemas/base64url.ts';

describe('base64url', () => {
  it('reads what it wrote, without padding', () => {
    for (let length = 0; length < 70; length += 1) {
      const data = systemRandomness(length);
      expect(encode(data)).not.toMatch(/[=+/]/);
      expect(decode(encode(data))).toEqual(data);
    }
  });

  it.each([
    ['QQ==', 'character'],
    ['+/+/', 'character'],
    ['QQ\n', 'character'],
    ['Qé', 'character'],
    ['QR', 'unused bits'],
    ['QUJ', 'unused bits'],
    ['A', 'characters'],
    ['AAAAA', 'characters'],
  ])('refuses %j', (text, reason) => {
    expect(() => decode(text)).toThrow(Base64urlError);
    expect(() => decode(text)).toThrow(reason);
  });
});
