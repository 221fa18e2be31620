"""Both papers signed through the pages: downloads, uploads, confirmations, number, seal."""

import asyncio
import base64
import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from asn1crypto import pem
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.async_api import Locator, expect

from services.simulation.paper_signing import sign_paper
from services.simulation.test_authority import SigningIdentity, TestAuthority
from tests.browser.people import PRESIDING, Person
from tests.browser.phones import SLOW_MS, Look, button, says
from tests.browser.secretary_desk import Desk
from tests.browser.stage import Device
from tests.browser.words import like, text

AGENCY: Final = "Văn phòng UBND huyện Đồi Thông"
COME_BACK: Final = "() => document.dispatchEvent(new Event('visibilitychange'))"


@dataclass
class PaperRound:
    """Everybody's certificates are of `authority`; files go through `folder`."""

    desk: Desk
    authority: TestAuthority
    folder: Path
    look: Look
    identities: dict[str, SigningIdentity] = field(default_factory=dict)

    async def sign_as_teller(self, device: Device, person: Person) -> None:
        """The counting minute on the teller's phone; the secretary knows the certificate after."""
        await come_back(device)
        card = paper_card(device, "counting")
        await expect(card.get_by_text(text("papers.turn_own"))).to_be_visible()
        await self.look(device, "papers")
        place = await self._field_of(device, "counting", person.name)
        if place == "teller-1":
            await self._try_stranger(device, card, place, person)
        await self._bring(device, card, place, person.name)
        await self.look(device, "papers-sent")
        await self._confirm(person.name)

    async def sign_as_secretary(self, person: Person) -> None:
        """The meeting's minute at the desk, which may bring any signed file."""
        device = self.desk.device
        card = paper_card(device, "meeting")
        await self._keep_flattened(card)
        await self._bring(device, card, "secretary", person.name)
        await self._confirm(person.name)

    async def sign_remotely(self, device: Device, person: Person) -> None:
        """Hash out, signature in, on the officer's page: the file itself stays at the service."""
        await open_officer(device)
        card = paper_card(device, "meeting")
        await expect(card.get_by_text(text("papers.turn_own"))).to_be_visible()
        await self.look(device, "officer-papers")
        await card.get_by_text(text("papers.remote"), exact=True).click()
        identity = self._identity(person.name)
        certificate = pem.armor("CERTIFICATE", identity.certificate.dump())
        await card.get_by_label(text("papers.remote_certificate"), exact=True).set_input_files(
            {"name": "toi.cer", "mimeType": "application/pkix-cert", "buffer": certificate}
        )
        await expect(
            card.get_by_text(text("papers.remote_certificates", n=1, file="toi.cer"))
        ).to_be_visible()
        await self.look(device, "officer-remote")
        await card.get_by_role("button", name=text("papers.remote_ask"), exact=True).click()
        shown = card.locator(".field", has_text=text("papers.remote_attributes")).locator("code")
        attributes = base64.b64decode(await shown.inner_text())
        await self.look(device, "officer-remote-asked")
        signature = base64.b64encode(sign_bytes(identity, attributes)).decode()
        await card.get_by_label(text("papers.remote_signature"), exact=True).fill(signature)
        await card.get_by_role("button", name=text("papers.remote_send"), exact=True).click()
        await expect(
            card.get_by_text(like("papers.turn_confirm", names=person.name))
        ).to_be_visible()
        await self._confirm(person.name)

    async def give_number(self) -> None:
        """The clerk's two fields, with a number that is none first."""
        device = self.desk.device
        form = device.page.get_by_role("region", name=text("papers.number_title"), exact=True)
        await expect(form).to_be_visible()
        await self.look(device, "papers-number")
        number = form.get_by_label(text("papers.number"), exact=True)
        await number.fill("bảy")
        await form.get_by_role("button").click()
        await expect(form.get_by_text(text("papers.number_wrong"))).to_be_visible()
        await self.look(device, "papers-number-wrong")
        await number.fill("7")
        await form.get_by_role("button").click()
        await self._agree("papers-number")
        await expect(
            paper_card(device, "meeting").get_by_text(like("papers.numbered", number="07")).first
        ).to_be_visible()

    async def seal(self) -> None:
        """The agency's signature, confirmed like any other; the minute is issued."""
        device = self.desk.device
        card = paper_card(device, "meeting")
        await expect(card.get_by_text(text("papers.turn_agency"))).to_be_visible()
        await self.look(device, "papers-agency")
        await self._bring(device, card, "agency", AGENCY)
        await self._confirm(text("papers.agency"))
        await expect(says(device, "papers.turn_issued")).to_be_visible()
        for part in ("papers.copies", "papers.outputs"):
            await card.get_by_text(text(part), exact=True).click()
        await self.look(device, "papers-issued")

    async def download_finished(self, kind: str) -> bytes:
        """The whole file, at the desk."""
        return await self._download(
            self.desk.device, paper_card(self.desk.device, kind), "download"
        )

    async def _try_stranger(
        self, device: Device, card: Locator, place: str, person: Person
    ) -> None:
        """Somebody else's certificate in the teller's field: the secretary says no."""
        await self._bring(device, card, place, PRESIDING.name)
        desk = self.desk.device
        await come_back(desk)
        waiting = waiting_part(desk, person.name)
        await expect(waiting.get_by_text(PRESIDING.name).first).to_be_visible()
        await self.look(desk, "papers-stranger")
        await waiting.get_by_role("button", name=text("papers.waiting_no"), exact=True).click()
        await self._agree("papers-stranger")
        await expect(waiting).to_have_count(0)
        await come_back(device)
        await expect(card.get_by_text(text("papers.turn_own"))).to_be_visible()

    async def _keep_flattened(self, card: Locator) -> None:
        """A file that another program wrote anew is refused as signed, and kept as a copy."""
        await card.get_by_label(text("papers.upload"), exact=True).set_input_files(
            {"name": "ban-in.pdf", "mimeType": "application/pdf", "buffer": FLATTENED}
        )
        keep = card.get_by_role("button", name=text("papers.refused_keep_button"), exact=True)
        await expect(keep).to_be_visible()
        await self.look(self.desk.device, "papers-refused")
        await keep.click()
        await expect(card.get_by_text(text("papers.refused_kept"))).to_be_visible()

    async def _bring(self, device: Device, card: Locator, place: str, name: str) -> None:
        """Download, sign outside, upload; the certificate is new, so it waits."""
        paper = await self._download(device, card, "download_to_sign")
        now = datetime.datetime.now(datetime.UTC)
        signed = await asyncio.to_thread(sign_paper, paper, place, self._identity(name), now)
        await card.get_by_label(text("papers.upload"), exact=True).set_input_files(
            {"name": "da-ky.pdf", "mimeType": "application/pdf", "buffer": signed}
        )
        await expect(card.get_by_text(text("papers.taken_waiting"))).to_be_visible(timeout=SLOW_MS)

    async def _download(self, device: Device, card: Locator, key: str) -> bytes:
        await come_back(device)
        path = self.folder / "downloaded.pdf"
        async with device.page.expect_download() as download:
            await card.get_by_role("button", name=text(f"papers.{key}"), exact=True).click()
        await (await download.value).save_as(path)
        return await asyncio.to_thread(path.read_bytes)

    async def _confirm(self, name: str) -> None:
        """The secretary reads the certificate that waits and says whose it is."""
        device = self.desk.device
        await come_back(device)
        waiting = waiting_part(device, name)
        await expect(waiting).to_be_visible()
        await self.look(device, "papers-waiting")
        await waiting.get_by_role("button", name=text("papers.waiting_yes"), exact=True).click()
        await self._agree("papers-waiting")
        await expect(waiting).to_have_count(0)

    async def _agree(self, screen: str) -> None:
        dialog = self.desk.device.page.get_by_role("dialog")
        await expect(dialog).to_be_visible()
        await self.look(self.desk.device, f"question-{screen}")
        await dialog.get_by_role("button").first.click()
        await expect(dialog).to_have_count(0)

    async def _field_of(self, device: Device, kind: str, name: str) -> str:
        """The field in which this person signs, as it stands in the command for a token."""
        command = paper_card(device, kind).locator("code.paper-command").first
        shown = await command.text_content() or ""
        place = shown.partition("--field ")[2].split(" ")[0]
        assert place, (name, shown)
        return place

    def _identity(self, name: str) -> SigningIdentity:
        now = datetime.datetime.now(datetime.UTC)
        return self.identities.setdefault(name, self.authority.issue(name, now))


def paper_card(device: Device, kind: str) -> Locator:
    """The card of the newest paper of that kind, which stands before those that it replaced."""
    name = text(f"papers.{kind}", device.language)
    return device.page.get_by_role("region", name=name, exact=True).first


def waiting_part(device: Device, name: str) -> Locator:
    return device.page.get_by_role(
        "region", name=text("papers.waiting", device.language, name=name), exact=True
    )


async def come_back(device: Device) -> None:
    """As when the person returns from another program: the page looks again at once."""
    await device.page.evaluate(COME_BACK)


async def open_officer(device: Device) -> None:
    """`/officer`, past the passkey's gate."""
    await device.page.goto("/officer")
    opened = device.page.get_by_role("heading", level=2, name=text("officer.papers"), exact=True)
    gate = button(device, "login.button")
    await expect(gate.or_(opened).first).to_be_visible()
    if await gate.is_visible():
        await gate.click()
    await expect(opened).to_be_visible()


def sign_bytes(identity: SigningIdentity, data: bytes) -> bytes:
    """What a signing service does with the signed attributes: ECDSA with SHA-256, in DER."""
    key = serialization.load_der_private_key(identity.private_key.dump(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def _flattened() -> bytes:
    """A PDF of one empty page: what a program leaves that prints into a file."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    objects = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page)
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


FLATTENED: Final = _flattened()
