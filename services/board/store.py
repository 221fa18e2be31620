"""Every query of the board; a log is only ever added to."""

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.board.model import BALLOT_TYPE, CheckpointName, PreparedEntry, StoredEntry

metadata = sa.MetaData(schema="board")

log_table: Final = sa.Table(
    "log",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("key_seed", sa.LargeBinary, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
)
entry_table: Final = sa.Table(
    "entry",
    metadata,
    sa.Column("uuid", sa.Text, sa.ForeignKey("board.log.uuid"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.LargeBinary),
)
checkpoint_table: Final = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("uuid", sa.Text, sa.ForeignKey("board.log.uuid"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("note", sa.Text, nullable=False),
)
file_table: Final = sa.Table(
    "file",
    metadata,
    sa.Column("uuid", sa.Text, sa.ForeignKey("board.log.uuid"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)


class BoardStore:
    """The board's rows on one connection, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_log(self, uuid: str, key_seed: bytes, key: str) -> None:
        """Add a log; keeps the one that is there."""
        values = {"uuid": uuid, "key_seed": key_seed, "key": key}
        await self._connection.execute(insert(log_table).values(values).on_conflict_do_nothing())

    async def read_key(self, uuid: str) -> tuple[bytes, str] | None:
        """Seed and verifier key of a log; None if there is no such log."""
        row = (
            await self._connection.execute(
                sa.select(log_table.c.key_seed, log_table.c.key).where(log_table.c.uuid == uuid)
            )
        ).one_or_none()
        return None if row is None else (bytes(row.key_seed), str(row.key))

    async def read_leaves(self, uuid: str) -> list[bytes]:
        rows = await self._connection.execute(
            sa.select(entry_table.c.leaf)
            .where(entry_table.c.uuid == uuid)
            .order_by(entry_table.c.position)
        )
        return [bytes(leaf) for leaf in rows.scalars()]

    async def read_entries(self, uuid: str, *, with_ballots: bool = True) -> list[StoredEntry]:
        """The entries in order; without ballots, their rows come without data."""
        data = (
            entry_table.c.data
            if with_ballots
            else sa.case((entry_table.c.kind == BALLOT_TYPE, None), else_=entry_table.c.data)
        )
        rows = await self._connection.execute(
            sa.select(
                entry_table.c.position, entry_table.c.kind, entry_table.c.leaf, data.label("data")
            )
            .where(entry_table.c.uuid == uuid)
            .order_by(entry_table.c.position)
        )
        return [
            StoredEntry(
                row.position,
                row.kind,
                bytes(row.leaf),
                None if row.data is None else bytes(row.data),
            )
            for row in rows
        ]

    async def count_entries(self, uuid: str, kinds: Iterable[str]) -> int:
        """How many entries of these kinds there are; their data is not read."""
        found = await self._connection.scalar(
            sa.select(sa.func.count()).where(
                entry_table.c.uuid == uuid, entry_table.c.kind.in_(list(kinds))
            )
        )
        return int(found or 0)

    async def add_entries(self, uuid: str, position: int, entries: Iterable[PreparedEntry]) -> None:
        """Add entries from `position` on; a concurrent writer of a position makes us retry."""
        rows = [
            {
                "uuid": uuid,
                "position": position + offset,
                "kind": entry.kind,
                "leaf": entry.leaf,
                "data": entry.data,
            }
            for offset, entry in enumerate(entries)
        ]
        # "Do nothing" about a row that this snapshot does not see is a serialization failure
        # (SQLSTATE 40001), which is retried; a plain INSERT might fail with a unique violation.
        await self._connection.execute(insert(entry_table).on_conflict_do_nothing(), rows)

    async def withhold_ballots(self, uuid: str) -> None:
        """Erase the ballots' data of a cancelled election; the database refuses all others."""
        await self._connection.execute(sa.select(sa.func.board.withhold_ballots(uuid)))

    async def add_checkpoint(self, uuid: str, name: CheckpointName, size: int, note: str) -> None:
        values = {"uuid": uuid, "name": name, "size": size, "note": note}
        await self._connection.execute(
            insert(checkpoint_table).values(values).on_conflict_do_nothing()
        )

    async def read_checkpoint(self, uuid: str, name: str) -> str | None:
        """The latest note of this name."""
        note = await self._connection.scalar(
            sa.select(checkpoint_table.c.note)
            .where(checkpoint_table.c.uuid == uuid, checkpoint_table.c.name == name)
            .order_by(checkpoint_table.c.size.desc())
            .limit(1)
        )
        return None if note is None else str(note)

    async def add_file(self, uuid: str, name: str, data: bytes) -> None:
        values = {"uuid": uuid, "name": name, "data": data}
        await self._connection.execute(insert(file_table).values(values).on_conflict_do_nothing())

    async def read_file(self, uuid: str, name: str) -> bytes | None:
        data = await self._connection.scalar(
            sa.select(file_table.c.data).where(file_table.c.uuid == uuid, file_table.c.name == name)
        )
        return None if data is None else bytes(data)
