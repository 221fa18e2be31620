"""One Chromium for the browser tests of a process; the client must have been built (`make web`)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.stage import chromium

CLIENT: Final = Path(__file__).parents[2] / "services/web/dist/client-manifest.txt"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if not CLIENT.is_file():
        pytest.fail("the web client is not built: run `make web`")
    async with chromium() as running:
        yield running
