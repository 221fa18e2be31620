/**
 * V4 and V5: the election follows from its terms and its counting team (protocol.md §1, §3, §9 v2).
 */

import { loads, requireExact } from '../crypto/belenios_json.ts';
import {
  checkCommitments,
  verifyCommitmentOpening,
  verifyConfirmation,
} from '../crypto/ceremony.ts';
import { toHex } from '../crypto/encodings.ts';
import { type Group, groupByName } from '../crypto/groups/index.ts';
import { treeHead } from '../crypto/merkle.ts';
import { parseProof, type Proof, proofToJson } from '../crypto/proofs.ts';
import { parseSignedMessage } from '../crypto/sealed_messages.ts';
import {
  electionKey,
  verifyCertificates,
  verifyCoefficients,
  verifyKey,
} from '../crypto/trustee_verification.ts';
import {
  type Certificate,
  type Coefficients,
  parseCertificate,
  parseCoefficients,
  parseVerificationKey,
  type ThresholdTeam,
  type VerificationKey,
} from '../crypto/trustees.ts';
import { electionJson } from '../schemas/election_json.ts';
import { type Evidence, sha256HexOf, sha256HexOfText } from './evidence.ts';
import { asProblem, isRefusal, refusals } from './refusals.ts';
import { DependsOnError, orNull, refuseIfAny } from './report.ts';

/**
 * Put the ceremony's entries together to a threshold team; nothing is verified yet.
 *
 * Throws CryptoError, or DependsOnError where entries are missing.
 */
export function readTeam(evidence: Evidence): ThresholdTeam {
  const { ceremony, terms } = evidence;
  const group = groupByName(terms.group);
  const threshold = terms.counting_team.trustee_threshold;
  const certificates: Certificate[] = [];
  const coefficients: Coefficients[] = [];
  const signatures: Proof[] = [];
  const verificationKeys: VerificationKey[] = [];
  for (const trustee of ceremony) {
    certificates.push(parseCertificate(group, trustee.certificate));
    const signed = parseSignedMessage(group, trustee.reveal.coefexps);
    coefficients.push(parseCoefficients(group, signed, threshold));
    signatures.push(parseExactProof(group, trustee.reveal.signature));
    verificationKeys.push(parseVerificationKey(group, trustee.key));
  }
  return { kind: 'threshold', threshold, certificates, coefficients, signatures, verificationKeys };
}

/** The counting team for checks other than V5. Throws DependsOnError('V5'). */
export function teamOf(evidence: Evidence): ThresholdTeam {
  try {
    return readTeam(evidence);
  } catch (error) {
    throw isRefusal(error) ? new DependsOnError('V5') : error;
  }
}

function parseExactProof(group: Group, text: string): Proof {
  const proof = parseProof(group, loads(text));
  requireExact(text, proofToJson(proof));
  return proof;
}

/**
 * V4: `election.json` rebuilt byte for byte from terms and ceremony; phi recomputed.
 *
 * The method is secret (terms allow no other); roster and attendance, where given, open their
 * commitments and are complete; the terms' ceremony is the one in the log.
 */
export function checkElection(evidence: Evidence): string {
  const { terms } = evidence;
  const problems = [...ceremonyProblems(evidence), ...rosterProblems(evidence)];
  problems.push(...attendanceProblems(evidence));
  const entry = evidence.find('election');
  if (entry === null) {
    refuseIfAny(problems);
    return 'cancelled before the election was made; the terms hold together';
  }
  const group = groupByName(terms.group);
  const key = group.elementToText(electionKey(group, [teamOf(evidence)]));
  if (electionJson(terms, key) !== entry.election) {
    problems.push('election.json is not what terms and ceremony make');
  }
  refuseIfAny(problems);
  return `election ${terms.uuid}, phi ${evidence.election.fingerprint}, secret ballot`;
}

function* ceremonyProblems(evidence: Evidence): Generator<string> {
  const { terms } = evidence;
  const position = evidence.placedOf('terms')[0]?.position ?? 0;
  if (terms.ceremony_size !== position) {
    yield `the terms bind ${terms.ceremony_size} ceremony entries, not ${position}`;
  } else if (toHex(treeHead(evidence.leaves.slice(0, position)).root) !== terms.ceremony_root) {
    yield 'the terms bind another ceremony';
  }
  const { trustees } = terms.counting_team;
  const made = new Map(
    evidence
      .allOf('ceremony_certificate')
      .map((each) => [each.index, sha256HexOfText(each.certificate)]),
  );
  const named = new Map(trustees.map((each) => [each.index, each.certificate]));
  if (!sameMap(made, named)) {
    yield "the terms name other certificates than the ceremony's";
  }
  // One name a certificate, the head teller's first: else anybody could be called a trustee.
  if (trustees.some((each, place) => each.index !== place + 1)) {
    yield 'the terms do not name each trustee once, in order';
  }
  if (terms.nominations.some((each, place) => each.no !== place + 1)) {
    yield 'the nominations are not numbered 1, 2, 3 …';
  }
}

function sameMap(left: ReadonlyMap<number, string>, right: ReadonlyMap<number, string>): boolean {
  return left.size === right.size && [...left].every(([key, value]) => right.get(key) === value);
}

function* rosterProblems(evidence: Evidence): Generator<string> {
  const { terms, files } = evidence;
  if (files.roster === undefined) {
    return;
  }
  if (sha256HexOf(files.roster) !== terms.roster_commitment) {
    yield 'roster.json does not open its commitment';
  }
  const roster = orNull(() => evidence.roster);
  if (roster === null) {
    yield 'roster.json is not of its form';
    return;
  }
  const members = new Map(roster.members.map((member) => [member.no, member]));
  if (members.size !== roster.members.length || members.size !== terms.members) {
    yield `the roster does not hold ${terms.members} members, each once`;
  }
  const keys = [...members.values()].flatMap(({ key }) => (key === undefined ? [] : [key.spki]));
  if (new Set(keys).size !== keys.length) {
    yield 'two members of the roster have one device key';
  }
  if (!members.has(terms.meeting.presiding) || !members.has(terms.meeting.minute_taker)) {
    yield 'an officer of the meeting is not in the roster';
  }
  for (const trustee of terms.counting_team.trustees) {
    if (members.get(trustee.member)?.name !== trustee.name) {
      yield `trustee ${trustee.index} is not the member of the roster`;
    }
  }
}

function* attendanceProblems(evidence: Evidence): Generator<string> {
  const { terms, files } = evidence;
  if (files.attendance === undefined) {
    return;
  }
  const closed = evidence.find('closed');
  if (closed === null) {
    yield 'attendance.json is given, but no entry commits to it';
    return;
  }
  if (sha256HexOf(files.attendance) !== closed.attendance_commitment) {
    yield 'attendance.json does not open its commitment';
  }
  const attendance = orNull(() => evidence.attendance);
  if (attendance === null) {
    yield 'attendance.json is not of its form';
    return;
  }
  const numbers = new Set(attendance.members.map((member) => member.no));
  if (numbers.size !== attendance.members.length || numbers.size !== terms.members) {
    yield `the attendance does not hold ${terms.members} members, each once`;
  }
  // A roster that cannot be read throws here, as it is reported above.
  const roster = new Set(evidence.roster?.members.map((member) => member.no) ?? numbers);
  if (roster.size !== numbers.size || [...numbers].some((no) => !roster.has(no))) {
    yield 'the attendance is of other members than the roster';
  }
}

/**
 * V5: certificates, commitments before reveals, proofs of knowledge, keys, t > n/2.
 *
 * Verification keys are recomputed from the commitments to coefficients, and every trustee
 * confirmed phi. Each problem names its trustee.
 */
export function checkTeam(evidence: Evidence): string {
  const { terms, ceremony } = evidence;
  const group = groupByName(terms.group);
  const problems = teamProblems(evidence, group);
  problems.push(...commitmentProblems(evidence, group));
  const members = terms.counting_team.trustees.map((trustee) => trustee.member);
  if (new Set(members).size !== members.length) {
    problems.push('one member is two trustees');
  }
  let confirmed = '';
  if (evidence.find('voting_opened') !== null) {
    problems.push(...confirmationProblems(evidence, group));
    confirmed = ', all confirmed this election';
  }
  refuseIfAny(problems);
  const threshold = terms.counting_team.trustee_threshold;
  return `any ${threshold} of ${ceremony.length} trustees open the sum${confirmed}`;
}

function teamProblems(evidence: Evidence, group: Group): string[] {
  const threshold = evidence.terms.counting_team.trustee_threshold;
  const texts = evidence.ceremony.map((trustee) => trustee.certificate);
  const problems = refusals(() => verifyCertificates(group, texts, threshold));
  let team: ThresholdTeam;
  try {
    team = readTeam(evidence);
  } catch (error) {
    const problem = asProblem(error);
    return problems.length > 0 ? problems : [problem];
  }
  const { certificates, coefficients, signatures } = team;
  team.verificationKeys.forEach((key, place) => {
    const index = place + 1;
    const own = coefficients[place];
    const signature = signatures?.[place] ?? null;
    if (own !== undefined) {
      problems.push(
        ...refusals(() => verifyCoefficients(group, certificates, index, own, signature)),
        ...refusals(() => verifyKey(group, certificates, coefficients, index, key)),
      );
    }
    if (key.signature === null) {
      problems.push(`trustee ${index}: its verification key is not signed`);
    }
  });
  return problems;
}

/** Each reveal opens what its trustee posted before anybody revealed (protocol.md §11). */
function commitmentProblems(evidence: Evidence, group: Group): string[] {
  const { ceremony, terms } = evidence;
  const last = evidence.placedOf('ceremony_certificate').at(-1)?.position ?? 0;
  const { root } = treeHead(evidence.leaves.slice(0, last + 1));
  const commitments = ceremony.map((trustee) => trustee.commitment);
  const problems = refusals(() => checkCommitments(commitments));
  for (const { index, commitment, reveal } of ceremony) {
    try {
      const { message } = parseSignedMessage(group, reveal.coefexps);
      problems.push(
        ...refusals(() => verifyCommitmentOpening(terms.uuid, index, root, commitment, message)),
      );
    } catch (error) {
      problems.push(`trustee ${index}: ${asProblem(error)}`);
    }
  }
  return problems;
}

function confirmationProblems(evidence: Evidence, group: Group): string[] {
  const head = evidence.headAfter('election');
  if (head === null) {
    throw new DependsOnError('V0');
  }
  const phi = evidence.election.fingerprint;
  const confirmations = new Map(
    evidence.allOf('trustee_confirms').map((each) => [each.index, each.confirmation]),
  );
  const problems: string[] = [];
  for (const { index, certificate: text } of evidence.ceremony) {
    const confirmation = confirmations.get(index);
    confirmations.delete(index);
    if (confirmation === undefined) {
      problems.push(`trustee ${index}: did not confirm the election`);
      continue;
    }
    let certificate: Certificate;
    try {
      certificate = parseCertificate(group, text);
    } catch (error) {
      asProblem(error);
      continue; // refused with its trustee's name above
    }
    problems.push(
      ...refusals(() =>
        verifyConfirmation(group, certificate, index, phi, head.root, confirmation),
      ),
    );
  }
  const surplus = [...confirmations.keys()].sort((left, right) => left - right);
  problems.push(...surplus.map((index) => `a confirmation of trustee ${index}, who is none`));
  return problems;
}
