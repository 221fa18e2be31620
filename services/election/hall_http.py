"""Endpoints of the hall screen."""

from typing import Any

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from schemas.api import EmptyBody, Identifier
from schemas.api_hall import HallBody, HallLinkView, HallOutcome, HallView
from services.accounts import Account
from services.clock import next_instant_text
from services.election.errors import (
    HallLinkEndedError,
    MeetingNotFoundError,
    MeetingOverError,
    OpenVoteForbiddenError,
)
from services.election.hall import open_hall, view_hall
from services.election.model import HallCase, HallPicture
from services.election.party import Election
from services.problems import documented


def _outcome(case: HallCase) -> HallOutcome:
    nomination, outcome = case.nomination, case.outcome
    return HallOutcome(
        no=nomination.no,
        name=nomination.name,
        unit=nomination.unit,
        award=nomination.award,
        agree=outcome.agree,
        disagree=outcome.disagree,
        blank=outcome.blank,
        base=outcome.base,
        votes_needed=outcome.votes_needed,
        share_percent=outcome.share_percent,
        passed=outcome.passed,
    )


def _view(picture: HallPicture) -> HallView:
    meeting, record, count = picture.meeting, picture.election, picture.attendance
    shown = None if picture.state == "cancelled" else record
    window_end = picture.check_window_ends_at
    return HallView(
        council_name=picture.council_name,
        meeting_title=meeting.title,
        venue=meeting.venue,
        address_form=meeting.settings.address_form,
        hall_shows=meeting.settings.hall_shows,
        state=picture.state,
        ballot_number=0 if record is None else record.ballot_number,
        nominations=0 if record is None else len(record.nominations),
        members=count.members,
        present=count.present,
        online=count.online,
        issued=picture.progress.issued,
        returned=picture.progress.returned,
        announced=record is not None and record.announced,
        phi=None if shown is None else shown.phi,
        election_code=None if shown is None else shown.election_code,
        seal_value=None if shown is None else shown.seal_value,
        seal_code=None if shown is None else shown.seal_code,
        check_window_ends_at=None
        if shown is None or window_end is None
        else next_instant_text(window_end),
        outcomes=None if picture.cases is None else tuple(map(_outcome, picture.cases)),
        cancelled=None if record is None or record.cancelled is None else record.cancelled.reason,
    )


@post(
    "/meetings/{meeting_id:str}/hall",
    summary="A link for the hall screen",
    responses=documented(401, MeetingNotFoundError, MeetingOverError, OpenVoteForbiddenError),
)
async def post_hall_link(
    meeting_id: FromPath[Identifier],
    data: JSONBody[EmptyBody],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> HallLinkView:
    """By the secretary; an earlier link ends. Dead when the meeting is over."""
    account.require_secretary()
    link, code = await open_hall(election, meeting_id)
    return HallLinkView(code=code, link=link)


@post(
    "/hall",
    status_code=200,
    summary="What the hall sees",
    responses=documented(HallLinkEndedError, OpenVoteForbiddenError),
)
async def post_hall(data: JSONBody[HallBody], election: NamedDependency[Election]) -> HallView:
    """Without a login; the code is in the body, so that it stands in no address and no log."""
    return _view(await view_hall(election, data.code))


hall_handlers: list[Any] = [post_hall_link, post_hall]
