/** Whether a certificate was good when it signed, by the issuers that the auditor gives (RFC 5280). */

import { fromBER } from 'asn1js';
import {
  BasicOCSPResponse,
  Certificate,
  CertificateChainValidationEngine,
  CertificateRevocationList,
  OCSPResponse,
} from 'pkijs';

import { equalBytes, fromBase64 } from '../../crypto/encodings.ts';
import { MalformedInputError } from '../report.ts';
import { prepareEngine } from './cms_signature.ts';

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;
const COMMON_NAME = '2.5.4.3';
const KEY_USAGE = '2.5.29.15';
const BASIC_OCSP = '1.3.6.1.5.5.7.48.1.1';
const MAX_CERTIFICATES = 500;
const REVOKED = 1;

/** Lists of revoked certificates and answers about single ones, as a paper carries them (DSS). */
export interface RevocationData {
  readonly lists: readonly CertificateRevocationList[];
  readonly answers: readonly BasicOCSPResponse[];
}

/** Read a PEM file of issuers. Throws MalformedInputError. */
export function readCertificates(pem: Uint8Array): Certificate[] {
  prepareEngine();
  const blocks = [...new TextDecoder().decode(pem).matchAll(PEM)];
  if (blocks.length === 0 || blocks.length > MAX_CERTIFICATES) {
    throw new MalformedInputError('the file of issuers holds no certificate in PEM form');
  }
  return blocks.map(([, text = '']) => {
    try {
      return Certificate.fromBER(fromBase64(text.replace(/\s/g, '')));
    } catch {
      throw new MalformedInputError('the file of issuers holds a certificate that is broken');
    }
  });
}

/** Read a certificate's DER, or null where it is none. */
export function readCertificate(der: Uint8Array): Certificate | null {
  try {
    return Certificate.fromBER(der.slice());
  } catch {
    return null;
  }
}

/** Read revocation data; what cannot be read is left out. */
export function readRevocationData(
  lists: readonly Uint8Array[],
  answers: readonly Uint8Array[],
): RevocationData {
  prepareEngine();
  return {
    lists: lists.flatMap((der) => readOrNone(() => CertificateRevocationList.fromBER(der.slice()))),
    answers: answers.flatMap((der) => readOrNone(() => readAnswer(der))),
  };
}

/** What a reader sees of a certificate's owner. */
export function ownerOf(certificate: Certificate): string {
  const { typesAndValues } = certificate.subject;
  const named = typesAndValues.find(({ type }) => String(type) === COMMON_NAME) ?? typesAndValues[0];
  return named === undefined ? '?' : String(named.value.valueBlock.value);
}

/** Why a certificate could not sign at a time, whoever issued it. */
export function validityProblems(certificate: Certificate, at: Date): string[] {
  const problems: string[] = [];
  if (at < certificate.notBefore.value) problems.push('the certificate was not valid yet');
  if (at > certificate.notAfter.value) problems.push('the certificate had expired');
  const usage = certificate.extensions?.find(({ extnID }) => extnID === KEY_USAGE)?.parsedValue as
    | { valueBlock: { valueHexView: Uint8Array } }
    | undefined;
  const bits = usage?.valueBlock.valueHexView[0];
  // digitalSignature or nonRepudiation (RFC 5280 §4.2.1.3).
  if (bits !== undefined && (bits & 0b1100_0000) === 0) {
    problems.push('the certificate is not for signing');
  }
  return problems;
}

/** Whether a path leads from the certificate to one of `roots`, all of it valid at a time. */
export async function isOfIssuers(
  certificate: Certificate,
  others: readonly Certificate[],
  roots: readonly Certificate[],
  at: Date,
): Promise<boolean> {
  const engine = new CertificateChainValidationEngine({
    trustedCerts: [...roots],
    // The one to be judged stands last.
    certs: [...others.filter((each) => !isSameCertificate(each, certificate)), certificate],
    checkDate: at,
  });
  const { result, certificatePath } = await engine.verify().catch(() => ({
    result: false,
    certificatePath: undefined,
  }));
  const [leaf, end] = [certificatePath?.[0], certificatePath?.at(-1)];
  if (!result || leaf === undefined || end === undefined) return false;
  return isSameCertificate(leaf, certificate) && roots.some((root) => isSameCertificate(root, end));
}

/** Whether data that the certificate's issuer signed say that it is revoked. */
export async function isRevoked(
  certificate: Certificate,
  known: readonly Certificate[],
  { lists, answers }: RevocationData,
): Promise<boolean> {
  const issuers = known.filter((each) => each.subject.isEqual(certificate.issuer));
  for (const issuer of issuers) {
    for (const list of lists) {
      const isTheirs = list.issuer.isEqual(issuer.subject);
      if (!isTheirs || !list.isCertificateRevoked(certificate)) continue;
      if (await holds(list.verify({ issuerCertificate: issuer }))) return true;
    }
    for (const answer of answers) {
      const status = await answer.getCertificateStatus(certificate, issuer).catch(() => null);
      if (status?.isForCertificate !== true || status.status !== REVOKED) continue;
      if (await holds(answer.verify({ trustedCerts: [issuer] }))) return true;
    }
  }
  return false;
}

function isSameCertificate(left: Certificate, right: Certificate): boolean {
  return equalBytes(
    new Uint8Array(left.toSchema().toBER()),
    new Uint8Array(right.toSchema().toBER()),
  );
}

function readAnswer(der: Uint8Array): BasicOCSPResponse {
  const response = new OCSPResponse({ schema: fromBER(der.slice()).result });
  if (response.responseBytes?.responseType !== BASIC_OCSP) throw new TypeError('another response');
  return BasicOCSPResponse.fromBER(response.responseBytes.response.valueBlock.valueHexView.slice());
}

function readOrNone<Value>(read: () => Value): Value[] {
  try {
    return [read()];
  } catch {
    return [];
  }
}

async function holds(verified: Promise<boolean>): Promise<boolean> {
  return verified.catch(() => false);
}
