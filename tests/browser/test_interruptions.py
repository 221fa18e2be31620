"""Whatever happens to a phone between two steps: no ballot is lost, and none is cast twice.

Everybody but the phone under test is a client of the simulation. Its key is a device key unless a
passkey matters: a browser's virtual authenticator goes with its page.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Route, expect

from schemas.scenario import Mark
from tests.browser import phones
from tests.browser.conftest import NewPhone
from tests.browser.phones import SLOW_MS, button, heading, says, tap
from tests.browser.stage import Device, adopt_page, until
from tests.browser.surroundings import NAME, SECOND, Surroundings
from tests.browser.words import text

BOX = "**/api/v1/elections/*/ballots"
ISSUANCE = "**/api/v1/elections/*/issuance"
CONFIRMATION = "**/api/v1/elections/*/issuance/confirmation"
MARKS: tuple[Mark, ...] = ("agree", "disagree", "agree")


async def checked_in(phone: Device, others: Surroundings) -> None:
    """Joined and checked in."""
    await phones.join(phone, others.link)
    await phones.open_ballot(phone)
    await phones.check_in(phone)


async def voting(phone: Device, others: Surroundings) -> None:
    """Everything up to the open ballot on this phone."""
    await checked_in(phone, others)
    await others.make_key()
    await others.issue()
    await phones.take_ballot(phone)
    await others.start()
    await expect(heading(phone, "ballot.title")).to_be_visible()


async def sealed(phone: Device, others: Surroundings) -> str:
    """Everything up to the choice; the receipt code."""
    await voting(phone, others)
    await phones.mark_ballot(phone, MARKS)
    await phones.review(phone)
    return await phones.sealed_code(phone)


async def see_one_ballot(phone: Device, others: Surroundings) -> None:
    """The rest of the meeting: this phone's ballot is one of four, and in the sealed box."""
    await others.others_vote()
    await others.end_voting()
    view = await others.view()
    assert (view["issued"], view["returned"]) == (4, 4)
    await phones.find_in_box(phone)


def bodies_sent(phone: Device) -> list[str | None]:
    return [each.body for each in phone.sent("/ballots") if each.method == "POST"]


@dataclass
class Cut:
    """A network that loses requests, or only the answers once the service has heard them."""

    is_heard: bool
    is_mended: bool = False
    bodies: list[str | None] = field(default_factory=list)

    async def __call__(self, route: Route) -> None:
        if self.is_mended:
            await route.continue_()
            return
        if self.is_heard:
            await route.fetch()
        await route.abort()
        self.bodies.append(route.request.post_data)

    def mend(self) -> None:
        self.is_mended = True


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
    kept = await phone.page.evaluate(READ_BALLOTS)
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


# What a browser throws where the disk is full. Chromium's own override of the quota changes what it
# says of the space, and writes all the same.
FILL = """() => {
  globalThis.putWithRoom ??= IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('the disk is full', 'QuotaExceededError');
  };
}"""
EMPTY = "() => { IDBObjectStore.prototype.put = globalThis.putWithRoom; }"


async def fill_storage(phone: Device) -> None:
    """From now on nothing more can be kept on this page."""
    await phone.page.evaluate(FILL)


async def make_room(phone: Device) -> None:
    await phone.page.evaluate(EMPTY)


# As private windows answer, where a browser lets a page know.
SMALL_QUOTA = """StorageManager.prototype.estimate = () =>
  Promise.resolve({quota: 100 * 1024 * 1024, usage: 0});"""


async def test_storage_full_when_registering(
    surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """Where nothing can be kept, nothing is registered; with room again, the same link goes on."""
    phone = await new_phone()
    await phone.page.goto(surroundings.link)
    await fill_storage(phone)
    await tap(phone, "join.button")
    await expect(says(phone, "error.storage_full")).to_be_visible()
    assert phone.sent("/enrolments") == []
    await make_room(phone)
    await tap(phone, "join.button")
    await expect(says(phone, "join.done")).to_be_visible()


async def test_storage_full_when_taking_the_ballot(
    surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """No token is asked for that could not be kept."""
    phone = await new_phone()
    await checked_in(phone, surroundings)
    await surroundings.make_key()
    await fill_storage(phone)
    await surroundings.issue()
    await expect(says(phone, "error.storage_full")).to_be_visible()
    assert phone.sent("/issuance") == []
    await make_room(phone)
    await phone.reopen()
    await phones.take_ballot(phone)
    await surroundings.start()
    await phones.vote(phone, MARKS)
    await see_one_ballot(phone, surroundings)


async def test_storage_full_when_casting(surroundings: Surroundings, new_phone: NewPhone) -> None:
    """Bytes that could not be repeated are not sent; the next try makes another ballot."""
    phone = await new_phone()
    code = await sealed(phone, surroundings)
    await fill_storage(phone)
    await tap(phone, "cast.button")
    await expect(says(phone, "error.storage_full")).to_be_visible()
    assert bodies_sent(phone) == []
    await make_room(phone)
    await tap(phone, "app.retry")
    assert await phones.cast(phone) != code
    await see_one_ballot(phone, surroundings)


async def test_private_window(surroundings: Surroundings, new_phone: NewPhone) -> None:
    """A window that forgets everything is told so before a ballot is in it."""
    phone = await new_phone()
    await phone.context.add_init_script(SMALL_QUOTA)
    await phone.page.goto(surroundings.link)
    await tap(phone, "join.button")
    await expect(says(phone, "error.private-tab")).to_be_visible()
    assert phone.sent("/enrolments") == []


async def test_browser_that_keeps_nothing(surroundings: Surroundings, new_phone: NewPhone) -> None:
    """A private window that refuses its database."""
    phone = await new_phone()
    await phone.context.add_init_script(
        """IDBFactory.prototype.open = () => {
          throw new DOMException('no database in this window', 'SecurityError');
        };"""
    )
    await phone.page.goto(surroundings.link)
    await tap(phone, "join.button")
    await expect(says(phone, "error.private-tab")).to_be_visible()
    assert phone.sent("/enrolments") == []


ANDROID = "Mozilla/5.0 (Linux; Android 13; SM-A145F Build/TP1A.220624.014; wv) AppleWebKit/537.36"
IN_APP = {
    "Zalo": f"{ANDROID} (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.122 Mobile Safari/537.36"
    " Zalo android/12100750 ZaloTheme/light ZaloLanguage/vi",
    "Facebook": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/465.0.0.38.105;FBDV/iPhone14,5]",
}


@pytest.mark.parametrize("app", sorted(IN_APP))
async def test_inside_of_another_app(
    app: str, surroundings: Surroundings, new_phone: NewPhone
) -> None:
    """Their browsers forget what they keep: the person is led to the phone's own, link and all."""
    phone = await new_phone(user_agent=IN_APP[app])
    await phone.page.goto(surroundings.link)
    await expect(says(phone, "join.in_app")).to_be_visible()
    await expect(heading(phone, "in_app.title_of", app=app)).to_be_visible()
    assert phone.sent("/inspect") == []
    way_on = phone.page.get_by_role("link", name=text("in_app.open"))
    if app == "Zalo":
        target = await way_on.get_attribute("href") or ""
        assert target.startswith("intent:")
        assert surroundings.link.partition("#")[2] in target
    else:
        await expect(way_on).to_have_count(0)
    await phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await tap(phone, "in_app.copy")
    await expect(says(phone, "in_app.copied")).to_be_visible()
    assert await phone.page.evaluate("() => navigator.clipboard.readText()") == surroundings.link


async def test_links_that_no_longer_work(surroundings: Surroundings, new_phone: NewPhone) -> None:
    """Used by somebody else, replaced by a newer one, unknown: each says what to do."""
    replaced = surroundings.link
    link = await surroundings.invite(1)
    phone, other = await new_phone(), await new_phone("other")
    await phone.page.goto(replaced)
    await expect(heading(phone, "join.link_title")).to_be_visible()
    await phones.join(phone, link)
    await phone.page.goto(link)
    await expect(says(phone, "join.already", name=NAME)).to_be_visible()
    await other.page.goto(link)
    await expect(says(other, "join.link_used")).to_be_visible()
    await other.page.goto(f"{link.partition('#')[0]}#{'A' * 43}")
    await expect(heading(other, "join.link_title")).to_be_visible()
    await other.page.goto("/join")
    await expect(says(other, "join.no_link")).to_be_visible()
    assert other.sent("/enrolments") == []


async def test_link_of_another(surroundings: Surroundings, new_phone: NewPhone) -> None:
    """ "Not me" registers nothing."""
    phone = await new_phone()
    await phone.page.goto(surroundings.link)
    await tap(phone, "join.not_me")
    await expect(says(phone, "join.not_me_explain", name=NAME)).to_be_visible()
    assert phone.sent("/enrolments") == []
    await tap(phone, "join.back", name=NAME)
    await expect(button(phone, "join.button")).to_be_visible()


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


READ_BALLOTS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('phieukin');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const reading = opening.result.transaction('ballots').objectStore('ballots').getAll();
    reading.onsuccess = () => {
      opening.result.close();
      resolve(JSON.stringify(reading.result));
    };
  };
})"""
