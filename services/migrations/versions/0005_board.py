"""The board: append-only logs with their keys, checkpoints and files."""

import sqlalchemy as sa
from alembic import op

revision = "0005_board"
down_revision: str | None = "0004_ballot_box"

ROLE = "phieukin_board"

# The only way to erase: ballots' data, and only once the log has ended in a cancellation
# (protocol.md §1). The board's role may run this and has no UPDATE or DELETE of its own; the
# leaf hashes stay, so the tree and its checkpoints do as well.
WITHHOLD_BALLOTS = """
CREATE FUNCTION board.withhold_ballots(election text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    erased integer;
BEGIN
    IF NOT EXISTS (
        SELECT FROM board.entry AS last
        WHERE last.uuid = election AND last.kind = 'cancelled'
        AND last.position = (SELECT max(e.position) FROM board.entry AS e WHERE e.uuid = election)
    ) THEN
        RAISE EXCEPTION 'the election is not cancelled' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE board.entry AS ballot SET data = NULL
    WHERE ballot.uuid = election AND ballot.kind = 'ballot' AND ballot.data IS NOT NULL;
    GET DIAGNOSTICS erased = ROW_COUNT;
    RETURN erased;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "log",
        sa.Column("uuid", sa.Text, primary_key=True),
        sa.Column("key_seed", sa.LargeBinary, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.CheckConstraint("octet_length(key_seed) = 32", name="key_seed_is_ed25519"),
        schema="board",
    )
    op.create_table(
        "entry",
        sa.Column("uuid", sa.Text, sa.ForeignKey("board.log.uuid"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("data", sa.LargeBinary),
        sa.CheckConstraint("position >= 0", name="position_from_0"),
        sa.CheckConstraint("octet_length(leaf) = 32", name="leaf_is_sha256"),
        # RFC 9162 §2.1.1, in the database as well: a leaf is the hash of the data beside it.
        sa.CheckConstraint("leaf = sha256('\\x00'::bytea || data)", name="leaf_of_data"),
        sa.CheckConstraint("data IS NOT NULL OR kind = 'ballot'", name="only_ballots_withheld"),
        schema="board",
    )
    op.create_table(
        "checkpoint",
        sa.Column("uuid", sa.Text, sa.ForeignKey("board.log.uuid"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.CheckConstraint(
            "name IN ('opening', 'closing', 'result', 'minute')", name="known_checkpoint"
        ),
        schema="board",
    )
    op.create_index(
        "one_checkpoint_but_minutes",
        "checkpoint",
        ["uuid", "name"],
        unique=True,
        schema="board",
        postgresql_where=sa.text("name <> 'minute'"),
    )
    op.create_table(
        "file",
        sa.Column("uuid", sa.Text, sa.ForeignKey("board.log.uuid"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("name IN ('roster.json', 'attendance.json')", name="known_file"),
        schema="board",
    )
    for table in ("log", "entry", "checkpoint", "file"):
        op.execute(f"GRANT SELECT, INSERT ON board.{table} TO {ROLE}")
    op.execute(WITHHOLD_BALLOTS)
    op.execute("REVOKE ALL ON FUNCTION board.withhold_ballots(text) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION board.withhold_ballots(text) TO {ROLE}")
