"""An auditor verifies a signed minute from its PDF alone, in the browser, asking no server."""

from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import expect

from tests.browser.accessibility import accessibility_faults, layout_faults
from tests.browser.conftest import NewPhone
from tests.browser.meeting_play import drop_file
from tests.browser.phones import says, tap
from tests.browser.stage import Device
from tests.browser.words import text

PAPERS: Final = Path(__file__).parents[1] / "vectors" / "papers"
SLOW_MS: Final = 60_000
DROP: Final = ".file-drop"


async def verify(phone: Device, name: str, data: bytes) -> None:
    """Drop a paper onto the page and start."""
    await phone.page.goto("/verify")
    await drop_file(phone, DROP, name, data)
    await expect(says(phone, "verify.chosen", name=name)).to_be_visible()
    await tap(phone, "verify.start")


@pytest.mark.parametrize("name", ["counting.pdf", "meeting.pdf"])
async def test_paper_that_holds(name: str, new_phone: NewPhone) -> None:
    """Every check holds; the signers are listed, and what was not judged is said."""
    phone = await new_phone()
    await verify(phone, name, (PAPERS / name).read_bytes())

    await expect(says(phone, "verify.verdict_unanchored")).to_be_visible(timeout=SLOW_MS)
    await expect(says(phone, "verify.V18.holds")).to_be_visible()
    await expect(says(phone, "verify.signers_not_judged")).to_be_visible()
    await expect(says(phone, "verify.signers_by_hand")).to_be_visible()
    assert await accessibility_faults(phone.page) == []
    assert await layout_faults(phone.page) == []


async def test_issuers_that_the_auditor_gives(new_phone: NewPhone) -> None:
    """With the authorities' certificates the signers are judged, and the paper is anchored."""
    phone = await new_phone()
    await verify(phone, "meeting.pdf", (PAPERS / "meeting.pdf").read_bytes())
    await expect(says(phone, "verify.V18.holds")).to_be_visible(timeout=SLOW_MS)

    for file, sentence in (("authority", "V18.holds"), ("strangers", "V18.fails")):
        await says(phone, "verify.extras_title").click()
        field = phone.page.get_by_label(text("verify.extras_trust"), exact=True)
        await field.set_input_files(PAPERS / f"{file}.pem")
        await expect(says(phone, "verify.chosen", name=f"{file}.pem")).to_be_visible()
        await tap(phone, "verify.again")
        await expect(says(phone, f"verify.{sentence}").first).to_be_visible(timeout=SLOW_MS)
        await expect(says(phone, "verify.signers_judged")).to_be_visible()
    await expect(says(phone, "verify.signature_stranger").first).to_be_visible()


async def test_changed_paper(new_phone: NewPhone) -> None:
    """One byte of the signed text is another: refused, with the signature that shows it."""
    phone = await new_phone()
    data = (PAPERS / "meeting.pdf").read_bytes().replace(b"<dc:title>", b"<dc:Title>", 1)
    await verify(phone, "meeting.pdf", data)

    await expect(says(phone, "verify.V18.fails").first).to_be_visible(timeout=SLOW_MS)
    await expect(says(phone, "verify.signature_changed").first).to_be_visible()
