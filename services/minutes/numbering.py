"""The records clerk gives a signed minute its number and date; the agency's seal follows."""

import asyncio
import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.accounts import Account
from services.minutes.accepting import JudgedUpload, check_day, keep_upload
from services.minutes.errors import (
    PaperIssuedError,
    PaperNumberGivenError,
    PaperReplacedError,
    PaperSignatureWaitingError,
    PaperWithoutNumberError,
    PaperWrongOrderError,
)
from services.minutes.model import StoredPaper
from services.minutes.number_filling import fill_number_and_date, number_text
from services.minutes.party import Minutes
from services.minutes.signature_check import check_signed_paper
from services.minutes.signing import read_paper_for
from services.minutes.store import MinutesStore


async def give_number(
    minutes: Minutes, account: Account, paper_id: str, number: str, day: str
) -> StoredPaper:
    """
    Fill number and date (ISO 8601) by one update of the file, by the secretary.

    The same again changes nothing; what was given is not changed (Decree 30/2020, Article 15: a
    number stands for one paper). Raises NotAllowedError, PaperReplacedError, PaperIssuedError,
    PaperWithoutNumberError, PaperNumberInvalidError, PaperNumberGivenError, PaperWrongOrderError,
    PaperSignatureWaitingError, PaperNumberTakenError, PaperNotIncrementError.
    """
    account.require_secretary()
    paper = await read_paper_for(minutes, account, paper_id)
    text = number_text(number)
    check_day(day, minutes.clock())
    if (paper.number, paper.issued_on) == (text, day):
        return paper
    _check_may_be_numbered(paper)

    async def read(connection: AsyncConnection) -> bytes:
        return await MinutesStore(connection).read_file(paper_id)

    held = await minutes.database.transact("read file", read)

    def fill() -> bytes:
        filled = fill_number_and_date(held, text, datetime.date.fromisoformat(day))
        # What we write ourselves must pass the same check as what others bring.
        check_signed_paper(held, filled, paper.places, paper.signed)
        return filled

    filled = await asyncio.to_thread(fill)
    judged = JudgedUpload(len(held), filled, None, None, text, day)
    return await keep_upload(minutes, paper_id, judged)


def _check_may_be_numbered(paper: StoredPaper) -> None:
    if not paper.is_current:
        raise PaperReplacedError
    if paper.agency is None:
        raise PaperWithoutNumberError
    if paper.is_issued:
        raise PaperIssuedError
    if paper.number is not None:
        raise PaperNumberGivenError(number=paper.number)
    if paper.waiting is not None:
        raise PaperSignatureWaitingError(role=paper.place_of(paper.waiting.field).role)
    for place in paper.places:
        if place.member is not None and place.field not in paper.signed:
            raise PaperWrongOrderError(role=place.role)
