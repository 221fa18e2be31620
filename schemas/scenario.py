"""A whole meeting with its members' marks, for the simulation to play (`meeting-scenario/1`).

The expected figures of a scenario are compared with what the service gave, nothing more.
"""

from typing import Annotated, Literal

import msgspec

from schemas.fields import (
    AttendanceState,
    Count,
    Instant,
    LongText,
    MeetingKind,
    MemberNumber,
    NominationNumber,
    OptionalText,
    ShortText,
)
from schemas.rules import Quorum
from schemas.terms import Council, Nomination, Part

Mark = Literal["agree", "disagree", "blank"]
RefusalName = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z_]{2,60}$")]


class ScenarioError(ValueError):
    """The scenario is malformed; the message says where and what to change."""


class ScenarioTexts(Part, frozen=True, kw_only=True):
    report: LongText | None = None
    discussion: LongText | None = None
    conclusion: LongText | None = None


class ScenarioMeeting(Part, frozen=True, kw_only=True):
    kind: MeetingKind
    title: ShortText
    starts_at: Instant
    ends_at: Instant
    venue: ShortText
    texts: ScenarioTexts | None = None
    recipients: tuple[ShortText, ...] | None = None


class ScenarioMember(Part, frozen=True, kw_only=True):
    no: MemberNumber
    name: ShortText
    position: OptionalText
    council_role: OptionalText
    attendance: AttendanceState
    absence_reason: ShortText | None = None


class ExpectedOutcome(Part, frozen=True, kw_only=True):
    no: NominationNumber
    agree: Count
    disagree: Count
    blank: Count
    base: Count
    share_percent: str
    passed: bool


class MeetingResult(Part, frozen=True, kw_only=True):
    """The shape of `result.json` of a meeting that was held."""

    members: Count
    present: Count
    issued: Count
    returned: Count
    outcomes: tuple[ExpectedOutcome, ...]


class RefusedMeeting(Part, frozen=True, kw_only=True):
    """The shape of `result.json` of a refused meeting: the problem's name with `_` for `-`."""

    refused: RefusalName


class Scenario(Part, frozen=True, kw_only=True):
    """
    One meeting. `votes`: marks by member number in the order of the nominations; null = took a
    ballot and cast none; not listed = took none. `tellers[0]` is the head teller.
    """

    schema: Literal["meeting-scenario/1"]
    council: Council
    meeting: ScenarioMeeting
    members: Annotated[tuple[ScenarioMember, ...], msgspec.Meta(min_length=1, max_length=500)]
    presiding: MemberNumber
    secretary: MemberNumber
    tellers: Annotated[tuple[MemberNumber, ...], msgspec.Meta(min_length=1, max_length=20)]
    trustee_threshold: Annotated[int, msgspec.Meta(ge=1, le=20)]
    quorum: Quorum
    nominations: Annotated[tuple[Nomination, ...], msgspec.Meta(min_length=1, max_length=200)]
    votes: dict[str, tuple[Mark, ...] | None]
    minimum_ballots: Annotated[int, msgspec.Meta(ge=3, le=500)] | None = None
    expected: dict[str, object] | None = None

    def takes_ballot(self, no: int) -> bool:
        return str(no) in self.votes


def parse_scenario(document: object) -> Scenario:
    """
    Check a scenario that was read from JSON; unknown fields and inconsistent votes are refused.

    Raises ScenarioError.
    """
    try:
        scenario = msgspec.convert(document, Scenario)
    except msgspec.ValidationError as error:
        raise ScenarioError(str(error)) from error
    _check_people(scenario)
    _check_votes(scenario)
    return scenario


def expected_result(scenario: Scenario) -> MeetingResult | RefusedMeeting | None:
    """The scenario's expectation, typed; None where it has none. Raises ScenarioError."""
    if scenario.expected is None:
        return None
    try:
        if "refused" in scenario.expected:
            return msgspec.convert(scenario.expected, RefusedMeeting)
        return msgspec.convert(scenario.expected, MeetingResult)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"expected: {error}") from error


def _check_people(scenario: Scenario) -> None:
    numbers = [member.no for member in scenario.members]
    if len(set(numbers)) != len(numbers):
        raise ScenarioError("members: two members have the same number")
    officers = {
        "presiding": (scenario.presiding,),
        "secretary": (scenario.secretary,),
        "tellers": scenario.tellers,
    }
    for role, chosen in officers.items():
        for no in chosen:
            if no not in numbers:
                raise ScenarioError(f"{role}: there is no member {no}")
    if len(set(scenario.tellers)) != len(scenario.tellers):
        raise ScenarioError("tellers: one member is named twice")
    if scenario.trustee_threshold > len(scenario.tellers):
        raise ScenarioError("trustee_threshold: more than there are tellers")
    order = [nomination.no for nomination in scenario.nominations]
    if order != list(range(1, len(order) + 1)):
        raise ScenarioError("nominations: numbered 1, 2, 3 … in order")


def _check_votes(scenario: Scenario) -> None:
    attendance = {str(member.no): member.attendance for member in scenario.members}
    for no, marks in scenario.votes.items():
        if no not in attendance:
            raise ScenarioError(f"votes: there is no member {no}")
        if attendance[no] == "absent":
            raise ScenarioError(f"votes: member {no} is absent and takes no ballot")
        if marks is not None and len(marks) != len(scenario.nominations):
            raise ScenarioError(f"votes: member {no} marks {len(marks)} nominations, not all")
