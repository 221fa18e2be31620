"""The stream of states and counts, as the hall screen follows it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.accounts import Account, NotAllowedError
from services.database import PartyDatabase
from services.election.cancelling import NewCancellation, cancel_election
from services.election.closing import close_voting
from services.election.events import follow_election
from services.election.life import advance, mark_announced
from services.election.model import ElectionEvent
from tests.integration.election.hall import AGREE, Hall
from tests.integration.election.test_election_http import open_sum

Value = TypeVar("Value")


def a_member(hall: Hall) -> Account:
    return Account("0" * 32, "Thành viên 1", frozenset({"member"}), hall.council_id, 1)


async def test_whole_life(hall: Hall) -> None:
    """Every state that is seen comes with its counts; the last one is minuted."""
    uuid = await hall.draft()
    seen: list[ElectionEvent] = []

    async def follow() -> None:
        async for event in await follow_election(hall.election, a_member(hall), uuid, 0.01):
            assert event is not None
            seen.append(event)

    following = asyncio.create_task(follow())
    await hall.open_voting(uuid, takers=(1, 2, 3))
    await hall.cast(uuid, [1, 2], [AGREE, AGREE])
    await asyncio.sleep(0.2)
    await close_voting(hall.election, uuid)
    await open_sum(hall, uuid)
    await asyncio.sleep(0.2)
    await mark_announced(hall.election, uuid)
    await advance(hall.election, uuid, ("counted",), "minuted")
    await asyncio.wait_for(following, 5)
    # Four messages of the ceremony and one confirmation of each teller, then two to open the sum.
    assert ElectionEvent("voting", 3, 3, 2, False, 15) in seen
    assert ElectionEvent("counted", 3, 3, 2, False, 17) in seen
    assert seen[-1] == ElectionEvent("minuted", 3, 3, 2, True, 17)
    assert len(set(seen)) == len(seen)
    assert [each.contributions for each in seen] == sorted(each.contributions for each in seen)


async def test_quiet_election(hall: Hall) -> None:
    """Without changes a heartbeat keeps the connection."""
    uuid = await hall.draft()
    events = await follow_election(hall.election, a_member(hall), uuid, 0.01, heartbeat_s=0.02)
    assert await anext(events) == ElectionEvent("draft", 0, 0, 0, False, 0)
    assert await anext(events) is None
    await cancel_election(hall.election, uuid, NewCancellation("council_decision", "Hủy"))
    rest = [event async for event in events if event is not None]
    assert rest == [ElectionEvent("cancelled", 0, 0, 0, False, 0)]


async def test_stranger(hall: Hall) -> None:
    """Who does not belong to the council follows nothing."""
    uuid = await hall.draft()
    stranger = Account("1" * 32, "Người lạ", frozenset({"member"}), "f" * 32, 1)
    with pytest.raises(NotAllowedError):
        await follow_election(hall.election, stranger, uuid)


async def test_many_streams_read_once(hall: Hall) -> None:
    """A hall of phones is one reader of the database."""
    uuid = await hall.draft()
    readings: list[str] = []

    class Counting(PartyDatabase):
        async def transact(
            self, act: str, work: Callable[[AsyncConnection], Awaitable[Value]]
        ) -> Value:
            readings.append(act)
            return await super().transact(act, work)

    database = Counting("election", hall.election.database.engine)
    counted = replace(hall.election, database=database)
    streams = [await follow_election(counted, a_member(hall), uuid, 10) for _ in range(20)]
    readings.clear()
    firsts = await asyncio.gather(*(anext(stream) for stream in streams))
    assert set(firsts) == {ElectionEvent("draft", 0, 0, 0, False, 0)}
    assert readings == ["read election"]
