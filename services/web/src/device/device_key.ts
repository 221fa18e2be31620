/**
 * A person's key on this device: a passkey, or where there is none a key that cannot be copied out.
 *
 * It signs only messages that this program has built (protocol.md §11, "Signed by a device key").
 * WebAuthn Level 3 as the browser offers it: its options are made here, in bytes, and never come
 * from the service, so there is nothing for a library to translate.
 */
import type { KeyKind } from '../api/types.ts';
import { signatureFromDer } from '../crypto/device_messages.ts';
import * as base64url from '../schemas/base64url.ts';
import type { Identity } from './database.ts';

/** ES256, the only algorithm (protocol.md §11). */
const ES256 = -7;
const SPKI_BYTES = 91;

/** A new key before it has an owner. */
export type NewKey = Pick<
  Identity,
  'fingerprint' | 'spki' | 'kind' | 'privateKey' | 'credentialId' | 'hasPrf'
>;

/** As request bodies carry it: base64url; the last two come from a passkey only. */
export interface DeviceSignature {
  signature: string;
  authenticator_data?: string;
  client_data?: string;
}

/** The person closed the phone's question, or it timed out: nothing happened, ask again. */
export class NotTouchedError extends Error {
  constructor() {
    super('the authenticator was not touched');
    this.name = 'NotTouchedError';
  }
}

/** This browser makes no passkeys here (no API, no Google services, no platform authenticator). */
export class NoPasskeyError extends Error {
  constructor() {
    super('no passkey');
    this.name = 'NoPasskeyError';
  }
}

/** What this browser can make: `no_screen_lock` when it could, had the phone a screen lock. */
export async function keyMeans(): Promise<'passkey' | 'no_screen_lock' | 'device'> {
  if (typeof PublicKeyCredential === 'undefined') return 'device';
  try {
    const is = await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
    return is ? 'passkey' : 'no_screen_lock';
  } catch {
    return 'device';
  }
}

/** Make a passkey for `name`. Throws NotTouchedError, NoPasskeyError. */
export async function createPasskey(rpId: string, name: string): Promise<NewKey> {
  const made = await navigator.credentials
    .create({
      publicKey: {
        challenge: randomBytes(32),
        rp: { id: rpId, name: 'Phiếu Kín' },
        user: { id: randomBytes(32), name, displayName: name },
        pubKeyCredParams: [{ type: 'public-key', alg: ES256 }],
        authenticatorSelection: {
          authenticatorAttachment: 'platform',
          residentKey: 'preferred',
          userVerification: 'required',
        },
        attestation: 'none',
        extensions: { prf: {} },
      },
    })
    .catch((error: unknown) => {
      throw passkeyError(error);
    });
  const { response, id, results } = credentialOf<AuthenticatorAttestationResponse>(made);
  const spki = response.getPublicKey?.() ?? null;
  if (spki === null || response.getPublicKeyAlgorithm() !== ES256) throw new NoPasskeyError();
  return {
    ...(await described(new Uint8Array(spki))),
    kind: 'passkey',
    credentialId: id,
    hasPrf: results.prf?.enabled === true,
  };
}

/** Make a key that the browser never lets out, for phones without passkeys and for kiosks. */
export async function createDeviceKey(kind: Exclude<KeyKind, 'passkey'>): Promise<NewKey> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, [
    'sign',
    'verify',
  ]);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  return { ...(await described(spki)), kind, privateKey };
}

/**
 * Sign a message of protocol.md §11; a passkey asks for a touch. Throws NotTouchedError.
 *
 * No extensions in this call: the verifier wants authenticator data of exactly 37 bytes.
 */
export async function signMessage(
  key: NewKey,
  rpId: string,
  message: Uint8Array<ArrayBuffer>,
): Promise<DeviceSignature> {
  if (key.privateKey !== undefined) {
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
    const signature = await crypto.subtle.sign(algorithm, key.privateKey, message);
    return { signature: base64url.encode(new Uint8Array(signature)) };
  }
  const challenge = new Uint8Array(await crypto.subtle.digest('SHA-256', message));
  const { response } = await assertion(key, rpId, challenge);
  return {
    signature: base64url.encode(signatureFromDer(new Uint8Array(response.signature))),
    authenticator_data: base64url.encode(new Uint8Array(response.authenticatorData)),
    client_data: base64url.encode(new Uint8Array(response.clientDataJSON)),
  };
}

/**
 * 32 bytes that only this passkey derives from `salt` (WebAuthn PRF); null where it cannot.
 *
 * The assertion of this call is thrown away: its challenge is random and nobody sees it.
 */
export async function deriveSecret(
  key: NewKey,
  rpId: string,
  salt: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (key.credentialId === undefined || key.hasPrf !== true) return null;
  const extensions = { prf: { eval: { first: salt } } };
  const { results } = await assertion(key, rpId, randomBytes(32), extensions);
  const first = results.prf?.results?.first;
  return first instanceof ArrayBuffer && first.byteLength === 32 ? new Uint8Array(first) : null;
}

/** Ask for a touch, to see that a passkey is still there; another key always is. NotTouchedError. */
export async function askForTouch(key: NewKey, rpId: string): Promise<void> {
  // Nobody sees this assertion, and its challenge is random.
  if (key.kind === 'passkey') await assertion(key, rpId, randomBytes(32));
}

async function assertion(
  key: NewKey,
  rpId: string,
  challenge: Uint8Array<ArrayBuffer>,
  extensions: AuthenticationExtensionsClientInputs = {},
): Promise<Credential<AuthenticatorAssertionResponse>> {
  if (key.credentialId === undefined) throw new NoPasskeyError();
  const id = base64url.decode(key.credentialId);
  const made = await navigator.credentials
    .get({
      publicKey: {
        challenge,
        rpId,
        allowCredentials: [{ id, type: 'public-key', transports: ['internal'] }],
        userVerification: 'required',
        extensions,
      },
    })
    .catch((error: unknown) => {
      throw passkeyError(error);
    });
  return credentialOf<AuthenticatorAssertionResponse>(made);
}

interface Credential<Response> {
  /** base64url */
  id: string;
  response: Response;
  results: { prf?: { enabled?: boolean; results?: { first?: unknown } } };
}

function credentialOf<Response extends AuthenticatorResponse>(
  made: { id: string } | null,
): Credential<Response> {
  if (!(made instanceof PublicKeyCredential)) throw new NoPasskeyError();
  return {
    id: made.id,
    response: made.response as Response,
    results: made.getClientExtensionResults() as Credential<Response>['results'],
  };
}

async function described(
  spki: Uint8Array<ArrayBuffer>,
): Promise<Pick<NewKey, 'fingerprint' | 'spki'>> {
  if (spki.length !== SPKI_BYTES) throw new NoPasskeyError();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', spki));
  const fingerprint = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { fingerprint, spki: base64url.encode(spki) };
}

/** Browsers say NotAllowedError both for "closed" and for "not now": the person may try again. */
function passkeyError(error: unknown): Error {
  const name = error instanceof DOMException ? error.name : '';
  const closed = ['NotAllowedError', 'AbortError', 'TimeoutError', 'InvalidStateError'];
  return closed.includes(name) ? new NotTouchedError() : new NoPasskeyError();
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}
