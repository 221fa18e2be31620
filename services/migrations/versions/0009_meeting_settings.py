"""Settings and end of a meeting, and the link of its hall screen.

The settings have defaults in the database, so that a replica of the release before still works
while the new one starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_meeting_settings"
down_revision: str | None = "0008_minutes"

SCHEMA = "election"
ROLE = "phieukin_election"
SETTINGS = {
    "starts_by": ("secretary", "presiding", "head_teller"),
    "closes_by": ("secretary", "presiding", "head_teller"),
    "hall_shows": ("all", "passed"),
    "address_form": ("dong_chi", "ong_ba", "thay_co"),
}


def upgrade() -> None:
    for name, values in SETTINGS.items():
        column = sa.Column(name, sa.Text, nullable=False, server_default=values[0])
        op.add_column("meeting", column, schema=SCHEMA)
        known = ", ".join(f"'{value}'" for value in values)
        op.create_check_constraint(
            f"{name}_known", "meeting", f"{name} IN ({known})", schema=SCHEMA
        )
    op.add_column("meeting", sa.Column("ended_at", sa.DateTime(timezone=True)), schema=SCHEMA)
    op.create_table(
        "hall_link",
        sa.Column("meeting_id", sa.Text, sa.ForeignKey("election.meeting.id"), primary_key=True),
        sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.CheckConstraint("octet_length(code_hash) = 32", name="code_hash_form"),
        schema=SCHEMA,
    )
    columns = ", ".join((*SETTINGS, "ended_at"))
    op.execute(f"GRANT UPDATE ({columns}) ON {SCHEMA}.meeting TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE (code_hash) ON {SCHEMA}.hall_link TO {ROLE}")
