"""A scan or a copy of a paper: what can be checked of it, and plainly what cannot (V18).

It has no record attached and no signatures of its own, so that nothing but its QR codes joins it to
a record. Signatures by hand are for people to judge, and so is every figure that it shows.
"""

import io
from typing import Final

import pypdfium2
from PIL import Image, UnidentifiedImageError

from services.verifier.counted import AttachedRecord, Counted
from services.verifier.evidence import Evidence
from services.verifier.page_pictures import read_codes
from services.verifier.record_files import MalformedInputError
from services.verifier.report import SCAN, CheckFailedError, NotApplicableError

UNCHECKED: Final = f"{SCAN}: signatures by hand and printed figures were not checked"
MAX_SCAN_PAGES: Final = 60
MAX_SIDE_PX: Final = 12_000
SCALES: Final = (2.0, 4.0)  # pixels a point: codes of poor scans are found at one or the other


def read_scan(data: bytes) -> list[str]:
    """The texts of all QR codes of a PDF, PNG or JPEG. Raises MalformedInputError."""
    try:
        if b"%PDF-" in data[:1024]:
            return _codes_of_pdf(data)
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if max(picture.size) > MAX_SIDE_PX:
                raise MalformedInputError(f"a scan has at most {MAX_SIDE_PX} pixels a side")
            return [code.text for code in read_codes(picture.convert("L"))]
    except (pypdfium2.PdfiumError, UnidentifiedImageError, OSError, ValueError) as error:
        raise MalformedInputError(f"the scan cannot be read: {error}") from error


def _codes_of_pdf(data: bytes) -> list[str]:
    found: list[str] = []
    with pypdfium2.PdfDocument(data) as document:
        if len(document) > MAX_SCAN_PAGES:
            raise MalformedInputError(f"a scan has at most {MAX_SCAN_PAGES} pages")
        for page in document:
            for scale in SCALES:
                if max(page.get_size()) * scale > MAX_SIDE_PX:
                    break
                picture = page.render(scale=scale, grayscale=True).to_pil()
                if codes := [code.text for code in read_codes(picture)]:
                    found += codes
                    break
            page.close()
    return found


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
