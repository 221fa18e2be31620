/** The interface of a group of prime order, as Belenios uses it (belenios-format §2). */

import { sha256 } from '@noble/hashes/sha2.js';

import { bytesOfText, isAscii, numberOfBytes } from '../encodings.ts';
import { MalformedError, MembershipError, ScalarRangeError } from '../errors.ts';

declare const elementBrand: unique symbol;

/** An element: immutable and opaque; compared by `Group.equals`, never by `===`. */
export interface Element {
  readonly [elementBrand]: 'element of a group of prime order';
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,99})$/;

/** An element prepared for powers. */
export interface FixedBase {
  readonly element: Element;
  /** This element to the power `exponent`, any integer (reduced mod q). */
  power(exponent: bigint): Element;
}

/** A group of prime order `q` with `generator`; written multiplicatively as in Belenios. */
export abstract class Group {
  abstract readonly name: 'Ed25519' | 'BELENIOS-2048';
  abstract readonly q: bigint;
  abstract readonly generator: Element;
  abstract readonly identity: Element;

  /**
   * Read an element from its one Belenios JSON form, with the check of membership.
   *
   * The neutral element is a member; callers that refuse it say so (`refuseIdentity`).
   * Raises MalformedError for a wrong form, MembershipError for a non-member.
   */
  abstract elementFromText(text: string): Element;

  /** Write an element in its one Belenios JSON form. */
  abstract elementToText(element: Element): string;

  /** Write many elements at once, which in Ed25519 is much cheaper than one by one. */
  abstract elementsToTexts(elements: readonly Element[]): string[];

  /** Whether a parsed value is in the subgroup of order q (the costly half of parsing). */
  abstract isMember(element: Element): boolean;

  abstract equals(left: Element, right: Element): boolean;

  abstract multiply(left: Element, right: Element): Element;

  abstract divide(left: Element, right: Element): Element;

  /** `base` to the power `exponent`, any integer (reduced mod q). */
  abstract power(base: Element, exponent: bigint): Element;

  abstract powerOfGenerator(exponent: bigint): Element;

  /** Prepare `element` for many powers; cached for the last elements that were asked for. */
  abstract fixedBase(element: Element): FixedBase;

  /** Prepare `element` for a few powers, as a verifier needs of each ciphertext; not cached. */
  abstract fewPowers(element: Element): FixedBase;

  isIdentity(element: Element): boolean {
    return this.equals(element, this.identity);
  }

  /** Raises MembershipError for the neutral element. */
  refuseIdentity(element: Element): void {
    if (this.isIdentity(element)) {
      throw new MembershipError('the neutral element is refused here');
    }
  }

  invert(element: Element): Element {
    return this.divide(this.identity, element);
  }

  /** Multiply all; the neutral element for none. */
  product(elements: Iterable<Element>): Element {
    let total: Element | undefined;
    for (const element of elements) {
      total = total === undefined ? element : this.multiply(total, element);
    }
    return total ?? this.identity;
  }

  /** Reduce any integer to 0 <= n < q. */
  reduce(exponent: bigint): bigint {
    const rest = exponent % this.q;
    return rest < 0n ? rest + this.q : rest;
  }

  /**
   * Read a scalar: decimal digits without leading zeros, 0 <= n < q (belenios-format §1).
   *
   * Raises MalformedError or ScalarRangeError.
   */
  scalarFromText(text: string): bigint {
    if (!DECIMAL.test(text)) {
      throw new MalformedError('a scalar is written in decimal digits without leading zeros');
    }
    const scalar = BigInt(text);
    if (scalar >= this.q) {
      throw new ScalarRangeError('a scalar is not below the order of the group');
    }
    return scalar;
  }

  /** H of Belenios protocol 1: SHA-256 of ASCII text, big-endian, mod q (§1). */
  hashToScalar(text: string): bigint {
    if (!isAscii(text)) throw new MalformedError('a transcript is ASCII');
    return numberOfBytes(sha256(bytesOfText(text))) % this.q;
  }
}

/** Keeps the prepared forms of the elements that were asked for last. */
export class FixedBaseCache {
  static readonly #MAX_BASES = 16;
  readonly #bases = new Map<string, FixedBase>();

  /** The prepared form under `key`, made by `prepare` where it is not there. */
  get(key: string, prepare: () => FixedBase): FixedBase {
    const base = this.#bases.get(key) ?? prepare();
    this.#bases.delete(key);
    this.#bases.set(key, base);
    for (const oldest of this.#bases.keys()) {
      if (this.#bases.size <= FixedBaseCache.#MAX_BASES) break;
      this.#bases.delete(oldest);
    }
    return base;
  }
}
