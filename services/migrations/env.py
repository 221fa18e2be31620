"""Alembic's entry: runs the revisions in the connection, and the transaction, of database_setup."""

from alembic import context
from sqlalchemy import Connection, text

VERSIONS_SCHEMA = "migrations"


def run_in(connection: Connection) -> None:
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {VERSIONS_SCHEMA}"))
    context.configure(connection=connection, version_table_schema=VERSIONS_SCHEMA)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if not isinstance(given, Connection):
    raise RuntimeError("migrations are run by services.database_setup only")
run_in(given)
