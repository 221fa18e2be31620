"""The life of an election: which state follows which (protocol.md §1, "Life")."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from services.election.errors import ActPendingError, ElectionNotFoundError, WrongStateError
from services.election.model import COUNTED, Act, ElectionRecord, State
from services.election.party import Election
from services.election.store import ElectionStore

log = structlog.get_logger()


async def advance(
    election: Election, uuid: str, from_states: Collection[str], to_state: State
) -> None:
    """
    Move an election on; one that is in `to_state` stays, so that a crashed caller may repeat.

    Raises ElectionNotFoundError, WrongStateError.
    """

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        record = await _read(store, uuid)
        if record.state == to_state:
            return
        # Not `check_state`: what the log already says is not held up by a pending act, which
        # will find that it can no longer be done.
        if record.state not in from_states:
            raise WrongStateError(state=record.state)
        await store.change(uuid, {"state": to_state})

    await election.database.transact("advance election", work)
    log.info("election.advanced", election=uuid, state=to_state)


async def mark_announced(election: Election, uuid: str) -> None:
    """Open the counted result to others than the tellers. Raises WrongStateError."""

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        record = await _read(store, uuid)
        if not record.announced:
            check_state(record, COUNTED)
            await store.change(uuid, {"announced": True})

    await election.database.transact("announce result", work)


def check_state(record: ElectionRecord, states: Collection[str]) -> None:
    """Refuse what is due in other states, or while an act is under way."""
    if record.state not in states:
        raise WrongStateError(state=record.state)
    if record.pending is not None:
        raise ActPendingError(act=record.pending)


async def begin_act(
    election: Election, uuid: str, act: Act, from_states: Collection[str], facts: bytes | None
) -> None:
    """
    Store that an act of several steps has begun, with the facts that it rests on.

    Called again while it is pending, the facts of the first call stand. `facts` None: the caller
    found it pending and only goes on. Raises ElectionNotFoundError, WrongStateError,
    ActPendingError.
    """

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        record = await _read(store, uuid)
        if record.pending == act:
            return
        check_state(record, from_states)
        if facts is None:
            # Given up in between, by who went on with it first.
            raise WrongStateError(state=record.state)
        await store.change(uuid, {"pending": act})
        # Facts of an act that was given up no longer stand.
        await store.set_step(uuid, act, "begun", facts)

    await election.database.transact(f"begin to {act}", work)


async def read_step(election: Election, uuid: str, act: Act, name: str) -> bytes | None:
    """The stored value of a step; None while there is none."""

    async def work(connection: AsyncConnection) -> bytes | None:
        return await ElectionStore(connection).read_step(uuid, act, name)

    return await election.database.transact("read step", work)


async def put_step(election: Election, uuid: str, act: Act, name: str, value: bytes) -> bytes:
    """Store the value of a step, once: returns the one that stands, ours or an earlier one."""

    async def work(connection: AsyncConnection) -> bytes:
        return await _put_step(ElectionStore(connection), uuid, act, name, value)

    return await election.database.transact("store step", work)


async def finish_act(
    election: Election, uuid: str, act: Act, state: State, values: Mapping[str, Any]
) -> None:
    """End a pending act in `state` with the columns that come with it; again: nothing happens."""

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        record = await _read(store, uuid)
        if record.pending == act:
            await store.change(uuid, {"state": state, "pending": None, **values})

    await election.database.transact(f"finish to {act}", work)
    log.info("election.advanced", election=uuid, state=state)


async def give_up_act(election: Election, uuid: str, act: Act) -> None:
    """Take back that an act has begun: it can no longer be done, and nothing was changed by it."""

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        if (await _read(store, uuid)).pending == act:
            await store.change(uuid, {"pending": None})

    await election.database.transact(f"give up to {act}", work)


async def resume_pending(
    election: Election, act: Act, go_on: Callable[[Election, str], Awaitable[None]]
) -> None:
    """
    Go on with every `act` that a crash interrupted; one that fails does not hold up the others.

    Raises ExceptionGroup with what failed, when all were tried.
    """
    failed: list[Exception] = []
    for uuid in await _pending_elections(election, act):
        try:
            await go_on(election, uuid)
        except Exception as error:
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"could not finish to {act}", failed)


async def _pending_elections(election: Election, act: Act) -> list[str]:

    async def work(connection: AsyncConnection) -> list[str]:
        return await ElectionStore(connection).pending(act)

    return await election.database.transact("find pending acts", work)


async def _read(store: ElectionStore, uuid: str) -> ElectionRecord:
    record = await store.read_election(uuid)
    if record is None:
        raise ElectionNotFoundError
    return record


async def _put_step(store: ElectionStore, uuid: str, act: Act, name: str, value: bytes) -> bytes:
    await store.add_step(uuid, act, name, value)
    stored = await store.read_step(uuid, act, name)
    return value if stored is None else stored
