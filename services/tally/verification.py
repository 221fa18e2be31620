"""What the service checks of a trustee's contribution before it enters it (protocol.md §3, V5).

Every check raises a CryptoError; the caller names the sender, who is the one whose contribution is
being looked at. What stands in the log already was checked when it came in.
"""

import re
from collections.abc import Sequence
from typing import Final

from crypto.belenios_json import fields, loads, require_exact, text_field
from crypto.ceremony import check_commitments, verify_commitment_opening
from crypto.ceremony import verify_confirmation as verify_confirmation_text
from crypto.elections import fingerprint
from crypto.errors import MalformedError, TrusteeError
from crypto.groups import Group, group_by_name
from crypto.proofs import parse_proof
from crypto.sealed_messages import parse_signed_message, refuse_identity
from crypto.trustee_verification import verify_certificate as verify_parsed_certificate
from crypto.trustee_verification import verify_coefficients
from crypto.trustee_verification import verify_key as verify_parsed_key
from crypto.trustees import (
    Certificate,
    Context,
    parse_certificate,
    parse_coefficients,
    parse_verification_key,
)
from schemas.entries import (
    CeremonyCertificate,
    CeremonyCommitment,
    CeremonyKey,
    CeremonyReveal,
    ElectionEntry,
    TrusteeConfirms,
)
from services.board.ceremony_log import by_index, ceremony_of
from services.board.model import BoardLog
from services.election.model import ElectionRecord, Team

_SEALED_DATA: Final = re.compile(r"(?:[0-9a-f]{2}){17,8000}", re.ASCII)


def verify_certificate(
    log: BoardLog, record: ElectionRecord, team: Team, entry: CeremonyCertificate
) -> None:
    """Signed by its own key, for this place in this team, its keys nobody else's."""
    group = group_by_name(record.group)
    certificate = parse_certificate(group, entry.certificate)
    context = Context(group.name, len(team.members), team.trustee_threshold, entry.index)
    verify_parsed_certificate(group, certificate, context)
    taken = {
        key
        for other in by_index(log, CeremonyCertificate)
        for key in _keys_of(parse_certificate(group, other.certificate))
    }
    own = _keys_of(certificate)
    if len(own) != 2 or own & taken:
        raise TrusteeError(entry.index, "a key of the certificate is somebody's already")


def verify_commitment(log: BoardLog, entry: CeremonyCommitment) -> None:
    """Nobody else's: who repeats another's commitment could later repeat its reveal."""
    others = [other.commitment for other in log.all_of(CeremonyCommitment)]
    check_commitments([*others, entry.commitment])


def verify_reveal(
    log: BoardLog,
    record: ElectionRecord,
    team: Team,
    entry: CeremonyReveal,
    sealed_shares: Sequence[str],
) -> None:
    """Opens the commitment, signed over all certificates; one well-formed share a trustee."""
    group = group_by_name(record.group)
    ceremony = ceremony_of(log, record.uuid, team.trustee_threshold)
    signed = parse_signed_message(group, entry.coefexps)
    verify_commitment_opening(
        record.uuid,
        entry.index,
        ceremony.certificates_root,
        ceremony.commitments[entry.index - 1],
        signed.message,
    )
    coefficients = parse_coefficients(group, signed, team.trustee_threshold)
    signature = parse_proof(group, loads(entry.signature))
    require_exact(entry.signature, signature.to_json())
    verify_coefficients(group, _certificates(group, log), entry.index, coefficients, signature)
    if len(sealed_shares) != len(team.members):
        raise MalformedError("there is one sealed share for each trustee")
    for share in sealed_shares:
        check_sealed_share(group, share)


def verify_key(log: BoardLog, record: ElectionRecord, team: Team, entry: CeremonyKey) -> None:
    """Follows from the commitments of all, known to its trustee and signed by it."""
    group = group_by_name(record.group)
    key = parse_verification_key(group, entry.verification_key)
    if key.signature is None:
        raise MalformedError("the verification key is not signed")
    coefficients = [
        parse_coefficients(
            group, parse_signed_message(group, reveal.coefexps), team.trustee_threshold
        )
        for reveal in by_index(log, CeremonyReveal)
    ]
    verify_parsed_key(group, _certificates(group, log), coefficients, entry.index, key)


def verify_confirmation(log: BoardLog, record: ElectionRecord, entry: TrusteeConfirms) -> None:
    """Signed over phi and the tree up to and with `election` (protocol.md §11)."""
    group = group_by_name(record.group)
    election, head = log.first_of(ElectionEntry), log.head_after(ElectionEntry)
    if election is None or head is None:
        raise MalformedError("there is no election to confirm")
    certificate = _certificates(group, log)[entry.index - 1]
    verify_confirmation_text(
        group,
        certificate,
        entry.index,
        fingerprint(election.election),
        head.root,
        entry.confirmation,
    )


def check_sealed_share(group: Group, text: str) -> None:
    """The form of a sealed share (belenios-format §0); only its recipient can look inside."""
    names = ("algorithm", "alpha", "beta", "data")
    algorithm, alpha, beta, data = fields(loads(text), names)
    require_exact(text, dict(zip(names, (algorithm, alpha, beta, data), strict=True)))
    if algorithm != "AES-GCM" or not _SEALED_DATA.fullmatch(text_field(data)):
        raise MalformedError("not a sealed share")
    for element in (alpha, beta):
        refuse_identity(group, group.element_from_text(text_field(element)))


def _certificates(group: Group, log: BoardLog) -> list[Certificate]:
    return [
        parse_certificate(group, entry.certificate) for entry in by_index(log, CeremonyCertificate)
    ]


def _keys_of(certificate: Certificate) -> set[object]:
    return {certificate.verification, certificate.encryption}
