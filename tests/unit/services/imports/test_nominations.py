"""Nominations out of a file, each with its rule."""

import pytest

from schemas.rules import Rule
from services.election.nominations import check_nominations
from services.imports.errors import ImportRowsInvalidError
from services.imports.marks import MarkError, read_mark
from services.imports.members import import_members
from services.imports.nominations import import_nominations
from services.imports.templates import (
    members_csv,
    members_xlsx,
    nominations_csv,
    nominations_xlsx,
)
from tests.unit.services.imports.files import (
    CITATION,
    NOMINATION_HEADINGS,
    bytes_of,
    csv_of,
    nomination,
    workbook_of,
    xlsx_of,
)


def faults_of(*rows: list[object]) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRowsInvalidError) as refusal:
        import_nominations(csv_of([NOMINATION_HEADINGS, *rows]))
    return [(each.row, each.column, each.problem) for each in refusal.value.rows]


def test_list_of_nominations() -> None:
    """A list as the form has it becomes nominations that a draft takes."""
    rows = [
        NOMINATION_HEADINGS,
        nomination(mark="từ 90% trở lên", summary="Hai sáng kiến.\nMột bằng khen."),
        nomination(no=2, kind="Tập thể", name="Phòng Nội vụ", unit="", mark="Quá nửa"),
        nomination(no=3, kind="HỘ GIA ĐÌNH", name="Hộ ông Y Bình", mark="2/3", award="Giấy khen"),
        nomination(no=4, kind="cá nhân", name="Phạm Chi", mark="decree-98-90", citation=""),
    ]
    found = import_nominations(xlsx_of(rows)).nominations
    check_nominations(found)
    assert [each.kind for each in found] == ["individual", "collective", "household", "individual"]
    assert found[0].summary == "Hai sáng kiến. Một bằng khen."
    assert found[1].summary is None
    assert [(each.rule.share, each.rule.comparator) for each in found] == [
        ("90%", "at_least"),
        ("50%", "more_than"),
        ("2/3", "at_least"),
        ("90%", "at_least"),
    ]
    assert found[0].rule == Rule(
        share="90%", comparator="at_least", base="all_members", citation=CITATION
    )
    assert found[3].rule.citation == "khoản 7 Điều 30 Nghị định số 98/2023/NĐ-CP"


def test_peoples_own_sentences_may_say_anything() -> None:
    """A citation or a summary that names the open vote asks for none."""
    row = nomination(
        citation="Công văn chỉ đạo phải bỏ phiếu kín, không thực hiện biểu quyết",
        summary="method=open&vote=giơ tay",
    )
    (found,) = import_nominations(csv_of([NOMINATION_HEADINGS, row])).nominations
    assert found.summary == "method=open&vote=giơ tay"


@pytest.mark.parametrize(
    ("text", "share", "comparator"),
    [
        ("90%", "90%", "at_least"),
        ("66,67 %", "66.67%", "at_least"),
        ("≥ 80%", "80%", "at_least"),
        (">=80%", "80%", "at_least"),
        ("> 50%", "50%", "more_than"),
        ("Trên 50% tổng số thành viên Hội đồng", "50%", "more_than"),
        ("Từ 90% trở lên trên tổng số thành viên", "90%", "at_least"),
        ("ít nhất 2/3", "2/3", "at_least"),
        ("quá bán", "50%", "more_than"),
        ("100%", "100%", "at_least"),
        ("council-90", "90%", "at_least"),
        ("Local-Majority", "50%", "more_than"),
    ],
)
def test_mark_that_is_read(text: str, share: str, comparator: str) -> None:
    """A mark is read as it is said; "trên" and "quá" are more than, all else at least."""
    mark = read_mark(text)
    assert (mark.share, mark.comparator, mark.base) == (share, comparator, "all_members")


@pytest.mark.parametrize(
    "text", ["80", "0%", "101%", "3/2", "1/0", "own", "nửa", "cao", "90%%", "dưới 50%", "٩٠%"]
)
def test_mark_that_is_not_guessed(text: str) -> None:
    """What is no share is refused with an example."""
    with pytest.raises(MarkError) as refusal:
        read_mark(text)
    assert "%" in refusal.value.sentence


def test_percentages_of_a_spreadsheet() -> None:
    """Excel keeps 90% as 0.9 and makes a date of 2/3: the one is read, the other is named."""
    workbook = workbook_of(
        [NOMINATION_HEADINGS, nomination(mark=0.9), nomination(no=2, name="B", mark=0.6667)]
    )
    for cell in ("F2", "F3"):
        workbook.active[cell].number_format = "0.00%"
    found = import_nominations(bytes_of(workbook)).nominations
    assert [each.rule.share for each in found] == ["90%", "66.67%"]


def test_every_fault_is_named() -> None:
    """All faults at once, by row and heading."""
    faults = faults_of(
        nomination(kind="công ty"),
        nomination(no=2, name=""),
        nomination(no=3, mark="80"),
        nomination(no=4, citation=""),
        nomination(no=7, name="Khác"),
        nomination(no=6, award="", summary="x" * 5001),
        nomination(no=7, name="KHÁC"),
    )
    assert [(row, column) for row, column, _ in faults] == [
        (2, "Loại (cá nhân, tập thể, hộ gia đình)"),
        (3, "Họ và tên hoặc tên tập thể"),
        (4, "Mức cần đạt"),
        (5, "Căn cứ"),
        (6, "Số TT"),
        (7, "Danh hiệu, hình thức khen thưởng"),
        (7, "Tóm tắt thành tích"),
        (8, "Họ và tên hoặc tên tập thể"),
    ]
    assert 'Ghi như "80%"' in faults[2][2]
    assert "phải là 5" in faults[4][2]
    assert "dòng 6" in faults[-1][2]


def test_too_many_faults() -> None:
    """A file that is wrong from top to bottom is not answered by megabytes."""
    rows = [nomination(no=n, name="", kind="", award="") for n in range(1, 201)]
    assert len(faults_of(*rows)) == 200


def test_templates_are_taken_as_they_are() -> None:
    """What we hand out, we take: both forms of both lists, with the same rows."""
    assert import_members(members_csv()) == import_members(members_xlsx())
    assert import_nominations(nominations_csv()) == import_nominations(nominations_xlsx())
    assert len(import_nominations(nominations_csv()).nominations) == 2
