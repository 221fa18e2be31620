"""Every query of what is kept beside a paper: what it was drawn up from, and its copies."""

from dataclasses import dataclass
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.papers import PaperTexts
from services.minutes.model import PaperContent, PaperCopy
from services.minutes.store import copy_table, metadata, paper_table

content_table: Final = sa.Table(
    "paper_content",
    metadata,
    sa.Column("paper_id", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("texts", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class DrawnFrom:
    """What a paper prints, and the secretary's texts as they were when it was drawn up."""

    content: PaperContent
    texts: PaperTexts


class CopyStore:
    """The rows beside the papers on one connection, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_content(self, paper_id: str, drawn_from: DrawnFrom) -> None:
        await self._connection.execute(
            content_table.insert().values(
                paper_id=paper_id,
                content=msgspec.json.encode(drawn_from.content),
                texts=msgspec.json.encode(drawn_from.texts),
            )
        )

    async def read_content(self, paper_id: str) -> DrawnFrom | None:
        """None: the paper was drawn up by a release that did not keep it."""
        rows = await self._connection.execute(
            sa.select(content_table.c.content, content_table.c.texts).where(
                content_table.c.paper_id == paper_id
            )
        )
        row = rows.one_or_none()
        if row is None:
            return None
        return DrawnFrom(
            msgspec.json.decode(row.content, type=PaperContent),
            msgspec.json.decode(row.texts, type=PaperTexts),
        )

    async def lock_copies(self, paper_id: str) -> None:
        """Nobody else adds a copy of this paper or signs it by hand meanwhile."""
        await self._connection.execute(
            sa.select(paper_table.c.id).where(paper_table.c.id == paper_id).with_for_update()
        )

    async def add_copy(self, paper_id: str, copy: PaperCopy, place: int, file: bytes) -> None:
        """Keep a copy as the paper's `place`-th, from 1."""
        await self._connection.execute(
            copy_table.insert().values(
                id=copy.id,
                paper_id=paper_id,
                place=place,
                kind=copy.kind,
                sha256=copy.sha256,
                media_type=copy.media_type,
                matched_by=copy.matched_by,
                file=file,
            )
        )

    async def read_copy_file(self, paper_id: str, copy_id: str) -> bytes:
        rows = await self._connection.execute(
            sa.select(copy_table.c.file).where(
                copy_table.c.paper_id == paper_id, copy_table.c.id == copy_id
            )
        )
        return bytes(rows.scalar_one())

    async def mark_hand_signed(self, paper_id: str, copy_id: str) -> None:
        await self._connection.execute(
            paper_table.update().where(paper_table.c.id == paper_id).values(hand_signed=copy_id)
        )
