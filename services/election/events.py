"""Live updates: the state, ballots issued and returned, the team's progress; nothing more (§2).

The rows are polled, so no notification of the database is needed and every replica can serve.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from services.accounts import Account
from services.board.log import count_contributions
from services.election.model import FINAL, ElectionEvent
from services.election.party import Election
from services.election.reading import read_election, read_election_for, read_progress

POLL_S: Final = 0.5
HEARTBEAT_S: Final = 10.0  # proxies and phones give up on a connection that is silent longer
# A stream that nobody closes would hold its connection for ever; clients connect again.
MAX_STREAM_S: Final = 4 * 3600.0


async def follow_election(
    election: Election,
    account: Account,
    uuid: str,
    poll_s: float = POLL_S,
    heartbeat_s: float = HEARTBEAT_S,
) -> AsyncIterator[ElectionEvent | None]:
    """
    Every change of an election until it is minuted or cancelled; None is a heartbeat.

    Raises, before the first event, ElectionNotFoundError, NotAllowedError.
    """
    await read_election_for(election, account, uuid)
    return _changes(election, uuid, poll_s, heartbeat_s)


async def _changes(
    election: Election, uuid: str, poll_s: float, heartbeat_s: float
) -> AsyncIterator[ElectionEvent | None]:
    loop = asyncio.get_running_loop()
    started_s = spoken_s = loop.time()
    last: ElectionEvent | None = None
    while loop.time() - started_s < MAX_STREAM_S:
        event = await _latest_event(election, uuid, poll_s / 2)
        if event != last:
            last, spoken_s = event, loop.time()
            yield event
        elif loop.time() - spoken_s >= heartbeat_s:
            spoken_s = loop.time()
            yield None
        if event.state in FINAL:
            election.latest_events.events.pop(uuid, None)
            return
        await asyncio.sleep(poll_s)


async def _latest_event(election: Election, uuid: str, max_age_s: float) -> ElectionEvent:
    """One reading serves all streams of an election: a hall of phones is one reader."""
    latest, loop = election.latest_events, asyncio.get_running_loop()
    async with latest.locks.setdefault(uuid, asyncio.Lock()):
        read_s, event = latest.events.get(uuid, (0.0, None))
        if event is None or loop.time() - read_s > max_age_s:
            event = await _read_event(election, uuid)
            latest.events[uuid] = (loop.time(), event)
    return event


async def _read_event(election: Election, uuid: str) -> ElectionEvent:
    record = await read_election(election, uuid)
    progress = await read_progress(election, record)
    # A draft has no log yet.
    has_log = record.state != "draft"
    return ElectionEvent(
        state=record.state,
        issued=progress.issued,
        confirmed=progress.confirmed,
        returned=progress.returned,
        announced=record.announced,
        contributions=await count_contributions(election.board, uuid) if has_log else 0,
    )
