"""Attendance, check-in, token keys, issuing and issuances.

The role may delete nothing: an issuance, once made, stays. Of a token key it may erase the private
half (closing, protocol.md §4).
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0003_registrar"
down_revision: str | None = "0002_council"

SCHEMA = "registrar"
ROLE = "phieukin_registrar"
KINDS = "kind IN ('device', 'passkey', 'kiosk')"
UUID_FORM = "uuid ~ '^[1-9A-HJ-NP-Za-km-z]{14,32}$'"


def upgrade() -> None:
    _create_attendance()
    _create_issuing()
    _create_issuance()
    _grant()


def _create_attendance() -> None:
    op.create_table(
        "meeting",
        sa.Column("meeting_id", sa.Text, primary_key=True),
        sa.Column("members", ARRAY(sa.Integer), nullable=False),
        sa.CheckConstraint("cardinality(members) BETWEEN 1 AND 500", name="members_limit"),
        schema=SCHEMA,
    )
    op.create_table(
        "attendance",
        sa.Column(
            "meeting_id", sa.Text, sa.ForeignKey("registrar.meeting.meeting_id"), primary_key=True
        ),
        sa.Column("member", sa.Integer, primary_key=True, autoincrement=False),
        *_attendance_columns(),
        schema=SCHEMA,
    )
    op.create_table(
        "checkin_nonce",
        sa.Column(
            "meeting_id", sa.Text, sa.ForeignKey("registrar.meeting.meeting_id"), primary_key=True
        ),
        sa.Column("member", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_online", sa.Boolean),
        sa.CheckConstraint("length(nonce) = 32", name="nonce_length"),
        schema=SCHEMA,
    )


def _attendance_columns() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("arrived_at", sa.Text),
        sa.Column("left_at", sa.Text),
        sa.CheckConstraint("member BETWEEN 1 AND 500", name="member_range"),
        sa.CheckConstraint(
            "state IN ('present', 'online', 'absent_consulted', 'absent')", name="state_known"
        ),
        sa.CheckConstraint(
            "state IN ('present', 'online') OR (arrived_at IS NULL AND left_at IS NULL)",
            name="times_of_who_is_there",
        ),
    ]


def _create_issuing() -> None:
    op.create_table(
        "token_key",
        sa.Column("uuid", sa.Text, primary_key=True),
        sa.Column("spki", sa.LargeBinary, nullable=False),
        sa.Column("private_key", sa.LargeBinary),
        sa.CheckConstraint(UUID_FORM, name="uuid_form"),
        schema=SCHEMA,
    )
    op.create_table(
        "issuing",
        sa.Column("uuid", sa.Text, sa.ForeignKey("registrar.token_key.uuid"), primary_key=True),
        sa.Column(
            "meeting_id", sa.Text, sa.ForeignKey("registrar.meeting.meeting_id"), nullable=False
        ),
        sa.Column("phi", sa.Text, nullable=False),
        sa.Column("rp_id", sa.Text, nullable=False),
        sa.Column("origins", ARRAY(sa.Text), nullable=False),
        sa.Column("late_issuance", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.CheckConstraint("phi ~ '^[A-Za-z0-9+/]{43}$'", name="phi_form"),
        sa.CheckConstraint(
            "state IN ('issuing', 'late', 'closed', 'abandoned')", name="state_known"
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "roster_key",
        sa.Column("uuid", sa.Text, sa.ForeignKey("registrar.issuing.uuid"), primary_key=True),
        sa.Column("member", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("spki", sa.Text, nullable=False),
        sa.CheckConstraint(KINDS, name="kind_known"),
        sa.UniqueConstraint("uuid", "spki", name="key_of_one_member"),
        schema=SCHEMA,
    )
    op.create_table(
        "closing_attendance",
        sa.Column("uuid", sa.Text, sa.ForeignKey("registrar.issuing.uuid"), primary_key=True),
        sa.Column("member", sa.Integer, primary_key=True, autoincrement=False),
        *_attendance_columns(),
        schema=SCHEMA,
    )


def _create_issuance() -> None:
    op.create_table(
        "issuance",
        sa.Column("uuid", sa.Text, primary_key=True),
        sa.Column("member", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("spki", sa.Text, nullable=False),
        sa.Column("blinded_sha256", sa.Text, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("authenticator_data", sa.LargeBinary),
        sa.Column("client_data", sa.LargeBinary),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        # Only who is on the frozen roster of keys takes a ballot.
        sa.ForeignKeyConstraint(
            ["uuid", "member"], ["registrar.roster_key.uuid", "registrar.roster_key.member"]
        ),
        sa.CheckConstraint(KINDS, name="kind_known"),
        sa.CheckConstraint("blinded_sha256 ~ '^[0-9a-f]{64}$'", name="blinded_sha256_form"),
        sa.CheckConstraint("length(signature) = 64", name="signature_length"),
        sa.CheckConstraint(
            "(kind = 'passkey') = (authenticator_data IS NOT NULL)"
            " AND (kind = 'passkey') = (client_data IS NOT NULL)",
            name="assertion_of_passkeys",
        ),
        schema=SCHEMA,
    )


def _grant() -> None:
    for table in ("meeting", "attendance", "checkin_nonce"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {SCHEMA}.{table} TO {ROLE}")
    for table in ("token_key", "issuing", "roster_key", "closing_attendance", "issuance"):
        op.execute(f"GRANT SELECT, INSERT ON {SCHEMA}.{table} TO {ROLE}")
    op.execute(f"GRANT UPDATE (private_key) ON {SCHEMA}.token_key TO {ROLE}")
    op.execute(f"GRANT UPDATE (state) ON {SCHEMA}.issuing TO {ROLE}")
    op.execute(f"GRANT UPDATE (confirmed) ON {SCHEMA}.issuance TO {ROLE}")
