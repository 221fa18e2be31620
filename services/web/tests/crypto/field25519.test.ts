import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';

import { bytesOfNumber, numberOfBytes } from '../../src/crypto/encodings.ts';
import { EdwardsPoint, ORDER } from '../../src/crypto/groups/edwards25519.ts';
import {
  add,
  invertAll,
  LIMBS,
  limbsOf,
  multiply,
  numberOf,
  P,
  powerForRoots,
  subtract,
} from '../../src/crypto/groups/field25519.ts';
import { systemRandomness } from '../../src/crypto/randomness.ts';

const PLACES = [0, 22, 43, 64, 85, 107, 128, 149, 170, 192, 213, 234, 255];
const EDGES = [
  0n, 1n, 2n, 18n, 19n, 20n, P - 1n, P - 2n, P - 19n, P, 2n ** 255n - 1n,
  ...PLACES.flatMap((place) => [2n ** BigInt(place) - 1n, 2n ** BigInt(place)]),
].filter((value) => value < 2n ** 255n);

const randomNumber = (): bigint => numberOfBytes(systemRandomness(40)) % P;
const mod = (value: bigint): bigint => ((value % P) + P) % P;

/** Carried limbs at their bounds, times l; signs by the bits of `signs`. */
function extremeLimbs(signs: number, l: number): Float64Array {
  return Float64Array.from({ length: LIMBS }, (_, limb) => {
    const bound = 2 ** ((PLACES[limb + 1] ?? 0) - 1) * l;
    const slack = limb === 1 ? 1.001 : 1;
    const unit = 2 ** (PLACES[limb] ?? 0);
    return (((signs >> limb) & 1) === 1 ? -1 : 1) * Math.round((bound * slack) / unit) * unit;
  });
}

describe('numbers mod 2^255 - 19', () => {
  it('are read back from their limbs', () => {
    for (const value of [...EDGES, randomNumber()]) {
      expect(numberOf(limbsOf(value), 0)).toBe(value % P);
    }
  });

  it('are multiplied, added and subtracted as BigInt does', () => {
    const out = new Float64Array(LIMBS);
    const values = [...EDGES, ...Array.from({ length: 60 }, randomNumber)];
    for (const left of values) {
      for (const right of values) {
        const [f, g] = [limbsOf(left), limbsOf(right)];
        multiply(out, 0, f, 0, g, 0);
        expect(numberOf(out, 0)).toBe(mod(left * right));
        add(out, 0, f, 0, g, 0);
        expect(numberOf(out, 0)).toBe(mod(left + right));
        subtract(out, 0, f, 0, g, 0);
        expect(numberOf(out, 0)).toBe(mod(left - right));
      }
    }
  });

  it.each([[1, 1], [2, 2], [2, 3], [3, 3], [3, 4], [4, 2], [4, 4], [1, 16]])(
    'are exact with all limbs at their bounds, %s and %s joined',
    (l, m) => {
      const out = new Float64Array(LIMBS);
      const bounds = extremeLimbs(0, 1);
      // Among the signs are those in which every product of a limb adds up: all alike.
      for (let signs = 0; signs < 4096; signs += 3) {
        const [f, g] = [extremeLimbs(signs, l), extremeLimbs(signs % 2 === 0 ? 0 : signs * 7, m)];
        multiply(out, 0, f, 0, g, 0);
        if (numberOf(out, 0) !== mod(numberOf(f, 0) * numberOf(g, 0))) expect.fail(`${signs}`);
        if (!out.every((limb, place) => Math.abs(limb) <= (bounds[place] ?? 0))) {
          expect.fail(`not carried: ${signs}`);
        }
      }
    },
  );

  it('are inverted together', () => {
    const values = Array.from({ length: 9 }, randomNumber);
    const numbers = new Float64Array(LIMBS * values.length);
    values.forEach((value, place) => numbers.set(limbsOf(value), place * LIMBS));
    invertAll(numbers, values.length);
    values.forEach((value, place) => {
      expect(mod(value * numberOf(numbers, place * LIMBS))).toBe(1n);
    });
    expect(() => invertAll(new Float64Array(0), 0)).not.toThrow();
  });

  it('are raised to (p - 5) / 8', () => {
    const value = randomNumber();
    let [expected, square] = [1n, value];
    for (let rest = (P - 5n) / 8n; rest > 0n; rest >>= 1n) {
      if ((rest & 1n) === 1n) expected = (expected * square) % P;
      square = (square * square) % P;
    }
    expect(numberOf(powerForRoots(limbsOf(value)), 0)).toBe(expected);
  });
});

/** What noble makes of 32 bytes, given as a number; undefined where it refuses them. */
function nobles(encoded: bigint): { x: bigint; y: bigint } | undefined {
  try {
    const { x, y } = ed25519.Point.fromBytes(bytesOfNumber(encoded, 32).reverse(), false);
    return { x, y };
  } catch {
    return undefined;
  }
}

describe('points of edwards25519', () => {
  it('are decoded where noble decodes them, and refused where it refuses', () => {
    const sign = 2n ** 255n;
    const ys = [...EDGES, ...Array.from({ length: 30 }, (_, offset) => P - 15n + BigInt(offset))];
    const encodings = [
      ...ys.flatMap((y) => [y, y + sign]),
      ...Array.from({ length: 300 }, () => numberOfBytes(systemRandomness(32))),
    ].filter((encoded) => encoded < 2n ** 256n);
    let accepted = 0;
    for (const encoded of encodings) {
      const [ours, theirs] = [EdwardsPoint.decode(encoded), nobles(encoded)];
      expect(ours === undefined).toBe(theirs === undefined);
      if (ours === undefined || theirs === undefined) continue;
      accepted += 1;
      expect(ours.encode()).toBe(encoded);
      expect(ours.equals(EdwardsPoint.fromAffine(theirs.x, theirs.y))).toBe(true);
    }
    expect(accepted).toBeGreaterThan(100);
  });

  it('of small order are added like any other', () => {
    const eighth = EdwardsPoint.decode(
      0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
    );
    if (eighth === undefined) throw new Error('a point of order 8 is on the curve');
    let multiple = EdwardsPoint.identity();
    for (let count = 0; count < 8; count += 1) {
      expect(multiple.equals(EdwardsPoint.identity())).toBe(count === 0);
      expect(multiple.equals(eighth.multiply(BigInt(count)))).toBe(true);
      expect(multiple.add(multiple.negate()).equals(EdwardsPoint.identity())).toBe(true);
      multiple = multiple.add(eighth);
    }
    expect(multiple.equals(EdwardsPoint.identity())).toBe(true);
    // The order is odd: times it, a point of order 8 is not neutral.
    expect(eighth.multiply(ORDER).equals(EdwardsPoint.identity())).toBe(false);
  });
});
