"""V4 and V5: the election follows from its terms and its counting team (protocol.md §1, §3, §9)."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial

from crypto.belenios_json import loads, require_exact
from crypto.ceremony import (
    check_commitments,
    verify_commitment_opening,
    verify_confirmation,
)
from crypto.errors import CryptoError
from crypto.groups import Group, group_by_name
from crypto.merkle import tree_head
from crypto.proofs import Proof, parse_proof
from crypto.sealed_messages import parse_signed_message
from crypto.trustee_verification import (
    election_key,
    verify_certificates,
    verify_coefficients,
    verify_key,
)
from crypto.trustees import (
    Certificate,
    Coefficients,
    ThresholdTeam,
    VerificationKey,
    parse_certificate,
    parse_coefficients,
    parse_verification_key,
)
from schemas.election_json import election_json
from schemas.entries import (
    CeremonyCertificate,
    Closed,
    ElectionEntry,
    TrusteeConfirms,
    VotingOpened,
)
from schemas.terms import Terms
from services.verifier.evidence import Evidence, sha256_hex
from services.verifier.report import DependsOnError, refuse_if_any


def read_team(evidence: Evidence) -> ThresholdTeam:
    """
    Put the ceremony's entries together to a threshold team; nothing is verified yet.

    Raises CryptoError, or DependsOnError where entries are missing.
    """
    ceremony, terms = evidence.ceremony, evidence.terms
    group, threshold = group_by_name(terms.group), terms.counting_team.trustee_threshold
    certificates: list[Certificate] = []
    coefficients: list[Coefficients] = []
    signatures: list[Proof] = []
    keys: list[VerificationKey] = []
    for index, text in ceremony.certificates.items():
        reveal = ceremony.reveals[index]
        certificates.append(parse_certificate(group, text))
        signed = parse_signed_message(group, reveal.coefexps)
        coefficients.append(parse_coefficients(group, signed, threshold))
        signatures.append(_parse_exact_proof(group, reveal.signature))
        keys.append(parse_verification_key(group, ceremony.keys[index]))
    return ThresholdTeam(
        threshold=threshold,
        certificates=tuple(certificates),
        coefficients=tuple(coefficients),
        signatures=tuple(signatures),
        verification_keys=tuple(keys),
    )


def team_of(evidence: Evidence) -> ThresholdTeam:
    """The counting team for checks other than V5. Raises DependsOnError("V5")."""
    try:
        return read_team(evidence)
    except CryptoError as error:
        raise DependsOnError("V5") from error


def _parse_exact_proof(group: Group, text: str) -> Proof:
    proof = parse_proof(group, loads(text))
    require_exact(text, proof.to_json())
    return proof


def check_election(evidence: Evidence) -> str:
    """
    V4: `election.json` rebuilt byte for byte from terms and ceremony; phi recomputed.

    The method is secret (terms allow no other); roster and attendance, where given, open their
    commitments and are complete; the terms' ceremony is the one in the log.
    """
    terms = evidence.terms
    problems = [*_ceremony_problems(evidence), *_roster_problems(evidence)]
    problems += _attendance_problems(evidence)
    entry = evidence.find(ElectionEntry)
    if entry is None:
        refuse_if_any(problems)
        return "cancelled before the election was made; the terms hold together"
    group = group_by_name(terms.group)
    key = group.element_to_text(election_key(group, (team_of(evidence),)))
    if election_json(terms, key) != entry.election:
        problems.append("election.json is not what terms and ceremony make")
    refuse_if_any(problems)
    return f"election {terms.uuid}, phi {evidence.election.fingerprint}, secret ballot"


def _ceremony_problems(evidence: Evidence) -> Iterator[str]:
    terms = evidence.terms
    (placed,) = evidence.placed_of(Terms)[:1]
    if terms.ceremony_size != placed.position:
        yield f"the terms bind {terms.ceremony_size} ceremony entries, not {placed.position}"
    elif tree_head(evidence.leaves[: placed.position]).root.hex() != terms.ceremony_root:
        yield "the terms bind another ceremony"
    team = terms.counting_team
    certificates = {
        each.index: sha256_hex(each.certificate.encode())
        for each in evidence.all_of(CeremonyCertificate)
    }
    if certificates != {each.index: each.certificate for each in team.trustees}:
        yield "the terms name other certificates than the ceremony's"
    # One name a certificate, the head teller's first: else anybody could be called a trustee.
    if [each.index for each in team.trustees] != list(range(1, len(team.trustees) + 1)):
        yield "the terms do not name each trustee once, in order"
    if [each.no for each in terms.nominations] != list(range(1, len(terms.nominations) + 1)):
        yield "the nominations are not numbered 1, 2, 3 …"


def _roster_problems(evidence: Evidence) -> Iterator[str]:
    terms, data = evidence.terms, evidence.files.roster
    if data is None:
        return
    if hashlib.sha256(data).hexdigest() != terms.roster_commitment:
        yield "roster.json does not open its commitment"
    try:
        roster = evidence.roster
    except DependsOnError:
        yield "roster.json is not of its form"
        return
    members = {member.no: member for member in roster.members} if roster is not None else {}
    if roster is not None and not len(members) == len(roster.members) == terms.members:
        yield f"the roster does not hold {terms.members} members, each once"
    keys = [member.key.spki for member in members.values() if member.key is not None]
    if len(set(keys)) != len(keys):
        yield "two members of the roster have one device key"
    officers = (terms.meeting.presiding, terms.meeting.minute_taker)
    if not members.keys() >= set(officers):
        yield "an officer of the meeting is not in the roster"
    for trustee in terms.counting_team.trustees:
        if trustee.member not in members or members[trustee.member].name != trustee.name:
            yield f"trustee {trustee.index} is not the member of the roster"


def _attendance_problems(evidence: Evidence) -> Iterator[str]:
    data = evidence.files.attendance
    if data is None:
        return
    closed = evidence.find(Closed)
    if closed is None:
        yield "attendance.json is given, but no entry commits to it"
        return
    if hashlib.sha256(data).hexdigest() != closed.attendance_commitment:
        yield "attendance.json does not open its commitment"
    try:
        attendance = evidence.attendance
    except DependsOnError:
        yield "attendance.json is not of its form"
        return
    numbers = [member.no for member in attendance.members] if attendance is not None else []
    if not len(set(numbers)) == len(numbers) == evidence.terms.members:
        yield f"the attendance does not hold {evidence.terms.members} members, each once"
    roster = None if evidence.files.roster is None else evidence.roster
    if roster is not None and set(numbers) != {member.no for member in roster.members}:
        yield "the attendance is of other members than the roster"


def check_team(evidence: Evidence) -> str:
    """
    V5: certificates, commitments before reveals, proofs of knowledge, keys, t > n/2.

    Verification keys are recomputed from the commitments to coefficients, and every trustee
    confirmed phi. Each problem names its trustee.
    """
    terms, ceremony = evidence.terms, evidence.ceremony
    group, threshold = group_by_name(terms.group), terms.counting_team.trustee_threshold
    problems = _team_problems(evidence, group)
    problems += _commitment_problems(evidence, group)
    members = [trustee.member for trustee in terms.counting_team.trustees]
    if len(set(members)) != len(members):
        problems.append("one member is two trustees")
    confirmed = ""
    if evidence.find(VotingOpened) is not None:
        problems += _confirmation_problems(evidence, group)
        confirmed = ", all confirmed this election"
    refuse_if_any(problems)
    return f"any {threshold} of {len(ceremony.certificates)} trustees open the sum{confirmed}"


def _team_problems(evidence: Evidence, group: Group) -> list[str]:
    threshold = evidence.terms.counting_team.trustee_threshold
    texts = list(evidence.ceremony.certificates.values())
    problems = _refusals(lambda: verify_certificates(group, texts, threshold))
    try:
        team = read_team(evidence)
    except CryptoError as error:
        return problems or [str(error)]
    certificates, coefficients = team.certificates, team.coefficients
    for index, (each, signature, key) in enumerate(
        zip(coefficients, team.signatures or (), team.verification_keys, strict=True), 1
    ):
        problems += _refusals(
            partial(verify_coefficients, group, certificates, index, each, signature)
        )
        problems += _refusals(partial(verify_key, group, certificates, coefficients, index, key))
        if key.signature is None:
            problems.append(f"trustee {index}: its verification key is not signed")
    return problems


def _commitment_problems(evidence: Evidence, group: Group) -> list[str]:
    """Each reveal opens what its trustee posted before anybody revealed (protocol.md §11)."""
    last = evidence.placed_of(CeremonyCertificate)[-1].position
    root = tree_head(evidence.leaves[: last + 1]).root
    ceremony, uuid = evidence.ceremony, evidence.terms.uuid
    problems = _refusals(partial(check_commitments, list(ceremony.commitments.values())))
    for index, commitment in ceremony.commitments.items():
        try:
            message = parse_signed_message(group, ceremony.reveals[index].coefexps).message
        except CryptoError as error:
            problems.append(f"trustee {index}: {error}")
            continue
        problems += _refusals(
            partial(verify_commitment_opening, uuid, index, root, commitment, message)
        )
    return problems


def _confirmation_problems(evidence: Evidence, group: Group) -> list[str]:
    head = evidence.head_after(ElectionEntry)
    if head is None:
        raise DependsOnError("V0")
    phi = evidence.election.fingerprint
    confirmations = {each.index: each.confirmation for each in evidence.all_of(TrusteeConfirms)}
    problems = []
    for index, text in evidence.ceremony.certificates.items():
        if index not in confirmations:
            problems.append(f"trustee {index}: did not confirm the election")
            continue
        try:
            certificate = parse_certificate(group, text)
        except CryptoError:
            continue  # refused with its trustee's name above
        confirmation = confirmations[index]
        problems += _refusals(
            partial(verify_confirmation, group, certificate, index, phi, head.root, confirmation)
        )
    surplus = sorted(set(confirmations) - set(evidence.ceremony.certificates))
    problems += [f"a confirmation of trustee {index}, who is none" for index in surplus]
    return problems


def _refusals(verify: Callable[[], object]) -> list[str]:
    try:
        verify()
    except CryptoError as error:
        return [str(error)]
    return []
