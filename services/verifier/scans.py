"""A scan or a copy of a paper: what can be checked of it, and plainly what cannot (V18).

It has no record attached and no signatures of its own, so that nothing but its QR codes joins it to
a record. Signatures by hand are for people to judge, and so is every figure that it shows.
"""

from typing import Final

from services.verifier.counted import AttachedRecord, Counted
from services.verifier.evidence import Evidence
from services.verifier.record_files import MalformedInputError
from services.verifier.report import SCAN, CheckFailedError, NotApplicableError
from services.verifier.scan_codes import ScanTooLargeError, ScanUnreadableError, read_codes

UNCHECKED: Final = f"{SCAN}: signatures by hand and printed figures were not checked"


def read_scan(data: bytes) -> list[str]:
    """The texts of all QR codes of a PDF, PNG or JPEG. Raises MalformedInputError."""
    try:
        return sorted(read_codes(data))
    except (ScanUnreadableError, ScanTooLargeError) as error:
        raise MalformedInputError(f"the scan cannot be read: {error}") from error


def check_scan(codes: list[str], given: Evidence | None) -> str:
    """
    Never holds: says what joins a scan to the record given, if there is one.

    Raises NotApplicableError, or CheckFailedError where the codes are another record's.
    """
    if given is None:
        found = f"; its QR code says {codes[0][:64]}" if codes else "; no QR code can be read on it"
        raise NotApplicableError(f"{UNCHECKED}{found}; give the record with --record")
    due = Counted(AttachedRecord(given, "")).seal_value
    if due in codes:
        raise NotApplicableError(f"{UNCHECKED}; its QR code is that of the record given")
    if codes:
        raise CheckFailedError("the QR code of the scan is not that of the record given")
    raise NotApplicableError(f"{UNCHECKED}; no QR code to compare with the record")
