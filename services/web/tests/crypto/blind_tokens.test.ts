import { RSABSSA } from '@cloudflare/blindrsa-ts';
import { afterEach, describe, expect, it, vi } from 'vitest';

import {
  beginToken,
  blindingFromJson,
  blindingToJson,
  finishToken,
  parseToken,
  parseTokenKey,
  tokenMessage,
  verifyToken,
} from '../../src/crypto/blind_tokens.ts';
import { fromHex, toBase64Url, toHex } from '../../src/crypto/encodings.ts';
import { rsaKeyOfSpki } from '../../src/crypto/rsa_spki.ts';
import { blindSign, inverseMod, issuerKeyOf, powerMod, spkiOf } from './token_issuer.ts';
import { readVectors, runVectors } from './vector_file.ts';

/** The library draws by itself, so the system's generator is scripted for a while. */
function scriptRandomness(...answers: readonly string[]): void {
  const remaining = answers.map(fromHex);
  vi.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation((array) => {
    const answer = remaining.shift();
    const target = array as unknown as Uint8Array;
    if (answer?.length !== target.length) throw new Error('another draw than expected');
    target.set(answer);
    return array;
  });
}

afterEach(() => vi.restoreAllMocks());

interface BlindInput {
  phi: string;
  credential: string;
  spki: string;
  prefix: string;
  salt: string;
  blinding_factor: string;
}

/** The encoded message is what the blinding factor was multiplied to: m = b / r^e. */
function unblinded(blindedMessage: string, inverse: string, modulus: bigint): string {
  const factor = powerMod(BigInt(`0x${inverse}`), 65537n, modulus);
  const message = (BigInt(`0x${blindedMessage}`) * factor) % modulus;
  return message.toString(16).padStart(768, '0');
}

runVectors('tokens.json', {
  token_message: (given: { phi: string; credential: string }) => ({
    message: toHex(tokenMessage(given.phi, given.credential)),
  }),
  blind: async (given: BlindInput) => {
    const key = await parseTokenKey(fromHex(given.spki));
    scriptRandomness(given.prefix, given.salt, given.blinding_factor);
    const stored = blindingToJson(await beginToken(key, given.phi, given.credential));
    expect(blindingToJson(blindingFromJson(stored))).toEqual(stored);
    const { blinded_message: blinded = '', inverse = '' } = stored;
    return { ...stored, encoded_message: unblinded(blinded, inverse, key.modulus) };
  },
  blind_sign: (given: { p: string; q: string; blinded_message: string }) => {
    const key = issuerKeyOf(BigInt(`0x${given.p}`), BigInt(`0x${given.q}`));
    return { blind_signature: toHex(blindSign(key, fromHex(given.blinded_message))) };
  },
  finish_token: async (given: {
    spki: string;
    blinding: Record<string, string>;
    blind_signature: string;
  }) => {
    const key = await parseTokenKey(fromHex(given.spki));
    const blinding = blindingFromJson(given.blinding);
    return { token: await finishToken(key, blinding, fromHex(given.blind_signature)) };
  },
  verify_token: async (given: { spki: string; phi: string; credential: string; token: string }) => {
    const key = await parseTokenKey(fromHex(given.spki));
    const token = parseToken(given.token);
    await verifyToken(key, given.phi, given.credential, token);
    return { prefix: toHex(token.prefix), signature: toHex(token.signature) };
  },
});

type RfcVector = Readonly<
  Record<
    | 'name' | 'p' | 'q' | 'n' | 'e' | 'd' | 'msg' | 'msg_prefix' | 'input_msg' | 'sLen' | 'salt'
    | 'inv' | 'blinded_msg' | 'blind_sig' | 'sig',
    string
  >
>;

const hexOf = (text: string): string => text.replace(/^0x/, '');
const numberOf = (text: string): bigint => BigInt(`0x${hexOf(text) || '0'}`);
const suites: Readonly<Record<string, () => ReturnType<typeof RSABSSA.SHA384.PSS.Randomized>>> = {
  'RSABSSA-SHA384-PSS-Randomized': RSABSSA.SHA384.PSS.Randomized,
  'RSABSSA-SHA384-PSS-Deterministic': RSABSSA.SHA384.PSS.Deterministic,
  'RSABSSA-SHA384-PSSZERO-Randomized': RSABSSA.SHA384.PSSZero.Randomized,
  'RSABSSA-SHA384-PSSZERO-Deterministic': RSABSSA.SHA384.PSSZero.Deterministic,
};

describe('RFC 9474 appendix A', () => {
  it.each(readVectors<RfcVector[]>('rfc9474/rfc9474.json'))('$name', async (vector) => {
    const suite = suites[vector.name]!();
    const n = numberOf(vector.n);
    const base64url = (text: string): string => toBase64Url(fromHex(hexOf(text)));
    const publicKey = await crypto.subtle.importKey(
      'jwk',
      { kty: 'RSA', n: base64url(vector.n), e: base64url(vector.e) },
      { name: 'RSA-PSS', hash: 'SHA-384' },
      true,
      ['verify'],
    );
    const factor = inverseMod(numberOf(vector.inv), n).toString(16).padStart(1024, '0');
    const prepared = fromHex(hexOf(vector.input_msg));
    scriptRandomness(hexOf(vector.salt), factor);
    const { blindedMsg, inv } = await suite.blind(publicKey, prepared);
    expect(toHex(blindedMsg)).toBe(hexOf(vector.blinded_msg));
    expect(toHex(inv)).toBe(hexOf(vector.inv).padStart(1024, '0'));
    const issuer = issuerKeyOf(numberOf(vector.p), numberOf(vector.q));
    const blindSignature = blindSign(issuer, blindedMsg);
    expect(toHex(blindSignature)).toBe(hexOf(vector.blind_sig));
    const signature = await suite.finalize(publicKey, prepared, blindSignature, inv);
    expect(toHex(signature)).toBe(hexOf(vector.sig));
  });
});

describe('a token from beginning to end', () => {
  const [phi, credential] = ['7TnGlfDbBOLFJ0uVkSh8nAfZH2PmgjZyv8mAHyJ4rcY', '5ef52dbd'];
  const { positive } = readVectors<{
    positive: readonly { operation: string; input: { p: string; q: string; spki: string } }[];
  }>('phieukin/tokens.json');
  const primes = positive.find((each) => each.operation === 'blind_sign')!.input;
  const issuer = issuerKeyOf(BigInt(`0x${primes.p}`), BigInt(`0x${primes.q}`));
  const spki = spkiOf(issuer.modulus);

  it('is valid for its election and credential only, and unlike what the issuer saw', async () => {
    const key = await parseTokenKey(spki);
    const blinding = structuredClone(await beginToken(key, phi, credential));
    const token = await finishToken(key, blinding, blindSign(issuer, blinding.blindedMessage));
    await verifyToken(key, phi, credential, parseToken(token));
    await expect(verifyToken(key, phi, '5ef52dbe', parseToken(token))).rejects.toThrow(
      expect.objectContaining({ name: 'TokenError' }),
    );
    const again = await beginToken(key, phi, credential);
    expect(again.blindedMessage).not.toEqual(blinding.blindedMessage);
  });

  it.each([
    ['nothing', ''],
    ['a byte after its end', `${toHex(spki)}00`],
    ['a byte less', toHex(spki).slice(0, -2)],
    ['another algorithm', toHex(spki).replace('0101010500', '01010a0500')],
    ['a negative modulus', toHex(spki).replace('0282018100', '02820181ff')],
    ['a length in a longer form', toHex(spki).replace('0203010001', '028103010001')],
  ])('refuses a key with %s', async (_, wrong) => {
    await expect(parseTokenKey(fromHex(wrong))).rejects.toThrow(
      expect.objectContaining({ name: 'MalformedError' }),
    );
  });

  it('reads the numbers of a key', () => {
    expect(rsaKeyOfSpki(spki)).toEqual({ modulus: issuer.modulus, exponent: 65537n });
  });

  it.each([
    [{}],
    [{ prepared: '00', blinded_message: '00', inverse: 1 }],
    [{ prepared: '00', blinded_message: '00', inverse: '0' }],
    [{ prepared: '00', blinded_message: '00', inverse: '00', more: '00' }],
  ])('refuses a blinding state %j', (stored) => {
    expect(() => blindingFromJson(stored)).toThrow(
      expect.objectContaining({ name: 'MalformedError' }),
    );
  });
});
