"""What the secretary does at the console, from the council to the papers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.async_api import FilePayload, Locator, expect

from schemas.fields import GroupName
from tests.browser import people
from tests.browser.phones import Look, button, heading, says, shown_code, tap
from tests.browser.stage import Device
from tests.browser.words import like, text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Desk:
    """The secretary's computer; `look` is shown every page."""

    device: Device
    look: Look

    def field(self, key: str, **values: object) -> Locator:
        return self.device.page.get_by_label(text(key, self.device.language, **values), exact=True)

    async def fill(self, key: str, value: str) -> None:
        await self.field(key).fill(value)

    async def confirm(self, key: str, screen: str, **values: object) -> None:
        """Tap a button, read the question that it asks, and say yes."""
        await tap(self.device, key, **values)
        dialog = self.device.page.get_by_role("dialog")
        await expect(dialog).to_be_visible()
        await self.look(self.device, f"question-{screen}")
        await dialog.get_by_role("button").first.click()
        await expect(dialog).to_have_count(0)

    async def open_step(self, step: str) -> None:
        """Go to a step of the meeting's board."""
        link = self.device.page.get_by_role("navigation").get_by_role(
            "link", name=re.compile(re.escape(text(f"secretary.step_{step}", self.device.language)))
        )
        await link.first.click()
        await self.await_step(step)

    async def await_step(self, step: str) -> None:
        name = text(f"secretary.step_{step}", self.device.language)
        await expect(
            self.device.page.get_by_role("heading", level=2, name=name, exact=True)
        ).to_be_visible()

    async def choose_file(self, key: str, name: str, media_type: str, data: bytes) -> None:
        """Through the page's own file field."""
        payload: FilePayload = {"name": name, "mimeType": media_type, "buffer": data}
        await self.device.page.locator(
            f'input[type=file][aria-label="{text(key, self.device.language)}"]'
        ).set_input_files(payload)

    async def open(self) -> None:
        """The console's start page, with one touch of the passkey where it is asked for."""
        device = self.device
        await device.page.goto("/secretary")
        start = device.page.get_by_role(
            "heading", name=text("secretary.meetings", device.language), exact=True
        )
        gate = button(device, "login.button")
        await expect(start.or_(gate).first).to_be_visible()
        if await gate.is_visible():
            await gate.click()
        await expect(start).to_be_visible()

    async def found_council(self) -> None:
        """A council with its deciding act, and the roster out of a CSV file."""
        page = self.device.page
        await self.look(self.device, "start-empty")
        await page.get_by_role("link", name=text("secretary.new_council")).click()
        await expect(heading(self.device, "secretary.new_council")).to_be_visible()
        await tap(self.device, "secretary.council_create")
        await expect(says(self.device, "secretary.needed")).to_be_visible()
        await self.look(self.device, "council-errors")
        values = {
            "name": people.COUNCIL,
            "parent_line": "ỦY BAN NHÂN DÂN HUYỆN ĐỒI THÔNG",
            "issuer_line": "HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG",
            "symbol": "HĐTĐKT",
            "decision_number": "318/QĐ-UBND",
            "decision_date": "2026-03-20",
            "decision_issued_by": "Chủ tịch UBND huyện Đồi Thông",
            "decision_about": "kiện toàn Hội đồng Thi đua - Khen thưởng huyện",
            "rules": "Quy chế ban hành kèm theo Quyết định số 319/QĐ-UBND ngày 20 tháng 3 năm 2026",
        }
        for name, value in values.items():
            await self.fill(f"secretary.council_{name}", value)
        await self.look(self.device, "council-new")
        await tap(self.device, "secretary.council_create")
        await expect(heading(self.device, "secretary.members")).to_be_visible()
        await self._import_roster()

    async def _import_roster(self) -> None:
        key, page = "secretary.roster_import", self.device.page
        await self.choose_file(key, "sai.csv", "text/csv", people.faulty_roster_csv())
        problems = page.get_by_role("region", name=text("secretary.import_problems"))
        await expect(problems).to_be_visible()
        await self.look(self.device, "roster-errors")
        await self.choose_file(key, "thanh-vien.csv", "text/csv", people.roster_csv())
        last = people.MEMBERS[-1]
        await expect(
            page.get_by_label(f"{text('secretary.name')}, {last.no}", exact=True)
        ).to_have_value(last.name)
        await expect(problems).to_have_count(0)
        await self.look(self.device, "roster")
        await tap(self.device, "secretary.roster_save")
        await expect(page.get_by_role("heading", level=1, name=people.COUNCIL)).to_be_visible()
        await self.look(self.device, "council")

    async def invite_auditor(self) -> str:
        """On the council's page; the link is shown once."""
        form = self.device.page.locator("section", has_text=text("secretary.auditors"))
        await form.get_by_label(text("secretary.name"), exact=True).fill(people.AUDITOR)
        await tap(self.device, "secretary.auditor_add")
        await expect(
            says(self.device, "secretary.invitation_for", name=people.AUDITOR)
        ).to_be_visible()
        await self.look(self.device, "auditor-invited")
        return await self._copied_link()

    async def invite_members(self) -> dict[int, str]:
        """Everybody's private link, by number."""
        device = self.device
        await device.page.get_by_role("link", name=text("secretary.invite"), exact=True).click()
        await expect(heading(device, "secretary.invitations")).to_be_visible()
        await tap(device, "secretary.invite_all", n=len(people.MEMBERS))
        await expect(
            says(device, "secretary.invitations_once", n=len(people.MEMBERS))
        ).to_be_visible()
        await self.look(device, "invitations")
        links = {}
        for person in people.MEMBERS:
            await device.page.get_by_role(
                "button", name=f"{text('app.show_qr')}: {person.name}", exact=True
            ).click()
            await expect(says(device, "secretary.invitation_for", name=person.name)).to_be_visible()
            links[person.no] = await self._copied_link()
        return links

    async def _copied_link(self) -> str:
        """Tap "copy" and look into the clipboard."""
        device = self.device
        await device.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await tap(device, "secretary.copy_link")
        await expect(says(device, "app.copied")).to_be_visible()
        return str(await device.page.evaluate("() => navigator.clipboard.readText()"))

    async def create_meeting(self) -> None:
        device = self.device
        await device.page.goto("/secretary")
        await device.page.get_by_role(
            "link", name=text("secretary.new_meeting"), exact=True
        ).click()
        await expect(heading(device, "secretary.new_meeting")).to_be_visible()
        await self.fill("secretary.meeting_title", people.MEETING)
        await self.fill("secretary.venue", people.VENUE)
        await self.field("secretary.presiding").select_option(str(people.PRESIDING.no))
        await self.field("secretary.minute_taker").select_option(str(people.MINUTE_TAKER.no))
        await self.look(device, "meeting-new")
        await tap(device, "secretary.meeting_create")
        await expect(
            device.page.get_by_role("heading", level=1, name=people.MEETING)
        ).to_be_visible()

    async def open_hall(self) -> str:
        await self.open_step("meeting")
        await tap(self.device, "secretary.hall_make")
        await expect(
            self.device.page.get_by_role("link", name=text("secretary.hall_open"))
        ).to_be_visible()
        await self.look(self.device, "meeting")
        return await self._copied_link()

    async def draft_list(self, cases: Sequence[people.Case], group: GroupName) -> None:
        """The list out of an Excel file, with the fewest ballots and the group chosen."""
        device = self.device
        await self.open_step("list")
        await self.look(device, "list-empty")
        file = people.nominations_xlsx(cases)
        await self.choose_file("secretary.list_import", "danh-sach.xlsx", XLSX, file)
        save = button(device, "secretary.list_save", n=len(cases))
        await expect(save).to_be_visible()
        await device.page.get_by_text(text("secretary.advanced"), exact=True).click()
        await self.fill("secretary.minimum_ballots", "3")
        kind = "ed25519" if group == "Ed25519" else "belenios"
        await device.page.get_by_label(text(f"secretary.group_{kind}"), exact=True).check()
        await self.look(device, "list")
        await save.click()
        await self.await_step("attendance")

    async def excuse(self, person: people.Person, reason: str) -> None:
        await self.open_step("attendance")
        field = self.field("secretary.absence_reason_of", name=person.name)
        await field.fill(reason)
        await field.blur()

    async def see_quorum(self, here: int) -> None:
        met = like("secretary.quorum_met", n=here, of=len(people.MEMBERS))
        await expect(self.device.page.get_by_text(met)).to_be_visible()
        await self.look(self.device, "attendance")

    async def record_team(self) -> None:
        await self.open_step("team")
        for teller in people.TELLERS:
            await self.device.page.get_by_role(
                "checkbox", name=re.compile(re.escape(teller.name))
            ).check()
        await self.look(self.device, "team")
        await self.confirm("secretary.tellers_record", "team")
        await expect(says(self.device, "secretary.keys_waiting", i=0)).to_be_visible()
        await self.look(self.device, "team-recorded")

    async def see_keys(self) -> None:
        await expect(says(self.device, "secretary.keys_done")).to_be_visible()
        await self.look(self.device, "keys-taken")

    async def issue(self) -> None:
        await self.open_step("issue")
        await self.look(self.device, "issue")
        await self.confirm("secretary.issue_button", "issue")
        await self.await_step("start")

    async def start_voting(self, ballots: int) -> str:
        """Once all ballots are out and the team has confirmed; the election code."""
        device = self.device
        await expect(says(device, "secretary.issue_progress", a=ballots, m=ballots)).to_be_visible()
        await expect(button(device, "officer.open_button")).to_be_enabled()
        code = await shown_code(device, "code.election")
        await self.look(device, "start")
        await self.confirm("officer.open_button", "start")
        await self.await_step("close")
        await self.look(device, "voting")
        return code

    async def end_voting(self, ballots: int) -> str:
        """Once all are back; the seal code."""
        device = self.device
        await expect(says(device, "officer.counts", a=ballots, b=ballots)).to_be_visible()
        await self.confirm("officer.close_button", "close")
        code = await shown_code(device, "code.seal")
        await self.look(device, "sealed")
        return code

    async def see_result(self) -> None:
        await self.open_step("result")
        await expect(self.device.page.get_by_role("table").first).to_be_visible()
        await self.look(self.device, "result")

    async def write_texts(self) -> None:
        """Own words, each card saved by itself; a meeting minute needs the time of the end."""
        now = await self.device.page.evaluate("() => new Date().toTimeString().slice(0, 5)")
        report = "Đồng chí Tạ Đình Khoa trình bày Tờ trình số 12/TTr-HĐTĐKT."
        for card, field, value in (
            ("secretary.texts_meeting", "secretary.text_report", report),
            ("secretary.texts_end", "secretary.text_ended_at", now),
        ):
            section = self.device.page.locator(
                "section",
                has=self.device.page.get_by_role("heading", level=3, name=text(card), exact=True),
            ).last
            await section.get_by_label(text(field), exact=True).fill(value)
            await section.get_by_role("button", name=text("app.save"), exact=True).click()
            await expect(section.get_by_role("status").last).to_have_text(text("app.saved"))

    async def draw_up(self, name_key: str) -> None:
        """Ask for a paper to be drawn up for signature."""
        name = text(name_key)
        await self.confirm("secretary.draw_up_name", "paper", name=name)
        kind = "papers.counting" if "counting" in name_key else "papers.meeting"
        await expect(
            self.device.page.get_by_role("region", name=text(kind), exact=True)
        ).to_be_visible()

    async def open_papers(self) -> None:
        await self.open_step("papers")
        await expect(
            button(self.device, "secretary.draw_up_name", name=text("secretary.counting_minute"))
        ).to_be_visible()
        await self.look(self.device, "papers")
