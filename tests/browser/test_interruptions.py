"""Whatever happens to a phone between two steps: no ballot is lost, and none is cast twice."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from services.simulation.http_client import ProblemError
from services.simulation.service_process import RunningService
from tests.browser import phones
from tests.browser.conftest import NewPhone
from tests.browser.one_phone import (
    MARKS,
    Cut,
    bodies_sent,
    checked_in,
    sealed,
    see_one_ballot,
    voting,
)
from tests.browser.operator_access import Operator
from tests.browser.phones import SLOW_MS, heading, says, tap
from tests.browser.stage import Device, adopt_page, kept_device, kept_in, until
from tests.browser.surroundings import SECOND, Surroundings
from tests.browser.words import text

BOX = "**/api/v1/elections/*/ballots"
ISSUANCE = "**/api/v1/elections/*/issuance"
CONFIRMATION = "**/api/v1/elections/*/issuance/confirmation"
# Whether the service has heard a request that the network loses.
HEARD = [pytest.param(False, id="before"), pytest.param(True, id="after")]


@pytest.mark.parametrize("is_heard", HEARD)
async def test_network_lost_while_casting(
    is_heard: bool, surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """The phone keeps the very same bytes and repeats them until it has the promise."""
    phone = await new_phone()
    code = await sealed(phone, surroundings)
    cut = Cut(is_heard)
    await phone.context.route(BOX, cut)
    await tap(phone, "cast.button")
    await expect(says(phone, "cast.retry")).to_be_visible()
    cut.mend()
    await expect(heading(phone, "cast.done")).to_be_visible()
    assert await phones.shown_code(phone, "code.receipt") == code
    sent = bodies_sent(phone)
    assert len(sent) >= 2
    assert len(set(sent)) == 1
    await see_one_ballot(phone, surroundings)


@pytest.mark.parametrize("is_heard", HEARD)
async def test_killed_tab_while_casting(
    is_heard: bool, surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """The next page sends the very same bytes by itself, without a login."""
    phone = await new_phone()
    code = await sealed(phone, surroundings)
    cut = Cut(is_heard)
    await phone.context.route(BOX, cut)
    await tap(phone, "cast.button")
    await expect(says(phone, "cast.retry")).to_be_visible()
    await phone.reopen()
    await expect(says(phone, "cast.retry")).to_be_visible()
    await phone.context.clear_cookies()
    cut.mend()
    await phone.reopen()
    await expect(says(phone, "cast.done")).to_be_visible()
    assert await phones.shown_code(phone, "code.receipt") == code
    assert len(set(bodies_sent(phone))) == 1
    await see_one_ballot(phone, surroundings)


@pytest.mark.parametrize("is_heard", HEARD)
async def test_killed_tab_while_the_ballot_is_taken(
    is_heard: bool, surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """One token: the same signed request again gives the same answer."""
    phone = await new_phone()
    await checked_in(phone, surroundings)
    await surroundings.make_key()
    cut = Cut(is_heard)
    await phone.context.route(ISSUANCE, cut)
    await surroundings.issue()

    async def is_asked(times: int) -> bool:
        return len(cut.bodies) >= times

    await until(lambda: is_asked(1), "the phone asks for its ballot")
    before = len(cut.bodies)
    await phone.reopen()
    await until(lambda: is_asked(before + 1), "the new page asks again")
    cut.mend()
    await expect(heading(phone, "ballot.received")).to_be_visible()
    assert len(set(cut.bodies)) == 1
    await surroundings.start()
    await phones.vote(phone, MARKS)
    await see_one_ballot(phone, surroundings)


async def test_killed_tab_before_the_confirmation(
    surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """The token is kept; the confirmation follows when there is a network again."""
    phone = await new_phone()
    await checked_in(phone, surroundings)
    await surroundings.make_key()
    cut = Cut(is_heard=False)
    await phone.context.route(CONFIRMATION, cut)
    await surroundings.issue()
    await expect(heading(phone, "ballot.received")).to_be_visible(timeout=SLOW_MS)
    assert (await surroundings.view())["confirmed"] == 3
    await phone.reopen()
    await expect(heading(phone, "ballot.received")).to_be_visible()
    cut.mend()

    async def is_confirmed() -> bool:
        return bool((await surroundings.view())["confirmed"] == 4)

    await until(is_confirmed, "the phone confirms")
    await surroundings.start()
    await phones.vote(phone, MARKS)
    await see_one_ballot(phone, surroundings)


async def test_killed_tab_while_marking(surroundings: Surroundings, new_phone: NewPhone) -> None:
    """The marks are still there, at the ballot and at the review."""
    phone = await new_phone()
    await voting(phone, surroundings)
    await phones.mark_case(phone, 1, "agree")
    await phones.mark_case(phone, 2, "disagree")
    await phone.reopen()
    await expect(says(phone, "ballot.remaining", n=1)).to_be_visible()
    await phones.mark_case(phone, 3, "agree")
    await tap(phone, "review.title")
    await expect(heading(phone, "review.title")).to_be_visible()
    await phone.page.reload()
    await expect(says(phone, "review.ready")).to_be_visible()
    await tap(phone, "app.continue")
    await phones.cast(phone)
    await see_one_ballot(phone, surroundings)


async def test_killed_tab_before_the_choice(
    surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """A sealed ballot that was not cast is forgotten: the next has another seed and code."""
    phone = await new_phone()
    code = await sealed(phone, surroundings)
    await phone.reopen("/")
    await expect(says(phone, "ballot.all_marked", n=3)).to_be_visible()
    await phones.review(phone)
    assert await phones.cast(phone) != code
    assert len(bodies_sent(phone)) == 1
    await see_one_ballot(phone, surroundings)


async def test_killed_tab_after_the_promise(
    surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """The receipt is kept; nothing is sent again; seed and marks are gone."""
    phone = await new_phone()
    await sealed(phone, surroundings)
    code = await phones.cast(phone)
    await phone.reopen("/")
    await expect(heading(phone, "cast.done")).to_be_visible()
    assert await phones.shown_code(phone, "code.receipt") == code
    assert len(bodies_sent(phone)) == 1
    (kept,) = await kept_in(phone, "ballots")
    assert '"marks"' not in kept
    assert '"seed"' not in kept
    await see_one_ballot(phone, surroundings)


async def test_closed_while_the_phone_was_off(
    surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """A ballot that never reached the box is said to be not counted."""
    phone = await new_phone()
    await sealed(phone, surroundings)
    cut = Cut(is_heard=False)
    await phone.context.route(BOX, cut)
    await tap(phone, "cast.button")
    await expect(says(phone, "cast.retry")).to_be_visible()
    await surroundings.others_vote()
    await surroundings.end_voting()
    cut.mend()
    await phone.reopen("/")
    await expect(says(phone, "closed.not_cast")).to_be_visible(timeout=SLOW_MS)
    assert (await surroundings.view())["returned"] == 3


async def test_box_that_loses_a_ballot(
    surroundings: Surroundings, new_phone: NewPhone, operator: Operator
) -> None:
    """The phone finds it, and its claim is on the log before anybody opens the sum."""
    phone = await new_phone()
    await voting(phone, surroundings)
    await phones.vote(phone, MARKS)
    await operator.drop_only_ballot(surroundings.uuid)
    await surroundings.others_vote()
    await surroundings.end_voting()
    await expect(says(phone, "receipt.missing")).to_be_visible(timeout=SLOW_MS)
    await expect(says(phone, "receipt.claim_entered")).to_be_visible(timeout=SLOW_MS)
    await tap(phone, "receipt.promise_show")
    await expect(phone.page.get_by_role("img", name=text("receipt.promise_label"))).to_be_visible()
    claims = [each for each in await surroundings.board_entries() if b'"type":"claim"' in each]
    assert len(claims) == 1
    with pytest.raises(ProblemError):
        await surroundings.count()


async def test_two_tabs(surroundings: Surroundings, new_phone: NewPhone) -> None:
    """One tab acts; the other says so, and can take over with all that is stored."""
    phone = await new_phone()
    await voting(phone, surroundings)
    await phones.mark_case(phone, 1, "agree")
    first = phone.page
    await adopt_page(phone, await phone.context.new_page())
    await phone.page.goto("/")
    await expect(says(phone, "error.other_tab")).to_be_visible()
    await tap(phone, "error.other_tab_use")
    await expect(says(phone, "ballot.remaining", n=2)).to_be_visible()
    await expect(first.get_by_text(text("error.other_tab"))).to_be_visible()
    await phones.mark_case(phone, 2, "agree")
    await phones.review(phone)
    await phones.cast(phone)
    await see_one_ballot(phone, surroundings)


async def test_back_button(surroundings: Surroundings, new_phone: NewPhone) -> None:
    """Back goes one step and loses no mark; after the cast it leads to no second one."""
    phone = await new_phone()
    await voting(phone, surroundings)
    await phones.mark_ballot(phone, MARKS)
    await phones.review(phone)
    code = await phones.sealed_code(phone)
    await phone.page.go_back()
    await expect(heading(phone, "review.title")).to_be_visible()
    await phone.page.go_back()
    await expect(says(phone, "ballot.all_marked", n=3)).to_be_visible()
    await phones.review(phone)
    assert await phones.cast(phone) != code
    await phone.page.go_back()
    await expect(heading(phone, "cast.done")).to_be_visible()
    await phone.page.go_forward()
    await expect(heading(phone, "cast.done")).to_be_visible()
    assert len(bodies_sent(phone)) == 1
    await see_one_ballot(phone, surroundings)


@pytest.mark.parametrize("days", [1, -1])
async def test_clock_wrong_by_a_day(
    days: int, surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """Nothing that a phone does or refuses depends on its clock."""
    phone = await new_phone()
    await phone.page.clock.set_system_time(datetime.now(UTC) + timedelta(days=days))
    await sealed(phone, surroundings)
    await phones.cast(phone)
    await see_one_ballot(phone, surroundings)


@asynccontextmanager
async def powered(browser: Browser, folder: Path, origin: str) -> AsyncIterator[Device]:
    """A browser that keeps its storage in `folder`; leaving it is a battery that goes flat."""
    device = await kept_device(browser, folder, origin)
    try:
        yield device
    finally:
        for pid in processes_of(folder):
            os.kill(pid, signal.SIGKILL)


def processes_of(folder: Path) -> list[int]:
    """The browser that we have started on this folder; its other processes end with it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended meanwhile
        is_child = any(each.startswith(b"--type=") for each in arguments)
        if f"--user-data-dir={folder}".encode() in arguments and not is_child:
            found.append(int(process.name))
    return found


async def test_flat_battery(
    browser: Browser, service: RunningService, surroundings: Surroundings, tmp_path: Path
) -> None:
    """The process ends between any two writes: what was stored before is on the disk."""
    origin = service.enrolment_link.partition("/join")[0]
    async with powered(browser, tmp_path, origin) as phone:
        await checked_in(phone, surroundings)
        await surroundings.make_key()
        await surroundings.issue()
        await expect(heading(phone, "ballot.received")).to_be_visible(timeout=SLOW_MS)
    await surroundings.start()
    async with powered(browser, tmp_path, origin) as phone:
        await phone.page.goto("/")
        await phones.mark_ballot(phone, MARKS)
        await phones.review(phone)
        code = await phones.sealed_code(phone)
        await phone.context.route(BOX, Cut(is_heard=True))
        await tap(phone, "cast.button")
        await expect(says(phone, "cast.retry")).to_be_visible()
        sent = bodies_sent(phone)
    async with powered(browser, tmp_path, origin) as phone:
        await phone.page.goto("/")
        await expect(heading(phone, "cast.done")).to_be_visible()
        assert await phones.shown_code(phone, "code.receipt") == code
        assert set(bodies_sent(phone)) == set(sent)
    async with powered(browser, tmp_path, origin) as phone:
        await phone.page.goto("/")
        await expect(heading(phone, "cast.done")).to_be_visible()
        assert bodies_sent(phone) == []
        await see_one_ballot(phone, surroundings)


async def test_second_phone_after_a_new_invitation(
    surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """Two devices, one ballot: it stays where it was taken, and can be cast there."""
    phone = await new_phone()
    await checked_in(phone, surroundings)
    await surroundings.make_key()
    await surroundings.issue()
    await phones.take_ballot(phone)
    second = await new_phone("second")
    await phones.join(second, await surroundings.invite(1))
    await phones.open_ballot(second)
    await expect(says(second, "error.second-phone")).to_be_visible()
    await second.page.get_by_text(text("error.lost_phone_question")).click()
    await expect(says(second, "error.lost-phone")).to_be_visible()
    assert [each for each in second.sent("/issuance") if each.method == "POST"] == []
    await surroundings.start()
    await phone.reopen("/")
    await surroundings.others_vote()
    assert (await surroundings.view())["issued"] == 4


async def test_late_member(surroundings: Surroundings, new_phone: NewPhone) -> None:
    """Who comes when voting goes on is told what that can show, and votes."""
    phone = await new_phone()
    await phones.join(phone, surroundings.second_link)
    await surroundings.until_voting()
    await phones.open_ballot(phone)
    await expect(says(phone, "member.hello", name=SECOND)).to_be_visible()
    await tap(phone, "checkin.button")
    await expect(says(phone, "take.late")).to_be_visible()
    await phones.vote(phone, MARKS)
    await see_one_ballot(phone, surroundings)
