"""Endpoints of the imports: a file in, its rows out, nothing stored; and templates."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from schemas.api_imports import ImportedMembersView, ImportedNominationsView
from services.accounts import Account, LoginRequiredError, NotAllowedError
from services.election.errors import OpenVoteForbiddenError
from services.election.secrecy import TAKES_FILE
from services.imports import templates
from services.imports.errors import ImportMediaTypeError, ImportRowsInvalidError
from services.imports.members import import_members
from services.imports.nominations import import_nominations
from services.imports.reading import MAX_FILE_BYTES
from services.problems import documented

CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFUSALS: Final = (
    LoginRequiredError,
    NotAllowedError,
    OpenVoteForbiddenError,
    ImportMediaTypeError,
    ImportRowsInvalidError,
)


@dataclass
class ImportOperation(Operation):
    """Documents the body, which is read as bytes."""

    def __post_init__(self) -> None:
        content = {
            CSV: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING)),
            XLSX: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, content_media_type=XLSX)),
        }
        self.request_body = RequestBody(content=content, required=True)


async def read_import_file(
    request: Request[Any, Any, Any], account: NamedDependency[Account]
) -> bytes:
    """
    The body; nothing of it is read before the secretary is logged in.

    Raises NotAllowedError, ImportMediaTypeError; the framework refuses more than 1 MiB.
    """
    account.require_secretary()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in (CSV, XLSX) or "content-encoding" in request.headers:
        raise ImportMediaTypeError
    return await request.body()


@post(
    "/imports/members",
    status_code=200,
    summary="Read a roster from a file",
    dependencies={"import_file": Provide(read_import_file)},
    operation_class=ImportOperation,
    opt={TAKES_FILE: True},
    request_max_body_size=MAX_FILE_BYTES,
    responses=documented(*REFUSALS),
)
async def post_members_import(
    account: NamedDependency[Account], import_file: NamedDependency[bytes]
) -> ImportedMembersView:
    """By the secretary; nothing is stored: the rows are for `putCouncilMembers`."""
    # In a thread: a file made to be slow must not hold up the meeting in the hall.
    found = await asyncio.to_thread(import_members, import_file)
    return ImportedMembersView(
        members=list(found.members), ignored_columns=list(found.ignored_columns)
    )


@post(
    "/imports/nominations",
    status_code=200,
    summary="Read nominations from a file",
    dependencies={"import_file": Provide(read_import_file)},
    operation_class=ImportOperation,
    opt={TAKES_FILE: True},
    request_max_body_size=MAX_FILE_BYTES,
    responses=documented(*REFUSALS),
)
async def post_nominations_import(
    account: NamedDependency[Account], import_file: NamedDependency[bytes]
) -> ImportedNominationsView:
    """By the secretary; nothing is stored: the rows are for a draft of an election."""
    found = await asyncio.to_thread(import_nominations, import_file)
    return ImportedNominationsView(
        nominations=list(found.nominations), ignored_columns=list(found.ignored_columns)
    )


def _download(content: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


@get(
    "/imports/members/template.csv",
    summary="A roster to fill in, CSV",
    media_type=CSV,
    responses=documented(),
)
async def get_members_template_csv() -> Response[bytes]:
    return _download(templates.members_csv(), CSV, "thanh-vien.csv")


@get(
    "/imports/members/template.xlsx",
    summary="A roster to fill in, XLSX",
    media_type=XLSX,
    responses=documented(),
)
async def get_members_template_xlsx() -> Response[bytes]:
    return _download(templates.members_xlsx(), XLSX, "thanh-vien.xlsx")


@get(
    "/imports/nominations/template.csv",
    summary="Nominations to fill in, CSV",
    media_type=CSV,
    responses=documented(),
)
async def get_nominations_template_csv() -> Response[bytes]:
    return _download(templates.nominations_csv(), CSV, "truong-hop-de-nghi.csv")


@get(
    "/imports/nominations/template.xlsx",
    summary="Nominations to fill in, XLSX",
    media_type=XLSX,
    responses=documented(),
)
async def get_nominations_template_xlsx() -> Response[bytes]:
    return _download(templates.nominations_xlsx(), XLSX, "truong-hop-de-nghi.xlsx")


handlers: list[Any] = [
    *(post_members_import, post_nominations_import),
    *(get_members_template_csv, get_members_template_xlsx),
    *(get_nominations_template_csv, get_nominations_template_xlsx),
]
