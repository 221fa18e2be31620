"""Who may read which part of an election's record, and when (words.md §3)."""

from typing import Final

from schemas.entries import VotingOpened
from schemas.record import ATTENDANCE, ROSTER
from services.accounts import Account, NotAllowedError
from services.board.log import read_file, read_log
from services.board.record import build_archive, build_record
from services.election.errors import WrongStateError
from services.election.model import COUNTED, ISSUED, ElectionRecord, Roles, State
from services.election.party import Election
from services.election.reading import read_election_for

SEALED: Final[frozenset[State]] = frozenset({"closed", "counted", "minuted"})


async def read_entries_for(election: Election, account: Account, uuid: str) -> bytes:
    """
    The log's entries, one a line, as far as `account` may read them.

    Tellers: all, since their devices verify the board before they open the sum. Others who belong
    to the election: up to `voting_opened` from issuing on, and all when the result is open to
    them or the election was cancelled; with the partial decryptions an entry less would still be
    the result. Raises ElectionNotFoundError, NotAllowedError.
    """
    record, roles = await read_election_for(election, account, uuid)
    if not roles.is_teller and record.state in ("draft", "ceremony"):
        raise NotAllowedError
    log = await read_log(election.board, uuid)
    end = len(log.raw)
    if not (roles.is_teller or roles.may_see_result(record) or record.state == "cancelled"):
        opened = [i for i, each in enumerate(log.entries) if isinstance(each, VotingOpened)]
        end = opened[0] + 1 if opened else end
    return b"".join(line + b"\n" for line in log.raw[:end])


async def read_roster_for(election: Election, account: Account, uuid: str) -> bytes:
    """The exact bytes of roster.json, from issuing on, for who belongs to the election."""
    record, _ = await read_election_for(election, account, uuid)
    if record.state not in ISSUED and record.phi is None:
        raise WrongStateError(state=record.state)
    return await read_file(election.board, uuid, ROSTER)


async def read_attendance_for(election: Election, account: Account, uuid: str) -> bytes:
    """The exact bytes of attendance.json, from closing on, for who belongs to the election."""
    record, _ = await read_election_for(election, account, uuid)
    if record.state not in SEALED and record.closed_at is None:
        raise WrongStateError(state=record.state)
    return await read_file(election.board, uuid, ATTENDANCE)


async def read_record_for(election: Election, account: Account, uuid: str) -> bytes:
    """record.zip, for whom the result is open, or after a cancellation."""
    record, roles = await read_election_for(election, account, uuid)
    _check_record_due(record, roles)
    return await build_record(election.board, uuid, "end")


async def read_archive_for(election: Election, account: Account, uuid: str) -> bytes:
    """The Belenios archive, for whom the result is open."""
    record, roles = await read_election_for(election, account, uuid)
    _check_record_due(record, roles)
    return await build_archive(election.board, uuid)


def _check_record_due(record: ElectionRecord, roles: Roles) -> None:
    if record.state not in (*COUNTED, "cancelled"):
        raise WrongStateError(state=record.state)
    if record.state in COUNTED and not roles.may_see_result(record):
        raise NotAllowedError
