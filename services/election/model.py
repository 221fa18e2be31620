"""Meetings and elections as they stand, who is who in them, and what may follow what."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

import msgspec

from schemas.entries import Result
from schemas.fields import CancellationReason, GroupName, MeetingKind
from schemas.roster import MemberAttendance
from schemas.rules import Quorum, strictest_quorum
from schemas.terms import Nomination

State = Literal[
    "draft", "ceremony", "issuing", "voting", "closed", "counted", "minuted", "cancelled"
]
STATES: Final[tuple[State, ...]] = (
    *("draft", "ceremony", "issuing", "voting", "closed", "counted", "minuted", "cancelled"),
)
ISSUED: Final[frozenset[State]] = frozenset({"issuing", "voting", "closed", "counted", "minuted"})
"""States in which list, rules and team are fixed and the election has a fingerprint."""
COUNTED: Final[frozenset[State]] = frozenset({"counted", "minuted"})
FINAL: Final[frozenset[State]] = frozenset({"minuted", "cancelled"})

Act = Literal["issue", "start", "close", "cancel"]
"""Acts that touch several parties: stored sequences of steps that resume after a crash."""

CAN_VOTE: Final = frozenset({"present", "online", "absent_consulted"})


@dataclass(frozen=True)
class Team:
    """The counting team as the council chose it; `members[0]` is the head teller."""

    members: tuple[int, ...]
    trustee_threshold: int
    conflict_reason: str | None = None

    def trustee_index(self, member: int | None) -> int | None:
        """The trustee's index, from 1; None for who is not on the team."""
        return self.members.index(member) + 1 if member in self.members else None


class Cancellation(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """Why an election ended without a result, as the log says it."""

    at: str
    reason: CancellationReason
    text: str


@dataclass(frozen=True)
class MeetingRecord:
    """`starts_at` as the secretary wrote it, with its offset; `elections` in order of drafting."""

    id: str
    council_id: str
    kind: MeetingKind
    title: str
    starts_at: str
    venue: str
    presiding: int
    minute_taker: int
    elections: tuple[str, ...] = ()


@dataclass(frozen=True)
class ElectionRecord:
    """
    One election as it stands.

    `presiding` is the meeting's; `phi`, `election_code` are there from issuing on, `seal_value`
    (hex), `seal_code`, `closed_at` (the service's clock) from closing on; `pending` is an act that
    has begun and not ended; `version` grows with every change.
    """

    uuid: str
    meeting_id: str
    council_id: str
    presiding: int
    state: State
    group: GroupName
    ballot_number: int
    previous: str | None
    nominations: tuple[Nomination, ...]
    quorum: Quorum
    minimum_ballots: int
    late_issuance: bool
    announced: bool
    version: int
    team: Team | None = None
    pending: Act | None = None
    phi: str | None = None
    election_code: str | None = None
    seal_value: str | None = None
    seal_code: str | None = None
    closed_at: datetime | None = None
    cancelled: Cancellation | None = None

    @property
    def strictest_quorum(self) -> Quorum:
        """Of the election and of its rules (protocol.md §1, "Rules are data")."""
        return strictest_quorum(self.quorum, [each.rule for each in self.nominations])


@dataclass(frozen=True)
class Roles:
    """Who an account is in one election; presiding officer and teller are no account roles."""

    is_secretary: bool
    is_presiding: bool
    is_member: bool
    trustee_index: int | None
    is_auditor: bool
    member: int | None

    @property
    def is_teller(self) -> bool:
        return self.trustee_index is not None

    @property
    def is_anybody(self) -> bool:
        """Belongs to this election in some way."""
        return self.is_secretary or self.is_member or self.is_auditor

    def may_see_result(self, election: ElectionRecord) -> bool:
        """Tellers when the sum is open, the others when it was announced (words.md §3)."""
        if election.state not in COUNTED:
            return False
        return self.is_teller or (election.announced and self.is_anybody)


@dataclass(frozen=True)
class AttendanceCount:
    """Members of the roster by attendance; `present` and `online` make the quorum."""

    members: int
    present: int
    online: int
    absent_consulted: int

    @property
    def can_vote(self) -> int:
        return self.present + self.online + self.absent_consulted

    @property
    def in_the_meeting(self) -> int:
        """Present or online: what quorum and the base `present_members` count."""
        return self.present + self.online


def count_attendance(attendance: Iterable[MemberAttendance]) -> AttendanceCount:
    """Count members by state (protocol.md §1, "Attendance of a member")."""
    states = [each.state for each in attendance]
    return AttendanceCount(
        members=len(states),
        present=states.count("present"),
        online=states.count("online"),
        absent_consulted=states.count("absent_consulted"),
    )


def attendance_of(
    members: Sequence[int], attendance: Iterable[MemberAttendance]
) -> tuple[MemberAttendance, ...]:
    """One attendance for each of `members`, by number; who has none is absent."""
    by_number = {each.no: each for each in attendance}
    return tuple(
        by_number.get(no, MemberAttendance(no=no, state="absent")) for no in sorted(members)
    )


@dataclass(frozen=True)
class Progress:
    """What everybody may know while voting goes on: counts only (protocol.md §2)."""

    issued: int
    confirmed: int
    returned: int


@dataclass(frozen=True)
class ElectionEvent:
    """What the hall screen shows of an election; never a partial result."""

    state: State
    issued: int
    returned: int
    announced: bool


@dataclass
class LatestEvents:
    """Events as they were last read, by uuid, with the loop's time: all streams share them."""

    events: dict[str, tuple[float, ElectionEvent]] = field(default_factory=dict)
    locks: dict[str, asyncio.Lock] = field(default_factory=dict)


@dataclass(frozen=True)
class ElectionWarning:
    """Something that the secretary should know before going on; `reach` has figures."""

    kind: Literal[
        "reach", "participants-changed", "base-without-reason", "citation-outside-validity"
    ]
    text: str
    award: str | None = None
    votes_needed: int | None = None
    members: int | None = None
    can_vote: int | None = None


@dataclass(frozen=True)
class ElectionPicture:
    """An election as one person may see it."""

    election: ElectionRecord
    progress: Progress
    warnings: tuple[ElectionWarning, ...]
    result: Result | None
