"""A real Chromium with one context a person, each with an authenticator of its own.

Whatever the browser complains of (Content-Security-Policy, uncaught errors, failed checks of ours)
is collected and fails the test; so is every request, with the headers that left the machine.
"""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    async_playwright,
    expect,
)

from tests.browser.words import Language

# The shell is the same engine without windows, at two thirds of the processor time.
CHROMIUM: Final = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
    or "/usr/bin/chromium"
)
ARGUMENTS: Final = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    # Root has no user namespace for the sandbox.
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
)
PHONE: Final = {"width": 390, "height": 844}
DESKTOP: Final = {"width": 1280, "height": 800}
HALL: Final = {"width": 1280, "height": 720}
PATIENCE_MS: Final = 60_000
MAX_BODY_BYTES: Final = 4 << 20
# A request that is refused, or that a test has cut, is a line on the console; the screens deal
# with it. What the policy refuses is told in other words.
EXPECTED: Final = re.compile(
    r"Failed to load resource: (the server responded with a status of"
    r"|net::ERR_(FAILED|ABORTED|INTERNET_DISCONNECTED|CONNECTION_\w+|NETWORK_CHANGED)$)"
)

expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True)
class SentRequest:
    """One request as it left: `headers` are the wire's own, cookies included."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None


@dataclass
class Device:
    """One person's browser, with a page, what it complained of and what it sent."""

    name: str
    context: BrowserContext
    page: Page
    cdp: CDPSession
    complaints: list[str] = field(default_factory=list)
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    authenticator: str | None = None
    language: Language = "vi"

    @property
    def is_phone(self) -> bool:
        return self.page.viewport_size == PHONE

    def all_sent(self) -> list[SentRequest]:
        """Every request of this device's pages, in the order they began."""
        return [
            SentRequest(
                each["method"], each["url"], each.get("wire", each["headers"]), each.get("body")
            )
            for each in self.requests.values()
            if "url" in each
        ]

    def sent(self, path_end: str) -> list[SentRequest]:
        """Those whose path ends so."""
        return [each for each in self.all_sent() if urlsplit(each.url).path.endswith(path_end)]

    async def reopen(self, path: str | None = None) -> None:
        """Kill the page, as a phone does with a tab that it needs the memory of; open it again."""
        url = self.page.url if path is None else path
        await self.page.close()
        page = await self.context.new_page()
        await adopt_page(self, page)
        await page.goto(url)


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    """Ask again until it holds, for what no screen shows."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_MS / 1000
    while not await holds():
        assert asyncio.get_running_loop().time() < deadline, what
        await asyncio.sleep(0.1)


READ_KEPT: Final = """(store) => new Promise((resolve, reject) => {
  const opening = indexedDB.open('phieukin');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const reading = opening.result.transaction(store).objectStore(store).getAll();
    reading.onsuccess = () => {
      opening.result.close();
      resolve(reading.result.map((each) => JSON.stringify(each)));
    };
  };
})"""


async def kept_in(device: Device, store: str) -> list[str]:
    """What the device keeps in a store of its database, each as JSON."""
    return list(await device.page.evaluate(READ_KEPT, store))


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


async def new_device(
    browser: Browser,
    name: str,
    base_url: str,
    *,
    phone: bool = True,
    passkey: bool = False,
    prf: bool = True,
    viewport: dict[str, int] | None = None,
    **options: Any,
) -> Device:
    """
    A fresh browser profile; with `passkey` it has a platform authenticator that touches itself.

    Without, there is no WebAuthn in it at all, as in browsers that have none.
    """
    settings = _options(base_url, phone=phone) | options
    if viewport is not None:
        settings["viewport"] = viewport
    context = await browser.new_context(**settings)
    return await _settle(context, name, passkey=passkey, prf=prf)


async def kept_device(browser: Browser, folder: Path, base_url: str) -> Device:
    """A phone without passkeys whose profile stays in `folder` when its browser has ended."""
    context = await browser.browser_type.launch_persistent_context(
        folder,
        executable_path=CHROMIUM,
        args=list(ARGUMENTS),
        **_options(base_url, phone=True),
    )
    return await _settle(context, "phone", passkey=False, prf=False)


def _options(base_url: str, *, phone: bool) -> dict[str, Any]:
    return {
        "base_url": base_url,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": PHONE if phone else DESKTOP,
        "has_touch": phone,
        "is_mobile": phone,
        "device_scale_factor": 2 if phone else 1,
        "reduced_motion": "reduce",
    }


async def _settle(context: BrowserContext, name: str, *, passkey: bool, prf: bool) -> Device:
    context.set_default_timeout(PATIENCE_MS)
    if not passkey:
        await context.add_init_script("delete globalThis.PublicKeyCredential")
    page = await context.new_page()
    device = Device(name, context, page, await context.new_cdp_session(page))
    await adopt_page(device, page)
    if passkey:
        await add_authenticator(device, prf=prf)
    return device


async def adopt_page(device: Device, page: Page) -> None:
    """Make `page` the device's page, and hear everything from it."""
    device.page = page
    device.cdp = await device.context.new_cdp_session(page)
    page.on("pageerror", lambda error: device.complaints.append(f"{device.name}: {error}"))
    page.on(
        "console",
        lambda message: (
            device.complaints.append(f"{device.name}: {message.text}")
            if message.type == "error" and not EXPECTED.match(message.text)
            else None
        ),
    )
    # Numbers of requests are those of one page's process.
    pages = len(device.context.pages) + len(device.requests)
    device.cdp.on(
        "Network.requestWillBeSent", lambda event: _note_request(device, f"{pages} ", event)
    )
    device.cdp.on(
        "Network.requestWillBeSentExtraInfo", lambda event: _note_wire(device, f"{pages} ", event)
    )
    # Else the protocol leaves long bodies out, and ballots are long.
    await device.cdp.send("Network.enable", {"maxPostDataSize": MAX_BODY_BYTES})


async def add_authenticator(device: Device, *, prf: bool) -> None:
    """A platform authenticator as phones have one; credentials live as long as its page."""
    await device.cdp.send("WebAuthn.enable")
    answer = await device.cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "ctap2Version": "ctap2_1",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
                "hasPrf": prf,
            }
        },
    )
    device.authenticator = answer["authenticatorId"]


def _note_request(device: Device, page: str, event: dict[str, Any]) -> None:
    sent = event["request"]
    noted = device.requests.setdefault(page + event["requestId"], {})
    noted |= {
        "method": sent["method"],
        "url": sent["url"],
        "headers": sent["headers"],
        "body": sent.get("postData"),
    }


def _note_wire(device: Device, page: str, event: dict[str, Any]) -> None:
    device.requests.setdefault(page + event["requestId"], {})["wire"] = event["headers"]
