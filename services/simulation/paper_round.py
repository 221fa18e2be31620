"""The two papers: texts, drawing up, and everybody signing on their own computer."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from schemas.papers import PaperTexts
from services.simulation.meeting import HeldMeeting, MeetingPlay, Progress

COUNTING_MINUTE: Final = "counting-minute.pdf"
MEETING_MINUTE: Final = "meeting-minute.pdf"


async def sign_papers(play: MeetingPlay, held: HeldMeeting, out: Path, progress: Progress) -> None:
    """Draw both papers up, let each person sign, and leave the signed files in `out`."""
