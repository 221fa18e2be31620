"""Invitations: opened in other apps, used, replaced, expired, unknown, or somebody else's."""

import pytest
from playwright.async_api import expect

from tests.browser import phones
from tests.browser.conftest import NewPhone
from tests.browser.operator_access import Operator
from tests.browser.phones import button, heading, says, tap
from tests.browser.surroundings import NAME, Surroundings
from tests.browser.words import text

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


async def test_expired_link(
    surroundings: Surroundings, new_phone: NewPhone, operator: Operator
) -> None:
    """Two weeks later the link says so, and who makes a new one."""
    await operator.expire_invitation(surroundings.council_id, 1)
    phone = await new_phone()
    await phone.page.goto(surroundings.link)
    await expect(heading(phone, "join.link_title")).to_be_visible()
    await expect(phone.page.get_by_role("alert")).to_contain_text("hết hạn")
    assert phone.sent("/enrolments") == []
