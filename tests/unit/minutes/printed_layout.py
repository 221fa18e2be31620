"""A PDF's pages as a ruler sees them: lines of text, rules, tables and fields, in points.

Read from the file alone. x runs from the page's left edge, y from its upper edge downwards.
"""

import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pdfplumber
import pikepdf

MM: Final = 72 / 25.4
SAME: Final = 0.6  # points within which two measures are the same
_COLUMN_GAP: Final = 20.0  # wider than any space of a justified line
_CODE_RUN: Final = 20.0  # no run of a QR code is as long, every rule is longer
_FIELD_GAP: Final = 8.0  # room for a field, where no space stands


@dataclass(frozen=True)
class Style:
    font: str  # "Tinos-Bold", without the subset's prefix
    size: float

    @property
    def is_bold(self) -> bool:
        return "Bold" in self.font

    @property
    def is_italic(self) -> bool:
        return "Italic" in self.font


@dataclass(frozen=True)
class Line:
    """Text on one baseline without a wide gap in it; a heading's two columns are two lines."""

    page: int  # from 1
    x0: float
    x1: float  # without the space that a line break leaves behind
    y: float  # of the baseline
    text: str
    styles: frozenset[Style]
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    def is_all(self, size: float, *, bold: bool, italic: bool = False) -> bool:
        return all(
            abs(style.size - size) < 0.1 and style.is_bold == bold and style.is_italic == italic
            for style in self.styles
        )


@dataclass(frozen=True)
class Rule:
    """A horizontal line that is no part of a table."""

    page: int
    x0: float
    x1: float
    y: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def width(self) -> float:
        return self.x1 - self.x0


@dataclass(frozen=True)
class Cell:
    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    bold: bool


@dataclass(frozen=True)
class Table:
    """The part of a table that stands on one page; a row that spans all columns has one cell."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    rows: tuple[tuple[Cell, ...], ...]
    loose: tuple[str, ...]  # characters that stand across a cell's border


@dataclass(frozen=True)
class Field:
    name: str
    title: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True)
class Layout:
    """A whole paper. `lines` holds all text outside of tables, in reading order."""

    sizes: tuple[tuple[float, float], ...]
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    tables: tuple[Table, ...]
    fields: tuple[Field, ...]
    fonts: frozenset[str]
    embedded: bool
    colours: frozenset[Any] = field(default_factory=frozenset)
    pictures: tuple[tuple[int, float, float], ...] = ()  # page, top and bottom of drawn codes

    @property
    def pages(self) -> int:
        return len(self.sizes)

    @property
    def text(self) -> str:
        """All of it, tables too, with single spaces."""
        cells = [cell.text for table in self.tables for row in table.rows for cell in row]
        return " ".join(" ".join([*(line.text for line in self.lines), *cells]).split())

    def line(self, start: str, page: int | None = None) -> Line | None:
        """The first line that begins so."""
        found = (line for line in self.lines if line.text.startswith(start))
        return next((line for line in found if page in (None, line.page)), None)


def read_layout(pdf: bytes) -> Layout:
    sizes, lines, rules, tables = [], [], [], []
    pictures: list[tuple[int, float, float]] = []
    colours: set[Any] = set()
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        for number, page in enumerate(document.pages, 1):
            sizes.append((float(page.width), float(page.height)))
            found = [_table(number, page, table) for table in page.find_tables()]
            tables += found
            outside = [char for char in _upright(page) if not _within(char, found)]
            lines += _lines(number, page, outside)
            drawn = [line for line in page.lines if not _within(line, found)]
            rules += [
                Rule(number, line["x0"], line["x1"], line["top"])
                for line in drawn
                if line["top"] == line["bottom"] and line["x1"] - line["x0"] > _CODE_RUN
            ]
            code = [line for line in drawn if line["x1"] - line["x0"] <= _CODE_RUN]
            if code:
                top, bottom = min(line["top"] for line in code), max(line["top"] for line in code)
                pictures.append((number, top, bottom))
            colours |= {_colour(char) for char in page.chars}
    fonts, embedded = _fonts(pdf)
    return Layout(
        sizes=tuple(sizes),
        lines=tuple(lines),
        rules=tuple(rules),
        tables=tuple(tables),
        fields=tuple(_fields(pdf)),
        fonts=fonts,
        embedded=embedded,
        colours=frozenset(colours),
        pictures=tuple(pictures),
    )


def _upright(page: Any) -> list[dict[str, Any]]:
    """Without the mark that runs across the page of a draft."""
    return [char for char in page.chars if char["matrix"][1] == 0]


def _colour(char: dict[str, Any]) -> Any:
    colour = char["non_stroking_color"]
    return tuple(colour) if isinstance(colour, list | tuple) else colour


def _within(thing: dict[str, Any], tables: Sequence[Table]) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return any(t.x0 - 1 < x < t.x1 + 1 and t.top - 1 < y < t.bottom + 1 for t in tables)


def _lines(number: int, page: Any, chars: Sequence[dict[str, Any]]) -> list[Line]:
    on_baseline: dict[float, list[dict[str, Any]]] = defaultdict(list)
    for char in chars:
        on_baseline[round(char["matrix"][5], 1)].append(char)
    lines = []
    for up in sorted(on_baseline, reverse=True):
        for run in _runs(sorted(on_baseline[up], key=lambda char: float(char["x0"]))):
            lines.append(_line(number, float(page.height) - up, run))
    return lines


def _runs(chars: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Break a baseline where another column begins, or a field stands."""
    run: list[dict[str, Any]] = []
    for char in chars:
        if run:
            gap = char["x0"] - run[-1]["x1"]
            starts = char["text"] == "C" and abs(char["size"] - 13) < 0.1 and gap > 1
            if gap > _COLUMN_GAP or (gap > _FIELD_GAP and run[-1]["text"] != " ") or starts:
                yield run
                run = []
        run.append(char)
    if run:
        yield run


def _line(number: int, y: float, run: Sequence[dict[str, Any]]) -> Line:
    inked = [char for char in run if char["text"].strip()] or run
    return Line(
        page=number,
        x0=inked[0]["x0"],
        x1=inked[-1]["x1"],
        y=y,
        text="".join(char["text"] for char in run).strip(),
        styles=frozenset(
            Style(char["fontname"].partition("+")[2], round(char["size"], 1)) for char in inked
        ),
        top=min(char["top"] for char in inked),
        bottom=max(char["bottom"] for char in inked),
    )


def _table(number: int, page: Any, found: Any) -> Table:
    x0, top, x1, bottom = found.bbox
    boxes = [[cell for cell in row.cells if cell is not None] for row in found.rows]
    inside: dict[tuple[float, ...], list[dict[str, Any]]] = {b: [] for row in boxes for b in row}
    loose = []
    for char in _upright(page):
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if not (x0 < x < x1 and top < y < bottom):
            continue
        home = next((b for b in inside if b[0] < x < b[2] and b[1] < y < b[3]), None)
        if home is not None:
            inside[home].append(char)
        is_out = home is None or char["x0"] < home[0] - 0.1 or char["x1"] > home[2] + 0.1
        if is_out and char["text"].strip():
            loose.append(char["text"])
    rows = tuple(tuple(_cell(box, inside[box], page) for box in row) for row in boxes)
    return Table(number, x0, top, x1, bottom, rows, tuple(loose))


def _cell(box: tuple[float, ...], chars: Sequence[dict[str, Any]], page: Any) -> Cell:
    lines = _lines(0, page, [*chars])
    x0, top, x1, bottom = box
    return Cell(
        x0,
        top,
        x1,
        bottom,
        text=" ".join(line.text for line in lines),
        bold=bool(chars) and all("Bold" in char["fontname"] for char in chars),
    )


def _fonts(pdf: bytes) -> tuple[frozenset[str], bool]:
    """Names of all fonts that pages and fields use, and whether each one's program is there."""
    names, embedded = set(), True
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for thing in file.objects:
            if not isinstance(thing, pikepdf.Dictionary) or thing.get("/Type") != "/FontDescriptor":
                continue
            names.add(str(thing["/FontName"]).partition("+")[2])
            embedded &= any(key in thing for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return frozenset(names), embedded


def _fields(pdf: bytes) -> Iterator[Field]:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for number, page in enumerate(file.pages, 1):
            height = float(page.mediabox[3])
            for annotation in page.get("/Annots", []):
                x0, low, x1, high = (float(side) for side in annotation["/Rect"])
                yield Field(
                    name=str(annotation["/T"]),
                    title=str(annotation.get("/TU", "")),
                    page=number,
                    x0=x0,
                    top=height - high,
                    x1=x1,
                    bottom=height - low,
                )
