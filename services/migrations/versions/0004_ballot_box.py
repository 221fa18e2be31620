"""The ballot box: no time, no sequence, no address, no order; keys are hashes.

The box's role may add a ballot, and neither change nor delete one. What must be done to ballots
after closing is done by two functions of the owner, which refuse any other time.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0004_ballot_box"
down_revision: str | None = "0003_registrar"

SCHEMA = "ballot_box"
ROLE = "phieukin_ballot_box"
UUID_FORM = "uuid ~ '^[1-9A-HJ-NP-Za-km-z]{14,32}$'"

# All rows are deleted before the first is added again, since the sort reads to its end: the unique
# keys see no double. One transaction and the order of the trackers remain.
SORT_BALLOTS = """
CREATE FUNCTION ballot_box.sort_ballots(election text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ballot_box, pg_temp AS $$
BEGIN
  PERFORM 1 FROM ballot_box.box WHERE uuid = election AND state = 'closed';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the box is not closed';
  END IF;
  WITH taken AS (DELETE FROM ballot_box.ballot WHERE uuid = election RETURNING *)
  INSERT INTO ballot_box.ballot SELECT * FROM taken ORDER BY tracker;
END
$$
"""
ERASE_BALLOTS = """
CREATE FUNCTION ballot_box.erase_ballots(election text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ballot_box, pg_temp AS $$
BEGIN
  PERFORM 1 FROM ballot_box.box WHERE uuid = election AND state = 'emptied';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the box is not emptied';
  END IF;
  UPDATE ballot_box.ballot SET ballot = NULL, token = NULL, credential_hash = NULL
  WHERE uuid = election;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "box_key",
        sa.Column("uuid", sa.Text, primary_key=True),
        sa.Column("seed", sa.LargeBinary, nullable=False),
        sa.CheckConstraint(UUID_FORM, name="uuid_form"),
        sa.CheckConstraint("length(seed) = 32", name="seed_length"),
        schema=SCHEMA,
    )
    op.create_table(
        "box",
        sa.Column("uuid", sa.Text, primary_key=True),
        sa.Column("phi", sa.Text, nullable=False),
        sa.Column("election_text", sa.Text, nullable=False),
        sa.Column("token_keys", ARRAY(sa.LargeBinary), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.CheckConstraint(UUID_FORM, name="uuid_form"),
        sa.CheckConstraint("phi ~ '^[A-Za-z0-9+/]{43}$'", name="phi_form"),
        sa.CheckConstraint("cardinality(token_keys) BETWEEN 1 AND 5", name="issuers_limit"),
        sa.CheckConstraint(
            "state IN ('prepared', 'casting', 'closed', 'emptied')", name="state_known"
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "ballot",
        sa.Column("tracker", sa.LargeBinary, primary_key=True),
        sa.Column("uuid", sa.Text, nullable=False),
        sa.Column("body_hash", sa.LargeBinary, nullable=False),
        sa.Column("credential_hash", sa.LargeBinary),
        sa.Column("ballot", sa.Text),
        sa.Column("token", ARRAY(sa.Text)),
        sa.CheckConstraint(UUID_FORM, name="uuid_form"),
        sa.CheckConstraint(
            "length(tracker) = 32 AND length(body_hash) = 32"
            " AND (credential_hash IS NULL OR length(credential_hash) = 32)",
            name="hash_lengths",
        ),
        sa.CheckConstraint(
            "(ballot IS NULL) = (token IS NULL) AND (ballot IS NULL) = (credential_hash IS NULL)",
            name="whole_or_erased",
        ),
        # One ballot a credential.
        sa.UniqueConstraint("uuid", "credential_hash", name="credential_casts_once"),
        schema=SCHEMA,
    )
    _create_functions()
    for table in ("box_key", "box", "ballot"):
        op.execute(f"GRANT SELECT, INSERT ON {SCHEMA}.{table} TO {ROLE}")
    op.execute(f"GRANT UPDATE (state) ON {SCHEMA}.box TO {ROLE}")


def _create_functions() -> None:
    for function in (SORT_BALLOTS, ERASE_BALLOTS):
        op.execute(function)
    for name in ("sort_ballots", "erase_ballots"):
        op.execute(f"REVOKE ALL ON FUNCTION {SCHEMA}.{name}(text) FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {SCHEMA}.{name}(text) TO {ROLE}")
