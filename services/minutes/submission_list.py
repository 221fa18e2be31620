"""The list that goes with the submission ("Danh sách kèm theo Tờ trình") as an Excel workbook.

Only cases that passed, by award. Names are text whatever they begin with: a name such as "=1+1" is
never a formula (CWE-1236).
"""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from schemas.papers import PaperTexts
from services.minutes import copy_words, words
from services.minutes.decree_writing import date_text, in_vietnam, two_digits
from services.minutes.extract import ExtractGroup, extract_groups
from services.minutes.model import CountedElection
from services.minutes.office_files import with_fixed_times
from services.minutes.phrases import heading_pieces, one_line

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT: Final = "Times New Roman"
# In characters of the normal font; together they fill A4 on its long side.
WIDTHS: Final = (6, 30, 34, 30, 11, 11, 11)
LEFT_COLUMNS: Final = 3  # of the heading: the council; the rest is the nation's
LINE_HEIGHT_PT: Final = 17
_A4: Final = 9  # ST_PaperSize (ECMA-376 part 1, §18.3.1.63)
_MM_TO_INCH: Final = 1 / 25.4
_THIN: Final = Side(style="thin")
_FRAME: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TEXT: Final = "@"


def submission_list(elections: Sequence[CountedElection], texts: PaperTexts) -> bytes:
    """
    The workbook over all counted elections of a meeting; the same record gives the same bytes.

    A case that had a second ballot stands there when it passed in the last one.
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = copy_words.LIST_SHEET
    last = elections[-1]
    heads = _heading(sheet, last, texts)
    row = _columns(sheet, heads)
    passed = 0
    for group in extract_groups(elections):
        row, passed = _group(sheet, row, group, passed)
    total = (
        copy_words.LIST_TOTAL.format(cases=two_digits(passed)) if passed else copy_words.LIST_NOBODY
    )
    _line(sheet, row + 1, 1, len(WIDTHS), total, italic=True, align="left")
    _page_setup(sheet, heads)
    workbook.properties.title = copy_words.LIST_TITLE
    workbook.properties.creator = last.terms.council.name
    written = io.BytesIO()
    workbook.save(written)
    return with_fixed_times(written.getvalue(), last.closed.at)


def _heading(sheet: Worksheet, election: CountedElection, texts: PaperTexts) -> int:
    """The council, the nation and the title; returns the row for the columns' heads."""
    terms, last = election.terms, len(WIDTHS)
    parent, issuer = (
        " ".join(heading_pieces(line))
        for line in (terms.council.issuer.parent_line, terms.council.issuer.issuer_line)
    )
    _line(sheet, 1, 1, LEFT_COLUMNS, parent)
    _line(sheet, 2, 1, LEFT_COLUMNS, issuer, bold=True)
    _line(sheet, 1, LEFT_COLUMNS + 1, last, copy_words.NATION.upper(), bold=True)
    _line(sheet, 2, LEFT_COLUMNS + 1, last, copy_words.MOTTO, bold=True, underline=True)
    authority = one_line(texts.receiving_authority or words.AUTHORITY)
    day = date_text(in_vietnam(terms.meeting.starts_at).date())
    _line(sheet, 4, 1, last, copy_words.LIST_TITLE.upper(), bold=True, size=14)
    _line(sheet, 5, 1, last, copy_words.LIST_SUBJECT.format(authority=authority), bold=True)
    source = copy_words.LIST_SOURCE.format(meeting=terms.meeting.title, date=day)
    _line(sheet, 6, 1, last, source)
    _line(sheet, 7, 1, last, copy_words.LIST_WITH_SUBMISSION, italic=True)
    return 9


def _columns(sheet: Worksheet, row: int) -> int:
    """The heads of the columns; returns the first row below them."""
    for column, (head, width) in enumerate(
        zip(copy_words.LIST_COLUMNS, WIDTHS, strict=True), start=1
    ):
        cell = sheet.cell(row, column)
        _set_text(cell, head)
        _frame(cell, bold=True, align="center")
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.row_dimensions[row].height = 2 * LINE_HEIGHT_PT + 4
    return row + 1


def _group(sheet: Worksheet, row: int, group: ExtractGroup, before: int) -> tuple[int, int]:
    """An award with the cases that passed; returns the next row and how many passed so far."""
    passed = [case for case in group.cases if case.outcome.passed]
    if not passed:
        return row, before
    title = copy_words.LIST_GROUP.format(title=group.title, cases=two_digits(len(passed)))
    for column in range(1, len(WIDTHS) + 1):
        _frame(sheet.cell(row, column), bold=True, align="left")
    _set_text(sheet.cell(row, 1), title)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(WIDTHS))
    sheet.row_dimensions[row].height = LINE_HEIGHT_PT * _lines(title, sum(WIDTHS)) + 4
    for position, case in enumerate(passed, start=1):
        nomination, outcome = case.nomination, case.outcome
        texts = (nomination.name, nomination.unit, nomination.award)
        figures = (outcome.agree, outcome.base, Decimal(outcome.share_percent.replace(",", ".")))
        values: tuple[str | int | Decimal, ...] = (before + position, *texts, *figures)
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row + position, column)
            if isinstance(value, str):
                _set_text(cell, value)
                _frame(cell, align="left")
            else:
                cell.value = value
                cell.number_format = "0.00" if isinstance(value, Decimal) else "0"
                _frame(cell, align="center")
        high = max(_lines(text, WIDTHS[1 + place]) for place, text in enumerate(texts))
        sheet.row_dimensions[row + position].height = LINE_HEIGHT_PT * high + 4
    return row + len(passed) + 1, before + len(passed)


def _page_setup(sheet: Worksheet, heads: int) -> None:
    """A4 on its long side, as wide as the page, the heads on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{heads}:{heads}"
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left, margins.right = 20 * _MM_TO_INCH, 15 * _MM_TO_INCH
    margins.top = margins.bottom = 20 * _MM_TO_INCH
    sheet.oddFooter.center.text = copy_words.LIST_PAGE
    sheet.freeze_panes = sheet.cell(heads + 1, 1)


def _line(
    sheet: Worksheet,
    row: int,
    first: int,
    last: int,
    text: str,
    *,
    size: int = 13,
    align: str = "center",
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
) -> None:
    """A line over several columns, high enough for its text."""
    cell = sheet.cell(row, first)
    _set_text(cell, text)
    cell.font = Font(
        name=FONT, size=size, bold=bold, italic=italic, underline="single" if underline else None
    )
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    high = LINE_HEIGHT_PT * _lines(text, sum(WIDTHS[first - 1 : last])) + 2
    dimension = sheet.row_dimensions[row]
    dimension.height = max(high, dimension.height or 0)


def _set_text(cell: Any, text: str) -> None:
    """Text, whatever it begins with: openpyxl would make a formula of "=…"."""
    cell.value = text
    cell.data_type = "s"
    cell.number_format = _TEXT
    if text.startswith(("=", "+", "-", "@")):
        # Stays text when somebody edits the cell, too.
        cell.quotePrefix = True


def _frame(cell: Any, *, align: str, bold: bool = False) -> None:
    cell.font = Font(name=FONT, size=13, bold=bold)
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    cell.border = _FRAME


def _lines(text: str, width: float) -> int:
    """How many lines a text takes; a spreadsheet does not work that out when it opens a file."""
    # 13 pt letters are wider than those of the normal font, in which widths are counted.
    return max(1, -(-len(text) * 6 // int(width * 5)))
