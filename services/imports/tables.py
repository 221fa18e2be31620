"""A file's cells as text: rows as spreadsheets number them, whatever the file's form."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from services.imports import sentences

# What is beyond is not read: a list has 500 rows and nine columns.
MAX_ROWS: Final = 1000
MAX_COLUMNS: Final = 40

# Letters of the old encodings, where a font made Vietnamese of them, as they look in Unicode:
# "NguyÔn V¨n §øc" in TCVN3, "Nguyeãn Vaên Ñöùc" in VNI. Neither pair stands in any Vietnamese word.
_TCVN3: Final = re.compile(
    r"[A-Za-z][¨©ª¬®µ¶¸¹¼½¾¡¢§][a-z]|[A-Za-z][¨©ª¬µ¶¸](?!\w)|(?<!\w)[®§¸][a-zµ¶¸¹]"
)
_VNI: Final = re.compile(r"[ae][àáâãäåèéêëïøùúûõ]|(?<!\w)ñ[a-zàáâãöôïùúû]", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """The text of one cell in NFC, its white space single; `fault` is a sentence, mostly absent."""

    text: str
    fault: str | None = None


@dataclass(frozen=True)
class Row:
    """`number` is counted from 1, as the spreadsheet shows it."""

    number: int
    cells: tuple[Cell, ...]


EMPTY_CELL: Final = Cell("")


def cell_of(text: str) -> Cell:
    """Clean what people do not see: NFC, one space for all white space, no invisible signs."""
    composed = unicodedata.normalize("NFC", text)
    if composed.lstrip().startswith("="):
        return Cell(composed[:100], sentences.FORMULA)
    clean = " ".join(_visible(composed).split())
    if "\ufffd" in clean or not clean.isprintable():
        return Cell(clean, sentences.STRANGE_CHARACTER)
    if _TCVN3.search(clean) or _VNI.search(clean):
        return Cell(clean, sentences.OLD_LETTERS)
    return Cell(clean)


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(each for each in text if unicodedata.category(each) != "Cf")
