"""A teller's phone that dies on the way, and what it refuses to open."""

from playwright.async_api import Route, expect

from tests.browser import phones
from tests.browser.accessibility import accessibility_faults, layout_faults
from tests.browser.conftest import NewPhone
from tests.browser.counting_team import Teller
from tests.browser.one_phone import MARKS, Cut, checked_in
from tests.browser.operator_access import Operator
from tests.browser.phones import SLOW_MS, heading, says, tap
from tests.browser.stage import until
from tests.browser.surroundings import Surroundings

ACTS = ("certificate", "commitment", "reveal", "key")
PARTIAL = "**/api/v1/elections/*/partial-decryptions"


async def taken_key(teller: Teller, others: Surroundings, *, dies_after: str | None) -> None:
    """The ceremony with this phone as the head teller's; it may die after one of its steps."""
    await others.name_tellers()
    await teller.open()
    await teller.take_key()
    for act in ACTS:
        await until_contributed(others, act)
        if act == dies_after:
            await teller.device.page.close()
        await others.contribute(act)
        if act == dies_after:
            await teller.device.reopen("/teller")
            await expect(heading(teller.device, "key.unlock_title")).to_be_visible()
            await teller.unlock()
    await teller.see_keys()


async def until_contributed(others: Surroundings, act: str) -> None:
    api = next(iter(others.others.values())).device.api

    async def is_there() -> bool:
        ceremony = await api.get(f"/elections/{others.uuid}/ceremony")
        return bool(ceremony["trustees"][0][act])

    await until(is_there, f"the phone sends its {act}")


async def own_ballot_cast(teller: Teller, others: Surroundings) -> None:
    """From the keys to this phone's own ballot in the box; the others have theirs to cast."""
    phone = teller.device
    await others.secretary.issue(others.uuid)
    await teller.see_confirmed()
    await others.contribute("confirmation")
    for member in others.others.values():
        await member.take_ballot(others.uuid)
    await phones.open_ballot(phone)
    await phones.take_ballot(phone)
    await others.start()
    await phones.vote(phone, MARKS)


async def closed_box(phone_teller: Teller, others: Surroundings) -> None:
    """From the keys to the sealed box, with this phone's own ballot in it."""
    await own_ballot_cast(phone_teller, others)
    await others.others_vote()
    await others.end_voting()
    await phones.find_in_box(phone_teller.device)
    await phone_teller.open()


async def teller_at_phone(others: Surroundings, new_phone: NewPhone) -> Teller:
    phone = await new_phone("teller")
    await checked_in(phone, others)
    return Teller(phone, has_prf=False, look=phones.look_at_nothing)


async def open_by_another(others: Surroundings) -> None:
    """A simulated teller opens the same sum."""
    teller = next(iter(others.tellers.values()))
    await teller.open_sum(await others.seal_value())


async def test_killed_tab_in_the_ceremony(
    with_own_teller: Surroundings, new_phone: NewPhone
) -> None:
    """The phone goes on at the same step with the share that it had stored."""
    teller = await teller_at_phone(with_own_teller, new_phone)
    await taken_key(teller, with_own_teller, dies_after="commitment")
    await closed_box(teller, with_own_teller)
    await teller.check_board()
    await teller.open_sum()
    await teller.see_sent()
    await open_by_another(with_own_teller)
    await teller.see_result()


async def test_killed_tab_while_opening(with_own_teller: Surroundings, new_phone: NewPhone) -> None:
    """Before the sum is opened everything is checked again; after it, the same bytes go again."""
    teller = await teller_at_phone(with_own_teller, new_phone)
    await taken_key(teller, with_own_teller, dies_after=None)
    await closed_box(teller, with_own_teller)
    code = await teller.check_board()
    await teller.device.reopen()
    await teller.unlock()
    assert await teller.check_board() == code
    cut = Cut(is_heard=True)
    await teller.device.context.route(PARTIAL, cut)
    await teller.open_sum()

    async def is_sent() -> bool:
        return len(cut.bodies) > 0

    await until(is_sent, "the part of the sum leaves")
    cut.mend()
    await teller.device.reopen()
    device = teller.device
    sent_again = heading(device, "tally.sent_title")
    await expect(sent_again.or_(heading(device, "key.unlock_title")).first).to_be_visible(
        timeout=SLOW_MS
    )
    if not await sent_again.is_visible():
        await teller.unlock()
    await teller.see_sent()
    again = [each.body for each in device.sent("/partial-decryptions")]
    assert len(set(again)) == 1
    await open_by_another(with_own_teller)
    await teller.see_result()


async def test_seal_code_that_differs(with_own_teller: Surroundings, new_phone: NewPhone) -> None:
    """The teller says that the hall shows another code: nothing is opened."""
    teller = await teller_at_phone(with_own_teller, new_phone)
    await taken_key(teller, with_own_teller, dies_after=None)
    await closed_box(teller, with_own_teller)
    await teller.check_board()
    await tap(teller.device, "seal.different")
    await expect(says(teller.device, "seal.differs")).to_be_visible()
    assert teller.device.sent("/partial-decryptions") == []


async def test_share_until_the_log_shows_the_end(
    with_own_teller: Surroundings, new_phone: NewPhone, operator: Operator
) -> None:
    """A service that only says that all is over erases no share; a cancellation on the log does."""
    others, teller = with_own_teller, await teller_at_phone(with_own_teller, new_phone)
    await taken_key(teller, others, dies_after=None)
    await own_ballot_cast(teller, others)
    await operator.drop_only_ballot(others.uuid)
    await others.others_vote()
    await others.end_voting()
    await expect(says(teller.device, "receipt.claim_entered")).to_be_visible(timeout=SLOW_MS)
    election = f"**/api/v1/elections/{others.uuid}"

    async def lie(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, json={**await answer.json(), "state": "minuted"})

    await teller.device.context.route(election, lie)
    await teller.open()
    await expect(says(teller.device, "tally.kept")).to_be_visible()
    assert await accessibility_faults(teller.device.page) == []
    assert await layout_faults(teller.device.page) == []
    assert not await teller.keeps_no_share()
    await teller.device.context.unroute(election)
    api = others.secretary.device.api
    reason = {"reason": "promised_ballot_missing", "text": "Thiếu một phiếu đã được hòm nhận"}
    await api.post(f"/elections/{others.uuid}/cancel", reason)
    await expect(says(teller.device, "tally.no_key")).to_be_visible(timeout=SLOW_MS)
    assert await accessibility_faults(teller.device.page) == []
    assert await teller.keeps_no_share()
