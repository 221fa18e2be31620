"""Number and date, then the agency's signature; after that nothing changes."""

import asyncio
import datetime
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from schemas.papers import PaperTexts, Replacement
from services.accounts import NotAllowedError
from services.election.reading import read_election
from services.minutes.drawing_up import draw_up_counting_minute, draw_up_meeting_minute
from services.minutes.errors import (
    PaperFieldNotExpectedError,
    PaperIssuedError,
    PaperNumberGivenError,
    PaperNumberInvalidError,
    PaperNumberMissingError,
    PaperNumberTakenError,
    PaperWithoutNumberError,
    PaperWrongOrderError,
    SignatureRequestUnknownError,
)
from services.minutes.model import StoredPaper
from services.minutes.number_filling import fill_number_and_date
from services.minutes.numbering import give_number
from services.minutes.signature_requests import complete_signature, request_signature
from services.minutes.signer_confirmation import confirm_signer
from services.minutes.signing import accept_signature, read_paper_for
from services.pades.errors import SigningValueWrongError
from services.simulation.paper_signing import sign_paper
from tests.faults.faulty_database import ConnectionBrokenError, break_at
from tests.integration.minutes.conftest import (
    ENDED,
    NOW,
    Hall,
    announce_result,
    authority,
    count,
    identity,
    signed_by,
    token_signature,
)

AGENCY = authority().issue("HỘI ĐỒNG THI ĐUA", NOW)
AGENCY_SHA256 = hashlib.sha256(AGENCY.certificate.dump()).hexdigest()
DAY = "2026-03-12"


async def signed_minute(hall: Hall) -> StoredPaper:
    """A meeting minute that both officers have signed."""
    paper = await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    for field, no in (("secretary", 2), ("presiding", 1)):
        upload = await asyncio.to_thread(signed_by, await hall.file(paper.id), field, no)
        paper = await accept_signature(hall.minutes, hall.member(no), paper.id, upload)
    return paper


async def sealed(hall: Hall, paper_id: str) -> StoredPaper:
    file = await hall.file(paper_id)
    upload = await asyncio.to_thread(sign_paper, file, "agency", AGENCY, NOW)
    paper = await accept_signature(hall.minutes, hall.secretary, paper_id, upload)
    if paper.waiting is None:
        return paper
    return await confirm_signer(hall.minutes, hall.secretary, paper_id, "agency", AGENCY_SHA256)


async def give(hall: Hall, paper_id: str, number: str = "7", day: str = DAY) -> StoredPaper:
    return await give_number(hall.minutes, hall.secretary, paper_id, number, day)


async def test_from_signatures_to_seal(hall: Hall) -> None:
    """The elections are minuted by the people; the number and the seal issue the paper."""
    paper = await signed_minute(hall)
    assert (await read_election(hall.minutes.election, hall.uuid)).state == "minuted"
    assert (paper.is_signed, paper.is_issued, paper.level) == (True, False, "B-B")
    numbered = await give(hall, paper.id)
    assert (numbered.number, numbered.issued_on) == ("07", DAY)
    file = await hall.file(paper.id)
    # The same again changes nothing, not even the file.
    assert await give(hall, paper.id, "07") == numbered
    assert await hall.file(paper.id) == file
    issued = await sealed(hall, paper.id)
    assert issued.is_issued
    assert issued.signed == ("secretary", "presiding", "agency")


async def test_nothing_changes_after_the_seal(hall: Hall) -> None:
    """Neither a signature nor a number; a mistake leads to a new minute that names the old one."""
    paper = await signed_minute(hall)
    await give(hall, paper.id)
    issued = await sealed(hall, paper.id)
    held = await hall.file(paper.id)
    longer = held + b"\n"
    with pytest.raises(PaperIssuedError):
        await accept_signature(hall.minutes, hall.secretary, paper.id, longer)
    with pytest.raises(PaperIssuedError):
        await give(hall, paper.id, "8")
    with pytest.raises(PaperIssuedError):
        await request_signature(
            hall.minutes, hall.secretary, paper.id, "agency", [AGENCY.certificate.dump()], None
        )
    reason = Replacement(paper="meeting", date=DAY, number="07", reason="sai tên đơn vị")
    await hall.write(PaperTexts(ended_at=ENDED, conclusion="Nhất trí.", replacement=reason))
    new = await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    assert new.replaces == issued.sha256
    old = await read_paper_for(hall.minutes, hall.secretary, issued.id)
    assert (old.is_current, old.number) == (False, "07")
    assert await hall.file(issued.id) == held
    # A number stands for one paper, also when that was replaced (Decree 30/2020, Article 15).
    for field, no in (("secretary", 2), ("presiding", 1)):
        upload = await asyncio.to_thread(signed_by, await hall.file(new.id), field, no)
        await accept_signature(hall.minutes, hall.member(no), new.id, upload)
    with pytest.raises(PaperNumberTakenError) as refused:
        await give(hall, new.id)
    assert refused.value.facts == {"number": "07", "year": "2026", "date": "12/03/2026"}
    assert (await give(hall, new.id, "8")).number == "08"


async def test_number_too_early_or_by_somebody_else(hall: Hall) -> None:
    """The secretary gives it, after the presiding officer has signed."""
    paper = await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    with pytest.raises(PaperWrongOrderError):
        await give(hall, paper.id)
    paper = await signed_minute(hall)
    with pytest.raises(NotAllowedError):
        await give_number(hall.minutes, hall.member(1), paper.id, "7", DAY)
    for number, day in (("0", DAY), ("7", "2026-02-30"), ("7", "2026-03-13")):
        with pytest.raises(PaperNumberInvalidError):
            await give(hall, paper.id, number, day)
    await give(hall, paper.id)
    with pytest.raises(PaperNumberGivenError):
        await give(hall, paper.id, "8")


async def test_number_of_a_counting_minute(hall: Hall) -> None:
    """It has none."""
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    with pytest.raises(PaperWithoutNumberError):
        await give(hall, paper.id)


async def test_seal_before_the_number(hall: Hall) -> None:
    """The agency signs last, over number and date."""
    paper = await signed_minute(hall)
    file = await hall.file(paper.id)
    upload = await asyncio.to_thread(sign_paper, file, "agency", AGENCY, NOW)
    with pytest.raises(PaperNumberMissingError):
        await accept_signature(hall.minutes, hall.secretary, paper.id, upload)


async def test_seal_brought_by_a_member(hall: Hall) -> None:
    """Only the records clerk, at the secretary's console, brings the agency's signature."""
    paper = await signed_minute(hall)
    await give(hall, paper.id)
    file = await hall.file(paper.id)
    upload = await asyncio.to_thread(sign_paper, file, "agency", AGENCY, NOW)
    with pytest.raises(PaperFieldNotExpectedError):
        await accept_signature(hall.minutes, hall.member(1), paper.id, upload)


@pytest.mark.parametrize("together", [False, True])
async def test_number_filled_by_another_program(hall: Hall, together: bool) -> None:
    """Number and date come as one update, or with the agency's signature behind them."""
    paper = await signed_minute(hall)
    file = await hall.file(paper.id)
    filled = await asyncio.to_thread(
        fill_number_and_date, file, "07", datetime.date.fromisoformat(DAY)
    )
    with pytest.raises(PaperFieldNotExpectedError):
        await accept_signature(hall.minutes, hall.member(1), paper.id, filled)
    if together:
        upload = await asyncio.to_thread(sign_paper, filled, "agency", AGENCY, NOW)
        waiting = await accept_signature(hall.minutes, hall.secretary, paper.id, upload)
        assert waiting.number is None
        done = await confirm_signer(hall.minutes, hall.secretary, paper.id, "agency", AGENCY_SHA256)
        assert done.is_issued
    else:
        done = await accept_signature(hall.minutes, hall.secretary, paper.id, filled)
        assert not done.is_issued
    assert (done.number, done.issued_on) == ("07", DAY)


async def test_same_number_twice_in_a_year(
    open_hall: Callable[..., Awaitable[Hall]], hall: Hall
) -> None:
    """Other councils have series of their own."""
    await give(hall, (await signed_minute(hall)).id)
    other = await open_hall()
    await count(other)
    await announce_result(other)
    await other.write(PaperTexts(ended_at=ENDED))
    paper = await signed_minute(other)
    if other.room.council_id == hall.room.council_id:
        with pytest.raises(PaperNumberTakenError):
            await give(other, paper.id)
    else:
        assert (await give(other, paper.id)).number == "07"


@pytest.mark.parametrize("persisted", [False, True])
async def test_crash_while_numbering(hall: Hall, persisted: bool) -> None:
    """Whatever was committed, giving it again ends with one number."""
    paper = await signed_minute(hall)
    database = break_at(hall.minutes.database, "accept signature", persisted=persisted)
    faulty = replace(hall.minutes, database=database)
    with pytest.raises(ConnectionBrokenError):
        await give_number(faulty, hall.secretary, paper.id, "7", DAY)
    assert (await give(hall, paper.id)).number == "07"


async def test_hash_out_signature_in(hall: Hall) -> None:
    """A token signs 32 bytes; what it gives back makes the same paper as an upload would."""
    paper = await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)
    who, teller = identity(3), hall.member(3)
    chain = [who.certificate.dump(), *(each.dump() for each in who.issuers)]
    request, prepared = await request_signature(
        hall.minutes, teller, paper.id, "teller-1", chain, None
    )
    assert hashlib.sha256(prepared.signed_attributes).digest() == prepared.digest
    with pytest.raises(SigningValueWrongError):
        await complete_signature(hall.minutes, teller, request.id, b"0" * 64)
    value = token_signature(who.private_key.dump(), prepared.digest)
    with pytest.raises(NotAllowedError):
        await complete_signature(hall.minutes, hall.member(1), request.id, value)
    done = await complete_signature(hall.minutes, teller, request.id, value)
    assert done.signed == ("teller-1",)
    assert await complete_signature(hall.minutes, teller, request.id, value) == done


async def test_requests_that_are_refused(hall: Hall) -> None:
    """Another's field, a signed one, one whose turn has not come; an id of nothing; too late."""
    paper = await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    chain = [identity(1).certificate.dump()]

    async def ask(no: int, field: str) -> None:
        await request_signature(hall.minutes, hall.member(no), paper.id, field, chain, None)

    with pytest.raises(PaperFieldNotExpectedError):
        await ask(1, "secretary")
    with pytest.raises(PaperFieldNotExpectedError):
        await ask(1, "nobody")
    with pytest.raises(PaperWrongOrderError):
        await ask(1, "presiding")
    with pytest.raises(SignatureRequestUnknownError):
        await complete_signature(hall.minutes, hall.secretary, "0" * 32, b"0" * 64)
    request, _ = await request_signature(
        hall.minutes, hall.member(2), paper.id, "secretary", [identity(2).certificate.dump()], None
    )
    late = replace(hall.minutes, clock=lambda: NOW + datetime.timedelta(minutes=16))
    with pytest.raises(SignatureRequestUnknownError):
        await complete_signature(late, hall.member(2), request.id, b"0" * 64)
