"""V6: the list of ballots issued, which nobody but the members can have made (protocol.md §4)."""

from collections import Counter

from crypto.device_keys import (
    cancel_message,
    issue_message,
    verify_device_signature,
    verify_passkey_assertion,
)
from crypto.errors import CryptoError
from schemas import base64url
from schemas.entries import Issuance, IssuanceKey, PresidingSignature
from services.verifier.evidence import Evidence
from services.verifier.report import NotApplicableError, refuse_if_any


def check_issuances(evidence: Evidence) -> str:
    """
    V6: each issuance signed by a device key of the roster, its member entitled, one a member.

    Without the roster (a public copy) the keys are only those that the entries name, not shown to
    be the members': then the check finds faults, but cannot hold. The presiding officer's
    signature under a cancellation for `trustees_unavailable` (§1) is judged here as well.
    """
    issuances = evidence.issuances
    problems = [
        f"issuance of member {issuance.member}: {problem}"
        for issuance in issuances
        if (problem := _signature_problem(evidence, issuance)) is not None
    ]
    members = Counter(issuance.member for issuance in issuances)
    problems += [f"member {no} took {count} ballots" for no, count in members.items() if count > 1]
    keys = Counter(issuance.key.spki for issuance in issuances)
    problems += [f"a device key signed {count} issuances" for count in keys.values() if count > 1]
    problems += [
        f"issuance of member {issuance.member}: {problem}"
        for issuance in issuances
        for problem in _entitlement_problems(evidence, issuance)
    ]
    problems += _cancellation_problems(evidence)
    refuse_if_any(problems)
    return _summary(evidence)


def _summary(evidence: Evidence) -> str:
    text = f"{len(evidence.issuances)} issuances, each signed by a device of its own"
    signature = None if evidence.cancelled is None else evidence.cancelled.presiding_signature
    if evidence.roster is None and (evidence.issuances or signature is not None):
        raise NotApplicableError(f"{text}; no roster given, so not shown to be the members'")
    if evidence.attendance is None and evidence.issuances:
        return f"{text} in the roster; no attendance given"
    return f"{text} in the roster, members entitled"


def _signature_problem(evidence: Evidence, issuance: Issuance) -> str | None:
    phi = evidence.election.fingerprint
    try:
        signed = issue_message(phi, issuance.member, issuance.blinded_sha256)
        _verify(evidence, issuance.key, issuance, signed)
    except (CryptoError, ValueError) as error:
        return str(error)
    return None


def _verify(
    evidence: Evidence,
    key: IssuanceKey,
    signed_by: Issuance | PresidingSignature,
    signed: bytes,
) -> None:
    spki, signature = base64url.decode(key.spki), base64url.decode(signed_by.signature)
    has_assertion = (signed_by.authenticator_data is not None, signed_by.client_data is not None)
    if key.kind != "passkey":
        if any(has_assertion):
            raise ValueError("the signature of a device carries a passkey's data")
        verify_device_signature(spki, signed, signature)
        return
    if not all(has_assertion):
        raise ValueError("the signature of a passkey lacks its data")
    verify_passkey_assertion(
        spki,
        signed,
        signature,
        base64url.decode(signed_by.authenticator_data or ""),
        base64url.decode(signed_by.client_data or ""),
        evidence.terms.rp_id,
        evidence.terms.origins,
    )


def _entitlement_problems(evidence: Evidence, issuance: Issuance) -> list[str]:
    problems = []
    if issuance.member > evidence.terms.members and evidence.roster is None:
        problems.append("there are not so many members")
    if issuance.late and not evidence.terms.late_issuance:
        problems.append("late, which the terms exclude")
    if evidence.roster is not None:
        problems += _key_problems(evidence, issuance.member, issuance.key)
    if evidence.attendance is not None:
        states = {member.no: member.state for member in evidence.attendance.members}
        if states.get(issuance.member, "absent") == "absent":
            problems.append("absent by the attendance, so not entitled")
    return problems


def _key_problems(evidence: Evidence, member: int, key: IssuanceKey) -> list[str]:
    if evidence.roster is None:
        return []
    keys = {each.no: each.key for each in evidence.roster.members}
    if member not in keys:
        return ["no such member in the roster"]
    enrolled = keys[member]
    if enrolled is None or (enrolled.kind, enrolled.spki) != (key.kind, key.spki):
        return ["signed by another key than the roster's"]
    return []


def _cancellation_problems(evidence: Evidence) -> list[str]:
    cancelled = evidence.cancelled
    if cancelled is None or not evidence.withholds_ballots:
        return []
    signature = cancelled.presiding_signature
    if cancelled.reason != "trustees_unavailable":
        return []
    if signature is None or signature.member != evidence.terms.meeting.presiding:
        return ["the presiding officer did not sign the cancellation"]
    try:
        signed = cancel_message(
            evidence.election.fingerprint, signature.member, cancelled.reason, cancelled.text
        )
        _verify(evidence, signature.key, signature, signed)
    except (CryptoError, ValueError) as error:
        return [f"the presiding officer's signature under the cancellation: {error}"]
    return [
        f"the presiding officer's signature under the cancellation: {problem}"
        for problem in _key_problems(evidence, signature.member, signature.key)
    ]
