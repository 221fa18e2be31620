import { createCipheriv, createDecipheriv } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';

import { openCcm } from '../../src/crypto/aes_ccm.ts';
import { dumps, loads } from '../../src/crypto/belenios_json.ts';
import { bytesOfText, fromHex, joinBytes, toHex } from '../../src/crypto/encodings.ts';
import { SignatureError } from '../../src/crypto/errors.ts';
import { ED25519, type Element, GROUPS } from '../../src/crypto/groups/index.ts';
import { systemRandomness } from '../../src/crypto/randomness.ts';
import {
  deriveTrusteeKeys,
  generateSeed,
  openDecryptionKey,
  parseSignedMessage,
  receive,
  seal,
  send,
  signedMessageToText,
  signMessage,
  unseal,
  verifyMessage,
} from '../../src/crypto/sealed_messages.ts';

const SENDER = deriveTrusteeKeys(ED25519, 'xgTKP41E2maNJQBe1f9L54');
const RECIPIENT = deriveTrusteeKeys(ED25519, 'hZ4AD55SjSgHFm12r3H8dT');
const OTHER = deriveTrusteeKeys(ED25519, 'ARks2fJoF5xNw7amG7Kaz4');

function publicOf(key: bigint): Element {
  return ED25519.powerOfGenerator(key);
}

function sent(message = 'text'): string {
  const encryption = publicOf(RECIPIENT.decryption);
  return send(ED25519, SENDER.signing, encryption, message, systemRandomness);
}

/** Seal bytes as 3.3 does, or as 2.x did, by Node's own ciphers. */
function sealBytes(plaintext: Uint8Array, cipher: 'AES-GCM' | 'AES-CCM'): string {
  const alpha = ED25519.elementToText(publicOf(5n));
  const shared = publicOf(7n);
  const beta = ED25519.multiply(ED25519.power(publicOf(RECIPIENT.decryption), 5n), shared);
  const key = sha256(bytesOfText(`key|${ED25519.elementToText(shared)}`));
  const nonce = sha256(bytesOfText(`iv|${alpha}`));
  const fields = { alpha, beta: ED25519.elementToText(beta) };
  if (cipher === 'AES-CCM') {
    const old = createCipheriv('aes-256-ccm', key, nonce.subarray(0, 13), { authTagLength: 8 });
    const data = joinBytes(old.update(plaintext), old.final(), old.getAuthTag());
    return dumps({ ...fields, data: toHex(data) });
  }
  const gcm = createCipheriv('aes-256-gcm', key, nonce);
  const data = joinBytes(gcm.update(plaintext), gcm.final(), gcm.getAuthTag());
  return dumps({ algorithm: 'AES-GCM', ...fields, data: toHex(data) });
}

describe('a seed', () => {
  it('has 22 digits of base58, and bytes that would bias them are drawn again', () => {
    expect(generateSeed(systemRandomness)).toMatch(/^[1-9A-HJ-NP-Za-km-z]{22}$/);
    const bytes = [0xff, 0xe8, ...Array<number>(21).fill(0), 0xe7];
    const seed = generateSeed(() => Uint8Array.of(bytes.shift() ?? 0xff));
    expect(seed).toBe(`${'1'.repeat(21)}z`);
    expect(bytes).toEqual([]);
  });

  it.each(['', '1'.repeat(21), '0'.repeat(22), '1'.repeat(23)])('is not %j', (seed) => {
    expect(() => deriveTrusteeKeys(ED25519, seed)).toThrow('22 base58 digits');
  });
});

describe.each(GROUPS)('a message between trustees in $name', (group) => {
  it('arrives with its sender known', () => {
    const sender = deriveTrusteeKeys(group, 'xgTKP41E2maNJQBe1f9L54');
    const recipient = deriveTrusteeKeys(group, 'hZ4AD55SjSgHFm12r3H8dT');
    const encryption = group.powerOfGenerator(recipient.decryption);
    const sealed = send(group, sender.signing, encryption, '{"secret":"1"}', systemRandomness);
    const verification = group.powerOfGenerator(sender.signing);
    expect(receive(group, recipient, verification, sealed)).toBe('{"secret":"1"}');
  });
});

describe('a sealed message', () => {
  it("is opened by its recipient's key alone, and is its sender's alone", () => {
    expect(receive(ED25519, RECIPIENT, publicOf(SENDER.signing), sent())).toBe('text');
    expect(() => receive(ED25519, OTHER, publicOf(SENDER.signing), sent())).toThrow(SignatureError);
    expect(() => receive(ED25519, RECIPIENT, publicOf(OTHER.signing), sent())).toThrow(
      SignatureError,
    );
  });

  it('cannot be passed on as if it were for somebody else', () => {
    const recipient = ED25519.elementToText(publicOf(OTHER.decryption));
    const inner = dumps({ recipient, message: 'x' });
    const signed = signMessage(ED25519, SENDER.signing, inner, systemRandomness);
    const text = signedMessageToText(signed);
    const sealed = seal(ED25519, publicOf(RECIPIENT.decryption), text, systemRandomness);
    expect(() => receive(ED25519, RECIPIENT, publicOf(SENDER.signing), sealed)).toThrow(
      'another recipient',
    );
  });

  it.each([
    [{ algorithm: 'AES-CBC' }, 'MalformedError'],
    [{ data: '0' }, 'MalformedError'],
    [{ data: 'AB' }, 'MalformedError'],
    [{ data: '' }, 'MalformedError'],
    [{ data: '00' }, 'SignatureError'],
    [{ data: '00'.repeat(40) }, 'SignatureError'],
    [{ alpha: '00'.repeat(32) }, 'MembershipError'],
    [{ beta: `2${'0'.repeat(63)}` }, 'MembershipError'],
    [{ more: '1' }, 'MalformedError'],
  ])('is refused with %j', (change, name) => {
    const text = dumps({ ...(loads(sent()) as object), ...change });
    expect(() => unseal(ED25519, RECIPIENT.decryption, text)).toThrow(
      expect.objectContaining({ name }),
    );
  });

  it('is refused after any digit of it changed', () => {
    const sealed = loads(sent()) as { data: string };
    for (let place = 0; place < sealed.data.length; place += 37) {
      const digit = sealed.data[place] === '0' ? '1' : '0';
      const data = sealed.data.slice(0, place) + digit + sealed.data.slice(place + 1);
      const text = dumps({ ...sealed, data });
      expect(() => unseal(ED25519, RECIPIENT.decryption, text)).toThrow(SignatureError);
    }
  });

  it.each(['AES-GCM', 'AES-CCM'] as const)('is read in the form of %s', (cipher) => {
    for (const text of ['x', 'a text of sixteen', 'x'.repeat(1000)]) {
      const sealed = sealBytes(bytesOfText(text), cipher);
      expect(unseal(ED25519, RECIPIENT.decryption, sealed)).toBe(text);
    }
    const other = sealBytes(Uint8Array.of(0xc3, 0xa9), cipher);
    expect(() => unseal(ED25519, RECIPIENT.decryption, other)).toThrow('ASCII');
  });

  it('is sealed as another program reads it', () => {
    const sealed = seal(ED25519, publicOf(RECIPIENT.decryption), 'text', systemRandomness);
    const { alpha, beta, data } = loads(sealed) as { alpha: string; beta: string; data: string };
    const masked = ED25519.power(ED25519.elementFromText(alpha), RECIPIENT.decryption);
    const shared = ED25519.divide(ED25519.elementFromText(beta), masked);
    const key = sha256(bytesOfText(`key|${ED25519.elementToText(shared)}`));
    const gcm = createDecipheriv('aes-256-gcm', key, sha256(bytesOfText(`iv|${alpha}`)));
    const bytes = fromHex(data);
    gcm.setAuthTag(bytes.subarray(-16));
    expect(gcm.update(bytes.subarray(0, -16), undefined, 'utf-8')).toBe('text');
    gcm.final();
  });
});

describe('AES-CCM', () => {
  const [key, nonce] = [systemRandomness(32), systemRandomness(13)];

  function sealed(length: number): Uint8Array {
    const cipher = createCipheriv('aes-256-ccm', key, nonce, { authTagLength: 8 });
    const data = cipher.update(new Uint8Array(length).fill(7));
    return joinBytes(data, cipher.final(), cipher.getAuthTag());
  }

  it.each([0, 1, 15, 16, 17, 32, 1000, 65_535])('opens %i bytes', (length) => {
    expect(openCcm(key, nonce, sealed(length), 8).every((byte) => byte === 7)).toBe(true);
  });

  it('refuses a changed bit anywhere, and what is too short', () => {
    for (let place = 0; place < 28; place += 1) {
      const data = sealed(20);
      data[place] = (data[place] ?? 0) ^ 1;
      expect(() => openCcm(key, nonce, data, 8)).toThrow(SignatureError);
    }
    expect(() => openCcm(key, nonce, sealed(0).subarray(0, 7), 8)).toThrow(SignatureError);
    expect(() => openCcm(key, systemRandomness(12), sealed(20), 8)).toThrow(SignatureError);
  });
});

describe('a signed message', () => {
  const signed = signMessage(ED25519, SENDER.signing, 'text', systemRandomness);

  it('is of the one who signed it', () => {
    const read = parseSignedMessage(ED25519, signedMessageToText(signed));
    expect(read).toEqual(signed);
    verifyMessage(ED25519, publicOf(SENDER.signing), read);
    const other = publicOf(OTHER.signing);
    expect(() => {
      verifyMessage(ED25519, other, read);
    }).toThrow(SignatureError);
    expect(() => {
      verifyMessage(ED25519, publicOf(SENDER.signing), { ...read, message: 'test' });
    }).toThrow(SignatureError);
  });

  it.each([
    ['', 'MalformedError'],
    [`${signedMessageToText(signed)} `, 'MalformedError'],
    [signedMessageToText({ ...signed, message: 'é' }), 'MalformedError'],
    [signedMessageToText({ ...signed, message: 'x'.repeat(65_537) }), 'MalformedError'],
    [
      signedMessageToText({ ...signed, signature: { challenge: ED25519.q, response: 1n } }),
      'ScalarRangeError',
    ],
  ])('is refused when it is %.40s', (text, name) => {
    expect(() => parseSignedMessage(ED25519, text)).toThrow(expect.objectContaining({ name }));
  });
});

describe('a decryption key that a trustee sent to itself', () => {
  it.each([
    ['{"decryption_key":"5"}', 5n],
    // belenios-tool 2.0 writes the plain sum of shares.
    [`{"decryption_key":"${ED25519.q + 5n}"}`, 5n],
  ])('is read from %s', (message, key) => {
    const own = publicOf(SENDER.decryption);
    const text = send(ED25519, SENDER.signing, own, message, systemRandomness);
    expect(openDecryptionKey(ED25519, SENDER, text)).toBe(key);
  });

  it.each(['{"decryption_key":"05"}', '{"decryption_key":5}', '{"secret":"5"}', ''])(
    'is refused as %s',
    (message) => {
      const own = publicOf(SENDER.decryption);
      const text = send(ED25519, SENDER.signing, own, message, systemRandomness);
      expect(() => openDecryptionKey(ED25519, SENDER, text)).toThrow(
        expect.objectContaining({ name: 'MalformedError' }),
      );
    },
  );
});

