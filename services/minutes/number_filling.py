"""Number and date of a paper: how they are written, and the update that fills their two fields.

Decree 30/2020/NĐ-CP, Article 15 and Annex I: a number below 10 takes a leading zero, the date is
"ngày 05 tháng 01 năm 2027".
"""

import datetime
import io
import re
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from services.minutes.decree_writing import date_text
from services.minutes.errors import PaperNumberInvalidError
from services.minutes.fields import TEXT_SIZES_PT, TO_THE_RIGHT, DeterministicWriter
from services.minutes.form_font import ENCODED, FORM_FONT, width_of

NUMBER, DATE = "number", "date"
# What the field has room for; letters as in a number that was given twice ("07a").
_NUMBER: Final = re.compile(r"0*([1-9][0-9]{0,3})([A-Za-z]{0,2})", re.ASCII)
_DATES: Final = (
    re.compile(r"ngày +(\d{1,2}) +tháng +(\d{1,2}) +năm +(\d{4})", re.ASCII),
    re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII),
)
# Where the template sets the line inside of the field's box.
_BASELINES_PT: Final = {NUMBER: 4.25, DATE: 3.7}


def number_text(number: str) -> str:
    """`7` and `007` are both `07`. Raises PaperNumberInvalidError."""
    match = _NUMBER.fullmatch(number.strip())
    if match is None:
        raise PaperNumberInvalidError
    return f"{int(match[1]):02d}{match[2]}"


def read_printed_date(text: str) -> datetime.date:
    """The day that another program wrote into the field. Raises PaperNumberInvalidError."""
    for pattern in _DATES:
        if match := pattern.fullmatch(text.strip()):
            day, month, year = map(int, match.groups())
            try:
                return datetime.date(year, month, day)
            except ValueError as error:
                raise PaperNumberInvalidError from error
    raise PaperNumberInvalidError


def fill_number_and_date(held: bytes, number: str, day: datetime.date) -> bytes:
    """
    Add one update that fills both fields; the same input gives the same bytes.

    `number` is written as `number_text` gives it. Raises KeyError for a paper without the fields.
    """
    writer = DeterministicWriter(io.BytesIO(held))
    texts = {NUMBER: number, DATE: date_text(day)}
    listed = (each.get_object() for each in writer.root["/AcroForm"]["/Fields"])
    fields = {str(each["/T"]): each for each in listed}
    font = writer.root["/AcroForm"]["/DR"]["/Font"].raw_get(f"/{FORM_FONT}")
    for name, text in texts.items():
        field = fields[name]
        field[pdf_name("/V")] = generic.pdf_string(text)
        field[pdf_name("/AP")] = generic.DictionaryObject(
            {pdf_name("/N"): writer.add_object(_appearance(name, text, field["/Rect"], font))}
        )
        writer.update_container(field)
    filled = io.BytesIO()
    writer.write(filled)  # type: ignore[no-untyped-call]
    return filled.getvalue()


def _appearance(name: str, text: str, rect: Any, font: Any) -> generic.StreamObject:
    """One line of text, as ISO 32000-1 §12.7.3.3 lays variable text out."""
    size, width = TEXT_SIZES_PT[name], float(rect[2]) - float(rect[0])
    start = width - width_of(text) * size if TO_THE_RIGHT[name] else 0.0
    shown = bytes(ENCODED[letter] for letter in text).hex()
    content = (
        f"/Tx BMC q BT /{FORM_FONT} {size} Tf 0 g"
        f" {start:.2f} {_BASELINES_PT[name]} Td <{shown}> Tj ET Q EMC"
    )
    fonts = generic.DictionaryObject({pdf_name(f"/{FORM_FONT}"): font})
    return generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(
                [
                    generic.FloatObject(side)
                    for side in (0, 0, width, float(rect[3]) - float(rect[1]))
                ]
            ),
            pdf_name("/Resources"): generic.DictionaryObject({pdf_name("/Font"): fonts}),
        },
        content.encode("ascii"),
    )
