"""A paper's text as a Word file, to copy sentences and tables from; it proves nothing and says so.

It is not a "bản sao" of Decree 30/2020/NĐ-CP, Article 25: it has no signature and no seal.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from services.minutes import copy_words
from services.minutes.model import (
    CountingTable,
    MeetingTable,
    PaperContent,
    Paragraph,
    Section,
    SigningColumn,
)
from services.minutes.office_files import with_fixed_times

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT: Final = "Times New Roman"
LANGUAGE: Final = "vi-VN"
COUNTING_WIDTHS_MM: Final = (9, 42.5, 42.5, 12, 14, 11.5, 14, 19.5)
MEETING_WIDTHS_MM: Final = (9, 36.5, 33.5, 15, 12, 14, 11.5, 14, 19.5)
# The first columns are text, the rest figures.
TEXT_COLUMNS: Final = (1, 2)
MARK_COLOUR: Final = RGBColor(0xB0, 0x00, 0x20)
_CENTRE: Final = WD_ALIGN_PARAGRAPH.CENTER
_LEFT: Final = WD_ALIGN_PARAGRAPH.LEFT
_JUSTIFY: Final = WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True)
class CopiedFrom:
    """The paper that is copied: its hash as issued, and its number where it has one."""

    sha256: str
    number: str | None = None


def text_copy(content: PaperContent, source: CopiedFrom) -> bytes:
    """Write the paper's text down as DOCX (ECMA-376); the same paper gives the same bytes."""
    document = docx.Document()
    _page(document, content)
    _mark(document.add_paragraph(), copy_words.TEXT_COPY_MARK, 13)
    _mark(
        document.add_paragraph(),
        copy_words.TEXT_COPY_SOURCE.format(sha256=source.sha256),
        10,
        bold=False,
    )
    _heading(document, content, source)
    for block in content.blocks:
        match block:
            case Paragraph():
                _paragraph(document, block.lead, block.text, italic=block.style == "basis")
            case Section():
                _paragraph(document, block.text, "", keep=True)
            case CountingTable():
                _counting_table(document, block)
            case MeetingTable():
                _table(document, block.columns, MEETING_WIDTHS_MM, block.rows)
    _paragraph(document, "", content.closing, keep=True)
    _names(document, content.left, content.right)
    if content.recipients:
        _line(document.add_paragraph(), content.recipients_heading, size=12, bold=True, italic=True)
        for recipient in content.recipients:
            _line(document.add_paragraph(), f"- {recipient}", size=11)
    for check in content.cross_checks:
        _line(document.add_paragraph(), check.text, size=10)
    written = io.BytesIO()
    document.save(written)
    return with_fixed_times(written.getvalue(), content.issued_at)


def _page(document: Any, content: PaperContent) -> None:
    """A4 and type as Decree 30/2020/NĐ-CP, Annex I, the mark on every page."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    _mark(section.header.paragraphs[0], copy_words.TEXT_COPY_MARK, 10)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    properties = style.element.get_or_add_rPr()
    for attribute in ("w:eastAsia", "w:cs"):
        properties.rFonts.set(qn(attribute), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    properties.append(language)
    style.paragraph_format.space_after = Pt(6)
    core = document.core_properties
    core.title = f"{content.title}. {content.subject}"
    core.author = " ".join(content.issuer_line)
    core.comments = copy_words.TEXT_COPY_MARK
    core.language = LANGUAGE
    core.revision = 1
    core.last_modified_by = ""
    core.created = core.modified = datetime.fromisoformat(content.issued_at).astimezone(UTC)


def _heading(document: Any, content: PaperContent, source: CopiedFrom) -> None:
    left = [(" ".join(content.parent_line), False), (" ".join(content.issuer_line), True)]
    if content.number_symbol:
        number = copy_words.TEXT_COPY_NUMBER.format(
            number=source.number or copy_words.NUMBER_TO_FILL, symbol=content.number_symbol
        )
        left.append((number, False))
    right = [(copy_words.NATION.upper(), True), (copy_words.MOTTO, True)]
    cells = document.add_table(1, 2).rows[0].cells
    for cell, width, lines in ((cells[0], 72, left), (cells[1], 93, right)):
        cell.width = Mm(width)
        for place, (text, bold) in enumerate(lines):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            _line(paragraph, text, size=12 if place < 1 else 13, bold=bold, align=_CENTRE)
    for text in (content.title.upper(), content.subject):
        _line(document.add_paragraph(), text, size=14, bold=True, align=_CENTRE)


def _counting_table(document: Any, block: CountingTable) -> None:
    for group in block.groups:
        _paragraph(document, group.heading, group.mark, keep=True)
        _table(document, block.columns, COUNTING_WIDTHS_MM, group.rows)


def _table(
    document: Any,
    columns: Sequence[str],
    widths_mm: Sequence[float],
    rows: Sequence[Sequence[str]],
) -> None:
    """A framed table whose heads stand on every page."""
    table = document.add_table(len(rows) + 1, len(columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    # All cells at once: python-docx looks through the whole table for the cells of each row.
    cells = iter(table._cells)
    for position, texts in enumerate((columns, *rows)):
        for column, text in enumerate(texts):
            cell = next(cells)
            cell.width = Mm(widths_mm[column])
            is_text = position > 0 and column in TEXT_COLUMNS
            _line(
                cell.paragraphs[0],
                text,
                size=11.5,
                bold=position == 0,
                align=_LEFT if is_text else _CENTRE,
                after=0,
            )
    for position, row in enumerate(table._tbl.tr_lst):
        properties = row.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if position == 0:
            properties.append(OxmlElement("w:tblHeader"))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _names(document: Any, left: SigningColumn, right: SigningColumn) -> None:
    """Who stands below the paper, without any sign that they signed: this copy is not signed."""
    cells = document.add_table(1, 2).rows[0].cells
    for cell, column in zip(cells, (left, right), strict=True):
        lines = [(column.heading.upper(), 13, True)] if column.places else []
        for place in column.places:
            lines += [(place.name, 13, True), (place.details, 12, False)]
        for position, (text, size, bold) in enumerate(line for line in lines if line[0]):
            paragraph = cell.paragraphs[0] if position == 0 else cell.add_paragraph()
            _line(paragraph, text, size=size, bold=bold, align=_CENTRE)


def _paragraph(
    document: Any, lead: str, text: str, *, italic: bool = False, keep: bool = False
) -> None:
    """A justified paragraph, `lead` in bold before `text`."""
    paragraph = document.add_paragraph()
    paragraph.alignment = _JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(10)
    paragraph.paragraph_format.keep_with_next = keep or text.endswith(":")
    if lead:
        paragraph.add_run(f"{lead} " if text else lead).bold = True
    if text:
        paragraph.add_run(text).italic = italic


def _line(
    paragraph: Any,
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    align: Any = _LEFT,
    after: int = 2,
) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    # Said only where it differs from the style: of a long table that is most of the work.
    if bold:
        run.bold = True
    if italic:
        run.italic = True
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(after)


def _mark(paragraph: Any, text: str, size: float, *, bold: bool = True) -> None:
    _line(paragraph, text, size=size, bold=bold, align=_CENTRE)
    paragraph.runs[0].font.color.rgb = MARK_COLOUR
