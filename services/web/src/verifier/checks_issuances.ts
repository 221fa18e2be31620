/** V6: the list of ballots issued, which nobody but the members can have made (protocol.md §4). */

import {
  cancelMessage,
  issueMessage,
  verifyDeviceSignature,
  verifyPasskeyAssertion,
} from '../crypto/device_keys.ts';
import { MalformedError } from '../crypto/errors.ts';
import { decode as decodeBase64url } from '../schemas/base64url.ts';
import type { Issuance, IssuanceKey, PresidingSignature } from '../schemas/entries.ts';
import type { Evidence } from './evidence.ts';
import { asProblem } from './refusals.ts';
import { NotApplicableError, refuseIfAny } from './report.ts';
import { countsOf } from './counting.ts';

/**
 * V6: each issuance signed by a device key of the roster, its member entitled, one a member.
 *
 * Without the roster (a public copy) the keys are only those that the entries name, not shown to
 * be the members': then the check finds faults, but cannot hold. The presiding officer's signature
 * under a cancellation for `trustees_unavailable` (§1) is judged here as well.
 */
export async function checkIssuances(evidence: Evidence): Promise<string> {
  const { issuances } = evidence;
  const problems: string[] = [];
  for (const issuance of issuances) {
    const problem = await signatureProblem(evidence, issuance);
    if (problem !== null) {
      problems.push(`issuance of member ${issuance.member}: ${problem}`);
    }
  }
  for (const [member, count] of countsOf(issuances.map((each) => each.member))) {
    if (count > 1) {
      problems.push(`member ${member} took ${count} ballots`);
    }
  }
  for (const count of countsOf(issuances.map((each) => each.key.spki)).values()) {
    if (count > 1) {
      problems.push(`a device key signed ${count} issuances`);
    }
  }
  for (const issuance of issuances) {
    for (const problem of entitlementProblems(evidence, issuance)) {
      problems.push(`issuance of member ${issuance.member}: ${problem}`);
    }
  }
  problems.push(...(await cancellationProblems(evidence)));
  refuseIfAny(problems);
  return summary(evidence);
}

function summary(evidence: Evidence): string {
  const { issuances } = evidence;
  const text = `${issuances.length} issuances, each signed by a device of its own`;
  const signature = evidence.cancelled?.presiding_signature;
  if (evidence.roster === null && (issuances.length > 0 || signature !== undefined)) {
    throw new NotApplicableError(
      'no_roster',
      `${text}; no roster given, so not shown to be the members'`,
    );
  }
  if (evidence.attendance === null && issuances.length > 0) {
    return `${text} in the roster; no attendance given`;
  }
  return `${text} in the roster, members entitled`;
}

async function signatureProblem(evidence: Evidence, issuance: Issuance): Promise<string | null> {
  const phi = evidence.election.fingerprint;
  try {
    const signed = issueMessage(phi, issuance.member, issuance.blinded_sha256);
    await verifySignature(evidence, issuance.key, issuance, signed);
  } catch (error) {
    return asProblem(error);
  }
  return null;
}

async function verifySignature(
  evidence: Evidence,
  key: IssuanceKey,
  signedBy: Issuance | PresidingSignature,
  signed: Uint8Array,
): Promise<void> {
  const [spki, signature] = [decodeBase64url(key.spki), decodeBase64url(signedBy.signature)];
  const { authenticator_data: authenticatorData, client_data: clientData } = signedBy;
  if (key.kind !== 'passkey') {
    if (authenticatorData !== undefined || clientData !== undefined) {
      throw new MalformedError("the signature of a device carries a passkey's data");
    }
    await verifyDeviceSignature(spki, signed, signature);
    return;
  }
  if (authenticatorData === undefined || clientData === undefined) {
    throw new MalformedError('the signature of a passkey lacks its data');
  }
  await verifyPasskeyAssertion(
    spki,
    signed,
    signature,
    decodeBase64url(authenticatorData),
    decodeBase64url(clientData),
    evidence.terms.rp_id,
    evidence.terms.origins,
  );
}

function entitlementProblems(evidence: Evidence, issuance: Issuance): string[] {
  const { terms, roster, attendance } = evidence;
  const problems: string[] = [];
  if (issuance.member > terms.members && roster === null) {
    problems.push('there are not so many members');
  }
  if (issuance.late && !terms.late_issuance) {
    problems.push('late, which the terms exclude');
  }
  problems.push(...keyProblems(evidence, issuance.member, issuance.key));
  if (attendance !== null) {
    const found = attendance.members.filter((member) => member.no === issuance.member).at(-1);
    if ((found?.state ?? 'absent') === 'absent') {
      problems.push('absent by the attendance, so not entitled');
    }
  }
  return problems;
}

function keyProblems({ roster }: Evidence, member: number, key: IssuanceKey): string[] {
  if (roster === null) {
    return [];
  }
  // Of a number that stands twice, which V4 refuses, the last one: as in a table by number.
  const enrolled = roster.members.filter((each) => each.no === member).at(-1);
  if (enrolled === undefined) {
    return ['no such member in the roster'];
  }
  if (enrolled.key?.kind !== key.kind || enrolled.key.spki !== key.spki) {
    return ["signed by another key than the roster's"];
  }
  return [];
}

async function cancellationProblems(evidence: Evidence): Promise<string[]> {
  const { cancelled } = evidence;
  if (cancelled === null || !evidence.withholdsBallots) {
    return [];
  }
  if (cancelled.reason !== 'trustees_unavailable') {
    return [];
  }
  const signature = cancelled.presiding_signature;
  if (signature === undefined || signature.member !== evidence.terms.meeting.presiding) {
    return ['the presiding officer did not sign the cancellation'];
  }
  const what = "the presiding officer's signature under the cancellation";
  try {
    const phi = evidence.election.fingerprint;
    const signed = cancelMessage(phi, signature.member, cancelled.reason, cancelled.text);
    await verifySignature(evidence, signature.key, signature, signed);
  } catch (error) {
    return [`${what}: ${asProblem(error)}`];
  }
  const problems = keyProblems(evidence, signature.member, signature.key);
  return problems.map((problem) => `${what}: ${problem}`);
}
