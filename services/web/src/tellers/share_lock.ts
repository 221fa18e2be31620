/**
 * What a teller's share is sealed under: a secret of the passkey (WebAuthn PRF) where there is
 * one, else a pass-phrase (Argon2id, RFC 9106). From either, HKDF-SHA-256 makes an AES-256-GCM key
 * that the browser never lets out.
 */
import { bytesOfText } from '../crypto/encodings.ts';
import type { Randomness } from '../crypto/randomness.ts';

/** Of OWASP's equal choices the one of 46 MiB, with a pass more: about 3 s on a slow phone. */
const MEMORY_KIB = 46 * 1024;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const MAX_MEMORY_KIB = 256 * 1024;
const MAX_PASSES = 16;
/** As of the offline program (services/trustee/custody.py). */
export const MIN_PASS_PHRASE_CHARACTERS = 10;

/** How a stored share is unlocked; stored beside it, so that the costs may change later. */
export type ShareLock =
  | { readonly kind: 'passkey'; readonly salt: Uint8Array<ArrayBuffer> }
  | {
      readonly kind: 'pass_phrase';
      readonly salt: Uint8Array<ArrayBuffer>;
      readonly memoryKib: number;
      readonly passes: number;
      readonly lanes: number;
    };

/** A pass-phrase and what it costs to stretch it. */
export type Stretching = Omit<Extract<ShareLock, { kind: 'pass_phrase' }>, 'kind'> & {
  readonly passPhrase: string;
};

/** Stretch a pass-phrase to 32 bytes, in a worker or, in tests, here. */
export type Stretch = (asked: Stretching) => Promise<Uint8Array<ArrayBuffer>>;

/** Whose share of which election: bound into key and ciphertext. */
export interface ShareOwner {
  readonly uuid: string;
  readonly member: number;
}

/** A lock for a new share. */
export function newLock(kind: ShareLock['kind'], randomness: Randomness): ShareLock {
  const salt = randomness(SALT_BYTES);
  return kind === 'passkey'
    ? { kind, salt }
    : { kind, salt, memoryKib: MEMORY_KIB, passes: PASSES, lanes: LANES };
}

/** What is wrong with a pass-phrase that was typed twice; null when nothing is. */
export function passPhraseProblem(first: string, second: string): 'short' | 'differ' | null {
  if ([...normalised(first)].length < MIN_PASS_PHRASE_CHARACTERS) return 'short';
  return normalised(first) === normalised(second) ? null : 'differ';
}

/** The salt that the passkey derives this election's secret from: SHA-256, 32 bytes. */
export async function prfSalt(uuid: string): Promise<Uint8Array<ArrayBuffer>> {
  const text = bytesOfText(`phieukin/trustee-prf/1\0${uuid}`);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', text));
}

/** The key of a share under a passkey; `secret` is the 32 bytes that it derived. */
export function keyOfPasskey(
  owner: ShareOwner,
  lock: ShareLock,
  secret: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  return keyOf(owner, lock, secret);
}

/** The key of a share under a pass-phrase. Throws RangeError for costs that no lock of ours has. */
export async function keyOfPassPhrase(
  owner: ShareOwner,
  lock: ShareLock,
  passPhrase: string,
  stretch: Stretch,
): Promise<CryptoKey> {
  if (lock.kind !== 'pass_phrase') throw new RangeError('the share is under a passkey');
  const { salt, memoryKib, passes, lanes } = lock;
  if (memoryKib > MAX_MEMORY_KIB || passes > MAX_PASSES) throw new RangeError('not a lock of ours');
  const asked = { passPhrase: normalised(passPhrase), salt, memoryKib, passes, lanes };
  return keyOf(owner, lock, await stretch(asked));
}

/** What is bound into a share's ciphertext: it opens for its owner and election only. */
export function boundTo({ uuid, member }: ShareOwner): Uint8Array<ArrayBuffer> {
  return bytesOfText(`phieukin/trustee-share/1\0${uuid}\0${member}`);
}

async function keyOf(
  { uuid, member }: ShareOwner,
  { kind, salt }: ShareLock,
  secret: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  const info = bytesOfText(`phieukin/trustee-share/1|${kind}|${uuid}|${member}`);
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/** Vietnamese letters have two encodings; another keyboard may type the other one. */
function normalised(passPhrase: string): string {
  return passPhrase.normalize('NFC');
}
