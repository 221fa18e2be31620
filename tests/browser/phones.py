"""What people do on their phones, in the words that their screens show."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from playwright.async_api import Locator, expect

from schemas.scenario import Mark
from tests.browser.stage import Device
from tests.browser.words import like, text

Look = Callable[[Device, str], Awaitable[None]]
CODE: Final = re.compile(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){4}$")
MARK_KEYS: Final = {"agree": "ballot.agree", "disagree": "ballot.disagree"}
# The first passkey touch or encryption on a busy machine.
SLOW_MS: Final = 120_000


async def look_at_nothing(device: Device, name: str) -> None:
    """The hook of plays that only play."""


def button(device: Device, key: str, **values: object) -> Locator:
    """The button of that text in the device's language."""
    name = text(key, device.language, **values)
    return device.page.get_by_role("button", name=name, exact=True)


def heading(device: Device, key: str, **values: object) -> Locator:
    """The screen's own heading; a value that is not given may be any."""
    pattern = re.compile(f"^{like(key, device.language, **values).pattern}$")
    return device.page.get_by_role("heading", level=1, name=pattern)


def says(device: Device, key: str, **values: object) -> Locator:
    """Where the screen says that text."""
    return device.page.get_by_text(like(key, device.language, **values)).first


async def tap(device: Device, key: str, **values: object) -> None:
    await button(device, key, **values).click()


async def shown_code(device: Device, name_key: str) -> str:
    """The code of five groups under its noun."""
    name = text(name_key, device.language)
    code = device.page.locator(".code", has_text=name).locator(".code-text")
    await expect(code.first).to_have_text(CODE)
    return (await code.first.text_content() or "").strip()


async def join(device: Device, link: str, look: Look = look_at_nothing) -> None:
    """Open a private link and register this device; ends where the client leads to."""
    await device.page.goto(link)
    await expect(button(device, "join.button")).to_be_visible()
    await look(device, "join")
    await tap(device, "join.button")
    await expect(says(device, "join.done")).to_be_visible()
    await look(device, "join-done")


async def open_ballot(device: Device) -> None:
    """Open `/`; with a passkey it asks for a touch first."""
    await device.page.goto("/")
    await let_in(device)


async def let_in(device: Device) -> None:
    """Past the gate: by itself, or with one touch of the passkey."""
    gate = button(device, "login.button")
    opened = device.page.locator("main h1").filter(has_not_text=text("member.title"))
    await expect(gate.or_(opened).first).to_be_visible()
    if await gate.is_visible():
        await gate.click()
        await expect(gate).to_have_count(0)


async def check_in(device: Device, look: Look = look_at_nothing) -> None:
    await expect(heading(device, "checkin.title")).to_be_visible()
    await look(device, "checkin")
    await tap(device, "checkin.button")
    await expect(says(device, "checkin.done")).to_be_visible()
    await look(device, "waiting")


async def take_ballot(device: Device, look: Look = look_at_nothing) -> None:
    """One touch of a passkey; a device key takes the ballot by itself."""
    received = heading(device, "ballot.received")
    if device.authenticator is not None:
        await expect(heading(device, "take.title")).to_be_visible()
        await look(device, "take")
        await tap(device, "ballot.take")
    await expect(received).to_be_visible(timeout=SLOW_MS)
    await shown_code(device, "code.election")
    await look(device, "received")


def case_card(device: Device, no: int) -> Locator:
    return device.page.get_by_role("group", name=re.compile(rf"^\s*{no}\."))


async def mark_case(device: Device, no: int, mark: Mark) -> None:
    """Set one case to `mark`; blank means that nothing is tapped."""
    if mark == "blank":
        return
    name = text(MARK_KEYS[mark], device.language)
    choice = case_card(device, no).get_by_role("button", name=name, exact=True)
    await choice.click()
    await expect(choice).to_have_attribute("aria-pressed", "true")


async def mark_ballot(device: Device, marks: Sequence[Mark], look: Look = look_at_nothing) -> None:
    await expect(heading(device, "ballot.title")).to_be_visible()
    await look(device, "ballot")
    for no, mark in enumerate(marks, start=1):
        await mark_case(device, no, mark)
    blanks = list(marks).count("blank")
    if blanks:
        await expect(says(device, "ballot.remaining", n=blanks)).to_be_visible()
    else:
        await expect(says(device, "ballot.all_marked", n=len(marks))).to_be_visible()
    await look(device, "ballot-marked")


def group_buttons(device: Device, mark: Mark) -> Locator:
    """The buttons that mark all open cases of a group."""
    name = like("ballot.group_button", device.language, mark=text(MARK_KEYS[mark], device.language))
    return device.page.get_by_role("button", name=name)


async def review(device: Device, look: Look = look_at_nothing) -> None:
    """To the sealed ballot with its receipt code, over the review."""
    await tap(device, "review.title")
    await expect(heading(device, "review.title")).to_be_visible()
    await look(device, "review")
    leave, go_on = button(device, "review.leave"), button(device, "app.continue")
    await expect(leave.or_(go_on)).to_be_visible()
    await leave.or_(go_on).click()


async def sealed_code(device: Device) -> str:
    """Wait for the encryption; the receipt code that stands before the choice."""
    await expect(heading(device, "cast.title")).to_be_visible()
    await expect(says(device, "cast.sealed")).to_be_visible(timeout=SLOW_MS)
    return await shown_code(device, "code.receipt")


async def cast(device: Device, look: Look = look_at_nothing) -> str:
    """Into the box; the receipt's code, which is the one shown before."""
    before = await sealed_code(device)
    await look(device, "sealed")
    await tap(device, "cast.button")
    await expect(heading(device, "cast.done")).to_be_visible()
    after = await shown_code(device, "code.receipt")
    assert after == before
    await look(device, "cast")
    return after


async def vote(device: Device, marks: Sequence[Mark], look: Look = look_at_nothing) -> str:
    await mark_ballot(device, marks, look)
    await review(device, look)
    return await cast(device, look)


async def find_in_box(device: Device, look: Look = look_at_nothing) -> None:
    """After closing the phone compares by itself."""
    await expect(says(device, "receipt.included")).to_be_visible(timeout=SLOW_MS)
    await look(device, "included")
