"""The first sheet of an Excel workbook (XLSX), read as a stream and within limits."""

import io
import re
import zipfile
from decimal import Decimal
from typing import Any, Final

import openpyxl

from services.imports import sentences
from services.imports.errors import ImportFileInvalidError
from services.imports.tables import (
    EMPTY_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Row,
    cell_of,
)

ZIP_MAGIC: Final = b"PK\x03\x04"
OLD_EXCEL_MAGIC: Final = bytes.fromhex("d0cf11e0a1b11ae1")
# A roster of 500 has 200 kB inside, 200 nominations with the longest summaries three times a
# million. zipfile never unpacks more than a part declares.
MAX_BYTES_INSIDE: Final = 4 * 1024 * 1024
MAX_PARTS: Final = 200
MAX_MERGED_CELLS: Final = 20_000
PERCENT_DIGITS: Final = Decimal("0.0001")

_MERGED: Final = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]{0,100}?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"'
)


def read_xlsx(data: bytes) -> list[Row]:
    """
    The rows of the first sheet that is shown; formulas, dates and merged cells are faults of cells.

    Raises ImportFileInvalidError.
    """
    if data.startswith(OLD_EXCEL_MAGIC):
        raise ImportFileInvalidError(sentences.OLD_EXCEL)
    _check_sizes(data)
    try:
        return _read_sheet(data)
    except ImportFileInvalidError:
        raise
    except Exception:
        # The library raises whatever a file that was made up makes it stumble over.
        raise ImportFileInvalidError(sentences.NOT_XLSX) from None


def _check_sizes(data: bytes) -> None:
    """Refuse a small file that would unpack to a large one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise ImportFileInvalidError(sentences.NOT_XLSX) from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_BYTES_INSIDE:
        raise ImportFileInvalidError(sentences.TOO_LARGE_INSIDE)


def _read_sheet(data: bytes) -> list[Row]:
    # defusedxml is installed, and openpyxl uses it: no entity of a document is ever expanded.
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        shown = [each for each in workbook.worksheets if each.sheet_state == "visible"]
        if not shown:
            raise ImportFileInvalidError(sentences.NOT_XLSX)
        sheet = shown[0]
        merged = _merged_cells(sheet)
        limits = {"min_row": 1, "max_row": MAX_ROWS, "min_col": 1, "max_col": MAX_COLUMNS}
        rows = []
        for number, cells in enumerate(sheet.iter_rows(**limits), start=1):
            read = [_cell(each) for each in cells]
            for column in merged.get(number, ()):
                read[column] = Cell(read[column].text, sentences.MERGED)
            rows.append(Row(number, tuple(read)))
        return _without_empty_end(rows)
    finally:
        workbook.close()


def _merged_cells(sheet: Any) -> dict[int, set[int]]:
    """
    Columns from 0 by row, of cells whose content is that of another, to their left or above.

    openpyxl tells of them only when it reads a workbook as a whole.
    """
    with sheet.parent._archive.open(sheet._worksheet_path) as part:
        found = _MERGED.findall(part.read())
    merged: dict[int, set[int]] = {}
    total = 0
    for first_column, first_row, last_column, last_row in found:
        columns = range(_column(first_column), min(_column(last_column) + 1, MAX_COLUMNS))
        rows = range(int(first_row), min(int(last_row), MAX_ROWS) + 1)
        total += len(columns) * len(rows)
        if total > MAX_MERGED_CELLS:
            raise ImportFileInvalidError(sentences.TOO_LARGE_INSIDE)
        for row in rows:
            merged.setdefault(row, set()).update(columns[row == rows.start :])
    return merged


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.decode():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return EMPTY_CELL
    if kind == "f":
        return Cell("", sentences.FORMULA)
    if kind == "e":
        return Cell("", sentences.ERROR_VALUE)
    if kind == "d":
        return Cell("", sentences.DATE)
    if isinstance(value, str):
        return cell_of(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Cell(_number_text(value, "%" in str(cell.number_format)))
    return Cell("", sentences.NOT_TEXT)


def _number_text(value: float, is_percent: bool) -> str:
    """A number as people typed it: Excel keeps 90% as 0.9 with a format."""
    exact = Decimal(repr(value))
    if not exact.is_finite() or abs(exact) > 10**9:
        return ""
    if is_percent:
        return f"{(exact * 100).quantize(PERCENT_DIGITS).normalize():f}%"
    return f"{exact.normalize():f}"


def _without_empty_end(rows: list[Row]) -> list[Row]:
    """A sheet whose format reaches far down has thousands of rows without anything in them."""
    length = len(rows)
    while length and not any(cell.text or cell.fault for cell in rows[length - 1].cells):
        length -= 1
    return rows[:length]
