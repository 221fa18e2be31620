/** A few powers of one element that share its squarings: Yao's method with windows of 4 bits. */

import type { Element, FixedBase, Group } from './group.ts';

const WINDOW_BITS = 4;
const DIGITS = 1 << WINDOW_BITS;

/**
 * An element whose powers share its squarings, which are most of the work of a power.
 *
 * A verifier raises each half of a ciphertext to two challenges: this takes little more than half
 * the multiplications of two separate powers. About 60 elements are kept as long as the object.
 */
export class SharedSquarings implements FixedBase {
  readonly element: Element;
  readonly #group: Group;
  // The element to the power 16^window.
  readonly #bases: Element[];

  constructor(group: Group, element: Element) {
    this.element = element;
    this.#group = group;
    this.#bases = [element];
  }

  power(exponent: bigint): Element {
    // For each digit the product of the bases at the windows that have it.
    const products: (Element | undefined)[] = [];
    digitsOf(this.#group.reduce(exponent), WINDOW_BITS).forEach((digit, window) => {
      if (digit === 0) return;
      products[digit] = this.#join(products[digit], this.#base(window));
    });
    // Each product counts as often as its digit says: a running product over the digits above.
    let running: Element | undefined;
    let total: Element | undefined;
    for (let digit = DIGITS - 1; digit > 0; digit -= 1) {
      const product = products[digit];
      if (product !== undefined) running = this.#join(running, product);
      if (running !== undefined) total = this.#join(total, running);
    }
    return total ?? this.#group.identity;
  }

  #join(left: Element | undefined, right: Element): Element {
    return left === undefined ? right : this.#group.multiply(left, right);
  }

  #base(window: number): Element {
    let base = this.#bases[this.#bases.length - 1] ?? this.element;
    while (this.#bases.length <= window) {
      for (let bit = 0; bit < WINDOW_BITS; bit += 1) base = this.#group.multiply(base, base);
      this.#bases.push(base);
    }
    return this.#bases[window] ?? base;
  }
}

/** Digits of `bits` bits, the least significant first; none for 0. */
export function digitsOf(scalar: bigint, bits: number): number[] {
  if (scalar === 0n) return [];
  const binary = scalar.toString(2);
  const digits: number[] = [];
  for (let end = binary.length; end > 0; end -= bits) {
    digits.push(Number.parseInt(binary.slice(Math.max(0, end - bits), end), 2));
  }
  return digits;
}
