"""Councils, members, accounts, device keys, invitations, logins."""

import sqlalchemy as sa
from alembic import op

revision = "0002_council"
down_revision = "0001_schemas"

ROLE = "phieukin_council"


def upgrade() -> None:
    _create_people()
    _create_logins()
    for table in ("council", "account"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON council.{table} TO {ROLE}")
    for table in ("member", "device_key", "invitation", "login_nonce", "login"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON council.{table} TO {ROLE}")


def _create_people() -> None:
    op.create_table(
        "council",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("document", sa.LargeBinary, nullable=False),
        schema="council",
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("council_id", sa.Text, sa.ForeignKey("council.council.id")),
        sa.Column("member", sa.Integer),
        sa.UniqueConstraint("council_id", "member", name="account_council_id_member_key"),
        sa.CheckConstraint(
            "role IN ('secretary', 'auditor', 'member', 'former')", name="account_role"
        ),
        # Presiding officer and teller are roles in a meeting or election, never of an account.
        sa.CheckConstraint("(role = 'member') = (member IS NOT NULL)", name="account_member"),
        sa.CheckConstraint(
            "role NOT IN ('member', 'auditor') OR council_id IS NOT NULL", name="account_council"
        ),
        schema="council",
    )
    op.create_table(
        "member",
        sa.Column("council_id", sa.Text, sa.ForeignKey("council.council.id"), primary_key=True),
        sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("position", sa.Text, nullable=False),
        sa.Column("council_role", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, sa.ForeignKey("council.account.id"), nullable=False),
        sa.CheckConstraint("no BETWEEN 1 AND 500", name="member_no"),
        schema="council",
    )


def _create_logins() -> None:
    account = "council.account.id"
    op.create_table(
        "device_key",
        sa.Column("fingerprint", sa.LargeBinary, primary_key=True),
        sa.Column("account_id", sa.Text, sa.ForeignKey(account), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("spki", sa.LargeBinary, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.CheckConstraint("kind IN ('device', 'passkey', 'kiosk')", name="device_key_kind"),
        sa.CheckConstraint("length(spki) = 91", name="device_key_spki"),
        sa.CheckConstraint("fingerprint = sha256(spki)", name="device_key_fingerprint"),
        schema="council",
    )
    op.create_index(
        "device_key_current_key",
        "device_key",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("is_current"),
        schema="council",
    )
    op.create_table(
        "invitation",
        sa.Column("account_id", sa.Text, sa.ForeignKey(account), primary_key=True),
        sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.LargeBinary),
        schema="council",
    )
    op.create_table(
        "login_nonce",
        sa.Column("nonce_hash", sa.LargeBinary, primary_key=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        schema="council",
    )
    op.create_table(
        "login",
        sa.Column("cookie_hash", sa.LargeBinary, primary_key=True),
        sa.Column("account_id", sa.Text, sa.ForeignKey(account), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        schema="council",
    )
