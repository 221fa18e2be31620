"""Printed, signed by hand and scanned: what is said of such a paper, and what is not (V18)."""

import io
from collections.abc import Callable

import pypdfium2
import pytest
from msgspec.structs import replace
from PIL import Image

from services.verifier.checks_anchor import Anchors
from services.verifier.evidence import read_evidence
from services.verifier.record_files import read_record_files
from services.verifier.verify import verify_bytes
from tests.fixtures.paper_builder import built_paper, counted_record
from tests.fixtures.record_builder import build_record

ANCHORS = Anchors(shows_codes=False)


def scanned() -> Image.Image:
    """The last page as a scanner at 150 dots an inch sees it."""
    with pypdfium2.PdfDocument(built_paper("counting").issued) as document:
        page: Image.Image = document[len(document) - 1].render(scale=150 / 72).to_pil()
        return page


def as_file(kind: str) -> bytes:
    written = io.BytesIO()
    scanned().convert("L").save(written, kind)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "PDF"])
def test_scan_with_its_record(kind: str) -> None:
    """Its code is the record's; that is all, and V18 does not hold."""
    given = read_evidence(read_record_files(counted_record().to_zip()))
    report = verify_bytes(as_file(kind), "scan", ANCHORS, given)

    assert report.failed == ()
    assert report.status_of("V18") == "not_applicable"
    assert "signatures by hand and printed figures were not checked" in report.detail_of("V18")
    assert "its QR code is that of the record given" in report.detail_of("V18")
    assert "NOT PROVEN" in report.to_text()


def test_scan_alone() -> None:
    """Without a record nothing is compared, and the reader hears how to do it."""
    report = verify_bytes(as_file("PNG"), "scan", ANCHORS)

    assert report.status_of("V15") == "not_applicable"
    assert "--record" in report.detail_of("V18")


def test_scan_of_another_election() -> None:
    """The code on the paper is not that of the record."""
    other = build_record(changes={"terms": lambda terms: replace(terms, rp_id="x.example.vn")})
    given = read_evidence(read_record_files(other.to_zip()))
    report = verify_bytes(as_file("PNG"), "scan", ANCHORS, given)

    assert report.detail_of("V18") == "the QR code of the scan is not that of the record given"


def white(_: Image.Image) -> Image.Image:
    return Image.new("L", (400, 400), 255)


@pytest.mark.parametrize("change", [white])
def test_scan_without_a_code(change: Callable[[Image.Image], Image.Image]) -> None:
    """Where no code can be read, that is said."""
    written = io.BytesIO()
    change(scanned()).save(written, "PNG")

    assert "no QR code" in verify_bytes(written.getvalue(), "scan", ANCHORS).detail_of("V18")
