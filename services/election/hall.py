"""The hall screen: a link without a login, and what everybody in the hall may see (§12).

Who has the link sees what the hall sees, so it shows counts, codes and announced outcomes only.
The link is dead after the meeting; of its code only the hash is stored.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import base64url
from schemas.entries import Result
from services.board.log import read_log
from services.council.reading import read_council
from services.election.attending import count_present
from services.election.errors import HallLinkEndedError, MeetingOverError
from services.election.model import (
    SEALED,
    AttendanceCount,
    ElectionRecord,
    HallCase,
    HallPicture,
    MeetingRecord,
    Progress,
    attendance_of,
    count_attendance,
)
from services.election.party import Election
from services.election.reading import check_window_end, read_meeting, read_progress
from services.election.store import ElectionStore
from services.registrar.attendance import read_attendance
from services.registrar.issuing import closing_attendance

CODE_BYTES: Final = 32
# A screen asks every two seconds; all screens of a meeting together are one reader.
MAX_AGE_S: Final = 1.0


async def open_hall(election: Election, meeting_id: str) -> tuple[str, str]:
    """
    A new link for the meeting's hall screen, and its code; an earlier link ends.

    Raises MeetingNotFoundError, MeetingOverError.
    """
    meeting = await read_meeting(election, meeting_id)
    if meeting.hall_is_over(election.clock()):
        raise MeetingOverError
    code = base64url.encode(election.randomness(CODE_BYTES))

    async def work(connection: AsyncConnection) -> None:
        await ElectionStore(connection).put_hall_link(meeting_id, _hash(code))

    await election.database.transact("open hall", work)
    # Behind "#": browsers send a fragment to no server, proxy or log.
    return f"{election.settings.origins[0]}/hall#{code}", code


async def view_hall(election: Election, code: str) -> HallPicture:
    """What the hall screen with this code shows now. Raises HallLinkEndedError."""

    async def work(
        connection: AsyncConnection,
    ) -> tuple[MeetingRecord | None, list[ElectionRecord]]:
        store = ElectionStore(connection)
        meeting = await store.meeting_of_hall_link(_hash(code))
        return meeting, [] if meeting is None else await store.elections_of(meeting.id)

    # The link itself is looked up every time: it ends at once, whatever was read before.
    meeting, elections = await election.database.transact("read hall", work)
    if meeting is None or meeting.hall_is_over(election.clock()):
        raise HallLinkEndedError
    return await _latest_picture(election, meeting, current_election(elections))


def current_election(elections: Sequence[ElectionRecord]) -> ElectionRecord | None:
    """
    The election that the hall is at: the one drafted last.

    Drafts that were given up before ballots were issued do not count; an election cancelled later
    is shown as cancelled until the next one is drafted.
    """
    shown = [each for each in elections if each.state != "cancelled" or each.phi is not None]
    return shown[-1] if shown else None


async def _latest_picture(
    election: Election, meeting: MeetingRecord, record: ElectionRecord | None
) -> HallPicture:
    latest, loop = election.latest_halls, asyncio.get_running_loop()
    async with latest.locks.setdefault(meeting.id, asyncio.Lock()):
        read_s, picture = latest.pictures.get(meeting.id, (0.0, None))
        is_young = loop.time() - read_s <= MAX_AGE_S
        if picture is not None and picture.is_of(meeting, record, is_young=is_young):
            return picture
        picture = await _read_picture(election, meeting, record)
        latest.pictures[meeting.id] = (loop.time(), picture)
    return picture


async def _read_picture(
    election: Election, meeting: MeetingRecord, record: ElectionRecord | None
) -> HallPicture:
    council = await read_council(election.council, meeting.council_id)
    return HallPicture(
        council_name=council.council.name,
        meeting=meeting,
        election=record,
        attendance=await _attendance(
            election, meeting, record, [each.no for each in council.members]
        ),
        progress=Progress(0, 0, 0) if record is None else await read_progress(election, record),
        check_window_ends_at=None if record is None else check_window_end(election, record),
        cases=await _announced_cases(election, meeting, record),
    )


async def _attendance(
    election: Election,
    meeting: MeetingRecord,
    record: ElectionRecord | None,
    council_members: Sequence[int],
) -> AttendanceCount:
    """As it is now; once the box is sealed, as it was then."""
    if record is None:
        found = await read_attendance(election.registrar, meeting.id)
        return count_attendance(attendance_of(council_members, found))
    if record.state in SEALED:
        return count_attendance(await closing_attendance(election.registrar, record.uuid))
    return await count_present(election, record)


async def _announced_cases(
    election: Election, meeting: MeetingRecord, record: ElectionRecord | None
) -> tuple[HallCase, ...] | None:
    """None until the head teller announces; then as much as the meeting's settings let be seen."""
    if record is None or not record.announced:
        return None
    log = await read_log(election.board, record.uuid, with_ballots=False)
    result = log.first_of(Result)
    if result is None:
        raise AssertionError("what was announced is on the log")
    cases = zip(record.nominations, result.outcomes, strict=True)
    shows_all = meeting.settings.hall_shows == "all"
    return tuple(HallCase(*case) for case in cases if shows_all or case[1].passed)


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
