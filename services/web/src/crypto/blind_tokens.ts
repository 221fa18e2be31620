/**
 * Ballot tokens: RFC 9474 blind RSA signatures, RSABSSA-SHA384-PSS-Randomized (protocol.md §4).
 *
 * The phone's half only: what an issuer does is the service's. Preparing, blinding and unblinding
 * are done by Cloudflare's library; here stand the profile (RSA-3072, e = 65537, SHA-384, salt 48,
 * prefix 32) and the refusals that the library leaves to its caller.
 */

import { RSABSSA } from '@cloudflare/blindrsa-ts';

import type { Bytes } from './encodings.ts';
import {
  bytesOfText,
  fromBase64Url,
  fromHex,
  isAscii,
  joinBytes,
  numberOfBytes,
  toBase64Url,
  toHex,
} from './encodings.ts';
import { MalformedError, TokenError } from './errors.ts';
import { rsaKeyOfSpki } from './rsa_spki.ts';

/** Bits of an issuer's modulus. */
export const TOKEN_KEY_BITS = 3072;
/** Bytes of an issuer's modulus, of a blinded message and of a signature. */
export const TOKEN_KEY_BYTES = TOKEN_KEY_BITS / 8;
/** Characters of a token on the wire. */
export const TOKEN_CHARACTERS = 555;

const TOKEN_LABEL = 'phieukin/token/1';
const PUBLIC_EXPONENT = 65537n;
const PREFIX_BYTES = 32;
const SALT_BYTES = 48;
const TOKEN = /^[A-Za-z0-9_-]{555}$/;
const HEX = /^(?:[0-9a-f]{2})+$/;
const MAX_ELEMENT_CHARACTERS = 1024;

/** An issuer's public key of the profile (protocol.md §4). */
export interface TokenKey {
  readonly modulus: bigint;
  /** For RSA-PSS with SHA-384, to verify; extractable, as the library asks for. */
  readonly cryptoKey: CryptoKey;
}

/**
 * What the phone keeps between blinding and finalizing (RFC 9474 §4.2: `inv` and its input).
 *
 * Secret: it joins the token to the issuance. It is stored before the request leaves and erased
 * once the finalized token is stored (protocol.md §4). Plain bytes: a database takes it as it is.
 */
export interface Blinding {
  /** The random prefix and the token message. */
  readonly prepared: Bytes;
  /** What the issuer is sent: 384 bytes. */
  readonly blindedMessage: Bytes;
  /** The inverse of the blinding factor: 384 bytes. */
  readonly inverse: Bytes;
}

/** A ballot token: the prefix and the unblinded signature over prefix ‖ token message. */
export interface Token {
  readonly prefix: Bytes;
  readonly signature: Bytes;
}

/**
 * Read the public key of an issuer from DER SubjectPublicKeyInfo (protocol.md §4).
 *
 * Rejects with MalformedError, or TokenError when it is not of the profile.
 */
export async function parseTokenKey(spki: Uint8Array): Promise<TokenKey> {
  const { modulus, exponent } = rsaKeyOfSpki(spki);
  if (modulus.toString(2).length !== TOKEN_KEY_BITS || exponent !== PUBLIC_EXPONENT) {
    throw new TokenError('the token key is not RSA-3072 with exponent 65537');
  }
  try {
    const cryptoKey = await globalThis.crypto.subtle.importKey(
      'spki',
      joinBytes(spki),
      { name: 'RSA-PSS', hash: 'SHA-384' },
      true,
      ['verify'],
    );
    return { modulus, cryptoKey };
  } catch {
    throw new MalformedError('not a public key');
  }
}

/** Join what a token is for (protocol.md §11 "Token"). Raises MalformedError. */
export function tokenMessage(phi: string, credential: string): Bytes {
  for (const part of [phi, credential]) {
    if (
      part === '' ||
      !isAscii(part) ||
      part.includes('\0') ||
      part.length > MAX_ELEMENT_CHARACTERS
    ) {
      throw new MalformedError('a token message is made of ASCII parts');
    }
  }
  return bytesOfText([TOKEN_LABEL, phi, credential].join('\0'));
}

/**
 * Blind the token message of one credential (protocol.md §4; RFC 9474 §4.1, §4.2).
 *
 * Prefix, salt and blinding factor come from the system's generator, inside of the library.
 * Rejects with TokenError, or MalformedError for a message that no token has.
 */
export async function beginToken(
  key: TokenKey,
  phi: string,
  credential: string,
): Promise<Blinding> {
  const suite = RSABSSA.SHA384.PSS.Randomized();
  const prepared = joinBytes(suite.prepare(tokenMessage(phi, credential)));
  try {
    const { blindedMsg, inv } = await suite.blind(key.cryptoKey, prepared);
    return { prepared, blindedMessage: joinBytes(blindedMsg), inverse: joinBytes(inv) };
  } catch {
    throw new TokenError('the token message could not be blinded');
  }
}

/**
 * Unblind the issuer's answer to a token's wire form (RFC 9474 §4.4).
 *
 * The signature is verified before it is handed out. Rejects with TokenError.
 */
export async function finishToken(
  key: TokenKey,
  blinding: Blinding,
  blindSignature: Uint8Array,
): Promise<string> {
  if (blindSignature.length !== TOKEN_KEY_BYTES) {
    throw new TokenError('a blind signature is as long as the modulus');
  }
  // The library would reduce a larger one: two answers would then give one token.
  if (numberOfBytes(blindSignature) >= key.modulus) {
    throw new TokenError('the blind signature is out of range');
  }
  const { prepared, inverse } = blinding;
  let signature: Bytes;
  try {
    const suite = RSABSSA.SHA384.PSS.Randomized();
    const unblinded = await suite.finalize(key.cryptoKey, prepared, blindSignature, inverse);
    signature = joinBytes(unblinded);
  } catch {
    throw new TokenError('the signature of the token is wrong');
  }
  return tokenToText({ prefix: prepared.slice(0, PREFIX_BYTES), signature });
}

/** Write a token as 555 characters of base64url (protocol.md §11 "Token"). */
export function tokenToText(token: Token): string {
  if (token.prefix.length !== PREFIX_BYTES || token.signature.length !== TOKEN_KEY_BYTES) {
    throw new MalformedError('not a token');
  }
  return toBase64Url(joinBytes(token.prefix, token.signature));
}

/** Read a token from its one wire form (protocol.md §11 "Token"). Raises MalformedError. */
export function parseToken(text: string): Token {
  // The unused bits of the last character are zero, or a token would have four texts.
  if (!TOKEN.test(text)) throw new MalformedError('a token has 555 characters of base64url');
  const wire = fromBase64Url(text);
  return { prefix: wire.slice(0, PREFIX_BYTES), signature: wire.slice(PREFIX_BYTES) };
}

/**
 * Check that the issuer signed this token for phi and this credential (RFC 9474 §4.5).
 *
 * Rejects with TokenError.
 */
export async function verifyToken(
  key: TokenKey,
  phi: string,
  credential: string,
  token: Token,
): Promise<void> {
  const prepared = joinBytes(token.prefix, tokenMessage(phi, credential));
  const scheme = { name: 'RSA-PSS', saltLength: SALT_BYTES };
  const { subtle } = globalThis.crypto;
  if (!(await subtle.verify(scheme, key.cryptoKey, token.signature, prepared))) {
    throw new TokenError('the signature of the token is wrong');
  }
}

/** Write a blinding state as strings of hex, for a file or a text store. */
export function blindingToJson(blinding: Blinding): Record<string, string> {
  return {
    prepared: toHex(blinding.prepared),
    blinded_message: toHex(blinding.blindedMessage),
    inverse: toHex(blinding.inverse),
  };
}

/** Read a state of `blindingToJson`. Raises MalformedError. */
export function blindingFromJson(stored: Readonly<Record<string, unknown>>): Blinding {
  const { prepared, blinded_message: blindedMessage, inverse, ...others } = stored;
  if (!isHex(prepared) || !isHex(blindedMessage) || !isHex(inverse) || !isEmpty(others)) {
    throw new MalformedError('not a blinding state');
  }
  return {
    prepared: fromHex(prepared),
    blindedMessage: fromHex(blindedMessage),
    inverse: fromHex(inverse),
  };
}

function isHex(value: unknown): value is string {
  return typeof value === 'string' && HEX.test(value);
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
