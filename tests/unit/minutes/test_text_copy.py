"""The text copy: the paper's words and tables, marked on every page, and never signed."""

import io
import time
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from services.minutes.counting_minute import counting_minute
from services.minutes.meeting_minute import meeting_minute
from services.minutes.model import CountingTable, MeetingTable, PaperContent
from services.minutes.text_copy import CopiedFrom, text_copy
from tests.unit.minutes.paper_samples import (
    SAMPLES,
    SOFTWARE,
    attached,
    counted,
    lines_of,
    read_scenario,
    texts_of,
)

MARK = "BẢN CHÉP ĐỂ TRÍCH DẪN, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
SOURCE = CopiedFrom(sha256="ab" * 32, number="07")


def paper(kind: str, name: str = SAMPLES[0]) -> PaperContent:
    scenario = read_scenario(name)
    election, texts = counted(scenario), texts_of(scenario)
    if kind == "counting":
        return counting_minute(election, texts, attached(election), SOFTWARE)
    return meeting_minute([election], texts, [attached(election)], SOFTWARE)


def read(file: bytes) -> Any:
    return docx.Document(io.BytesIO(file))


@pytest.mark.parametrize("kind", ["counting", "meeting"])
@pytest.mark.parametrize("name", SAMPLES)
def test_text_of_the_paper(kind: str, name: str) -> None:
    """Every sentence in its order, every row of its tables, heads repeated on each page."""
    content = paper(kind, name)
    document = read(text_copy(content, SOURCE))
    texts = [paragraph.text for paragraph in document.paragraphs]
    at = 0
    for line in lines_of(content):
        at = texts.index(line, at) + 1
    rows: list[tuple[str, ...]] = []
    for block in content.blocks:
        if isinstance(block, MeetingTable):
            rows += block.rows
        elif isinstance(block, CountingTable):
            rows += [row for group in block.groups for row in group.rows]
    tables = [table for table in document.tables if table.style.name == "Table Grid"]
    printed = [tuple(cell.text for cell in row.cells) for table in tables for row in table.rows[1:]]
    assert printed == rows
    for table in tables:
        properties = table.rows[0]._tr.trPr
        assert properties.find(qn("w:tblHeader")) is not None


def test_marked_on_every_page() -> None:
    """First line and header say that it is a copy; the hash says of what."""
    document = read(text_copy(paper("meeting"), SOURCE))
    assert document.paragraphs[0].text == MARK
    assert [section.header.paragraphs[0].text for section in document.sections] == [MARK]
    assert "ab" * 32 in document.paragraphs[1].text
    assert document.core_properties.comments == MARK


def test_number_of_the_paper() -> None:
    """As the records clerk gave it, or room for it."""
    content = paper("meeting")
    heading = read(text_copy(content, SOURCE)).tables[0].rows[0].cells[0].text
    assert f"Số: 07{content.number_symbol}" in heading
    heading = read(text_copy(content, CopiedFrom("ab" * 32))).tables[0].rows[0].cells[0].text
    assert f"Số: ………{content.number_symbol}" in heading


def test_same_bytes() -> None:
    """No time of day gets into the file."""
    file = text_copy(paper("counting"), SOURCE)
    time.sleep(1.1)  # dates of Office files have seconds
    assert text_copy(paper("counting"), SOURCE) == file


def test_signed_by_nobody() -> None:
    """Names stand without a sign of signing; no picture, no field."""
    file = text_copy(paper("meeting"), SOURCE)
    document = read(file)
    assert len(document.inline_shapes) == 0
    body = document.element.xml
    assert "w:drawing" not in body
    assert "đã ký" not in body
