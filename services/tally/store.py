"""Every query of the tally: sealed shares on their way, and elections whose sum is being opened."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

metadata = sa.MetaData(schema="tally")

sealed_share_table: Final = sa.Table(
    "sealed_share",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("reveal", sa.LargeBinary, primary_key=True),
    sa.Column("recipient", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("share", sa.Text, nullable=False),
)
opening_table: Final = sa.Table(
    "opening",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("finished", sa.Boolean, nullable=False),
)


class TallyStore:
    """The tally's rows on one connection, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_sealed_shares(self, uuid: str, reveal: bytes, shares: Sequence[str]) -> None:
        """
        Keep the shares that came with the reveal of this leaf hash; the first ones stand.

        `shares` are for trustees 1, 2, 3 …
        """
        rows = [
            {"uuid": uuid, "reveal": reveal, "recipient": recipient, "share": share}
            for recipient, share in enumerate(shares, start=1)
        ]
        await self._connection.execute(insert(sealed_share_table).on_conflict_do_nothing(), rows)

    async def shares_of(self, uuid: str, reveal: bytes) -> list[str]:
        """The shares that came with a reveal, by recipient."""
        rows = await self._connection.execute(
            sa.select(sealed_share_table.c.share)
            .where(sealed_share_table.c.uuid == uuid, sealed_share_table.c.reveal == reveal)
            .order_by(sealed_share_table.c.recipient)
        )
        return list(rows.scalars())

    async def elections_with_shares(self) -> list[str]:
        rows = await self._connection.execute(sa.select(sealed_share_table.c.uuid).distinct())
        return list(rows.scalars())

    async def erase_sealed_shares(self, uuid: str) -> None:
        await self._connection.execute(
            sealed_share_table.delete().where(sealed_share_table.c.uuid == uuid)
        )

    async def begin_opening(self, uuid: str) -> None:
        """Remember that a partial decryption of this election may stand in the log."""
        values = {"uuid": uuid, "finished": False}
        await self._connection.execute(
            insert(opening_table).values(values).on_conflict_do_nothing()
        )

    async def finish_opening(self, uuid: str) -> None:
        await self._connection.execute(
            opening_table.update().where(opening_table.c.uuid == uuid).values(finished=True)
        )

    async def unfinished_openings(self) -> list[str]:
        rows = await self._connection.execute(
            sa.select(opening_table.c.uuid).where(sa.not_(opening_table.c.finished))
        )
        return list(rows.scalars())
