"""`make screenshots`: every screen of a played meeting as a picture.

All of them, light and dark, in Vietnamese and English, go to `out/screenshots`; the few that the
README shows are made small and go to `tests/browser/pictures`.
"""

import asyncio
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import expect

from services.simulation.service_process import running_service
from tests.browser.meeting_play import meeting_play
from tests.browser.stage import Device, chromium

ROOT: Final = Path(__file__).parents[2]
CLIENT: Final = ROOT / "services/web/dist"
OUT: Final = ROOT / "out/screenshots"
PICTURES: Final = Path(__file__).parent / "pictures"
# Role and screen, as the play names them, to the picture's name.
SHOWN: Final = {
    ("member", "join"): "phone-1-join",
    ("member", "ballot-full"): "phone-3-marking",
    ("member", "review"): "phone-4-review",
    ("member", "sealed"): "phone-5-sealed",
    ("member", "cast"): "phone-6-receipt",
    ("member", "seal"): "teller-seal-code",
    ("secretary", "list"): "secretary-list",
    ("hall", "voting"): "hall-voting",
    ("hall", "result"): "hall-result",
    ("auditor", "verify-anchored"): "auditor-verdict",
}
COLOURS: Final = 64
PHONE_WIDTH, PAGE_WIDTH, MAX_HEIGHT = 390, 1000, 1000


class Photographer:
    """The hook: each screen of each role once, in all its looks."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.seen: set[tuple[str, str]] = set()

    async def __call__(self, device: Device, name: str) -> None:
        role = device.name.split()[0]
        if (role, name) in self.seen:
            return
        self.seen.add((role, name))
        self.counts[role] += 1
        stem = f"{role}-{self.counts[role]:02d}-{name}"
        light = await self._take(device, stem)
        if (role, name) in SHOWN:
            await asyncio.to_thread(shrink, light, PICTURES / f"{SHOWN[role, name]}.png")
        await device.page.emulate_media(color_scheme="dark")
        await self._take(device, f"dark/{stem}")
        await device.page.emulate_media(color_scheme="light")
        if await device.page.locator("dialog[open]").count() == 0:
            await switch_language(device, "English", "en")
            await self._take(device, f"english/{stem}")
            await switch_language(device, "Tiếng Việt", "vi")

    async def _take(self, device: Device, stem: str) -> Path:
        path = OUT / f"{stem}.png"
        await device.page.screenshot(path=path, full_page=True, animations="disabled")
        return path


async def switch_language(device: Device, name: str, code: str) -> None:
    """Without the focus, so that the next picture is that of the screen alone."""
    switch = device.page.get_by_role("button", name=name, exact=True)
    if await switch.count() == 0:
        return
    await switch.evaluate("(each) => each.click()")
    await expect(device.page.locator("html")).to_have_attribute("lang", code)


def shrink(source: Path, target: Path) -> None:
    """At most a screen high, of few colours: a few kilobytes a picture."""
    with Image.open(source) as picture:
        is_phone = picture.width <= 2 * PHONE_WIDTH
        width = PHONE_WIDTH if is_phone else PAGE_WIDTH
        height = round(picture.height * width / picture.width)
        small = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
        cut = small.crop((0, 0, width, min(height, MAX_HEIGHT)))
        target.parent.mkdir(exist_ok=True)
        cut.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


async def take_all() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    look = Photographer()
    with tempfile.TemporaryDirectory() as folder:
        async with (
            running_service(client_dir=CLIENT) as service,
            chromium() as browser,
            meeting_play(browser, service, Path(folder), look=look) as play,
        ):
            await play.play()
    print(f"{sum(look.counts.values())} screens: {OUT}; for the README: {PICTURES}")


if __name__ == "__main__":
    asyncio.run(take_all())
