"""CSV as spreadsheets write it: UTF-8 with or without a mark, commas, semicolons or tabs."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from services.imports import sentences
from services.imports.errors import ImportFileInvalidError
from services.imports.tables import MAX_COLUMNS, MAX_ROWS, Row, cell_of

DELIMITERS: Final = (",", ";", "\t")


def read_csv(data: bytes) -> list[list[Row]]:
    """
    The rows by each delimiter: which one it is shows in the headings that are found.

    Raises ImportFileInvalidError.
    """
    text = _decode(data)
    tables = []
    for delimiter in DELIMITERS:
        try:
            tables.append(list(_rows(text, delimiter)))
        except csv.Error:
            continue
    if not tables:
        raise ImportFileInvalidError(sentences.NOT_CSV)
    return tables


def _decode(data: bytes) -> str:
    """Excel's "Unicode text" is UTF-16 with a mark; older encodings cannot be told apart."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise ImportFileInvalidError(sentences.NOT_UNICODE) from None


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number, texts in enumerate(reader, start=1):
        if number > MAX_ROWS:
            return
        yield Row(number, tuple(cell_of(text) for text in texts[:MAX_COLUMNS]))
