import { describe, expect, it } from 'vitest';

import {
  bytesOfNumber,
  bytesOfText,
  compareBytes,
  equalBytes,
  fromBase64,
  fromBase64NoPad,
  fromBase64Url,
  fromHex,
  joinBytes,
  numberOfBytes,
  textOfBytes,
  toBase64,
  toBase64NoPad,
  toBase64Url,
  toHex,
} from '../../src/crypto/encodings.ts';
import {
  CryptoError,
  PartialDecryptionError,
  ThresholdError,
  TrusteeError,
} from '../../src/crypto/errors.ts';
import { BELENIOS_2048, ED25519, groupByName } from '../../src/crypto/groups/index.ts';
import { drawScalar, systemRandomness } from '../../src/crypto/randomness.ts';

const malformed = expect.objectContaining({ name: 'MalformedError' });

describe('texts of bytes', () => {
  it('are read back, whatever their length', () => {
    for (const length of [0, 1, 2, 3, 31, 32, 33, 9000]) {
      const bytes = systemRandomness(length);
      expect(fromHex(toHex(bytes))).toEqual(bytes);
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromBase64NoPad(toBase64NoPad(bytes))).toEqual(bytes);
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
    }
  });

  it.each<[string, (text: string) => unknown, string[]]>([
    ['hex', fromHex, ['0', 'AB', '0x', ' 00', '00\n', 'é']],
    ['base64', fromBase64, ['A', 'AA', 'AAA', 'AB==', 'AAB=', 'AA==\n', ' AA==', 'AA-=', '====']],
    ['base64 without padding', fromBase64NoPad, ['A', 'AB', 'AA==', 'AAB', 'AA\n']],
    ['base64url', fromBase64Url, ['A', 'AB', 'AA==', '+A', '/A', 'AA ']],
  ])('in %s have one form', (_, read, wrong) => {
    for (const text of wrong) expect(() => read(text)).toThrow(malformed);
  });

  it('are UTF-8, the byte order mark kept', () => {
    expect(textOfBytes(bytesOfText('\ufeffế𝒳'))).toBe('\ufeffế𝒳');
    for (const text of ['\ud800', 'a\udc00', '\udc00\ud800']) {
      expect(() => bytesOfText(text)).toThrow(malformed);
    }
    for (const bytes of ['ff', 'c0af', 'eda080', 'e1bb']) {
      expect(() => textOfBytes(fromHex(bytes))).toThrow(malformed);
    }
  });

  it('are numbers, most significant byte first', () => {
    expect(numberOfBytes(fromHex('0100'))).toBe(256n);
    expect(numberOfBytes(fromHex(''))).toBe(0n);
    expect(toHex(bytesOfNumber(256n, 3))).toBe('000100');
    expect(() => bytesOfNumber(256n, 1)).toThrow(malformed);
  });

  it('are joined and compared', () => {
    expect(joinBytes(fromHex('01'), fromHex(''), fromHex('02'))).toEqual(fromHex('0102'));
    expect(equalBytes(fromHex('01'), fromHex('01'))).toBe(true);
    expect(equalBytes(fromHex('01'), fromHex('0100'))).toBe(false);
    const sorted = ['02', '01', 'ff', '0101'].map(fromHex).sort(compareBytes).map(toHex);
    expect(sorted).toEqual(['01', '0101', '02', 'ff']);
  });
});

describe('random scalars', () => {
  it('are 64 bytes, big-endian, mod q', () => {
    const ones = (length: number) => new Uint8Array(length).fill(0xff);
    for (const group of [ED25519, BELENIOS_2048]) {
      expect(drawScalar(group, ones)).toBe((2n ** 512n - 1n) % group.q);
    }
    expect(systemRandomness(32)).not.toEqual(systemRandomness(32));
  });
});

describe('errors', () => {
  it('carry the name of their family, and who is meant', () => {
    const error = new PartialDecryptionError(3, 'a proof does not hold');
    expect(error).toBeInstanceOf(TrusteeError);
    expect(error).toBeInstanceOf(CryptoError);
    expect(String(error)).toBe('PartialDecryptionError: trustee 3: a proof does not hold');
    const disagreement = new ThresholdError([1, 3], 'two sums differ');
    expect(disagreement.message).toBe('trustees 1, 3: two sums differ');
    expect(disagreement.trustees).toEqual([1, 3]);
  });

  it('hold no input', () => {
    const secret = 'bWFydmVsbG91cw';
    const readers = [fromHex, fromBase64, bytesOfText, groupByName];
    for (const read of readers) {
      try {
        read(`${secret}\ud800`);
        expect.fail('was read');
      } catch (error) {
        expect(String(error)).not.toContain(secret);
      }
    }
  });
});
