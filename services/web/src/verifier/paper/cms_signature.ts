/**
 * A signature's CMS (RFC 5652) as PAdES asks for it (ETSI EN 319 142-1 §6.3, EN 319 122-1): one
 * signer, signed attributes with the digest of the signed bytes and the signer's certificate.
 *
 * Decoding and arithmetic are pkijs' and the browser's; this file says what must be there.
 */

import { fromBER } from 'asn1js';
import {
  Certificate,
  ContentInfo,
  CryptoEngine,
  setEngine,
  SignedData,
  type SignerInfo,
  TSTInfo,
} from 'pkijs';

import { equalBytes } from '../../crypto/encodings.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const DATA = '1.2.840.113549.1.7.1';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
/** Its first version with SHA-1, which time-stamp servers still write (RFC 3161 §2.4.2). */
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNATURE_TIME_STAMP = '1.2.840.113549.1.9.16.2.14';
const SHA256 = '2.16.840.1.101.3.4.2.1';
const HASHES: Readonly<Record<string, string>> = {
  [SHA256]: 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
};
/** PKCS#1 with a hash of its own or named beside it, PSS, ECDSA with SHA-2. */
const ALGORITHMS = new Set([
  '1.2.840.113549.1.1.1',
  '1.2.840.113549.1.1.10',
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);

/** This signature cannot stand; the message says why. */
export class CmsError extends Error {
  override readonly name = 'CmsError';
}

/** A signature whose digest and value are right. */
export interface CmsSignature {
  readonly certificate: Certificate;
  /** The certificates that travel with the signature. */
  readonly certificates: readonly Certificate[];
  /** Length of the CMS in bytes: what fills the room behind it must be zero. */
  readonly length: number;
  /** When a time-stamp server saw the signature (RFC 3161), or null. */
  readonly stampedAt: Date | null;
}

/** A time stamp whose imprint and signature are right. */
export interface CmsTimeStamp {
  readonly certificate: Certificate;
  readonly certificates: readonly Certificate[];
  readonly length: number;
  readonly time: Date;
}

let isReady = false;

/** pkijs takes its arithmetic from the browser, in workers too. */
export function prepareEngine(): void {
  if (isReady) return;
  setEngine('browser', new CryptoEngine({ name: 'browser', crypto: globalThis.crypto }));
  isReady = true;
}

/** Verify a detached signature over `signed`. Throws CmsError. */
export async function verifyDetached(der: Uint8Array, signed: Uint8Array): Promise<CmsSignature> {
  prepareEngine();
  const { data, length } = readSignedData(der);
  const { eContentType, eContent } = data.encapContentInfo;
  if (eContentType !== DATA || eContent !== undefined) {
    throw new CmsError('it carries a content of its own');
  }
  const signer = onlySigner(data);
  const certificate = await verifySigner(data, signer, signed);
  const stampedAt = await signatureTimeStamp(signer);
  return { certificate, certificates: certificatesOf(data), length, stampedAt };
}

/** Verify a time-stamp token (RFC 3161 §2.4.2) over `stamped`. Throws CmsError. */
export async function verifyTimeStamp(
  der: Uint8Array,
  stamped: Uint8Array,
): Promise<CmsTimeStamp> {
  prepareEngine();
  const { data, length } = readSignedData(der);
  const { eContentType, eContent } = data.encapContentInfo;
  if (eContentType !== TST_INFO || eContent === undefined) throw new CmsError('no time stamp');
  const info = readAs(() => TSTInfo.fromBER(eContent.getValue()), 'its time stamp is broken');
  if (!(info.messageImprint.hashAlgorithm.algorithmId in HASHES)) {
    throw new CmsError('its time stamp uses an algorithm that is not accepted');
  }
  const signer = onlySigner(data);
  // The library compares the imprint with `stamped` before the signature.
  const certificate = await verifySigner(data, signer, stamped);
  return { certificate, certificates: certificatesOf(data), length, time: info.genTime };
}

function readSignedData(der: Uint8Array): { data: SignedData; length: number } {
  const { result, offset } = fromBER(der.slice());
  if (offset <= 0) throw new CmsError('it is no CMS');
  const content = readAs(() => new ContentInfo({ schema: result }), 'it is no CMS');
  if (content.contentType !== SIGNED_DATA) throw new CmsError('it is no signature');
  const data = readAs(() => new SignedData({ schema: content.content }), 'it is no signature');
  return { data, length: offset };
}

function onlySigner(data: SignedData): SignerInfo {
  const [signer, ...others] = data.signerInfos;
  if (signer === undefined || others.length > 0) throw new CmsError('it has not one signer');
  return signer;
}

async function verifySigner(
  data: SignedData,
  signer: SignerInfo,
  over: Uint8Array,
): Promise<Certificate> {
  if (!(signer.digestAlgorithm.algorithmId in HASHES)) {
    throw new CmsError('it uses a hash that is not accepted');
  }
  if (!ALGORITHMS.has(signer.signatureAlgorithm.algorithmId)) {
    throw new CmsError('it uses an algorithm that is not accepted');
  }
  checkAttributes(data, signer);
  const certificate = await verifyValue(data, over);
  const isTimeStamp = data.encapContentInfo.eContentType === TST_INFO;
  await checkSigningCertificate(signer, certificate, isTimeStamp);
  return certificate;
}

async function verifyValue(data: SignedData, over: Uint8Array): Promise<Certificate> {
  let found;
  try {
    const bytes = over.slice().buffer;
    found = await data.verify({ signer: 0, data: bytes, checkChain: false, extendedMode: true });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const isChanged = /digest doesn't match|TSTInfo verification is failed/.test(text);
    throw new CmsError(isChanged ? 'the signed bytes were changed' : `it is wrong: ${text}`);
  }
  if (found.signatureVerified !== true || !(found.signerCertificate instanceof Certificate)) {
    throw new CmsError('the signature is wrong');
  }
  return found.signerCertificate;
}

function checkAttributes(data: SignedData, signer: SignerInfo): void {
  const attributes = signer.signedAttrs?.attributes ?? [];
  const types = attributes.map((attribute) => attribute.type);
  if (new Set(types).size !== types.length || attributes.some(({ values }) => values.length !== 1)) {
    throw new CmsError('it has an attribute twice');
  }
  if (!types.includes(MESSAGE_DIGEST) || !types.includes(CONTENT_TYPE)) {
    throw new CmsError('it lacks the signed attributes');
  }
  const content = attributes.find(({ type }) => type === CONTENT_TYPE)?.values[0] as unknown as {
    valueBlock: { toString(): string };
  };
  if (content.valueBlock.toString() !== data.encapContentInfo.eContentType) {
    throw new CmsError('it names another content');
  }
}

/** ESS signing-certificate-v2 (RFC 5035 §3): another certificate for the same key is refused. */
async function checkSigningCertificate(
  signer: SignerInfo,
  certificate: Certificate,
  isTimeStamp: boolean,
): Promise<void> {
  const attributes = signer.signedAttrs?.attributes ?? [];
  const second = attributes.find(({ type }) => type === SIGNING_CERTIFICATE_V2);
  const isFirst = isTimeStamp && second === undefined;
  const attribute = isFirst
    ? attributes.find(({ type }) => type === SIGNING_CERTIFICATE)
    : second;
  // SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, … }
  const first = sequence(sequence(sequence(attribute?.values[0])[0])[0]);
  const hasAlgorithm = first[0]?.idBlock?.tagNumber === 16;
  const oid = hasAlgorithm ? sequence(first[0])[0]?.valueBlock?.toString() : SHA256;
  const hash = isFirst ? 'SHA-1' : HASHES[oid ?? ''];
  const stated = (hasAlgorithm ? first[1] : first[0])?.valueBlock?.valueHexView;
  if (hash === undefined || stated === undefined) {
    throw new CmsError("it does not name the signer's certificate");
  }
  const der = certificate.toSchema().toBER();
  const digest = new Uint8Array(await crypto.subtle.digest(hash, der));
  if (!equalBytes(digest, stated)) throw new CmsError('it names the certificate of somebody else');
}

/** The little of a decoded value that is looked at here. */
interface Asn1 {
  readonly idBlock?: { readonly tagNumber: number };
  readonly valueBlock?: {
    readonly value?: unknown;
    readonly valueHexView?: Uint8Array;
    toString(): string;
  };
}

function sequence(value: unknown): Asn1[] {
  const values = (value as Asn1 | undefined)?.valueBlock?.value;
  return Array.isArray(values) ? (values as Asn1[]) : [];
}

/** The time stamp over the signature's value (PAdES B-T), where there is one. */
async function signatureTimeStamp(signer: SignerInfo): Promise<Date | null> {
  const attribute = signer.unsignedAttrs?.attributes.find(
    ({ type }) => type === SIGNATURE_TIME_STAMP,
  );
  if (attribute === undefined) return null;
  const [token] = attribute.values as unknown as { toBER(): ArrayBuffer }[];
  if (token === undefined) throw new CmsError('its time stamp is broken');
  const value = signer.signature.valueBlock.valueHexView;
  return (await verifyTimeStamp(new Uint8Array(token.toBER()), value)).time;
}

function certificatesOf(data: SignedData): Certificate[] {
  return (data.certificates ?? []).filter((each) => each instanceof Certificate);
}

function readAs<Value>(read: () => Value, otherwise: string): Value {
  try {
    return read();
  } catch {
    throw new CmsError(otherwise);
  }
}
