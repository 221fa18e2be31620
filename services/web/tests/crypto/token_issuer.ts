/** An issuer for tests: BlindSign of RFC 9474 §4.3, as far as a test needs it. */

import { bytesOfNumber, fromHex, joinBytes, numberOfBytes } from '../../src/crypto/encodings.ts';
import { TokenError } from '../../src/crypto/errors.ts';

/** An RSA key whose factors the test knows. */
export interface IssuerKey {
  readonly modulus: bigint;
  readonly privateExponent: bigint;
}

/** Powers mod n. */
export function powerMod(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [total, square] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) total = (total * square) % modulus;
    square = (square * square) % modulus;
  }
  return total;
}

/** The inverse mod n of a number that has one. */
export function inverseMod(value: bigint, modulus: bigint): bigint {
  let [rest, nextRest, factor, nextFactor] = [modulus, value % modulus, 0n, 1n];
  while (nextRest !== 0n) {
    const quotient = rest / nextRest;
    [rest, nextRest] = [nextRest, rest - quotient * nextRest];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return factor < 0n ? factor + modulus : factor;
}

/** The key with exponent 65537 of two primes. */
export function issuerKeyOf(p: bigint, q: bigint): IssuerKey {
  return { modulus: p * q, privateExponent: inverseMod(65537n, (p - 1n) * (q - 1n)) };
}

/** Sign a blinded message. Raises TokenError. */
export function blindSign(key: IssuerKey, blindedMessage: Uint8Array): Uint8Array {
  const length = Math.ceil(key.modulus.toString(16).length / 2);
  const message = numberOfBytes(blindedMessage);
  if (blindedMessage.length !== length || message <= 1n || message >= key.modulus - 1n) {
    throw new TokenError('the blinded message is out of range');
  }
  return bytesOfNumber(powerMod(message, key.privateExponent, key.modulus), length);
}

/** DER SubjectPublicKeyInfo of a 3072-bit modulus and e = 65537. */
export function spkiOf(modulus: bigint): Uint8Array {
  const prefix = '308201a2300d06092a864886f70d01010105000382018f003082018a0282018100';
  return joinBytes(fromHex(prefix), bytesOfNumber(modulus, 384), fromHex('0203010001'));
}
