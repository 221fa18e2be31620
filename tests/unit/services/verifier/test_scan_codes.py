"""QR codes from scans: read as people scan them, and no file makes the reader run out of memory."""

import functools
import io
import struct
import zlib

import pikepdf
import pytest
from PIL import Image

from services.verifier import scan_codes
from services.verifier.scan_codes import (
    JPEG,
    PDF,
    PNG,
    ScanTooLargeError,
    ScanUnreadableError,
    media_type_of,
    read_codes,
)
from tests.fixtures.paper_builder import attached, content_of, counted_record, issue
from tests.fixtures.scanned_paper import (
    jpeg,
    page_picture,
    png,
    scanned,
    scanned_pdf,
    without_code,
)


@functools.cache
def issued(kind: str) -> bytes:
    record = counted_record()
    return issue(content_of(kind, record), record)


def seal() -> str:
    return attached(counted_record()).seal_value.hex()


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("degrees", [1.5, -1.5, 91.5, 180])
def test_scan_of_the_last_page(dpi: int, degrees: float) -> None:
    """Turned a little, or laid on the glass the wrong way, with noise, as JPEG."""
    picture = scanned(page_picture(issued("meeting"), dpi=dpi), degrees)
    assert read_codes(jpeg(picture)) == {seal()}


@pytest.mark.parametrize("kind", ["counting", "meeting"])
def test_scan_of_the_whole_paper(kind: str) -> None:
    """A scanner's PDF of both papers of a meeting: pictures only."""
    assert read_codes(scanned_pdf(issued(kind))) == {seal()}


def test_paper_itself_and_picture() -> None:
    """The PDF as issued and a PNG of its page have the code too."""
    paper = issued("counting")
    assert read_codes(paper, frozenset({seal()})) == {seal()}
    assert read_codes(png(page_picture(paper))) == {seal()}


def test_no_code_to_see() -> None:
    """Nothing is found where nothing can be read."""
    picture = without_code(page_picture(issued("meeting")))
    assert read_codes(jpeg(picture)) == frozenset()


def test_media_types() -> None:
    """By the first bytes, not by what somebody says."""
    picture = Image.new("L", (8, 8))
    assert media_type_of(png(picture)) == PNG
    assert media_type_of(jpeg(picture)) == JPEG
    assert media_type_of(issued("counting")) == PDF
    assert media_type_of(b"GIF89a") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"%PDF-1.7\nnothing",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
    ],
)
def test_not_a_scan(data: bytes) -> None:
    """Damaged files are refused, not guessed at."""
    with pytest.raises(ScanUnreadableError):
        read_codes(data)


def test_picture_cut_short() -> None:
    """Half of a picture is not a picture."""
    whole = jpeg(page_picture(issued("meeting")))
    with pytest.raises(ScanUnreadableError):
        read_codes(whole[: len(whole) // 2])


def test_password() -> None:
    """A PDF that needs a password cannot be read."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(issued("counting"))) as document:
        document.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(ScanUnreadableError):
        read_codes(written.getvalue())


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes whose head says that it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_000, 12_000, 60_000])
def test_picture_bomb(side: int) -> None:
    """Refused by what the picture says of its size, below and above Pillow's own limits."""
    with pytest.raises(ScanTooLargeError):
        read_codes(bomb(side, side))


def test_picture_bomb_in_a_pdf() -> None:
    """PDFium would decode the picture before it is scaled down."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    picture = document.make_stream(
        zlib.compress(bytes(10)),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=60_000,
        Height=60_000,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.FlateDecode,
    )
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    written = io.BytesIO()
    document.save(written)
    with pytest.raises(ScanTooLargeError):
        read_codes(written.getvalue())


def test_page_larger_than_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of five metres is drawn smaller, not at 200 dpi."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(14_400, 14_400))
    written = io.BytesIO()
    document.save(written)
    monkeypatch.setattr(scan_codes, "MAX_PIXELS", 1_000_000)
    assert read_codes(written.getvalue()) == frozenset()


def test_too_many_pages() -> None:
    """A paper has some pages, not hundreds."""
    document = pikepdf.new()
    for _ in range(scan_codes.MAX_PAGES + 1):
        document.add_blank_page()
    written = io.BytesIO()
    document.save(written)
    with pytest.raises(ScanTooLargeError):
        read_codes(written.getvalue())
