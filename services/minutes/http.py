"""Endpoints of the papers: texts, drawing up, the file, signatures.

The service signs nothing: people take the file, sign it with their own keys, and bring it back.
"""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, JSONBody

from schemas.api import EmptyBody, Identifier
from schemas.api_copies import CopyView
from schemas.api_minutes import FieldView, PapersView, PaperView
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
from services.election.secrecy import TAKES_FILE
from services.minutes.drafting import draft_counting_minute, draft_meeting_minute
from services.minutes.drawing_up import draw_up_counting_minute, draw_up_meeting_minute
from services.minutes.errors import (
    EndOfMeetingMissingError,
    NotAnnouncedError,
    NothingCountedError,
    PaperAlreadySignedError,
    PaperFieldNotExpectedError,
    PaperMediaTypeError,
    PaperNotFoundError,
    PaperNotIncrementError,
    PaperReplacedError,
    PaperSignatureInvalidError,
    PaperTextInvalidError,
    PaperTooLargeError,
    PaperWrongOrderError,
    ReplacementReasonMissingError,
)
from services.minutes.model import PaperCopy, StoredPaper
from services.minutes.party import Minutes
from services.minutes.signing import (
    MEBIBYTE,
    accept_signature,
    list_papers_for,
    read_file_for,
    read_paper_for,
)
from services.minutes.texts import read_texts, write_texts
from services.problems import documented

MEDIA_TYPE: Final = "application/pdf"
DRAWING_REFUSALS = (
    NotAllowedError,
    NotAnnouncedError,
    OpenVoteForbiddenError,
    ReplacementReasonMissingError,
    WrongStateError,
)


@dataclass
class PaperOperation(Operation):
    """Documents the body, which is read as bytes: every byte of it is checked."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, content_media_type=MEDIA_TYPE)
        media = {MEDIA_TYPE: OpenAPIMediaType(schema=file)}
        self.request_body = RequestBody(content=media, required=True)


async def read_paper_body(
    request: Request[Any, Any, Any],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> bytes:
    """
    The body, at most a paper's size; nothing of it is read before somebody is logged in.

    Raises PaperMediaTypeError, PaperTooLargeError.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE or "content-encoding" in request.headers:
        raise PaperMediaTypeError
    most = minutes.settings.max_paper_bytes
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise PaperTooLargeError(mebibytes=most // MEBIBYTE)
    return bytes(body)


def view_of_paper(paper: StoredPaper) -> PaperView:
    state = "signed" if paper.is_signed else "signing"
    return PaperView(
        id=paper.id,
        kind=paper.kind,
        uuids=paper.uuids,
        sha256=paper.sha256,
        state=state if paper.is_current else "replaced",  # type: ignore[arg-type]
        fields=tuple(
            FieldView(
                name=place.field,
                role=place.role,
                member=place.member,
                signed=place.field in paper.signed,
            )
            for place in paper.places
        ),
        replaces=paper.replaces,
        hand_signed=paper.hand_signed,
        copies=tuple(map(view_of_copy, paper.copies)),
    )


def view_of_copy(copy: PaperCopy) -> CopyView:
    return CopyView(
        id=copy.id,
        kind=copy.kind,
        sha256=copy.sha256,
        media_type=copy.media_type,
        size=copy.size,
        matched=copy.matched_by is not None,
        matched_by=copy.matched_by,
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
    return view_of_paper(await draw_up_counting_minute(minutes, account, uuid))


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
    return view_of_paper(await draw_up_meeting_minute(minutes, account, meeting_id))


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
    return PapersView(
        papers=tuple(map(view_of_paper, await list_papers_for(minutes, account, meeting_id)))
    )


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
    return view_of_paper(await read_paper_for(minutes, account, paper_id))


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


@post(
    "/papers/{paper_id:str}/signatures",
    status_code=200,
    summary="Bring back a signed paper",
    dependencies={"paper_body": Provide(read_paper_body)},
    operation_class=PaperOperation,
    opt={TAKES_FILE: True},
    request_max_body_size=None,  # `read_paper_body` has a larger limit, which is a setting
    responses=documented(
        401,
        PaperNotFoundError,
        NotAllowedError,
        PaperReplacedError,
        PaperAlreadySignedError,
        PaperMediaTypeError,
        PaperTooLargeError,
        PaperNotIncrementError,
        PaperSignatureInvalidError,
        PaperFieldNotExpectedError,
        PaperWrongOrderError,
        WrongStateError,
    ),
)
async def post_signature(
    paper_id: FromPath[Identifier],
    account: NamedDependency[Account],
    paper_body: NamedDependency[bytes],
    minutes: NamedDependency[Minutes],
) -> PaperView:
    """The latest file with exactly one signature added, from its signer or the secretary."""
    return view_of_paper(await accept_signature(minutes, account, paper_id, paper_body))


handlers: list[Any] = [
    *(get_texts, put_texts, post_counting_minute, post_meeting_minute),
    *(get_counting_minute_draft, get_meeting_minute_draft, get_papers),
    *(get_paper, get_paper_file, post_signature),
]
