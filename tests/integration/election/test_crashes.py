"""A crash before or after any transaction of an act: it goes on later, and nothing is lost.

Each party's database is one that fails at the n-th transaction, with the commit done or not.
"""

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.entries import BallotEntry, Cancelled, Closed, Issuance, VotingOpened
from schemas.grammar import Withheld, check_grammar
from schemas.rules import Quorum
from schemas.terms import Terms
from services.board.log import read_checkpoint, read_file
from services.database import PartyDatabase
from services.election.cancelling import NewCancellation, cancel_election
from services.election.closing import close_voting
from services.election.drafting import change_nominations
from services.election.errors import ActPendingError, WrongStateError
from services.election.issuing import issue_ballots
from services.election.party import Election
from services.election.resuming import resume_all
from services.election.starting import start_voting
from tests.integration.election.hall import AGREE, NOMINATIONS, Hall, agree_or_not

Value = TypeVar("Value")
Act = Callable[[Election], Awaitable[object]]
AT_TEN = "2026-11-20T10:00:00+07:00"


class CrashError(Exception):
    """The process ended here."""


@dataclass
class Crash:
    """
    Ends the process at the first transaction at which it has not ended before.

    Transactions of one run are told apart by party, act and how often they came before in it.
    """

    persisted: bool
    known: set[tuple[str, str, int]] = field(default_factory=set)
    run: Counter[tuple[str, str]] = field(default_factory=Counter)

    def is_now(self, party: str, act: str) -> bool:
        self.run[party, act] += 1
        transaction = (party, act, self.run[party, act])
        is_new = transaction not in self.known
        self.known.add(transaction)
        return is_new


class CrashOnce(Crash):
    """Ends only the first transaction after pending acts were found."""

    def is_now(self, party: str, act: str) -> bool:
        if act == "find pending acts" or self.known:
            return False
        self.known.add((party, act, 1))
        return True


@dataclass(frozen=True)
class CrashingDatabase(PartyDatabase):
    """Fails where the crash says: before the transaction is begun, or after its commit."""

    crash: Crash | None = None

    async def transact(
        self, act: str, work: Callable[[AsyncConnection], Awaitable[Value]]
    ) -> Value:
        assert self.crash is not None
        is_now = self.crash.is_now(self.party, act)
        if is_now and not self.crash.persisted:
            raise CrashError(act)
        value = await super().transact(act, work)
        if is_now:
            raise CrashError(act)
        return value


def crashing(election: Election, crash: Crash) -> Election:
    """A replica whose parties fail as planned."""
    crash.run.clear()

    def failing(database: PartyDatabase) -> PartyDatabase:
        return CrashingDatabase(database.party, database.engine, crash)

    return replace(
        election,
        database=failing(election.database),
        council=replace(election.council, database=failing(election.council.database)),
        board=replace(election.board, database=failing(election.board.database)),
        registrar=replace(election.registrar, database=failing(election.registrar.database)),
        ballot_box=replace(election.ballot_box, database=failing(election.ballot_box.database)),
    )


async def crash_everywhere(hall: Hall, uuid: str, act: Act, *, persisted: bool) -> set[str]:
    """
    Repeat `act`, each time with a crash at a transaction that was not reached before.

    Once it has begun it goes on by itself, as when a service starts, and by the secretary's
    second try, in turn. Returns the names of the transactions at which it crashed.
    """
    crash = Crash(persisted)
    for attempt in range(200):
        pending = (await hall.read(uuid)).pending
        try:
            if pending is not None and attempt % 2:
                await resume_all(crashing(hall.election, crash))
            else:
                await act(crashing(hall.election, crash))
        except (CrashError, ExceptionGroup):
            continue
        except WrongStateError:
            # The crash before came after the last commit: the act was done.
            assert (await hall.read(uuid)).pending is None
        return {name for _, name, _ in crash.known}
    raise AssertionError("it never comes through")


@pytest.mark.parametrize("persisted", [False, True], ids=["not_persisted", "persisted"])
async def test_issue_start_close_crash_everywhere(hall: Hall, persisted: bool) -> None:
    """One terms entry, one start, one closing; every ballot and issuance in it, once."""
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    issuing = await crash_everywhere(hall, uuid, issuing_of(uuid), persisted=persisted)
    assert issuing >= {
        *("begin to issue", "store step", "add token key", "create box key", "append to log"),
        *("open meeting", "open box", "open issuing", "finish to issue"),
    }
    assert (await hall.read(uuid)).state == "issuing"
    await hall.take(uuid, [1, 2, 3])
    await hall.confirm_keys(uuid)
    starting = await crash_everywhere(
        hall, uuid, lambda parties: start_voting(parties, uuid), persisted=persisted
    )
    assert starting >= {
        *("begin to start", "start late issuance", "store step", "append to log"),
        *("start casting", "finish to start"),
    }
    assert (await hall.read(uuid)).state == "voting"
    await hall.take(uuid, [4, 5])
    await hall.cast(uuid, [1, 2, 3, 4], [AGREE, AGREE])
    closing = await crash_everywhere(
        hall, uuid, lambda parties: close_voting(parties, uuid), persisted=persisted
    )
    assert closing >= {
        *("begin to close", "close box", "close issuing", "store step", "append to log"),
        "finish to close",
    }
    record = await hall.read(uuid)
    assert (record.state, record.pending) == ("closed", None)

    log = await hall.log(uuid)
    check_grammar(log.entries)
    assert len(log.all_of(Terms)) == len(log.all_of(VotingOpened)) == 1
    assert [(each.member, each.late) for each in log.all_of(Issuance)] == [
        *((1, False), (2, False), (3, False), (4, True), (5, True)),
    ]
    assert len({each.ballot for each in log.all_of(BallotEntry)}) == 4
    opened, (closed,) = log.first_of(VotingOpened), log.all_of(Closed)
    assert opened is not None
    assert (opened.issued, closed.issued, closed.late, closed.returned) == (3, 5, 2, 4)
    attendance = await read_file(hall.election.board, uuid, "attendance.json")
    assert hashlib.sha256(attendance).hexdigest() == closed.attendance_commitment
    await read_checkpoint(hall.election.board, uuid, "closing")
    assert record.seal_value is not None


@pytest.mark.parametrize("persisted", [False, True], ids=["not_persisted", "persisted"])
async def test_cancel_crash_everywhere(hall: Hall, persisted: bool) -> None:
    """One cancellation in the log, and no ballot is left anywhere."""
    uuid = await hall.draft()
    await hall.open_voting(uuid)
    await hall.cast(uuid, [1, 2], [AGREE, AGREE])
    await close_voting(hall.election, uuid)
    because = NewCancellation("too_few_ballots", "Chỉ có hai phiếu")
    crashes = await crash_everywhere(
        hall, uuid, lambda parties: cancel_election(parties, uuid, because), persisted=persisted
    )
    assert crashes >= {
        *("begin to cancel", "append to log", "close box for good", "erase ballots"),
        *("abandon issuing", "finish to cancel"),
    }
    log = await hall.log(uuid)
    check_grammar(log.entries)
    assert (len(log.all_of(Withheld)), len(log.all_of(Cancelled))) == (2, 1)
    record = await hall.read(uuid)
    assert (record.state, record.pending) == ("cancelled", None)


def issuing_of(uuid: str) -> Act:
    return lambda parties: issue_ballots(parties, uuid)


async def crash_once_begun(hall: Hall, uuid: str, act: Act) -> None:
    """Let the process end as soon as the act is pending."""
    crash = Crash(persisted=True)
    while (await hall.read(uuid)).pending is None:
        with pytest.raises(CrashError):
            await act(crashing(hall.election, crash))


async def test_other_acts_while_one_is_pending(hall: Hall) -> None:
    """Nothing else changes an election whose issuing was interrupted."""
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    await crash_once_begun(hall, uuid, issuing_of(uuid))
    before = await hall.read(uuid)
    with pytest.raises(ActPendingError):
        await change_nominations(hall.election, uuid, NOMINATIONS[:1], Quorum(share="2/3"))
    with pytest.raises(ActPendingError):
        await cancel_election(hall.election, uuid, NewCancellation("council_decision", "Hủy"))
    assert await hall.read(uuid) == before
    await resume_all(hall.election)
    assert (await hall.read(uuid)).state == "issuing"


async def test_facts_of_an_interrupted_act_stand(hall: Hall) -> None:
    """The second try cannot say another time than the first, which may be in the log."""
    uuid = await hall.draft()
    await hall.open_voting(uuid)
    await crash_once_begun(hall, uuid, lambda parties: close_voting(parties, uuid, AT_TEN))
    await close_voting(hall.election, uuid, "2026-11-20T23:00:00+07:00")
    (closed,) = (await hall.log(uuid)).all_of(Closed)
    assert closed.at == AT_TEN


async def test_one_election_that_cannot_go_on(hall: Hall) -> None:
    """It does not hold up the others when a service starts."""
    both = [await hall.draft(), await hall.draft(nominations=(agree_or_not(1, "Lê Văn Ba"),))]
    for uuid in both:
        await hall.hold_ceremony(uuid)
        await crash_once_begun(hall, uuid, issuing_of(uuid))
    with pytest.raises(ExceptionGroup):
        await resume_all(crashing(hall.election, CrashOnce(persisted=False)))
    states = [(await hall.read(uuid)).state for uuid in both]
    assert sorted(states) == ["ceremony", "issuing"]
    await resume_all(hall.election)
    assert {(await hall.read(uuid)).state for uuid in both} == {"issuing"}
