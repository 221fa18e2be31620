"""Meetings, drafts, lists and counting teams before ballots are issued."""

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.rules import Quorum
from schemas.terms import Terms
from services.council.errors import CouncilNotFoundError
from services.council.founding import put_members
from services.council.reading import read_council
from services.election.cancelling import NewCancellation, cancel_election
from services.election.closing import close_voting
from services.election.drafting import (
    BASE58,
    change_nominations,
    draft_election,
    draw_uuid,
    record_counting_team,
)
from services.election.errors import (
    AlreadyBallotedError,
    CountingTeamInvalidError,
    ElectionNotFoundError,
    ElectionUnderWayError,
    MeetingNotFoundError,
    NominationsInvalidError,
    NominationsTooLongError,
    NotAMemberError,
    SecondBallotInvalidError,
    TellersConflictError,
    TextNotCanonicalError,
    TimeInvalidError,
    WrongStateError,
)
from services.election.issuing import issue_ballots
from services.election.life import advance
from services.election.meetings import replace_officers
from services.election.model import Team
from services.election.reading import read_election, read_meeting
from services.election.starting import start_voting
from services.election.store import ElectionStore
from tests.integration.election.hall import NOMINATIONS, TEAM, Hall, a_draft, agree_or_not
from tests.seeded_randomness import SeededRandomness


async def test_meeting_as_it_was_created(hall: Hall) -> None:
    """It names council and officers; its elections come in the order of their drafts."""
    first = await hall.draft()
    second = await hall.draft(nominations=(agree_or_not(1, "Lê Văn Ba"),))
    meeting = await read_meeting(hall.election, hall.meeting_id)
    assert (meeting.council_id, meeting.presiding, meeting.minute_taker) == (hall.council_id, 1, 5)
    assert meeting.starts_at == "2026-11-20T08:00:00+07:00"
    assert meeting.elections == (first, second)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"council_id": "0" * 32}, CouncilNotFoundError),
        ({"presiding": 6}, NotAMemberError),
        ({"minute_taker": 500}, NotAMemberError),
        ({"starts_at": "2026-02-30T08:00:00+07:00"}, TimeInvalidError),
        ({"starts_at": "0206-11-20T08:00:00+07:00"}, TimeInvalidError),
        ({"starts_at": "2300-11-20T08:00:00+07:00"}, TimeInvalidError),
        ({"title": "Họp\nHội đồng"}, TextNotCanonicalError),
        ({"venue": "Pho\u0300ng họp"}, TextNotCanonicalError),
    ],
)
async def test_meeting_that_cannot_be(
    hall: Hall, changes: dict[str, object], refusal: type[Exception]
) -> None:
    """Its council exists, its officers are members, its texts could stand in a record."""
    with pytest.raises(refusal):
        await hall.convene(**changes)


async def test_council_whose_name_no_record_could_hold(hall: Hall) -> None:
    """It is refused before the meeting, and again before issuing, which must come through."""
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    roster = (await read_council(hall.election.council, hall.council_id)).members
    changed = [*roster[:4], msgspec.structs.replace(roster[4], position="Tru\u031bởng phòng")]
    await put_members(hall.election.council, hall.council_id, changed)
    with pytest.raises(TextNotCanonicalError):
        await issue_ballots(hall.election, uuid)
    assert (await hall.read(uuid)).pending is None
    with pytest.raises(TextNotCanonicalError):
        await hall.convene()


async def test_officers_are_replaced_except_while_ballots_are_out(hall: Hall) -> None:
    """The terms name them, so they stay until the count; the next election binds new ones."""
    await replace_officers(hall.election, hall.meeting_id, 2, 3)
    assert (await read_meeting(hall.election, hall.meeting_id)).presiding == 2
    with pytest.raises(NotAMemberError):
        await replace_officers(hall.election, hall.meeting_id, 2, 9)
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid, Team(members=(2, 3, 4), trustee_threshold=2))
    await issue_ballots(hall.election, uuid)
    await refuse_other_officers(hall, 1, 5)
    await hall.take(uuid, (1, 2, 3))
    await hall.confirm_keys(uuid)
    await start_voting(hall.election, uuid, "2026-11-20T09:00:00+07:00")
    await refuse_other_officers(hall, 1, 5)
    await close_voting(hall.election, uuid)
    await refuse_other_officers(hall, 1, 5)
    await advance(hall.election, uuid, ("closed",), "counted")
    await replace_officers(hall.election, hall.meeting_id, 1, 5)
    terms = (await hall.log(uuid)).first_of(Terms)
    assert terms is not None
    assert (terms.meeting.presiding, terms.meeting.minute_taker) == (2, 3)
    second = await hall.draft(previous=uuid)
    await hall.hold_ceremony(second, Team(members=(2, 3, 4), trustee_threshold=2))
    await issue_ballots(hall.election, second)
    terms = (await hall.log(second)).first_of(Terms)
    assert terms is not None
    assert (terms.meeting.presiding, terms.meeting.minute_taker) == (1, 5)


async def refuse_other_officers(hall: Hall, presiding: int, minute_taker: int) -> None:
    before = await read_meeting(hall.election, hall.meeting_id)
    with pytest.raises(ElectionUnderWayError):
        await replace_officers(hall.election, hall.meeting_id, presiding, minute_taker)
    assert await read_meeting(hall.election, hall.meeting_id) == before


async def test_unknown_meeting_and_election(hall: Hall) -> None:
    """Each has its own refusal."""
    with pytest.raises(MeetingNotFoundError):
        await read_meeting(hall.election, "0" * 32)
    with pytest.raises(MeetingNotFoundError):
        await draft_election(hall.election, "0" * 32, a_draft())
    with pytest.raises(ElectionNotFoundError):
        await read_election(hall.election, "1" * 14)


async def test_draft(hall: Hall) -> None:
    """A draft is a first ballot with a Belenios uuid of 14 base58 characters."""
    uuid = await hall.draft(minimum_ballots=4, late_issuance=False)
    record = await hall.read(uuid)
    assert len(uuid) == 14
    assert set(uuid) <= set(BASE58)
    assert (record.state, record.ballot_number, record.previous) == ("draft", 1, None)
    assert (record.minimum_ballots, record.late_issuance) == (4, False)
    assert record.nominations == NOMINATIONS
    assert record.team is None


def test_uuid_is_drawn_from_the_given_randomness() -> None:
    """Same randomness, same uuid."""
    assert draw_uuid(SeededRandomness("a")) == draw_uuid(SeededRandomness("a"))
    assert draw_uuid(SeededRandomness("a")) != draw_uuid(SeededRandomness("b"))


@pytest.mark.parametrize(
    ("nominations", "refusal"),
    [
        ((agree_or_not(2, "A"),), NominationsInvalidError),
        ((agree_or_not(1, "A"), agree_or_not(1, "B")), NominationsInvalidError),
        ((agree_or_not(2, "A"), agree_or_not(1, "B")), NominationsInvalidError),
        ((agree_or_not(1, "A"), agree_or_not(2, "A")), NominationsInvalidError),
        ((agree_or_not(1, "Nguye\u0302n"),), TextNotCanonicalError),
        ((agree_or_not(1, "A\tB"),), TextNotCanonicalError),
        (
            tuple(agree_or_not(n, f"{n}" + "𠀀" * 296, "𠀀" * 300) for n in range(1, 201)),
            NominationsTooLongError,
        ),
    ],
)
async def test_list_that_cannot_be(
    hall: Hall, nominations: tuple[object, ...], refusal: type[Exception]
) -> None:
    """Numbered 1, 2, 3 …, no case twice, texts and sizes as the record can hold them."""
    with pytest.raises(refusal):
        await hall.draft(nominations=nominations)
    uuid = await hall.draft()
    with pytest.raises(refusal):
        await change_nominations(
            hall.election,
            uuid,
            nominations,  # type: ignore[arg-type]
            Quorum(share="2/3"),
        )
    assert (await hall.read(uuid)).nominations == NOMINATIONS


async def test_same_name_with_another_award(hall: Hall) -> None:
    """A person may be proposed for two awards: these are two cases."""
    await hall.draft(
        nominations=(agree_or_not(1, "A", "Bằng khen"), agree_or_not(2, "A", "Huân chương"))
    )


async def test_list_changes_until_issuing(hall: Hall) -> None:
    """Also during the ceremony, which binds names, threshold and group only."""
    uuid = await hall.draft()
    changed = (agree_or_not(1, "Lê Văn Ba"),)
    before = (await hall.read(uuid)).version
    await hall.hold_ceremony(uuid)
    await change_nominations(hall.election, uuid, changed, Quorum(share="80%"))
    record = await hall.read(uuid)
    assert (record.nominations, record.quorum) == (changed, Quorum(share="80%"))
    assert record.version > before
    await issue_ballots(hall.election, uuid)
    with pytest.raises(WrongStateError):
        await change_nominations(hall.election, uuid, NOMINATIONS, Quorum(share="2/3"))
    assert (await hall.read(uuid)).nominations == changed


@pytest.mark.parametrize(
    "team",
    [
        Team(members=(1,), trustee_threshold=1),
        Team(members=(1, 2), trustee_threshold=1),
        Team(members=(1, 2, 3), trustee_threshold=1),
        Team(members=(1, 2, 3), trustee_threshold=4),
        Team(members=(1, 2, 2), trustee_threshold=2),
        Team(members=(1, 2, 3, 4), trustee_threshold=2),
    ],
)
async def test_team_that_cannot_be(hall: Hall, team: Team) -> None:
    """Different people, a threshold over half and at most all, nobody alone."""
    uuid = await hall.draft()
    with pytest.raises(CountingTeamInvalidError):
        await record_counting_team(hall.election, uuid, team)
    assert (await hall.read(uuid)).state == "draft"


async def test_team_of_the_council(hall: Hall) -> None:
    """Tellers are members; recorded, the ceremony begins and the team stands."""
    uuid = await hall.draft()
    with pytest.raises(NotAMemberError):
        await record_counting_team(hall.election, uuid, Team((1, 2, 99), 2))
    await record_counting_team(hall.election, uuid, TEAM)
    record = await hall.read(uuid)
    assert (record.state, record.team) == ("ceremony", TEAM)
    with pytest.raises(WrongStateError):
        await record_counting_team(hall.election, uuid, Team((1, 2, 3), 2))
    assert (await hall.read(uuid)).team == TEAM


async def test_teller_on_the_list(hall: Hall) -> None:
    """Refused without a reason, whichever comes first, the team or the name on the list."""
    nominations = (agree_or_not(1, "THÀNH VIÊN  3"),)
    uuid = await hall.draft(nominations=nominations)
    with pytest.raises(TellersConflictError) as refused:
        await record_counting_team(hall.election, uuid, TEAM)
    assert refused.value.facts == {"name": "Thành viên 3"}
    reason = replace(TEAM, conflict_reason="Hội đồng chỉ có năm thành viên")
    await record_counting_team(hall.election, uuid, reason)
    assert (await hall.read(uuid)).team == reason

    other = await hall.draft(nominations=(agree_or_not(1, "Lê Văn Ba"),))
    await record_counting_team(hall.election, other, TEAM)
    with pytest.raises(TellersConflictError):
        await change_nominations(hall.election, other, nominations, Quorum(share="2/3"))


async def test_second_ballot_before_the_first_is_counted(hall: Hall) -> None:
    """It is on cases of a counted ballot."""
    first = await hall.draft()
    with pytest.raises(SecondBallotInvalidError):
        await hall.draft(previous=first)
    with pytest.raises(ElectionNotFoundError):
        await hall.draft(previous="1" * 14)


async def test_second_ballot(hall: Hall) -> None:
    """On cases of one counted first ballot, as a second one, and there is no third."""
    first = await a_counted_election(hall)
    one = (agree_or_not(1, NOMINATIONS[1].name),)
    with pytest.raises(AlreadyBallotedError):
        await hall.draft(nominations=one)
    with pytest.raises(SecondBallotInvalidError):
        await hall.draft(nominations=(agree_or_not(1, "Lê Văn Ba"),), previous=first)
    second = await hall.draft(nominations=one, previous=first)
    record = await hall.read(second)
    assert (record.ballot_number, record.previous) == (2, first)
    with pytest.raises(SecondBallotInvalidError):
        await change_nominations(
            hall.election, second, (agree_or_not(1, "Lê Văn Ba"),), Quorum(share="2/3")
        )
    await hall.hold_ceremony(second)
    await issue_ballots(hall.election, second)
    with pytest.raises(AlreadyBallotedError):
        await hall.draft(nominations=one, previous=first)
    await count(hall, second)
    with pytest.raises(SecondBallotInvalidError):
        await hall.draft(nominations=one, previous=second)


async def test_second_ballot_of_another_meeting(hall: Hall) -> None:
    """First and second ballot are of one meeting."""
    first = await a_counted_election(hall)
    await hall.convene()
    with pytest.raises(SecondBallotInvalidError):
        await hall.draft(nominations=NOMINATIONS, previous=first)


async def test_draft_after_a_cancelled_one(hall: Hall) -> None:
    """A failed ceremony is cancelled and drafted anew: same cases, another uuid."""
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    await issue_ballots(hall.election, uuid)
    with pytest.raises(AlreadyBallotedError):
        await hall.draft()
    await cancel_election(
        hall.election, uuid, NewCancellation("council_decision", "Thay Ban kiểm phiếu")
    )
    again = await hall.draft()
    assert again != uuid
    assert (await hall.read(again)).ballot_number == 1


async def a_counted_election(hall: Hall) -> str:
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    await issue_ballots(hall.election, uuid)
    await count(hall, uuid)
    return uuid


async def count(hall: Hall, uuid: str) -> None:
    """Only the state: what counting is, the tally's tests show."""

    async def work(connection: AsyncConnection) -> None:
        values = {
            "state": "counted",
            "seal_value": "0" * 64,
            "seal_code": "0000-0000-0000-0000-0000",
            "closed_at": hall.election.clock(),
        }
        await ElectionStore(connection).change(uuid, values)

    await hall.election.database.transact("count", work)
