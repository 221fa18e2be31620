"""The secretary's texts, the papers as they stand, and the fields of them that are signed."""

import sqlalchemy as sa
from alembic import op

revision = "0008_minutes"
down_revision: str | None = "0007_tally"

SCHEMA = "minutes"
ROLE = "phieukin_minutes"


def upgrade() -> None:
    op.create_table(
        "texts",
        sa.Column("meeting_id", sa.Text, primary_key=True),
        sa.Column("texts", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("meeting_id ~ '^[0-9a-f]{32}$'", name="meeting_id_form"),
        schema=SCHEMA,
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("council_id", sa.Text, nullable=False),
        sa.Column("uuids", sa.LargeBinary, nullable=False),
        sa.Column("places", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("replaces", sa.Text),
        sa.Column("file", sa.LargeBinary, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.Column("entered", sa.Boolean, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.CheckConstraint("id ~ '^[0-9a-f]{32}$'", name="id_form"),
        sa.CheckConstraint("kind IN ('counting', 'meeting')", name="kind_known"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_form"),
        sa.CheckConstraint("replaces <> sha256", name="replaces_another"),
        # Nobody signs what is not on the log.
        sa.CheckConstraint("entered OR NOT finished", name="entered_before_finished"),
        schema=SCHEMA,
    )
    op.create_index(
        "one_current_paper",
        "paper",
        ["kind", "subject"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "signature",
        sa.Column("paper_id", sa.Text, sa.ForeignKey("minutes.paper.id"), primary_key=True),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("file_size", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("paper_id", "file_size", name="one_signature_an_increment"),
        schema=SCHEMA,
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE (texts) ON minutes.texts TO {ROLE}")
    op.execute(
        f"GRANT SELECT, INSERT, UPDATE (file, is_current, entered, finished)"
        f" ON minutes.paper TO {ROLE}"
    )
    op.execute(f"GRANT SELECT, INSERT ON minutes.signature TO {ROLE}")
