"""Endpoints of meetings."""

from typing import Any

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from schemas.api import Identifier
from schemas.api_meeting import MeetingBody, MeetingView, OfficersBody
from services.accounts import Account, NotAllowedError
from services.council.errors import CouncilNotFoundError
from services.election.errors import (
    MeetingNotFoundError,
    NotAMemberError,
    OpenVoteForbiddenError,
    TextNotCanonicalError,
    TimeInvalidError,
    WrongStateError,
)
from services.election.meetings import NewMeeting, create_meeting, replace_officers
from services.election.model import MeetingRecord
from services.election.party import Election
from services.election.reading import read_meeting
from services.problems import documented


def _view(meeting: MeetingRecord) -> MeetingView:
    return MeetingView(
        id=meeting.id,
        council_id=meeting.council_id,
        kind=meeting.kind,
        title=meeting.title,
        starts_at=meeting.starts_at,
        venue=meeting.venue,
        presiding=meeting.presiding,
        minute_taker=meeting.minute_taker,
        elections=meeting.elections,
    )


@post(
    "/meetings",
    summary="Create a meeting",
    responses=documented(
        401,
        CouncilNotFoundError,
        NotAMemberError,
        OpenVoteForbiddenError,
        TextNotCanonicalError,
        TimeInvalidError,
    ),
)
async def post_meeting(
    data: JSONBody[MeetingBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> MeetingView:
    """A meeting of a council, by the secretary; both officers are members of it."""
    account.require_secretary()
    new = NewMeeting(
        council_id=data.council_id,
        kind=data.kind,
        title=data.title,
        starts_at=data.starts_at,
        venue=data.venue,
        presiding=data.presiding,
        minute_taker=data.minute_taker,
    )
    return _view(await create_meeting(election, new))


@get(
    "/meetings/{meeting_id:str}",
    summary="Read a meeting",
    responses=documented(401, MeetingNotFoundError, OpenVoteForbiddenError),
)
async def get_meeting(
    meeting_id: FromPath[Identifier],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> MeetingView:
    """A meeting with its elections, for members and auditors of its council and the secretary."""
    meeting = await read_meeting(election, meeting_id)
    if not account.belongs_to(meeting.council_id):
        raise NotAllowedError
    return _view(meeting)


@put(
    "/meetings/{meeting_id:str}/officers",
    summary="Replace the officers",
    responses=documented(
        401, MeetingNotFoundError, NotAMemberError, OpenVoteForbiddenError, WrongStateError
    ),
)
async def put_officers(
    meeting_id: FromPath[Identifier],
    data: JSONBody[OfficersBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> MeetingView:
    """Another presiding officer or minute taker, by the secretary, until ballots are issued."""
    account.require_secretary()
    return _view(await replace_officers(election, meeting_id, data.presiding, data.minute_taker))


meeting_handlers: list[Any] = [post_meeting, get_meeting, put_officers]
