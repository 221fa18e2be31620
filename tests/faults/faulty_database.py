"""A database whose connection breaks at one commit: before it, or after it and unheard."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from services.database import PartyDatabase

Value = TypeVar("Value")


class ConnectionBrokenError(Exception):
    """What the act sees; it cannot tell whether its commit was done."""


@dataclass(frozen=True)
class FaultyDatabase(PartyDatabase):
    """
    Breaks the connection at the first transaction named `act`.

    `persisted`: the commit is done and its acknowledgement lost; else the work is rolled back.
    """

    act: str = ""
    persisted: bool = False
    broken: list[str] = field(default_factory=list)

    async def transact(
        self, act: str, work: Callable[[AsyncConnection], Awaitable[Value]]
    ) -> Value:
        if act != self.act or self.broken:
            return await super().transact(act, work)
        self.broken.append(act)
        if self.persisted:
            await super().transact(act, work)
            raise ConnectionBrokenError

        async def work_and_break(connection: AsyncConnection) -> Value:
            await work(connection)
            raise ConnectionBrokenError

        return await super().transact(act, work_and_break)


def break_at(database: PartyDatabase, act: str, *, persisted: bool) -> FaultyDatabase:
    return FaultyDatabase(database.party, database.engine, act, persisted)
