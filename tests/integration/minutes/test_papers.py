"""Drawing up and signing, on the real database: what stands on the logs, and what is refused."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from schemas.entries import MinuteEntry
from schemas.papers import PaperTexts, Replacement
from services.accounts import NotAllowedError
from services.board.log import read_checkpoint
from services.board.record import build_record
from services.election.errors import WrongStateError
from services.election.reading import read_election
from services.minutes.drawing_up import draw_up_counting_minute, draw_up_meeting_minute
from services.minutes.errors import (
    EndOfMeetingMissingError,
    NotAnnouncedError,
    NothingCountedError,
    PaperFieldNotExpectedError,
    PaperNotFoundError,
    PaperNotIncrementError,
    PaperReplacedError,
    PaperTextInvalidError,
    PaperTooLargeError,
    PaperWrongOrderError,
    ReplacementReasonMissingError,
)
from services.minutes.model import StoredPaper
from services.minutes.signing import (
    accept_signature,
    read_file_for,
    read_paper_for,
    resume_all,
)
from services.minutes.texts import read_texts
from tests.faults.faulty_database import ConnectionBrokenError, break_at
from tests.integration.minutes.conftest import (
    ENDED,
    Hall,
    announce_result,
    count,
    signed_by,
)

TELLER_OF = {"teller-1": 3, "teller-2": 4, "teller-3": 5, "secretary": 2, "presiding": 1}


async def sign(hall: Hall, paper: StoredPaper, field: str) -> StoredPaper:
    """A person downloads the latest file, signs it and brings it back."""
    who = hall.member(TELLER_OF[field])
    file = await read_file_for(hall.minutes, who, paper.id)
    upload = await asyncio.to_thread(signed_by, file, field, TELLER_OF[field])
    return await accept_signature(hall.minutes, who, paper.id, upload)


async def minute_entries(hall: Hall) -> list[MinuteEntry]:
    return list((await hall.log()).all_of(MinuteEntry))


async def test_hash_on_the_log(hall: Hall) -> None:
    """The log holds the hash of the file as issued, under a checkpoint, before anybody signs."""
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    file = await read_file_for(hall.minutes, hall.member(1), paper.id)
    assert hashlib.sha256(file).hexdigest() == paper.sha256
    assert await minute_entries(hall) == [MinuteEntry(paper="counting", sha256=paper.sha256)]
    size = (await hall.log()).head.size
    note = await read_checkpoint(hall.minutes.board, hall.uuid, "minute")
    assert note.splitlines()[1] == str(size)


async def test_same_paper_twice(hall: Hall) -> None:
    """Drawn up again with the same texts it is the same paper, and the log is not longer."""
    first = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    again = await draw_up_counting_minute(hall.minutes, hall.member(4), hall.uuid)
    assert again == first
    assert len(await minute_entries(hall)) == 1


async def test_attached_record_ends_at_the_result(hall: Hall) -> None:
    """So the paper does not change when its own hash is entered."""
    before = await build_record(hall.minutes.board, hall.uuid, "result")
    await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    assert await build_record(hall.minutes.board, hall.uuid, "result") == before


async def test_before_count_and_announcement(open_hall: Callable[..., Awaitable[Hall]]) -> None:
    """No paper of a sealed box, and none of a result that the hall has not heard."""
    hall = await open_hall()
    await hall.write(PaperTexts(ended_at=ENDED))
    with pytest.raises(WrongStateError):
        await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    with pytest.raises(WrongStateError):
        await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    await count(hall)
    for draw_up, of in (
        (draw_up_counting_minute, hall.uuid),
        (draw_up_meeting_minute, hall.meeting_id),
    ):
        with pytest.raises(NotAnnouncedError):
            await draw_up(hall.minutes, hall.secretary, of)
    await announce_result(hall)
    await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)


async def test_meeting_whose_only_ballot_was_cancelled(
    open_hall: Callable[..., Awaitable[Hall]],
) -> None:
    """There is no result to draw a minute up from."""
    hall = await open_hall()
    cancelled = {"at": ENDED, "reason": "trustees_unavailable", "text": "Không đủ chìa"}
    await hall.room.change(state="cancelled", cancelled=cancelled)
    with pytest.raises(NothingCountedError):
        await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)


async def test_who_may_draw_up_and_read(hall: Hall) -> None:
    """Secretary and tellers draw up the count, the secretary the meeting; strangers see none."""
    with pytest.raises(NotAllowedError):
        await draw_up_counting_minute(hall.minutes, hall.member(1), hall.uuid)
    with pytest.raises(NotAllowedError):
        await draw_up_meeting_minute(hall.minutes, hall.member(3), hall.meeting_id)
    paper = await draw_up_counting_minute(hall.minutes, hall.member(3), hall.uuid)
    stranger = replace(hall.member(1), council_id="f" * 32)
    with pytest.raises(NotAllowedError):
        await read_file_for(hall.minutes, stranger, paper.id)
    with pytest.raises(PaperNotFoundError):
        await read_paper_for(hall.minutes, hall.secretary, "0" * 32)


async def test_tellers_sign_one_after_the_other(hall: Hall) -> None:
    """Three signatures, each confirmed; the paper on the log stays the issued one."""
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    for field in ("teller-2", "teller-1", "teller-3"):
        assert not (await read_paper_for(hall.minutes, hall.secretary, paper.id)).is_signed
        await sign(hall, paper, field)
    done = await read_paper_for(hall.minutes, hall.secretary, paper.id)
    assert done.signed == ("teller-2", "teller-1", "teller-3")
    assert done.is_signed
    assert done.finished
    assert done.sha256 == paper.sha256
    file = await read_file_for(hall.minutes, hall.member(1), paper.id)
    assert hashlib.sha256(file).hexdigest() != paper.sha256


async def test_meeting_minute_ends_the_election(hall: Hall) -> None:
    """The presiding officer after the secretary; then the elections are minuted."""
    paper = await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    with pytest.raises(PaperWrongOrderError):
        await sign(hall, paper, "presiding")
    await sign(hall, paper, "secretary")
    assert (await read_election(hall.minutes.election, hall.uuid)).state == "counted"
    await sign(hall, paper, "presiding")
    assert (await read_election(hall.minutes.election, hall.uuid)).state == "minuted"


async def test_the_same_upload_again(hall: Hall) -> None:
    """Whose answer was lost sends again and hears the same."""
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    file = await read_file_for(hall.minutes, hall.member(3), paper.id)
    upload = await asyncio.to_thread(signed_by, file, "teller-1", 3)
    first = await accept_signature(hall.minutes, hall.member(3), paper.id, upload)
    assert await accept_signature(hall.minutes, hall.member(3), paper.id, upload) == first


async def test_two_people_sign_the_same_file(hall: Hall) -> None:
    """The second one is told to take the latest file; the first signature is not lost."""
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    file = await read_file_for(hall.minutes, hall.member(3), paper.id)
    uploads = [
        (no, await asyncio.to_thread(signed_by, file, field, no))
        for field, no in (("teller-1", 3), ("teller-2", 4))
    ]
    answers = await asyncio.gather(
        *(
            accept_signature(hall.minutes, hall.member(no), paper.id, upload)
            for no, upload in uploads
        ),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, PaperNotIncrementError)]
    assert len(refused) == 1
    stored = await read_paper_for(hall.minutes, hall.secretary, paper.id)
    assert len(stored.signed) == 1
    # Signed anew over the latest file it is accepted.
    missing = "teller-2" if stored.signed == ("teller-1",) else "teller-1"
    assert missing in (await sign(hall, paper, missing)).signed


async def test_signature_in_another_s_field(hall: Hall) -> None:
    """A teller signs in the field above the own name; the secretary may bring anybody's file."""
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    file = await read_file_for(hall.minutes, hall.member(3), paper.id)
    upload = await asyncio.to_thread(signed_by, file, "teller-1", 3)
    with pytest.raises(PaperFieldNotExpectedError):
        await accept_signature(hall.minutes, hall.member(4), paper.id, upload)
    with pytest.raises(NotAllowedError):
        await accept_signature(hall.minutes, hall.member(1), paper.id, upload)
    accepted = await accept_signature(hall.minutes, hall.secretary, paper.id, upload)
    assert accepted.signed == ("teller-1",)


async def test_refused_upload_changes_nothing(hall: Hall) -> None:
    """After a refusal the paper is as it was."""
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    file = await read_file_for(hall.minutes, hall.member(3), paper.id)
    for upload in (b"", file, file + b"%", b"%PDF-1.7\n"):
        with pytest.raises(PaperNotIncrementError):
            await accept_signature(hall.minutes, hall.member(3), paper.id, upload)
    small = replace(hall.minutes.settings, max_paper_bytes=1000)
    with pytest.raises(PaperTooLargeError):
        await accept_signature(
            replace(hall.minutes, settings=small), hall.member(3), paper.id, file
        )
    assert await read_file_for(hall.minutes, hall.member(3), paper.id) == file
    assert (await read_paper_for(hall.minutes, hall.secretary, paper.id)).signed == ()


async def test_changed_texts_make_a_replacing_paper(hall: Hall) -> None:
    """The new entry names the old paper, which nobody can sign any more."""
    old = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    file = await read_file_for(hall.minutes, hall.member(3), old.id)
    await hall.write(PaperTexts(ended_at=ENDED, incidents="Mất mạng 05 phút."))
    new = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    assert (await minute_entries(hall))[1:] == [
        MinuteEntry(paper="counting", sha256=new.sha256, replaces=old.sha256)
    ]
    upload = await asyncio.to_thread(signed_by, file, "teller-1", 3)
    with pytest.raises(PaperReplacedError):
        await accept_signature(hall.minutes, hall.member(3), old.id, upload)
    await sign(hall, new, "teller-1")


async def test_signed_paper_is_replaced_with_a_reason(hall: Hall) -> None:
    """What somebody has signed is not silently put aside (Decree 30/2020, Article 18)."""
    old = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    await sign(hall, old, "teller-1")
    changed = PaperTexts(ended_at=ENDED, incidents="Mất mạng 05 phút.")
    await hall.write(changed)
    with pytest.raises(ReplacementReasonMissingError):
        await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    reason = Replacement(paper="counting", date="2026-03-12", reason="thiếu nội dung sự cố")
    await hall.write(PaperTexts(ended_at=ENDED, incidents=changed.incidents, replacement=reason))
    new = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    assert new.replaces == old.sha256


async def test_minute_over_two_elections(open_hall: Callable[..., Awaitable[Hall]]) -> None:
    """Not before both are counted; then one paper, an entry in each log, both records in it."""
    first = await open_hall()
    await count(first)
    await announce_result(first)
    second = await open_hall(first)
    await first.write(PaperTexts(ended_at=ENDED))
    with pytest.raises(WrongStateError):
        await draw_up_meeting_minute(first.minutes, first.secretary, first.meeting_id)
    await count(second)
    await announce_result(second)
    await first.write(PaperTexts(ended_at=ENDED))
    paper = await draw_up_meeting_minute(first.minutes, first.secretary, first.meeting_id)
    assert paper.uuids == (first.uuid, second.uuid)
    file = await read_file_for(first.minutes, first.secretary, paper.id)
    for hall in (first, second):
        assert await minute_entries(hall) == [MinuteEntry(paper="meeting", sha256=paper.sha256)]
        assert f"record-{hall.uuid}.zip".encode() in file


@pytest.mark.parametrize("persisted", [False, True])
@pytest.mark.parametrize("act", ["issue paper", "mark paper as entered"])
async def test_crash_while_drawing_up(hall: Hall, act: str, persisted: bool) -> None:
    """Whatever was committed, drawing up again ends with one paper and one entry."""
    faulty = replace(
        hall.minutes, database=break_at(hall.minutes.database, act, persisted=persisted)
    )
    with pytest.raises(ConnectionBrokenError):
        await draw_up_counting_minute(faulty, hall.secretary, hall.uuid)
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    assert await minute_entries(hall) == [MinuteEntry(paper="counting", sha256=paper.sha256)]


async def test_paper_kept_and_not_entered(hall: Hall) -> None:
    """After a start the service enters what a crash kept from the log."""
    faulty = replace(
        hall.minutes, database=break_at(hall.minutes.database, "issue paper", persisted=True)
    )
    with pytest.raises(ConnectionBrokenError):
        await draw_up_counting_minute(faulty, hall.secretary, hall.uuid)
    assert await minute_entries(hall) == []
    await resume_all(hall.minutes)
    assert len(await minute_entries(hall)) == 1


@pytest.mark.parametrize("persisted", [False, True])
async def test_crash_while_a_signature_is_accepted(hall: Hall, persisted: bool) -> None:
    """The person sends the same file again, and it counts once."""
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    file = await read_file_for(hall.minutes, hall.member(3), paper.id)
    upload = await asyncio.to_thread(signed_by, file, "teller-1", 3)
    database = break_at(hall.minutes.database, "accept signature", persisted=persisted)
    faulty = replace(hall.minutes, database=database)
    with pytest.raises(ConnectionBrokenError):
        await accept_signature(faulty, hall.member(3), paper.id, upload)
    done = await accept_signature(hall.minutes, hall.member(3), paper.id, upload)
    assert done.signed == ("teller-1",)


async def test_crash_before_the_election_is_minuted(hall: Hall) -> None:
    """All have signed, and the service ends there: a start finishes it."""
    paper = await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    await sign(hall, paper, "secretary")
    database = break_at(hall.minutes.database, "accept signature", persisted=True)
    file = await read_file_for(hall.minutes, hall.member(1), paper.id)
    upload = await asyncio.to_thread(signed_by, file, "presiding", 1)
    with pytest.raises(ConnectionBrokenError):
        await accept_signature(
            replace(hall.minutes, database=database), hall.member(1), paper.id, upload
        )
    assert (await read_election(hall.minutes.election, hall.uuid)).state == "counted"
    await resume_all(hall.minutes)
    assert (await read_election(hall.minutes.election, hall.uuid)).state == "minuted"


async def test_texts(hall: Hall) -> None:
    """The secretary writes them, the meeting's officers read them, and nobody else."""
    assert (await read_texts(hall.minutes, hall.member(1), hall.meeting_id)).ended_at == ENDED
    assert (await read_texts(hall.minutes, hall.member(2), hall.meeting_id)).ended_at == ENDED
    with pytest.raises(NotAllowedError):
        await read_texts(hall.minutes, hall.member(3), hall.meeting_id)
    await hall.write(PaperTexts())
    with pytest.raises(EndOfMeetingMissingError):
        await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)


@pytest.mark.parametrize(
    "texts",
    [
        PaperTexts(ended_at="2026-02-30T10:00:00+07:00"),
        PaperTexts(submission_deadline="2026-13-01"),
        PaperTexts(conclusion="Dòng một\nDòng\u0000hai"),
        PaperTexts(added=("Tổ\tmột",)),
    ],
)
async def test_texts_that_no_page_can_show(hall: Hall, texts: PaperTexts) -> None:
    """They are refused when written, not when the paper is drawn up."""
    with pytest.raises(PaperTextInvalidError):
        await hall.write(texts)


async def test_open_vote_in_the_council_s_own_words(hall: Hall) -> None:
    """A text may say that there was no open vote."""
    await hall.write(PaperTexts(ended_at=ENDED, conclusion="Hội đồng không thực hiện biểu quyết."))
    await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
