"""One Chromium and one service for the browser tests of a process.

The client must have been built (`make web`); TESTED_CLIENT_DIR names another build of it.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from services.simulation.secretary import Secretary
from services.simulation.service_process import RunningService, running_service
from tests.browser.operator_access import Operator
from tests.browser.stage import Device, chromium, new_device
from tests.browser.surroundings import TELLERS, Surroundings, first_secretary, small_scenario

CLIENT: Final = Path(
    os.environ.get("TESTED_CLIENT_DIR", Path(__file__).parents[2] / "services/web/dist")
)
NewPhone = Callable[..., Awaitable[Device]]


@pytest.fixture(scope="session")
def client_dir() -> Path:
    """The built client."""
    if not (CLIENT / "client-manifest.txt").is_file():
        pytest.fail("the web client is not built: run `make web`")
    return CLIENT


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(client_dir: Path) -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def service(client_dir: Path) -> AsyncIterator[RunningService]:
    """A service that the tests share, each with a council of its own."""
    async with running_service(client_dir=client_dir) as running:
        yield running


@pytest.fixture(scope="session")
def operator(service: RunningService) -> Operator:
    return Operator(service)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def secretary(service: RunningService) -> AsyncIterator[Secretary]:
    """The simulated secretary of all these councils."""
    made = await first_secretary(service.base_url, service.enrolment_link)
    yield made
    await made.device.api.close()


@pytest_asyncio.fixture(loop_scope="session")
async def surroundings(secretary: Secretary) -> AsyncIterator[Surroundings]:
    """A convened meeting of three cases, whose tellers are all simulated."""
    made = Surroundings(secretary, small_scenario(3, TELLERS))
    await made.convene()
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def with_own_teller(secretary: Secretary) -> AsyncIterator[Surroundings]:
    """The same with member 1, whose phone is under test, as the head teller."""
    made = Surroundings(secretary, small_scenario(3, (1, 2, 3)))
    await made.convene()
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_phone(browser: Browser, service: RunningService) -> AsyncIterator[NewPhone]:
    """Makes browsers of the service's client; a complaint of any of them fails the test."""
    origin = service.enrolment_link.partition("/join")[0]
    made: list[Device] = []

    async def make(name: str = "phone", **options: Any) -> Device:
        device = await new_device(browser, name, origin, **options)
        made.append(device)
        return device

    yield make
    for device in made:
        await device.context.close()
    assert [complaint for device in made for complaint in device.complaints] == []
