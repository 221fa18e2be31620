"""The font of the two fields that the records clerk fills: Tinos, cut down to what stands there.

A simple font (ISO 32000-1 §9.6.3), not a composite one: any program that fills a field can use it
by /DA, and it is embedded from the start, as PDF/A asks (ISO 19005-3 §6.2.11).
"""

import io
import logging
from functools import cache
from pathlib import Path
from typing import Any, Final

from fontTools import subset
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

FORM_FONT: Final = "Tinos"  # its name in /DR and in every /DA
BREVE_CODE: Final = 0x80  # "ă" of "tháng … năm": the one letter of a date that Windows-1252 lacks
ENCODED: Final[dict[str, int]] = {
    **{chr(code): code for code in range(0x20, 0x7F)},
    **{letter: ord(letter) for letter in "àáâãèéêìíòóôõùúý"},
    "ă": BREVE_CODE,
}
"""What the fields can show, with the code of each character in their content streams."""

_TINOS: Final = Path(__file__).parents[1] / "fonts" / "Tinos-Regular.ttf"
_NONSYMBOLIC: Final = 32
_SERIF: Final = 2

logging.getLogger("fontTools").setLevel(logging.ERROR)  # "Debg NOT subset" is noise


def embed_form_font(writer: IncrementalPdfFileWriter) -> generic.IndirectObject:
    """Add the font to a file; the same every time."""
    program, widths, described = _cut_down()
    file = generic.StreamObject({pdf_name("/Length1"): generic.NumberObject(len(program))}, program)
    file.compress()
    descriptor = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/FontDescriptor"),
            pdf_name("/FontName"): pdf_name("/PKFORM+Tinos"),
            pdf_name("/Flags"): generic.NumberObject(_NONSYMBOLIC + _SERIF),
            pdf_name("/ItalicAngle"): generic.NumberObject(0),
            pdf_name("/StemV"): generic.NumberObject(80),
            pdf_name("/FontFile2"): writer.add_object(file),
            **{pdf_name(key): _numbers(value) for key, value in described.items()},
        }
    )
    encoding = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Encoding"),
            pdf_name("/BaseEncoding"): pdf_name("/WinAnsiEncoding"),
            pdf_name("/Differences"): generic.ArrayObject(
                [generic.NumberObject(BREVE_CODE), pdf_name("/abreve")]
            ),
        }
    )
    return writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Font"),
                pdf_name("/Subtype"): pdf_name("/TrueType"),
                pdf_name("/BaseFont"): pdf_name("/PKFORM+Tinos"),
                pdf_name("/Encoding"): encoding,
                pdf_name("/FirstChar"): generic.NumberObject(0x20),
                pdf_name("/LastChar"): generic.NumberObject(0xFF),
                pdf_name("/Widths"): generic.ArrayObject(map(generic.NumberObject, widths)),
                pdf_name("/FontDescriptor"): writer.add_object(descriptor),
            }
        )
    )


def width_of(text: str) -> float:
    """Width of a text in ems. Raises KeyError for a letter that the fields cannot show."""
    _, widths, _ = _cut_down()
    return sum(widths[ENCODED[letter] - 0x20] for letter in text) / 1000


def _numbers(value: int | list[int]) -> generic.PdfObject:
    if isinstance(value, int):
        return generic.NumberObject(value)
    return generic.ArrayObject(map(generic.NumberObject, value))


@cache
def _cut_down() -> tuple[bytes, list[int], dict[str, Any]]:
    """The font file, its widths from code 0x20 to 0xFF, and its measures, in 1/1000 of an em."""
    font = TTFont(_TINOS, recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in ENCODED])
    cutter.subset(font)
    em = font["head"].unitsPerEm
    glyphs, advances = font.getBestCmap(), font["hmtx"]

    def thousandths(units: int) -> int:
        return round(units * 1000 / int(em))

    widths = [0] * (0x100 - 0x20)
    for letter, code in ENCODED.items():
        widths[code - 0x20] = thousandths(advances[glyphs[ord(letter)]][0])
    head, os2 = font["head"], font["OS/2"]
    described = {
        "/FontBBox": [thousandths(side) for side in (head.xMin, head.yMin, head.xMax, head.yMax)],
        "/Ascent": thousandths(font["hhea"].ascent),
        "/Descent": thousandths(font["hhea"].descent),
        "/CapHeight": thousandths(os2.sCapHeight),
    }
    written = io.BytesIO()
    font.save(written)
    return written.getvalue(), widths, described
