"""A council's meeting: who presides and who takes the minute."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.fields import MeetingKind
from services.council.model import CouncilRecord
from services.council.reading import read_council
from services.election.errors import NotAMemberError, WrongStateError
from services.election.model import ISSUED, MeetingRecord
from services.election.party import Election
from services.election.reading import read_meeting
from services.election.store import ElectionStore
from services.election.texts import check_instant, check_texts
from services.registrar.attendance import open_meeting


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
    Name another presiding officer or minute taker, until ballots are issued.

    From then on both stand in `terms`, and the minute is signed by whom it names. Raises
    MeetingNotFoundError, NotAMemberError, WrongStateError.
    """
    meeting = await read_meeting(election, meeting_id)
    council = await read_council(election.council, meeting.council_id)
    _check_members(council, (presiding, minute_taker))

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        for each in await store.elections_of(meeting_id):
            if each.state in ISSUED or each.pending == "issue":
                raise WrongStateError(state=each.state)
        await store.set_officers(meeting_id, presiding, minute_taker)

    await election.database.transact("replace officers", work)
    return replace(meeting, presiding=presiding, minute_taker=minute_taker)


def _check_members(council: CouncilRecord, numbers: Iterable[int]) -> None:
    members = {each.no for each in council.members}
    for no in numbers:
        if no not in members:
            raise NotAMemberError(no=no)
