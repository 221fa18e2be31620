"""Schemathesis over the whole API: no crash, no undocumented answer, nothing accepted unasked."""

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from litestar import Litestar
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.app import create_app
from services.council.http import LOGIN_COOKIE
from services.database import PARTIES, Databases, PartyDatabase, open_databases
from services.imports.http import CSV, XLSX
from services.settings import Settings
from tests.integration.conftest import API, Person, make_settings

load_all_checks()
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
    ignored_auth,
]


@pytest.fixture(scope="session")
def loopless_app(settings: Settings, database_urls: dict[str, str]) -> Litestar:
    """Schemathesis runs every request in an event loop of its own, so no connection is kept."""
    return create_app(
        settings,
        Databases(
            {
                party: PartyDatabase(
                    party, create_async_engine(database_urls[party], poolclass=NullPool)
                )
                for party in PARTIES
            }
        ),
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def login(secretary: Person) -> str:
    """A login of the secretary's device of its own, since the tests may end it."""
    second = Person(secretary.http, secretary.key)
    assert (await second.log_in()).status_code == 200
    return f"{LOGIN_COOKIE}={second.cookie}"


@schemathesis.serializer("application/pdf", CSV, XLSX)
def send_as_it_is(_: schemathesis.SerializationContext, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


class Door:
    """
    Leads to the application of the moment: tests are collected before there is a database.

    It is always open: the application's background work is not started for every request.
    """

    def __init__(self, behind: Litestar) -> None:
        self.behind = behind

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self.behind(scope, receive, send)
            return
        for answer in ("lifespan.startup.complete", "lifespan.shutdown.complete"):
            await receive()
            await send({"type": answer})


nowhere = open_databases(dict.fromkeys(PARTIES, "postgresql+asyncpg://localhost/nowhere"))
door = Door(create_app(make_settings(Path()), nowhere))
schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", door)


def has_no_login(case: schemathesis.Case[Any]) -> bool:
    """Whether the case is about a request without the cookie that it needs."""
    cookie = case.meta.components.get(ParameterLocation.COOKIE) if case.meta else None
    return cookie is not None and cookie.mode is GenerationMode.NEGATIVE


@schema.parametrize()
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_operation_keeps_to_its_schema(
    case: schemathesis.Case[Any], login: str, loopless_app: Litestar
) -> None:
    """Whatever is sent, the answer is documented, and what is not of the form is refused."""
    door.behind = loopless_app
    is_private = bool(case.operation.definition.raw.get("security"))
    headers = {"cookie": login} if is_private and not has_no_login(case) else {}
    case.call_and_validate(headers=headers, checks=CHECKS)
