"""What tellers do on their phones: the key in one tap, the opening, the announcement, signing."""

from dataclasses import dataclass

from playwright.async_api import expect

from tests.browser.people import PASS_PHRASE
from tests.browser.phones import SLOW_MS, Look, button, heading, says, shown_code, tap
from tests.browser.stage import Device, kept_in
from tests.browser.words import text


@dataclass(frozen=True)
class Teller:
    """A teller at their phone; `has_prf`: its passkey keeps the share, else a pass-phrase."""

    device: Device
    has_prf: bool
    look: Look

    async def open(self) -> None:
        """`/teller`, past the passkey's gate and the lock of the share where there is one."""
        device = self.device
        await device.page.goto("/teller")
        gate, unlock = button(device, "login.button"), button(device, "key.unlock")
        opened = device.page.locator("main h1").filter(has_not_text=text("tellers.title"))
        await expect(gate.or_(opened).first).to_be_visible()
        if await gate.is_visible():
            await gate.click()
            await expect(opened).to_be_visible()
        # The stage comes a request after the title.
        await expect(device.page.locator("main").get_by_text(text("app.loading"))).to_have_count(0)
        if await unlock.is_visible():
            await self.unlock()

    async def unlock(self) -> None:
        await self.look(self.device, "unlock")
        if not self.has_prf:
            await self.device.page.locator("input[type=password]").fill(PASS_PHRASE)
        await tap(self.device, "key.unlock")
        # The button says that it is busy first.
        await expect(heading(self.device, "key.unlock_title")).to_have_count(0, timeout=SLOW_MS)

    async def take_key(self) -> None:
        """One tap; the phone does the other steps by itself."""
        device = self.device
        await expect(heading(device, "key.title")).to_be_visible()
        await self.look(device, "key")
        if not self.has_prf:
            fields = device.page.locator("input[type=password]")
            # A browser that keeps the pass-phrase would take it off this device.
            assert await fields.evaluate_all("(all) => all.map((each) => each.autocomplete)") == [
                "off",
                "off",
            ]
            await fields.nth(0).fill(PASS_PHRASE)
            await fields.nth(1).fill("khác")
            await tap(device, "key.button")
            await expect(says(device, "key.phrase_differ")).to_be_visible()
            await self.look(device, "key-differ")
            await fields.nth(1).fill(PASS_PHRASE)
        await tap(device, "key.button")

    async def see_waiting(self) -> None:
        await expect(self.device.page.get_by_role("progressbar")).to_be_visible(timeout=SLOW_MS)
        await self.look(self.device, "key-waiting")

    async def see_keys(self) -> None:
        await expect(says(self.device, "key.done")).to_be_visible(timeout=SLOW_MS)
        await self.look(self.device, "keys-done")

    async def see_confirmed(self) -> None:
        await expect(says(self.device, "key.confirmed")).to_be_visible(timeout=SLOW_MS)
        await self.look(self.device, "confirmed")

    async def check_board(self) -> str:
        """The whole board on this phone; its own seal code."""
        device = self.device
        ready, locked = heading(device, "seal.check_title"), heading(device, "key.unlock_title")
        await expect(ready.or_(locked).first).to_be_visible(timeout=SLOW_MS)
        if await locked.is_visible():
            await self.unlock()
        await expect(ready).to_be_visible(timeout=SLOW_MS)
        await self.look(device, "check")
        await tap(device, "seal.check_button")
        await expect(heading(device, "seal.title")).to_be_visible(timeout=SLOW_MS)
        code = await shown_code(device, "code.seal")
        await self.look(device, "seal")
        return code

    async def open_sum(self) -> None:
        device = self.device
        await tap(device, "seal.same")
        await expect(says(device, "seal.agreed")).to_be_visible()
        await self.look(device, "open")
        await tap(device, "tally.open")

    async def see_sent(self) -> None:
        await expect(heading(self.device, "tally.sent_title")).to_be_visible(timeout=SLOW_MS)
        await self.look(self.device, "sent")

    async def see_result(self) -> None:
        await expect(heading(self.device, "tally.result_title")).to_be_visible(timeout=SLOW_MS)
        await self.look(self.device, "result")

    async def announce(self) -> None:
        device = self.device
        await tap(device, "tally.publish")
        dialog = device.page.get_by_role("dialog")
        await expect(dialog).to_be_visible()
        await self.look(device, "question-announce")
        await dialog.get_by_role("button", name=text("tally.publish_yes"), exact=True).click()
        await expect(says(device, "tally.announced")).to_be_visible()
        await self.look(device, "announced")

    async def keeps_no_share(self) -> bool:
        return await kept_in(self.device, "trustees") == []
