"""Meetings over HTTP: lists, settings, and who starts and closes the voting by them."""

import httpx
import pytest

from services.election.issuing import issue_ballots
from tests.integration.conftest import Person
from tests.integration.election.conftest import Convene, LogIn
from tests.integration.election.hall import Hall, agree_or_not
from tests.integration.election.test_election_http import SETTINGS, an_auditor, problem_of

STARTED, CLOSED = "2026-11-20T09:00:00+07:00", "2026-11-20T09:10:00+07:00"


async def listed(person: Person) -> list[dict[str, object]]:
    answer = await person.ask("GET", "/meetings")
    assert answer.status_code == 200
    meetings: list[dict[str, object]] = answer.json()["meetings"]
    return meetings


async def test_list_of_meetings(
    hall: Hall, convene: Convene, secretary: Person, log_in: LogIn, http: httpx.AsyncClient
) -> None:
    """Members and auditors see their council's, newest first as moments, the secretary all."""
    first = hall.meeting_id
    # Later in the day by its text, earlier as a moment.
    early = (await hall.convene(starts_at="2026-11-20T08:30:00+08:00")).id
    late = (await hall.convene(starts_at="2026-11-21T00:00:00Z")).id
    uuids = [await hall.draft(), await hall.draft(nominations=(agree_or_not(1, "Vũ Ba"),))]
    other = (await convene()).meeting_id
    for person in (await log_in(hall, 1), await an_auditor(http, hall)):
        found = await listed(person)
        assert [each["id"] for each in found] == [late, first, early]
        assert found[0]["elections"] == uuids
        assert found[0] == (await person.ask("GET", f"/meetings/{late}")).json()
    everything = [each["id"] for each in await listed(secretary)]
    assert {late, first, early, other} <= set(everything)
    assert problem_of(await Person(http).ask("GET", "/meetings")) == "login-required"


async def test_settings_are_changed(hall: Hall, secretary: Person) -> None:
    """All at once; the answer and every later reading show them."""
    path = f"/meetings/{hall.meeting_id}"
    changed = {
        "starts_by": "presiding",
        "closes_by": "head_teller",
        "hall_shows": "passed",
        "address_form": "thay_co",
    }
    answer = await secretary.ask("PUT", f"{path}/settings", changed)
    assert answer.status_code == 200
    view = (await secretary.ask("GET", path)).json()
    assert view == answer.json()
    assert {name: view[name] for name in changed} == changed


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_by": "auditor"},
        {"closes_by": None},
        {"hall_shows": "nothing"},
        {"address_form": "comrade"},
        {"shown_by": "secretary"},
    ],
)
async def test_settings_that_do_not_exist(
    hall: Hall, secretary: Person, changes: dict[str, object]
) -> None:
    """Each has its few values; nothing is stored otherwise, and none may be missing."""
    path = f"/meetings/{hall.meeting_id}"
    before = (await secretary.ask("GET", path)).json()
    for body in (SETTINGS | changes, {"starts_by": "secretary"}):
        refused = await secretary.ask("PUT", f"{path}/settings", body)
        assert (refused.status_code, problem_of(refused)) == (422, "invalid-input")
    assert (await secretary.ask("GET", path)).json() == before
    unknown = await secretary.ask("PUT", f"/meetings/{'0' * 32}/settings", SETTINGS)
    assert problem_of(unknown) == "meeting-not-found"


async def test_presiding_officer_starts_and_head_teller_closes(
    hall: Hall, secretary: Person, log_in: LogIn
) -> None:
    """By the settings only the one named does it, the secretary no more; the others hear who."""
    path = f"/meetings/{hall.meeting_id}/settings"
    leaders = {"starts_by": "presiding", "closes_by": "head_teller"}
    assert (await secretary.ask("PUT", path, SETTINGS | leaders)).status_code == 200
    uuid = await hall.draft()
    early = await secretary.ask("POST", f"/elections/{uuid}/close", {})
    assert problem_of(early) == "wrong-state"  # there is no counting team yet
    await hall.hold_ceremony(uuid)
    await issue_ballots(hall.election, uuid)
    await hall.take(uuid, (1, 2, 3, 4, 5))
    await hall.confirm_keys(uuid)
    presiding, head_teller, teller = [await log_in(hall, no) for no in (1, 2, 3)]
    start, close = f"/elections/{uuid}/start", f"/elections/{uuid}/close"
    for person in (secretary, head_teller, teller):
        refused = await person.ask("POST", start, {"at": STARTED})
        assert (refused.status_code, problem_of(refused)) == (403, "reserved-for-presiding")
        assert "chủ tọa (Thành viên 1)" in refused.json()["detail"]
    started = await presiding.ask("POST", start, {"at": STARTED})
    assert (started.status_code, started.json()["state"]) == (200, "voting")
    for person in (secretary, presiding, teller):
        refused = await person.ask("POST", close, {"at": CLOSED})
        assert (refused.status_code, problem_of(refused)) == (403, "reserved-for-head-teller")
        assert "Trưởng Ban kiểm phiếu (Thành viên 2)" in refused.json()["detail"]
    closed = await head_teller.ask("POST", close, {"at": CLOSED})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")


async def test_leader_who_cannot_be_reached(hall: Hall, secretary: Person) -> None:
    """The secretary changes the setting during the vote and goes on."""
    path = f"/meetings/{hall.meeting_id}/settings"
    await secretary.ask("PUT", path, SETTINGS | {"closes_by": "presiding"})
    uuid = await hall.draft()
    await hall.open_voting(uuid)
    close = f"/elections/{uuid}/close"
    assert problem_of(await secretary.ask("POST", close, {})) == "reserved-for-presiding"
    await secretary.ask("PUT", path, SETTINGS)
    assert (await secretary.ask("POST", close, {"at": CLOSED})).status_code == 200


async def test_stranger_starts_nothing(hall: Hall, convene: Convene, log_in: LogIn) -> None:
    """Who presides in another council is nobody here."""
    uuid = await hall.draft()
    stranger = await log_in(await convene(), 1)
    for act in ("start", "close"):
        refused = await stranger.ask("POST", f"/elections/{uuid}/{act}", {})
        assert problem_of(refused) == "not-allowed"


async def test_too_large_for_phones(convene: Convene, secretary: Person) -> None:
    """Above 3,000 members × nominations the console leads tellers to the offline program."""
    hall = await convene(members=16)
    nominations = tuple(agree_or_not(no, f"Nguyễn Văn {no}") for no in range(1, 189))
    uuid = await hall.draft(nominations=nominations[:187])
    path = f"/elections/{uuid}"
    view = (await secretary.ask("GET", path)).json()
    assert (view["members"], view["offline_program_needed"]) == (16, False)
    await hall.convene()
    uuid = await hall.draft(nominations=nominations)
    view = (await secretary.ask("GET", f"/elections/{uuid}")).json()
    assert (view["members"], view["offline_program_needed"]) == (16, True)
