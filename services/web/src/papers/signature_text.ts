/** The signature value as signing services give it back: Base64, hex, or the bytes in a file. */
import { fromBase64, fromHex, toBase64 } from '../crypto/encodings.ts';
import { MalformedError } from '../crypto/errors.ts';

/** From the shortest of ECDSA P-256 in DER to RSA of 8192 bits. */
const MIN_BYTES = 60;
const MAX_BYTES = 1024;
const HEX = /^[0-9a-f]+$/i;

/** The value as Base64; null when the text is no signature value. */
export function signatureOfText(typed: string): string | null {
  const text = typed.replace(/[\s:]/g, '');
  try {
    // Base64 of a signature has letters beyond F all but surely: hex is asked first.
    const isHex = HEX.test(text) && text.length % 2 === 0;
    return signatureOfBytes(isHex ? fromHex(text.toLowerCase()) : fromBase64(padded(text)));
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/** The value of a file: the bytes themselves, or a text of them. */
export function signatureOfFile(file: Uint8Array): string | null {
  return signatureOfText(new TextDecoder().decode(file)) ?? signatureOfBytes(file);
}

function signatureOfBytes(bytes: Uint8Array): string | null {
  return bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES ? toBase64(bytes) : null;
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
