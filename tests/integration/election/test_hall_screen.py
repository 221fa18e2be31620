"""The hall screen: what a link without a login shows, and when it is dead (protocol.md §12)."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import msgspec
import pytest
import sqlalchemy as sa

from schemas.api_hall import HallView
from services.clock import system_clock
from services.council.model import CouncilRecord
from services.council.party import CouncilParty
from services.council.reading import read_council
from services.election.cancelling import NewCancellation, cancel_election
from services.election.closing import close_voting
from services.election.errors import HallLinkEndedError, MeetingOverError
from services.election.hall import open_hall, view_hall
from services.election.issuing import issue_ballots
from services.election.life import mark_announced
from services.election.model import MeetingSettings
from services.election.starting import start_voting
from tests.integration.conftest import ORIGIN, Person
from tests.integration.election.conftest import LogIn
from tests.integration.election.hall import AGREE, DISAGREE, Hall
from tests.integration.election.test_election_http import RESULT, SETTINGS, open_sum, problem_of

FORBIDDEN = {"uuid", "id", "meeting_id", "council_id", "result", "tracker", "no", "name", "member"}


def now_text() -> str:
    return system_clock().replace(microsecond=0).isoformat()


@pytest.fixture
async def today(hall: Hall) -> Hall:
    """A meeting that starts now: the hall screens of past meetings are dead."""
    await hall.convene(starts_at=now_text())
    return hall


async def a_link(hall: Hall, secretary: Person) -> str:
    answer = await secretary.ask("POST", f"/meetings/{hall.meeting_id}/hall", {})
    assert answer.status_code == 201, answer.text
    view = answer.json()
    assert view["link"] == f"{ORIGIN}/hall#{view['code']}"
    return str(view["code"])


async def look(http: httpx.AsyncClient, code: str) -> HallView:
    """As a screen does: without a cookie."""
    answer = await Person(http).ask("POST", "/hall", {"code": code})
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=HallView)


async def test_a_meeting_from_wall_to_wall(
    today: Hall, secretary: Person, http: httpx.AsyncClient
) -> None:
    """Counts and codes as they come, and the result only once it is announced."""
    hall, code = today, await a_link(today, secretary)
    empty = await look(http, code)
    assert (empty.state, empty.ballot_number, empty.nominations) == ("waiting", 0, 0)
    assert (empty.members, empty.present, empty.online, empty.issued) == (5, 5, 0, 0)
    assert (empty.venue, empty.address_form) == ("Phòng họp số 1", "dong_chi")

    uuid = await hall.draft()
    assert (await look(http, code)).state == "waiting"
    await hall.hold_ceremony(uuid)
    waiting = await look(http, code)
    assert (waiting.state, waiting.ballot_number, waiting.nominations) == ("waiting", 1, 2)
    assert (waiting.phi, waiting.election_code) == (None, None)

    await issue_ballots(hall.election, uuid)
    issuing = await look(http, code)
    record = await hall.read(uuid)
    assert (issuing.state, issuing.phi) == ("issuing", record.phi)
    assert issuing.election_code == record.election_code
    await hall.take(uuid, (1, 2, 3, 4, 5))
    await hall.confirm_keys(uuid)
    await start_voting(hall.election, uuid)
    await hall.cast(uuid, [1, 2, 3, 4], [AGREE, DISAGREE])
    voting = await look(http, code)
    assert (voting.state, voting.issued, voting.returned) == ("voting", 5, 4)
    assert (voting.seal_code, voting.outcomes, voting.announced) == (None, None, False)

    await close_voting(hall.election, uuid)
    await hall.attend(5, "absent")
    closed = await look(http, code)
    record = await hall.read(uuid)
    assert (closed.state, closed.seal_value) == ("closed", record.seal_value)
    assert closed.seal_code == record.seal_code
    assert closed.check_window_ends_at is not None
    assert closed.present == 5  # as it was when the box was sealed
    await open_sum(hall, uuid)
    assert (await look(http, code)).outcomes is None
    await mark_announced(hall.election, uuid)
    announced = await look(http, code)
    assert (announced.state, announced.announced) == ("counted", True)
    assert announced.outcomes is not None
    assert [each.no for each in announced.outcomes] == [1, 2]


async def test_only_those_that_passed(
    today: Hall, secretary: Person, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the setting, nothing of a case that did not pass leaves the service; at once."""
    hall, code = today, await a_link(today, secretary)
    first, second = RESULT.outcomes
    outcomes = (first, msgspec.structs.replace(second, passed=False))
    result = msgspec.structs.replace(RESULT, outcomes=outcomes)
    monkeypatch.setattr("tests.integration.election.test_election_http.RESULT", result)
    uuid = await hall.draft()
    await hall.open_voting(uuid)
    await close_voting(hall.election, uuid)
    await open_sum(hall, uuid)
    await mark_announced(hall.election, uuid)
    answer = await Person(http).ask("POST", "/hall", {"code": code})
    assert [each["passed"] for each in answer.json()["outcomes"]] == [True, False]
    path = f"/meetings/{hall.meeting_id}/settings"
    await secretary.ask("PUT", path, SETTINGS | {"hall_shows": "passed"})
    answer = await Person(http).ask("POST", "/hall", {"code": code})
    assert [each["name"] for each in answer.json()["outcomes"]] == ["Nguyễn Thị Một"]
    assert "Trần Văn Hai" not in answer.text


async def test_cancelled_and_drafted_anew(
    today: Hall, secretary: Person, http: httpx.AsyncClient
) -> None:
    """A draft that was given up is nothing for the hall; a cancelled ballot is, with its reason."""
    hall, code = today, await a_link(today, secretary)
    given_up = await hall.draft()
    await cancel_election(hall.election, given_up, NewCancellation("council_decision", "Hủy"))
    assert (await look(http, code)).state == "waiting"
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    await issue_ballots(hall.election, uuid)
    reason = "Đổi danh sách theo ý kiến Hội đồng"
    await cancel_election(hall.election, uuid, NewCancellation("council_decision", reason))
    answer = await Person(http).ask("POST", "/hall", {"code": code})
    view = answer.json()
    assert (view["state"], view["cancelled"]) == ("cancelled", "council_decision")
    assert not {"phi", "election_code", "seal_code"} & view.keys()
    assert reason not in answer.text
    await hall.draft()
    again = await look(http, code)
    assert (again.state, again.cancelled) == ("waiting", None)


async def test_nothing_but_what_the_hall_sees(
    today: Hall, secretary: Person, http: httpx.AsyncClient
) -> None:
    """No identifier, no person, nothing that grows with single ballots; every look is the same."""
    hall, code = today, await a_link(today, secretary)
    uuid = await hall.draft()
    await hall.open_voting(uuid)
    await hall.cast(uuid, [1, 2, 3], [AGREE, AGREE])
    answers = [await Person(http).ask("POST", "/hall", {"code": code}) for _ in range(3)]
    assert len({answer.content for answer in answers}) == 1
    assert not FORBIDDEN & answers[0].json().keys()
    assert uuid not in answers[0].text
    assert hall.meeting_id not in answers[0].text
    assert "set-cookie" not in answers[0].headers
    assert len(answers[0].content) < 1000


async def test_link_replaced_and_ended(
    today: Hall, secretary: Person, http: httpx.AsyncClient
) -> None:
    """A new link ends the old one; the end of the meeting ends all, and it gets no new one."""
    old, new = await a_link(today, secretary), await a_link(today, secretary)
    screen = Person(http)
    refused = await screen.ask("POST", "/hall", {"code": old})
    assert (refused.status_code, problem_of(refused)) == (404, "hall-link-ended")
    assert (await screen.ask("POST", "/hall", {"code": new})).status_code == 200
    path = f"/meetings/{today.meeting_id}"
    ended = await secretary.ask("POST", f"{path}/end", {})
    assert (ended.status_code, ended.json()["ended"]) == (200, True)
    assert (await secretary.ask("POST", f"{path}/end", {})).json() == ended.json()
    assert problem_of(await screen.ask("POST", "/hall", {"code": new})) == "hall-link-ended"
    refused = await secretary.ask("POST", f"{path}/hall", {})
    assert (refused.status_code, problem_of(refused)) == (409, "meeting-over")


@pytest.mark.parametrize("code", ["", "A" * 42, "A" * 44, "=" * 43, None, 5])
async def test_code_of_another_form(http: httpx.AsyncClient, code: object) -> None:
    """What is no code is refused before anything is looked up; an unknown one is dead."""
    screen = Person(http)
    refused = await screen.ask("POST", "/hall", {"code": code})
    assert (refused.status_code, problem_of(refused)) == (422, "invalid-input")
    unknown = await screen.ask("POST", "/hall", {"code": "A" * 43})
    assert (unknown.status_code, problem_of(unknown)) == (404, "hall-link-ended")


async def test_meeting_of_the_day_before_yesterday(today: Hall) -> None:
    """Dead 24 hours after the meeting's day at the latest, also when nobody ended it."""
    _, code = await open_hall(today.election, today.meeting_id)
    assert today.meeting is not None
    start = datetime.fromisoformat(today.meeting.starts_at)
    end = start.replace(hour=0, minute=0, second=0) + timedelta(days=2)
    just_before = replace(today.election, clock=lambda: end - timedelta(seconds=1))
    assert (await view_hall(just_before, code)).state == "waiting"
    late = replace(today.election, clock=lambda: end)
    with pytest.raises(HallLinkEndedError):
        await view_hall(late, code)
    with pytest.raises(MeetingOverError):
        await open_hall(late, today.meeting_id)


async def test_meeting_does_not_end_under_a_ballot(today: Hall, secretary: Person) -> None:
    """While ballots are out or sealed the meeting goes on: its screen must show the codes."""
    uuid = await today.draft()
    await today.hold_ceremony(uuid)
    await issue_ballots(today.election, uuid)
    path = f"/meetings/{today.meeting_id}"
    refused = await secretary.ask("POST", f"{path}/end", {})
    assert (refused.status_code, problem_of(refused)) == (409, "election-under-way")
    assert (await secretary.ask("GET", path)).json()["ended"] is False


async def test_code_is_written_nowhere(
    today: Hall,
    secretary: Person,
    http: httpx.AsyncClient,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The log has no line of it, and the database keeps only its hash."""
    code = await a_link(today, secretary)
    await look(http, code)
    written = capfd.readouterr()
    assert (written.out, written.err) == ("", "")
    kept = sa.text("SELECT code_hash FROM election.hall_link WHERE meeting_id = :meeting")
    async with today.election.database.engine.connect() as connection:
        row = (await connection.execute(kept, {"meeting": today.meeting_id})).one()
    assert bytes(row.code_hash) == hashlib.sha256(code.encode()).digest()


async def test_many_screens_read_once(today: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens of one meeting are one reader."""
    readings: list[str] = []

    async def counting(council: CouncilParty, council_id: str) -> CouncilRecord:
        readings.append(council_id)
        return await read_council(council, council_id)

    monkeypatch.setattr("services.election.hall.read_council", counting)
    _, code = await open_hall(today.election, today.meeting_id)
    pictures = await asyncio.gather(*(view_hall(today.election, code) for _ in range(10)))
    assert readings == [today.council_id]
    assert all(each == pictures[0] for each in pictures)


async def test_stranger_makes_no_link(today: Hall, log_in: LogIn, http: httpx.AsyncClient) -> None:
    """Only the secretary does."""
    path = f"/meetings/{today.meeting_id}/hall"
    assert problem_of(await (await log_in(today, 1)).ask("POST", path, {})) == "not-allowed"
    assert problem_of(await Person(http).ask("POST", path, {})) == "login-required"


def test_settings_have_their_defaults() -> None:
    """What a meeting has when nothing is said of it."""
    assert vars(MeetingSettings()) == SETTINGS
