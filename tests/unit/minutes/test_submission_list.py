"""The list that goes with the submission: who passed, as an Excel workbook of the same bytes."""

import datetime
import io
import re
import zipfile
from typing import Any

import msgspec
import openpyxl
import pytest

from schemas.papers import PaperTexts
from services.minutes.submission_list import submission_list
from tests.unit.minutes.paper_samples import SAMPLES, counted, read_scenario, texts_of
from tests.unit.minutes.test_extract import PROVINCE, with_second_ballot


def sheet_of(file: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(file)).active


def case_rows(sheet: Any) -> list[tuple[Any, ...]]:
    return [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]


@pytest.mark.parametrize("name", SAMPLES)
def test_only_who_passed(name: str) -> None:
    """Every case that passed, once, with whole numbers and the share as a number."""
    scenario = read_scenario(name)
    election = counted(scenario)
    rows = case_rows(sheet_of(submission_list([election], texts_of(scenario))))
    passed = [(case, outcome) for case, outcome in election.cases if outcome.passed]
    assert [row[0] for row in rows] == list(range(1, len(passed) + 1))
    assert {row[1:] for row in rows} == {
        (
            case.name,
            case.unit or None,
            case.award,
            outcome.agree,
            outcome.base,
            float(outcome.share_percent.replace(",", ".")),
        )
        for case, outcome in passed
    }


def test_last_ballot_decides() -> None:
    """A case that failed both ballots is not in the list, one that passed first stays."""
    first, second = with_second_ballot()
    rows = case_rows(sheet_of(submission_list([first, second], PaperTexts())))
    assert len(rows) == sum(outcome.passed for _, outcome in (*first.cases, *second.cases))


@pytest.mark.parametrize("name", ["=1+1", "+84 1", "-2", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_a_name_is_never_a_formula(name: str) -> None:
    """A spreadsheet keeps it as text, even when somebody edits the cell (CWE-1236)."""
    scenario = read_scenario(PROVINCE)
    cases = tuple(msgspec.structs.replace(case, name=name) for case in scenario.nominations)
    election = counted(msgspec.structs.replace(scenario, nominations=cases))
    file = submission_list([election], PaperTexts())
    cells = [cell for row in sheet_of(file).iter_rows() for cell in row if cell.value == name]
    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_prints_on_a4_with_heads_on_every_page() -> None:
    """Set up for the printer, in the decree's type."""
    sheet = sheet_of(submission_list([counted(read_scenario(PROVINCE))], PaperTexts()))
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$9:$9"
    assert sheet["A9"].value == "TT"
    used = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.font.name for cell in used} == {"Times New Roman"}
    assert {cell.font.size for cell in used} == {13, 14}


def test_nobody_passed() -> None:
    """The list says so instead of ending after its heads."""
    scenario = read_scenario(PROVINCE)
    none = {no: marks and ("disagree",) * len(marks) for no, marks in scenario.votes.items()}
    election = counted(msgspec.structs.replace(scenario, votes=none, expected=None))
    sheet = sheet_of(submission_list([election], PaperTexts()))
    texts = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert case_rows(sheet) == []
    assert "Không có trường hợp nào đạt." in texts


def test_same_bytes() -> None:
    """No time of day gets into the file; its date is that of the record."""
    election = counted(read_scenario(PROVINCE))
    file = submission_list([election], PaperTexts())
    assert submission_list([election], PaperTexts()) == file
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        dates = re.findall(rb"<dcterms:\w+[^>]*>([^<]*)<", archive.read("docProps/core.xml"))
    closed = datetime.datetime.fromisoformat(election.closed.at).astimezone(datetime.UTC)
    assert set(dates) == {closed.strftime("%Y-%m-%dT%H:%M:%SZ").encode()}
