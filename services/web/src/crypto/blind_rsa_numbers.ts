/**
 * The part of the number library `sjcl` that `@cloudflare/blindrsa-ts` calls, by BigInt.
 *
 * The build puts it in the place of the library's own copy (build/blind_rsa_numbers.ts), and the
 * vectors of RFC 9474 are run with it. Names are sjcl's; its "bits" are plain bytes here.
 */
import { bytesOfNumber, fromBase64Url, numberOfBytes } from './encodings.ts';

type Bits = Uint8Array;

class Num {
  readonly value: bigint;

  constructor(value: number | bigint) {
    this.value = BigInt(value);
  }

  static fromBits(bits: Bits): Num {
    return new Num(numberOfBytes(bits));
  }

  toBits(): Bits {
    const length = Math.ceil(this.bitLength() / 8);
    return length === 0 ? new Uint8Array() : bytesOfNumber(this.value, length);
  }

  bitLength(): number {
    return this.value === 0n ? 0 : this.value.toString(2).length;
  }

  equals(other: Num | number): boolean {
    return this.value === (other instanceof Num ? other.value : BigInt(other));
  }

  greaterEquals(other: Num): boolean {
    return this.value >= other.value;
  }

  mulmod(other: Num, modulus: Num): Num {
    return new Num((this.value * other.value) % modulus.value);
  }

  powermod(exponent: Num, modulus: Num): Num {
    let [total, square] = [1n, this.value % modulus.value];
    for (let rest = exponent.value; rest > 0n; rest >>= 1n) {
      if ((rest & 1n) === 1n) total = (total * square) % modulus.value;
      square = (square * square) % modulus.value;
    }
    return new Num(total);
  }

  /** Throws RangeError where there is none: the library takes that as "not coprime". */
  inverseMod(modulus: Num): Num {
    let [rest, nextRest] = [modulus.value, this.value % modulus.value];
    let [factor, nextFactor] = [0n, 1n];
    while (nextRest !== 0n) {
      const quotient = rest / nextRest;
      [rest, nextRest] = [nextRest, rest - quotient * nextRest];
      [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
    }
    if (rest !== 1n) throw new RangeError('not invertible');
    return new Num(factor < 0n ? factor + modulus.value : factor);
  }
}

const identity = (bytes: ArrayLike<number>): Bits => Uint8Array.from(bytes);

// The library imports a default.
export default {
  bn: Num,
  codec: {
    base64url: { toBits: fromBase64Url },
    bytes: { toBits: identity, fromBits: identity },
  },
};
