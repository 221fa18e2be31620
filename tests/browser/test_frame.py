"""The frame of all screens: policy, service worker, program hash, languages, sizes, keyboard."""

import json
import re
from typing import Any, Final

import pytest
from playwright.async_api import Locator, expect

from schemas.scenario import Mark
from tests.browser import phones
from tests.browser.accessibility import accessibility_faults, layout_faults
from tests.browser.conftest import NewPhone
from tests.browser.counting_team import Teller
from tests.browser.phones import button, heading, says, tap
from tests.browser.stage import Device, until
from tests.browser.surroundings import Surroundings
from tests.browser.words import text, texts

MARKS: Final[tuple[Mark, ...]] = ("agree", "disagree", "blank")
AREAS: Final = ("/", "/join", "/check", "/teller", "/officer", "/secretary", "/hall", "/kiosk")
EVERYWHERE: Final = (*AREAS, "/verify")
# Letters that English has not.
VIETNAMESE: Final = re.compile(
    "[ăâđêôơưạảãàáặẳẵằắậẩẫầấẹẻẽèéệểễềếịỉĩìíọỏõòóộổỗồốợởỡờớụủũùúựửữừứỵỷỹỳý]", re.I
)
# Councils of other tests on the same service.
OTHERS: Final = re.compile("Hội đồng thử [0-9a-f]{6}")
NARROW: Final = {"width": 320, "height": 640}
# What the policy must refuse; each answers with the name of what it threw.
FORBIDDEN: Final = {
    "innerHTML": "() => { document.body.innerHTML = '<b>no</b>'; }",
    "inline script": "() => { document.createElement('script').text = 'globalThis.ran = 1'; }",
    "foreign worker": "() => { new Worker('https://elsewhere.example/worker.js'); }",
    "own file as a worker": "() => { new Worker('/client-manifest.txt'); }",
    "worker out of data": "() => { new Worker('data:text/javascript,1'); }",
    "another policy": "() => { trustedTypes.createPolicy('another', {}); }",
    "the policy again": "() => { trustedTypes.createPolicy('phieukin', {}); }",
}
ELSEWHERE: Final = """() => fetch('https://elsewhere.example/', {mode: 'no-cors'})"""
IS_KEPT: Final = """async () => {
  const kept = await navigator.serviceWorker.getRegistration();
  return kept?.active?.state === 'activated';
}"""
ANSWER: Final = """async (act) => {
  try { await act(); return 'done'; } catch (error) { return error.name; }
}"""


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
async def test_policy_bites(what: str, new_phone: NewPhone) -> None:
    """Text that reached the page could run nothing: the browser itself refuses it."""
    phone = await new_phone()
    await phone.page.goto("/")
    # By then the client has made its one policy.
    await kept_by_service_worker(phone)
    handle = await phone.page.evaluate_handle(f"() => ({FORBIDDEN[what]})")
    assert await handle.evaluate(ANSWER) == "TypeError"
    assert await phone.page.evaluate("() => globalThis.ran") is None
    phone.complaints.clear()  # the browser's own account of it


async def kept_by_service_worker(phone: Device) -> None:
    """From the next page on, that is: one that loads while the worker starts is left to itself."""

    async def is_kept() -> bool:
        return bool(await phone.page.evaluate(IS_KEPT))

    await until(is_kept, "the service worker is active")


async def test_policy_lets_nothing_out(new_phone: NewPhone) -> None:
    """No request to anybody else."""
    phone = await new_phone()
    await phone.page.goto("/")
    handle = await phone.page.evaluate_handle(f"() => ({ELSEWHERE})")
    assert await handle.evaluate(ANSWER) == "TypeError"
    assert any("Content Security Policy" in each for each in phone.complaints)
    phone.complaints.clear()


async def test_client_without_network(surroundings: Surroundings, new_phone: NewPhone) -> None:
    """The service worker keeps the whole client, also areas that were never opened."""
    phone = await new_phone()
    await phones.join(phone, surroundings.link)
    await phones.open_ballot(phone)
    await expect(heading(phone, "checkin.title")).to_be_visible()
    await kept_by_service_worker(phone)
    await phone.context.set_offline(True)
    await phone.page.reload()
    await expect(heading(phone, "member.title")).to_be_visible()
    await expect(says(phone, "error.unreachable")).to_be_visible()
    await phone.page.goto("/verify")
    await expect(heading(phone, "verify.title")).to_be_visible()
    await phone.context.set_offline(False)
    await phones.open_ballot(phone)
    await expect(heading(phone, "checkin.title")).to_be_visible()


async def test_program_hash_on_the_page_is_that_of_the_terms(
    surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """Two devices with the same row run the program that the election names."""
    phone = await new_phone()
    await surroundings.make_key()
    await surroundings.issue()
    entries = [json.loads(each) for each in await surroundings.board_entries()]
    terms = next(each for each in entries if each.get("type") == "terms")
    await phone.page.goto("/verify")
    await phone.page.get_by_text(text("app.program"), exact=True).click()
    shown = phone.page.locator("footer code")
    await expect(shown).to_have_text(terms["client_hash"])


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_both_languages_everywhere(path: str, new_phone: NewPhone) -> None:
    """One tap changes every text; the choice is kept."""
    phone = await new_phone()
    await phone.page.goto(path)
    await expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
    await phone.page.get_by_role("button", name="English", exact=True).click()
    await expect(phone.page.get_by_role("button", name="Tiếng Việt")).to_be_visible()
    assert await vietnamese_left(phone) == []
    await expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    await phone.page.reload()
    await expect(phone.page.get_by_role("button", name="Tiếng Việt")).to_be_visible()
    assert await vietnamese_left(phone) == []


async def vietnamese_left(device: Device, known: frozenset[str] = frozenset()) -> list[str]:
    """Lines on the screen with Vietnamese letters that are no data of the meeting."""
    shown = await device.page.evaluate(
        """() => [...document.querySelectorAll('body *:not(:has(*)):not([lang=vi])')]
          .filter((each) => each.checkVisibility() && !each.closest('[lang=vi]'))
          .flatMap((each) => [each.innerText ?? '', each.getAttribute('aria-label') ?? ''])"""
    )
    left = []
    for line in shown:
        if line in texts("en"):
            continue  # an English sentence with a Vietnamese example
        rest = OTHERS.sub("", line)
        for word in sorted(known, key=len, reverse=True):
            rest = rest.replace(word, "")
        if VIETNAMESE.search(rest):
            left.append(line)
    return left


# How the same way through the screens is looked at; `large` is the person's own text size.
VARIANTS: Final[dict[str, dict[str, Any]]] = {
    "narrow": {"viewport": NARROW},
    "large text": {"viewport": NARROW},
    "dark": {"color_scheme": "dark"},
    "high contrast": {"forced_colors": "active"},
    "english": {},
}


def inspector(variant: str, faults: list[str], known: frozenset[str]) -> phones.Look:
    """The hook that looks for what may be wrong in this variant."""

    async def look(device: Device, name: str) -> None:
        found: list[str] = []
        if variant == "large text":
            await device.page.evaluate(
                "() => { document.documentElement.style.fontSize = '200%'; }"
            )
        if variant in ("narrow", "large text"):
            found += await layout_faults(device.page)
        if variant == "dark":
            found += await accessibility_faults(device.page)
        if variant == "english":
            found += await vietnamese_left(device, known)
        faults.extend(f"{name}: {each}" for each in found)

    return look


async def switch_language(device: Device) -> None:
    await device.page.goto("/")
    await device.page.get_by_role("button", name="English", exact=True).click()
    await expect(device.page.get_by_role("button", name="Tiếng Việt")).to_be_visible()
    device.language = "en"


@pytest.mark.parametrize("variant", sorted(VARIANTS))
async def test_members_screens(
    variant: str, surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """From the invitation to the result: no text lost, nothing wider than the screen."""
    faults: list[str] = []
    look = inspector(variant, faults, surroundings.data)
    phone = await new_phone(**VARIANTS[variant])
    if variant == "english":
        await switch_language(phone)
    await phones.join(phone, surroundings.link, look)
    await phones.open_ballot(phone)
    await phones.check_in(phone, look)
    await surroundings.make_key()
    await surroundings.issue()
    await phones.take_ballot(phone, look)
    await surroundings.start()
    await phones.vote(phone, MARKS, look)
    await surroundings.others_vote()
    await surroundings.end_voting()
    await phones.find_in_box(phone, look)
    await surroundings.count()
    await expect(says(phone, "result.title")).to_be_visible()
    await look(phone, "outcomes")
    assert faults == []


@pytest.mark.parametrize("variant", sorted(VARIANTS))
async def test_tellers_screens(
    variant: str, with_own_teller: Surroundings, new_phone: NewPhone
) -> None:
    """The key and its pass-phrase."""
    faults: list[str] = []
    look = inspector(variant, faults, with_own_teller.data)
    phone = await new_phone("teller", **VARIANTS[variant])
    if variant == "english":
        await switch_language(phone)
    await phones.join(phone, with_own_teller.link)
    await with_own_teller.name_tellers()
    teller = Teller(phone, has_prf=False, look=look)
    await teller.open()
    await teller.take_key()
    await teller.see_waiting()
    assert faults == []


@pytest.mark.parametrize("variant", sorted(VARIANTS))
async def test_secretarys_screens(
    variant: str, surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """A second secretary's console, on every page of a council and a meeting under way."""
    faults: list[str] = []
    look = inspector(variant, faults, surroundings.data)
    desk = await new_phone("secretary", **VARIANTS[variant])
    if variant == "english":
        await switch_language(desk)
    await phones.join(desk, await surroundings.invite_secretary())
    council, meeting = surroundings.council_id, surroundings.meeting_id
    await surroundings.until_voting()
    steps = ("list", "attendance", "team", "issue", "start", "close", "result", "papers", "meeting")
    places = (
        *("/", "/councils/new", "/secretaries", f"/councils/{council}"),
        *(f"/councils/{council}/{part}" for part in ("members", "invitations", "meetings/new")),
        *(f"/meetings/{meeting}/{surroundings.uuid}/{step}" for step in steps),
    )
    for place in places:
        await desk.page.goto(f"/secretary#{place}")
        await expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
        await expect(desk.page.get_by_text(text("app.loading", desk.language))).to_have_count(0)
        await look(desk, place)
    assert faults == []


async def tab_to(device: Device, target: Locator) -> None:
    """Press Tab until the target has the focus, as somebody without a mouse does."""
    await expect(target).to_be_visible()
    for _ in range(100):
        if await target.evaluate("(each) => each === document.activeElement"):
            return
        await device.page.keyboard.press("Tab")
    raise AssertionError("no Tab leads there")


async def test_marking_and_casting_by_keyboard(
    surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """Everything on the way to the receipt works without touching the screen."""
    phone = await new_phone()
    keyboard = phone.page.keyboard

    async def press(target: Locator) -> None:
        await tab_to(phone, target)
        await keyboard.press("Enter")

    await phone.page.goto(surroundings.link)
    await press(button(phone, "join.button"))
    await press(phone.page.get_by_role("link", name=text("join.done_member")))
    await press(button(phone, "checkin.button"))
    await expect(says(phone, "checkin.done")).to_be_visible()
    await surroundings.until_voting_with(lambda: phones.take_ballot(phone))
    await expect(heading(phone, "ballot.title")).to_be_visible()
    await keyboard.press("Tab")
    for no, mark in enumerate(("agree", "disagree", "agree"), start=1):
        name = text(f"ballot.{mark}")
        card = phones.case_card(phone, no)
        choice = card.get_by_role("button", name=name, exact=True)
        await tab_to(phone, choice)
        await keyboard.press("Space")
        await expect(choice).to_have_attribute("aria-pressed", "true")
        await expect(choice).to_be_focused()
    await press(button(phone, "ballot.cover"))
    await expect(says(phone, "ballot.covered")).to_be_visible()
    await keyboard.press("Escape")
    await expect(says(phone, "ballot.covered")).to_have_count(0)
    await press(button(phone, "review.title"))
    await expect(heading(phone, "review.title")).to_be_focused()
    await press(button(phone, "app.continue"))
    await expect(says(phone, "cast.sealed")).to_be_visible()
    await press(button(phone, "cast.button"))
    await expect(heading(phone, "cast.done")).to_be_focused()
    await tap(phone, "app.show_qr")


async def test_inspection_sees_faults(new_phone: NewPhone) -> None:
    """What the other tests find nothing with does find something where there is something."""
    phone = await new_phone()
    await phone.page.goto("/verify")
    await expect(heading(phone, "verify.title")).to_be_visible()
    assert await accessibility_faults(phone.page) == []
    assert await layout_faults(phone.page) == []
    await phone.page.evaluate(
        """() => {
          const button = document.createElement('button');
          button.style.cssText = 'width: 20px; height: 20px; margin-left: 1000px';
          document.querySelector('main').append(button, document.createElement('img'));
        }"""
    )
    found = await accessibility_faults(phone.page)
    assert {each.partition(":")[0] for each in found} >= {"button-name", "image-alt"}
    assert len(await layout_faults(phone.page)) >= 2
