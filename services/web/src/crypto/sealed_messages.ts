/**
 * Signed and sealed messages between trustees (belenios-format §0, §5.2).
 *
 * Sealed messages are written in the form of belenios-tool 3.3 (AES-256-GCM, 32-byte nonce) and
 * read in that of 2.x (AES-256-CCM) as well.
 */

import { gcm } from '@noble/ciphers/aes.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { openCcm } from './aes_ccm.ts';
import { dumps, fields, loads, requireExact, textField } from './belenios_json.ts';
import { bytesOfText, fromHex, isAscii, numberOfBytes, toHex } from './encodings.ts';
import { MalformedError, ProofError, SignatureError } from './errors.ts';
import type { Element, Group } from './groups/index.ts';
import {
  parseProof,
  type Proof,
  proofToJson,
  proveKnowledge,
  verifyKnowledge,
} from './proofs.ts';
import { drawScalar, type Randomness } from './randomness.ts';

/** No signed message that is read is longer. */
export const MAX_MESSAGE_CHARACTERS = 65_536;

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const SEED_CHARACTERS = 22;
const SEED = /^[1-9A-HJ-NP-Za-km-z]{22}$/;
// Bytes below this are equally likely digits.
const UNBIASED_BYTES = 58 * 4;
const HEX = /^(?:[0-9a-f]{2})+$/;
const DECIMAL = /^(?:0|[1-9][0-9]{0,99})$/;
// What SJCL takes for plaintexts below 64 KiB.
const CCM_NONCE_BYTES = 13;
const CCM_TAG_BYTES = 8;

/** A text and the proof that the owner of a verification key signed it. */
export interface SignedMessage {
  readonly message: string;
  readonly signature: Proof;
}

/** A trustee's two secret exponents, both derived from one seed (belenios-format §5.2). */
export interface TrusteeKeys {
  readonly signing: bigint;
  readonly decryption: bigint;
}

/** The JSON value of a `signed_msg`. */
export function signedMessageToJson(signed: SignedMessage): object {
  return { message: signed.message, signature: proofToJson(signed.signature) };
}

/** Write the exact Belenios bytes of a `signed_msg`. */
export function signedMessageToText(signed: SignedMessage): string {
  return dumps(signedMessageToJson(signed));
}

/** Draw a trustee's seed: 22 uniform base58 digits (belenios-format §5.2). */
export function generateSeed(randomness: Randomness): string {
  let digits = '';
  while (digits.length < SEED_CHARACTERS) {
    const [byte = UNBIASED_BYTES] = randomness(1);
    if (byte < UNBIASED_BYTES) digits += BASE58.charAt(byte % 58);
  }
  return digits;
}

/** Derive both keys from a seed (belenios-format §5.2). Throws MalformedError. */
export function deriveTrusteeKeys(group: Group, seed: string): TrusteeKeys {
  if (!SEED.test(seed)) throw new MalformedError('the seed of a trustee has 22 base58 digits');
  const derive = (label: string): bigint =>
    numberOfBytes(sha256(bytesOfText(`${label}|${seed}`))) % group.q;
  return { signing: derive('sk'), decryption: derive('dk') };
}

/** Sign a text: challenge = H("sigmsg|text|A") (belenios-format §5.2). */
export function signText(
  group: Group,
  signingKey: bigint,
  text: string,
  randomness: Randomness,
): Proof {
  return proveKnowledge(group, signingKey, drawScalar(group, randomness), prefixOf(text));
}

/** Check a signature of `signText` (belenios-format §5.2). Throws SignatureError. */
export function verifyText(
  group: Group,
  verification: Element,
  text: string,
  signature: Proof,
): void {
  try {
    verifyKnowledge(group, verification, signature, prefixOf(text));
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new SignatureError('the signature of a trustee is wrong');
  }
}

/** Sign a message (belenios-format §5.2, signed_msg). */
export function signMessage(
  group: Group,
  signingKey: bigint,
  message: string,
  randomness: Randomness,
): SignedMessage {
  return { message, signature: signText(group, signingKey, message, randomness) };
}

/** Check who signed a message (belenios-format §5.2). Throws SignatureError. */
export function verifyMessage(group: Group, verification: Element, signed: SignedMessage): void {
  verifyText(group, verification, signed.message, signed.signature);
}

/** Read a `signed_msg` object, unverified. Throws MalformedError or ScalarRangeError. */
export function readSignedMessage(group: Group, value: unknown): SignedMessage {
  const [text, signature] = fields(value, ['message', 'signature']);
  const message = textField(text);
  if (message.length > MAX_MESSAGE_CHARACTERS || !isAscii(message)) {
    throw new MalformedError('a signed message is ASCII and bounded');
  }
  return { message, signature: parseProof(group, signature) };
}

/** Read the exact bytes of a `signed_msg`, unverified. Throws MalformedError. */
export function parseSignedMessage(group: Group, text: string): SignedMessage {
  const signed = readSignedMessage(group, loads(text));
  requireExact(text, signedMessageToJson(signed));
  return signed;
}

/** Encrypt a text to an encryption key, AES-256-GCM (belenios-format §0, encrypted_msg). */
export function seal(
  group: Group,
  encryption: Element,
  plaintext: string,
  randomness: Randomness,
): string {
  const [first, second] = [drawScalar(group, randomness), drawScalar(group, randomness)];
  const alpha = group.elementToText(group.powerOfGenerator(first));
  const shared = group.powerOfGenerator(second);
  const beta = group.multiply(group.power(encryption, first), shared);
  const { key, nonce } = keyAndNonce(group, shared, alpha);
  const data = gcm(key, nonce).encrypt(bytesOfText(plaintext));
  return dumps({
    algorithm: 'AES-GCM',
    alpha,
    beta: group.elementToText(beta),
    data: toHex(data),
  });
}

/**
 * Decrypt a text, of 3.3 or of 2.x (belenios-format §0, §5.2).
 *
 * Throws MalformedError, MembershipError, or SignatureError when it was changed or made for
 * another key.
 */
export function unseal(group: Group, decryptionKey: bigint, text: string): string {
  const value = loads(text);
  const [alpha, beta, data, algorithm] = fields(value, ['alpha', 'beta', 'data'], ['algorithm']);
  const head = algorithm === undefined ? {} : { algorithm };
  requireExact(text, { ...head, alpha, beta, data });
  const isOld = algorithm === undefined;
  if ((!isOld && algorithm !== 'AES-GCM') || !HEX.test(textField(data))) {
    throw new MalformedError('not a sealed message');
  }
  const sealedTo = group.elementFromText(textField(alpha));
  const masked = group.elementFromText(textField(beta));
  const shared = group.divide(masked, group.power(sealedTo, decryptionKey));
  const { key, nonce } = keyAndNonce(group, shared, textField(alpha));
  const sealed = fromHex(textField(data));
  return decoded(
    openSealed(() =>
      isOld
        ? openCcm(key, nonce.subarray(0, CCM_NONCE_BYTES), sealed, CCM_TAG_BYTES)
        : gcm(key, nonce).decrypt(sealed),
    ),
  );
}

/** Sign a message to one recipient, then seal it (belenios-format §5.2, channel message). */
export function send(
  group: Group,
  signingKey: bigint,
  encryption: Element,
  message: string,
  randomness: Randomness,
): string {
  const inner = dumps({ recipient: group.elementToText(encryption), message });
  const signed = signMessage(group, signingKey, inner, randomness);
  return seal(group, encryption, signedMessageToText(signed), randomness);
}

/**
 * Open a message of `send` and check its sender and recipient (belenios-format §5.2).
 *
 * `sender` is the sender's verification key. Throws MalformedError, MembershipError,
 * ScalarRangeError or SignatureError.
 */
export function receive(
  group: Group,
  keys: TrusteeKeys,
  sender: Element,
  text: string,
): string {
  const signed = parseSignedMessage(group, unseal(group, keys.decryption, text));
  verifyMessage(group, sender, signed);
  const [recipient, message] = fields(loads(signed.message), ['recipient', 'message']);
  const own = group.elementToText(group.powerOfGenerator(keys.decryption));
  if (recipient !== own) {
    // Else one trustee could pass on what another had sent to it.
    throw new SignatureError('a sealed message was signed for another recipient');
  }
  requireExact(signed.message, { recipient, message });
  return textField(message);
}

/**
 * Open the decryption key that a trustee sent to itself (belenios-format §5.3 step 5, `.dkey`).
 *
 * Throws MalformedError, MembershipError, ScalarRangeError or SignatureError.
 */
export function openDecryptionKey(group: Group, keys: TrusteeKeys, text: string): bigint {
  const own = group.powerOfGenerator(keys.signing);
  const message = receive(group, keys, own, text);
  const [key] = fields(loads(message), ['decryption_key']);
  if (!DECIMAL.test(textField(key))) {
    throw new MalformedError('a decryption key is written in decimal digits');
  }
  // belenios-tool 2.0 writes the plain sum of its shares, which may be above q.
  return BigInt(textField(key)) % group.q;
}

function prefixOf(text: string): string {
  return `sigmsg|${text}|`;
}

function keyAndNonce(
  group: Group,
  shared: Element,
  alpha: string,
): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  return {
    key: sha256(bytesOfText(`key|${group.elementToText(shared)}`)),
    nonce: sha256(bytesOfText(`iv|${alpha}`)),
  };
}

function openSealed(open: () => Uint8Array): Uint8Array {
  try {
    return open();
  } catch {
    // The cipher throws plain errors, for a wrong tag as for a text shorter than one.
    throw new SignatureError('a sealed message was changed or is for another key');
  }
}

function decoded(plaintext: Uint8Array): string {
  if (plaintext.some((byte) => byte > 0x7f)) {
    throw new MalformedError('a sealed message does not hold ASCII');
  }
  return new TextDecoder().decode(plaintext);
}
