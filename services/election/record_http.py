"""Endpoints of an election's record, by role (words.md §3); codes and leaf hashes are the board's.

No endpoint takes a tracker, a leaf or an index of a ballot.
"""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from schemas.fields import ElectionUuid
from services.accounts import Account
from services.board.errors import LogNotFoundError, RecordFileNotFoundError, RecordNotReadyError
from services.election.errors import (
    ElectionNotFoundError,
    OpenVoteForbiddenError,
    WrongStateError,
)
from services.election.party import Election
from services.election.record_reading import (
    read_archive_for,
    read_attendance_for,
    read_entries_for,
    read_record_for,
    read_roster_for,
)
from services.problems import documented

REFUSALS = (ElectionNotFoundError, OpenVoteForbiddenError, WrongStateError)


@get(
    "/elections/{uuid:str}/board/entries",
    summary="The log's entries",
    media_type="application/jsonl",
    responses=documented(401, *REFUSALS, LogNotFoundError),
)
async def get_entries(
    uuid: FromPath[ElectionUuid],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> Response[bytes]:
    """One exact entry a line: all for tellers, for others as far as it is open to them."""
    data = await read_entries_for(election, account, uuid)
    return Response(data, media_type="application/jsonl")


@get(
    "/elections/{uuid:str}/board/roster",
    summary="The frozen roster",
    media_type="application/json",
    responses=documented(401, *REFUSALS, RecordFileNotFoundError),
)
async def get_roster(
    uuid: FromPath[ElectionUuid],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> Response[bytes]:
    """The exact bytes whose hash is in `terms`."""
    data = await read_roster_for(election, account, uuid)
    return Response(data, media_type="application/json")


@get(
    "/elections/{uuid:str}/board/attendance",
    summary="The attendance at closing",
    media_type="application/json",
    responses=documented(401, *REFUSALS, RecordFileNotFoundError),
)
async def get_frozen_attendance(
    uuid: FromPath[ElectionUuid],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> Response[bytes]:
    """The exact bytes whose hash is in `closed`."""
    data = await read_attendance_for(election, account, uuid)
    return Response(data, media_type="application/json")


@get(
    "/elections/{uuid:str}/record.zip",
    summary="The whole record",
    media_type="application/zip",
    responses=documented(401, *REFUSALS, RecordNotReadyError),
)
async def get_record(
    uuid: FromPath[ElectionUuid],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> Response[bytes]:
    """Everything that the verifier needs: for tellers when counted, others when announced."""
    data = await read_record_for(election, account, uuid)
    return Response(data, media_type="application/zip")


@get(
    "/elections/{uuid:str}/record.bel",
    summary="The Belenios archive",
    media_type="application/x-tar",
    responses=documented(401, *REFUSALS, RecordNotReadyError),
)
async def get_archive(
    uuid: FromPath[ElectionUuid],
    account: NamedDependency[Account],
    election: NamedDependency[Election],
) -> Response[bytes]:
    """Byte-exact Belenios archive, for belenios-tool and other verifiers."""
    data = await read_archive_for(election, account, uuid)
    return Response(data, media_type="application/x-tar")


record_handlers: list[Any] = [
    *(get_entries, get_roster, get_frozen_attendance, get_record, get_archive),
]
