/**
 * Messages signed by a member's device key: ES256, by the device itself or a passkey.
 *
 * protocol.md §11 "Device keys" and "Signed by a device key, always"; WebAuthn Level 3 §6.1 and
 * §7.2.
 * A device key never signs bytes that a server chose: every message is built from named fields
 * (`device_messages`) and hashed by the client. Signing itself is the device's (src/device).
 */

import { sha256 } from '@noble/hashes/sha2.js';

import { loadsWithoutDoubles, objectField } from './belenios_json.ts';
import type { Bytes } from './encodings.ts';
import {
  bytesOfText,
  equalBytes,
  fromHex,
  joinBytes,
  numberOfBytes,
  textOfBytes,
  toBase64Url,
  toHex,
} from './encodings.ts';
import { decimal, isInRange, message } from './device_messages.ts';
import { MalformedError, SignatureError } from './errors.ts';

export {
  checkinMessage,
  issueMessage,
  loginMessage,
  message,
  signatureFromDer,
  type Use,
} from './device_messages.ts';

/** Bytes of r ‖ s. */
export const SIGNATURE_BYTES = 64;
/** Bytes of a passkey's authenticator data without extensions. */
export const AUTHENTICATOR_DATA_BYTES = 37;

const SPKI_PREFIX = fromHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004');
const SPKI_BYTES = SPKI_PREFIX.length + 64;
const BLINDED_MESSAGE_BYTES = 384;
const MAX_CLIENT_DATA_BYTES = 2_048;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const EXTENSIONS_OR_ATTESTED = 0xc0;

// FIPS 186-5, SP 800-186 §3.2.1.3 curve P-256: prime and coefficient b.
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

const ECDSA = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** Hash the blinded messages, 384 bytes each, in the order of the issuers (protocol.md §11). */
export function hashOfBlindedMessages(blindedMessages: readonly Uint8Array[]): string {
  if (
    blindedMessages.length === 0 ||
    blindedMessages.some((each) => each.length !== BLINDED_MESSAGE_BYTES)
  ) {
    throw new MalformedError('a blinded message has 384 bytes');
  }
  return toHex(sha256(joinBytes(...blindedMessages)));
}

/** Build what the presiding officer signs to cancel after closing (protocol.md §1, §11). */
export function cancelMessage(phi: string, member: number, reason: string, text: string): Bytes {
  return message('cancel', [phi, decimal(member), reason, toHex(sha256(bytesOfText(text)))]);
}

/**
 * Check that a device key is the fixed SPKI of 91 bytes with a point of P-256 (protocol.md §11).
 *
 * Returns the same bytes. Raises MalformedError.
 */
export function parseDeviceKey(spki: Uint8Array): Bytes {
  const prefix = spki.slice(0, SPKI_PREFIX.length);
  if (spki.length !== SPKI_BYTES || !equalBytes(prefix, SPKI_PREFIX)) {
    throw new MalformedError('a device key is a P-256 key in its fixed form');
  }
  const [x, y] = [spki.slice(-64, -32), spki.slice(-32)].map(numberOfBytes);
  if (x === undefined || y === undefined || x >= P || y >= P) {
    throw new MalformedError('a device key is not a point of P-256');
  }
  if ((y * y - (x * x * x - 3n * x + B)) % P !== 0n) {
    throw new MalformedError('a device key is not a point of P-256');
  }
  return joinBytes(spki);
}

/** Hash a device key to the 32 bytes that the roster holds (protocol.md §11). */
export function fingerprint(spki: Uint8Array): Bytes {
  return sha256(parseDeviceKey(spki));
}

/**
 * Check a signature by a device key over a message of `message`; high s is allowed (§11).
 *
 * Rejects with MalformedError when key or signature are not of their form, else SignatureError.
 */
export async function verifyDeviceSignature(
  spki: Uint8Array,
  signed: Uint8Array,
  signature: Uint8Array,
): Promise<void> {
  const checkedKey = parseDeviceKey(spki);
  if (signature.length !== SIGNATURE_BYTES) {
    throw new MalformedError('a device signature has 64 bytes');
  }
  const [r, s] = [signature.slice(0, 32), signature.slice(32)].map(numberOfBytes);
  if (r === undefined || s === undefined || !isInRange(r) || !isInRange(s)) {
    throw new SignatureError('a number of the device signature is out of range');
  }
  const { subtle } = globalThis.crypto;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await subtle.importKey('spki', checkedKey, algorithm, true, ['verify']);
  if (!(await subtle.verify(ECDSA, key, joinBytes(signature), joinBytes(signed)))) {
    throw new SignatureError('the device signature is wrong');
  }
}

/** Hash a message to the challenge that a passkey is asked to sign (protocol.md §11). */
export function passkeyChallenge(signed: Uint8Array): Bytes {
  return sha256(signed);
}

/**
 * Check a passkey's assertion over a message of `message` (protocol.md §11; WebAuthn §7.2).
 *
 * `clientData` is the raw clientDataJSON, `signature` r ‖ s. Rejects with MalformedError for a
 * wrong form, SignatureError for every check that fails.
 */
export async function verifyPasskeyAssertion(
  spki: Uint8Array,
  signed: Uint8Array,
  signature: Uint8Array,
  authenticatorData: Uint8Array,
  clientData: Uint8Array,
  rpId: string,
  origins: readonly string[],
): Promise<void> {
  checkClientData(clientData, signed, origins);
  if (authenticatorData.length !== AUTHENTICATOR_DATA_BYTES) {
    throw new SignatureError('authenticator data have exactly 37 bytes');
  }
  if (!equalBytes(authenticatorData.slice(0, 32), sha256(bytesOfText(rpId)))) {
    throw new SignatureError('the assertion is for another relying party');
  }
  const flags = authenticatorData[32] ?? 0;
  if ((flags & USER_PRESENT) === 0) throw new SignatureError('the user was not present');
  if ((flags & USER_VERIFIED) === 0) throw new SignatureError('the user was not verified');
  if ((flags & EXTENSIONS_OR_ATTESTED) !== 0) {
    throw new SignatureError('authenticator data announce what they do not hold');
  }
  // Bytes 33 to 36 are the signature counter, which synchronised passkeys leave at zero.
  const signedBytes = joinBytes(authenticatorData, sha256(clientData));
  await verifyDeviceSignature(spki, signedBytes, signature);
}

function checkClientData(
  clientData: Uint8Array,
  signed: Uint8Array,
  origins: readonly string[],
): void {
  if (clientData.length > MAX_CLIENT_DATA_BYTES) {
    throw new MalformedError('client data are too long');
  }
  const parsed = objectField(loadsWithoutDoubles(textOfBytes(clientData)));
  const valueOf = (name: string): unknown =>
    Object.hasOwn(parsed, name) ? parsed[name] : undefined;
  if (valueOf('type') !== 'webauthn.get') {
    throw new SignatureError('client data are not of an assertion');
  }
  if (valueOf('challenge') !== toBase64Url(passkeyChallenge(signed))) {
    throw new SignatureError('the challenge is not the hash of this message');
  }
  const origin = valueOf('origin');
  if (typeof origin !== 'string' || !origins.includes(origin)) {
    throw new SignatureError('the assertion was made on another origin');
  }
  if ((valueOf('crossOrigin') ?? false) !== false || parsed['crossOrigin'] === null) {
    throw new SignatureError('the assertion was made inside of another site');
  }
}
