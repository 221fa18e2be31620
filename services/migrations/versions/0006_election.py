"""Meetings, elections and the stored steps of the acts that span several parties.

The one voting method is secret: the column admits no other value, and nobody but the owner may
change it (protocol.md §2).
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006_election"
down_revision: str | None = "0005_board"

SCHEMA = "election"
ROLE = "phieukin_election"


def upgrade() -> None:
    _create_meeting()
    _create_election()
    op.create_table(
        "step",
        sa.Column("uuid", sa.Text, sa.ForeignKey("election.election.uuid"), primary_key=True),
        sa.Column("act", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("act IN ('issue', 'start', 'close', 'cancel')", name="act_known"),
        schema=SCHEMA,
    )
    _grant()


def _create_meeting() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("council_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("starts_at", sa.Text, nullable=False),
        sa.Column("venue", sa.Text, nullable=False),
        sa.Column("presiding", sa.Integer, nullable=False),
        sa.Column("minute_taker", sa.Integer, nullable=False),
        sa.CheckConstraint("id ~ '^[0-9a-f]{32}$'", name="id_form"),
        sa.CheckConstraint("kind IN ('regular', 'extraordinary')", name="kind_known"),
        sa.CheckConstraint("presiding BETWEEN 1 AND 500", name="presiding_range"),
        sa.CheckConstraint("minute_taker BETWEEN 1 AND 500", name="minute_taker_range"),
        schema=SCHEMA,
    )


def _create_election() -> None:
    op.create_table(
        "election",
        sa.Column("uuid", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("meeting_id", sa.Text, sa.ForeignKey("election.meeting.id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("ballot_number", sa.Integer, nullable=False),
        sa.Column("previous", sa.Text, sa.ForeignKey("election.election.uuid")),
        sa.Column("nominations", JSONB, nullable=False),
        sa.Column("quorum", JSONB, nullable=False),
        sa.Column("minimum_ballots", sa.Integer, nullable=False),
        sa.Column("late_issuance", sa.Boolean, nullable=False),
        sa.Column("team", JSONB),
        sa.Column("announced", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("pending", sa.Text),
        sa.Column("phi", sa.Text),
        sa.Column("election_code", sa.Text),
        sa.Column("seal_value", sa.Text),
        sa.Column("seal_code", sa.Text),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled", JSONB),
        *_election_constraints(),
        schema=SCHEMA,
    )


def _election_constraints() -> list[sa.schema.SchemaItem]:
    after_closing = "state NOT IN ('closed', 'counted', 'minuted')"
    issued = "state NOT IN ('issuing', 'voting', 'closed', 'counted', 'minuted')"
    return [
        sa.CheckConstraint("method = 'secret'", name="method_is_secret"),
        sa.CheckConstraint(
            "state IN ('draft', 'ceremony', 'issuing', 'voting', 'closed', 'counted',"
            " 'minuted', 'cancelled')",
            name="state_known",
        ),
        sa.CheckConstraint("uuid ~ '^[1-9A-HJ-NP-Za-km-z]{14}$'", name="uuid_form"),
        sa.CheckConstraint("group_name IN ('Ed25519', 'BELENIOS-2048')", name="group_known"),
        sa.CheckConstraint("ballot_number IN (1, 2)", name="at_most_two_ballots"),
        sa.CheckConstraint(
            "(ballot_number = 1) = (previous IS NULL)", name="second_ballot_has_a_first"
        ),
        sa.CheckConstraint(
            "jsonb_array_length(nominations) BETWEEN 1 AND 200", name="nominations_limit"
        ),
        sa.CheckConstraint("minimum_ballots BETWEEN 3 AND 500", name="minimum_ballots_range"),
        sa.CheckConstraint("state IN ('draft', 'cancelled') OR team IS NOT NULL", name="team_due"),
        sa.CheckConstraint("NOT announced OR state IN ('counted', 'minuted')", name="announced"),
        sa.CheckConstraint(
            "pending IS NULL OR pending IN ('issue', 'start', 'close', 'cancel')",
            name="pending_known",
        ),
        sa.CheckConstraint(f"{issued} OR phi IS NOT NULL", name="fingerprint_due"),
        sa.CheckConstraint(
            f"{after_closing} OR (seal_value IS NOT NULL AND closed_at IS NOT NULL)",
            name="seal_due",
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled IS NOT NULL)", name="cancelled_with_reason"
        ),
        sa.UniqueConstraint("meeting_id", "place"),
    ]


def _grant() -> None:
    op.execute(f"GRANT SELECT, INSERT ON {SCHEMA}.meeting TO {ROLE}")
    op.execute(f"GRANT UPDATE (presiding, minute_taker) ON {SCHEMA}.meeting TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON {SCHEMA}.election TO {ROLE}")
    # Neither method, group, meeting nor the place among the ballots is ever changed.
    op.execute(
        "GRANT UPDATE (state, nominations, quorum, team, announced, version, pending, phi,"
        f" election_code, seal_value, seal_code, closed_at, cancelled) ON {SCHEMA}.election"
        f" TO {ROLE}"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE (value) ON {SCHEMA}.step TO {ROLE}")
