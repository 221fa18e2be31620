"""A disk full at each write, and windows that forget: nothing is sent that cannot be kept."""

from playwright.async_api import expect

from tests.browser import phones
from tests.browser.conftest import NewPhone
from tests.browser.one_phone import MARKS, bodies_sent, checked_in, sealed, see_one_ballot
from tests.browser.phones import says, tap
from tests.browser.stage import Device
from tests.browser.surroundings import Surroundings

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
