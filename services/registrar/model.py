"""Attendance, issuing and issuances as they stand, and the rules of who may take a ballot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from schemas import base64url, canonical
from schemas.entries import Issuance, IssuanceKey
from schemas.fields import AttendanceState
from schemas.roster import DeviceKey, MemberAttendance

IssuingState = Literal["issuing", "late", "closed", "abandoned"]
"""`late` from the start of voting on; `abandoned` if the election was cancelled before closing."""

ENTITLED: Final[frozenset[AttendanceState]] = frozenset({"present", "online", "absent_consulted"})
"""Attendances that entitle to a ballot (protocol.md §1)."""
IN_THE_MEETING: Final[frozenset[AttendanceState]] = frozenset({"present", "online"})


@dataclass(frozen=True)
class MeetingMember:
    """A member of the meeting's council; `key` is None for who has enrolled no device."""

    no: int
    key: DeviceKey | None


@dataclass(frozen=True)
class DeviceSignature:
    """A signature by a device key, r ‖ s; both other fields are there for a passkey only."""

    signature: bytes
    authenticator_data: bytes | None = None
    client_data: bytes | None = None


@dataclass(frozen=True)
class CheckIn:
    """A member's signed check-in; `online` for who takes part from elsewhere."""

    nonce: bytes
    online: bool
    signed: DeviceSignature


@dataclass(frozen=True)
class StoredNonce:
    """A check-in nonce given to a member; `used_online` is what it was used for, or None."""

    nonce: bytes
    expires_at: datetime
    used_online: bool | None


@dataclass(frozen=True)
class IssuanceRequest:
    """A member's request: blinded messages of 384 bytes in issuer order, and the signature."""

    blinded_messages: tuple[bytes, ...]
    signed: DeviceSignature


@dataclass(frozen=True)
class IssuingTerms:
    """What issuing is bound to: `keys` is the roster's device key of each member who has one."""

    uuid: str
    meeting_id: str
    phi: str
    rp_id: str
    origins: tuple[str, ...]
    late_issuance: bool
    keys: Mapping[int, DeviceKey]


@dataclass(frozen=True)
class Issuing:
    """The terms of one election's issuing, and where it stands."""

    terms: IssuingTerms
    state: IssuingState

    @property
    def admits_first_requests(self) -> bool:
        """A member who has no ballot yet may take one; late only where the terms allow it (§4)."""
        return self.state == "issuing" or (self.state == "late" and self.terms.late_issuance)

    @property
    def is_open(self) -> bool:
        """A member who has taken a ballot may still ask for the same answer."""
        return self.state in ("issuing", "late")


@dataclass(frozen=True)
class StoredIssuance:
    """An issuance: the signed request, as it will stand in the log."""

    member: int
    key: DeviceKey
    blinded_sha256: str
    late: bool
    signed: DeviceSignature

    def to_entry(self) -> Issuance:
        """The log entry (protocol.md §11 "Issuance entry")."""
        signed = self.signed
        return Issuance(
            member=self.member,
            key=IssuanceKey(kind=self.key.kind, spki=self.key.spki),
            blinded_sha256=self.blinded_sha256,
            late=self.late,
            signature=base64url.encode(signed.signature),
            authenticator_data=_text(signed.authenticator_data),
            client_data=_text(signed.client_data),
        )


@dataclass(frozen=True)
class OwnIssuance:
    """What a member may know of its own issuance; `late` is None where there is none."""

    issued: bool = False
    confirmed: bool = False
    late: bool | None = None


@dataclass(frozen=True)
class IssuanceProgress:
    """How many ballots were issued; never to whom (protocol.md §2)."""

    issued: int
    confirmed: int
    late: int


@dataclass(frozen=True)
class AttendanceCounts:
    """Members by attendance; `total` is the roster."""

    total: int
    present: int
    online: int
    absent_consulted: int
    absent: int

    @property
    def can_vote(self) -> int:
        return self.present + self.online + self.absent_consulted


def count_attendance(attendance: Sequence[MemberAttendance]) -> AttendanceCounts:
    """Count members by state (protocol.md §1)."""
    states = [each.state for each in attendance]
    return AttendanceCounts(
        total=len(states),
        present=states.count("present"),
        online=states.count("online"),
        absent_consulted=states.count("absent_consulted"),
        absent=states.count("absent"),
    )


def complete_attendance(
    members: Iterable[int], known: Mapping[int, MemberAttendance]
) -> tuple[MemberAttendance, ...]:
    """One attendance for each member, by number; who has none is absent."""
    return tuple(known.get(no, MemberAttendance(no=no, state="absent")) for no in sorted(members))


def times_are_possible(attendance: MemberAttendance) -> bool:
    """Times exist and are of this age, coming is not after leaving, and who is absent has none."""
    times = [each for each in (attendance.arrived_at, attendance.left_at) if each is not None]
    if times and attendance.state not in IN_THE_MEETING:
        return False
    try:
        moments = [datetime.fromisoformat(each) for each in times]
    except ValueError:
        return False
    # A year of 9999 could not be written in Vietnam's time on the minute.
    return moments == sorted(moments) and all(1970 < each.year < 2243 for each in moments)


def reason_is_canonical(attendance: MemberAttendance) -> bool:
    """The reason can stand in attendance.json, which is written at closing."""
    try:
        canonical.check_text(attendance.reason or "")
    except canonical.NotCanonicalError:
        return False
    return True


def _text(data: bytes | None) -> str | None:
    return None if data is None else base64url.encode(data)
