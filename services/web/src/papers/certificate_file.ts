/**
 * Reading a certificate file as banks, ministries and issuers hand it out: PEM (one or several),
 * DER, or the Base64 of a DER without its frame. What is in it, the service judges.
 */
import { fromBase64, toBase64 } from '../crypto/encodings.ts';
import { MalformedError } from '../crypto/errors.ts';

const FRAMED = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** DER tags (X.690 §8) and the long forms of a length in one and in two bytes. */
const SEQUENCE = 0x30;
const INTEGER = 0x02;
const LONG_FORM = [0x81, 0x82];
const MAX_CERTIFICATES = 10;

/** The file is no certificate; `secret` when a private key is in it, which must go nowhere. */
export class CertificateFileError extends Error {
  constructor(readonly reason: 'none' | 'secret' | 'many') {
    super(reason);
    this.name = 'CertificateFileError';
  }
}

/**
 * The certificates as DER in Base64, in the order of the file: the signer's own comes first.
 *
 * Raises CertificateFileError.
 */
export function certificatesIn(file: Uint8Array<ArrayBuffer>): string[] {
  if (isSequence(file)) return [checked(file)];
  const text = new TextDecoder().decode(file);
  if (PRIVATE_KEY.test(text)) throw new CertificateFileError('secret');
  const framed = [...text.matchAll(FRAMED)].map((found) => found[1] ?? '');
  const found = (framed.length === 0 ? [text] : framed).map(certificateOf);
  if (found.length > MAX_CERTIFICATES) throw new CertificateFileError('many');
  return found;
}

function certificateOf(text: string): string {
  try {
    return checked(fromBase64(text.replace(/\s/g, '')));
  } catch (error) {
    if (error instanceof MalformedError) throw new CertificateFileError('none');
    throw error;
  }
}

/**
 * A certificate is a SEQUENCE that begins with a long SEQUENCE (RFC 5280 §4.1). One that begins
 * with a version number is a store or a private key (RFC 7292 §4, RFC 5958 §2), and an encrypted
 * key begins with a short SEQUENCE (RFC 5958 §3): none of these may leave the device.
 */
function checked(der: Uint8Array): string {
  if (!isSequence(der)) throw new CertificateFileError('none');
  const [inner, form = 0] = der.subarray(4);
  if (inner === SEQUENCE && LONG_FORM.includes(form)) return toBase64(der);
  throw new CertificateFileError(inner === INTEGER || inner === SEQUENCE ? 'secret' : 'none');
}

/** Whether the bytes are one SEQUENCE of 256 to 65535 bytes and nothing behind it. */
function isSequence(bytes: Uint8Array): boolean {
  const [tag, form, high = 0, low = 0] = bytes;
  return tag === SEQUENCE && form === 0x82 && bytes.length === 4 + high * 256 + low;
}
