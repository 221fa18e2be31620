"""Every query of the papers: texts, papers as they stand, signed fields."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.fields import PaperKind
from schemas.papers import PaperTexts
from services.minutes.model import SigningPlace, StoredPaper, WaitingSignature

metadata = sa.MetaData(schema="minutes")

texts_table: Final = sa.Table(
    "texts",
    metadata,
    sa.Column("meeting_id", sa.Text, primary_key=True),
    sa.Column("texts", sa.LargeBinary, nullable=False),
)
paper_table: Final = sa.Table(
    "paper",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("meeting_id", sa.Text, nullable=False),
    sa.Column("council_id", sa.Text, nullable=False),
    sa.Column("uuids", sa.LargeBinary, nullable=False),
    sa.Column("places", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("replaces", sa.Text),
    sa.Column("file", sa.LargeBinary, nullable=False),
    sa.Column("is_current", sa.Boolean, nullable=False),
    sa.Column("entered", sa.Boolean, nullable=False),
    sa.Column("finished", sa.Boolean, nullable=False),
    sa.Column("number", sa.Text),
    sa.Column("issued_on", sa.Text),
    sa.Column("number_year", sa.Text),
    sa.Column("level", sa.Text),
)
signature_table: Final = sa.Table(
    "signature",
    metadata,
    sa.Column("paper_id", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("file_size", sa.BigInteger, nullable=False),
    sa.Column("certificate", sa.LargeBinary),
)
waiting_table: Final = sa.Table(
    "waiting_signature",
    metadata,
    sa.Column("paper_id", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("certificate_sha256", sa.Text, nullable=False),
    sa.Column("certificate", sa.LargeBinary, nullable=False),
    sa.Column("file", sa.LargeBinary, nullable=False),
)
_WITHOUT_FILE: Final = [column for column in paper_table.c if column.name != "file"]


class MinutesStore:
    """The papers' rows on one connection, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put_texts(self, meeting_id: str, texts: PaperTexts) -> None:
        data = msgspec.json.encode(texts)
        await self._connection.execute(
            insert(texts_table)
            .values(meeting_id=meeting_id, texts=data)
            .on_conflict_do_update(index_elements=["meeting_id"], set_={"texts": data})
        )

    async def read_texts(self, meeting_id: str) -> PaperTexts:
        """The texts of a meeting; none are written: an empty struct."""
        found = await self._connection.scalar(
            sa.select(texts_table.c.texts).where(texts_table.c.meeting_id == meeting_id)
        )
        return PaperTexts() if found is None else msgspec.json.decode(found, type=PaperTexts)

    async def add_paper(self, paper: StoredPaper, subject: str, file: bytes) -> None:
        """Keep a paper as the current one of its subject; the former stands no longer."""
        await self._connection.execute(
            paper_table.update()
            .where(
                paper_table.c.kind == paper.kind,
                paper_table.c.subject == subject,
                paper_table.c.is_current,
            )
            .values(is_current=False)
        )
        await self._connection.execute(
            paper_table.insert().values(
                id=paper.id,
                kind=paper.kind,
                subject=subject,
                meeting_id=paper.meeting_id,
                council_id=paper.council_id,
                uuids=msgspec.json.encode(paper.uuids),
                places=msgspec.json.encode(paper.places),
                sha256=paper.sha256,
                replaces=paper.replaces,
                file=file,
                is_current=True,
                entered=False,
                finished=False,
            )
        )

    async def current_paper(self, kind: PaperKind, subject: str) -> StoredPaper | None:
        return await self._read_one(
            sa.and_(
                paper_table.c.kind == kind,
                paper_table.c.subject == subject,
                paper_table.c.is_current,
            )
        )

    async def read_paper(self, paper_id: str) -> StoredPaper | None:
        return await self._read_one(paper_table.c.id == paper_id)

    async def papers_of(self, meeting_id: str) -> list[StoredPaper]:
        """All papers of a meeting and its elections, in no order."""
        return await self._read_all(paper_table.c.meeting_id == meeting_id)

    async def read_file(self, paper_id: str) -> bytes:
        """The latest bytes: as issued, with every signature accepted since."""
        rows = await self._connection.execute(
            sa.select(paper_table.c.file).where(paper_table.c.id == paper_id)
        )
        return bytes(rows.scalar_one())

    async def add_signature(
        self, paper_id: str, field: str, file: bytes, certificate: bytes
    ) -> None:
        await self._connection.execute(
            signature_table.insert().values(
                paper_id=paper_id, field=field, file_size=len(file), certificate=certificate
            )
        )
        await self._change(paper_id, {"file": file, "level": "B-B"})

    async def has_signature_of_size(self, paper_id: str, file_size: int) -> bool:
        """Whether a file of this size was accepted: our file grew from it."""
        found = await self._connection.scalar(
            sa.select(signature_table.c.field).where(
                signature_table.c.paper_id == paper_id, signature_table.c.file_size == file_size
            )
        )
        return found is not None

    async def put_file(self, paper_id: str, file: bytes) -> None:
        """Bytes that grew by what is no signature."""
        await self._change(paper_id, {"file": file})

    async def put_lasting_file(self, paper_id: str, file: bytes) -> None:
        """Bytes that end with a document time stamp."""
        await self._change(paper_id, {"file": file, "level": "B-LTA"})

    async def put_number(self, paper_id: str, number: str, issued_on: str) -> None:
        year = issued_on[:4]
        await self._change(
            paper_id, {"number": number, "issued_on": issued_on, "number_year": year}
        )

    async def date_of_number(self, council_id: str, number: str, issued_on: str) -> str | None:
        """The date of the council's paper that has this number in the year of `issued_on`."""
        found: str | None = await self._connection.scalar(
            sa.select(paper_table.c.issued_on).where(
                paper_table.c.council_id == council_id,
                paper_table.c.number_year == issued_on[:4],
                paper_table.c.number == number,
            )
        )
        return found

    async def add_waiting(self, paper_id: str, waiting: WaitingSignature, file: bytes) -> None:
        await self._connection.execute(
            waiting_table.insert().values(
                paper_id=paper_id,
                field=waiting.field,
                certificate_sha256=waiting.certificate_sha256,
                certificate=waiting.certificate,
                file=file,
            )
        )

    async def read_waiting_file(self, paper_id: str) -> bytes | None:
        found = await self._connection.scalar(
            sa.select(waiting_table.c.file).where(waiting_table.c.paper_id == paper_id)
        )
        return None if found is None else bytes(found)

    async def drop_waiting(self, paper_id: str) -> None:
        await self._connection.execute(
            waiting_table.delete().where(waiting_table.c.paper_id == paper_id)
        )

    async def file_size(self, paper_id: str) -> int:
        found = await self._connection.scalar(
            sa.select(sa.func.octet_length(paper_table.c.file)).where(paper_table.c.id == paper_id)
        )
        return int(found or 0)

    async def mark_entered(self, paper_id: str) -> None:
        await self._change(paper_id, {"entered": True})

    async def mark_finished(self, paper_id: str) -> None:
        await self._change(paper_id, {"finished": True})

    async def unfinished_papers(self) -> list[StoredPaper]:
        """Papers not yet on every log, or signed by all while their elections do not show it."""
        papers = await self._read_all(
            sa.and_(paper_table.c.is_current, sa.not_(paper_table.c.finished))
        )
        return [paper for paper in papers if paper.is_signed or not paper.entered]

    async def papers_without_time_stamp(self) -> list[StoredPaper]:
        return await self._read_all(sa.and_(paper_table.c.is_current, paper_table.c.level == "B-B"))

    async def _read_all(self, which: sa.ColumnElement[bool]) -> list[StoredPaper]:
        ids = await self._connection.execute(sa.select(paper_table.c.id).where(which))
        found = [await self.read_paper(paper_id) for paper_id in ids.scalars().all()]
        return [paper for paper in found if paper is not None]

    async def _change(self, paper_id: str, values: Mapping[str, Any]) -> None:
        await self._connection.execute(
            paper_table.update().where(paper_table.c.id == paper_id).values(values)
        )

    async def _read_one(self, which: sa.ColumnElement[bool]) -> StoredPaper | None:
        rows = await self._connection.execute(sa.select(*_WITHOUT_FILE).where(which))
        row = rows.one_or_none()
        if row is None:
            return None
        return _paper(row, await self._signatures(row.id), await self._waiting(row.id))

    async def _signatures(self, paper_id: str) -> Sequence[Any]:
        """In the order of signing: every signature makes the file longer."""
        rows = await self._connection.execute(
            sa.select(signature_table.c.field, signature_table.c.certificate)
            .where(signature_table.c.paper_id == paper_id)
            .order_by(signature_table.c.file_size)
        )
        return rows.all()

    async def _waiting(self, paper_id: str) -> WaitingSignature | None:
        rows = await self._connection.execute(
            sa.select(waiting_table.c.field, waiting_table.c.certificate).where(
                waiting_table.c.paper_id == paper_id
            )
        )
        row = rows.one_or_none()
        return None if row is None else WaitingSignature(row.field, bytes(row.certificate))


def _paper(row: Any, signatures: Sequence[Any], waiting: WaitingSignature | None) -> StoredPaper:
    return StoredPaper(
        id=row.id,
        kind=row.kind,
        meeting_id=row.meeting_id,
        council_id=row.council_id,
        uuids=msgspec.json.decode(row.uuids, type=tuple[str, ...]),
        places=msgspec.json.decode(row.places, type=tuple[SigningPlace, ...]),
        sha256=row.sha256,
        replaces=row.replaces,
        is_current=row.is_current,
        entered=row.entered,
        finished=row.finished,
        signed=tuple(each.field for each in signatures),
        number=row.number,
        issued_on=row.issued_on,
        level=row.level,
        certificates={
            # Signatures from before certificates were kept have none.
            each.field: bytes(each.certificate)
            for each in signatures
            if each.certificate is not None
        },
        waiting=waiting,
    )
