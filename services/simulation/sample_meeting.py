"""The council of the demo with a meeting of today, for a first try in a browser.

Nobody votes here: it only makes what a secretary would make beforehand, by the parties' own acts.
"""

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib import resources
from typing import Final

from schemas.roster import MemberAttendance, RosterMember
from schemas.scenario import Scenario, parse_scenario
from services.accounts import Account
from services.app import Parties
from services.clock import instant_text
from services.council.enrolling import invite_member
from services.council.founding import found_council, put_members
from services.council.reading import list_councils, read_council
from services.election.drafting import NewElection, draft_election
from services.election.hall import open_hall
from services.election.meetings import NewMeeting, create_meeting, list_meetings
from services.election.model import MeetingRecord
from services.registrar.attendance import set_attendance

SCENARIO: Final = "lam-giang-province.json"
TIME_ZONE: Final = timezone(timedelta(hours=7))
# Whoever tries it has few browsers: three ballots suffice, the least that protocol.md §1 allows.
MINIMUM_BALLOTS: Final = 3
# Whoever has started the service on their own computer may see what it holds.
_OPERATOR: Final = Account("", "", frozenset({"secretary"}))


class SampleError(Exception):
    """There is no place for the sample; the message says why."""


@dataclass(frozen=True)
class SampleMember:
    """`link` is absent once the member has a device; `note` says what to do as this member."""

    no: int
    name: str
    note: str
    link: str | None


@dataclass(frozen=True)
class SampleMeeting:
    council_id: str
    meeting_id: str
    hall_link: str
    members: tuple[SampleMember, ...]


async def prepare_sample(parties: Parties) -> SampleMeeting:
    """
    Set the sample up on an empty database; where it is already, a new meeting on another day.

    Links of who has not enrolled are new ones, and earlier links end. Raises SampleError where
    there are other councils.
    """
    scenario = _read_scenario()
    councils = await list_councils(parties.council, _OPERATOR)
    found = [
        each.id
        for each in councils
        if each.name == scenario.council.name and await _has_officers(parties, each.id, scenario)
    ]
    if councils and not found:
        raise SampleError("the database holds other councils; give the sample a --state-dir")
    council_id = found[0] if found else await _found_council(parties, scenario)
    meeting = await _meeting_of_today(parties, council_id, scenario)
    hall_link, _ = await open_hall(parties.election, meeting.id)
    return SampleMeeting(
        council_id=council_id,
        meeting_id=meeting.id,
        hall_link=hall_link,
        members=await _invite_members(parties, council_id, scenario),
    )


def _read_scenario() -> Scenario:
    file = resources.files("services.simulation").joinpath("scenarios", SCENARIO)
    return parse_scenario(json.loads(file.read_bytes()))


async def _has_officers(parties: Parties, council_id: str, scenario: Scenario) -> bool:
    """Whether it is the sample's council: another may have the same name."""
    council = await read_council(parties.council, council_id)
    names = {each.no: each.name for each in council.members}
    officers = (scenario.presiding, scenario.secretary)
    return all(each.name == names.get(each.no) for each in scenario.members if each.no in officers)


async def _found_council(parties: Parties, scenario: Scenario) -> str:
    council = await found_council(parties.council, scenario.council)
    members = [
        RosterMember(
            no=each.no,
            name=each.name,
            position=each.position,
            council_role=each.council_role,
        )
        for each in scenario.members
    ]
    await put_members(parties.council, council.id, members)
    return council.id


async def _meeting_of_today(parties: Parties, council_id: str, scenario: Scenario) -> MeetingRecord:
    now = parties.election.clock().astimezone(TIME_ZONE)
    for meeting in await list_meetings(parties.election, _OPERATOR):
        is_of_today = datetime.fromisoformat(meeting.starts_at).date() == now.date()
        if meeting.council_id == council_id and is_of_today and not meeting.hall_is_over(now):
            return meeting
    meeting = await create_meeting(
        parties.election,
        NewMeeting(
            council_id=council_id,
            kind=scenario.meeting.kind,
            title=scenario.meeting.title,
            starts_at=instant_text(now.replace(second=0)),
            venue=scenario.meeting.venue,
            presiding=scenario.presiding,
            minute_taker=scenario.secretary,
        ),
    )
    await _record_attendance(parties, meeting.id, scenario)
    draft = NewElection(
        group="Ed25519",
        nominations=scenario.nominations,
        quorum=scenario.quorum,
        minimum_ballots=MINIMUM_BALLOTS,
        late_issuance=True,
        previous=None,
    )
    await draft_election(parties.election, meeting.id, draft)
    return meeting


async def _record_attendance(parties: Parties, meeting_id: str, scenario: Scenario) -> None:
    """All but the officers and tellers are there, so that few browsers make the quorum."""
    with_browser = _with_browser(scenario)
    for member in scenario.members:
        if member.no not in with_browser:
            attendance = MemberAttendance(
                no=member.no, state=member.attendance, reason=member.absence_reason
            )
            await set_attendance(parties.registrar, meeting_id, attendance)


def _with_browser(scenario: Scenario) -> frozenset[int]:
    return frozenset({scenario.presiding, *scenario.tellers})


async def _invite_members(
    parties: Parties, council_id: str, scenario: Scenario
) -> tuple[SampleMember, ...]:
    council = await read_council(parties.council, council_id)
    members = []
    for member in council.members:
        link = None
        if member.key is None:
            link = (await invite_member(parties.council, council_id, member.no)).link
        note = _note(member.no, scenario)
        members.append(SampleMember(no=member.no, name=member.name, note=note, link=link))
    return tuple(members)


def _note(no: int, scenario: Scenario) -> str:
    if no == scenario.tellers[0]:
        return "head teller"
    if no in scenario.tellers:
        return "teller"
    return "presides" if no == scenario.presiding else ""


def as_json(sample: SampleMeeting) -> dict[str, object]:
    """For programs that read the announcement of the start."""
    return dataclasses.asdict(sample)
