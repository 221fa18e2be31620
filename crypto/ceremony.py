"""The key ceremony as the log holds it, hardened by commit before reveal (protocol.md §3, §11).

Anybody can check it. What a trustee's own device does is in `trustee_device`.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crypto.belenios_json import loads, require_exact
from crypto.errors import ElectionMismatchError, MalformedError, TrusteeError
from crypto.groups import Group
from crypto.proofs import parse_proof
from crypto.sealed_messages import parse_signed_message, verify_message
from crypto.trustee_verification import (
    naming,
    verify_certificates,
    verify_coefficients,
    verify_key,
)
from crypto.trustees import (
    Certificate,
    Coefficients,
    ThresholdTeam,
    parse_coefficients,
    parse_verification_key,
)

COMMIT_LABEL: Final = b"phieukin/commit/1"
CONFIRM_LABEL: Final = "phieukin/confirm/1"

_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Reveal:
    """What a trustee publishes when all have committed: texts of `coefexps` and `signature`."""

    coefexps: str
    signature: str


@dataclass(frozen=True)
class Ceremony:
    """
    The ceremony as it stands in the log, in order of the trustees; nothing of it checked yet.

    `certificates_root` is T of all entries up to the last certificate (protocol.md §11).
    """

    uuid: str
    threshold: int
    certificates: tuple[str, ...]
    certificates_root: bytes
    commitments: tuple[str, ...]
    reveals: tuple[Reveal, ...]
    keys: tuple[str, ...]


def commitment_to(uuid: str, index: int, certificates_root: bytes, message: str) -> str:
    """Compute a commitment (protocol.md §11 "Commit before reveal"); `message` of `coefexps`."""
    parts = (uuid, str(index), certificates_root.hex(), message)
    return hashlib.sha256(
        b"\0".join((COMMIT_LABEL, *(part.encode() for part in parts)))
    ).hexdigest()


def check_commitments(commitments: Sequence[str]) -> None:
    """Check the form of all commitments, and that none repeats another. Raises TrusteeError."""
    seen: set[str] = set()
    for index, commitment in enumerate(commitments, 1):
        if not _HASH.fullmatch(commitment):
            raise TrusteeError(index, "a commitment is a hash in hex")
        if commitment in seen:
            raise TrusteeError(index, "the commitment is somebody's already")
        seen.add(commitment)


def verify_commitment_opening(
    uuid: str, index: int, certificates_root: bytes, commitment: str, message: str
) -> None:
    """Check that a revealed message was committed to (protocol.md §11). Raises TrusteeError."""
    if commitment_to(uuid, index, certificates_root, message) != commitment:
        raise TrusteeError(index, "the reveal does not open the commitment")


def verify_reveals(
    group: Group,
    uuid: str,
    certificates_root: bytes,
    certificates: Sequence[Certificate],
    commitments: Sequence[str],
    reveals: Sequence[Reveal],
    threshold: int,
) -> tuple[Coefficients, ...]:
    """
    Check all reveals: opening, signatures over certificates and coefficients (protocol.md §3, §11).

    Raises TrusteeError, or MalformedError when one is missing.
    """
    if not len(reveals) == len(commitments) == len(certificates):
        raise MalformedError("each trustee commits and reveals once")
    check_commitments(commitments)
    coefficients = []
    for index, revealed in enumerate(reveals, 1):
        with naming(index):
            signed = parse_signed_message(group, revealed.coefexps)
            verify_commitment_opening(
                uuid, index, certificates_root, commitments[index - 1], signed.message
            )
            parsed = parse_coefficients(group, signed, threshold)
            signature = parse_proof(group, loads(revealed.signature))
            require_exact(revealed.signature, signature.to_json())
        verify_coefficients(group, certificates, index, parsed, signature)
        coefficients.append(parsed)
    return tuple(coefficients)


def verify_ceremony(group: Group, ceremony: Ceremony) -> ThresholdTeam:
    """
    Check a whole ceremony as anybody can (V5; protocol.md §3, §11; belenios-format §5.3).

    Returns the team, for the election key and the archive. Raises TrusteeError or MalformedError.
    """
    certificates = verify_certificates(group, ceremony.certificates, ceremony.threshold)
    coefficients = verify_reveals(
        group,
        ceremony.uuid,
        ceremony.certificates_root,
        certificates,
        ceremony.commitments,
        ceremony.reveals,
        ceremony.threshold,
    )
    if len(ceremony.keys) != len(certificates):
        raise MalformedError("each trustee has one verification key")
    keys = []
    for index, text in enumerate(ceremony.keys, 1):
        with naming(index):
            key = parse_verification_key(group, text)
            if key.signature is None:
                raise MalformedError("the verification key is not signed")
        verify_key(group, certificates, coefficients, index, key)
        keys.append(key)
    return ThresholdTeam(
        threshold=ceremony.threshold,
        certificates=certificates,
        coefficients=coefficients,
        signatures=tuple(parse_proof(group, loads(each.signature)) for each in ceremony.reveals),
        verification_keys=tuple(keys),
    )


def confirmation_message(phi: str, index: int, election_root: bytes) -> str:
    """Join what a trustee signs to confirm an election (protocol.md §11 "trustee_confirms")."""
    return f"{CONFIRM_LABEL}|{phi}|{index}|{election_root.hex()}"


def verify_confirmation(
    group: Group, certificate: Certificate, index: int, phi: str, election_root: bytes, text: str
) -> None:
    """Check a trustee's confirmation of phi (protocol.md §11). Raises TrusteeError."""
    with naming(index):
        signed = parse_signed_message(group, text)
        if signed.message != confirmation_message(phi, index, election_root):
            raise ElectionMismatchError("the confirmation is of another election or log")
        verify_message(group, certificate.verification, signed)
