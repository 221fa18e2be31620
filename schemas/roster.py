"""The two salted files that the record commits to: who may vote, and who was there."""

from typing import Annotated

import msgspec

from schemas.fields import (
    AttendanceState,
    Bytes,
    Instant,
    KeyKind,
    MemberNumber,
    OptionalText,
    ShortText,
)
from schemas.terms import Part

Salt = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{43}$")]
"""32 random bytes, base64url: without it a reader could guess a file from its commitment."""


class DeviceKey(Part, frozen=True, kw_only=True):
    """A member's own ES256 key: SubjectPublicKeyInfo (91 bytes), base64url (protocol.md §11)."""

    kind: KeyKind
    spki: Bytes


class RosterMember(Part, frozen=True, kw_only=True):
    """`key` is absent for a member who has enrolled no device and so can take no ballot."""

    no: MemberNumber
    name: ShortText
    position: OptionalText
    council_role: OptionalText
    key: DeviceKey | None = None


class Roster(Part, frozen=True, kw_only=True):
    salt: Salt
    members: tuple[RosterMember, ...]


class MemberAttendance(Part, frozen=True, kw_only=True):
    no: MemberNumber
    state: AttendanceState
    reason: ShortText | None = None
    arrived_at: Instant | None = None
    left_at: Instant | None = None


class Attendance(Part, frozen=True, kw_only=True):
    salt: Salt
    members: tuple[MemberAttendance, ...]
