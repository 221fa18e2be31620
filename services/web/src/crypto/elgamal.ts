/** Exponential ElGamal (belenios-format §6): alpha = g^r, beta = y^r * g^m. */

import type { Element, FixedBase, Group } from './groups/index.ts';

/** An encrypted small number. */
export interface Ciphertext {
  readonly alpha: Element;
  readonly beta: Element;
}

/** Encrypt `plaintext` under the election key with the scalar `randomness`. */
export function encrypt(
  group: Group,
  key: FixedBase,
  plaintext: number,
  randomness: bigint,
): Ciphertext {
  let beta = key.power(randomness);
  if (plaintext !== 0) beta = group.multiply(beta, smallPower(group, plaintext));
  return { alpha: group.powerOfGenerator(randomness), beta };
}

/** The encryption of the sum: component by component. */
export function multiplyCiphertexts(
  group: Group,
  ciphertexts: readonly Ciphertext[],
): Ciphertext {
  return {
    alpha: group.product(ciphertexts.map((factor) => factor.alpha)),
    beta: group.product(ciphertexts.map((factor) => factor.beta)),
  };
}

/** g to a small public number, computed once. */
export function smallPower(group: Group, exponent: number): Element {
  const powers = smallPowers.get(group) ?? new Map<number, Element>();
  smallPowers.set(group, powers);
  const power = powers.get(exponent) ?? group.powerOfGenerator(BigInt(exponent));
  if (powers.size < MAX_SMALL_POWERS) powers.set(exponent, power);
  return power;
}

const MAX_SMALL_POWERS = 4096;
const smallPowers = new WeakMap<Group, Map<number, Element>>();
