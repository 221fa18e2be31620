/**
 * Points of edwards25519 in extended coordinates on BigInt (RFC 8032 §5.1.4).
 *
 * Only sums and multiples: reading a point from bytes is left to noble in `ed25519`. Not computed
 * in constant time, as no arithmetic on BigInt is: secrets are used on their owners' devices only.
 * Letters as in Hisil, Wong, Carter, Dawson 2008, §3.1 and §3.3 (a = -1): complete formulas, so
 * that no pair of points is an exception.
 */

/** The prime 2^255 - 19 of the coordinates. */
export const P = 2n ** 255n - 19n;
/** The order of the base point. */
export const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const TWO_D = 16295367250680780974490674513165176452449235426866156013048779062215315747161n;
const TABLE_WINDOW_BITS = 8;
const FEW_WINDOW_BITS = 4;
const SLIDING_WINDOW_BITS = 5;
// One more than the order has, for the carry of signed digits.
const SCALAR_BITS = 254;

/** A point (X : Y : Z) with T = XY/Z; immutable but for what it remembers of itself. */
export class EdwardsPoint {
  static readonly IDENTITY = new EdwardsPoint(0n, 1n, 1n, 0n);

  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
  readonly t: bigint;
  #encoded: bigint | undefined;

  constructor(x: bigint, y: bigint, z: bigint, t: bigint) {
    this.x = x;
    this.y = y;
    this.z = z;
    this.t = t;
  }

  static fromAffine(x: bigint, y: bigint): EdwardsPoint {
    return new EdwardsPoint(x, y, 1n, (x * y) % P);
  }

  equals(other: EdwardsPoint): boolean {
    return (
      (this.x * other.z - other.x * this.z) % P === 0n &&
      (this.y * other.z - other.y * this.z) % P === 0n
    );
  }

  negate(): EdwardsPoint {
    return new EdwardsPoint(P - this.x, this.y, this.z, P - this.t);
  }

  double(): EdwardsPoint {
    const a = (this.x * this.x) % P;
    const b = (this.y * this.y) % P;
    const c = (2n * this.z * this.z) % P;
    const sum = this.x + this.y;
    const e = (sum * sum - a - b) % P;
    const g = b - a;
    const f = g - c;
    const h = -a - b;
    return fromFactors(e, f, g, h);
  }

  add(other: EdwardsPoint): EdwardsPoint {
    return this.addPrepared(prepare(other));
  }

  /** Add a point whose sums and multiples are there already, the coordinate Z included. */
  addPrepared(other: PreparedPoint): EdwardsPoint {
    const a = ((this.y - this.x) * other.yMinusX) % P;
    const b = ((this.y + this.x) * other.yPlusX) % P;
    const c = (this.t * other.t2d) % P;
    const d = other.z2 === 2n ? 2n * this.z : (this.z * other.z2) % P;
    return fromFactors(b - a, d - c, d + c, b + a);
  }

  subtractPrepared(other: PreparedPoint): EdwardsPoint {
    const a = ((this.y - this.x) * other.yPlusX) % P;
    const b = ((this.y + this.x) * other.yMinusX) % P;
    const c = (this.t * other.t2d) % P;
    const d = other.z2 === 2n ? 2n * this.z : (this.z * other.z2) % P;
    return fromFactors(b - a, d + c, d - c, b + a);
  }

  /** This point times 0 <= scalar <= ORDER, by sliding windows of signed odd digits. */
  multiply(scalar: bigint): EdwardsPoint {
    const twice = prepare(this.double());
    const odd = [prepare(this)];
    let multiple: EdwardsPoint = this;
    while (odd.length < 1 << (SLIDING_WINDOW_BITS - 2)) {
      multiple = multiple.addPrepared(twice);
      odd.push(prepare(multiple));
    }
    let total = EdwardsPoint.IDENTITY;
    const digits = slidingDigits(scalar, SLIDING_WINDOW_BITS);
    for (let place = digits.length - 1; place >= 0; place -= 1) {
      total = total.double();
      const digit = digits[place] ?? 0;
      const prepared = odd[Math.abs(digit) >> 1];
      if (digit > 0 && prepared) total = total.addPrepared(prepared);
      if (digit < 0 && prepared) total = total.subtractPrepared(prepared);
    }
    return total;
  }

  /** The 32 bytes of RFC 8032 §5.1.2 as a number: y, and the lowest bit of x at place 255. */
  encode(): bigint {
    return this.#encoded ?? this.encodeWith(inverse(this.z));
  }

  /** As `encode`, where 1/Z is known. */
  encodeWith(inverseZ: bigint): bigint {
    const x = positive((this.x * inverseZ) % P);
    const y = positive((this.y * inverseZ) % P);
    this.#encoded = y | ((x & 1n) << 255n);
    return this.#encoded;
  }

  get isEncoded(): boolean {
    return this.#encoded !== undefined;
  }
}

/** What an addition needs of its second point: Y + X, Y - X, 2Z, 2dT. */
interface PreparedPoint {
  readonly yPlusX: bigint;
  readonly yMinusX: bigint;
  readonly z2: bigint;
  readonly t2d: bigint;
}

/** Multiples of one point by signed windows of 8 bits: 32 rows of 128. */
export class MultiplesTable {
  readonly #rows: PreparedPoint[][] = [];

  constructor(point: EdwardsPoint) {
    const rows: EdwardsPoint[][] = [];
    let base = point;
    for (let window = 0; window * TABLE_WINDOW_BITS < SCALAR_BITS; window += 1) {
      const prepared = prepare(base);
      const row = [base];
      let last = base;
      while (row.length < 1 << (TABLE_WINDOW_BITS - 1)) {
        last = last.addPrepared(prepared);
        row.push(last);
      }
      rows.push(row);
      base = last.double();
    }
    const inverses = invertAll(rows.flat().map((each) => each.z));
    let position = 0;
    for (const row of rows) {
      this.#rows.push(row.map((each) => prepareAffine(each, inverses[position++] ?? 0n)));
    }
  }

  /** The point times 0 <= scalar < ORDER. */
  multiply(scalar: bigint): EdwardsPoint {
    let total = EdwardsPoint.IDENTITY;
    const digits = signedDigits(scalar, TABLE_WINDOW_BITS);
    for (let window = 0; window < digits.length; window += 1) {
      const digit = digits[window] ?? 0;
      const prepared = this.#rows[window]?.[Math.abs(digit) - 1];
      if (digit > 0 && prepared) total = total.addPrepared(prepared);
      if (digit < 0 && prepared) total = total.subtractPrepared(prepared);
    }
    return total;
  }
}

/** The doublings of one point, shared by its few multiples (Yao's method, signed digits). */
export class SharedDoublings {
  readonly #bases: PreparedPoint[];
  #last: EdwardsPoint;

  constructor(point: EdwardsPoint) {
    this.#last = point;
    this.#bases = [prepare(point)];
  }

  /** The point times 0 <= scalar <= ORDER. */
  multiply(scalar: bigint): EdwardsPoint {
    const buckets: (EdwardsPoint | undefined)[] = [];
    signedDigits(scalar, FEW_WINDOW_BITS).forEach((digit, window) => {
      if (digit === 0) return;
      const bucket = buckets[Math.abs(digit)] ?? EdwardsPoint.IDENTITY;
      const base = this.#base(window);
      buckets[Math.abs(digit)] =
        digit > 0 ? bucket.addPrepared(base) : bucket.subtractPrepared(base);
    });
    // Each bucket counts as often as its digit says: a running sum over the digits above.
    let running: EdwardsPoint | undefined;
    let total: EdwardsPoint | undefined;
    for (let digit = 1 << (FEW_WINDOW_BITS - 1); digit > 0; digit -= 1) {
      const bucket = buckets[digit];
      if (bucket) running = running ? running.add(bucket) : bucket;
      if (running) total = total ? total.add(running) : running;
    }
    return total ?? EdwardsPoint.IDENTITY;
  }

  #base(window: number): PreparedPoint {
    while (this.#bases.length <= window) {
      for (let bit = 0; bit < FEW_WINDOW_BITS; bit += 1) this.#last = this.#last.double();
      this.#bases.push(prepare(this.#last));
    }
    return this.#bases[window] ?? prepare(EdwardsPoint.IDENTITY);
  }
}

/** Encode many points with one inversion. */
export function encodeAll(points: readonly EdwardsPoint[]): bigint[] {
  const open = points.filter((point) => !point.isEncoded);
  const inverses = invertAll(open.map((point) => point.z));
  open.forEach((point, position) => point.encodeWith(inverses[position] ?? 0n));
  return points.map((point) => point.encode());
}

function fromFactors(e: bigint, f: bigint, g: bigint, h: bigint): EdwardsPoint {
  return new EdwardsPoint((e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P);
}

function prepare(point: EdwardsPoint): PreparedPoint {
  return {
    yPlusX: point.y + point.x,
    yMinusX: point.y - point.x,
    z2: 2n * point.z,
    t2d: (point.t * TWO_D) % P,
  };
}

function prepareAffine(point: EdwardsPoint, inverseZ: bigint): PreparedPoint {
  const x = (point.x * inverseZ) % P;
  const y = (point.y * inverseZ) % P;
  return { yPlusX: y + x, yMinusX: y - x, z2: 2n, t2d: (((x * y) % P) * TWO_D) % P };
}

function positive(value: bigint): bigint {
  return value < 0n ? value + P : value;
}

/** 1/value mod P by the extended Euclidean algorithm; 0 for 0. */
function inverse(value: bigint): bigint {
  let [rest, nextRest, factor, nextFactor] = [P, positive(value % P), 0n, 1n];
  while (nextRest !== 0n) {
    const quotient = rest / nextRest;
    [rest, nextRest] = [nextRest, rest - quotient * nextRest];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return positive(factor);
}

/** The inverses of all values, none of them 0, by one inversion (Montgomery's trick). */
function invertAll(values: readonly bigint[]): bigint[] {
  const products: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    products.push(product);
    product = (product * value) % P;
  }
  let open = inverse(product);
  const inverses = new Array<bigint>(values.length);
  for (let position = values.length - 1; position >= 0; position -= 1) {
    inverses[position] = (open * (products[position] ?? 0n)) % P;
    open = (open * (values[position] ?? 0n)) % P;
  }
  return inverses;
}

/** Digits d with -2^(bits-1) <= d <= 2^(bits-1), the least significant first. */
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
  digits.push(0);
  for (let place = 0; place < digits.length; place += 1) {
    if (digits[place] === 0) continue;
    let value = 0;
    for (let bit = 0; bit < bits; bit += 1) value += (digits[place + bit] ?? 0) << bit;
    const negative = value >= 1 << (bits - 1);
    for (let bit = 0; bit < bits && place + bit < digits.length; bit += 1) digits[place + bit] = 0;
    digits[place] = negative ? value - (1 << bits) : value;
    if (!negative) continue;
    // What was borrowed is given back at the next free bit.
    let carried = place + bits;
    while (digits[carried] === 1) digits[carried++] = 0;
    digits[carried] = 1;
  }
  return digits;
}
