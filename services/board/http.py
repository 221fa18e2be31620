"""What the board shows to everybody, without login (protocol.md §7; words.md §3).

Entries, roster and record are shown by role and stand with the election, which knows the roles.
No endpoint takes a tracker, a leaf or an index of a ballot.
"""

from typing import Any

from litestar import MediaType, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from schemas.api_board import ClaimBody
from schemas.fields import ElectionUuid
from services.board.claims import submit_claim
from services.board.errors import (
    BallotOnBoardError,
    CheckpointNotFoundError,
    ClaimNotDueError,
    LogNotFoundError,
    PromiseInvalidError,
)
from services.board.log import read_checkpoint, read_leaves
from services.board.model import CheckpointName
from services.board.party import Board
from services.problems import documented


@get(
    "/elections/{uuid:str}/board/leaves",
    media_type=MediaType.TEXT,
    summary="All leaf hashes",
    responses=documented(LogNotFoundError),
)
async def get_leaves(uuid: FromPath[ElectionUuid], board: NamedDependency[Board]) -> str:
    """Every leaf hash of the log in hex, one a line: the same file for whoever asks."""
    return "".join(f"{leaf.hex()}\n" for leaf in await read_leaves(board, uuid))


@get(
    "/elections/{uuid:str}/board/checkpoints/{name:str}",
    media_type=MediaType.TEXT,
    summary="A signed checkpoint",
    responses=documented(CheckpointNotFoundError),
)
async def get_checkpoint(
    uuid: FromPath[ElectionUuid], name: FromPath[CheckpointName], board: NamedDependency[Board]
) -> str:
    """`opening`, `closing`, `result` or `minute`: a C2SP checkpoint, signed by the log key."""
    return await read_checkpoint(board, uuid, name)


@post(
    "/elections/{uuid:str}/claims",
    status_code=204,
    summary="Claim a missing ballot",
    responses=documented(
        LogNotFoundError, PromiseInvalidError, BallotOnBoardError, ClaimNotDueError
    ),
)
async def post_claim(
    uuid: FromPath[ElectionUuid], data: JSONBody[ClaimBody], board: NamedDependency[Board]
) -> None:
    """Hand in a promise whose ballot is not on the board, between closing and opening the sum."""
    await submit_claim(board, uuid, data.promise)


handlers: list[Any] = [get_leaves, get_checkpoint, post_claim]
