/**
 * The key ceremony as the log holds it, hardened by commit before reveal (protocol.md §3, §11 v2).
 *
 * Anybody can check it. What a trustee's own device does is in `trustee_device`.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { loads, requireExact } from './belenios_json.ts';
import { bytesOfText, toHex } from './encodings.ts';
import { ElectionMismatchError, MalformedError, TrusteeError } from './errors.ts';
import type { Group } from './groups/index.ts';
import { parseProof, type Proof, proofToJson } from './proofs.ts';
import { parseSignedMessage, verifyMessage } from './sealed_messages.ts';
import {
  naming,
  ofTrustee,
  verifyCertificates,
  verifyCoefficients,
  verifyKey,
} from './trustee_verification.ts';
import {
  type Certificate,
  type Coefficients,
  parseCoefficients,
  parseVerificationKey,
  type ThresholdTeam,
} from './trustees.ts';

const COMMIT_LABEL = 'phieukin/commit/1';
const CONFIRM_LABEL = 'phieukin/confirm/1';
const HASH = /^[0-9a-f]{64}$/;

/** What a trustee publishes when all have committed: texts of `coefexps` and `signature`. */
export interface Reveal {
  readonly coefexps: string;
  readonly signature: string;
}

/**
 * The ceremony as it stands in the log, in order of the trustees; nothing of it checked yet.
 *
 * `certificatesRoot` is T of all entries up to the last certificate (protocol.md §11).
 */
export interface Ceremony {
  readonly uuid: string;
  readonly threshold: number;
  readonly certificates: readonly string[];
  readonly certificatesRoot: Uint8Array;
  readonly commitments: readonly string[];
  readonly reveals: readonly Reveal[];
  readonly keys: readonly string[];
}

/** Compute a commitment (protocol.md §11 "Commit before reveal"); `message` of `coefexps`. */
export function commitmentTo(
  uuid: string,
  index: number,
  certificatesRoot: Uint8Array,
  message: string,
): string {
  const parts = [COMMIT_LABEL, uuid, index.toString(), toHex(certificatesRoot), message];
  return toHex(sha256(bytesOfText(parts.join('\0'))));
}

/** Check the form of all commitments, and that none repeats another. Throws TrusteeError. */
export function checkCommitments(commitments: readonly string[]): void {
  commitments.forEach((commitment, place) => {
    if (!HASH.test(commitment)) {
      throw new TrusteeError(place + 1, 'a commitment is a hash in hex');
    }
    if (commitments.indexOf(commitment) < place) {
      throw new TrusteeError(place + 1, "the commitment is somebody's already");
    }
  });
}

/** Check that a revealed message was committed to (protocol.md §11). Throws TrusteeError. */
export function verifyCommitmentOpening(
  uuid: string,
  index: number,
  certificatesRoot: Uint8Array,
  commitment: string,
  message: string,
): void {
  if (commitmentTo(uuid, index, certificatesRoot, message) !== commitment) {
    throw new TrusteeError(index, 'the reveal does not open the commitment');
  }
}

/**
 * Check all reveals: opening, signatures over certificates and coefficients (protocol.md §3, §11).
 *
 * `certificates` are those of `ceremony`, verified. Throws TrusteeError, or MalformedError when a
 * reveal is missing.
 */
export function verifyReveals(
  group: Group,
  ceremony: Omit<Ceremony, 'certificates' | 'keys'>,
  certificates: readonly Certificate[],
): { readonly coefficients: Coefficients[]; readonly signatures: Proof[] } {
  const { uuid, threshold, certificatesRoot, commitments, reveals } = ceremony;
  if (reveals.length !== commitments.length || reveals.length !== certificates.length) {
    throw new MalformedError('each trustee commits and reveals once');
  }
  checkCommitments(commitments);
  const signatures: Proof[] = [];
  const coefficients = reveals.map((revealed, place) => {
    const index = place + 1;
    const { parsed, signature } = naming(index, () => {
      const signed = parseSignedMessage(group, revealed.coefexps);
      const commitment = ofTrustee(commitments, index);
      verifyCommitmentOpening(uuid, index, certificatesRoot, commitment, signed.message);
      return {
        parsed: parseCoefficients(group, signed, threshold),
        signature: parseExactProof(group, revealed.signature),
      };
    });
    verifyCoefficients(group, certificates, index, parsed, signature);
    signatures.push(signature);
    return parsed;
  });
  return { coefficients, signatures };
}

/**
 * Check a whole ceremony as anybody can (V5; protocol.md §3, §11; belenios-format §5.3).
 *
 * Gives the team, for the election key and the archive. Throws TrusteeError or MalformedError.
 */
export function verifyCeremony(group: Group, ceremony: Ceremony): ThresholdTeam {
  const { threshold } = ceremony;
  const certificates = verifyCertificates(group, ceremony.certificates, threshold);
  const { coefficients, signatures } = verifyReveals(group, ceremony, certificates);
  if (ceremony.keys.length !== certificates.length) {
    throw new MalformedError('each trustee has one verification key');
  }
  const verificationKeys = ceremony.keys.map((text, place) => {
    const index = place + 1;
    const key = naming(index, () => {
      const parsed = parseVerificationKey(group, text);
      if (parsed.signature === null) {
        throw new MalformedError('the verification key is not signed');
      }
      return parsed;
    });
    verifyKey(group, certificates, coefficients, index, key);
    return key;
  });
  return { kind: 'threshold', threshold, certificates, coefficients, signatures, verificationKeys };
}

/** Join what a trustee signs to confirm an election (protocol.md §11 "trustee_confirms"). */
export function confirmationMessage(
  phi: string,
  index: number,
  electionRoot: Uint8Array,
): string {
  return `${CONFIRM_LABEL}|${phi}|${index}|${toHex(electionRoot)}`;
}

/** Check a trustee's confirmation of phi (protocol.md §11). Throws TrusteeError. */
export function verifyConfirmation(
  group: Group,
  certificate: Certificate,
  index: number,
  phi: string,
  electionRoot: Uint8Array,
  text: string,
): void {
  naming(index, () => {
    const signed = parseSignedMessage(group, text);
    if (signed.message !== confirmationMessage(phi, index, electionRoot)) {
      throw new ElectionMismatchError('the confirmation is of another election or log');
    }
    verifyMessage(group, certificate.verification, signed);
  });
}

function parseExactProof(group: Group, text: string): Proof {
  const proof = parseProof(group, loads(text));
  requireExact(text, proofToJson(proof));
  return proof;
}
