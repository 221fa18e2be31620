"""What one person may see of an election (words.md §3)."""

from schemas.entries import Result
from services.accounts import Account
from services.board.log import read_log
from services.election.attending import read_roster
from services.election.cautions import warnings_before_start
from services.election.model import ElectionPicture, ElectionRecord
from services.election.party import Election
from services.election.reading import check_window_end, read_election_for, read_progress


async def view_election(election: Election, account: Account, uuid: str) -> ElectionPicture:
    """
    An election as `account` may see it; the result only for whom it is open.

    Raises ElectionNotFoundError, NotAllowedError.
    """
    record, roles = await read_election_for(election, account, uuid)
    result = await read_result(election, record) if roles.may_see_result(record) else None
    return ElectionPicture(
        election=record,
        members=len(await read_roster(election, record)),
        progress=await read_progress(election, record),
        warnings=await warnings_before_start(election, record),
        result=result,
        check_window_ends_at=check_window_end(election, record),
    )


async def read_result(election: Election, record: ElectionRecord) -> Result | None:
    """The result entry of the log; None while there is none."""
    return (await read_log(election.board, record.uuid)).first_of(Result)
