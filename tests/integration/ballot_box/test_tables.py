"""What the box's tables can tell: no time, no sequence, no address, no order."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from services.ballot_box.casting import cast_ballot
from services.ballot_box.closing import close_box
from services.ballot_box.party import BallotBox
from services.ballot_box.store import metadata
from tests.sample_ballots import make_voter, open_sample_box

ALLOWED_TYPES = {"text", "bytea", "ARRAY"}


async def fetch(box: BallotBox, statement: str, **values: object) -> list[tuple[object, ...]]:
    async with box.database.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(sa.text(statement), values)]


async def test_columns_without_time_or_sequence(box: BallotBox) -> None:
    """Texts and bytes only: no timestamp, no number, no address, no default, no identity."""
    columns = await fetch(
        box,
        "SELECT table_name, column_name, data_type, column_default, is_identity"
        " FROM information_schema.columns WHERE table_schema = 'ballot_box'",
    )
    assert {(table, column) for table, column, *_ in columns} == {
        (table.name, column.name) for table in metadata.sorted_tables for column in table.columns
    }
    for _, _, data_type, default, identity in columns:
        assert data_type in ALLOWED_TYPES
        assert default is None
        assert identity == "NO"


async def test_nothing_that_counts_or_refers(box: BallotBox) -> None:
    """No sequence, no foreign key, no trigger stands in the box's schema."""
    assert not await fetch(
        box,
        "SELECT 1 FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE n.nspname = 'ballot_box' AND relkind = 'S'",
    )
    assert not await fetch(
        box,
        "SELECT 1 FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace"
        " WHERE n.nspname = 'ballot_box' AND contype = 'f'",
    )
    assert not await fetch(
        box,
        "SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'ballot_box'",
    )


async def test_keys_of_ballots(box: BallotBox) -> None:
    """A ballot's primary key is its tracker; a credential's hash is unique within an election."""
    found = await fetch(
        box,
        "SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c"
        " JOIN pg_namespace n ON n.oid = connamespace"
        " WHERE n.nspname = 'ballot_box' AND conrelid = 'ballot_box.ballot'::regclass"
        " AND contype IN ('p', 'u')",
    )
    assert {definition for (definition,) in found} == {
        "PRIMARY KEY (tracker)",
        "UNIQUE (uuid, credential_hash)",
    }


async def test_rows_after_closing(box: BallotBox) -> None:
    """Neither the rows' places nor their transactions tell in which order ballots came."""
    election = await open_sample_box(box)
    for _ in range(6):
        await cast_ballot(box, election.uuid, make_voter(election).body())
    await close_box(box, election.uuid)
    rows = await fetch(
        box,
        "SELECT tracker, xmin::text FROM ballot_box.ballot WHERE uuid = :uuid ORDER BY ctid",
        uuid=election.uuid,
    )
    trackers = [tracker for tracker, _ in rows]
    assert len(trackers) == 6
    assert trackers == sorted(trackers, key=repr_of)
    assert len({transaction for _, transaction in rows}) == 1


def repr_of(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value


async def test_boxs_role(box: BallotBox) -> None:
    """The box may neither change nor delete a ballot, sort before closing, nor read another's."""
    election = await open_sample_box(box)
    await cast_ballot(box, election.uuid, make_voter(election).body())
    refused = {
        "DELETE FROM ballot_box.ballot": "permission denied",
        "UPDATE ballot_box.ballot SET ballot = ''": "permission denied",
        "UPDATE ballot_box.box SET phi = ''": "permission denied",
        "UPDATE ballot_box.box_key SET seed = ''": "permission denied",
        "SELECT * FROM registrar.attendance": "permission denied",
        f"SELECT ballot_box.sort_ballots('{election.uuid}')": "not closed",
        f"SELECT ballot_box.erase_ballots('{election.uuid}')": "not emptied",
    }
    for statement, reason in refused.items():
        with pytest.raises(DBAPIError, match=reason):
            await fetch(box, statement)
