"""Endpoints of the papers: texts, drawing up, the file, signatures.

The service signs nothing: people take the file, sign it with their own keys, and bring it back.
"""

from typing import Any

from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from schemas.api import EmptyBody, Identifier
from schemas.api_minutes import PapersView, PaperView
from schemas.fields import ElectionUuid
from schemas.papers import PaperTexts
from services.accounts import Account, NotAllowedError
from services.election.errors import (
    ElectionNotFoundError,
    MeetingNotFoundError,
    NotAMemberError,
    OpenVoteForbiddenError,
    WrongStateError,
)
from services.minutes.drafting import draft_counting_minute, draft_meeting_minute
from services.minutes.drawing_up import draw_up_counting_minute, draw_up_meeting_minute
from services.minutes.errors import (
    EndOfMeetingMissingError,
    NotAnnouncedError,
    NothingCountedError,
    PaperNotFoundError,
    PaperTextInvalidError,
    ReplacementReasonMissingError,
)
from services.minutes.http_signing import MEDIA_TYPE
from services.minutes.http_signing import handlers as signing_handlers
from services.minutes.party import Minutes
from services.minutes.signing import (
    list_papers_for,
    read_file_for,
    read_paper_for,
)
from services.minutes.texts import read_texts, write_texts
from services.minutes.views import paper_view
from services.problems import documented

DRAWING_REFUSALS = (
    NotAllowedError,
    NotAnnouncedError,
    OpenVoteForbiddenError,
    ReplacementReasonMissingError,
    WrongStateError,
)


@get(
    "/meetings/{meeting_id:str}/texts",
    summary="Read the papers' texts",
    responses=documented(401, MeetingNotFoundError, NotAllowedError),
)
async def get_texts(
    meeting_id: FromPath[Identifier],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PaperTexts:
    """The secretary's own words for both papers."""
    return await read_texts(minutes, account, meeting_id)


@put(
    "/meetings/{meeting_id:str}/texts",
    summary="Write the papers' texts",
    responses=documented(
        401, MeetingNotFoundError, NotAllowedError, OpenVoteForbiddenError, PaperTextInvalidError
    ),
)
async def put_texts(
    meeting_id: FromPath[Identifier],
    data: JSONBody[PaperTexts],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PaperTexts:
    """All texts at once, by the secretary; figures never stand in them."""
    return await write_texts(minutes, account, meeting_id, data)


@post(
    "/elections/{uuid:str}/counting-minute",
    summary="Draw up the counting minute",
    responses=documented(401, ElectionNotFoundError, *DRAWING_REFUSALS),
)
async def post_counting_minute(
    uuid: FromPath[ElectionUuid],
    data: JSONBody[EmptyBody],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PaperView:
    """By the secretary or a teller; its hash goes on the log. Unchanged texts: the same paper."""
    return paper_view(minutes, await draw_up_counting_minute(minutes, account, uuid))


@post(
    "/meetings/{meeting_id:str}/minute",
    summary="Draw up the meeting minute",
    responses=documented(
        401,
        MeetingNotFoundError,
        EndOfMeetingMissingError,
        NotAMemberError,
        NothingCountedError,
        *DRAWING_REFUSALS,
    ),
)
async def post_meeting_minute(
    meeting_id: FromPath[Identifier],
    data: JSONBody[EmptyBody],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PaperView:
    """Over all counted elections of the meeting, by the secretary; its hash goes on each log."""
    return paper_view(minutes, await draw_up_meeting_minute(minutes, account, meeting_id))


@get(
    "/elections/{uuid:str}/counting-minute/draft",
    summary="A draft of the counting minute",
    media_type=MEDIA_TYPE,
    responses=documented(
        401, ElectionNotFoundError, NotAllowedError, NotAnnouncedError, WrongStateError
    ),
)
async def get_counting_minute_draft(
    uuid: FromPath[ElectionUuid],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> Response[bytes]:
    """To read aloud: marked on every page, kept nowhere; tellers get it before announcing too."""
    file = await draft_counting_minute(minutes, account, uuid)
    return Response(file, media_type=MEDIA_TYPE)


@get(
    "/meetings/{meeting_id:str}/minute/draft",
    summary="A draft of the meeting minute",
    media_type=MEDIA_TYPE,
    responses=documented(
        401,
        MeetingNotFoundError,
        NotAllowedError,
        NotAMemberError,
        NotAnnouncedError,
        NothingCountedError,
        WrongStateError,
    ),
)
async def get_meeting_minute_draft(
    meeting_id: FromPath[Identifier],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> Response[bytes]:
    """To read aloud before the meeting ends; by the secretary."""
    file = await draft_meeting_minute(minutes, account, meeting_id)
    return Response(file, media_type=MEDIA_TYPE)


@get(
    "/meetings/{meeting_id:str}/papers",
    summary="The papers of a meeting",
    responses=documented(401, MeetingNotFoundError, NotAllowedError),
)
async def get_papers(
    meeting_id: FromPath[Identifier],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PapersView:
    """As far as their results are open to the reader: who must sign finds the paper here."""
    papers = await list_papers_for(minutes, account, meeting_id)
    return PapersView(papers=tuple(paper_view(minutes, paper) for paper in papers))


@get(
    "/papers/{paper_id:str}",
    summary="Read a paper's state",
    responses=documented(401, PaperNotFoundError, NotAllowedError),
)
async def get_paper(
    paper_id: FromPath[Identifier],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PaperView:
    """Which fields are signed, for whom the result is open."""
    return paper_view(minutes, await read_paper_for(minutes, account, paper_id))


@get(
    "/papers/{paper_id:str}/file",
    summary="Download a paper",
    media_type=MEDIA_TYPE,
    responses=documented(401, PaperNotFoundError, NotAllowedError),
)
async def get_paper_file(
    paper_id: FromPath[Identifier],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> Response[bytes]:
    """The latest file with all signatures so far: what the next person signs."""
    return Response(await read_file_for(minutes, account, paper_id), media_type=MEDIA_TYPE)


handlers: list[Any] = [
    *(get_texts, put_texts, post_counting_minute, post_meeting_minute),
    *(get_counting_minute_draft, get_meeting_minute_draft, get_papers),
    *(get_paper, get_paper_file),
    *signing_handlers,
]
