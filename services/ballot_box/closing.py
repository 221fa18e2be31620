"""A box after voting: sealed and read in tracker order, or emptied (protocol.md §1, §7)."""

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.entries import BallotEntry
from services.ballot_box.errors import BoxNotFoundError, BoxStateError
from services.ballot_box.party import BallotBox
from services.ballot_box.store import BallotBoxStore


async def returned_ballots(box: BallotBox, uuid: str) -> int:
    """How many ballots are in the box, never whose (protocol.md §2); zero without a box."""

    async def work(connection: AsyncConnection) -> int:
        return await BallotBoxStore(connection).count_ballots(uuid)

    return await box.database.transact("count ballots", work)


async def close_box(box: BallotBox, uuid: str) -> tuple[BallotEntry, ...]:
    """
    Accept nothing more and give all ballots, ascending by the bytes of their trackers (§7).

    Ballots that were accepted still get their promise. Again gives the same. Raises
    BoxNotFoundError, BoxStateError for a box that was never started or was emptied.
    """

    async def close(connection: AsyncConnection) -> None:
        store = BallotBoxStore(connection)
        state = await store.read_state(uuid)
        if state is None:
            raise BoxNotFoundError
        if state not in ("casting", "closed"):
            raise BoxStateError(state=state)
        if state == "casting":
            await store.set_state(uuid, "closed")

    async def read(connection: AsyncConnection) -> list[tuple[str, tuple[str, ...]]]:
        store = BallotBoxStore(connection)
        await store.sort_ballots(uuid)
        return await store.read_ballots(uuid)

    await box.database.transact("close box", close)
    # A second transaction, so that its snapshot begins after the state changed: every ballot that
    # was on its way has either committed, and is read here, or will find the box closed.
    ballots = await box.database.transact("read ballots", read)
    return tuple(BallotEntry(ballot=ballot, token=token) for ballot, token in ballots)


async def empty_box(box: BallotBox, uuid: str) -> None:
    """
    Erase the ballots of a cancelled election (protocol.md §1) and accept nothing more.

    Trackers stay, so that the same bytes still get the same promise. Nothing to do without a box.
    """

    async def close(connection: AsyncConnection) -> bool:
        store = BallotBoxStore(connection)
        state = await store.read_state(uuid)
        if state is None:
            return False
        if state != "emptied":
            await store.set_state(uuid, "emptied")
        return True

    async def erase(connection: AsyncConnection) -> None:
        await BallotBoxStore(connection).erase_ballots(uuid)

    if await box.database.transact("close box for good", close):
        await box.database.transact("erase ballots", erase)
