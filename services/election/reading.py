"""Reading meetings and elections, and who is who in them."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from services.accounts import Account, NotAllowedError
from services.ballot_box.closing import returned_ballots
from services.election.errors import ElectionNotFoundError, MeetingNotFoundError
from services.election.model import ISSUED, ElectionRecord, MeetingRecord, Progress, Roles
from services.election.party import Election
from services.election.store import ElectionStore
from services.registrar.issuing import issuance_progress


async def read_meeting(election: Election, meeting_id: str) -> MeetingRecord:
    """A meeting with the uuids of its elections. Raises MeetingNotFoundError."""

    async def work(connection: AsyncConnection) -> MeetingRecord | None:
        return await ElectionStore(connection).read_meeting(meeting_id)

    found = await election.database.transact("read meeting", work)
    if found is None:
        raise MeetingNotFoundError
    return found


async def read_election(election: Election, uuid: str) -> ElectionRecord:
    """One election as it stands. Raises ElectionNotFoundError."""

    async def work(connection: AsyncConnection) -> ElectionRecord | None:
        return await ElectionStore(connection).read_election(uuid)

    found = await election.database.transact("read election", work)
    if found is None:
        raise ElectionNotFoundError
    return found


def roles_in(account: Account, record: ElectionRecord) -> Roles:
    """Who `account` is in the election `record` (system of roles: protocol.md §1, words.md §3)."""
    member = account.member if account.council_id == record.council_id else None
    return Roles(
        is_secretary=account.is_secretary,
        is_presiding=member is not None and member == record.presiding,
        is_member=member is not None,
        trustee_index=None if record.team is None else record.team.trustee_index(member),
        is_auditor=account.is_auditor and account.council_id in (None, record.council_id),
        member=member,
    )


async def role_in(election: Election, account: Account, uuid: str) -> Roles:
    """Who `account` is in the election `uuid`. Raises ElectionNotFoundError."""
    return roles_in(account, await read_election(election, uuid))


async def read_election_for(
    election: Election, account: Account, uuid: str
) -> tuple[ElectionRecord, Roles]:
    """
    An election and the reader's roles in it, for who has any.

    Raises ElectionNotFoundError, NotAllowedError.
    """
    record = await read_election(election, uuid)
    roles = roles_in(account, record)
    if not roles.is_anybody:
        raise NotAllowedError
    return record, roles


def check_window_end(election: Election, record: ElectionRecord) -> datetime | None:
    """Until when phones compare and may claim; before that nobody opens the sum (§8)."""
    if record.closed_at is None:
        return None
    return record.closed_at + timedelta(seconds=election.settings.check_window_s)


async def read_progress(election: Election, record: ElectionRecord) -> Progress:
    """How many ballots were issued, confirmed and returned: never whose (protocol.md §2)."""
    if record.state not in ISSUED and not (record.state == "cancelled" and record.phi):
        return Progress(0, 0, 0)
    issued = await issuance_progress(election.registrar, record.uuid)
    returned = await returned_ballots(election.ballot_box, record.uuid)
    return Progress(issued.issued, issued.confirmed, returned)
