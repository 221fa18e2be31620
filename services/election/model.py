"""Meetings and elections as they stand, who is who in them, and what may follow what."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from schemas.entries import Outcome, Result
from schemas.fields import (
    AddressForm,
    CancellationReason,
    GroupName,
    HallShows,
    MeetingKind,
    VotingLeader,
)
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
SEALED: Final[frozenset[State]] = frozenset({"closed", "counted", "minuted"})
"""States in which the ballots are on the log under the closing checkpoint."""
FINAL: Final[frozenset[State]] = frozenset({"minuted", "cancelled"})

Act = Literal["issue", "start", "close", "cancel"]
"""Acts that touch several parties: stored sequences of steps that resume after a crash."""

MAX_WORK_OF_PHONES: Final = 3000
"""Members × nominations up to which tellers' phones open the sum (protocol.md §3)."""

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
class MeetingSettings:
    """What a council decides about its meeting's course; the one named starts and closes it."""

    starts_by: VotingLeader = "secretary"
    closes_by: VotingLeader = "secretary"
    hall_shows: HallShows = "all"
    address_form: AddressForm = "dong_chi"


USUAL_SETTINGS: Final = MeetingSettings()


@dataclass(frozen=True)
class MeetingRecord:
    """
    `starts_at` as the secretary wrote it, with its offset; `elections` in order of drafting.

    `ended_at` (the service's clock) once the secretary has ended the meeting.
    """

    id: str
    council_id: str
    kind: MeetingKind
    title: str
    starts_at: str
    venue: str
    presiding: int
    minute_taker: int
    settings: MeetingSettings = USUAL_SETTINGS
    ended_at: datetime | None = None
    elections: tuple[str, ...] = ()

    def hall_is_over(self, now: datetime) -> bool:
        """
        Whether the hall screen's link is dead: the meeting was ended, or it is long past.

        At the latest 24 h after the day on which the meeting started, in its own time zone.
        """
        start = datetime.fromisoformat(self.starts_at)
        day_after_next = start.replace(hour=0, minute=0, second=0) + timedelta(days=2)
        return self.ended_at is not None or now >= day_after_next


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
    """
    What everybody may follow of an election; never a partial result.

    `contributions`: how many messages of the counting team are on the log, of the ceremony, the
    confirmations, the opening; a screen that shows them reads them again when it grows.
    """

    state: State
    issued: int
    confirmed: int
    returned: int
    announced: bool
    contributions: int


@dataclass
class LatestEvents:
    """Events as they were last read, by uuid, with the loop's time: all streams share them."""

    events: dict[str, tuple[float, ElectionEvent]] = field(default_factory=dict)
    locks: dict[str, asyncio.Lock] = field(default_factory=dict)


@dataclass(frozen=True)
class HallCase:
    """One case of an announced result."""

    nomination: Nomination
    outcome: Outcome


HallState = Literal["waiting", "issuing", "voting", "closed", "counted", "minuted", "cancelled"]


@dataclass(frozen=True)
class HallPicture:
    """What everybody in the hall may see; `cases` only once announced, and only those shown."""

    council_name: str
    meeting: MeetingRecord
    election: ElectionRecord | None
    attendance: AttendanceCount
    progress: Progress
    check_window_ends_at: datetime | None
    cases: tuple[HallCase, ...] | None

    @property
    def state(self) -> HallState:
        """A list or a team that is being prepared is nothing for the hall yet."""
        state = "draft" if self.election is None else self.election.state
        if state == "draft" or state == "ceremony":
            return "waiting"
        return state

    def is_of(
        self, meeting: MeetingRecord, election: ElectionRecord | None, *, is_young: bool
    ) -> bool:
        """
        Whether it still shows these rows as they are now.

        Once the box is sealed nothing else changes in it; before, counts do, so it must be young.
        """
        is_same = (self.meeting, self.election) == (meeting, election)
        return is_same and (is_young or self.state in SEALED)


@dataclass
class LatestHalls:
    """Pictures as they were last read, by meeting, with the loop's time: all screens share them."""

    pictures: dict[str, tuple[float, HallPicture]] = field(default_factory=dict)
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
    members: int
    progress: Progress
    warnings: tuple[ElectionWarning, ...]
    result: Result | None
    check_window_ends_at: datetime | None

    @property
    def offline_program_needed(self) -> bool:
        """More work than a phone does in about two minutes (protocol.md §3)."""
        return self.members * len(self.election.nominations) > MAX_WORK_OF_PHONES
