"""The secretary's own words for the papers of a meeting."""

import unicodedata
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.canonical import NotCanonicalError, check_text
from schemas.papers import PaperTexts
from services.accounts import Account, NotAllowedError
from services.election.reading import read_meeting
from services.minutes.errors import PaperTextInvalidError
from services.minutes.party import Minutes
from services.minutes.store import MinutesStore


async def write_texts(
    minutes: Minutes, account: Account, meeting_id: str, texts: PaperTexts
) -> PaperTexts:
    """
    Keep the texts of a meeting's papers, all of them at once. The secretary's act.

    Raises MeetingNotFoundError, NotAllowedError, PaperTextInvalidError.
    """
    account.require_secretary()
    await read_meeting(minutes.election, meeting_id)
    check_texts(texts)

    async def work(connection: AsyncConnection) -> None:
        await MinutesStore(connection).put_texts(meeting_id, texts)

    await minutes.database.transact("write texts", work)
    return texts


async def read_texts(minutes: Minutes, account: Account, meeting_id: str) -> PaperTexts:
    """For the secretary and the meeting's two officers. Raises as `write_texts` does."""
    meeting = await read_meeting(minutes.election, meeting_id)
    officers = (meeting.presiding, meeting.minute_taker)
    is_officer = account.council_id == meeting.council_id and account.member in officers
    if not (account.is_secretary or is_officer):
        raise NotAllowedError
    return await read_written_texts(minutes, meeting_id)


async def read_written_texts(minutes: Minutes, meeting_id: str) -> PaperTexts:
    """As they go into the papers; who may read them is for the caller to say."""

    async def work(connection: AsyncConnection) -> PaperTexts:
        return await MinutesStore(connection).read_texts(meeting_id)

    return await minutes.database.transact("read texts", work)


def check_texts(texts: PaperTexts) -> None:
    """
    Refuse times and days that do not exist, and characters that no page can show.

    Texts of several paragraphs may hold line feeds. Raises PaperTextInvalidError.
    """
    try:
        for instant in (texts.counting_started_at, texts.counting_finished_at, texts.ended_at):
            if instant is not None:
                datetime.fromisoformat(instant)
        replaced_on = None if texts.replacement is None else texts.replacement.date
        for day in (texts.submission_deadline, replaced_on):
            if day is not None:
                date.fromisoformat(day)
        for text in _strings(texts):
            for line in text.split("\n"):
                check_text(unicodedata.normalize("NFC", line))
    except (ValueError, NotCanonicalError) as error:
        raise PaperTextInvalidError from error


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for item in value for text in _strings(item)]
    fields = getattr(value, "__struct_fields__", ())
    return [text for name in fields for text in _strings(getattr(value, name))]
