"""What rows of both lists have in common: checked texts, numbers, and rows that come twice."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.errors import RowFault
from services.imports import sentences
from services.imports.columns import ListRow, RecognisedList
from services.imports.errors import ImportFileInvalidError

MAX_TEXT: Final = 300


@dataclass
class RowReader:
    """Reads one list's rows; every fault is collected, and none stops the reading."""

    faults: list[RowFault] = field(default_factory=list)
    _seen: dict[Hashable, int] = field(default_factory=dict)

    def complain(self, row: ListRow, column: str, sentence: str) -> None:
        self.faults.append(RowFault(row.number, row.headings[column], sentence))

    def text(self, row: ListRow, column: str, *, most: int = MAX_TEXT, needed: bool = True) -> str:
        """The cell's text, at most `most` characters; empty where there is a fault."""
        cell = row.cells[column]
        if cell.fault is not None:
            self.complain(row, column, cell.fault)
            return ""
        if not cell.text and needed:
            self.complain(row, column, sentences.MISSING)
        if len(cell.text) > most:
            self.complain(row, column, sentences.TOO_LONG.format(limit=most))
            return ""
        return cell.text

    def number(self, row: ListRow, limit: int) -> int | None:
        """A number from 1 to `limit` ("7", "07", "7."); None where there is a fault."""
        cell = row.cells["no"]
        digits = cell.text.removesuffix(".")
        if cell.fault is not None:
            self.complain(row, "no", cell.fault)
        elif not cell.text:
            self.complain(row, "no", sentences.MISSING)
        elif not (digits.isascii() and digits.isdecimal() and 1 <= int(digits[:9]) <= limit):
            self.complain(row, "no", sentences.NOT_A_NUMBER.format(limit=limit))
        else:
            return int(digits)
        return None

    def check_once(self, row: ListRow, column: str, what: Hashable, sentence: str) -> None:
        """Complain where an earlier row had the same; `sentence` names it by `{row}`."""
        first = self._seen.setdefault(what, row.number)
        if first != row.number:
            self.complain(row, column, sentence.format(row=first))


def check_length(found: RecognisedList, limit: int) -> Sequence[ListRow]:
    """The rows, of which there are 1 to `limit`. Raises ImportFileInvalidError."""
    if not found.rows:
        raise ImportFileInvalidError(sentences.NO_ROWS)
    if len(found.rows) > limit:
        raise ImportFileInvalidError(sentences.TOO_MANY_ROWS.format(limit=limit))
    return found.rows


def is_numbered(rows: Sequence[ListRow]) -> bool:
    """Whether the file has numbers; a column that is empty from top to bottom has none."""
    return any(row.cells["no"].text or row.cells["no"].fault for row in rows)
