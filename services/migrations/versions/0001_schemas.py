"""A schema for each party, which its own role alone may use; nothing for everybody."""

from alembic import op
from sqlalchemy import text

revision = "0001_schemas"
down_revision: str | None = None

PARTIES = ("council", "registrar", "ballot_box", "board", "election", "tally", "minutes")


def upgrade() -> None:
    database = op.get_bind().scalar(text("SELECT quote_ident(current_database())"))
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    op.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    for party in PARTIES:
        role = f"phieukin_{party}"
        op.execute(f"GRANT CONNECT ON DATABASE {database} TO {role}")
        op.execute(f"CREATE SCHEMA {party}")
        op.execute(f"GRANT USAGE ON SCHEMA {party} TO {role}")
        # A service compares the state of the tables with its own before it starts.
        op.execute(f"GRANT USAGE ON SCHEMA migrations TO {role}")
        op.execute(f"GRANT SELECT ON migrations.alembic_version TO {role}")
