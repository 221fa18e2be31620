"""Bodies and answers of attendance, check-in and issuing."""

from typing import Annotated

import msgspec

from schemas.api import Body, View
from schemas.fields import (
    AttendanceState,
    Bytes,
    Count,
    Hash,
    Instant,
    MemberNumber,
    ShortText,
)

SignatureText = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{86}$")]
"""r ‖ s, 64 bytes as base64url."""

BlindedText = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]*$", max_length=1024)]
"""A blinded message of 384 bytes as base64url; another length is refused by the registrar."""


class AttendanceBody(Body, frozen=True, kw_only=True):
    """What the secretary notes of one member; times belong to who is present or online."""

    state: AttendanceState
    reason: ShortText | None = None
    arrived_at: Instant | None = None
    left_at: Instant | None = None


class MemberAttendanceView(View, frozen=True, kw_only=True):
    no: MemberNumber
    state: AttendanceState
    reason: ShortText | None = None
    arrived_at: Instant | None = None
    left_at: Instant | None = None


class AttendanceView(View, frozen=True, kw_only=True):
    """Every member by number, and the counts of each state."""

    members: tuple[MemberAttendanceView, ...]
    present: Count
    online: Count
    absent_consulted: Count
    absent: Count


class NonceView(View, frozen=True, kw_only=True):
    """32 bytes in hex, for one check-in."""

    nonce: Hash


class CheckInBody(Body, frozen=True, kw_only=True):
    """Signed over `checkin` (protocol.md §11); the last two come from a passkey only."""

    nonce: Hash
    online: bool
    signature: SignatureText
    authenticator_data: Bytes | None = None
    client_data: Bytes | None = None


class IssuanceBody(Body, frozen=True, kw_only=True):
    """Signed over `issue` (protocol.md §11); one blinded message an issuer, in their order."""

    blinded: Annotated[tuple[BlindedText, ...], msgspec.Meta(min_length=1, max_length=5)]
    signature: SignatureText
    authenticator_data: Bytes | None = None
    client_data: Bytes | None = None


class IssuanceAnswer(View, frozen=True, kw_only=True):
    """384 bytes each as base64url, in issuer order."""

    blind_signatures: tuple[Bytes, ...]


class OwnIssuanceView(View, frozen=True, kw_only=True):
    """Whether the asking member took a ballot, `late` if so, and has said that it is stored."""

    issued: bool
    confirmed: bool
    late: bool | None = None
