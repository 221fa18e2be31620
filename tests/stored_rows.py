"""All that a party has stored, to show that a refused request changed nothing."""

import sqlalchemy as sa

from services.database import PartyDatabase


async def stored_rows(database: PartyDatabase, metadata: sa.MetaData) -> dict[str, list[str]]:
    """Every row of every table as text, sorted; only tests that run alone may compare all."""
    found: dict[str, list[str]] = {}
    async with database.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = await connection.execute(sa.select(table))
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found
