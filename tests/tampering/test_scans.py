"""Scans and copies beside a record: matched by their code, never said to be signed (V18)."""

import functools

import pytest

from services.verifier.evidence import Evidence, read_evidence
from services.verifier.record_files import MalformedInputError, read_record_files
from services.verifier.verify import verify_bytes
from tests.fixtures.paper_builder import content_of, counted_record, issue, record_up_to_result
from tests.fixtures.record_builder import BuiltRecord, build_record
from tests.fixtures.scanned_paper import jpeg, page_picture, scanned, scanned_pdf, without_code


@functools.cache
def issued() -> bytes:
    record = counted_record()
    return issue(content_of("counting", record), record)


def evidence(record: BuiltRecord) -> Evidence:
    return read_evidence(read_record_files(record_up_to_result(record)))


@pytest.mark.parametrize("make", [scanned_pdf, lambda pdf: jpeg(scanned(page_picture(pdf)))])
def test_scan_of_the_record(make: object) -> None:
    """The record is verified; of the ink nothing is said."""
    assert callable(make)
    report = verify_bytes(make(issued()), "scan", given=evidence(counted_record()))
    assert report.status_of("V10") == "holds"
    assert report.status_of("V18") == "not_applicable"
    assert "were not checked; its code is that of the record" in report.detail_of("V18")


def test_scan_without_code() -> None:
    """Nothing shows what it is of."""
    scan = jpeg(without_code(page_picture(issued())))
    report = verify_bytes(scan, "scan", given=evidence(counted_record()))
    assert "no code can be read on it" in report.detail_of("V18")


def test_scan_of_another_record() -> None:
    """Its code is refused."""
    scan = jpeg(scanned(page_picture(issued())))
    other = build_record("BELENIOS-2048")
    report = verify_bytes(scan, "scan", given=evidence(other))
    assert report.status_of("V18") == "fails"


def test_scan_alone() -> None:
    """The reader is told what to give as well."""
    for scan in (scanned_pdf(issued()), jpeg(page_picture(issued()))):
        with pytest.raises(MalformedInputError, match="--record"):
            verify_bytes(scan, "scan")
