"""A council's meeting: who presides and who takes the minute, its settings, its end."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.fields import MeetingKind
from services.accounts import Account
from services.council.model import CouncilRecord
from services.council.reading import read_council
from services.election.errors import ElectionUnderWayError, NotAMemberError
from services.election.model import USUAL_SETTINGS, MeetingRecord, MeetingSettings, State
from services.election.party import Election
from services.election.reading import read_meeting
from services.election.store import ElectionStore
from services.election.texts import check_instant, check_texts
from services.registrar.attendance import open_meeting

UNDER_WAY: Final[frozenset[State]] = frozenset({"issuing", "voting", "closed"})


@dataclass(frozen=True)
class NewMeeting:
    """What the secretary says of a meeting; `starts_at` with its offset."""

    council_id: str
    kind: MeetingKind
    title: str
    starts_at: str
    venue: str
    presiding: int
    minute_taker: int
    settings: MeetingSettings = USUAL_SETTINGS


async def create_meeting(election: Election, new: NewMeeting) -> MeetingRecord:
    """
    Create a meeting of a council that exists, with officers of its members.

    Raises CouncilNotFoundError, NotAMemberError, TimeInvalidError, TextNotCanonicalError.
    """
    check_instant(new.starts_at)
    check_texts((new.title, new.venue))
    council = await read_council(election.council, new.council_id)
    check_texts((council.council, council.members))
    _check_members(council, (new.presiding, new.minute_taker))
    meeting = MeetingRecord(
        id=election.randomness(16).hex(),
        council_id=new.council_id,
        kind=new.kind,
        title=new.title,
        starts_at=new.starts_at,
        venue=new.venue,
        presiding=new.presiding,
        minute_taker=new.minute_taker,
        settings=new.settings,
    )
    # Attendance first: after a crash in between, rows of a meeting that nobody knows do no harm.
    await open_meeting(election.registrar, meeting.id, [each.no for each in council.members])

    async def work(connection: AsyncConnection) -> None:
        await ElectionStore(connection).add_meeting(meeting)

    await election.database.transact("create meeting", work)
    return meeting


async def replace_officers(
    election: Election, meeting_id: str, presiding: int, minute_taker: int
) -> MeetingRecord:
    """
    Name another presiding officer or minute taker, also during the meeting.

    Not while an election is between issuing and the count: its `terms` name both, and the one who
    presides by `terms` may have to sign its cancellation (protocol.md §1). Elections issued later
    bind the new ones. Raises MeetingNotFoundError, NotAMemberError, ElectionUnderWayError.
    """
    meeting = await read_meeting(election, meeting_id)
    council = await read_council(election.council, meeting.council_id)
    _check_members(council, (presiding, minute_taker))

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        await _require_none_under_way(store, meeting_id)
        await store.set_officers(meeting_id, presiding, minute_taker)

    await election.database.transact("replace officers", work)
    return replace(meeting, presiding=presiding, minute_taker=minute_taker)


async def change_settings(
    election: Election, meeting_id: str, settings: MeetingSettings
) -> MeetingRecord:
    """Set who starts and closes, what the hall sees, how screens address. At any time."""
    meeting = await read_meeting(election, meeting_id)

    async def work(connection: AsyncConnection) -> None:
        await ElectionStore(connection).set_settings(meeting_id, settings)

    await election.database.transact("change settings", work)
    return replace(meeting, settings=settings)


async def end_meeting(election: Election, meeting_id: str) -> MeetingRecord:
    """
    End a meeting: its hall screen goes dark. Ended before, it stays as it is.

    What the minute says of the end is the secretary's text. Raises MeetingNotFoundError,
    ElectionUnderWayError.
    """
    await read_meeting(election, meeting_id)
    now = election.clock()

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        await _require_none_under_way(store, meeting_id)
        await store.end_meeting(meeting_id, now)

    await election.database.transact("end meeting", work)
    return await read_meeting(election, meeting_id)


async def list_meetings(election: Election, account: Account) -> list[MeetingRecord]:
    """The meetings of the account's council, of all for the secretary; newest start first."""
    if account.council_id is None and not account.is_secretary:
        return []
    council_id = None if account.is_secretary else account.council_id

    async def work(connection: AsyncConnection) -> list[MeetingRecord]:
        return await ElectionStore(connection).read_meetings(council_id)

    found = await election.database.transact("list meetings", work)
    # As moments: the texts carry their own offsets.
    return sorted(found, key=lambda each: (check_instant(each.starts_at), each.id), reverse=True)


async def _require_none_under_way(store: ElectionStore, meeting_id: str) -> None:
    for each in await store.elections_of(meeting_id):
        if each.state in UNDER_WAY or each.pending == "issue":
            raise ElectionUnderWayError


def _check_members(council: CouncilRecord, numbers: Iterable[int]) -> None:
    members = {each.no for each in council.members}
    for no in numbers:
        if no not in members:
            raise NotAMemberError(no=no)
