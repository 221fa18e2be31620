"""Signed papers for verifiers in other languages: `python -m tests.vectors.generate_papers`.

The signatures are ECDSA and state the time of day, so the files are others each time: make them
anew where the papers' form has changed, not to compare them.
"""

import datetime
from pathlib import Path
from typing import Final

from services.minutes.number_filling import fill_number_and_date
from services.simulation.paper_signing import sign_paper
from services.simulation.test_authority import TestAuthority
from tests.fixtures.paper_builder import NOW, authority, content_of, counted_record, issue

FOLDER: Final = Path(__file__).parent / "papers"
NUMBER: Final = "07"
AGENCY: Final = "Hội đồng Thi đua - Khen thưởng"
DAY: Final = datetime.date(2026, 12, 16)


def sign(paper: bytes, *places: tuple[str, str]) -> bytes:
    """Sign fields in this order, each by the person named beside it."""
    for field, name in places:
        paper = sign_paper(paper, field, authority().issue(name, NOW), NOW)
    return paper


def main() -> None:
    """Write both papers as they are signed and issued, their authority's root and a stranger's."""
    FOLDER.mkdir(exist_ok=True)
    record = counted_record()
    counting = content_of("counting", record)
    names = [(place.field, place.name) for place in counting.places]
    (FOLDER / "counting.pdf").write_bytes(sign(issue(counting, record), *names))
    meeting = content_of("meeting", record)
    people = {place.field: place.name for place in meeting.places}
    officers = [(field, people[field]) for field in ("secretary", "presiding")]
    signed = sign(issue(meeting, record), *officers)
    filled = fill_number_and_date(signed, NUMBER, DAY)
    (FOLDER / "meeting.pdf").write_bytes(sign(filled, ("agency", AGENCY)))
    (FOLDER / "authority.pem").write_bytes(authority().pem)
    (FOLDER / "strangers.pem").write_bytes(TestAuthority.create(NOW).pem)


if __name__ == "__main__":
    main()
