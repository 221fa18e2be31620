"""The composition root: one Litestar application out of all parties.

Nothing here decides: it makes the parties, gives them to the handlers by name, and puts around
them what every answer needs (problem documents, security headers, limits, the origin check).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog
from litestar import Litestar, MediaType, Request, Response, Router, get
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.types import ControllerRouterHandler
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from crypto.randomness import Randomness, system_randomness
from services.api_document import openapi_config
from services.ballot_box.http import handlers as ballot_box_handlers
from services.ballot_box.party import BallotBox
from services.board.http import handlers as board_handlers
from services.board.party import Board
from services.client_files.files import ClientFiles
from services.client_files.http import client_handlers
from services.clock import Clock, system_clock
from services.council.http import handlers as council_handlers
from services.council.http import require_account
from services.council.login import forget_expired
from services.council.party import CouncilParty
from services.database import Databases
from services.election.http import handlers as election_handlers
from services.election.identifying import (
    member_of_election,
    member_of_meeting,
    viewer_of_meeting,
)
from services.election.party import Election
from services.election.resuming import resume_all as resume_acts
from services.election.secrecy import refuse_open_vote_request
from services.errors import Fault, PartyError
from services.imports.http import handlers as imports_handlers
from services.minutes.http import handlers as minutes_handlers
from services.minutes.http_copies import handlers as copies_handlers
from services.minutes.party import Minutes
from services.minutes.signing import resume_all as resume_papers
from services.observability import configure_logging
from services.problems import EXCEPTION_HANDLERS
from services.registrar.http import handlers as registrar_handlers
from services.registrar.party import Registrar
from services.security_headers import security_headers
from services.service_http import get_service
from services.settings import Settings
from services.strict_request import StrictRequest
from services.tally.http import handlers as tally_handlers
from services.tally.opening import resume_all as resume_openings
from services.tally.party import Tally

API_PATH: Final = "/api/v1"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
TIDYING_PAUSE_S: Final = 600
READY_TIME_LIMIT_S: Final = 3

log = structlog.get_logger()


class OriginNotAllowedError(PartyError):
    """A browser sent a state-changing request from a page of another origin."""

    name = "origin-not-allowed"
    fault = Fault.FORBIDDEN


class NotReadyError(PartyError):
    name = "not-ready"
    fault = Fault.NOT_READY


@dataclass(frozen=True)
class Parties:
    """All parties of one process, each with its own role in the database."""

    council: CouncilParty
    registrar: Registrar
    ballot_box: BallotBox
    board: Board
    election: Election
    tally: Tally
    minutes: Minutes


def create_parties(
    settings: Settings, databases: Databases, clock: Clock, randomness: Randomness
) -> Parties:
    council = CouncilParty(databases["council"], settings, clock, randomness)
    registrar = Registrar(databases["registrar"], settings, clock, randomness)
    ballot_box = BallotBox(databases["ballot_box"], settings, randomness)
    board = Board(databases["board"], settings, clock, randomness)
    election = Election(
        databases["election"], settings, clock, randomness, council, board, registrar, ballot_box
    )
    tally = Tally(databases["tally"], settings, clock, randomness, board, election)
    minutes = Minutes(databases["minutes"], settings, clock, randomness, board, election)
    return Parties(council, registrar, ballot_box, board, election, tally, minutes)


def create_app(
    settings: Settings,
    databases: Databases,
    clock: Clock = system_clock,
    randomness: Randomness = system_randomness,
    client: ClientFiles | None = None,
) -> Litestar:
    """
    The whole service on migrated databases; whoever opened these closes them.

    `client` is what `settings.client_hash` names; without one no page is served.
    """
    configure_logging()
    parties = create_parties(settings, databases, clock, randomness)
    return Litestar(
        route_handlers=[
            Router(API_PATH, route_handlers=_routers()),
            is_alive,
            is_ready,
            *([] if client is None else client_handlers(client)),
        ],
        dependencies=_dependencies(parties),
        state=State(
            {
                "databases": databases,
                "parties": parties,
                "origins": settings.origins,
                "settings": settings,
            }
        ),
        lifespan=[_lifespan(parties)],
        request_class=StrictRequest,
        before_request=check_request,
        before_send=[security_headers(settings.box_origin)],
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=settings.max_body_bytes,
        cors_config=_cors(settings),
        openapi_config=openapi_config(API_PATH),
        logging_config=None,  # requests are not logged; see observability
    )


def _routers() -> list[ControllerRouterHandler]:
    handlers = {
        "council": council_handlers,
        "registrar": registrar_handlers,
        "ballot_box": ballot_box_handlers,
        "board": board_handlers,
        "election": election_handlers,
        "tally": tally_handlers,
        "minutes": [*minutes_handlers, *copies_handlers],
        "imports": imports_handlers,
        "service": [get_service],
    }
    return [
        Router(
            "/",
            route_handlers=each,
            tags=[name],
            # The box compares every byte of a casting body with the one that it must be.
            guards=[] if name == "ballot_box" else [refuse_open_vote_request],
        )
        for name, each in handlers.items()
    ]


def _dependencies(parties: Parties) -> dict[str, Provide]:
    """What handlers ask for by name: the parties, and who is asking."""
    return {
        **{_dependency_name(name): _provide(each) for name, each in vars(parties).items()},
        "account": Provide(require_account),
        "viewer_of_meeting": Provide(viewer_of_meeting),
        "member_of_meeting": Provide(member_of_meeting),
        "member_of_election": Provide(member_of_election),
    }


def _dependency_name(party: str) -> str:
    """A body has a field `council`; litestar would take its errors for a dependency's."""
    return "council_party" if party == "council" else party


def _provide(party: object) -> Provide:
    def give() -> Any:
        return party

    return Provide(give, sync_to_thread=False)


def _cors(settings: Settings) -> CORSConfig | None:
    """A box with a host name of its own takes ballots from the client's pages, without cookies."""
    if settings.box_origin is None:
        return None
    return CORSConfig(
        allow_origins=list(settings.origins),
        allow_methods=["GET", "POST"],
        allow_headers=["content-type"],
        allow_credentials=False,
    )


async def check_request(request: Request[Any, Any, State]) -> None:
    """What every request must pass before a party is asked."""
    # PostgreSQL knows no such character in texts: it would end as a crash of a query.
    if "\0" in request.scope["path"]:
        raise NotFoundException
    check_origin(request)


def check_origin(request: Request[Any, Any, State]) -> None:
    """
    Refuse what a browser sends from somebody else's page; programs send no Origin.

    Together with the cookie's SameSite=Strict it takes the place of a CSRF token.
    """
    origin = request.headers.get("origin")
    if request.method in SAFE_METHODS or origin is None:
        return
    if origin not in request.app.state.origins:
        raise OriginNotAllowedError


@get("/health/live", include_in_schema=False, media_type=MediaType.TEXT)
async def is_alive() -> str:
    """Touches nothing: or a slow database would get every process restarted."""
    return "alive"


@get("/health/ready", include_in_schema=False, media_type=MediaType.TEXT)
async def is_ready(state: State) -> Response[str]:
    """Whether every party reaches its database."""
    try:
        async with asyncio.timeout(READY_TIME_LIMIT_S):
            for database in state.databases.by_party.values():
                async with database.engine.connect() as connection:
                    await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError):
        raise NotReadyError from None
    return Response("ready", media_type=MediaType.TEXT)


def _lifespan(
    parties: Parties,
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def run(_: Litestar) -> AsyncIterator[None]:
        background = asyncio.create_task(_work_in_background(parties))
        try:
            yield
        finally:
            background.cancel()
            await asyncio.gather(background, return_exceptions=True)

    return run


async def _work_in_background(parties: Parties) -> None:
    """What a crash may have left half done, then tidying for as long as the process lives."""
    while True:
        await _attempt("service.resuming_failed", resume_acts(parties.election))
        await _attempt("service.resuming_failed", resume_openings(parties.tally))
        await _attempt("service.resuming_failed", resume_papers(parties.minutes))
        await _attempt("service.tidying_failed", forget_expired(parties.council))
        await asyncio.sleep(TIDYING_PAUSE_S)


async def _attempt(event: str, act: Awaitable[object]) -> None:
    try:
        await act
    except Exception as error:
        # A service that cannot finish an old act must still serve the meeting in the hall.
        log.error(event, kind=type(error).__name__)
