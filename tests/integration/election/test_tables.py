"""The tables as the migrations made them, and the rights of the party's role."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from services.election.store import metadata
from tests.integration.election.hall import Hall

COLUMNS = sa.text(
    "SELECT table_name, column_name, is_nullable FROM information_schema.columns"
    " WHERE table_schema = 'election'"
)


async def test_tables_are_those_of_the_store(owner_engine: Any) -> None:
    """Same tables, same columns, same obligation to have a value."""
    async with owner_engine.connect() as connection:
        found = {tuple(row) for row in await connection.execute(COLUMNS)}
    expected = {
        (table.name, column.name, "YES" if column.nullable else "NO")
        for table in metadata.sorted_tables
        for column in table.columns
    }
    assert found == expected


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM election.election",
        "DELETE FROM election.step",
        "DELETE FROM election.meeting",
        "UPDATE election.election SET method = 'secret'",
        "UPDATE election.election SET group_name = 'Ed25519'",
        "UPDATE election.election SET meeting_id = meeting_id",
        "UPDATE election.meeting SET starts_at = starts_at",
        "UPDATE election.hall_link SET meeting_id = meeting_id",
        "DELETE FROM election.hall_link",
        "ALTER TABLE election.election DROP CONSTRAINT method_is_secret",
        "SELECT 1 FROM ballot_box.ballot",
        "SELECT 1 FROM registrar.issuance",
    ],
)
async def test_right_that_the_role_does_not_have(hall: Hall, statement: str) -> None:
    """It adds and advances elections; it rewrites and erases nothing, and reads no other party."""
    async with hall.election.database.engine.connect() as connection:
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            await connection.execute(sa.text(statement))


@pytest.mark.parametrize(
    "change",
    [
        "state = 'open'",
        "state = 'voting'",
        "state = 'closed'",
        "announced = true",
        "state = 'cancelled'",
        "pending = 'vote'",
        "nominations = '[]'",
    ],
)
async def test_row_that_cannot_be(hall: Hall, change: str) -> None:
    """A draft has no later state without what belongs to it."""
    uuid = await hall.draft()
    statement = sa.text(f"UPDATE election.election SET {change} WHERE uuid = :uuid")  # noqa: S608 (ours)
    async with hall.election.database.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="check constraint"):
            await connection.execute(statement, {"uuid": uuid})
