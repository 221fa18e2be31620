/**
 * Points of edwards25519 in extended coordinates (RFC 8032 §5.1.3, §5.1.4).
 *
 * Complete formulas, so that no pair of points is an exception (Hisil, Wong, Carter, Dawson 2008,
 * §3.1 and §3.3, a = -1); letters as there, [l] as in `field25519`. Not in constant time: secrets
 * are used on their owners' devices only.
 */

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
} from './field25519.ts';

/** The order of the base point. */
export const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const ROOT_OF_MINUS_ONE =
  19681161376707505956807079304988542015446066515923890162744021073123829784752n;
const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n;
const BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960n;
const TWO_D = limbsOf((2n * D) % P);
const TABLE_WINDOW_BITS = 8;
const TABLE_ROWS = 32;
const TABLE_COLUMNS = 1 << (TABLE_WINDOW_BITS - 1);
const FEW_WINDOW_BITS = 4;
const FEW_WINDOWS = 64;
const SLIDING_WINDOW_BITS = 5;
// One more than the order has, for the carry of signed digits.
const SCALAR_BITS = 254;

// Places of the coordinates in a point.
const [X, Y, Z, T] = [0, LIMBS, 2 * LIMBS, 3 * LIMBS] as const;
const POINT = 4 * LIMBS;
// Places in a point prepared as second summand: Y + X [2], Y - X [2], 2dT, 2Z [2].
const [PLUS, MINUS, T2D, Z2] = [0, LIMBS, 2 * LIMBS, 3 * LIMBS] as const;
// The same of a point with Z = 1, which leaves 2Z out.
const AFFINE = 3 * LIMBS;

// What a sum is computed in; nothing of it is kept.
const limbs = (): Float64Array => new Float64Array(LIMBS);
const [A, B, C, E, F, G, H] = [limbs(), limbs(), limbs(), limbs(), limbs(), limbs(), limbs()];

const IDENTITY = new Float64Array(POINT);
IDENTITY[Y] = 1;
IDENTITY[Z] = 1;

/** A point (X : Y : Z) with T = XY/Z; immutable but for what it remembers of itself. */
export class EdwardsPoint {
  /** The limbs of X, Y, Z and T, carried; never written to from outside. */
  readonly limbs: Float64Array;
  #encoded: bigint | undefined;

  constructor(limbs: Float64Array) {
    this.limbs = limbs;
  }

  /** The point of coordinates 0 <= x, y < p, which are on the curve. */
  static fromAffine(x: bigint, y: bigint): EdwardsPoint {
    const limbs = identityLimbs();
    limbs.set(limbsOf(x), X);
    limbs.set(limbsOf(y), Y);
    multiply(limbs, T, limbs, X, limbs, Y);
    return new EdwardsPoint(limbs);
  }

  static identity(): EdwardsPoint {
    return new EdwardsPoint(identityLimbs());
  }

  /**
   * Decode the number that 32 bytes are, least significant first (RFC 8032 §5.1.3, its steps).
   *
   * Canonical only: y below p, and no sign of x = 0. Undefined for anything else.
   */
  static decode(encoded: bigint): EdwardsPoint | undefined {
    // Step 1.
    const [sign, y] = [encoded >> 255n, encoded & ((1n << 255n) - 1n)];
    if (y >= P) return undefined;
    // Steps 2 and 3: x^2 = u/v, x = u v^3 (u v^7)^((p-5)/8).
    const u = (y * y + P - 1n) % P;
    const v = (D * y * y + 1n) % P;
    const uv3 = (((u * v) % P) * ((v * v) % P)) % P;
    const uv7 = (uv3 * ((((v * v) % P) * ((v * v) % P)) % P)) % P;
    let x = (uv3 * numberOf(powerForRoots(limbsOf(uv7)), 0)) % P;
    const square = (((x * x) % P) * v) % P;
    if (square === (P - u) % P) x = (x * ROOT_OF_MINUS_ONE) % P;
    else if (square !== u) return undefined;
    // Step 4.
    if (x === 0n && sign === 1n) return undefined;
    return EdwardsPoint.fromAffine((x & 1n) === sign ? x : P - x, y);
  }

  equals(other: EdwardsPoint): boolean {
    return (
      isSameRatio(this.limbs, other.limbs, X) && isSameRatio(this.limbs, other.limbs, Y)
    );
  }

  negate(): EdwardsPoint {
    const limbs = this.limbs.slice();
    negateAt(limbs, X);
    negateAt(limbs, T);
    return new EdwardsPoint(limbs);
  }

  add(other: EdwardsPoint): EdwardsPoint {
    const sum = this.limbs.slice();
    const prepared = new Float64Array(POINT);
    prepare(prepared, 0, other.limbs, 0);
    addPrepared(sum, 0, prepared, 0, 1, false);
    return new EdwardsPoint(sum);
  }

  /** This point times 0 <= scalar <= ORDER, by sliding windows of signed odd digits. */
  multiply(scalar: bigint): EdwardsPoint {
    // The odd multiples 1, 3, 5, ..., prepared.
    const odd = new Float64Array(POINT << (SLIDING_WINDOW_BITS - 2));
    const [twice, multiple] = [this.limbs.slice(), this.limbs.slice()];
    double(twice, 0);
    prepare(twice, 0, twice.slice(), 0);
    for (let at = 0; at < odd.length; at += POINT) {
      prepare(odd, at, multiple, 0);
      addPrepared(multiple, 0, twice, 0, 1, false);
    }
    const total = identityLimbs();
    const digits = slidingDigits(scalar, SLIDING_WINDOW_BITS);
    for (let place = digits.length - 1; place >= 0; place -= 1) {
      double(total, 0);
      const digit = digits[place]!;
      if (digit !== 0) addPrepared(total, 0, odd, (Math.abs(digit) >> 1) * POINT, digit, false);
    }
    return new EdwardsPoint(total);
  }

  /** The 32 bytes of RFC 8032 §5.1.2 as a number: y, and the lowest bit of x at place 255. */
  encode(): bigint {
    return encodeAll([this])[0]!;
  }

  /** As `encode`, where the number is known already. */
  get encoded(): bigint | undefined {
    return this.#encoded;
  }

  /** Encode with the limbs of 1/Z from `at` on. */
  encodeWith(inverses: Float64Array, at: number): void {
    multiply(A, 0, this.limbs, X, inverses, at);
    multiply(B, 0, this.limbs, Y, inverses, at);
    this.#encoded = numberOf(B, 0) | ((numberOf(A, 0) & 1n) << 255n);
  }
}

/** The base point of RFC 8032 §5.1: y = 4/5, x even. */
export const BASE_POINT = EdwardsPoint.fromAffine(BASE_X, BASE_Y);

/** Multiples of one point by signed windows of 8 bits: 32 rows of 128, about 1.2 MB. */
export class MultiplesTable {
  readonly #affine: Float64Array;

  constructor(point: EdwardsPoint) {
    const points = new Float64Array(TABLE_ROWS * TABLE_COLUMNS * POINT);
    const base = point.limbs.slice();
    const prepared = new Float64Array(POINT);
    for (let at = 0; at < points.length; ) {
      prepare(prepared, 0, base, 0);
      const multiple = base;
      for (let column = 0; column < TABLE_COLUMNS; column += 1, at += POINT) {
        if (column > 0) addPrepared(multiple, 0, prepared, 0, 1, false);
        points.set(multiple, at);
      }
      // 128 times the base, twice: the base of the next row.
      double(multiple, 0);
    }
    this.#affine = prepareAffine(points);
  }

  /** The point times 0 <= scalar < ORDER. */
  multiply(scalar: bigint): EdwardsPoint {
    const total = identityLimbs();
    const digits = signedDigits(scalar, TABLE_WINDOW_BITS);
    for (let row = 0; row < digits.length; row += 1) {
      const digit = digits[row]!;
      if (digit === 0) continue;
      const at = (row * TABLE_COLUMNS + Math.abs(digit) - 1) * AFFINE;
      addPrepared(total, 0, this.#affine, at, digit, true);
    }
    return new EdwardsPoint(total);
  }
}

/** The doublings of one point, shared by its few multiples (Yao's method, signed digits). */
export class SharedDoublings {
  readonly #bases = new Float64Array(FEW_WINDOWS * POINT);
  readonly #last: Float64Array;
  #count = 0;

  constructor(point: EdwardsPoint) {
    this.#last = point.limbs.slice();
  }

  /** The point times 0 <= scalar <= ORDER. */
  multiply(scalar: bigint): EdwardsPoint {
    // One sum for each digit 1 to 8, of the bases at the windows that have it.
    const largest = 1 << (FEW_WINDOW_BITS - 1);
    const sums = new Float64Array((largest + 1) * POINT);
    const used: boolean[] = [];
    signedDigits(scalar, FEW_WINDOW_BITS).forEach((digit, window) => {
      if (digit === 0) return;
      const at = Math.abs(digit) * POINT;
      if (used[Math.abs(digit)] !== true) sums.set(IDENTITY, at);
      used[Math.abs(digit)] = true;
      addPrepared(sums, at, this.#bases, this.#place(window), digit, false);
    });
    // Each sum counts as often as its digit says: a running sum over the digits above.
    const [running, total] = [identityLimbs(), identityLimbs()];
    const prepared = new Float64Array(POINT);
    for (let digit = largest; digit > 0; digit -= 1) {
      if (used[digit] === true) {
        prepare(prepared, 0, sums, digit * POINT);
        addPrepared(running, 0, prepared, 0, 1, false);
      }
      prepare(prepared, 0, running, 0);
      addPrepared(total, 0, prepared, 0, 1, false);
    }
    return new EdwardsPoint(total);
  }

  /** Where the point doubled 4 times a window stands, prepared. */
  #place(window: number): number {
    for (; this.#count <= window; this.#count += 1) {
      if (this.#count > 0) {
        for (let bit = 0; bit < FEW_WINDOW_BITS; bit += 1) double(this.#last, 0);
      }
      prepare(this.#bases, this.#count * POINT, this.#last, 0);
    }
    return window * POINT;
  }
}

/** Whether 8 times the point is neutral. */
export function isOfSmallOrder(point: EdwardsPoint): boolean {
  return point.multiply(8n).equals(EdwardsPoint.identity());
}

/** Encode many points with one inversion. */
export function encodeAll(points: readonly EdwardsPoint[]): bigint[] {
  const open = points.filter((point) => point.encoded === undefined);
  const inverses = new Float64Array(open.length * LIMBS);
  open.forEach((point, place) => inverses.set(point.limbs.subarray(Z, T), place * LIMBS));
  invertAll(inverses, open.length);
  open.forEach((point, place) => point.encodeWith(inverses, place * LIMBS));
  return points.map((point) => point.encoded ?? 0n);
}

function identityLimbs(): Float64Array {
  return IDENTITY.slice();
}

/** point = 2 point. */
function double(point: Float64Array, at: number): void {
  add(E, 0, point, at + X, point, at + Y); // [2]
  multiply(A, 0, point, at + X, point, at + X);
  multiply(B, 0, point, at + Y, point, at + Y);
  multiply(C, 0, point, at + Z, point, at + Z);
  multiply(E, 0, E, 0, E, 0); // 2 * 2
  add(H, 0, A, 0, B, 0); // -H [2]
  subtract(E, 0, E, 0, H, 0); // [3]
  subtract(G, 0, B, 0, A, 0); // [2]
  add(C, 0, C, 0, C, 0); // [2]
  subtract(F, 0, G, 0, C, 0); // [4]
  multiply(point, at + X, E, 0, F, 0); // 3 * 4
  multiply(point, at + Y, G, 0, H, 0); // 2 * 2, the other sign
  multiply(point, at + T, E, 0, H, 0); // 3 * 2, the other sign
  multiply(point, at + Z, F, 0, G, 0); // 4 * 2
  negateAt(point, at + Y);
  negateAt(point, at + T);
}

/** point = point + the prepared one, or - it where `sign` is negative. */
function addPrepared(
  point: Float64Array,
  at: number,
  prepared: Float64Array,
  preparedAt: number,
  sign: number,
  affine: boolean,
): void {
  const [plus, minus] = sign < 0 ? [MINUS, PLUS] : [PLUS, MINUS];
  subtract(A, 0, point, at + Y, point, at + X); // [2]
  add(B, 0, point, at + Y, point, at + X); // [2]
  multiply(A, 0, A, 0, prepared, preparedAt + minus); // 2 * 2
  multiply(B, 0, B, 0, prepared, preparedAt + plus); // 2 * 2
  multiply(C, 0, point, at + T, prepared, preparedAt + T2D);
  // D stands in H until it is used up: 2Z [2], or carried.
  if (affine) add(H, 0, point, at + Z, point, at + Z);
  else multiply(H, 0, point, at + Z, prepared, preparedAt + Z2);
  subtract(E, 0, B, 0, A, 0); // [2]
  if (sign < 0) {
    add(F, 0, H, 0, C, 0); // [3]
    subtract(G, 0, H, 0, C, 0); // [3]
  } else {
    subtract(F, 0, H, 0, C, 0); // [3]
    add(G, 0, H, 0, C, 0); // [3]
  }
  add(H, 0, B, 0, A, 0); // [2]
  multiply(point, at + X, E, 0, F, 0); // 2 * 3
  multiply(point, at + Y, G, 0, H, 0); // 3 * 2
  multiply(point, at + T, E, 0, H, 0); // 2 * 2
  multiply(point, at + Z, F, 0, G, 0); // 3 * 3
}

/** out = the point, prepared to be added; not in its own place. */
function prepare(out: Float64Array, outAt: number, point: Float64Array, at: number): void {
  add(out, outAt + PLUS, point, at + Y, point, at + X);
  subtract(out, outAt + MINUS, point, at + Y, point, at + X);
  multiply(out, outAt + T2D, point, at + T, TWO_D, 0);
  add(out, outAt + Z2, point, at + Z, point, at + Z);
}

/** Points one after the other, prepared with Z = 1. */
function prepareAffine(points: Float64Array): Float64Array {
  const count = points.length / POINT;
  const inverses = new Float64Array(count * LIMBS);
  for (let place = 0; place < count; place += 1) {
    const z = place * POINT + Z;
    inverses.set(points.subarray(z, z + LIMBS), place * LIMBS);
  }
  invertAll(inverses, count);
  const affine = new Float64Array(count * AFFINE);
  for (let place = 0; place < count; place += 1) {
    const [at, out, inverse] = [place * POINT, place * AFFINE, place * LIMBS];
    multiply(E, 0, points, at + X, inverses, inverse);
    multiply(F, 0, points, at + Y, inverses, inverse);
    add(affine, out + PLUS, F, 0, E, 0);
    subtract(affine, out + MINUS, F, 0, E, 0);
    multiply(G, 0, E, 0, F, 0);
    multiply(affine, out + T2D, G, 0, TWO_D, 0);
  }
  return affine;
}

function negateAt(limbs: Float64Array, at: number): void {
  for (let limb = at; limb < at + LIMBS; limb += 1) limbs[limb] = -limbs[limb]!;
}

/** Whether a coordinate divided by Z is the same for both points. */
function isSameRatio(left: Float64Array, right: Float64Array, coordinate: number): boolean {
  multiply(A, 0, left, coordinate, right, Z);
  multiply(B, 0, right, coordinate, left, Z);
  subtract(A, 0, A, 0, B, 0);
  return numberOf(A, 0) === 0n;
}

/** Digits d with -2^(bits-1) < d <= 2^(bits-1), the least significant first. */
function signedDigits(scalar: bigint, bits: number): number[] {
  const binary = scalar.toString(2).padStart(SCALAR_BITS, '0');
  const digits: number[] = [];
  let carry = 0;
  for (let end = binary.length; end > 0; end -= bits) {
    const digit = Number.parseInt(binary.slice(Math.max(0, end - bits), end), 2) + carry;
    carry = digit > 1 << (bits - 1) ? 1 : 0;
    digits.push(digit - (carry << bits));
  }
  return digits;
}

/** Digits, one a bit, that are 0 or odd with |d| < 2^(bits-1), the least significant first. */
function slidingDigits(scalar: bigint, bits: number): number[] {
  const digits = [...scalar.toString(2)].reverse().map(Number);
  for (let place = 0; place < digits.length; place += 1) {
    if (digits[place] === 0) continue;
    let value = 0;
    for (let bit = 0; bit < bits; bit += 1) value += (digits[place + bit] ?? 0) << bit;
    for (let bit = 0; bit < bits && place + bit < digits.length; bit += 1) digits[place + bit] = 0;
    const negative = value >= 1 << (bits - 1);
    digits[place] = negative ? value - (1 << bits) : value;
    if (!negative) continue;
    // What was borrowed is given back at the next free bit.
    let carried = place + bits;
    while (digits[carried] === 1) digits[carried++] = 0;
    while (digits.length < carried) digits.push(0);
    digits[carried] = 1;
  }
  return digits;
}
