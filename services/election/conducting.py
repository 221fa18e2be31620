"""Who starts and who ends the voting: a setting of the meeting, the secretary by default."""

from typing import Final

from schemas.fields import CancellationReason, VotingLeader
from services.accounts import Account, NotAllowedError
from services.council.reading import read_council
from services.election.errors import (
    ReservedForHeadTellerError,
    ReservedForPresidingError,
    ReservedForSecretaryError,
    WrongStateError,
)
from services.election.model import ElectionRecord, MeetingSettings, Roles
from services.election.party import Election
from services.election.reading import read_election_for, read_meeting

HEAD_TELLER: Final = 1


async def require_starter(election: Election, account: Account, uuid: str) -> None:
    """
    Let nobody but the one whom the meeting's settings name start the voting.

    Raises ElectionNotFoundError; NotAllowedError for who does not belong to the election; for
    others ReservedForSecretaryError, ReservedForPresidingError, ReservedForHeadTellerError.
    """
    record, roles, settings = await _read(election, account, uuid)
    await _require(election, record, roles, settings.starts_by)


async def require_closer(election: Election, account: Account, uuid: str) -> None:
    """The same for the end of the voting. Raises as `require_starter` does."""
    record, roles, settings = await _read(election, account, uuid)
    await _require(election, record, roles, settings.closes_by)


async def require_canceller(
    election: Election, account: Account, uuid: str, reason: CancellationReason
) -> None:
    """
    Let the secretary cancel, and of a closed election also who presides, from the own device.

    After closing the presiding officer's signature is what counts (protocol.md §1); only its owner
    can make it, so it need not go through the secretary's hands. Raises ElectionNotFoundError,
    NotAllowedError.
    """
    if account.is_secretary:
        return
    record, roles = await read_election_for(election, account, uuid)
    is_signed = record.state == "closed" and reason == "trustees_unavailable"
    if not (roles.is_presiding and is_signed):
        raise NotAllowedError


async def _read(
    election: Election, account: Account, uuid: str
) -> tuple[ElectionRecord, Roles, MeetingSettings]:
    record, roles = await read_election_for(election, account, uuid)
    meeting = await read_meeting(election, record.meeting_id)
    return record, roles, meeting.settings


async def _require(
    election: Election, record: ElectionRecord, roles: Roles, leader: VotingLeader
) -> None:
    if leader == "secretary" and not roles.is_secretary:
        raise ReservedForSecretaryError
    if leader == "presiding" and not roles.is_presiding:
        raise ReservedForPresidingError(name=await _name(election, record, record.presiding))
    if leader == "head_teller" and roles.trustee_index != HEAD_TELLER:
        if record.team is None:
            raise WrongStateError(state=record.state)
        head = await _name(election, record, record.team.members[0])
        raise ReservedForHeadTellerError(name=head)


async def _name(election: Election, record: ElectionRecord, member: int) -> str:
    council = await read_council(election.council, record.council_id)
    return next((each.name for each in council.members if each.no == member), str(member))
