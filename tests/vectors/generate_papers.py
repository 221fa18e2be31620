"""Signed papers for verifiers in other languages: `python -m tests.vectors.generate_papers`.

The signatures are ECDSA and state the time of day, so the files are others each time: make them
anew where the papers' form has changed, not to compare them.
"""

import asyncio
import datetime
from pathlib import Path
from typing import Final

from schemas.papers import PaperTexts
from services.minutes.extract import IssuedAs, extract, extract_groups, records_of
from services.minutes.model import counted_election
from services.minutes.number_filling import fill_number_and_date
from services.pades.fetching import HttpTimeStamper
from services.pades.long_term import add_long_term
from services.pades.signing import sign_field
from services.simulation.paper_signing import sign_paper
from services.simulation.test_authority import TestAuthority
from tests.fixtures.loopback_authority import loopback_authority
from tests.fixtures.paper_builder import (
    NOW,
    attached,
    authority,
    content_of,
    counted_record,
    issue,
)
from tests.fixtures.record_builder import BuiltRecord

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
    (FOLDER / "extract.pdf").write_bytes(signed_extract(record))
    (FOLDER / "authority.pem").write_bytes(authority().pem)
    (FOLDER / "strangers.pem").write_bytes(TestAuthority.create(NOW).pem)
    write_long_term(issue(meeting, record))


def signed_extract(record: BuiltRecord) -> bytes:
    """The first award's extract of the meeting minute, signed by the secretary."""
    files, texts, attachment = record.files, PaperTexts(), attached(record)
    counted = [counted_election(record.log, files["roster.json"], files["attendance.json"])]
    group = extract_groups(counted)[0]
    content = extract(
        content_of("meeting", record),
        counted,
        texts,
        records_of(group, [attachment]),
        group,
        IssuedAs(NUMBER, DAY),
    )
    return sign(issue(content, record), *((place.field, place.name) for place in content.places))


def write_long_term(paper: bytes) -> None:
    """The meeting minute as level B-LTA, with RSA and ECDSA, and its authority's root."""
    with loopback_authority() as running:
        now = datetime.datetime.now(datetime.UTC)
        for field in ("secretary", "presiding", "agency"):
            if field == "agency":
                paper = fill_number_and_date(paper, NUMBER, DAY)
            paper = sign_field(paper, field, running.signer(field), field, now)
        stamper = HttpTimeStamper(running.tsa_url)
        paper = asyncio.run(add_long_term(paper, running.trust, stamper))
        (FOLDER / "long-term-root.pem").write_bytes(running.pem)
    (FOLDER / "long-term.pdf").write_bytes(paper)


if __name__ == "__main__":
    main()
