"""Endpoints of meetings."""

from typing import Any

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from schemas.api import EmptyBody, Identifier
from schemas.api_meeting import (
    MeetingBody,
    MeetingsView,
    MeetingView,
    OfficersBody,
    SettingsBody,
)
from services.accounts import Account, NotAllowedError
from services.council.errors import CouncilNotFoundError
from services.election.errors import (
    ElectionUnderWayError,
    MeetingNotFoundError,
    NotAMemberError,
    OpenVoteForbiddenError,
    TextNotCanonicalError,
    TimeInvalidError,
)
from services.election.meetings import (
    NewMeeting,
    change_settings,
    create_meeting,
    end_meeting,
    list_meetings,
    replace_officers,
)
from services.election.model import MeetingRecord, MeetingSettings
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
        starts_by=meeting.settings.starts_by,
        closes_by=meeting.settings.closes_by,
        hall_shows=meeting.settings.hall_shows,
        address_form=meeting.settings.address_form,
        ended=meeting.ended_at is not None,
        elections=meeting.elections,
    )


def _settings(data: MeetingBody | SettingsBody) -> MeetingSettings:
    return MeetingSettings(
        starts_by=data.starts_by,
        closes_by=data.closes_by,
        hall_shows=data.hall_shows,
        address_form=data.address_form,
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
        settings=_settings(data),
    )
    return _view(await create_meeting(election, new))


@get(
    "/meetings",
    summary="The meetings of my council",
    responses=documented(401, OpenVoteForbiddenError),
)
async def get_meetings(
    account: NamedDependency[Account], election: NamedDependency[Election]
) -> MeetingsView:
    """For members and auditors their council's, for the secretary all; newest start first."""
    return MeetingsView(meetings=tuple(map(_view, await list_meetings(election, account))))


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
        401, ElectionUnderWayError, MeetingNotFoundError, NotAMemberError, OpenVoteForbiddenError
    ),
)
async def put_officers(
    meeting_id: FromPath[Identifier],
    data: JSONBody[OfficersBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> MeetingView:
    """
    Another presiding officer or minute taker, by the secretary.

    At any time but between issuing and the count of an election; later elections bind them.
    """
    account.require_secretary()
    return _view(await replace_officers(election, meeting_id, data.presiding, data.minute_taker))


@put(
    "/meetings/{meeting_id:str}/settings",
    summary="Change the settings",
    responses=documented(401, MeetingNotFoundError, OpenVoteForbiddenError),
)
async def put_settings(
    meeting_id: FromPath[Identifier],
    data: JSONBody[SettingsBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> MeetingView:
    """Who starts and closes the voting, what the hall sees, how screens address members."""
    account.require_secretary()
    return _view(await change_settings(election, meeting_id, _settings(data)))


@post(
    "/meetings/{meeting_id:str}/end",
    status_code=200,
    summary="End the meeting",
    responses=documented(401, ElectionUnderWayError, MeetingNotFoundError, OpenVoteForbiddenError),
)
async def post_end(
    meeting_id: FromPath[Identifier],
    data: JSONBody[EmptyBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> MeetingView:
    """By the secretary: the hall screen's link is dead from now on. Papers can still be made."""
    account.require_secretary()
    return _view(await end_meeting(election, meeting_id))


meeting_handlers: list[Any] = [
    *(post_meeting, get_meetings, get_meeting),
    *(put_officers, put_settings, post_end),
]
