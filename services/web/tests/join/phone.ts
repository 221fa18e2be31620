/** A browser's surroundings in Node: storage, and an authenticator with real P-256 keys. */
import { vi } from 'vitest';

import * as base64url from '../../src/schemas/base64url.ts';

export const ANDROID =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 ' +
  'Mobile Safari/537.36';
export const COMPUTER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ' +
  'Chrome/129.0.0.0 Safari/537.36';

const GIGABYTE = 2 ** 30;

/** What the browser makes its credentials of. */
class MadeCredential {
  readonly type = 'public-key';
  readonly id: string;

  constructor(
    readonly rawId: ArrayBuffer,
    readonly response: object,
    readonly hasPrf: boolean,
  ) {
    this.id = base64url.encode(new Uint8Array(rawId));
  }

  getClientExtensionResults(): object {
    return this.hasPrf ? { prf: { enabled: true } } : {};
  }
}

/** How the phone behaves; a test changes it while it runs. */
export class Phone {
  userAgent = ANDROID;
  quota = 10 * GIGABYTE;
  usage = 0;
  /** null: a browser without WebAuthn. */
  hasScreenLock: boolean | null = true;
  /** What the system's dialog ends with. */
  dialog: 'touched' | 'closed' | 'not_supported' = 'touched';
  /** How often the system's dialog was shown. */
  asked = 0;
  readonly passkeys = new Set<string>();

  /** Put this phone in the place of the browser's globals. */
  plugIn(): void {
    vi.stubGlobal('location', { origin: 'http://localhost' });
    vi.stubGlobal('navigator', this.#navigator());
    vi.stubGlobal('window', globalThis);
    if (this.hasScreenLock === null) vi.stubGlobal('PublicKeyCredential', undefined);
    else vi.stubGlobal('PublicKeyCredential', this.#webAuthn());
  }

  #navigator(): object {
    const phone = this;
    return {
      get userAgent() {
        return phone.userAgent;
      },
      storage: {
        persist: async () => true,
        estimate: async () => ({ quota: phone.quota, usage: phone.usage }),
      },
      credentials: {
        create: async () => phone.#create(),
        get: async (options: CredentialRequestOptions) => phone.#get(options),
      },
    };
  }

  #webAuthn(): unknown {
    return Object.assign(MadeCredential, {
      isUserVerifyingPlatformAuthenticatorAvailable: async () => this.hasScreenLock === true,
    });
  }

  async #create(): Promise<unknown> {
    this.#show();
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const { publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
    const spki = await crypto.subtle.exportKey('spki', publicKey);
    const id = crypto.getRandomValues(new Uint8Array(16));
    this.passkeys.add(base64url.encode(id));
    const response = {
      clientDataJSON: new ArrayBuffer(1),
      attestationObject: new ArrayBuffer(1),
      getPublicKey: () => spki,
      getPublicKeyAlgorithm: () => -7,
    };
    return new MadeCredential(id.buffer, response, true);
  }

  async #get(options: CredentialRequestOptions): Promise<unknown> {
    const wanted = options.publicKey?.allowCredentials?.[0]?.id;
    this.#show();
    const id = new Uint8Array(wanted as Uint8Array<ArrayBuffer>);
    if (!this.passkeys.has(base64url.encode(id))) throw refusal('NotAllowedError');
    const response = {
      clientDataJSON: new ArrayBuffer(1),
      authenticatorData: new ArrayBuffer(37),
      signature: new ArrayBuffer(70),
    };
    return new MadeCredential(id.buffer, response, false);
  }

  #show(): void {
    this.asked += 1;
    if (this.dialog === 'closed') throw refusal('NotAllowedError');
    if (this.dialog === 'not_supported') throw refusal('NotSupportedError');
  }
}

function refusal(name: string): DOMException {
  return new DOMException('refused', name);
}
