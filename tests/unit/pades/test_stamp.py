"""Pictures of signatures and seals: bounded, transparent, drawn where and as large as due."""

import datetime
import io
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from PIL import Image

from services.errors import PartyError
from services.pades.errors import (
    SigningPictureInvalidError,
    SigningPictureOpaqueError,
    SigningPictureTooLargeError,
)
from services.pades.picture import MAX_PICTURE_BYTES, read_picture
from services.pades.stamp import stamp_style, stamp_text
from services.simulation.paper_signing import sign_paper
from tests.tampering.paper_attacks import numbered
from tests.unit.pades.drawn_pictures import handwriting, png, seal
from tests.unit.pades.signing_papers import NOW, identity, issued


def drawn(paper: bytes, field: str) -> tuple[tuple[float, ...], Any]:
    """Matrix and image of the picture in a field's appearance."""
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        found = [f for f in pdf.Root.AcroForm.Fields if str(f.T) == field]
        appearance = found[0].AP.N
        numbers = re.findall(rb"([\d.\- ]+) cm", appearance.read_bytes())
        matrices = [tuple(float(n) for n in text.split()) for text in numbers]
        (image,) = dict(appearance.Resources.XObject).values()
        width = matrices[0][0] * matrices[1][0]
        height = matrices[0][3] * matrices[1][3]
        left, bottom = matrices[0][4], matrices[0][5]
        box = tuple(float(n) for n in appearance.BBox)
        return (width, height, left, bottom, *box), image.ColorSpace


def test_signature_fills_its_field_in_the_middle() -> None:
    """600 x 240 in a field of 187 x 51 points: as high as the field, centred, not distorted."""
    paper = sign_paper(issued(), "presiding", identity("Chủ tọa"), NOW, handwriting())
    (width, height, left, bottom, *box), colours = drawn(paper, "presiding")

    assert width / height == pytest.approx(600 / 240, rel=0.01)
    assert height == pytest.approx(abs(box[3] - box[1]), rel=0.01)
    assert left == pytest.approx((box[2] - box[0] - width) / 2, abs=1)
    assert bottom == pytest.approx(0, abs=0.5)
    assert str(colours) == "/DeviceRGB"


def test_seal_in_real_size() -> None:
    """36 mm at 300 dots per inch are 102 points wherever the seal has room."""
    style = stamp_style(read_picture(seal()), of_agency=True)

    assert style.background is not None
    assert style.background.box.width == pytest.approx(102, abs=0.5)


def test_seal_without_resolution() -> None:
    """Nobody knows how large it is: it fills the field."""
    plain = png(Image.open(io.BytesIO(seal())).copy())

    assert read_picture(plain).size_pt is None


def test_picture_brings_nothing_else_along() -> None:
    """Texts, profiles and places that a PNG may hold do not get into the paper."""
    image = Image.open(io.BytesIO(handwriting()))
    written = io.BytesIO()
    image.save(written, "PNG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
    assert b"eXIf" in written.getvalue()

    paper = sign_paper(issued(), "secretary", identity("Thư ký"), NOW, written.getvalue())

    assert b"Exif" not in paper


def chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data).to_bytes(4)
    return len(data).to_bytes(4) + kind + data + check


def bomb() -> bytes:
    """A few bytes that say they are 60 000 x 60 000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def animated() -> bytes:
    first, second = (Image.new("RGBA", (20, 20), (0, 0, shade, 128)) for shade in (10, 200))
    written = io.BytesIO()
    first.save(written, "PNG", save_all=True, append_images=[second])
    return written.getvalue()


def as_jpeg() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (20, 20)).save(written, "JPEG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("picture", "error"),
    [
        (as_jpeg, SigningPictureInvalidError),
        (animated, SigningPictureInvalidError),
        (lambda: handwriting()[:-200], SigningPictureInvalidError),
        (lambda: handwriting()[:20], SigningPictureInvalidError),
        (lambda: handwriting()[:16] + bytes(8) + handwriting()[24:], SigningPictureInvalidError),
        (lambda: png(Image.new("I;16", (20, 20))), SigningPictureInvalidError),
        (lambda: png(Image.new("RGB", (20, 20), "white")), SigningPictureOpaqueError),
        (lambda: png(Image.new("RGBA", (20, 20), "white")), SigningPictureOpaqueError),
        (lambda: handwriting() + bytes(MAX_PICTURE_BYTES), SigningPictureTooLargeError),
        (bomb, SigningPictureTooLargeError),
    ],
)
def test_picture_that_is_refused(picture: Callable[[], bytes], error: type[PartyError]) -> None:
    with pytest.raises(error):
        read_picture(picture())


def test_large_picture_is_made_smaller() -> None:
    image = Image.new("RGBA", (1900, 2000), (0, 0, 0, 0))

    assert read_picture(png(image, 300)).image.size == (1140, 1200)
    assert read_picture(png(image, 300)).size_pt == pytest.approx((456, 480), abs=0.5)


def test_text_of_the_stamp() -> None:
    """Date, time and zone of Vietnam; a long name goes on in the next line."""
    moment = datetime.datetime(2026, 12, 15, 3, 42, 7, tzinfo=datetime.UTC)
    name = "Công tằng Tôn nữ Huỳnh Ngọc Phương Trinh Thảo Nguyên"

    assert stamp_text(name, moment) == {
        "signer": "Công tằng Tôn nữ Huỳnh Ngọc\nPhương Trinh Thảo Nguyên",
        "signed_at": "15-12-2026 10:42:07 +07:00",
    }


def words_of(paper: bytes, field: str) -> tuple[float, float, float]:
    """Scale, bottom and top on the page of the words in a field's appearance, in points."""
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        (found,) = (each for each in pdf.Root.AcroForm.Fields if str(each.T) == field)
        text = found.AP.N.read_bytes().decode("latin-1")
        base = float(found.Rect[1])
    scales = re.findall(r"([\d.]+) 0 0 [\d.]+ [\d.]+ ([\d.]+) cm", text)
    bottom = base + sum(float(offset) for _, offset in scales)
    first = float(re.findall(r" 0 ([\d.]+) Td", text)[0])
    (size,) = {float(each) for each in re.findall(r"/F1 ([\d.]+) Tf", text)}
    return float(scales[0][0]), bottom, bottom + first + size


def test_words_of_officer_and_agency_are_apart() -> None:
    """Without pictures both say who and when: the agency above, not shrunk, the officer below."""
    paper = sign_paper(numbered(), "agency", identity("HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG"), NOW)
    scale, bottom_of_agency, _ = words_of(paper, "agency")
    scale_of_officer, _, top_of_officer = words_of(paper, "presiding")

    assert scale == scale_of_officer == 1
    assert bottom_of_agency > top_of_officer
