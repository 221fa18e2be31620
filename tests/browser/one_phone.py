"""The one phone under test on its way through a meeting, and what happens to it.

Everybody else is a client of the simulation. Its key is a device key unless a passkey matters: a
browser's virtual authenticator goes with its page.
"""

from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import Route, expect

from schemas.scenario import Mark
from tests.browser import phones
from tests.browser.phones import heading
from tests.browser.stage import Device
from tests.browser.surroundings import Surroundings

MARKS: Final[tuple[Mark, ...]] = ("agree", "disagree", "agree")


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
