import { describe, expect, it } from 'vitest';

import { CertificateFileError, certificatesIn } from '../../src/papers/certificate_file.ts';

/** Self-signed, of EC P-256, made by `openssl req -x509`. */
const BASE64 = [
  'MIIBgTCCASegAwIBAgIUZKcqjyelIaiPrrNWs+joG1NCD3MwCgYIKoZIzj0EAwIw',
  'FjEUMBIGA1UEAwwLVnUgVGhpIE1pbmgwHhcNMjYxMTI4MDQxODQ5WhcNMzYxMTI1',
  'MDQxODQ5WjAWMRQwEgYDVQQDDAtWdSBUaGkgTWluaDBZMBMGByqGSM49AgEGCCqG',
  'SM49AwEHA0IABHJr0wFk2qK7PqoqHMTqvj1ELH9NrEFqvHCfhgzYcMuHtemkLAp1',
  '56/lq/ZP1VOPdMS0SC2NGeAqub7ltBDK0aCjUzBRMB0GA1UdDgQWBBRuGqKMa4Ni',
  'oDhG1nYylmDkuuGTdDAfBgNVHSMEGDAWgBRuGqKMa4NioDhG1nYylmDkuuGTdDAP',
  'BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDwahqM4yFz0dchDVDq',
  '9jF8X9y773gfBhoB8zk5l/nTHgIgcvBOtrNhqIo57BgSbXDXAaWXQsL2VFfdZqgj',
  '0sTT9Co=',
].join('');
const PEM = `-----BEGIN CERTIFICATE-----\n${BASE64}\n-----END CERTIFICATE-----\n`;
const KEY = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQ==\n-----END EC PRIVATE KEY-----\n';

const bytes = (text: string) => new TextEncoder().encode(text);
const der = () => Uint8Array.from(Buffer.from(BASE64, 'base64'));

function reasonOf(file: Uint8Array<ArrayBuffer>): string {
  try {
    certificatesIn(file);
  } catch (error) {
    if (error instanceof CertificateFileError) return error.reason;
    throw error;
  }
  return 'read';
}

describe('a certificate file', () => {
  it.each([
    ['PEM', bytes(PEM)],
    ['PEM with bag attributes and CRLF', bytes(`Bag Attributes\r\n${PEM.replace(/\n/g, '\r\n')}`)],
    ['DER', der()],
    ['Base64 without its frame', bytes(BASE64)],
  ])('is read as %s', (_, file) => expect(certificatesIn(file)).toEqual([BASE64]));

  it('may hold the whole chain, the signer first', () => {
    expect(certificatesIn(bytes(PEM + PEM))).toHaveLength(2);
  });

  it('with a private key goes nowhere', () => {
    expect(reasonOf(bytes(PEM + KEY))).toBe('secret');
    expect(reasonOf(bytes('-----BEGIN ENCRYPTED PRIVATE KEY-----\n'))).toBe('secret');
  });

  it.each([
    ['a PKCS #12 store', [0x02, 0x01, 0x03]],
    ['a private key', [0x02, 0x01, 0x00]],
    ['an encrypted private key', [0x30, 0x57, 0x06]],
  ])('is not %s, in DER or in Base64: it goes nowhere', (_, begin) => {
    const file = Uint8Array.from([0x30, 0x82, 0x01, 0x40, ...begin, ...new Array<number>(0x13d)]);
    expect(reasonOf(file)).toBe('secret');
    expect(reasonOf(bytes(Buffer.from(file).toString('base64')))).toBe('secret');
  });

  it('is not a list of certificates in PKCS #7', () => {
    const oid = [0x06, 0x09, 0x2a];
    const file = Uint8Array.from([0x30, 0x82, 0x01, 0x40, ...oid, ...new Array<number>(0x13d)]);
    expect(reasonOf(file)).toBe('none');
  });

  it.each([
    ['nothing', bytes('')],
    ['a text', bytes('xin chào')],
    ['a cut DER', der().slice(0, -1)],
    ['a DER with more behind it', Uint8Array.from([...der(), 0])],
    ['a cut PEM', bytes(PEM.replace(BASE64, BASE64.slice(0, 40)))],
  ])('is not %s', (_, file) => expect(reasonOf(file)).toBe('none'));

  it('is not a whole store of certificates', () => {
    expect(reasonOf(bytes(PEM.repeat(11)))).toBe('many');
  });
});
