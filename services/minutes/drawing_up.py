"""Drawing a paper up: from the record to a file that people sign, and its hash on every log."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.entries import MinuteEntry
from schemas.fields import PaperKind
from schemas.papers import PaperTexts
from services.accounts import Account, NotAllowedError
from services.board.errors import BoardMovedError
from services.board.log import append, read_log
from services.election.reading import read_election_for, read_meeting
from services.minutes.copy_store import CopyStore, DrawnFrom
from services.minutes.counting_minute import counting_minute
from services.minutes.errors import EndOfMeetingMissingError, ReplacementReasonMissingError
from services.minutes.fields import put_fields
from services.minutes.gathering import (
    GatheredElection,
    gather_election,
    gather_meeting,
    read_officers,
)
from services.minutes.meeting_minute import meeting_minute
from services.minutes.model import CancelledBallot, Officers, PaperContent, StoredPaper
from services.minutes.party import Minutes
from services.minutes.rendering import render_paper
from services.minutes.store import MinutesStore
from services.minutes.texts import read_written_texts

MAX_ATTEMPTS: Final = 5


async def draw_up_counting_minute(minutes: Minutes, account: Account, uuid: str) -> StoredPaper:
    """
    The counting minute of an election, by the secretary or a teller, after the announcement.

    The same record and texts give the same paper; changed texts a new one that replaces it.
    Raises NotAllowedError, WrongStateError, NotAnnouncedError, ReplacementReasonMissingError.
    """
    record, roles = await read_election_for(minutes.election, account, uuid)
    if not (roles.is_secretary or roles.is_teller):
        raise NotAllowedError
    gathered = await gather_election(minutes, record)
    texts = await read_written_texts(minutes, record.meeting_id)
    content, file = await asyncio.to_thread(
        _draw_counting_minute, gathered, texts, minutes.settings.software_name
    )
    paper = _new_paper(
        minutes, "counting", (uuid,), content, file, record.meeting_id, record.council_id
    )
    return await _issue(minutes, paper, uuid, file, DrawnFrom(content, texts))


async def draw_up_meeting_minute(
    minutes: Minutes, account: Account, meeting_id: str
) -> StoredPaper:
    """
    The minute of a meeting over all its counted elections, by the secretary.

    Raises NotAllowedError, WrongStateError while an election is under way, NothingCountedError,
    NotAnnouncedError, EndOfMeetingMissingError, ReplacementReasonMissingError, NotAMemberError.
    """
    account.require_secretary()
    meeting = await read_meeting(minutes.election, meeting_id)
    elections, cancelled = await gather_meeting(minutes, meeting)
    texts = await read_written_texts(minutes, meeting_id)
    if texts.ended_at is None:
        raise EndOfMeetingMissingError
    officers = await read_officers(minutes, meeting, elections[-1].counted)
    content, file = await asyncio.to_thread(
        _draw_meeting_minute, elections, cancelled, texts, minutes.settings.software_name, officers
    )
    uuids = tuple(gathered.counted.terms.uuid for gathered in elections)
    paper = _new_paper(minutes, "meeting", uuids, content, file, meeting_id, meeting.council_id)
    return await _issue(minutes, paper, meeting_id, file, DrawnFrom(content, texts))


async def enter_on_logs(minutes: Minutes, paper: StoredPaper) -> StoredPaper:
    """
    Put the paper's hash on the log of each of its elections, where it is not yet.

    Called again after a crash it goes on where it was.
    """
    if paper.entered:
        return paper
    entry = MinuteEntry(paper=paper.kind, sha256=paper.sha256, replaces=paper.replaces)
    for uuid in paper.uuids:
        await _enter_on_log(minutes, uuid, entry)

    async def work(connection: AsyncConnection) -> None:
        await MinutesStore(connection).mark_entered(paper.id)

    await minutes.database.transact("mark paper as entered", work)
    return replace(paper, entered=True)


def _draw_counting_minute(
    gathered: GatheredElection, texts: PaperTexts, software: str
) -> tuple[PaperContent, bytes]:
    record = gathered.attach(is_only_one=True)
    content = counting_minute(gathered.counted, texts, record, software)
    return content, put_fields(render_paper(content, [record]), content)


def _draw_meeting_minute(
    elections: Sequence[GatheredElection],
    cancelled: Sequence[CancelledBallot],
    texts: PaperTexts,
    software: str,
    officers: Officers,
) -> tuple[PaperContent, bytes]:
    records = [gathered.attach(is_only_one=len(elections) == 1) for gathered in elections]
    counted = [gathered.counted for gathered in elections]
    content = meeting_minute(counted, texts, records, software, cancelled, officers)
    return content, put_fields(render_paper(content, records), content)


def _new_paper(
    minutes: Minutes,
    kind: PaperKind,
    uuids: tuple[str, ...],
    content: PaperContent,
    file: bytes,
    meeting_id: str,
    council_id: str,
) -> StoredPaper:
    return StoredPaper(
        id=minutes.randomness(16).hex(),
        kind=kind,
        meeting_id=meeting_id,
        council_id=council_id,
        uuids=uuids,
        places=content.places,
        sha256=hashlib.sha256(file).hexdigest(),
    )


async def _issue(
    minutes: Minutes, paper: StoredPaper, subject: str, file: bytes, drawn_from: DrawnFrom
) -> StoredPaper:
    """Keep the paper unless it is the one that stands, then enter it; only then is it shown."""

    async def read(connection: AsyncConnection) -> StoredPaper | None:
        return await MinutesStore(connection).current_paper(paper.kind, subject)

    standing = await minutes.database.transact("read current paper", read)
    if standing is not None:
        # Its entry must be on the logs before another one can say that it replaces it.
        standing = await enter_on_logs(minutes, standing)

    async def work(connection: AsyncConnection) -> StoredPaper:
        store = MinutesStore(connection)
        current = await store.current_paper(paper.kind, subject)
        if current is not None and current.sha256 == paper.sha256:
            return current
        if current is None:
            await store.add_paper(paper, subject, file)
            await CopyStore(connection).add_content(paper.id, drawn_from)
            return paper
        replaced = drawn_from.texts.replacement
        is_signed = current.signed or current.hand_signed or current.waiting is not None
        if is_signed and (replaced is None or replaced.paper != paper.kind):
            raise ReplacementReasonMissingError
        new = replace(paper, replaces=current.sha256)
        await store.add_paper(new, subject, file)
        await CopyStore(connection).add_content(new.id, drawn_from)
        return new

    issued = await minutes.database.transact("issue paper", work)
    return await enter_on_logs(minutes, issued)


async def _enter_on_log(minutes: Minutes, uuid: str, entry: MinuteEntry) -> None:
    for attempt in range(1, MAX_ATTEMPTS + 1):
        log = await read_log(minutes.board, uuid)
        if any(each.sha256 == entry.sha256 for each in log.all_of(MinuteEntry)):
            return
        try:
            await append(minutes.board, uuid, log.head.size, [entry], checkpoint="minute")
        except BoardMovedError:
            # Another paper of this election came between reading and adding.
            if attempt == MAX_ATTEMPTS:
                raise
        else:
            return
