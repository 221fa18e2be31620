import { describe, expect, it } from 'vitest';

import {
  cancelMessage,
  checkinMessage,
  fingerprint,
  hashOfBlindedMessages,
  issueMessage,
  loginMessage,
  message,
  parseDeviceKey,
  signatureFromDer,
  verifyDeviceSignature,
  verifyPasskeyAssertion,
} from '../../src/crypto/device_keys.ts';
import { bytesOfText, fromHex, textOfBytes, toHex } from '../../src/crypto/encodings.ts';
import { readVectors, runVectors } from './vector_file.ts';

interface AssertionInput {
  spki: string;
  message: string;
  signature: string;
  authenticator_data: string;
  client_data: string;
  rp_id: string;
  origins: string[];
}

function verifyAssertion(given: AssertionInput): Promise<void> {
  return verifyPasskeyAssertion(
    fromHex(given.spki),
    fromHex(given.message),
    fromHex(given.signature),
    fromHex(given.authenticator_data),
    fromHex(given.client_data),
    given.rp_id,
    given.origins,
  );
}

runVectors('device-keys.json', {
  blinded_sha256: (given: { blinded_messages: string[] }) => ({
    blinded_sha256: hashOfBlindedMessages(given.blinded_messages.map(fromHex)),
  }),
  issue_message: (given: { phi: string; member: number; blinded_sha256: string }) => ({
    message: toHex(issueMessage(given.phi, given.member, given.blinded_sha256)),
  }),
  login_message: (given: { origin: string; nonce: string }) => ({
    message: toHex(loginMessage(given.origin, fromHex(given.nonce))),
  }),
  checkin_message: (given: { meeting: string; member: number; nonce: string }) => ({
    message: toHex(checkinMessage(given.meeting, given.member, fromHex(given.nonce))),
  }),
  cancel_message: (given: { phi: string; member: number; reason: string; text: string }) => ({
    message: toHex(cancelMessage(given.phi, given.member, given.reason, given.text)),
  }),
  fingerprint: (given: { spki: string }) => ({
    fingerprint: toHex(fingerprint(fromHex(given.spki))),
  }),
  signature_from_der: (given: { der: string }) => ({
    signature: toHex(signatureFromDer(fromHex(given.der))),
  }),
  verify_device_signature: async (given: { spki: string; message: string; signature: string }) => {
    const [spki, signed, signature] = [given.spki, given.message, given.signature].map(fromHex);
    await verifyDeviceSignature(spki!, signed!, signature!);
    return {};
  },
  verify_passkey_assertion: async (given: AssertionInput) => {
    await verifyAssertion(given);
    return {};
  },
});

const refusal = (name: string): unknown => expect.objectContaining({ name });

describe('a device key of the browser', () => {
  it('signs what is accepted, and nothing else', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ]);
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
    expect(parseDeviceKey(spki)).toEqual(spki);
    const signed = checkinMessage('m-1', 3, new Uint8Array(32));
    const ecdsa = { name: 'ECDSA', hash: 'SHA-256' };
    for (let round = 0; round < 20; round += 1) {
      const signature = new Uint8Array(await crypto.subtle.sign(ecdsa, pair.privateKey, signed));
      await verifyDeviceSignature(spki, signed, signature);
      const other = checkinMessage('m-1', 4, new Uint8Array(32));
      await expect(verifyDeviceSignature(spki, other, signature)).rejects.toThrow(
        refusal('SignatureError'),
      );
    }
  });
});

describe('the form of a signature', () => {
  it.each([
    ['nothing', ''],
    ['a sequence of no numbers', '3000'],
    ['a negative number', '3006020181020101'],
    ['zero', '3006020100020101'],
    ['lengths that overlap', '3006020401020101'],
    ['another tag', '3106020101020101'],
    ['one number', '3003020101'],
  ])('refuses %s', (_, der) => {
    expect(() => signatureFromDer(fromHex(der))).toThrow(refusal('MalformedError'));
  });

  it('reads short numbers', () => {
    const signature = signatureFromDer(fromHex('300702020080020101'));
    expect(toHex(signature)).toBe(`${'0'.repeat(62)}80${'0'.repeat(62)}01`);
  });
});

describe('signed fields', () => {
  it.each([
    ['an empty field', ['']],
    ['a zero byte', ['a\0b']],
    ['513 bytes', ['a'.repeat(513)]],
    ['half of a surrogate pair', ['\ud800']],
  ])('refuse %s', (_, fields) => {
    expect(() => message('login', fields)).toThrow(refusal('MalformedError'));
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])('refuse member %s', (member) => {
    expect(() => checkinMessage('m', member, new Uint8Array(32))).toThrow(
      refusal('MalformedError'),
    );
  });
});

describe('client data', () => {
  const file = readVectors<{
    positive: readonly { operation: string; input: AssertionInput }[];
  }>('phieukin/device-keys.json');
  const good = file.positive.find((each) => each.operation === 'verify_passkey_assertion')!.input;
  const json = textOfBytes(fromHex(good.client_data));

  it.each([
    ['a field twice', json.replace('{', '{"type":"webauthn.get",'), 'MalformedError'],
    ['a field twice, once escaped', json.replace('{', '{"t\\u0079pe":1,'), 'MalformedError'],
    ['a byte order mark', `\ufeff${json}`, 'MalformedError'],
    ['an array', '[]', 'MalformedError'],
    ['crossOrigin null', json.replace('Origin":false', 'Origin":null'), 'SignatureError'],
    ['too many bytes', json + ' '.repeat(2049), 'MalformedError'],
  ])('with %s are refused', async (_, wrong, error) => {
    expect(wrong).not.toBe(json);
    const given = { ...good, client_data: toHex(bytesOfText(wrong)) };
    await expect(verifyAssertion(given)).rejects.toThrow(refusal(error));
  });
});
