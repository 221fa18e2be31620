"""A scan or a flattened copy of a paper beside its record: what can be said of it, and what not."""

from crypto.checkpoints import parse_note
from crypto.codes import seal_value
from crypto.errors import CryptoError
from services.verifier.evidence import Evidence
from services.verifier.record_files import MalformedInputError, attached_records
from services.verifier.report import CheckFailedError, NotApplicableError
from services.verifier.scan_codes import (
    PDF,
    ScanTooLargeError,
    ScanUnreadableError,
    media_type_of,
    read_codes,
)

_NOT_CHECKED = "a scan or a copy without a record: signatures, in ink or not, were not checked"


def is_scan(data: bytes) -> bool:
    """A picture, or a PDF that carries no record."""
    kind = media_type_of(data)
    if kind != PDF:
        return kind is not None
    try:
        return not attached_records(data)
    except MalformedInputError:
        return True


def check_scan(data: bytes, given: Evidence) -> str:
    """
    V18 of what cannot prove itself: which record it was printed from, by its QR codes.

    Never holds: raises NotApplicableError, or CheckFailedError where the codes are another's.
    """
    try:
        value = seal_value(parse_note(given.notes["closing"]).text).hex()
    except (KeyError, CryptoError):
        raise NotApplicableError(f"{_NOT_CHECKED}; the record given has no seal") from None
    try:
        codes = read_codes(data, frozenset({value}))
    except (ScanUnreadableError, ScanTooLargeError) as error:
        raise CheckFailedError(f"the scan cannot be read: {error}") from error
    seals = {code for code in codes if len(code) == len(value)}
    if value in seals:
        raise NotApplicableError(
            f"{_NOT_CHECKED}; its code is that of the record given; compare what it prints by eye"
        )
    if seals:
        raise CheckFailedError("the code on the scan is not that of the record given")
    raise NotApplicableError(f"{_NOT_CHECKED}; no code can be read on it")
