"""The tally: sealed shares on their way to their recipients, and sums being opened."""

import sqlalchemy as sa
from alembic import op

revision = "0007_tally"
down_revision: str | None = "0006_election"

ROLE = "phieukin_tally"


def upgrade() -> None:
    op.create_table(
        "sealed_share",
        sa.Column("uuid", sa.Text, primary_key=True),
        sa.Column("reveal", sa.LargeBinary, primary_key=True),
        sa.Column("recipient", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("share", sa.Text, nullable=False),
        sa.CheckConstraint("octet_length(reveal) = 32", name="reveal_is_leaf"),
        sa.CheckConstraint("recipient BETWEEN 1 AND 20", name="recipient_is_trustee"),
        sa.CheckConstraint("length(share) <= 16000", name="share_is_bounded"),
        schema="tally",
    )
    op.create_table(
        "opening",
        sa.Column("uuid", sa.Text, primary_key=True),
        sa.Column("finished", sa.Boolean, nullable=False),
        schema="tally",
    )
    # A sealed share is replaced by nothing: it stands until all have confirmed, then it goes.
    op.execute(f"GRANT SELECT, INSERT, DELETE ON tally.sealed_share TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE (finished) ON tally.opening TO {ROLE}")
