"""Who may do and see what of an election over HTTP (words.md §3)."""

from datetime import datetime
from typing import Any

import httpx
import msgspec
import pytest

from schemas.entries import Outcome, PartialDecryption, Result, SecondProof, encode_entry
from services.board.log import append
from services.council.enrolling import invite_auditor
from services.election.closing import close_voting
from services.election.life import advance, mark_announced
from tests.integration.conftest import Person
from tests.integration.election.conftest import Convene, LogIn
from tests.integration.election.hall import AGREE, Hall
from tests.integration.election.test_only_secret import draft_body

SETTINGS = {
    "starts_by": "secretary",
    "closes_by": "secretary",
    "hall_shows": "all",
    "address_form": "dong_chi",
}
RESULT = Result(
    result='{"result":[[5,0],[5,0]]}',
    encrypted_tally="0" * 64,
    trustees=(1, 2),
    members=5,
    present=5,
    issued=5,
    returned=5,
    outcomes=tuple(
        Outcome(
            no=no,
            agree=5,
            disagree=0,
            blank=0,
            base=5,
            votes_needed=4,
            share_percent="100,00",
            passed=True,
        )
        for no in (1, 2)
    ),
)


def problem_of(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).removeprefix("urn:phieukin:problem:")


async def open_sum(hall: Hall, uuid: str) -> None:
    """Enter a result, as the tally does when enough trustees have opened the sum."""
    proof = SecondProof(challenge="1", response="1")
    decryptions = [
        PartialDecryption(index=index, partial_decryption="{}", proof=proof) for index in (1, 2)
    ]
    position = (await hall.log(uuid)).head.size
    await append(hall.election.board, uuid, position, [*decryptions, RESULT], "result")
    await advance(hall.election, uuid, ("closed",), "counted")


async def an_auditor(http: httpx.AsyncClient, hall: Hall) -> Person:
    person = Person(http)
    invitation = await invite_auditor(hall.election.council, hall.council_id, "Kiểm toán viên")
    assert (await person.enrol(invitation.code)).status_code == 201
    assert (await person.log_in()).status_code == 200
    return person


async def test_acts_of_the_secretary(
    hall: Hall, secretary: Person, log_in: LogIn, http: httpx.AsyncClient
) -> None:
    """Nobody else may do them, not even who presides; without login nobody is anybody."""
    uuid = await hall.draft()
    election = f"/elections/{uuid}"
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", f"/meetings/{hall.meeting_id}/elections", draft_body()),
        ("PUT", f"/meetings/{hall.meeting_id}/officers", {"presiding": 1, "minute_taker": 2}),
        (
            "PUT",
            f"{election}/nominations",
            {"nominations": draft_body()["nominations"], "quorum": {"share": "2/3"}},
        ),
        ("PUT", f"{election}/counting-team", {"members": [2, 3, 4], "trustee_threshold": 2}),
        ("PUT", f"/meetings/{hall.meeting_id}/settings", SETTINGS),
        *(("POST", f"/meetings/{hall.meeting_id}/{act}", {}) for act in ("end", "hall")),
        *(("POST", f"{election}/{act}", {}) for act in ("issue", "start", "close")),
        ("POST", f"{election}/cancel", {"reason": "council_decision", "text": "Hủy"}),
    ]
    presiding, auditor = await log_in(hall, 1), await an_auditor(http, hall)
    for verb, path, body in requests:
        # These two are the secretary's by the meeting's settings, and the answer says so.
        is_setting = path.endswith(("/start", "/close"))
        for person in (presiding, auditor):
            refused = await person.ask(verb, path, body)
            expected = "reserved-for-secretary" if is_setting else "not-allowed"
            assert (refused.status_code, problem_of(refused)) == (403, expected), path
        assert problem_of(await Person(http).ask(verb, path, body)) == "login-required", path
    assert (await hall.read(uuid)).version == 1


async def test_readers_of_another_council(
    hall: Hall, convene: Convene, log_in: LogIn, http: httpx.AsyncClient
) -> None:
    """Members and auditors see the elections of their own council only."""
    uuid = await hall.draft()
    other = await convene()
    for person in (await log_in(other, 1), await an_auditor(http, other)):
        for path in (
            f"/meetings/{hall.meeting_id}",
            *(f"/elections/{uuid}{rest}" for rest in ("", "/events", "/board/entries")),
            *(f"/elections/{uuid}/{rest}" for rest in ("board/roster", "record.zip")),
        ):
            assert problem_of(await person.ask("GET", path)) == "not-allowed", path
    for person in (await log_in(hall, 1), await an_auditor(http, hall)):
        assert (await person.ask("GET", f"/elections/{uuid}")).status_code == 200


async def test_meeting_and_election_drafted_over_http(hall: Hall, secretary: Person) -> None:
    """The answers say what was stored, with the defaults filled in."""
    meeting = {
        "council_id": hall.council_id,
        "kind": "regular",
        "title": "Họp xét thi đua",
        "starts_at": "2026-11-20T08:00:00+07:00",
        "venue": "Hội trường",
        "presiding": 1,
        "minute_taker": 2,
    }
    created = await secretary.ask("POST", "/meetings", meeting)
    assert created.status_code == 201, created.text
    meeting_id = created.json()["id"]
    assert created.json() == {
        **meeting,
        **SETTINGS,
        "id": meeting_id,
        "ended": False,
        "elections": [],
    }
    drafted = await secretary.ask("POST", f"/meetings/{meeting_id}/elections", draft_body())
    view = drafted.json()
    assert (view["state"], view["method"], view["ballot_number"]) == ("draft", "secret", 1)
    assert (view["minimum_ballots"], view["late_issuance"]) == (5, True)
    assert (view["issued"], view["confirmed"], view["returned"]) == (0, 0, 0)
    assert (view["members"], view["offline_program_needed"]) == (5, False)
    again = (await secretary.ask("GET", f"/meetings/{meeting_id}")).json()
    assert again["elections"] == [view["uuid"]]


@pytest.mark.parametrize(
    "changes",
    [
        {"group": "P-256"},
        {"nominations": []},
        {"nominations": "all"},
        {"quorum": {"share": "0.9"}},
        {"quorum": {"share": "101%"}},
        {"minimum_ballots": 2},
        {"minimum_ballots": 5.0},
        {"minimum_ballots": "5"},
        {"late_issuance": "true"},
        {"late_issuance": 1},
        {"late_issuance": "yes"},
        {"previous": "0OIl" * 4},
        {"colour": "red"},
    ],
)
async def test_draft_that_is_malformed(
    hall: Hall, secretary: Person, changes: dict[str, object]
) -> None:
    """Types, ranges and names are checked before anything is stored."""
    path = f"/meetings/{hall.meeting_id}/elections"
    answer = await secretary.ask("POST", path, draft_body(**changes))
    assert (answer.status_code, problem_of(answer)) == (422, "invalid-input")
    view = (await secretary.ask("GET", f"/meetings/{hall.meeting_id}")).json()
    assert view["elections"] == []


async def test_warning_for_an_award_out_of_reach(convene: Convene, secretary: Person) -> None:
    """The mark is on all members, but only who is here and has a phone can get a ballot."""
    hall = await convene(without_phone=(5,))
    uuid = await hall.draft()
    path = f"/elections/{uuid}"
    assert (await secretary.ask("GET", path)).json()["warnings"] == []
    await hall.attend(4, "absent")
    assert (await secretary.ask("GET", path)).json()["warnings"] == [
        {
            "kind": "reach",
            "text": '"Bằng khen" cần 4/5 phiếu đồng ý, nhưng chỉ 3 người được phát phiếu,'
            " nên không thể đạt. Chờ thêm thành viên, lấy ý kiến bằng văn bản, hoặc để phiên sau.",
            "award": "Bằng khen",
            "votes_needed": 4,
            "members": 5,
            "can_vote": 3,
        }
    ]
    await hall.attend(4, "absent_consulted")
    assert (await secretary.ask("GET", path)).json()["warnings"] == []


async def test_warning_for_another_base(hall: Hall, secretary: Person) -> None:
    """The titles of the two lists are counted on all members unless a reason is given."""
    body = draft_body()
    nomination = body["nominations"][0]
    nomination["award"] = "Chiến sĩ thi đua cơ sở"
    nomination["rule"]["base"] = "present_members"
    path = f"/meetings/{hall.meeting_id}/elections"
    view = (await secretary.ask("POST", path, body)).json()
    assert [each["kind"] for each in view["warnings"]] == ["base-without-reason"]
    nomination["rule"]["base_reason"] = "Điều 7 Quy chế"
    assert (await secretary.ask("POST", path, body)).json()["warnings"] == []


async def test_warning_for_a_decree_of_another_time(hall: Hall, secretary: Person) -> None:
    """A decree's text is cited for meetings of its own time; that of 2023 ended in June 2025."""
    body = draft_body()
    rule = body["nominations"][0]["rule"]
    rule["citation"] = "Theo khoản 7 Điều 30 Nghị định số 98/2023/NĐ-CP"
    path = f"/meetings/{hall.meeting_id}/elections"
    (warning,) = (await secretary.ask("POST", path, body)).json()["warnings"]
    assert warning["kind"] == "citation-outside-validity"
    assert rule["citation"] in warning["text"]
    await hall.convene(starts_at="2025-06-30T08:00:00+07:00")
    path = f"/meetings/{hall.meeting_id}/elections"
    assert (await secretary.ask("POST", path, body)).json()["warnings"] == []


async def test_warning_for_other_participants_in_the_second_ballot(
    hall: Hall, secretary: Person
) -> None:
    """Who took part the first time and who would now: a difference can disclose a vote."""
    first = await hall.draft()
    await hall.open_voting(first)
    await hall.cast(first, [1, 2, 3, 4, 5], [AGREE, AGREE])
    await close_voting(hall.election, first)
    await open_sum(hall, first)
    second = await hall.draft(previous=first)
    path = f"/elections/{second}"
    view = (await secretary.ask("GET", path)).json()
    assert (view["ballot_number"], view["previous"], view["warnings"]) == (2, first, [])
    await hall.attend(5, "absent")
    kinds = [each["kind"] for each in (await secretary.ask("GET", path)).json()["warnings"]]
    assert kinds == ["participants-changed"]


async def test_result_is_seen_by_tellers_first(
    hall: Hall, secretary: Person, log_in: LogIn, http: httpx.AsyncClient
) -> None:
    """Nobody before the sum is opened; then the tellers; the others when it is announced."""
    uuid = await hall.draft()
    await hall.open_voting(uuid)
    await hall.cast(uuid, [1, 2, 3, 4, 5], [AGREE, AGREE])
    teller, member = await log_in(hall, 3), await log_in(hall, 1)
    auditor = await an_auditor(http, hall)
    everybody = (teller, member, auditor, secretary)
    path, entries = f"/elections/{uuid}", f"/elections/{uuid}/board/entries"

    voting = [(await person.ask("GET", path)).json() for person in everybody]
    assert all(view == voting[0] for view in voting)
    assert (voting[0]["issued"], voting[0]["returned"]) == (5, 5)
    before = (await member.ask("GET", entries)).content
    assert (await auditor.ask("GET", entries)).content == before

    await close_voting(hall.election, uuid)
    for person in everybody:
        view = (await person.ask("GET", path)).json()
        assert "result" not in view
        record = await hall.read(uuid)
        assert view["seal_code"] == record.seal_code
        # Rounded up to a whole second: nobody comes too early.
        assert record.closed_at is not None
        left = datetime.fromisoformat(view["check_window_ends_at"]) - record.closed_at
        assert 0 <= left.total_seconds() < 1
        for file in ("record.zip", "record.bel"):
            assert problem_of(await person.ask("GET", f"{path}/{file}")) == "wrong-state"
    assert (await member.ask("GET", entries)).content == before
    assert (await secretary.ask("GET", entries)).content == before
    log = await hall.log(uuid)
    assert (await teller.ask("GET", entries)).content == b"".join(line + b"\n" for line in log.raw)

    await open_sum(hall, uuid)
    view = (await teller.ask("GET", path)).json()
    assert view["result"] == msgspec.json.decode(encode_entry(RESULT))
    for person in (member, auditor, secretary):
        assert "result" not in (await person.ask("GET", path)).json()
        assert (await person.ask("GET", entries)).content == before
        assert problem_of(await person.ask("GET", f"{path}/record.zip")) == "not-allowed"

    await mark_announced(hall.election, uuid)
    everything = (await teller.ask("GET", entries)).content
    for person in everybody:
        view = (await person.ask("GET", path)).json()
        assert view["announced"] is True
        assert view["result"]["outcomes"][0]["agree"] == 5
        assert (await person.ask("GET", entries)).content == everything
    assert (await Person(http).ask("GET", path)).status_code == 401


async def test_roster_and_attendance_files(
    hall: Hall, log_in: LogIn, http: httpx.AsyncClient
) -> None:
    """From issuing and closing on, for who belongs to the election; exact bytes."""
    uuid = await hall.draft()
    member, auditor = await log_in(hall, 1), await an_auditor(http, hall)
    board = f"/elections/{uuid}/board"
    assert problem_of(await member.ask("GET", f"{board}/roster")) == "wrong-state"
    assert problem_of(await member.ask("GET", f"{board}/entries")) == "not-allowed"
    await hall.open_voting(uuid)
    assert problem_of(await member.ask("GET", f"{board}/attendance")) == "wrong-state"
    await close_voting(hall.election, uuid)
    for name in ("roster", "attendance"):
        answers = [await person.ask("GET", f"{board}/{name}") for person in (member, auditor)]
        assert answers[0].content == answers[1].content
        assert answers[0].headers["content-type"].startswith("application/json")
        assert len(answers[0].json()["members"]) == 5


async def test_events_of_an_election(hall: Hall, secretary: Person, log_in: LogIn) -> None:
    """States and counts as they change, nothing else; the stream ends with the election."""
    uuid = await hall.draft()
    cancel = {"reason": "council_decision", "text": "Hủy"}
    await secretary.ask("POST", f"/elections/{uuid}/cancel", cancel)
    member = await log_in(hall, 1)
    answer = await member.ask("GET", f"/elections/{uuid}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = answer.text.split()
    assert lines[lines.index("event:") + 1] == "state"
    data = answer.text.partition("data: ")[2].splitlines()[0]
    assert msgspec.json.decode(data) == {
        "state": "cancelled",
        "issued": 0,
        "confirmed": 0,
        "returned": 0,
        "announced": False,
        "contributions": 0,
    }


async def test_unknown_election_and_malformed_uuid(secretary: Person) -> None:
    """Each has its own problem; what is no uuid is nobody's."""
    assert problem_of(await secretary.ask("GET", "/elections/" + "1" * 14)) == "election-not-found"
    assert problem_of(await secretary.ask("GET", "/elections/0OIl")) == "election-not-found"
    assert problem_of(await secretary.ask("GET", "/meetings/" + "0" * 32)) == "meeting-not-found"
