"""Number and date of a paper, whose certificates sign, signatures that wait, hashes handed out.

New columns have defaults or may be null, so that a replica of the release before still works while
the new one starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_signers"
down_revision: str | None = "0009_meeting_settings"

SCHEMA = "minutes"
ROLE = "phieukin_minutes"
PAPER = "minutes.paper.id"
HASH = "~ '^[0-9a-f]{64}$'"


def upgrade() -> None:
    op.add_column("paper", sa.Column("number", sa.Text), schema=SCHEMA)
    op.add_column("paper", sa.Column("issued_on", sa.Text), schema=SCHEMA)
    op.add_column("paper", sa.Column("number_year", sa.Text), schema=SCHEMA)
    op.add_column("paper", sa.Column("level", sa.Text), schema=SCHEMA)
    op.create_check_constraint(
        "number_with_date",
        "paper",
        "(number IS NULL) = (issued_on IS NULL) AND (number IS NULL) = (number_year IS NULL)",
        schema=SCHEMA,
    )
    op.create_check_constraint("level_known", "paper", "level IN ('B-B', 'B-LTA')", schema=SCHEMA)
    # Decree 30/2020/NĐ-CP, Article 15: one series a year; a replaced paper keeps its number.
    op.create_index(
        "one_paper_a_number",
        "paper",
        ["council_id", "number_year", "number"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.add_column("signature", sa.Column("certificate", sa.LargeBinary), schema=SCHEMA)
    op.create_table(
        "signer",
        sa.Column("council_id", sa.Text, primary_key=True),
        sa.Column("certificate_sha256", sa.Text, primary_key=True),
        sa.Column("member", sa.SmallInteger),  # null: the agency
        sa.Column("certificate", sa.LargeBinary, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"certificate_sha256 {HASH}", name="certificate_sha256_form"),
        schema=SCHEMA,
    )
    op.create_table(
        "waiting_signature",
        sa.Column("paper_id", sa.Text, sa.ForeignKey(PAPER), primary_key=True),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("certificate_sha256", sa.Text, nullable=False),
        sa.Column("certificate", sa.LargeBinary, nullable=False),
        sa.Column("file", sa.LargeBinary, nullable=False),
        sa.CheckConstraint(f"certificate_sha256 {HASH}", name="certificate_sha256_form"),
        schema=SCHEMA,
    )
    op.create_table(
        "signature_request",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("paper_id", sa.Text, sa.ForeignKey(PAPER), nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id ~ '^[0-9a-f]{32}$'", name="id_form"),
        sa.UniqueConstraint("paper_id", "field", name="one_request_a_field"),
        schema=SCHEMA,
    )
    op.execute(f"GRANT UPDATE (number, issued_on, number_year, level) ON minutes.paper TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON minutes.signer TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON minutes.waiting_signature TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON minutes.signature_request TO {ROLE}")
