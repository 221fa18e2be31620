"""Drafts to read aloud, lists of papers, and officers who took over during the meeting."""

import asyncio
import io
import unicodedata
from collections.abc import Awaitable, Callable

import pdfplumber
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.papers import PaperTexts
from schemas.roster import RosterMember
from services.accounts import Account, NotAllowedError
from services.council.founding import put_members
from services.election.errors import MeetingNotFoundError, WrongStateError
from services.election.meetings import replace_officers
from services.minutes.drafting import draft_counting_minute, draft_meeting_minute
from services.minutes.drawing_up import draw_up_counting_minute, draw_up_meeting_minute
from services.minutes.errors import NotAnnouncedError
from services.minutes.signing import list_papers_for
from services.minutes.store import paper_table
from tests.integration.minutes.conftest import ENDED, Hall, announce_result, count

DRAFT = "DỰ THẢO, chưa ký"
LONG = " ".join(["Các đại biểu phát biểu ý kiến về từng trường hợp."] * 120)


def pages_of(file: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(file)) as document:
        return [unicodedata.normalize("NFC", page.extract_text()) for page in document.pages]


async def papers_kept(hall: Hall) -> int:
    async def work(connection: AsyncConnection) -> int:
        kept = sa.select(sa.func.count()).where(paper_table.c.meeting_id == hall.meeting_id)
        return int(await connection.scalar(kept) or 0)

    return await hall.minutes.database.transact("count papers", work)


async def test_draft_before_the_announcement(open_hall: Callable[..., Awaitable[Hall]]) -> None:
    """The head teller reads it out and then announces; nobody else has it before."""
    hall = await open_hall()
    with pytest.raises(WrongStateError):
        await draft_counting_minute(hall.minutes, hall.member(3), hall.uuid)
    await count(hall)
    before = (await hall.log()).head
    draft = await draft_counting_minute(hall.minutes, hall.member(3), hall.uuid)
    assert all(DRAFT in page for page in pages_of(draft))
    with pytest.raises(NotAnnouncedError):
        await draft_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    with pytest.raises(NotAllowedError):
        await draft_counting_minute(hall.minutes, hall.member(1), hall.uuid)
    with pytest.raises(NotAnnouncedError):
        await draft_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    assert (await hall.log()).head == before
    assert await papers_kept(hall) == 0


async def test_draft_that_nobody_can_sign(hall: Hall) -> None:
    """It says what the paper will say, on every page that it is none; no record, no field in it."""
    await hall.write(PaperTexts(ended_at=ENDED, incidents=LONG, discussion=LONG))
    drafts = {
        "counting": await draft_counting_minute(hall.minutes, hall.secretary, hall.uuid),
        "meeting": await draft_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id),
    }
    assert await papers_kept(hall) == 0
    papers = [
        await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid),
        await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id),
    ]
    for paper in papers:
        draft = drafts[paper.kind]
        pages = await asyncio.to_thread(pages_of, draft)
        assert len(pages) > 1
        assert all(DRAFT in page for page in pages)
        assert b"record.zip" not in draft
        assert b"/Sig" not in draft
        file = await hall.file(paper.id)
        assert b"record.zip" in file
        issued = await asyncio.to_thread(pages_of, file)
        assert not any("DỰ THẢO" in page for page in issued)
        assert len(issued) == len(pages)


async def test_draft_of_a_meeting_that_goes_on(hall: Hall) -> None:
    """The minute is read before the meeting ends, so its end may be left out."""
    await hall.write(PaperTexts())
    draft = await draft_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    text = " ".join(" ".join(await asyncio.to_thread(pages_of, draft)).split())
    assert "Cuộc họp kết thúc sau khi thông qua biên bản./." in text
    with pytest.raises(NotAllowedError):
        await draft_meeting_minute(hall.minutes, hall.member(2), hall.meeting_id)


async def test_papers_of_a_meeting(hall: Hall) -> None:
    """Who must sign finds the paper; standing ones first; strangers find none."""

    async def listed(account: Account) -> list[str]:
        return [paper.id for paper in await list_papers_for(hall.minutes, account, hall.meeting_id)]

    assert await listed(hall.member(3)) == []
    minute = await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    old = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    await hall.write(PaperTexts(ended_at=ENDED, incidents="Mất điện năm phút."))
    new = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    for account in (hall.secretary, hall.member(1), hall.member(3)):
        assert await listed(account) == [new.id, minute.id, old.id]
    with pytest.raises(NotAllowedError):
        await listed(Account("e" * 32, "Người lạ", frozenset({"member"}), "f" * 32, 3))
    with pytest.raises(MeetingNotFoundError):
        await list_papers_for(hall.minutes, hall.secretary, "0" * 32)


async def test_papers_of_a_result_not_announced(
    hall: Hall, open_hall: Callable[..., Awaitable[Hall]]
) -> None:
    """A paper is in the list only for whom every result in it is open."""
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    await hall.room.change(announced=False)
    assert await list_papers_for(hall.minutes, hall.secretary, hall.meeting_id) == []
    assert await list_papers_for(hall.minutes, hall.member(1), hall.meeting_id) == []
    found = await list_papers_for(hall.minutes, hall.member(3), hall.meeting_id)
    assert [each.id for each in found] == [paper.id]


async def test_officer_who_took_over(hall: Hall) -> None:
    """After the count another presides: that one signs the minute, and reads its texts."""
    before = await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    assert [place.member for place in before.places] == [2, 1, None]
    roster = [
        RosterMember(no=no, name=f"Thành viên {no}", position="", council_role="Ủy viên")
        for no in range(1, 7)
    ]
    election = hall.minutes.election
    await put_members(election.council, hall.room.council_id, roster)
    await replace_officers(election, hall.meeting_id, 6, 2)
    after = await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    assert after.replaces == before.sha256
    assert [(place.field, place.member) for place in after.places] == [
        ("secretary", 2),
        ("presiding", 6),
        ("agency", None),
    ]
    text = " ".join(" ".join(await asyncio.to_thread(pages_of, await hall.file(after.id))).split())
    assert "Chủ trì (chủ tọa): Đồng chí Thành viên 6, Ủy viên." in text
    assert "Trước đó đồng chí Thành viên 1, Ủy viên chủ trì." in text
    # The count's paper is the tellers', whoever presides.
    counting = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    assert {place.member for place in counting.places} == {3, 4, 5}


async def test_announced_later(open_hall: Callable[..., Awaitable[Hall]]) -> None:
    """From the announcement on the secretary has the draft too."""
    hall = await open_hall()
    await count(hall)
    await announce_result(hall)
    draft = await draft_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    assert draft.startswith(b"%PDF-")
