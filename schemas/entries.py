"""The entries of an election's log, one struct a type; the grammar is in `grammar.py`.

A leaf is the canonical JSON of an entry (protocol.md §7, §11). Belenios objects stand in it as
strings of their exact bytes.
"""

from typing import Annotated, Final, TypeAlias

import msgspec

from schemas import canonical
from schemas.fields import (
    Bytes,
    CancellationReason,
    Count,
    Hash,
    Instant,
    KeyKind,
    MemberNumber,
    NominationNumber,
    PaperKind,
    TrusteeIndex,
)
from schemas.terms import Part, Terms

BeleniosText = Annotated[str, msgspec.Meta(min_length=2, max_length=2_000_000)]
"""The exact bytes of an object of Belenios protocol 1, as text."""

ScalarText = Annotated[str, msgspec.Meta(pattern="^(0|[1-9][0-9]{0,79})$")]
TokenText = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{555}$")]


class CeremonyCertificate(
    Part, frozen=True, kw_only=True, tag_field="type", tag="ceremony_certificate"
):
    """Belenios `signed_msg` of the trustee's keys and context (belenios-format §5.3 step 1)."""

    index: TrusteeIndex
    certificate: BeleniosText


class CeremonyCommitment(
    Part, frozen=True, kw_only=True, tag_field="type", tag="ceremony_commitment"
):
    """Hash of the coefficients' commitments, posted before any is revealed (protocol.md §11)."""

    index: TrusteeIndex
    commitment: Hash


class CeremonyReveal(Part, frozen=True, kw_only=True, tag_field="type", tag="ceremony_reveal"):
    """`coefexps` is a Belenios signed_msg, `signature` the proof over certificates and coefexps."""

    index: TrusteeIndex
    coefexps: BeleniosText
    signature: BeleniosText


class CeremonyKey(Part, frozen=True, kw_only=True, tag_field="type", tag="ceremony_key"):
    """Belenios `trustee_public_key` with proof of knowledge and signature."""

    index: TrusteeIndex
    verification_key: BeleniosText


class ElectionEntry(Part, frozen=True, kw_only=True, tag_field="type", tag="election"):
    """The exact bytes of `election.json`."""

    election: BeleniosText


class TrusteeConfirms(Part, frozen=True, kw_only=True, tag_field="type", tag="trustee_confirms"):
    """Belenios signed_msg over `phieukin/confirm/1|phi|index|T` by the certificate key."""

    index: TrusteeIndex
    confirmation: BeleniosText


class VotingOpened(Part, frozen=True, kw_only=True, tag_field="type", tag="voting_opened"):
    """`at`: as the secretary states it for the minute; counts at that moment."""

    at: Instant
    members: Count
    present: Count
    online: Count
    absent_consulted: Count
    issued: Count


class IssuanceKey(Part, frozen=True, kw_only=True):
    kind: KeyKind
    spki: Bytes


class Issuance(Part, frozen=True, kw_only=True, tag_field="type", tag="issuance"):
    """
    A request for a blind signature, signed by the member's own device (protocol.md §4, §11).

    `blinded_sha256` = SHA-256 of the blinded messages joined in issuer order; `signature` is r ‖ s.
    """

    member: MemberNumber
    key: IssuanceKey
    blinded_sha256: Hash
    late: bool
    signature: Bytes
    authenticator_data: Bytes | None = None
    client_data: Bytes | None = None


class BallotEntry(Part, frozen=True, kw_only=True, tag_field="type", tag="ballot"):
    """An accepted ballot: exact Belenios bytes and its tokens in issuer order."""

    ballot: BeleniosText
    token: Annotated[tuple[TokenText, ...], msgspec.Meta(min_length=1, max_length=5)]


class Closed(Part, frozen=True, kw_only=True, tag_field="type", tag="closed"):
    """Counts at closing; the token key is deleted now (a statement, not a proof)."""

    at: Instant
    members: Count
    present: Count
    online: Count
    absent_consulted: Count
    issued: Count
    late: Count
    returned: Count
    attendance_commitment: Hash
    token_keys_deleted: bool


class Claim(Part, frozen=True, kw_only=True, tag_field="type", tag="claim"):
    """
    A promise of the box whose ballot is not on the board, alone.

    `promise` is the signed note with the box's signature only, its UTF-8 bytes as base64url: a
    note has newlines, which no string of an entry has (protocol.md §11 "JSON").
    """

    promise: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]+$", max_length=3000)]


class SecondProof(Part, frozen=True, kw_only=True):
    """The Chaum-Pedersen proof over the whole statement (protocol.md §3)."""

    challenge: ScalarText
    response: ScalarText


class PartialDecryption(
    Part, frozen=True, kw_only=True, tag_field="type", tag="partial_decryption"
):
    """Without the second proof it is still an entry, which V14 refuses (protocol.md §3)."""

    index: TrusteeIndex
    partial_decryption: BeleniosText
    proof: SecondProof | None = None


class Outcome(Part, frozen=True, kw_only=True):
    """One nomination's figures; `base` is the number that the rule's share is of."""

    no: NominationNumber
    agree: Count
    disagree: Count
    blank: Count
    base: Count
    votes_needed: Annotated[int, msgspec.Meta(ge=0, le=501)]
    share_percent: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,3},[0-9]{2}$")]
    passed: bool


class Result(Part, frozen=True, kw_only=True, tag_field="type", tag="result"):
    """
    The opened sum and what follows from it.

    `result` is the Belenios result object; `encrypted_tally` = SHA-256 of the Belenios
    encrypted_tally object; `trustees` are the partial decryptions combined; `present` is
    present + online when voting started.
    """

    result: BeleniosText
    encrypted_tally: Hash
    trustees: tuple[TrusteeIndex, ...]
    members: Count
    present: Count
    issued: Count
    returned: Count
    outcomes: tuple[Outcome, ...]


class MinuteEntry(Part, frozen=True, kw_only=True, tag_field="type", tag="minute"):
    """SHA-256 of a paper as issued for signing; a replacing paper names the one it replaces."""

    paper: PaperKind
    sha256: Hash
    replaces: Hash | None = None


class PresidingSignature(Part, frozen=True, kw_only=True):
    """The presiding officer's device signature over `cancel` (divergences.md: a use we added)."""

    member: MemberNumber
    key: IssuanceKey
    signature: Bytes
    authenticator_data: Bytes | None = None
    client_data: Bytes | None = None


class Cancelled(Part, frozen=True, kw_only=True, tag_field="type", tag="cancelled"):
    """The end without a result; `text` is what the minute says (protocol.md §1)."""

    at: Instant
    reason: CancellationReason
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    presiding_signature: PresidingSignature | None = None


Entry: TypeAlias = (
    CeremonyCertificate
    | CeremonyCommitment
    | CeremonyReveal
    | CeremonyKey
    | Terms
    | ElectionEntry
    | TrusteeConfirms
    | VotingOpened
    | Issuance
    | BallotEntry
    | Closed
    | Claim
    | PartialDecryption
    | Result
    | MinuteEntry
    | Cancelled
)

_KIB: Final = 1024
MAX_ENTRY_BYTES: Final = 2048 * _KIB
_MAX_BYTES_BY_TYPE: Final[dict[type, int]] = {
    CeremonyCertificate: 8 * _KIB,
    CeremonyCommitment: _KIB,
    CeremonyReveal: 64 * _KIB,
    CeremonyKey: 8 * _KIB,
    Terms: 2048 * _KIB,
    ElectionEntry: 512 * _KIB,
    TrusteeConfirms: 8 * _KIB,
    VotingOpened: _KIB,
    Issuance: 8 * _KIB,
    BallotEntry: 1024 * _KIB,
    Closed: _KIB,
    Claim: 4 * _KIB,
    PartialDecryption: 1024 * _KIB,
    Result: 256 * _KIB,
    MinuteEntry: _KIB,
    Cancelled: 16 * _KIB,
}


class EntryError(ValueError):
    """The bytes are not an entry of a known type, in canonical form and within its size."""


def encode_entry(entry: Entry) -> bytes:
    """The leaf data of an entry: canonical JSON without a newline (protocol.md §11 "Leaf")."""
    return canonical.encode(msgspec.to_builtins(entry))


def decode_entry(data: bytes) -> Entry:
    """
    Read an entry from its exact bytes (V1).

    Raises EntryError: not canonical, unknown type or field, a value out of range, too long.
    """
    try:
        value = canonical.decode(data, MAX_ENTRY_BYTES)
        entry: Entry = msgspec.convert(value, Entry)
    except (canonical.NotCanonicalError, msgspec.ValidationError) as error:
        raise EntryError(str(error)) from error
    if len(data) > _MAX_BYTES_BY_TYPE[type(entry)]:
        raise EntryError(
            f"an entry of this type is at most {_MAX_BYTES_BY_TYPE[type(entry)]} bytes"
        )
    if encode_entry(entry) != data:
        raise EntryError("a field holds its default value instead of being left out")
    return entry
