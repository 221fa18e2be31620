"""No request gets an open vote, whatever it calls it (protocol.md §2, "Only secret")."""

import asyncio
from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from schemas.only_secret import (
    asks_open_vote,
    asks_open_vote_in_body,
    asks_open_vote_in_fields,
    asks_open_vote_in_headers,
)
from services.election.errors import OpenVoteForbiddenError

TAKES_FILE: Final = "takes_file"
"""In a handler's `opt`: it reads a file itself, bounded and after the login, never as JSON."""


def refuse_open_vote(document: object) -> None:
    """Raises OpenVoteForbiddenError for JSON that asks for another method than secret."""
    if asks_open_vote(document):
        raise OpenVoteForbiddenError


async def refuse_open_vote_request(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """
    Look at a whole request before anything else reads it: query, headers, body.

    A guard of handlers, so that who asks for an open vote hears why there is none, and not that a
    field is unknown. Raises OpenVoteForbiddenError.
    """
    if asks_open_vote_in_fields(connection.query_params.multi_items()):
        raise OpenVoteForbiddenError
    if asks_open_vote_in_headers(connection.headers.multi_items()):
        raise OpenVoteForbiddenError
    # A signed paper is megabytes in which nothing is asked, and nobody takes them for JSON.
    if not isinstance(connection, Request) or handler.opt.get(TAKES_FILE):
        return
    # In a thread: a long body made to be slow must not hold up the meeting in the hall.
    if await asyncio.to_thread(asks_open_vote_in_body, await connection.body()):
        raise OpenVoteForbiddenError
