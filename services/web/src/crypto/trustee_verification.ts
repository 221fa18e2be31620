/**
 * What anybody can check about the counting team (belenios-format §5; protocol.md §3 v2).
 *
 * A refused contribution names its sender, counted from 1.
 */

import { dumps } from './belenios_json.ts';
import { CryptoError, MalformedError, ProofError, TrusteeError } from './errors.ts';
import type { Element, Group } from './groups/index.ts';
import { type Proof, verifyKnowledge } from './proofs.ts';
import { signedMessageToJson, verifyMessage, verifyText } from './sealed_messages.ts';
import {
  type Certificate,
  type Coefficients,
  type Context,
  MAX_TRUSTEES,
  parseCertificate,
  type ThresholdTeam,
  type Trustees,
  type VerificationKey,
} from './trustees.ts';

/** Turn whatever is refused inside into a TrusteeError that names its sender. */
export function naming<Value>(trustee: number, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof TrusteeError || !(error instanceof CryptoError)) throw error;
    throw new TrusteeError(trustee, error.message);
  }
}

/** What trustee `index`, from 1, contributed. Throws TrusteeError where it is missing. */
export function ofTrustee<Value>(contributions: readonly Value[], index: number): Value {
  const contribution = contributions[index - 1];
  if (contribution === undefined) throw new TrusteeError(index, 'there is no such trustee');
  return contribution;
}

/**
 * Check a certificate: signed by its own key, made for this place (belenios-format §5.3 step 1).
 *
 * Throws TrusteeError.
 */
export function verifyCertificate(
  group: Group,
  certificate: Certificate,
  context: Context,
): void {
  naming(context.index, () => {
    verifySelfSigned(group, certificate);
    if (certificate.context === null || !sameContext(certificate.context, context)) {
      throw new MalformedError('the certificate was made for another place or team');
    }
  });
}

/**
 * Read and check all certificates of a team in the form of 3.3, keys distinct (protocol.md §3).
 *
 * Throws TrusteeError; MalformedError when the threshold is not that of the protocol.
 */
export function verifyCertificates(
  group: Group,
  texts: readonly string[],
  threshold: number,
): Certificate[] {
  const size = texts.length;
  checkThreshold(size, threshold);
  const seen = new Set<string>();
  return texts.map((text, place) => {
    const index = place + 1;
    const certificate = naming(index, () => parseCertificate(group, text));
    verifyCertificate(group, certificate, { group: group.name, size, threshold, index });
    for (const key of [certificate.verification, certificate.encryption]) {
      const keyText = group.elementToText(key);
      if (seen.has(keyText)) {
        throw new TrusteeError(index, "a key of the certificate is somebody's already");
      }
      seen.add(keyText);
    }
    return certificate;
  });
}

/** Check n/2 < t <= n (protocol.md §3). Throws MalformedError. */
export function checkThreshold(size: number, threshold: number): void {
  if (size < 1 || size > MAX_TRUSTEES || 2 * threshold <= size || threshold > size) {
    throw new MalformedError(
      'the threshold is more than half of the trustees, and no more than all',
    );
  }
}

/** Join what a trustee signs when it reveals: all certificates and its own coefexps (§5.3). */
export function certificatesMessage(
  certificates: readonly Certificate[],
  elements: readonly string[],
): string {
  const certs = certificates.map((each) => signedMessageToJson(each.signed));
  return `certs_sig|${dumps({ certs, coefexps: elements })}`;
}

/**
 * Check that trustee `index` signed its coefficients, over all certificates (2.5 and later).
 *
 * `signature` is null in the form of 2.0. Throws TrusteeError.
 */
export function verifyCoefficients(
  group: Group,
  certificates: readonly Certificate[],
  index: number,
  coefficients: Coefficients,
  signature: Proof | null,
): void {
  const { verification } = ofTrustee(certificates, index);
  naming(index, () => {
    verifyMessage(group, verification, coefficients.signed);
    if (signature !== null) {
      const elements = group.elementsToTexts(coefficients.elements);
      verifyText(group, verification, certificatesMessage(certificates, elements), signature);
    }
  });
}

/**
 * Compute X_j = prod_i prod_k A_ik^(j^k), the key of trustee j (belenios-format §5.3 step 5).
 *
 * Nobody can choose it: it follows from the commitments.
 */
export function publicShare(
  group: Group,
  coefficients: readonly Coefficients[],
  index: number,
): Element {
  return group.product(coefficients.map((each) => evaluate(group, each.elements, index)));
}

/** Evaluate a committed polynomial in the exponent: prod_k A_k^(j^k). */
export function evaluate(group: Group, elements: readonly Element[], index: number): Element {
  // Horner's rule: the exponents stay small.
  return elements.reduceRight(
    (value, element) => group.multiply(group.power(value, BigInt(index)), element),
    group.identity,
  );
}

/** The transcript of a proof of knowledge: "pok|group|X|" (belenios-format §5.1). */
export function knowledgePrefix(group: Group, publicKey: Element): string {
  return `pok|${group.name}|${group.elementToText(publicKey)}|`;
}

/** Check a key's proof of knowledge (belenios-format §5.1). Throws ProofError. */
export function verifyKnowledgeOfKey(group: Group, key: VerificationKey): void {
  group.refuseIdentity(key.publicKey);
  const prefix = knowledgePrefix(group, key.publicKey);
  verifyKnowledge(group, key.publicKey, key.proofOfKnowledge, prefix);
}

/**
 * Check a member's key: follows from the commitments, known to it, signed by it (3.0 and later).
 *
 * belenios-format §0, §5.1, §5.3. Throws TrusteeError.
 */
export function verifyKey(
  group: Group,
  certificates: readonly Certificate[],
  coefficients: readonly Coefficients[],
  index: number,
  key: VerificationKey,
): void {
  naming(index, () => {
    if (!group.equals(key.publicKey, publicShare(group, coefficients, index))) {
      throw new ProofError('the verification key does not follow from the commitments');
    }
    verifyKnowledgeOfKey(group, key);
    if (key.signature !== null) {
      const { verification } = ofTrustee(certificates, index);
      verifyText(group, verification, group.elementToText(key.publicKey), key.signature);
    }
  });
}

/**
 * Check everything about a threshold team (belenios-format §5.3). Throws TrusteeError.
 *
 * The indices are those within the team.
 */
export function verifyTeam(group: Group, team: ThresholdTeam): void {
  const { certificates, coefficients, threshold } = team;
  const size = certificates.length;
  certificates.forEach((certificate, place) => {
    const index = place + 1;
    if (certificate.context === null) {
      // Certificates of 2.0 do not say what they are for.
      naming(index, () => {
        verifySelfSigned(group, certificate);
      });
    } else {
      verifyCertificate(group, certificate, { group: group.name, size, threshold, index });
    }
  });
  coefficients.forEach((each, place) => {
    const signature = team.signatures === null ? null : ofTrustee(team.signatures, place + 1);
    verifyCoefficients(group, certificates, place + 1, each, signature);
  });
  team.verificationKeys.forEach((key, place) => {
    verifyKey(group, certificates, coefficients, place + 1, key);
  });
}

/**
 * Check all trustees of an archive (V5 for archives of others; belenios-format §5).
 *
 * Throws TrusteeError; indices are those of the flattened list.
 */
export function verifyTrustees(group: Group, trustees: Trustees): void {
  let first = 1;
  for (const item of trustees) {
    if (item.kind === 'single') {
      naming(first, () => {
        verifyKnowledgeOfKey(group, item.verificationKey);
      });
      first += 1;
      continue;
    }
    try {
      verifyTeam(group, item);
    } catch (error) {
      if (!(error instanceof TrusteeError)) throw error;
      throw new TrusteeError(first - 1 + error.trustee, error.reason);
    }
    first += item.certificates.length;
  }
}

/** Multiply all parts of the election's public key (belenios-format §5). */
export function electionKey(group: Group, trustees: Trustees): Element {
  return group.product(
    trustees.flatMap((item) =>
      item.kind === 'single'
        ? [item.verificationKey.publicKey]
        : item.coefficients.flatMap((each) => each.elements.slice(0, 1)),
    ),
  );
}

/** List every trustee's verification key; owner z of an archive has number z - 1 here (§5). */
export function flattenedKeys(trustees: Trustees): Element[] {
  return trustees.flatMap((item) =>
    item.kind === 'single'
      ? [item.verificationKey.publicKey]
      : item.verificationKeys.map((key) => key.publicKey),
  );
}

function verifySelfSigned(group: Group, certificate: Certificate): void {
  group.refuseIdentity(certificate.verification);
  group.refuseIdentity(certificate.encryption);
  verifyMessage(group, certificate.verification, certificate.signed);
}

function sameContext(left: Context, right: Context): boolean {
  return (
    left.group === right.group &&
    left.size === right.size &&
    left.threshold === right.threshold &&
    left.index === right.index
  );
}
