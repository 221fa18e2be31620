"""From issuing to closing: what each act enters in the log, and when it is refused."""

import base64
import hashlib

import msgspec
import pytest

from crypto.checkpoints import parse_note, parse_note_key, verify_checkpoint
from crypto.codes import election_code, seal_code
from schemas import canonical
from schemas.election_json import election_json
from schemas.entries import (
    BallotEntry,
    Closed,
    ElectionEntry,
    Issuance,
    TrusteeConfirms,
    VotingOpened,
)
from schemas.roster import Attendance, Roster
from schemas.rules import Quorum
from schemas.terms import Terms
from services.ballot_box.errors import BoxStateError
from services.board.log import read_checkpoint, read_file
from services.election.closing import close_voting
from services.election.drafting import record_counting_team
from services.election.errors import (
    CeremonyIncompleteError,
    NoQuorumError,
    NotConfirmedError,
    TimeInvalidError,
    TooFewBallotsError,
    WrongStateError,
)
from services.election.issuing import issue_ballots
from services.election.starting import start_voting
from services.registrar.errors import IssuingStateError, NotEntitledError
from tests.integration.election.conftest import Convene
from tests.integration.election.hall import AGREE, BLANK, DISAGREE, TEAM, Hall

AT_NINE = "2026-11-20T09:00:00+07:00"
AT_TEN = "2026-11-20T10:00:00+07:00"


async def test_issuing_before_the_ceremony_is_done(hall: Hall) -> None:
    """All keys are on the log first."""
    uuid = await hall.draft()
    with pytest.raises(WrongStateError):
        await issue_ballots(hall.election, uuid)
    await record_counting_team(hall.election, uuid, TEAM)
    with pytest.raises(CeremonyIncompleteError) as refused:
        await issue_ballots(hall.election, uuid)
    assert refused.value.facts == {"keys": 0, "trustees": 3}
    assert (await hall.read(uuid)).state == "ceremony"


async def test_issued_election(convene: Convene) -> None:
    """Terms bind meeting, list, team, roster and keys; election.json follows from them."""
    hall = await convene(without_phone=(4,))
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    record = await issue_ballots(hall.election, uuid)
    log = await hall.log(uuid)
    terms, entry = log.first_of(Terms), log.first_of(ElectionEntry)
    assert terms is not None
    assert entry is not None
    belenios = await hall.belenios(uuid)
    assert entry.election == election_json(
        terms, belenios.group.element_to_text(belenios.public_key)
    )
    assert record.state == "issuing"
    assert record.phi == belenios.fingerprint
    assert record.election_code == election_code(belenios.fingerprint)
    assert terms.method == "secret"
    assert (terms.ceremony_size, terms.members, len(log.entries)) == (12, 5, 14)
    assert [trustee.member for trustee in terms.counting_team.trustees] == [2, 3, 4]
    assert terms.meeting.id == hall.meeting_id
    assert (terms.meeting.presiding, terms.meeting.minute_taker) == (1, 5)
    roster_file = await read_file(hall.election.board, uuid, "roster.json")
    assert hashlib.sha256(roster_file).hexdigest() == terms.roster_commitment
    roster = msgspec.convert(canonical.decode(roster_file, 1_000_000), Roster)
    assert [(each.no, each.key is None) for each in roster.members] == [
        *((1, False), (2, False), (3, False), (4, True), (5, False)),
    ]
    assert len(base64.urlsafe_b64decode(roster.salt + "=")) == 32
    with pytest.raises(NotEntitledError):
        await hall.take(uuid, [4])
    with pytest.raises(WrongStateError):
        await issue_ballots(hall.election, uuid)


async def test_start_without_quorum(hall: Hall) -> None:
    """The strictest quorum of election and rules decides, in the room or online."""
    uuid = await hall.draft(quorum=Quorum(share="80%"))
    await hall.hold_ceremony(uuid)
    await issue_ballots(hall.election, uuid)
    await hall.confirm_keys(uuid)
    await hall.attend(1, "absent_consulted")
    await hall.attend(2, "online")
    await hall.attend(3, "absent")
    with pytest.raises(NoQuorumError) as refused:
        await start_voting(hall.election, uuid)
    assert refused.value.facts == {"n": 3, "N": 5, "q": 4, "k": 1}
    await hall.attend(3, "present")
    await start_voting(hall.election, uuid)
    assert (await hall.read(uuid)).state == "voting"


async def test_start_before_all_trustees_confirm(hall: Hall) -> None:
    """Every trustee has seen the election that its key is for."""
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    await issue_ballots(hall.election, uuid)
    await hall.confirm_keys(uuid, [1, 3])
    with pytest.raises(NotConfirmedError) as refused:
        await start_voting(hall.election, uuid)
    assert refused.value.facts == {"confirmed": 2, "trustees": 3}
    await hall.confirm_keys(uuid, [2])
    await start_voting(hall.election, uuid)
    assert len((await hall.log(uuid)).all_of(TrusteeConfirms)) == 3


async def test_start_with_few_ballots(hall: Hall) -> None:
    """Late members may still come; where they may not, a start would be pointless."""
    uuid = await hall.draft(late_issuance=False)
    await hall.hold_ceremony(uuid)
    await issue_ballots(hall.election, uuid)
    await hall.take(uuid, [1, 2])
    await hall.confirm_keys(uuid)
    with pytest.raises(TooFewBallotsError) as refused:
        await start_voting(hall.election, uuid)
    assert refused.value.facts == {"b": 2, "min": 3}
    await hall.take(uuid, [3])
    await start_voting(hall.election, uuid)
    with pytest.raises(IssuingStateError):
        await hall.take(uuid, [4])


async def test_vote_from_start_to_seal(hall: Hall) -> None:
    """The log holds counts, issuances by member, ballots by tracker, and attendance's hash."""
    uuid = await hall.draft()
    await hall.attend(4, "absent_consulted")
    await hall.attend(5, "online")
    await hall.hold_ceremony(uuid)
    await issue_ballots(hall.election, uuid)
    await hall.take(uuid, [3, 1])
    with pytest.raises(BoxStateError):
        await hall.cast(uuid, [1], [AGREE, AGREE])
    await hall.confirm_keys(uuid)
    await start_voting(hall.election, uuid, AT_NINE)
    opened = (await hall.log(uuid)).first_of(VotingOpened)
    assert opened == VotingOpened(
        at=AT_NINE, members=5, present=3, online=1, absent_consulted=1, issued=2
    )
    await hall.take(uuid, [5, 4])
    await hall.cast(uuid, [1, 5, 4], [AGREE, DISAGREE])
    await hall.cast(uuid, [3], [BLANK, AGREE])
    record = await close_voting(hall.election, uuid, AT_TEN)

    log = await hall.log(uuid)
    issuances = log.all_of(Issuance)
    assert [each.member for each in issuances] == [1, 3, 4, 5]
    assert [each.late for each in issuances] == [False, False, True, True]
    trackers = [hashlib.sha256(b.ballot.encode()).digest() for b in log.all_of(BallotEntry)]
    assert len(trackers) == 4
    assert trackers == sorted(trackers)
    attendance_file = await read_file(hall.election.board, uuid, "attendance.json")
    assert log.entries[-1] == Closed(
        at=AT_TEN,
        members=5,
        present=3,
        online=1,
        absent_consulted=1,
        issued=4,
        late=2,
        returned=4,
        attendance_commitment=hashlib.sha256(attendance_file).hexdigest(),
        token_keys_deleted=True,
    )
    attendance = msgspec.convert(canonical.decode(attendance_file, 1_000_000), Attendance)
    assert [each.state for each in attendance.members] == [
        *("present", "present", "present", "absent_consulted", "online"),
    ]
    note = await read_checkpoint(hall.election.board, uuid, "closing")
    terms = log.first_of(Terms)
    assert terms is not None
    assert verify_checkpoint(note, parse_note_key(terms.log_key)).head == log.head
    assert record.state == "closed"
    assert record.seal_code == seal_code(parse_note(note).text)
    assert record.closed_at is not None
    with pytest.raises(BoxStateError):
        await hall.cast(uuid, [1], [BLANK, BLANK])
    with pytest.raises(IssuingStateError):
        await hall.take(uuid, [2])


async def test_close_in_another_state(hall: Hall) -> None:
    """Only a running vote is closed, once."""
    uuid = await hall.draft()
    with pytest.raises(WrongStateError):
        await close_voting(hall.election, uuid)
    await hall.open_voting(uuid)
    await close_voting(hall.election, uuid)
    size = (await hall.log(uuid)).head.size
    with pytest.raises(WrongStateError):
        await close_voting(hall.election, uuid)
    with pytest.raises(WrongStateError):
        await start_voting(hall.election, uuid)
    assert (await hall.log(uuid)).head.size == size


async def test_closing_time_before_the_start(hall: Hall) -> None:
    """The minute cannot say that the vote ended before it began, or at no time at all."""
    uuid = await hall.draft()
    await hall.open_voting(uuid)
    for at in ("2026-11-20T08:59:59+07:00", "2026-11-20T25:00:00+07:00"):
        with pytest.raises(TimeInvalidError):
            await close_voting(hall.election, uuid, at)
    assert (await hall.read(uuid)).state == "voting"
    await close_voting(hall.election, uuid, "2026-11-20T02:00:00Z")
    assert (await hall.read(uuid)).state == "closed"


async def test_nobody_votes(hall: Hall) -> None:
    """It closes with empty hands; that it is too few shows when the sum would be opened."""
    uuid = await hall.draft()
    await hall.open_voting(uuid, takers=())
    await close_voting(hall.election, uuid)
    closed = (await hall.log(uuid)).entries[-1]
    assert isinstance(closed, Closed)
    assert (closed.issued, closed.returned) == (0, 0)
