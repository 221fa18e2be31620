"""QR codes in the picture of a paper: what a scan still says of the record it was printed from.

Everything here is read from files that anybody may have made, so sizes are bounded before anything
is decoded. Takes seconds and blocks its thread.
"""

import warnings
from io import BytesIO
from typing import Final

import pypdfium2
import zxingcpp
from PIL import Image
from pypdfium2 import raw as pdfium

from services.verifier.drawing_lock import PDFIUM

PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
MAX_PAGES: Final = 100
# A4 at 600 dpi has 35 million.
MAX_PIXELS: Final = 40_000_000
MAX_OBJECTS: Final = 20_000  # drawn on a page; a scan has a handful
DPI: Final = 200
POINTS_PER_INCH: Final = 72
_PDF_HEADER_WITHIN: Final = 1024
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class ScanUnreadableError(ValueError):
    """The file is not a PDF, PNG or JPEG that can be read, or needs a password."""


class ScanTooLargeError(ValueError):
    """The file has more pages or more pixels than any scan of a paper."""


def media_type_of(data: bytes) -> str | None:
    """What the first bytes say the file is: one of the three, or None."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    return PDF if b"%PDF-" in data[:_PDF_HEADER_WITHIN] else None


def read_codes(data: bytes, wanted: frozenset[str] = frozenset()) -> frozenset[str]:
    """
    The texts of all QR codes (ISO/IEC 18004) on the pages of a PDF, or in a PNG or JPEG.

    Pages are read from the last one, where papers have theirs, until all `wanted` are found.
    Raises ScanUnreadableError, ScanTooLargeError.
    """
    kind = media_type_of(data)
    if kind is None:
        raise ScanUnreadableError("neither a PDF nor a PNG or JPEG picture")
    return _codes_of_pages(data, wanted) if kind == PDF else _codes_in(_picture(data))


def _codes_of_pages(data: bytes, wanted: frozenset[str]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    try:
        with PDFIUM:
            document = pypdfium2.PdfDocument(data)
        try:
            with PDFIUM:
                pages = len(document)
            if pages > MAX_PAGES:
                raise ScanTooLargeError(f"more than {MAX_PAGES} pages")
            for number in reversed(range(pages)):
                with PDFIUM:
                    picture = _picture_of_page(document, number)
                found |= _codes_in(picture)
                if wanted and wanted <= found:
                    break
        finally:
            with PDFIUM:
                document.close()
    except pypdfium2.PdfiumError as error:
        raise ScanUnreadableError("not a PDF that can be read") from error
    return found


def _picture_of_page(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    """The page in grey at 200 dpi, less where it is larger than paper is."""
    page = document[number]
    for count, drawn in enumerate(page.get_objects(max_depth=5)):
        if count == MAX_OBJECTS:
            raise ScanTooLargeError(f"more than {MAX_OBJECTS} things drawn on a page")
        # Before it is decoded: what the picture says of its own size.
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            _check_pixels(*drawn.get_px_size())
    width, height = page.get_size()
    scale = DPI / POINTS_PER_INCH
    if width * height * scale**2 > MAX_PIXELS:
        scale = (MAX_PIXELS / (width * height)) ** 0.5
    picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    # A copy of its own: the bitmap's memory is PDFium's.
    return picture.convert("L").copy()


def _picture(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow warns of bombs from its own limit on; ours is lower and refuses.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=("PNG", "JPEG"))
        _check_pixels(*picture.size)
        return picture.convert("L")
    except Image.DecompressionBombError as error:
        raise ScanTooLargeError("more pixels than any scan") from error
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, ScanTooLargeError):
            raise
        raise ScanUnreadableError("not a picture that can be read") from error


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise ScanTooLargeError(f"more than {MAX_PIXELS} pixels in a picture")


def _codes_in(picture: Image.Image) -> frozenset[str]:
    found = zxingcpp.read_barcodes(picture, formats=_QR)
    return frozenset(code.text for code in found)
