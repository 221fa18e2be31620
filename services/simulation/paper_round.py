"""The two papers: texts, drawing up, and everybody signing on their own computer."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from schemas.papers import PaperTexts
from schemas.scenario import Scenario, ScenarioTexts
from services.simulation.meeting import HeldMeeting, MeetingPlay, Progress
from services.simulation.paper_signing import sign_paper
from services.simulation.test_authority import TestAuthority

COUNTING_MINUTE: Final = "counting-minute.pdf"
MEETING_MINUTE: Final = "meeting-minute.pdf"
AUTHORITY: Final = "test-authority.pem"
# Parts of the meeting at which the papers say that counting began and ended.
COUNTING_STARTED, COUNTING_FINISHED = 0.75, 0.9


async def sign_papers(play: MeetingPlay, held: HeldMeeting, out: Path, progress: Progress) -> None:
    """
    Draw both papers up and let each person sign; the signed files are left in `out`.

    People's certificates come from a test authority made for this run, whose root is left too.
    """
    authority = TestAuthority.create(datetime.now(UTC))
    (out / AUTHORITY).write_bytes(authority.pem)
    await play.secretary.write_texts(held.meeting_id, paper_texts(play.scenario, play.at))
    paper = await play.secretary.draw_up_counting_minute(held.uuid)
    progress("The counting minute is drawn up from the record")
    (out / COUNTING_MINUTE).write_bytes(await _sign_in_turn(play, paper, authority, progress))
    paper = await play.secretary.draw_up_meeting_minute(held.meeting_id)
    progress("The meeting minute is drawn up")
    (out / MEETING_MINUTE).write_bytes(await _sign_in_turn(play, paper, authority, progress))


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


async def _sign_in_turn(
    play: MeetingPlay, paper: Any, authority: TestAuthority, progress: Progress
) -> bytes:
    """Each signer downloads what was issued, signs on their side and uploads the increment."""
    names = {member.no: member.name for member in play.scenario.members}
    path = f"/papers/{paper['id']}"
    signed = b""
    for field in paper["fields"]:
        member = field["member"]
        if member is None:
            continue
        api = play.phones[member].device.api
        signed = await asyncio.to_thread(
            sign_paper,
            await api.get_bytes(f"{path}/file"),
            field["name"],
            authority.issue(names[member], datetime.now(UTC)),
            datetime.now(UTC),
        )
        await api.post_bytes(f"{path}/signatures", signed, "application/pdf")
        progress(f"{names[member]} has signed the {paper['kind']} minute")
    return signed
