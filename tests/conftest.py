"""What tests of services share: one real PostgreSQL a process, migrated once."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from hypothesis import settings

from services.database import Databases, open_databases
from services.database_setup import prepare_embedded
from services.embedded_postgres import EmbeddedPostgres, throwaway_postgres

# No deadline for an example: the machine may be busy. In CI the same examples each time.
settings.register_profile("steady", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("steady")


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A cluster of this test process alone: with xdist every worker has one."""
    with throwaway_postgres() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database_urls(postgres: EmbeddedPostgres) -> dict[str, str]:
    """SQLAlchemy URLs by party, each with that party's own role; all tables are there."""
    return await prepare_embedded(postgres)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def databases(database_urls: dict[str, str]) -> AsyncIterator[Databases]:
    """The parties' databases. Tests share them: take fresh random ids, delete nothing."""
    opened = open_databases(database_urls)
    yield opened
    await opened.dispose()


# Meetings played once, of which many tests read; each is named by its parameters.
SHARED_PLAYS = ("tests/browser/test_whole_meeting.py", "tests/meeting/test_whole_meeting.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who plays a shared meeting comes first, who reads of it last: no worker waits for a play."""
    first: dict[str, pytest.Item] = {}
    reading: list[pytest.Item] = []
    for item in items:
        path, _, test = item.nodeid.partition("::")
        if path in SHARED_PLAYS:
            _, bracket, meeting = test.partition("[")
            if bracket and first.setdefault(path + meeting, item) is item:
                continue
            reading.append(item)
    playing = list(first.values())
    apart = {*playing, *reading}
    items[:] = [*playing, *(item for item in items if item not in apart), *reading]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: a check that nobody made is no check."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("CI=true: a skipped test is a failure", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
