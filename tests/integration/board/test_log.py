"""The log on a real database: added to in one way only."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.checkpoints import parse_note_key, verify_checkpoint
from crypto.merkle import leaf_hash, tree_head
from schemas.entries import BallotEntry, CeremonyCertificate, encode_entry
from schemas.grammar import Withheld
from services.board.errors import (
    BoardMovedError,
    CheckpointNotFoundError,
    EntryRefusedError,
    FileNotCommittedError,
    LogNotFoundError,
    RecordFileNotFoundError,
)
from services.board.log import (
    append,
    create_log_key,
    read_checkpoint,
    read_entries,
    read_file,
    read_leaves,
    read_log,
)
from services.board.party import Board
from tests.integration.board.sample_entries import (
    ATTENDANCE,
    ROSTER,
    SampleEntries,
    draw_uuid,
    fill_log,
)


@pytest.fixture
async def entries(board: Board) -> SampleEntries:
    uuid = draw_uuid()
    return SampleEntries(uuid, await create_log_key(board, uuid), "box+00000000+AA")


async def test_log_key_asked_for_twice(board: Board) -> None:
    """A log has one key, named by its origin, however often it is made."""
    uuid = draw_uuid()
    first = await create_log_key(board, uuid)
    assert await create_log_key(board, uuid) == first
    assert parse_note_key(first).name == f"localhost/log/{uuid}"


async def test_two_logs(board: Board) -> None:
    """Every log has a key of its own."""
    keys = [await create_log_key(board, draw_uuid()) for _ in range(2)]
    assert parse_note_key(keys[0]).public_key != parse_note_key(keys[1]).public_key


async def test_whole_log(board: Board, entries: SampleEntries) -> None:
    """Leaves, entries and tree are those of the bytes that were added, in order."""
    await fill_log(board, entries)
    expected = [
        *(entries.ceremony() + entries.issuing() + entries.opening() + entries.closing()),
    ]
    raw = await read_entries(board, entries.uuid)
    assert list(raw) == [encode_entry(entry) for entry in expected]
    leaves = await read_leaves(board, entries.uuid)
    assert list(leaves) == [leaf_hash(data) for data in raw]
    log = await read_log(board, entries.uuid)
    assert list(log.entries) == expected
    assert log.head == tree_head(leaves)
    assert await read_file(board, entries.uuid, "roster.json") == ROSTER
    assert await read_file(board, entries.uuid, "attendance.json") == ATTENDANCE


async def test_checkpoints(board: Board, entries: SampleEntries) -> None:
    """A checkpoint is signed by the log key over the tree as it stood then."""
    await fill_log(board, entries)
    leaves = await read_leaves(board, entries.uuid)
    for name, size in (("opening", 8), ("closing", 15)):
        note = await read_checkpoint(board, entries.uuid, name)
        checkpoint = verify_checkpoint(note, parse_note_key(entries.log_key))
        assert checkpoint.head == tree_head(leaves[:size])
    with pytest.raises(CheckpointNotFoundError):
        await read_checkpoint(board, entries.uuid, "result")


async def test_same_entries_again(board: Board, entries: SampleEntries) -> None:
    """An act that crashed after adding calls again and gets the same tree, nothing twice."""
    await fill_log(board, entries, until="issuing")
    first = await append(board, entries.uuid, 6, entries.opening(), "opening")
    assert await append(board, entries.uuid, 6, entries.opening(), "opening") == first
    await append(board, entries.uuid, 8, entries.closing(), "closing")
    assert await append(board, entries.uuid, 6, entries.opening(), "opening") == first
    assert len(await read_leaves(board, entries.uuid)) == 15


async def test_other_entries_at_a_taken_position(board: Board, entries: SampleEntries) -> None:
    """Who does not know the latest entries adds nothing."""
    await fill_log(board, entries, until="ceremony")
    with pytest.raises(BoardMovedError):
        await append(board, entries.uuid, 3, entries.issuing())
    with pytest.raises(BoardMovedError):
        await append(board, entries.uuid, 5, entries.issuing())
    assert len(await read_leaves(board, entries.uuid)) == 4


async def test_two_writers_at_once(board: Board, entries: SampleEntries) -> None:
    """Of entries added concurrently at one position exactly one comes in."""
    certificates = [CeremonyCertificate(index=index, certificate="{}") for index in range(1, 7)]
    results = await asyncio.gather(
        *(append(board, entries.uuid, 0, [certificate]) for certificate in certificates),
        return_exceptions=True,
    )
    assert sum(isinstance(result, BoardMovedError) for result in results) == 5
    assert len(await read_leaves(board, entries.uuid)) == 1


async def test_entry_against_the_grammar(board: Board, entries: SampleEntries) -> None:
    """Nothing enters where the grammar has no place for it, not even a part of what is added."""
    await fill_log(board, entries, until="opening")
    with pytest.raises(EntryRefusedError):
        await append(board, entries.uuid, 8, [*entries.closing(), *entries.ceremony()])
    assert len(await read_leaves(board, entries.uuid)) == 8


async def test_entry_above_its_size(board: Board, entries: SampleEntries) -> None:
    """An entry that no reader would accept is not entered."""
    with pytest.raises(EntryRefusedError):
        await append(board, entries.uuid, 0, [CeremonyCertificate(index=1, certificate="x" * 9000)])


async def test_file_that_opens_no_commitment(board: Board, entries: SampleEntries) -> None:
    """A roster enters only with the terms that commit to it."""
    await fill_log(board, entries, until="ceremony")
    with pytest.raises(FileNotCommittedError):
        await append(board, entries.uuid, 4, entries.issuing(), None, {"roster.json": b"{}"})
    with pytest.raises(RecordFileNotFoundError):
        await read_file(board, entries.uuid, "roster.json")


async def test_log_that_is_not_there(board: Board, entries: SampleEntries) -> None:
    """An election without a log has neither leaves nor entries."""
    uuid = draw_uuid()
    with pytest.raises(LogNotFoundError):
        await read_leaves(board, uuid)
    with pytest.raises(LogNotFoundError):
        await append(board, uuid, 0, entries.ceremony())


async def test_cancelled_after_closing(board: Board, entries: SampleEntries) -> None:
    """Of a ballot only its leaf hash is kept; the tree stays what the checkpoint says."""
    size = await fill_log(board, entries)
    before = await read_leaves(board, entries.uuid)
    cancelled = entries.cancelled("too_few_ballots")
    head = await append(board, entries.uuid, size, [cancelled])
    assert await append(board, entries.uuid, size, [cancelled]) == head
    log = await read_log(board, entries.uuid)
    assert log.leaves[:-1] == before
    assert not log.all_of(BallotEntry)
    withheld = [leaf_hash(encode_entry(entry)).hex() for entry in entries.closing()[3:6]]
    assert [entry.withheld for entry in log.all_of(Withheld)] == withheld
    assert log.raw[11] == f'{{"withheld":"{withheld[0]}"}}'.encode()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE board.entry SET data = NULL WHERE uuid = :uuid",
        "UPDATE board.entry SET leaf = leaf WHERE uuid = :uuid",
        "DELETE FROM board.entry WHERE uuid = :uuid",
        "UPDATE board.checkpoint SET note = '' WHERE uuid = :uuid",
        "UPDATE board.log SET key = '' WHERE uuid = :uuid",
        "DELETE FROM board.file WHERE uuid = :uuid",
        # Not cancelled: the one way to erase is closed too.
        "SELECT board.withhold_ballots(:uuid)",
        "INSERT INTO board.entry VALUES (:uuid, 99, 'minute', decode(repeat('00',32),'hex'), 'x')",
        "INSERT INTO board.entry VALUES (:uuid, 99, 'minute', decode(repeat('00',32),'hex'), NULL)",
    ],
)
async def test_statement_that_would_change_a_log(
    board: Board, entries: SampleEntries, statement: str
) -> None:
    """The board's own role cannot change or delete what stands in a log."""
    await fill_log(board, entries)

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(sa.text(statement), {"uuid": entries.uuid})

    with pytest.raises(DBAPIError):
        await board.database.transact("change a log", work)
    assert len((await read_log(board, entries.uuid)).all_of(BallotEntry)) == 3
