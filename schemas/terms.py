"""What one election is bound to: the `terms` entry and its parts (protocol.md §1, §11)."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from schemas.fields import (
    Bytes,
    Date,
    ElectionUuid,
    GroupName,
    Hash,
    Instant,
    MeetingKind,
    MemberNumber,
    NominationNumber,
    NomineeKind,
    OptionalText,
    ShortText,
    TrusteeIndex,
)
from schemas.rules import Quorum, Rule


class Part(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """Base of everything in the record: absent fields are left out, unknown ones refused."""


class FoundingDecision(Part, frozen=True, kw_only=True):
    """The act that set up the council (Quyết định thành lập / kiện toàn)."""

    number: ShortText
    date: Date
    issued_by: ShortText
    about: ShortText

    def __post_init__(self) -> None:
        # A day that does not exist would be found only when the minute is drawn up.
        date.fromisoformat(self.date)


class Issuer(Part, frozen=True, kw_only=True):
    """The heading of the council's papers (Decree 30/2020, Annex I) and its symbol."""

    parent_line: ShortText
    issuer_line: ShortText
    symbol: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Council(Part, frozen=True, kw_only=True):
    name: ShortText
    issuer: Issuer
    decision: FoundingDecision | None = None
    rules: ShortText | None = None


class Meeting(Part, frozen=True, kw_only=True):
    id: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    kind: MeetingKind
    title: ShortText
    starts_at: Instant
    venue: ShortText
    presiding: MemberNumber
    minute_taker: MemberNumber


class Nomination(Part, frozen=True, kw_only=True):
    """One case on the list; `unit` is empty for most collectives."""

    no: NominationNumber
    kind: NomineeKind
    name: ShortText
    unit: OptionalText
    award: ShortText
    rule: Rule
    summary: Annotated[str, msgspec.Meta(min_length=1, max_length=5000)] | None = None

    @property
    def question(self) -> str:
        """The text of its question in `election.json` (protocol.md §11)."""
        return f"{self.no}. {self.name} ({self.award})"


class Trustee(Part, frozen=True, kw_only=True):
    """A teller as the council chose; `certificate` is SHA-256 of its certificate's text."""

    index: TrusteeIndex
    member: MemberNumber
    name: ShortText
    certificate: Hash


class CountingTeam(Part, frozen=True, kw_only=True):
    """`trustees[0]` is the head teller; `conflict_reason` where a teller is on the list."""

    trustee_threshold: TrusteeIndex
    trustees: tuple[Trustee, ...]
    conflict_reason: ShortText | None = None


class TokenKey(Part, frozen=True, kw_only=True):
    """An issuer's RSA-3072 public key: DER SubjectPublicKeyInfo, base64url."""

    issuer: ShortText
    spki: Bytes


class Terms(Part, frozen=True, kw_only=True, tag_field="type", tag="terms"):
    """
    Binds everything that `election.json` does not say; H(terms) is in its description.

    `members` is the number on the roster; `ceremony_root` = T(`ceremony_size`), hex;
    `log_key` and `box_key` are C2SP verifier keys ("name+hash+key").
    """

    version: Literal[1]
    uuid: ElectionUuid
    method: Literal["secret"]
    group: GroupName
    ballot_number: Annotated[int, msgspec.Meta(ge=1, le=2)]
    council: Council
    meeting: Meeting
    members: MemberNumber
    roster_commitment: Hash
    nominations: Annotated[tuple[Nomination, ...], msgspec.Meta(min_length=1, max_length=200)]
    quorum: Quorum
    minimum_ballots: Annotated[int, msgspec.Meta(ge=3, le=500)]
    late_issuance: bool
    counting_team: CountingTeam
    ceremony_size: Annotated[int, msgspec.Meta(ge=1, le=200)]
    ceremony_root: Hash
    rp_id: ShortText
    origins: Annotated[tuple[ShortText, ...], msgspec.Meta(min_length=1, max_length=10)]
    log_origin: ShortText
    log_key: ShortText
    box_key: ShortText
    token_keys: Annotated[tuple[TokenKey, ...], msgspec.Meta(min_length=1, max_length=5)]
    previous: ElectionUuid | None = None
    client_hash: Hash | None = None
