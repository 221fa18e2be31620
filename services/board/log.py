"""Adding to a log and reading it (protocol.md §7)."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.checkpoints import Checkpoint, NoteSigner, sign_checkpoint
from crypto.merkle import TreeHead, tree_head
from schemas.canonical import NotCanonicalError
from schemas.entries import Cancelled, Entry, EntryError
from schemas.grammar import GrammarError, LogGrammar
from services.board.errors import (
    BoardMovedError,
    CheckpointNotFoundError,
    EntryRefusedError,
    FileNotCommittedError,
    LogNotFoundError,
    RecordFileNotFoundError,
)
from services.board.model import (
    CONTRIBUTION_KINDS,
    FILE_NAMES,
    BoardLog,
    CheckpointName,
    PreparedEntry,
    StoredEntry,
    commitment_of,
    log_of,
    prepare,
    recorded_entry,
    recorded_line,
)
from services.board.party import Board
from services.board.store import BoardStore

NO_FILES: Final[Mapping[str, bytes]] = MappingProxyType({})


def log_name(board: Board, uuid: str) -> str:
    """Origin of the log's checkpoints and name of its key (protocol.md §11 "Notes")."""
    return f"{board.settings.log_origin}/{uuid}"


async def create_log_key(board: Board, uuid: str) -> str:
    """Make the log of an election with a key of its own; returns the C2SP verifier key."""
    signer = NoteSigner(log_name(board, uuid), board.randomness(32))

    async def work(connection: AsyncConnection) -> str:
        store = BoardStore(connection)
        await store.add_log(uuid, signer.seed, signer.key.to_text())
        return (await _read_signer(board, store, uuid)).key.to_text()

    return await board.database.transact("create log", work)


async def append(
    board: Board,
    uuid: str,
    position: int,
    entries: Sequence[Entry],
    checkpoint: CheckpointName | None = None,
    files: Mapping[str, bytes] = NO_FILES,
) -> TreeHead:
    """
    Add entries at `position`, with the files that they commit to and a checkpoint over all.

    One transaction. Exactly these entries at this position already: nothing happens, so that an
    act which crashed after it may call again. A cancellation erases the ballots' data (§1).
    Returns the tree up to the last of these entries. Raises BoardMovedError, EntryRefusedError,
    FileNotCommittedError, LogNotFoundError.
    """
    prepared = await asyncio.to_thread(_prepare_all, entries)
    _check_files(prepared, files)

    async def work(connection: AsyncConnection) -> TreeHead:
        store = BoardStore(connection)
        signer = await _read_signer(board, store, uuid)
        rows = await store.read_entries(uuid, with_ballots=False)
        end = position + len(prepared)
        leaves = [row.leaf for row in rows]
        if leaves[position:end] == [entry.leaf for entry in prepared]:
            return tree_head(leaves[:end])
        if len(rows) != position:
            raise BoardMovedError(position=position, size=len(rows))
        _check_grammar(rows, prepared)
        await store.add_entries(uuid, position, prepared)
        for name, data in files.items():
            await store.add_file(uuid, name, data)
        head = tree_head([*leaves, *(entry.leaf for entry in prepared)])
        if checkpoint is not None:
            note = sign_checkpoint(Checkpoint(signer.name, head), signer)
            await store.add_checkpoint(uuid, checkpoint, head.size, note)
        if isinstance(prepared[-1].entry, Cancelled):
            # With the cancellation or not at all: no crash leaves ballots of a cancelled election.
            await store.withhold_ballots(uuid)
        return head

    return await board.database.transact("append to log", work)


async def read_entries(board: Board, uuid: str) -> tuple[bytes, ...]:
    """The exact bytes of the entries in order; a withheld ballot is its `withheld` line."""
    return tuple(map(recorded_line, await _read_rows(board, uuid)))


async def read_log(board: Board, uuid: str, *, with_ballots: bool = True) -> BoardLog:
    """
    The whole log, decoded; without ballots, which are the bulk, each stands as withheld.

    Raises LogNotFoundError.
    """
    rows = await _read_rows(board, uuid, with_ballots=with_ballots)
    return await asyncio.to_thread(log_of, rows)


async def count_contributions(board: Board, uuid: str) -> int:
    """How many entries are the counting team's own; 0 where there is no log yet. Cheap."""

    async def work(connection: AsyncConnection) -> int:
        return await BoardStore(connection).count_entries(uuid, CONTRIBUTION_KINDS)

    return await board.database.transact("count contributions", work)


async def read_leaves(board: Board, uuid: str) -> tuple[bytes, ...]:
    """All leaf hashes in order: one answer for everybody who asks (protocol.md §7)."""

    async def work(connection: AsyncConnection) -> tuple[bytes, ...]:
        store = BoardStore(connection)
        await _read_signer(board, store, uuid)
        return tuple(await store.read_leaves(uuid))

    return await board.database.transact("read leaves", work)


async def read_checkpoint(board: Board, uuid: str, name: str) -> str:
    """The signed note of the latest checkpoint of this name. Raises CheckpointNotFoundError."""

    async def work(connection: AsyncConnection) -> str | None:
        return await BoardStore(connection).read_checkpoint(uuid, name)

    note = await board.database.transact("read checkpoint", work)
    if note is None:
        raise CheckpointNotFoundError
    return note


async def read_file(board: Board, uuid: str, name: str) -> bytes:
    """`roster.json` or `attendance.json`, exact bytes. Raises RecordFileNotFoundError."""

    async def work(connection: AsyncConnection) -> bytes | None:
        return await BoardStore(connection).read_file(uuid, name)

    data = await board.database.transact("read file", work)
    if data is None:
        raise RecordFileNotFoundError(name=name)
    return data


async def _read_rows(board: Board, uuid: str, *, with_ballots: bool = True) -> list[StoredEntry]:
    async def work(connection: AsyncConnection) -> list[StoredEntry]:
        store = BoardStore(connection)
        await _read_signer(board, store, uuid)
        return await store.read_entries(uuid, with_ballots=with_ballots)

    return await board.database.transact("read log", work)


async def _read_signer(board: Board, store: BoardStore, uuid: str) -> NoteSigner:
    found = await store.read_key(uuid)
    if found is None:
        raise LogNotFoundError
    seed, key = found
    # The stored key carries the name, so that a changed setting cannot rename an old log.
    return NoteSigner(key.split("+")[0], seed)


def _prepare_all(entries: Sequence[Entry]) -> list[PreparedEntry]:
    if not entries:
        raise ValueError("an append adds at least one entry")
    try:
        return [prepare(entry) for entry in entries]
    except (EntryError, NotCanonicalError) as error:
        raise EntryRefusedError(reason=str(error)) from error


def _check_files(prepared: Sequence[PreparedEntry], files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        commitments = [commitment_of(name, entry.entry) for entry in prepared]
        if name not in FILE_NAMES or hashlib.sha256(data).hexdigest() not in commitments:
            raise FileNotCommittedError(name=name)


def _check_grammar(rows: Sequence[StoredEntry], prepared: Sequence[PreparedEntry]) -> None:
    grammar = LogGrammar()
    try:
        for row in rows:
            # Rows come without ballots: `withheld` stands for one and takes the same place.
            grammar.accept(recorded_entry(row))
        for entry in prepared:
            grammar.accept(entry.entry)
    except GrammarError as error:
        raise EntryRefusedError(reason=str(error)) from error
