"""A whole meeting through the pages alone: every person a browser of their own.

The secretary and an auditor at computers, a hall screen, six members' phones, three of them the
counting team's. `look` is called at every distinct screen and state.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, expect

from schemas.fields import GroupName
from services.simulation.service_process import RunningService
from services.simulation.test_authority import TestAuthority
from tests.browser import people, phones
from tests.browser.counting_team import Teller
from tests.browser.paper_round import PaperRound
from tests.browser.phones import SLOW_MS, Look, button, heading, says, tap
from tests.browser.secretary_desk import Desk
from tests.browser.stage import HALL, Device, new_device, until
from tests.browser.words import text

FETCH_BASE64: Final = """async (path) => {
  const bytes = new Uint8Array(await (await fetch(path)).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}"""


@dataclass
class HeldMeeting:
    """What a meeting leaves behind."""

    uuid: str = ""
    meeting_id: str = ""
    election_code: str = ""
    seal_code: str = ""
    receipt_codes: dict[int, str] = field(default_factory=dict)
    receipts: list[Path] = field(default_factory=list)
    record: Path = Path()
    archive: Path = Path()
    papers: list[Path] = field(default_factory=list)


@dataclass
class MeetingPlay:
    """One play; files of its own are left in `folder`."""

    browser: Browser
    service: RunningService
    folder: Path
    look: Look = phones.look_at_nothing
    group: GroupName = "Ed25519"
    cases: Sequence[people.Case] = people.CASES
    devices: dict[str, Device] = field(default_factory=dict)
    held: HeldMeeting = field(default_factory=HeldMeeting)
    authority: TestAuthority = field(
        default_factory=lambda: TestAuthority.create(datetime.now(UTC))
    )

    @property
    def origin(self) -> str:
        return self.service.enrolment_link.partition("/join")[0]

    @property
    def voters(self) -> dict[int, Device]:
        return {no: self.devices[f"member {no}"] for no in people.VOTES}

    @property
    def tellers(self) -> list[Teller]:
        return [
            Teller(self.devices[f"member {each.no}"], each.key == "passkey", self.look)
            for each in people.TELLERS
        ]

    @property
    def ordinary(self) -> dict[int, Device]:
        """The members who are no tellers."""
        chosen = {each.no for each in people.TELLERS}
        return {no: device for no, device in self.voters.items() if no not in chosen}

    async def play(self) -> HeldMeeting:
        await self.prepare()
        await self.gather_in_hall()
        await self.make_keys()
        await self.issue()
        await self.vote()
        await self.count()
        await self.sign_papers()
        await self.audit()
        return self.held

    async def close(self) -> None:
        for device in self.devices.values():
            await device.context.close()

    async def prepare(self) -> None:
        """Secretary, council, invitations; everybody registers their own device."""
        secretary = await self._new("secretary", phone=False, passkey=True)
        self.desk = Desk(secretary, self.look)
        await phones.join(secretary, self.service.enrolment_link, self.look)
        await self.desk.open()
        await self.desk.found_council()
        auditor_link = await self.desk.invite_auditor()
        links = await self.desk.invite_members()
        auditor = await self._new("auditor", phone=False, passkey=True)
        await phones.join(auditor, auditor_link, self.look)
        joining = []
        for person in people.MEMBERS:
            if person.key is None:
                continue
            phone = await self._new(
                f"member {person.no}",
                phone=True,
                passkey=person.key != "device key",
                prf=person.key == "passkey",
            )
            joining.append(phones.join(phone, links[person.no], self.look))
        await asyncio.gather(*joining)

    async def gather_in_hall(self) -> None:
        """Meeting, hall screen, check-in, the list, the quorum."""
        await self.desk.create_meeting()
        self.held.meeting_id = self.desk.device.page.url.rpartition("/meetings/")[2]
        link = await self.desk.open_hall()
        hall = await self._new("hall", phone=False, viewport=HALL)
        await hall.page.goto(link)
        await self._open_ballots(self.voters.values())
        await asyncio.gather(
            *(phones.check_in(device, self.look) for device in self.voters.values())
        )
        await self.desk.draft_list(self.cases, self.group)
        await self.desk.excuse(people.ABSENT, people.ABSENCE_REASON)
        await self.desk.see_quorum(len(self.voters))
        await self._see_hall("hall.waiting", "waiting")

    async def make_keys(self) -> None:
        await self.desk.record_team()
        for teller in self.tellers:
            await teller.open()
            await teller.take_key()
            if teller is not self.tellers[-1]:
                await teller.see_waiting()
        await asyncio.gather(*(teller.see_keys() for teller in self.tellers))
        await self.desk.see_keys()

    async def issue(self) -> None:
        """Ballots go out while the tellers' devices confirm the election."""
        await self.desk.issue()
        self.held.uuid = self.desk.device.page.url.split("/")[-2]
        await asyncio.gather(
            *(phones.take_ballot(device, self.look) for device in self.ordinary.values()),
            *(teller.see_confirmed() for teller in self.tellers),
        )
        await self._see_hall("hall.issuing", "issuing")
        telling = [teller.device for teller in self.tellers]
        await self._open_ballots(telling)
        await asyncio.gather(*(phones.take_ballot(device, self.look) for device in telling))
        self.held.election_code = await self.desk.start_voting(len(self.voters))
        assert await phones.shown_code(self.devices["hall"], "code.election") == (
            self.held.election_code
        )

    async def vote(self) -> None:
        await asyncio.gather(*(self._vote(no, device) for no, device in self.voters.items()))
        await self._see_hall("hall.voting", "voting")
        self.held.seal_code = await self.desk.end_voting(len(self.voters))
        await asyncio.gather(
            *(phones.find_in_box(device, self.look) for device in self.voters.values())
        )
        await self._save_receipts()
        await self._see_hall("hall.sealed", "sealed")

    async def _vote(self, no: int, device: Device) -> None:
        marks = people.VOTES[no][: len(self.cases)]
        assert await phones.shown_code(device, "code.election") == self.held.election_code
        if no == people.PRESIDING.no:
            await self._mark_by_groups(device)
            marks = ()
        if no == people.MINUTE_TAKER.no:
            await phones.mark_ballot(device, marks, self.look)
            await phones.review(device, self.look)
            await self._test_the_phone(device)
        if marks:
            await phones.mark_ballot(device, marks, self.look)
        await phones.review(device, self.look)
        self.held.receipt_codes[no] = await phones.cast(device, self.look)

    async def _mark_by_groups(self, device: Device) -> None:
        """All by the groups' buttons, after one was undone; the screen covered in between."""
        page = device.page
        total = len(self.cases)
        await expect(heading(device, "ballot.title")).to_be_visible()
        groups = phones.group_buttons(device, "disagree")
        await groups.first.click()
        await expect(says(device, "ballot.group_done")).to_be_visible()
        await self.look(device, "ballot-group")
        await tap(device, "ballot.undo")
        await expect(says(device, "ballot.remaining", n=total)).to_be_visible()
        await tap(device, "ballot.cover")
        await expect(says(device, "ballot.covered")).to_be_visible()
        await self.look(device, "ballot-covered")
        await tap(device, "ballot.uncover")
        agree = phones.group_buttons(device, "agree")
        while await agree.count() > 0:
            await agree.first.click()
        for case in self.cases:
            choice = phones.case_card(device, case.no).get_by_role(
                "button", name=text("ballot.agree"), exact=True
            )
            if await choice.get_attribute("aria-pressed") != "true":
                await choice.click()
        await expect(says(device, "ballot.all_marked", n=total)).to_be_visible()
        if any(case.summary for case in self.cases):
            await page.get_by_text(text("ballot.summary"), exact=True).first.click()
        await self.look(device, "ballot-full")

    async def _test_the_phone(self, device: Device) -> None:
        """A throw-away ballot: shown, never cast; then the marks are to be made anew."""
        before = await phones.sealed_code(device)
        await device.page.get_by_text(text("cast.other"), exact=True).click()
        await self.look(device, "sealed-options")
        await tap(device, "challenge.entry")
        await expect(heading(device, "challenge.title")).to_be_visible()
        assert await phones.shown_code(device, "code.receipt") == before
        await self.look(device, "challenge")
        await tap(device, "challenge.done")
        await expect(heading(device, "ballot.title")).to_be_visible()
        await expect(says(device, "ballot.remaining", n=len(self.cases))).to_be_visible()

    async def _save_receipts(self) -> None:
        """Two members keep the receipt file."""
        for no in (people.PRESIDING.no, people.TELLERS[1].no):
            device = self.voters[no]
            async with device.page.expect_download() as download:
                await tap(device, "receipt.download")
            got = await download.value
            path = self.folder / got.suggested_filename
            await got.save_as(path)
            self.held.receipts.append(path)

    async def count(self) -> None:
        """Two tellers open the sum; the head teller announces."""
        for teller in self.tellers:
            await teller.open()
        head, second, third = self.tellers
        for teller in (head, second):
            assert await teller.check_board() == self.held.seal_code
            await teller.open_sum()
            if teller is head:
                await teller.see_sent()
        await asyncio.gather(*(teller.see_result() for teller in (head, second, third)))
        await self._see_hall("hall.counted", "counted")
        await head.announce()
        await self._see_hall("hall.result", "result")
        for device in self.ordinary.values():
            await expect(says(device, "result.title")).to_be_visible()
            await self.look(device, "outcomes")
        await self.desk.see_result()

    async def sign_papers(self) -> None:
        """Both papers drawn up at the console, signed by all, numbered and sealed."""
        (self.folder / "authority.pem").write_bytes(self.authority.pem)
        await self.desk.open_papers()
        await self.desk.write_texts()
        signing = PaperRound(self.desk, self.authority, self.folder, self.look)
        await self.desk.draw_up("secretary.counting_minute")
        for person, teller in zip(people.TELLERS, self.tellers, strict=True):
            await signing.sign_as_teller(teller.device, person)
        self._keep_paper("counting-minute.pdf", await signing.download_finished("counting"))
        await self.desk.draw_up("secretary.meeting_minute")
        await signing.sign_as_secretary(people.MINUTE_TAKER)
        await signing.sign_remotely(self.devices[f"member {people.PRESIDING.no}"], people.PRESIDING)
        await signing.give_number()
        await signing.seal()
        self._keep_paper("meeting-minute.pdf", await signing.download_finished("meeting"))
        # The log shows the minute: each phone erases its share of the key, and asks nobody.
        for teller in self.tellers:
            await until(teller.keeps_no_share, "a share is kept after the minute")

    def _keep_paper(self, name: str, signed: bytes) -> None:
        path = self.folder / name
        path.write_bytes(signed)
        self.held.papers.append(path)

    async def audit(self) -> None:
        """The auditor verifies the record in the browser: opened by login, then dropped."""
        auditor = self.devices["auditor"]
        await auditor.page.goto("/verify")
        await expect(heading(auditor, "verify.title")).to_be_visible()
        await self.look(auditor, "verify")
        await tap(auditor, "verify.open_show")
        gate = button(auditor, "login.button")
        meeting = auditor.page.locator("summary", has_text=people.MEETING)
        await expect(gate.or_(meeting).first).to_be_visible()
        if await gate.is_visible():
            await gate.click()
        await meeting.click()
        await expect(button(auditor, "verify.open_election")).to_be_visible()
        await self.look(auditor, "verify-open")
        await tap(auditor, "verify.open_election")
        await expect(says(auditor, "verify.verdict_unanchored")).to_be_visible(timeout=SLOW_MS)
        await self.look(auditor, "verify-unanchored")
        await self._download_records(auditor)
        await self._verify_dropped(auditor)

    async def _download_records(self, auditor: Device) -> None:
        path = f"/api/v1/elections/{self.held.uuid}/record"
        self.held.record = self.folder / "record.zip"
        self.held.archive = self.folder / f"{self.held.uuid}.bel"
        for file, end in ((self.held.record, ".zip"), (self.held.archive, ".bel")):
            coded = await auditor.page.evaluate(FETCH_BASE64, path + end)
            file.write_bytes(base64.b64decode(coded))

    async def _verify_dropped(self, auditor: Device) -> None:
        """The file dropped onto the page, with the seal code that the hall has seen."""
        page = auditor.page
        await tap(auditor, "verify.another")
        await page.get_by_label(text("verify.code_label"), exact=True).fill(self.held.seal_code)
        data = await asyncio.to_thread(self.held.record.read_bytes)
        await drop_file(auditor, ".file-drop", self.held.record.name, data)
        await expect(says(auditor, "verify.chosen", name=self.held.record.name)).to_be_visible()
        await tap(auditor, "verify.start")
        await expect(says(auditor, "verify.verdict_anchored")).to_be_visible(timeout=SLOW_MS)
        await self.look(auditor, "verify-anchored")

    async def _open_ballots(self, devices: Any) -> None:
        await asyncio.gather(*(phones.open_ballot(device) for device in devices))

    async def _see_hall(self, key: str, name: str) -> None:
        hall = self.devices["hall"]
        await expect(says(hall, key)).to_be_visible()
        await self.look(hall, name)

    async def _new(self, name: str, **options: Any) -> Device:
        device = await new_device(self.browser, name, self.origin, **options)
        self.devices[name] = device
        return device


async def drop_file(device: Device, selector: str, name: str, data: bytes) -> None:
    """Drop a file onto an element, as a mouse does."""
    transfer = await device.page.evaluate_handle(
        """([name, coded]) => {
          const bytes = Uint8Array.from(atob(coded), (each) => each.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], name));
          return transfer;
        }""",
        [name, base64.b64encode(data).decode()],
    )
    await device.page.dispatch_event(selector, "drop", {"dataTransfer": transfer})


@asynccontextmanager
async def meeting_play(
    browser: Browser, service: RunningService, folder: Path, **options: Any
) -> AsyncIterator[MeetingPlay]:
    """A play whose browsers are closed afterwards."""
    play = MeetingPlay(browser, service, folder, **options)
    try:
        yield play
    finally:
        await play.close()
