"""The text of a paper's pages as the eye reads it: heading, body with its tables, signatures.

Lines are put together from where letters stand on the page, never from their order in the file.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pdfplumber
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from services.verifier.record_files import MalformedInputError
from services.verifier.wording import TABLE_MARK, squeeze

MAX_PAGES: Final = 120
SAME_LINE_PT: Final = 2.0
COLUMN_GAP_PT: Final = 14.0
MIDDLE: Final = (0.25, 0.65)
_NUMBER: Final = re.compile(r"[0-9]{1,3}")
_TITLES: Final = ("BIÊNBẢN", "BIÊNBẢNKIỂMPHIẾU", "TRÍCHBIÊNBẢN")
_CLOSING: Final = "./."
_TAIL: Final = re.compile(r"Nơinhận:|Đốichiếu:|(?:Ngày)?[Bb]anhành")

Char = Mapping[str, Any]
"""A letter as pdfplumber gives it: text, place in points from the upper left, size, font."""


@dataclass(frozen=True)
class Line:
    """Letters on one baseline, from left to right; `page` from 0."""

    page: int
    top: float
    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        return "".join(char["text"] for char in self.chars)


@dataclass(frozen=True)
class PrintedTable:
    """Squeezed cells by rows, heads first; a row over all columns has one cell."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PrintedPages:
    """The parts of a paper, squeezed; in `body` a mark stands for every table."""

    heading_left: str
    heading_right: str
    body: str
    left: str
    right: str
    tail: str
    tables: tuple[PrintedTable, ...]
    problems: tuple[str, ...]

    @property
    def is_counting_minute(self) -> bool:
        return self.body.startswith(_TITLES[1])

    @property
    def is_extract(self) -> bool:
        return self.body.startswith(_TITLES[2])

    @property
    def text(self) -> str:
        """All text outside of tables."""
        parts = (self.heading_left, self.heading_right, self.body, self.left, self.right, self.tail)
        return "\n".join(parts)


@dataclass(frozen=True)
class _Block:
    """A table or a line where it stands."""

    page: int
    top: float
    line: Line | None = None
    rows: tuple[tuple[str, ...], ...] = ()


def read_pages(paper: bytes) -> PrintedPages:
    """Read text and tables of a PDF's pages. Raises MalformedInputError."""
    problems: list[str] = []
    blocks: list[_Block] = []
    try:
        with pdfplumber.open(io.BytesIO(paper)) as document:
            if len(document.pages) > MAX_PAGES:
                raise MalformedInputError(f"the paper has more than {MAX_PAGES} pages")
            for number, page in enumerate(document.pages):
                blocks += _read_page(number, page, problems)
                page.close()
    except (PDFSyntaxError, PdfminerException, ValueError, KeyError, TypeError) as error:
        raise MalformedInputError(f"the pages of the PDF cannot be read: {error}") from error
    return _parted(blocks, problems)


def _read_page(number: int, page: Any, problems: list[str]) -> list[_Block]:
    chars: list[Char] = page.chars
    problems += _letter_problems(number, chars)
    tables = page.find_tables()
    inside = [
        [char for char in chars if _is_in(char, table.bbox)] if tables else [] for table in tables
    ]
    blocks = [
        _Block(number, table.bbox[1], rows=_rows(number, table, letters, problems))
        for table, letters in zip(tables, inside, strict=True)
    ]
    taken = {id(char) for letters in inside for char in letters}
    lines = lines_of(number, [char for char in chars if id(char) not in taken])
    if number > 0:
        first = lines.pop(0) if lines else None
        if first is None or first.text.strip() != str(number + 1):
            problems.append(f"page {number + 1} does not begin with its number")
    blocks += [_Block(number, line.top, line=line) for line in lines]
    return sorted(blocks, key=lambda block: block.top)


def _letter_problems(number: int, chars: Sequence[Char]) -> list[str]:
    text = "".join(char["text"] for char in chars)
    problems = []
    if "(cid:" in text or re.search(r"[\ue000-\uf8ff\ufffd]", text):
        problems.append(f"page {number + 1} has letters that say nothing of what they are")
    if any(not char["upright"] for char in chars):
        problems.append(f"page {number + 1} has letters that do not stand upright")
    return problems


def lines_of(page: int, chars: Iterable[Char]) -> list[Line]:
    """Letters by baseline, lines from the top, letters from the left."""
    rows: list[tuple[float, list[Char]]] = []
    for char in sorted(chars, key=lambda char: -char["matrix"][5]):
        baseline = char["matrix"][5]
        if rows and rows[-1][0] - baseline <= SAME_LINE_PT:
            rows[-1][1].append(char)
        else:
            rows.append((baseline, [char]))
    return [
        Line(page, min(char["top"] for char in row), tuple(sorted(row, key=lambda c: c["x0"])))
        for _, row in rows
        if "".join(char["text"] for char in row).strip()
    ]


def _is_in(char: Char, box: Sequence[float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _rows(
    number: int, table: Any, chars: Sequence[Char], problems: list[str]
) -> tuple[tuple[str, ...], ...]:
    rows, placed = [], 0
    for row in table.rows:
        in_row = [char for char in chars if _is_in(char, row.bbox)]
        cells = []
        for cell in row.cells:
            if cell is None:
                continue
            letters = [char for char in in_row if _is_in(char, cell)]
            placed += len(letters)
            cells.append(squeeze(" ".join(line.text for line in lines_of(number, letters))))
        rows.append(tuple(cells))
    if placed != len(chars):
        problems.append(f"page {number + 1} prints text between the cells of a table")
    return tuple(rows)


def _parted(blocks: Sequence[_Block], problems: list[str]) -> PrintedPages:
    title = _first(blocks, lambda text: text in _TITLES)
    closing = _last(blocks, lambda text: text.endswith(_CLOSING))
    if title is None or closing is None or blocks[title].page > 0:
        raise MalformedInputError("the pages are not those of a counting or meeting minute")
    heading = [block.line for block in blocks[:title] if block.line is not None]
    if len(heading) != title:
        problems.append("a table stands above the title")
    heading_left, heading_right = _columns(heading)
    body, tables = _body(blocks[title : closing + 1])
    rest = blocks[closing + 1 :]
    if any(block.line is None for block in rest):
        problems.append("a table stands below the closing sentence")
    after = [block.line for block in rest if block.line is not None]
    tail = next(
        (at for at, line in enumerate(after) if _TAIL.match(squeeze(line.text))), len(after)
    )
    left, right = _columns(after[:tail])
    return PrintedPages(
        heading_left=heading_left,
        heading_right=heading_right,
        body=body,
        left=left,
        right=right,
        tail=_joined(after[tail:]),
        tables=tables,
        problems=tuple(problems),
    )


def _first(blocks: Sequence[_Block], fits: Any) -> int | None:
    return next((at for at, each in enumerate(blocks) if each.line and _fits(each, fits)), None)


def _last(blocks: Sequence[_Block], fits: Any) -> int | None:
    found = [at for at, each in enumerate(blocks) if each.line and _fits(each, fits)]
    return found[-1] if found else None


def _fits(block: _Block, fits: Any) -> bool:
    return block.line is not None and bool(fits(squeeze(block.line.text)))


def _joined(lines: Iterable[Line]) -> str:
    return squeeze(" ".join(line.text for line in lines))


def _columns(lines: Sequence[Line]) -> tuple[str, str]:
    """The texts left and right of the widest gap near the middle that no letter reaches into."""
    chars = [char for line in lines for char in line.chars if char["text"].strip()]
    if not chars:
        return "", ""
    width = 595.2756
    low, high = MIDDLE[0] * width, MIDDLE[1] * width
    edge, gap = low, (0.0, high)
    for char in [*sorted(chars, key=lambda char: char["x0"]), {"x0": high, "x1": high}]:
        start = min(max(char["x0"], low), high)
        if start > edge:
            gap = max(gap, (start - edge, (start + edge) / 2))
        edge = max(edge, char["x1"])
    middle = gap[1]
    left = [char for line in lines for char in line.chars if char["x1"] <= middle]
    right = [char for line in lines for char in line.chars if char["x1"] > middle]
    return _by_pages(lines, left), _by_pages(lines, right)


def _by_pages(lines: Sequence[Line], chars: Sequence[Char]) -> str:
    chosen = {id(char) for char in chars}
    return squeeze(
        " ".join(
            "".join(char["text"] for char in line.chars if id(char) in chosen) for line in lines
        )
    )


def _body(blocks: Sequence[_Block]) -> tuple[str, tuple[PrintedTable, ...]]:
    """Text with a mark for every table; a table goes on where a page begins with one."""
    parts: list[str] = []
    tables: list[list[tuple[str, ...]]] = []
    before: _Block | None = None
    for block in blocks:
        if block.line is not None:
            parts.append(block.line.text)
        elif before is not None and before.line is None and before.page < block.page:
            _continue_table(tables[-1], block.rows)
        else:
            tables.append(list(block.rows))
            parts.append(TABLE_MARK)
        before = block
    return squeeze(" ".join(parts)), tuple(PrintedTable(tuple(rows)) for rows in tables)


def _continue_table(rows: list[tuple[str, ...]], more: Sequence[tuple[str, ...]]) -> None:
    """Add a page's rows: heads are repeated, and a row may have begun on the page before."""
    if more and more[0] == rows[0]:
        more = more[1:]
    if more and _goes_on(rows[-1], more[0]):
        rows[-1] = tuple(map("".join, zip(rows[-1], more[0], strict=True)))
        more = more[1:]
    rows += more


def _goes_on(row: tuple[str, ...], rest: tuple[str, ...]) -> bool:
    if len(row) != len(rest):
        return False
    if len(row) == 1:
        return True
    # Numbers are centred in their cells: they stand on one of the two pages.
    return not (_NUMBER.fullmatch(row[0]) and _NUMBER.fullmatch(rest[0]))
