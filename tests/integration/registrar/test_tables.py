"""The registrar's tables are those that its queries expect."""

import sqlalchemy as sa

from services.registrar.party import Registrar
from services.registrar.store import metadata


async def test_models_match_the_migrations(registrar: Registrar) -> None:
    """Every column of a query is in the database, and no other."""
    async with registrar.database.engine.connect() as connection:
        rows = await connection.execute(
            sa.text(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'registrar'"
            )
        )
        found = {(row.table_name, row.column_name) for row in rows}
    assert found == {
        (table.name, column.name) for table in metadata.sorted_tables for column in table.columns
    }


async def test_issuances_have_no_time(registrar: Registrar) -> None:
    """When a member took a ballot is nowhere noted: only attendance and its nonces have times."""
    async with registrar.database.engine.connect() as connection:
        rows = await connection.execute(
            sa.text(
                "SELECT table_name FROM information_schema.columns WHERE table_schema ="
                " 'registrar' AND (data_type LIKE 'time%' OR column_default IS NOT NULL)"
            )
        )
        assert {row.table_name for row in rows} == {"checkin_nonce"}
