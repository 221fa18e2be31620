"""
Who asks, for parties below that know neither councils nor elections.

Provided to handlers by name: `viewer_of_meeting`, `member_of_meeting`, `member_of_election`.
"""

from litestar.di import NamedDependency
from litestar.params import FromPath

from services.accounts import Account, NotAllowedError
from services.council.reading import read_council
from services.election.party import Election
from services.election.reading import read_election, read_meeting
from services.registrar.model import MeetingMember


async def viewer_of_meeting(
    meeting_id: FromPath[str],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> Account:
    """
    The account, if it may see who is in the meeting (words.md §3).

    Raises MeetingNotFoundError, NotAllowedError.
    """
    meeting = await read_meeting(election, meeting_id)
    if not account.belongs_to(meeting.council_id):
        raise NotAllowedError
    return account


async def member_of_meeting(
    meeting_id: FromPath[str],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> MeetingMember:
    """
    The account's member of the meeting's council, with its current device key.

    Raises MeetingNotFoundError, NotAllowedError.
    """
    meeting = await read_meeting(election, meeting_id)
    no = account.require_member_of(meeting.council_id)
    council = await read_council(election.council, meeting.council_id)
    for member in council.members:
        if member.no == no:
            return MeetingMember(no, member.key)
    raise NotAllowedError


async def member_of_election(
    uuid: FromPath[str],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> int:
    """
    The account's member number in the election's council.

    Raises ElectionNotFoundError, NotAllowedError.
    """
    record = await read_election(election, uuid)
    return account.require_member_of(record.council_id)
