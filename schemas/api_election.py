"""Bodies and answers of the elections' endpoints. The one method is secret (protocol.md §2)."""

from typing import Annotated, Literal

import msgspec

from schemas.api import Body, Identifier, View
from schemas.entries import Result
from schemas.fields import (
    Bytes,
    CancellationReason,
    Count,
    ElectionUuid,
    Fingerprint,
    GroupName,
    Hash,
    Instant,
    LongText,
    MemberNumber,
    ShortText,
    TrusteeIndex,
)
from schemas.rules import Quorum
from schemas.terms import Nomination

ElectionState = Literal[
    "draft", "ceremony", "issuing", "voting", "closed", "counted", "minuted", "cancelled"
]
Nominations = Annotated[tuple[Nomination, ...], msgspec.Meta(min_length=1, max_length=200)]
Code = Annotated[str, msgspec.Meta(pattern="^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$")]
CancellationText = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class ElectionBody(Body, frozen=True, kw_only=True):
    """A draft. `method` may be left out: it is secret. `previous`: this is its second ballot."""

    group: GroupName
    nominations: Nominations
    quorum: Quorum
    method: Literal["secret"] = "secret"
    minimum_ballots: Annotated[int, msgspec.Meta(ge=3, le=500)] = 5
    late_issuance: bool = True
    previous: ElectionUuid | None = None


class NominationsBody(Body, frozen=True, kw_only=True):
    nominations: Nominations
    quorum: Quorum


class CountingTeamBody(Body, frozen=True, kw_only=True):
    """`members[0]` is the head teller; `trustee_threshold` of them open the sum."""

    members: Annotated[tuple[MemberNumber, ...], msgspec.Meta(min_length=1, max_length=20)]
    trustee_threshold: TrusteeIndex = 2
    conflict_reason: ShortText | None = None


class TimeBody(Body, frozen=True, kw_only=True):
    """`at`: the time as the minute will say it; left out, it is now."""

    at: Instant | None = None


class PresidingSignatureBody(Body, frozen=True, kw_only=True):
    """Signature of the presiding officer's device over `cancel` (protocol.md §11)."""

    signature: Bytes
    authenticator_data: Bytes | None = None
    client_data: Bytes | None = None


class CancellationBody(Body, frozen=True, kw_only=True):
    """`presiding_signature` is due after closing when trustees are unavailable."""

    reason: CancellationReason
    text: CancellationText
    at: Instant | None = None
    presiding_signature: PresidingSignatureBody | None = None


class CountingTeamView(View, frozen=True, kw_only=True):
    members: tuple[MemberNumber, ...]
    trustee_threshold: TrusteeIndex
    conflict_reason: ShortText | None = None


class WarningView(View, frozen=True, kw_only=True):
    """For the secretary, before the start; `reach` comes with its figures."""

    kind: Literal[
        "reach", "participants-changed", "base-without-reason", "citation-outside-validity"
    ]
    text: LongText
    award: ShortText | None = None
    votes_needed: int | None = None
    members: Count | None = None
    can_vote: Count | None = None


class CancellationView(View, frozen=True, kw_only=True):
    at: Instant
    reason: CancellationReason
    text: CancellationText


class ElectionView(View, frozen=True, kw_only=True):
    """
    An election as the reader may see it; `result` is absent for whom it is not open.

    `phi` and `election_code` from issuing on, `seal_value` (hex), `seal_code` and
    `check_window_ends_at` from closing on: before that nobody opens the sum. `members` is the
    roster; `offline_program_needed`: too large for tellers' phones to open (protocol.md §3).
    """

    uuid: ElectionUuid
    meeting_id: Identifier
    council_id: Identifier
    state: ElectionState
    method: Literal["secret"]
    group: GroupName
    ballot_number: Annotated[int, msgspec.Meta(ge=1, le=2)]
    nominations: Nominations
    quorum: Quorum
    minimum_ballots: Annotated[int, msgspec.Meta(ge=3, le=500)]
    late_issuance: bool
    members: Count
    offline_program_needed: bool
    warnings: tuple[WarningView, ...]
    issued: Count
    confirmed: Count
    returned: Count
    announced: bool
    previous: ElectionUuid | None = None
    counting_team: CountingTeamView | None = None
    phi: Fingerprint | None = None
    election_code: Code | None = None
    seal_value: Hash | None = None
    seal_code: Code | None = None
    closed_at: Instant | None = None
    check_window_ends_at: Instant | None = None
    result: Result | None = None
    cancelled: CancellationView | None = None
