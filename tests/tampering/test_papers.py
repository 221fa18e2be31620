"""Papers that print, carry or sign something else than their record says (V18, protocol.md §9)."""

import datetime
import hashlib
import io
import re
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from schemas import entries
from schemas.rules import Rule
from schemas.terms import Nomination, Terms
from services.minutes.model import MeetingTable, PaperContent, Paragraph
from services.simulation.paper_signing import sign_paper
from services.simulation.test_authority import TestAuthority
from services.verifier.checks_anchor import Anchors
from services.verifier.checks_papers import Paper
from services.verifier.counted import AttachedRecord
from services.verifier.evidence import Evidence, read_evidence
from services.verifier.printed_figures import figure_problems
from services.verifier.printed_pages import read_pages
from services.verifier.record_files import read_record_files
from services.verifier.report import Report
from services.verifier.verify import verify_bytes, verify_paper
from tests.fixtures.paper_builder import (
    NOW,
    authority,
    built_paper,
    content_of,
    counted_record,
    issue,
    record_up_to_result,
    sign_all,
)
from tests.fixtures.record_builder import BuiltRecord, build_record, zip_of

TRUSTING = Anchors(trust=authority().pem, shows_codes=False)
UNTRUSTING = Anchors(shows_codes=False)


def verify(paper: bytes, anchors: Anchors = UNTRUSTING, given: Evidence | None = None) -> Report:
    return verify_bytes(paper, "paper.pdf", anchors, given)


def reprinted(kind: str, change: Callable[[PaperContent], PaperContent]) -> Report:
    """A paper whose text was changed before it was issued and signed by the right people."""
    content = change(content_of(kind, counted_record()))
    return verify(sign_all(issue(content, counted_record()), content))


def attachment_of(record: BuiltRecord) -> AttachedRecord:
    data = record_up_to_result(record)
    return AttachedRecord(read_evidence(read_record_files(data)), hashlib.sha256(data).hexdigest())


def with_text(pattern: str, replacement: str) -> Callable[[PaperContent], PaperContent]:
    """Change a sentence of a paper."""

    def change(content: PaperContent) -> PaperContent:
        blocks = tuple(
            replace(block, text=re.sub(pattern, replacement, block.text))
            if isinstance(block, Paragraph)
            else block
            for block in content.blocks
        )
        assert blocks != content.blocks
        return replace(content, blocks=blocks)

    return change


@pytest.mark.parametrize("kind", ["counting", "meeting"])
def test_paper_as_it_was_signed(kind: str) -> None:
    """All checks hold; with the issuers' certificates the paper is anchored as well."""
    report = verify(built_paper(kind).signed, TRUSTING)

    assert {check.id for check in report.checks if check.status != "holds"} == {"V19"}


def test_issuers_not_given() -> None:
    """Without --trust the issuers were not judged, and the report says so."""
    report = verify(built_paper("meeting").signed)

    assert report.failed == ()
    assert "not judged" in report.detail_of("V18")
    assert report.status_of("V20") == "not_applicable"


FALSE_PRINTS: dict[str, tuple[str, str, str]] = {
    "one ballot more issued": ("counting", r"phát ra: \d+", "phát ra: 7"),
    "one ballot less returned": ("counting", r"phiếu thu về: \d+", "phiếu thu về: 4"),
    "one invalid ballot": ("counting", "không hợp lệ: 0", "không hợp lệ: 1"),
    "another total": ("counting", r"theo Quyết định: \d+", "theo Quyết định: 8"),
    "more cases passed": ("counting", r"Có 01/03", "Có 02/03"),
    "other ballots in the meeting": ("meeting", r"phát ra: 6; thu về: 5", "phát ra: 6; thu về: 6"),
    "another presence": ("meeting", r"có mặt 6/7", "có mặt 7/7"),
    "another share of presence": ("meeting", r"85,71%", "86,71%"),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE_PRINTS)
def test_false_figure_in_a_sentence(name: str) -> None:
    """A figure that is not the record's is found, and nothing else."""
    kind, pattern, replacement = FALSE_PRINTS[name]
    content = with_text(pattern, replacement)(content_of(kind, counted_record()))
    paper = issue(content, counted_record())

    assert len(figure_problems(read_pages(paper), [attachment_of(counted_record())])) == 1


def test_false_figure_in_a_table() -> None:
    """The row of the table is named, with what it should read."""

    def change(content: PaperContent) -> PaperContent:
        blocks = []
        for block in content.blocks:
            if isinstance(block, MeetingTable):
                first, *others = block.rows
                altered = tuple("Đạt" if cell == "Không đạt" else cell for cell in first)
                block = replace(block, rows=(altered, *others))
            blocks.append(block)
        return replace(content, blocks=tuple(blocks))

    report = reprinted("meeting", change)

    assert report.failed == ("V18",)
    assert "row 1 of a table should read" in report.detail_of("V18")


def test_nobody_signed() -> None:
    """A paper as it was issued is no minute yet."""
    report = verify(built_paper("counting").issued)

    assert report.failed == ("V18",)
    assert report.detail_of("V18") == "nobody has signed this paper"


def test_not_all_have_signed() -> None:
    """What is signed holds; the empty field is named."""
    paper = sign_paper(
        built_paper("meeting").issued, "secretary", authority().issue("Thành viên 4", NOW), NOW
    )
    report = verify(paper)

    assert report.failed == ()
    assert "not signed yet: presiding" in report.detail_of("V18")


def test_another_authority() -> None:
    """Signers whose certificates others issued are not the people that the reader trusts."""
    other = TestAuthority.create(NOW - datetime.timedelta(days=1))
    report = verify(built_paper("meeting").signed, Anchors(trust=other.pem, shows_codes=False))

    assert report.failed == ("V18", "V20")
    assert "not of the issuers given" in report.detail_of("V18")


def test_signed_byte_changed() -> None:
    """The signatures are over every byte of the paper as it stood."""
    data = built_paper("meeting").signed
    changed = data.replace(b"<dc:title>", b"<dc:Title>", 1)
    assert changed != data

    assert "V18" in verify(changed).failed


def test_page_emptied_after_signing() -> None:
    """A later revision may hold further signatures, no other page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(built_paper("meeting").signed))
    page = writer.root["/Pages"]["/Kids"][0]
    while "/Kids" in page:
        page = page["/Kids"][0]
    page[generic.pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b" "))
    writer.update_container(page)
    written = io.BytesIO()
    writer.write(written)
    report = verify(written.getvalue())

    assert report.failed == ("V18",)
    assert "the file was changed later by more than is permitted" in report.detail_of("V18")


def record_with_minute(sha256: str) -> Evidence:
    """The whole record, whose log names a paper by its hash."""
    record = counted_record()
    log = [entry for entry in record.log if not isinstance(entry, entries.MinuteEntry)]
    minute = entries.MinuteEntry(paper="meeting", sha256=sha256)
    lines = [entries.encode_entry(entry) for entry in [*log, minute]]
    files = read_record_files(record.to_zip())
    return read_evidence(type(files)(b"".join(line + b"\n" for line in lines), files.checkpoints))


def test_record_that_the_paper_belongs_to() -> None:
    """The attached record is a prefix of the one given, whose log names the paper as issued."""
    paper = built_paper("meeting")
    given = record_with_minute(hashlib.sha256(paper.issued).hexdigest())
    report = verify(paper.signed, given=given)

    assert report.failed == ()
    assert "prefix of the one given" in report.detail_of("V18")


def test_log_that_names_another_paper() -> None:
    """A paper that the log does not name is not the council's."""
    report = verify(built_paper("meeting").signed, given=record_with_minute("ab" * 32))

    assert report.detail_of("V18") == "the log of the record given does not name this paper"


def test_record_of_another_election() -> None:
    """A paper is compared with the record that it carries."""
    other = build_record(changes={"terms": lambda terms: replace(terms, rp_id="x.example.vn")})
    given = read_evidence(read_record_files(other.to_zip()))

    report = verify(built_paper("meeting").signed, given=given)

    assert report.detail_of("V18") == "no attached record is a prefix of the record given"


def test_check_that_holds_for_one_of_two_elections() -> None:
    """Without one election's roster, nothing is claimed of the issuances of both."""
    files = build_record().files
    attached = {
        name: AttachedRecord(read_evidence(read_record_files(zip_of(given))), "ab" * 32)
        for name, given in (
            ("record-1.zip", files),
            ("record-2.zip", {name: files[name] for name in files if name != "roster.json"}),
        )
    }
    report = verify_paper(Paper("paper.pdf", b"%PDF-", attached), UNTRUSTING, None)

    assert report.status_of("V5") == "holds"
    assert report.status_of("V6") == "not_applicable"
    assert "no roster given" in report.detail_of("V6")


def many_nominations(terms: Terms) -> Terms:
    rule = Rule(share="66.5%", comparator="at_least", base="all_members", citation="Điều 5")
    return replace(
        terms,
        nominations=tuple(
            Nomination(
                no=number,
                kind="individual",
                name=f"Nguyễn Thị Phương Thảo Nguyên thứ {number}",
                unit=f"Trưởng phòng Nghiệp vụ {number}, Ban Thi đua - Khen thưởng tỉnh Lam Giang",
                award=("Bằng khen của Thủ tướng Chính phủ", "Giấy khen")[number % 2],
                rule=rule,
            )
            for number in range(1, 61)
        ),
    )


@pytest.mark.parametrize("kind", ["counting", "meeting"])
def test_sixty_nominations_over_several_pages(kind: str) -> None:
    """Rows and sentences are found whatever page they stand on."""
    record = build_record(changes={"terms": many_nominations})
    paper = issue(content_of(kind, record), record)

    assert figure_problems(read_pages(paper), [attachment_of(record)]) == []
