"""What is made from a paper on demand: extracts, the submission's list, the text copy, the record.

Nothing of it is kept: the same paper gives the same bytes again.
"""

import asyncio
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from services.accounts import Account
from services.election.reading import read_election, read_meeting
from services.minutes import words
from services.minutes.copy_errors import (
    ExtractNotFoundError,
    MeetingMinuteOnlyError,
    PaperContentNotKeptError,
)
from services.minutes.copy_store import CopyStore, DrawnFrom
from services.minutes.errors import (
    PaperReplacedError,
)
from services.minutes.extract import (
    ExtractGroup,
    IssuedAs,
    extract,
    extract_groups,
    records_of,
)
from services.minutes.fields import put_fields
from services.minutes.gathering import GatheredElection, gather_election, gather_meeting
from services.minutes.model import CountedElection, StoredPaper
from services.minutes.party import Minutes
from services.minutes.rendering import render_paper
from services.minutes.signing import read_paper_for
from services.minutes.submission_list import submission_list
from services.minutes.text_copy import CopiedFrom, text_copy
from services.minutes.texts import read_written_texts

_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class _Source:
    """A meeting minute, what it was drawn up from, and its elections as their records show them."""

    paper: StoredPaper
    drawn_from: DrawnFrom
    gathered: Sequence[GatheredElection]

    @property
    def elections(self) -> list[CountedElection]:
        return [each.counted for each in self.gathered]


async def list_extracts(
    minutes: Minutes, account: Account, paper_id: str
) -> tuple[StoredPaper, tuple[ExtractGroup, ...]]:
    """
    A meeting minute and the extracts that it has, one an award file.

    Raises PaperNotFoundError, NotAllowedError, MeetingMinuteOnlyError.
    """
    paper = await _meeting_minute(minutes, account, paper_id)
    return paper, extract_groups([each.counted for each in await _gather(minutes, paper)])


async def draw_extract(minutes: Minutes, account: Account, paper_id: str, no: int) -> bytes:
    """
    One extract as a PDF for the secretary to sign; a marked draft until both officers have signed.

    It carries the records of its ballots. Raises as `list_extracts`, and ExtractNotFoundError,
    PaperReplacedError, PaperContentNotKeptError.
    """
    paper = await _meeting_minute(minutes, account, paper_id)
    if not paper.is_current:
        raise PaperReplacedError
    source = _Source(paper, await _drawn_from(minutes, paper.id), await _gather(minutes, paper))
    groups = extract_groups(source.elections)
    if not 1 <= no <= len(groups):
        raise ExtractNotFoundError
    return await asyncio.to_thread(_draw, source, groups[no - 1])


async def write_submission_list(minutes: Minutes, account: Account, meeting_id: str) -> bytes:
    """
    The cases that passed as an Excel workbook, for the secretary.

    Raises NotAllowedError, MeetingNotFoundError, WrongStateError while an election is under way,
    NothingCountedError, NotAnnouncedError.
    """
    account.require_secretary()
    meeting = await read_meeting(minutes.election, meeting_id)
    gathered, _ = await gather_meeting(minutes, meeting)
    texts = await read_written_texts(minutes, meeting_id)
    return await asyncio.to_thread(submission_list, [each.counted for each in gathered], texts)


async def write_text_copy(minutes: Minutes, account: Account, paper_id: str) -> bytes:
    """
    The paper's text as a Word file, for whoever may see the paper.

    Raises PaperNotFoundError, NotAllowedError, PaperContentNotKeptError.
    """
    paper = await read_paper_for(minutes, account, paper_id)
    drawn_from = await _drawn_from(minutes, paper.id)
    number = issued_as(paper).number
    source = CopiedFrom(paper.sha256, number)
    return await asyncio.to_thread(text_copy, drawn_from.content, source)


async def read_record_of(minutes: Minutes, account: Account, paper_id: str) -> bytes:
    """
    The `record.zip` that the paper carries, for who only has a copy without it.

    Of a minute over several elections: a ZIP of their records, each verified by itself. Raises
    PaperNotFoundError, NotAllowedError.
    """
    paper = await read_paper_for(minutes, account, paper_id)
    gathered = await _gather(minutes, paper)
    if len(gathered) == 1:
        return gathered[0].record
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for each in gathered:
            item = zipfile.ZipInfo(f"record-{each.counted.terms.uuid}.zip", _ZIP_TIME)
            archive.writestr(item, each.record)
    return written.getvalue()


def issued_as(paper: StoredPaper) -> IssuedAs:
    """The number and day that the records clerk gave; neither where they stand by hand."""
    day = None if paper.issued_on is None else date.fromisoformat(paper.issued_on)
    return IssuedAs(paper.number, day)


async def _meeting_minute(minutes: Minutes, account: Account, paper_id: str) -> StoredPaper:
    paper = await read_paper_for(minutes, account, paper_id)
    if paper.kind != "meeting":
        raise MeetingMinuteOnlyError
    return paper


async def _gather(minutes: Minutes, paper: StoredPaper) -> list[GatheredElection]:
    """The paper's own elections: one that was counted after it is not in it."""
    return [
        await gather_election(minutes, await read_election(minutes.election, uuid))
        for uuid in paper.uuids
    ]


async def _drawn_from(minutes: Minutes, paper_id: str) -> DrawnFrom:
    async def work(connection: AsyncConnection) -> DrawnFrom | None:
        return await CopyStore(connection).read_content(paper_id)

    found = await minutes.database.transact("read content of paper", work)
    if found is None:
        raise PaperContentNotKeptError
    return found


def _draw(source: _Source, group: ExtractGroup) -> bytes:
    is_only_one = len(source.gathered) == 1
    all_records = [each.attach(is_only_one=is_only_one) for each in source.gathered]
    records = records_of(group, all_records)
    content = extract(
        source.drawn_from.content,
        source.elections,
        source.drawn_from.texts,
        records,
        group,
        issued_as(source.paper),
    )
    if not source.paper.is_signed:
        # No record and no field: nobody can sign a draft by mistake.
        draft = msgspec.structs.replace(content, draft_mark=words.DRAFT, attachments=())
        return render_paper(draft, ()).pdf
    return put_fields(render_paper(content, records), content)
