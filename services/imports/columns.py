"""Which column is which: headings are recognised without case, accents and what is in brackets."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.only_secret import fold, names_method, names_open_vote
from services.election.errors import OpenVoteForbiddenError
from services.errors import RowFault
from services.imports import sentences
from services.imports.errors import ImportFileInvalidError, ImportRowsInvalidError
from services.imports.tables import EMPTY_CELL, Cell, Row

# Headings of a form may stand below its title.
MAX_HEADING_ROW: Final = 30
SECRET_VALUES: Final = frozenset({"", "secret", "kin", "phieu kin", "bo phieu kin"})

_BRACKETS: Final = re.compile(r"\([^()]{0,200}\)")


@dataclass(frozen=True)
class Column:
    """
    A column of a list: `heading` as in the template, `names` folded, as files may have it.

    `joins`: several such columns of a file make one text ("Chức vụ" and "Đơn vị").
    """

    field: str
    heading: str
    names: frozenset[str]
    is_required: bool = True
    joins: bool = False


@dataclass(frozen=True)
class ListRow:
    """One row of a list: its cells by field, and the headings that the file has for them."""

    number: int
    cells: dict[str, Cell]
    headings: dict[str, str]

    @property
    def is_empty(self) -> bool:
        """A row that was only numbered beforehand is empty too."""
        return not any(cell.text or cell.fault for f, cell in self.cells.items() if f != "no")


@dataclass(frozen=True)
class RecognisedList:
    rows: tuple[ListRow, ...]
    ignored_columns: tuple[str, ...]


def recognise(tables: Sequence[Sequence[Row]], columns: Sequence[Column]) -> RecognisedList:
    """
    Find headings and rows in one of `tables`, the one with most of the headings.

    Raises ImportFileInvalidError, ImportRowsInvalidError, OpenVoteForbiddenError.
    """
    if not any(tables):
        raise ImportFileInvalidError(sentences.EMPTY_FILE)
    found = [(table, _find_headings(table, columns)) for table in tables]
    table, heading_row = max(found, key=lambda each: _recognised(each[1], columns))
    if heading_row is None:
        names = _list_of(column.heading for column in columns if column.is_required)
        raise ImportFileInvalidError(sentences.NO_HEADING.format(columns=names))
    places = _places(heading_row, columns)
    rest = [row for row in table if row.number > heading_row.number]
    ignored = _ignored(heading_row, places, rest)
    rows = tuple(_list_row(row, columns, places, heading_row) for row in rest)
    return RecognisedList(tuple(row for row in rows if not row.is_empty), ignored)


def _find_headings(table: Sequence[Row], columns: Sequence[Column]) -> Row | None:
    """The row with most headings among the first; None where none has two."""
    candidates = [row for row in table[:MAX_HEADING_ROW] if _recognised(row, columns) >= 2]
    return max(candidates, key=lambda row: _recognised(row, columns), default=None)


def _recognised(row: Row | None, columns: Sequence[Column]) -> int:
    if row is None:
        return 0
    return len({column.field for cell in row.cells if (column := _column_of(cell.text, columns))})


def _column_of(heading: str, columns: Sequence[Column]) -> Column | None:
    name = fold(_BRACKETS.sub(" ", heading[:300]))
    return next((column for column in columns if name in column.names), None)


def _places(headings: Row, columns: Sequence[Column]) -> dict[str, list[int]]:
    """Places of each field's columns. Raises ImportRowsInvalidError where one lacks or is twice."""
    places: dict[str, list[int]] = {}
    faults: list[RowFault] = []
    for place, cell in enumerate(headings.cells):
        column = _column_of(cell.text, columns)
        if column is None:
            continue
        if column.field in places and not column.joins:
            sentence = sentences.TWICE_THE_COLUMN.format(column=f'"{column.heading}"')
            faults.append(RowFault(headings.number, cell.text[:300], sentence))
        places.setdefault(column.field, []).append(place)
    lacking = [each.heading for each in columns if each.is_required and each.field not in places]
    if lacking:
        sentence = sentences.MISSING_COLUMNS.format(columns=_list_of(lacking))
        faults.append(RowFault(headings.number, "", sentence))
    if faults:
        raise ImportRowsInvalidError(faults)
    return places


def _ignored(headings: Row, places: dict[str, list[int]], rest: Sequence[Row]) -> tuple[str, ...]:
    """
    Headings of columns that no list has. Raises OpenVoteForbiddenError.

    A column that says how the vote is held is no remark: it asks for another vote than there is
    (protocol.md §2), unless it says that it is secret.
    """
    known = {place for found in places.values() for place in found}
    ignored = []
    for place, cell in enumerate(headings.cells):
        if place in known or not cell.text:
            continue
        if names_open_vote(cell.text) or _names_other_method(cell.text, rest, place):
            raise OpenVoteForbiddenError
        ignored.append(cell.text[:300])
    return tuple(ignored)


def _names_other_method(heading: str, rest: Sequence[Row], place: int) -> bool:
    if not names_method(heading):
        return False
    return any(fold(_at(row, place).text[:300]) not in SECRET_VALUES for row in rest)


def _list_row(
    row: Row, columns: Sequence[Column], places: dict[str, list[int]], headings: Row
) -> ListRow:
    cells: dict[str, Cell] = {}
    names: dict[str, str] = {}
    for column in columns:
        found = places.get(column.field, [])
        parts = [_at(row, place) for place in found]
        text = ", ".join(part.text for part in parts if part.text)
        fault = next((part.fault for part in parts if part.fault), None)
        cells[column.field] = Cell(text, fault)
        names[column.field] = headings.cells[found[0]].text[:300] if found else column.heading
    return ListRow(row.number, cells, names)


def _at(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else EMPTY_CELL


def _list_of(headings: Iterable[str]) -> str:
    return ", ".join(f'"{heading}"' for heading in headings)
