"""Drafts to read aloud: the paper as it would be issued now, marked on every page, kept nowhere."""

import asyncio
from collections.abc import Sequence

import msgspec

from services.accounts import Account, NotAllowedError
from services.election.reading import read_election_for, read_meeting
from services.minutes import words
from services.minutes.counting_minute import counting_minute
from services.minutes.gathering import (
    GatheredElection,
    gather_election,
    gather_meeting,
    read_officers,
)
from services.minutes.meeting_minute import meeting_minute
from services.minutes.model import AttachedRecord, PaperContent
from services.minutes.party import Minutes
from services.minutes.rendering import render_paper
from services.minutes.texts import read_written_texts


async def draft_counting_minute(minutes: Minutes, account: Account, uuid: str) -> bytes:
    """
    The counting minute as a PDF to read aloud, by who may draw it up.

    A teller gets it before the announcement too: the head teller reads it out. Raises
    NotAllowedError, WrongStateError, NotAnnouncedError.
    """
    record, roles = await read_election_for(minutes.election, account, uuid)
    if not (roles.is_secretary or roles.is_teller):
        raise NotAllowedError
    gathered = await gather_election(minutes, record, for_tellers=roles.is_teller)
    texts = await read_written_texts(minutes, record.meeting_id)

    def draw() -> bytes:
        (attached,) = _attach([gathered])
        software = minutes.settings.software_name
        return _render(counting_minute(gathered.counted, texts, attached, software))

    return await asyncio.to_thread(draw)


async def draft_meeting_minute(minutes: Minutes, account: Account, meeting_id: str) -> bytes:
    """
    The meeting's minute as a PDF to read aloud, by the secretary.

    It is read before the meeting ends, so the time of its end may be missing. Raises
    NotAllowedError, WrongStateError, NothingCountedError, NotAnnouncedError, NotAMemberError.
    """
    account.require_secretary()
    meeting = await read_meeting(minutes.election, meeting_id)
    elections, cancelled = await gather_meeting(minutes, meeting)
    texts = await read_written_texts(minutes, meeting_id)
    counted = [gathered.counted for gathered in elections]
    officers = await read_officers(minutes, meeting, counted[-1])

    def draw() -> bytes:
        attached, software = _attach(elections), minutes.settings.software_name
        return _render(meeting_minute(counted, texts, attached, software, cancelled, officers))

    return await asyncio.to_thread(draw)


def _attach(elections: Sequence[GatheredElection]) -> list[AttachedRecord]:
    """The records whose hashes the paper names; a draft does not carry them."""
    return [gathered.attach(is_only_one=len(elections) == 1) for gathered in elections]


def _render(content: PaperContent) -> bytes:
    """No record attached and no signature field: nobody can sign a draft by mistake."""
    draft = msgspec.structs.replace(content, draft_mark=words.DRAFT, attachments=())
    return render_paper(draft, ()).pdf
