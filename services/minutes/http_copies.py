"""Endpoints beside a paper: extracts, the submission's list, the text copy, the record, copies."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, JSONBody

from schemas.api import Identifier
from schemas.api_copies import CopyView, ExtractsView, ExtractView, HandSignedBody
from schemas.api_minutes import PaperView
from services.accounts import Account, NotAllowedError
from services.election.errors import MeetingNotFoundError, WrongStateError
from services.election.secrecy import TAKES_FILE
from services.minutes import submission_list, text_copy
from services.minutes.copies import add_copy, read_copy_for, sign_by_hand
from services.minutes.copy_errors import (
    CopyCodeMissingError,
    CopyMediaTypeError,
    CopyNotFoundError,
    CopyOfAnotherPaperError,
    CopyTooLargeError,
    CopyUnreadableError,
    ExtractNotFoundError,
    HandSignedCopyOnlyError,
    MeetingMinuteOnlyError,
    PaperAlreadySignedError,
    PaperContentNotKeptError,
    TooManyCopiesError,
)
from services.minutes.derived_files import (
    draw_extract,
    list_extracts,
    read_record_of,
    write_submission_list,
    write_text_copy,
)
from services.minutes.errors import (
    NotAnnouncedError,
    NothingCountedError,
    PaperNotFoundError,
    PaperReplacedError,
    PaperSignatureWaitingError,
    PaperTooLargeError,
)
from services.minutes.http_signing import MEDIA_TYPE
from services.minutes.party import Minutes
from services.minutes.signing import MEBIBYTE
from services.minutes.views import copy_view, paper_view
from services.problems import documented
from services.verifier.scan_codes import JPEG, PDF, PNG

ZIP: Final = "application/zip"
COPY_MEDIA_TYPES: Final = (PDF, PNG, JPEG)
SEEING_REFUSALS: Final = (401, PaperNotFoundError, NotAllowedError)
KEEPING_REFUSALS: Final = (
    *SEEING_REFUSALS,
    PaperTooLargeError,
    CopyMediaTypeError,
    CopyUnreadableError,
    CopyTooLargeError,
    TooManyCopiesError,
)
TypedCode = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


@dataclass
class CopyOperation(Operation):
    """Documents the body, which is read as bytes: a PDF, or a picture of a scan."""

    def __post_init__(self) -> None:
        content = {
            each: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, content_media_type=each))
            for each in COPY_MEDIA_TYPES
        }
        self.request_body = RequestBody(content=content, required=True)


async def read_copy_body(
    request: Request[Any, Any, Any],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> bytes:
    """
    The body, at most a paper's size; nothing of it is read before the secretary is logged in.

    Raises NotAllowedError, CopyMediaTypeError, PaperTooLargeError.
    """
    account.require_secretary()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in COPY_MEDIA_TYPES or "content-encoding" in request.headers:
        raise CopyMediaTypeError
    most = minutes.settings.max_paper_bytes
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise PaperTooLargeError(mebibytes=most // MEBIBYTE)
    return bytes(body)


def _download(content: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


@get(
    "/papers/{paper_id:str}/extracts",
    summary="The extracts of a meeting minute",
    responses=documented(*SEEING_REFUSALS, MeetingMinuteOnlyError),
)
async def get_extracts(
    paper_id: FromPath[Identifier],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> ExtractsView:
    """One for each award (and rule) over all elections of the minute, for each award file."""
    paper, groups = await list_extracts(minutes, account, paper_id)
    return ExtractsView(
        draft=not paper.is_signed,
        extracts=tuple(
            ExtractView(
                no=group.no,
                title=group.title,
                cases=len(group.cases),
                passed=sum(case.outcome.passed for case in group.cases),
            )
            for group in groups
        ),
    )


@get(
    "/papers/{paper_id:str}/extracts/{no:int}/file",
    summary="Download an extract",
    media_type=MEDIA_TYPE,
    responses=documented(
        *SEEING_REFUSALS,
        MeetingMinuteOnlyError,
        ExtractNotFoundError,
        PaperReplacedError,
        PaperContentNotKeptError,
    ),
)
async def get_extract_file(
    paper_id: FromPath[Identifier],
    no: FromPath[int],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> Response[bytes]:
    """For the secretary to sign; a marked draft until the officers have signed the minute."""
    file = await draw_extract(minutes, account, paper_id, no)
    return _download(file, MEDIA_TYPE, f"trich-bien-ban-{no:02d}.pdf")


@get(
    "/papers/{paper_id:str}/text-copy",
    summary="A paper's text to copy from",
    media_type=text_copy.MEDIA_TYPE,
    responses=documented(*SEEING_REFUSALS, PaperContentNotKeptError),
)
async def get_text_copy(
    paper_id: FromPath[Identifier],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> Response[bytes]:
    """A Word file, marked on every page as without legal value."""
    file = await write_text_copy(minutes, account, paper_id)
    return _download(file, text_copy.MEDIA_TYPE, "ban-chep.docx")


@get(
    "/papers/{paper_id:str}/record",
    summary="The record that a paper carries",
    media_type=ZIP,
    responses=documented(*SEEING_REFUSALS),
)
async def get_paper_record(
    paper_id: FromPath[Identifier],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> Response[bytes]:
    """Beside a copy that lost it. Over several elections: a ZIP of their records."""
    file = await read_record_of(minutes, account, paper_id)
    return _download(file, ZIP, "record.zip")


@get(
    "/meetings/{meeting_id:str}/submission-list",
    summary="The list that goes with the submission",
    media_type=submission_list.MEDIA_TYPE,
    responses=documented(
        401,
        MeetingNotFoundError,
        NotAllowedError,
        NotAnnouncedError,
        NothingCountedError,
        WrongStateError,
    ),
)
async def get_submission_list(
    meeting_id: FromPath[Identifier],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> Response[bytes]:
    """An Excel workbook of the cases that passed, by award; for the secretary."""
    file = await write_submission_list(minutes, account, meeting_id)
    return _download(file, submission_list.MEDIA_TYPE, "danh-sach-kem-to-trinh.xlsx")


@post(
    "/papers/{paper_id:str}/copies",
    summary="Keep a copy of a paper",
    dependencies={"copy_body": Provide(read_copy_body)},
    operation_class=CopyOperation,
    opt={TAKES_FILE: True},
    request_max_body_size=None,  # `read_copy_body` has a larger limit, which is a setting
    responses=documented(*KEEPING_REFUSALS),
)
async def post_copy(
    paper_id: FromPath[Identifier],
    account: NamedDependency[Account],
    copy_body: NamedDependency[bytes],
    minutes: NamedDependency[Minutes],
) -> CopyView:
    """By the secretary: a PDF that another program wrote anew, which nobody's signature covers."""
    return copy_view(await add_copy(minutes, account, paper_id, "copy", copy_body, None))


@post(
    "/papers/{paper_id:str}/scans",
    summary="Keep a scan of a paper signed by hand",
    dependencies={"copy_body": Provide(read_copy_body)},
    operation_class=CopyOperation,
    opt={TAKES_FILE: True},
    request_max_body_size=None,
    responses=documented(*KEEPING_REFUSALS, CopyCodeMissingError, CopyOfAnotherPaperError),
)
async def post_scan(
    paper_id: FromPath[Identifier],
    account: NamedDependency[Account],
    copy_body: NamedDependency[bytes],
    minutes: NamedDependency[Minutes],
) -> CopyView:
    """By the secretary; the QR codes on it must be the paper's."""
    return copy_view(await add_copy(minutes, account, paper_id, "hand_signed", copy_body, None))


@post(
    "/papers/{paper_id:str}/scans/{code:str}",
    summary="Keep a scan by its seal code",
    dependencies={"copy_body": Provide(read_copy_body)},
    operation_class=CopyOperation,
    opt={TAKES_FILE: True},
    request_max_body_size=None,
    responses=documented(*KEEPING_REFUSALS, CopyCodeMissingError, CopyOfAnotherPaperError),
)
async def post_scan_by_code(
    paper_id: FromPath[Identifier],
    code: FromPath[TypedCode],
    account: NamedDependency[Account],
    copy_body: NamedDependency[bytes],
    minutes: NamedDependency[Minutes],
) -> CopyView:
    """As above where no QR code can be read: `code` is the seal code printed beside it."""
    return copy_view(await add_copy(minutes, account, paper_id, "hand_signed", copy_body, code))


@get(
    "/papers/{paper_id:str}/copies/{copy_id:str}/file",
    summary="Download a copy of a paper",
    media_type=MEDIA_TYPE,
    responses=documented(*SEEING_REFUSALS, CopyNotFoundError),
)
async def get_copy_file(
    paper_id: FromPath[Identifier],
    copy_id: FromPath[Identifier],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> Response[bytes]:
    """The very bytes that were brought, for who may see the paper."""
    copy, file = await read_copy_for(minutes, account, paper_id, copy_id)
    ending = copy.media_type.rpartition("/")[2]
    return _download(file, copy.media_type, f"{copy.kind.replace('_', '-')}.{ending}")


@post(
    "/papers/{paper_id:str}/hand-signed",
    status_code=200,
    summary="Take a scan for the paper signed by hand",
    responses=documented(
        *SEEING_REFUSALS,
        CopyNotFoundError,
        HandSignedCopyOnlyError,
        PaperReplacedError,
        PaperAlreadySignedError,
        PaperSignatureWaitingError,
        WrongStateError,
    ),
)
async def post_hand_signed(
    paper_id: FromPath[Identifier],
    data: JSONBody[HandSignedBody],
    account: NamedDependency[Account],
    minutes: NamedDependency[Minutes],
) -> PaperView:
    """By the secretary, for councils whose members have no certificates; finishes the paper."""
    return paper_view(minutes, await sign_by_hand(minutes, account, paper_id, data.copy))


handlers: list[Any] = [
    *(get_extracts, get_extract_file, get_text_copy, get_paper_record, get_submission_list),
    *(post_copy, post_scan, post_scan_by_code, get_copy_file, post_hand_signed),
]
