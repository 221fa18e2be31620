"""The two papers: texts, drawing up, and everybody signing on their own computer."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from schemas.papers import PaperTexts
from schemas.scenario import Scenario, ScenarioTexts
from services.simulation.http_client import ApiClient
from services.simulation.meeting import HeldMeeting, MeetingPlay, Progress
from services.simulation.paper_signing import VIETNAM, sign_paper
from services.simulation.test_authority import SigningIdentity, TestAuthority

COUNTING_MINUTE: Final = "counting-minute.pdf"
MEETING_MINUTE: Final = "meeting-minute.pdf"
AUTHORITY: Final = "test-authority.pem"
NUMBER: Final = "01"
# Parts of the meeting at which the papers say that counting began and ended.
COUNTING_STARTED, COUNTING_FINISHED = 0.75, 0.9


async def sign_papers(
    play: MeetingPlay, held: HeldMeeting, authority: TestAuthority, out: Path, progress: Progress
) -> None:
    """
    Draw both papers up and let each person sign; the signed files are left in `out`.

    The meeting minute then gets its number and the agency's signature. Everybody's certificate is
    of `authority`, which was made for this run and which the service trusts.
    """
    signing = _SigningRound(play, authority, progress)
    await play.secretary.write_texts(held.meeting_id, paper_texts(play.scenario, play.at))
    paper = await play.secretary.draw_up_counting_minute(held.uuid)
    progress("The counting minute is drawn up from the record")
    (out / COUNTING_MINUTE).write_bytes(await signing.sign_in_turn(paper))
    paper = await play.secretary.draw_up_meeting_minute(held.meeting_id)
    progress("The meeting minute is drawn up")
    await signing.sign_in_turn(paper)
    (out / MEETING_MINUTE).write_bytes(await signing.issue(paper))


def paper_texts(scenario: Scenario, at: Any) -> PaperTexts:
    """The secretary's words: those of the scenario, and the times of counting and ending."""
    texts = scenario.meeting.texts or ScenarioTexts()
    return PaperTexts(
        counting_started_at=at(COUNTING_STARTED),
        counting_finished_at=at(COUNTING_FINISHED),
        ended_at=scenario.meeting.ends_at,
        report=texts.report,
        discussion=texts.discussion,
        conclusion=texts.conclusion,
        recipients=scenario.meeting.recipients,
    )


@dataclass
class _SigningRound:
    """Whoever signs downloads the latest file, signs on their side and uploads the increment."""

    play: MeetingPlay
    authority: TestAuthority
    progress: Progress
    identities: dict[str, SigningIdentity] = field(default_factory=dict)

    async def sign_in_turn(self, paper: Any) -> bytes:
        """Everybody who signs this paper in person; returns the file."""
        names = {member.no: member.name for member in self.play.scenario.members}
        signed = b""
        for place in paper["fields"]:
            member = place["member"]
            if member is not None:
                api = self.play.phones[member].device.api
                signed = await self._sign(api, paper, place["name"], names[member])
                self.progress(f"{names[member]} has signed the {paper['kind']} minute")
        return signed

    async def issue(self, paper: Any) -> bytes:
        """The records clerk, at the secretary's console: number and date, then the seal."""
        secretary = self.play.secretary
        today = datetime.now(VIETNAM).date().isoformat()
        await secretary.give_number(paper["id"], NUMBER, today)
        self.progress(f"The minute has the number {NUMBER}")
        place = next(each["name"] for each in paper["fields"] if each["member"] is None)
        agency = self.play.scenario.council.issuer.issuer_line
        signed = await self._sign(secretary.device.api, paper, place, agency)
        self.progress("The agency has signed: the minute is issued")
        return signed

    async def _sign(self, api: ApiClient, paper: Any, place: str, name: str) -> bytes:
        """Sign in one field; a certificate seen for the first time the secretary confirms."""
        path, now = f"/papers/{paper['id']}", datetime.now(UTC)
        if name not in self.identities:
            self.identities[name] = self.authority.issue(name, now)
        file = await api.get_bytes(f"{path}/file")
        signed = await asyncio.to_thread(sign_paper, file, place, self.identities[name], now)
        answer = await api.post_bytes(f"{path}/signatures", signed, "application/pdf")
        await self.play.secretary.confirm_waiting(answer)
        return signed
