"""What a paper was drawn up from, copies of papers, and papers that were signed by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0011_paper_copies"
down_revision: str | None = "0010_signers"

SCHEMA = "minutes"
ROLE = "phieukin_minutes"


def upgrade() -> None:
    op.create_table(
        "paper_content",
        sa.Column("paper_id", sa.Text, sa.ForeignKey("minutes.paper.id"), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("texts", sa.LargeBinary, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "paper_copy",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("paper_id", sa.Text, sa.ForeignKey("minutes.paper.id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("matched_by", sa.Text),
        sa.Column("file", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("id ~ '^[0-9a-f]{32}$'", name="id_form"),
        sa.CheckConstraint("kind IN ('copy', 'hand_signed')", name="kind_known"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_form"),
        sa.CheckConstraint("matched_by IN ('qr', 'typed')", name="matched_by_known"),
        # Only a scan that is of this paper can stand for its signatures.
        sa.CheckConstraint(
            "kind <> 'hand_signed' OR matched_by IS NOT NULL", name="hand_signed_matched"
        ),
        sa.UniqueConstraint("paper_id", "place", name="one_place"),
        sa.UniqueConstraint("paper_id", "kind", "sha256", name="each_file_once"),
        schema=SCHEMA,
    )
    op.add_column(
        "paper",
        sa.Column("hand_signed", sa.Text, sa.ForeignKey("minutes.paper_copy.id")),
        schema=SCHEMA,
    )
    op.execute(f"GRANT SELECT, INSERT ON minutes.paper_content TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON minutes.paper_copy TO {ROLE}")
    op.execute(f"GRANT UPDATE (hand_signed) ON minutes.paper TO {ROLE}")
