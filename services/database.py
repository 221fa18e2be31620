"""One transaction a party's act: SERIALIZABLE, named, retried, committed before anything is said.

Every party has a schema and a login role of its own (architecture.md, "Data"), so every party has
an engine of its own: no query can join who may vote with what was cast.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

PARTIES: Final = ("council", "registrar", "ballot_box", "board", "election", "tally", "minutes")

# serialization_failure and deadlock_detected: PostgreSQL has rolled back, a new try may succeed.
# A connection lost during COMMIT is not among them: then nobody knows, and the client must ask.
RETRYABLE_SQLSTATES: Final = frozenset({"40001", "40P01"})
MAX_ATTEMPTS: Final = 40
MAX_PAUSE_S: Final = 0.1

Value = TypeVar("Value")
log = structlog.get_logger()


@dataclass(frozen=True)
class PartyDatabase:
    """The schema of one party, opened by that party's role."""

    party: str
    engine: AsyncEngine

    async def transact(
        self, act: str, work: Callable[[AsyncConnection], Awaitable[Value]]
    ) -> Value:
        """
        Commit `work` as one SERIALIZABLE transaction and only then return its value.

        `work` may run several times, so it does nothing but use its connection: no mail, no
        random choice that the caller keeps, no counter in memory. Errors of `work` roll back.
        """
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                async with self.engine.connect() as connection:
                    await connection.execution_options(isolation_level="SERIALIZABLE")
                    async with connection.begin():
                        value = await work(connection)
                    # Leaving the block has committed; a conflict may show only there.
                return value
            except DBAPIError as error:
                sqlstate = getattr(error.orig, "sqlstate", None)
                if sqlstate not in RETRYABLE_SQLSTATES or attempt == MAX_ATTEMPTS:
                    raise
                log.debug("transaction.retried", name=act, sqlstate=sqlstate, attempt=attempt)
            pause_s = min(MAX_PAUSE_S, 0.002 * 2**attempt)
            await asyncio.sleep(random.uniform(0, pause_s))  # noqa: S311 (no secret)
        raise AssertionError("unreachable")


@dataclass(frozen=True)
class Databases:
    """The parties' databases by party name."""

    by_party: Mapping[str, PartyDatabase]

    def __getitem__(self, party: str) -> PartyDatabase:
        return self.by_party[party]

    async def dispose(self) -> None:
        for database in self.by_party.values():
            await database.engine.dispose()


def open_databases(urls: Mapping[str, str], pool_size: int = 5) -> Databases:
    """Engines for `urls`, SQLAlchemy URLs by party, each with that party's own role."""
    return Databases(
        {
            party: PartyDatabase(
                party,
                create_async_engine(
                    urls[party],
                    pool_size=pool_size,
                    max_overflow=pool_size,
                    pool_pre_ping=True,
                    hide_parameters=True,  # no ballot, token or key in the text of an error
                ),
            )
            for party in PARTIES
        }
    )
