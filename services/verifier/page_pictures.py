"""Whether the eye sees what a program reads: pages set anew from their text, compared as pictures.

Every letter that was read is set again in the verifier's own Tinos at the place where it was read,
every line is drawn again, and both pages are drawn by pdfium. Letters that are white, covered, cut
off, on a hidden layer or missing for one of two readers show as a difference; so does all else that
is drawn. A QR code is left out where one is read; annotations are judged by their boxes.
"""

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image, ImageChops

from services.verifier.embedded_letters import face_file, face_of, letter_of
from services.verifier.printed_pages import Char

SCALE: Final = 3.0  # pixels a point
# pdfium sets letters on whole pixels, so that two settings of one text differ by up to two.
MOVED_PX: Final = 2
DARK: Final = 96
LIGHT: Final = 176
QR_BORDER_PT: Final = 2.0
MIN_SIZE_PT: Final = 8.0

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the upper left of the page."""


@dataclass(frozen=True)
class SeenPage:
    """What looking at a page found: texts of its QR codes, and where it shows other things."""

    codes: tuple[str, ...]
    problems: tuple[str, ...]


class PageSetter:
    """Sets pages anew in the bundled typeface; close it after use."""

    def __init__(self) -> None:
        self._document = pypdfium2.PdfDocument.new()
        self._fonts: dict[str, Any] = {}
        self._held: list[Any] = []

    def close(self) -> None:
        for font in self._fonts.values():
            pdfium.FPDFFont_Close(font)
        self._document.close()

    def picture(self, width: float, height: float, chars: Iterable[Char], lines: Any) -> Any:
        """A page with these letters and lines, as a picture in grey."""
        page = self._document.new_page(width, height)
        for char in chars:
            if char["text"].strip():
                self._set_letter(page, char)
        for line in lines:
            _draw_line(page, line, height)
        pdfium.FPDFPage_GenerateContent(page.raw)
        drawn = _draw(page)
        page.close()
        return drawn

    def _set_letter(self, page: Any, char: Char) -> None:
        letter = pdfium.FPDFPageObj_CreateTextObj(
            self._document.raw, self._font(face_of(char["fontname"]) or "Tinos-Regular"), 1.0
        )
        coded = letter_of(char["text"]).encode("utf-16-le") + b"\0\0"
        pdfium.FPDFText_SetText(
            letter, (ctypes.c_ushort * (len(coded) // 2)).from_buffer_copy(coded)
        )
        matrix, size = char["matrix"], char["size"]
        pdfium.FPDFPageObj_Transform(letter, size, 0, 0, size, matrix[4], matrix[5])
        pdfium.FPDFPage_InsertObject(page.raw, letter)

    def _font(self, face: str) -> Any:
        if face not in self._fonts:
            data = face_file(face)
            held = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
            self._held.append(held)
            self._fonts[face] = pdfium.FPDFText_LoadFont(
                self._document.raw, held, len(data), pdfium.FPDF_FONT_TRUETYPE, True
            )
        return self._fonts[face]


def look_at(page: Any, original: Any, setter: PageSetter) -> SeenPage:
    """
    Compare a page as drawn with what was read from it.

    `page`: as pdfplumber reads it; `original`: the same page of pypdfium2.
    """
    number = int(page.page_number)
    drawn = _draw(original)
    codes = read_codes(drawn)
    boxes = [_code_box(code) for code in codes]
    chars = [char for char in page.chars if char["text"].strip()]
    lines = [line for line in page.lines if not any(_is_inside(line, box) for box in boxes)]
    problems = [f"page {number}: {problem}" for problem in _letter_problems(chars, lines, boxes)]
    anew = setter.picture(page.width, page.height, chars, lines)
    for box in boxes:
        for picture in (drawn, anew):
            left, top, right, bottom = (round(side * SCALE) for side in box)
            picture.paste(255, (left, top, right, bottom))
    if drawn.size != anew.size:
        problems.append(f"page {number} has not the size that it states")
    else:
        problems += [
            f"page {number} {difference}" for difference in _differences(drawn, anew, chars)
        ]
    return SeenPage(tuple(code.text for code in codes), tuple(problems))


def read_codes(picture: Any) -> list[Any]:
    """The QR codes of a picture from its top to its bottom (ISO/IEC 18004)."""
    found = zxingcpp.read_barcodes(picture)
    codes = [code for code in found if code.format == zxingcpp.BarcodeFormat.QRCode]
    return sorted(codes, key=lambda code: code.position.top_left.y)


def _draw(page: Any) -> Image.Image:
    picture: Image.Image = page.render(
        scale=SCALE, grayscale=True, draw_annots=False, may_draw_forms=False
    ).to_pil()
    return picture


def _draw_line(page: Any, line: Any, height: float) -> None:
    (x0, y0), (x1, y1) = line["pts"]
    path = pdfium.FPDFPageObj_CreateNewPath(x0, height - y0)
    pdfium.FPDFPath_LineTo(path, x1, height - y1)
    pdfium.FPDFPageObj_SetStrokeWidth(path, line["linewidth"])
    pdfium.FPDFPageObj_SetStrokeColor(path, 0, 0, 0, 255)
    pdfium.FPDFPath_SetDrawMode(path, 0, True)
    pdfium.FPDFPage_InsertObject(page.raw, path)


def _code_box(code: Any) -> Box:
    corners = [
        getattr(code.position, name)
        for name in ("top_left", "top_right", "bottom_left", "bottom_right")
    ]
    across, down = [c.x / SCALE for c in corners], [c.y / SCALE for c in corners]
    return (
        min(across) - QR_BORDER_PT,
        min(down) - QR_BORDER_PT,
        max(across) + QR_BORDER_PT,
        max(down) + QR_BORDER_PT,
    )


def _is_inside(thing: Any, box: Box) -> bool:
    return bool(
        box[0] <= thing["x0"]
        and thing["x1"] <= box[2]
        and box[1] <= thing["top"]
        and thing["bottom"] <= box[3]
    )


def core_of(char: Char) -> Box:
    """The part of a letter's box that surely bears its ink: from the baseline to half its size."""
    baseline = char["bottom"] - 0.22 * char["size"]
    inset = 0.2 * (char["x1"] - char["x0"])
    return (char["x0"] + inset, baseline - 0.45 * char["size"], char["x1"] - inset, baseline)


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _letter_problems(
    chars: Sequence[Char], lines: Sequence[Any], codes: Sequence[Box]
) -> Iterator[str]:
    if small := [char["text"] for char in chars if char["size"] < MIN_SIZE_PT]:
        yield f"“{''.join(small)[:40]}” is smaller than {MIN_SIZE_PT:g} points"
    drawn = [
        (line["x0"], line["top"] - 0.01, line["x1"] + 0.01, line["bottom"] + 0.01) for line in lines
    ]
    cores = [(char["text"], core_of(char)) for char in chars]
    if struck := [text for text, core in cores if any(overlap(core, each) for each in drawn)]:
        yield f"a line goes through “{''.join(struck)[:40]}”"
    if hidden := [text for text, core in cores if any(overlap(core, each) for each in codes)]:
        yield f"a QR code lies over “{''.join(hidden)[:40]}”"


def _differences(drawn: Any, anew: Any, chars: Sequence[Char]) -> Iterator[str]:
    for one, other, what in (
        (anew, drawn, "does not show what its text says"),
        (drawn, anew, "shows what its text does not say"),
    ):
        missing = ImageChops.multiply(
            one.point(lambda value: 255 if value < DARK else 0),
            _darkened(other).point(lambda value: 255 if value > LIGHT else 0),
        )
        if (box := missing.getbbox()) is not None:
            yield f"{what}: {_near(box, chars)}"


def _near(box: Sequence[int], chars: Sequence[Char]) -> str:
    left, top, right, bottom = (side / SCALE for side in box)
    area = (left - 1, top - 1, right + 1, bottom + 1)
    text = "".join(char["text"] for char in chars if overlap(core_of(char), area))
    place = f"{left:.0f}-{right:.0f} pt from the left, {top:.0f}-{bottom:.0f} pt from the top"
    return f"“{text[:60]}” ({place})" if text else place


def _darkened(picture: Any) -> Any:
    """Every pixel as dark as the darkest one within MOVED_PX of it."""
    for across in (True, False):
        row = picture
        for by in range(1, MOVED_PX + 1):
            for way in (-by, by):
                x, y = (way, 0) if across else (0, way)
                row = ImageChops.darker(row, ImageChops.offset(picture, x, y))
        picture = row
    return picture
