"""The tables that stores name are the tables that the migrations make (architecture "Data")."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.ballot_box.store import metadata as ballot_box
from services.board.store import metadata as board
from services.council import login_store
from services.council.store import metadata as council
from services.database import PARTIES, Databases
from services.database_setup import DATABASE, MIGRATIONS_FOLDER, OWNER, derive_password
from services.election.store import metadata as election
from services.embedded_postgres import EmbeddedPostgres
from services.minutes.store import metadata as minutes
from services.registrar.store import metadata as registrar
from services.tally.store import metadata as tally
from tests.integration.test_database_setup import INSUFFICIENT_PRIVILEGE, refused_with

# Its tables stand in the council's metadata once it is imported.
assert login_store.login_table.metadata is council
METADATA: list[MetaData] = [council, registrar, ballot_box, board, election, tally, minutes]

KEPT_BY_MIGRATIONS = {"remove_index", "remove_constraint", "remove_fk"}


def test_history_is_one_line() -> None:
    """There is one newest revision, and every revision has one before it."""
    scripts = ScriptDirectory(str(MIGRATIONS_FOLDER))
    assert len(scripts.get_heads()) == 1
    for script in scripts.walk_revisions():
        assert script.down_revision is None or isinstance(script.down_revision, str)


async def test_models_match_the_tables(
    postgres: EmbeddedPostgres, database_urls: dict[str, str]
) -> None:
    """
    Every table and column of a store is made by a migration, with its type, and the reverse.

    Keys, indexes and checks may stand in the migrations alone: a store names what it queries.
    """
    assert database_urls
    password = derive_password(postgres.superuser_password, OWNER)
    engine = create_async_engine(postgres.url(OWNER, password, DATABASE), poolclass=NullPool)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "schema" or name in schemas,
            },
        )
        return list(compare_metadata(context, METADATA))  # type: ignore[arg-type]

    schemas = {metadata.schema for metadata in METADATA}
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert [each for each in found if _kind(each) not in KEPT_BY_MIGRATIONS] == []


def _kind(difference: object) -> str:
    """The name of one operation; a change of one column stands in a list."""
    first = difference[0]  # type: ignore[index]
    return str(first[0] if isinstance(first, tuple) else first)


async def test_party_cannot_read_anothers_tables(databases: Databases) -> None:
    """No role can read a table of another party: nothing joins people and ballots (42501)."""
    tables = [table.fullname for metadata in METADATA for table in metadata.sorted_tables]
    assert len(tables) > 10
    for party in PARTIES:
        for table in tables:
            if not table.startswith(f"{party}."):
                statement = f"SELECT 1 FROM {table}"  # noqa: S608
                assert await refused_with(databases, party, statement) == INSUFFICIENT_PRIVILEGE


async def test_box_keeps_no_order(databases: Databases) -> None:
    """Tables of the box have no time, no sequence and no address (protocol.md §4)."""
    async with databases["ballot_box"].engine.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT table_name, column_name, data_type, column_default, is_identity"
                " FROM information_schema.columns WHERE table_schema = 'ballot_box'"
            )
        )
        columns = list(rows)
    assert columns
    for column in columns:
        assert "time" not in column.data_type
        assert "date" not in column.data_type
        assert column.data_type != "inet"
        assert column.column_default is None or "nextval" not in column.column_default
        assert column.is_identity == "NO"
