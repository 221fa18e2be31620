"""Roles, rights and tables of the database: run by its owner, before any party opens it.

Architecture "Data": one schema and one login role a party. The passwords of the roles are derived
from the owner's, so that replicas that know one agree on all; an operator who does not want the
owner's password in the service makes roles and URLs himself (deploy/postgres/roles.sql).
"""

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from services.database import PARTIES
from services.embedded_postgres import SUPERUSER, EmbeddedPostgres

OWNER: Final = "phieukin_owner"
DATABASE: Final = "phieukin"
MIGRATIONS_FOLDER: Final = Path(__file__).parent / "migrations"
# Any fixed number: replicas that start together set the database up one after the other.
SETUP_LOCK: Final = 7_406_523_914


class DatabaseSetupError(Exception):
    """The database cannot be used as it is; the message says what the operator must change."""


def role_of(party: str) -> str:
    return f"phieukin_{party}"


def derive_password(secret: str, role: str) -> str:
    """A role's password in hex, by HMAC-SHA256 from the owner's (RFC 2104)."""
    return hmac.new(secret.encode(), f"phieukin/role/1|{role}".encode(), hashlib.sha256).hexdigest()


def parse_database_url(url: str) -> URL:
    """Read an operator's URL and name our driver in it. Raises DatabaseSetupError."""
    try:
        parsed = make_url(url)
    except Exception:
        # The message of the library repeats the URL, and with it the password.
        raise DatabaseSetupError("a database URL is not of the form postgresql://…") from None
    if parsed.get_backend_name() != "postgresql":
        raise DatabaseSetupError("a database URL must begin with postgresql://")
    return parsed.set(drivername="postgresql+asyncpg")


def party_urls(owner_url: URL) -> dict[str, str]:
    """The parties' URLs with the passwords that `create_roles` gives them."""
    if not owner_url.password:
        raise DatabaseSetupError(
            "PHIEUKIN_DATABASE_URL has no password to derive the parties' from;"
            " give PHIEUKIN_DATABASE_URL_<PARTY> for every party"
        )
    return {
        party: owner_url.set(
            username=role_of(party), password=derive_password(owner_url.password, role_of(party))
        ).render_as_string(hide_password=False)
        for party in PARTIES
    }


async def prepare_embedded(postgres: EmbeddedPostgres) -> dict[str, str]:
    """Make owner, database, roles and tables in a running cluster of our own; the parties' URLs."""
    password = derive_password(postgres.superuser_password, OWNER)
    admin = create_async_engine(
        postgres.url(SUPERUSER, postgres.superuser_password, "postgres"),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
    )
    async with admin.connect() as connection:
        await _put_role(connection, OWNER, password, "CREATEROLE")
        found = await connection.scalar(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": DATABASE}
        )
        if found is None:
            await connection.execute(text(f"CREATE DATABASE {DATABASE} OWNER {OWNER}"))
    await admin.dispose()
    return await prepare_database(postgres.url(OWNER, password, DATABASE))


async def prepare_database(owner_url: URL) -> dict[str, str]:
    """Create the parties' roles, run the migrations, and return the parties' URLs."""
    urls = party_urls(owner_url)
    await _as_owner(owner_url, urls)
    return urls


async def migrate(owner_url: URL) -> None:
    """Run the migrations where the operator has made the roles (deploy/postgres/roles.sql)."""
    await _as_owner(owner_url, {})


async def check_migrated(party_url: str) -> None:
    """Refuse to serve on another state of the tables than this program's. For one party's URL."""
    engine = create_async_engine(parse_database_url(party_url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            found = None
            # A database without tables has no such name; asking would be an error of its own.
            if await connection.scalar(text("SELECT to_regnamespace('migrations') IS NOT NULL")):
                found = await connection.scalar(
                    text("SELECT version_num FROM migrations.alembic_version")
                )
    finally:
        await engine.dispose()
    if found != head_revision():
        raise DatabaseSetupError(
            "the tables are not those of this version; run"
            " `phieukin serve --prepare-database` once with the owner's PHIEUKIN_DATABASE_URL"
        )


def head_revision() -> str:
    """The newest migration; there is exactly one."""
    head = ScriptDirectory.from_config(_alembic_config()).get_current_head()
    if head is None:
        raise DatabaseSetupError("the program was installed without its migrations")
    return head


def _alembic_config() -> Config:
    # Without an ini file: its relative paths would depend on the working directory.
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection) -> None:
    config = _alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def _as_owner(owner_url: URL, urls: Mapping[str, str]) -> None:
    engine = create_async_engine(owner_url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SETUP_LOCK}
            )
            for party, url in urls.items():
                await _put_role(connection, role_of(party), make_url(url).password or "", "")
                await connection.execute(
                    text(f"ALTER ROLE {role_of(party)} SET search_path = {party}")
                )
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


async def _put_role(connection: AsyncConnection, role: str, password: str, rights: str) -> None:
    """CREATE ROLE takes no parameters: names and passwords come from our own code only."""
    if not (role.isidentifier() and password.isalnum() and password.isascii()):
        raise AssertionError("would need quoting")
    found = await connection.scalar(
        text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}
    )
    verb = "CREATE" if found is None else "ALTER"
    await connection.execute(text(f"{verb} ROLE {role} LOGIN {rights} PASSWORD '{password}'"))
