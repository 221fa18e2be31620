"""Extracts of a meeting minute that leave a case out or change a figure (V18)."""

import functools
from collections.abc import Callable

import msgspec
import pytest

from schemas.papers import PaperTexts
from schemas.terms import Terms
from services.minutes.extract import IssuedAs, extract, extract_groups
from services.minutes.model import MeetingTable, PaperContent, Paragraph, counted_election
from services.verifier.report import Report
from services.verifier.verify import verify_bytes
from tests.fixtures.paper_builder import attached, content_of, issue, sign_all
from tests.fixtures.record_builder import BuiltRecord, build_record


def under_one_rule(terms: Terms) -> Terms:
    """All cases of the built record under the first one's rule: one award file."""
    rule = terms.nominations[0].rule
    cases = tuple(msgspec.structs.replace(case, rule=rule) for case in terms.nominations)
    return msgspec.structs.replace(terms, nominations=cases)


@functools.cache
def counted_record() -> BuiltRecord:
    return build_record(changes={"terms": under_one_rule})


@functools.cache
def content() -> PaperContent:
    """The extract for the only award of the record."""
    record = counted_record()
    files = record.files
    election = counted_election(record.log, files["roster.json"], files["attendance.json"])
    (group,) = extract_groups([election])
    assert len(group.cases) == 3
    minute = content_of("meeting", record)
    return extract(minute, [election], PaperTexts(), [attached(record)], group, IssuedAs())


def verified(change: Callable[[PaperContent], PaperContent]) -> Report:
    changed = change(content())
    return verify_bytes(sign_all(issue(changed, counted_record()), changed), "extract.pdf")


def with_rows(
    change: Callable[[tuple[tuple[str, ...], ...]], tuple[tuple[str, ...], ...]],
) -> Callable[[PaperContent], PaperContent]:
    def changed(paper: PaperContent) -> PaperContent:
        blocks = tuple(
            msgspec.structs.replace(block, rows=change(block.rows))
            if isinstance(block, MeetingTable)
            else block
            for block in paper.blocks
        )
        return msgspec.structs.replace(paper, blocks=blocks)

    return changed


def with_text(old: str, new: str) -> Callable[[PaperContent], PaperContent]:
    def changed(paper: PaperContent) -> PaperContent:
        assert any(isinstance(block, Paragraph) and old in block.text for block in paper.blocks)
        blocks = tuple(
            msgspec.structs.replace(block, text=block.text.replace(old, new))
            if isinstance(block, Paragraph)
            else block
            for block in paper.blocks
        )
        return msgspec.structs.replace(paper, blocks=blocks)

    return changed


def test_extract_says_what_it_is() -> None:
    """Its figures were compared, and the reader is told that it is not the minute."""
    report = verified(lambda paper: paper)
    assert report.status_of("V18") == "not_applicable"
    assert "an extract of a meeting minute" in report.detail_of("V18")
    assert report.status_of("V10") == "holds"


def test_unsigned_extract() -> None:
    """Nobody answers for it."""
    report = verify_bytes(issue(content(), counted_record()), "extract.pdf")
    assert report.status_of("V18") == "fails"
    assert "nobody has signed" in report.detail_of("V18")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (with_rows(lambda rows: ((*rows[0][:4], "9", *rows[0][5:]), *rows[1:])), "a row of the"),
        (with_rows(lambda rows: ((rows[0][0], "Người khác", *rows[0][2:]), *rows[1:])), "a row"),
        (with_rows(lambda rows: rows[:-1]), "is not printed"),
        (with_rows(lambda rows: ()), "no case is printed"),
        (with_rows(lambda rows: (*rows, rows[0])), "which is not the record's"),
        (with_text("không hợp lệ: 0", "không hợp lệ: 1"), "ballots: prints"),
        (with_text("có mặt ", "có mặt 1"), "members present"),
    ],
)
def test_changed_extract(change: Callable[[PaperContent], PaperContent], reason: str) -> None:
    """Refused with the reason."""
    report = verified(change)
    assert report.status_of("V18") == "fails"
    assert reason in report.detail_of("V18")
