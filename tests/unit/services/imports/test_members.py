"""A roster out of a file: what is taken, and every fault by its row."""

import io
import unicodedata
import zipfile
from datetime import date

import pytest

from schemas.api_council import NewMember
from services.election.errors import OpenVoteForbiddenError
from services.imports.errors import ImportFileInvalidError, ImportRowsInvalidError
from services.imports.members import import_members
from tests.unit.services.imports.files import (
    MEMBER_HEADINGS,
    bytes_of,
    csv_of,
    workbook_of,
    xlsx_of,
)

PEOPLE = (
    (1, "Lê Thị Ánh Nguyệt", "Chủ tịch UBND xã", "Chủ tịch Hội đồng"),
    (2, "Trần Văn Đỗ Quyên", "Trưởng phòng Văn hóa, Xã hội", "Ủy viên"),
)
ROWS = (MEMBER_HEADINGS, *PEOPLE)
EXPECTED = tuple(
    NewMember(no=no, name=name, position=position, council_role=role)
    for no, name, position, role in PEOPLE
)


def faults_of(data: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRowsInvalidError) as refusal:
        import_members(data)
    return [(each.row, each.column, each.problem) for each in refusal.value.rows]


@pytest.mark.parametrize(
    "data",
    [
        csv_of(ROWS),
        csv_of(ROWS, ";"),
        csv_of(ROWS, "\t"),
        csv_of(ROWS, encoding="utf-8-sig"),
        csv_of(ROWS, "\t", "utf-16"),
        b"sep=;\r\n" + csv_of(ROWS, ";"),
        unicodedata.normalize("NFD", csv_of(ROWS).decode()).encode(),
        csv_of([*ROWS, ("", "", "", ""), (3, "", "", "")]),
        csv_of([("DANH SÁCH THÀNH VIÊN",), (), *ROWS]),
        csv_of([("stt", "HỌ  TÊN", "chức vụ", "Chức danh\ntrong hội đồng"), *PEOPLE]),
        csv_of([[f" {cell}\u00a0\u200b" for cell in row] for row in ROWS]),
        csv_of(ROWS).replace(b"\n1,", b"\n01.,"),
        xlsx_of(ROWS),
        xlsx_of([("DANH SÁCH",), (), *ROWS, (None, " ", "", "")]),
        xlsx_of([(str(row[0]), *row[1:]) for row in ROWS]),
        xlsx_of([(None, *row) for row in ROWS]),
    ],
)
def test_roster_of_any_form(data: bytes) -> None:
    """Whatever a spreadsheet makes of the same list, it is the same roster."""
    assert import_members(data).members == EXPECTED


def test_names_are_in_one_form() -> None:
    """Texts come in NFC, as the record demands (protocol.md §11), with single spaces."""
    rows = [MEMBER_HEADINGS, (1, unicodedata.normalize("NFD", "Đỗ  Thị\tHuệ"), "", "")]
    (member,) = import_members(csv_of(rows)).members
    assert member.name == unicodedata.normalize("NFC", "Đỗ Thị Huệ")


def test_roster_without_numbers() -> None:
    """Without numbers, the order of the rows is the number."""
    rows = [MEMBER_HEADINGS[1:], *(person[1:] for person in PEOPLE)]
    assert import_members(csv_of(rows)).members == EXPECTED


def test_columns_that_no_list_has() -> None:
    """A column of remarks is left out, and said to be."""
    rows = [(*row, remark) for row, remark in zip(ROWS, ("Ghi chú", "x", ""), strict=True)]
    found = import_members(csv_of(rows))
    assert (found.members, found.ignored_columns) == (EXPECTED, ("Ghi chú",))


def test_position_in_two_columns() -> None:
    """ "Chức vụ" and "Đơn vị" together are the position."""
    rows = [("Họ tên", "Chức vụ", "Đơn vị"), ("Lê An", "Trưởng phòng", "Sở Y tế")]
    assert import_members(csv_of(rows)).members[0].position == "Trưởng phòng, Sở Y tế"


def test_every_fault_is_named() -> None:
    """All faults at once, each by its row as the spreadsheet shows it and by its heading."""
    rows = [
        ("DANH SÁCH",),
        MEMBER_HEADINGS,
        (1, "Lê An", "", ""),
        (1, "Trần Bình", "", ""),
        ("mười", "Phạm Chi", "", ""),
        (501, "", "Ủy viên", ""),
        (0, "x" * 301, "=HYPERLINK(1)", "a\x01b"),
        (7, "lê an", "", ""),
    ]
    faults = faults_of(csv_of(rows))
    assert [(row, column) for row, column, _ in faults] == [
        (4, "Số TT"),
        (5, "Số TT"),
        (6, "Số TT"),
        (6, "Họ và tên"),
        (7, "Số TT"),
        (7, "Họ và tên"),
        (7, "Chức vụ"),
        (7, "Chức danh trong Hội đồng"),
        (8, "Họ và tên"),
    ]
    assert faults[0][2] == "Số thứ tự 1 đã có ở dòng 3. Đánh lại số thứ tự."
    assert "dòng 3" in faults[-1][2]


@pytest.mark.parametrize("encoding", ["utf-16-le", "cp1258", "cp1252"])
def test_file_of_an_old_encoding(encoding: str) -> None:
    """Bytes that are no UTF-8 are not guessed: the secretary is told how to save the file."""
    rows = [("Ho va ten", "Chuc vu"), ("Lê Âu", "é")]
    ((row, column, problem),) = faults_of(csv_of(rows, encoding=encoding))
    if encoding != "utf-16-le":  # without a mark it is UTF-8 full of NUL, without headings
        assert "lưu lại dạng CSV UTF-8 hoặc xlsx" in problem
    assert (row, column) == (0, "")


@pytest.mark.parametrize(
    "name", ["NguyÔn V¨n §øc", "Lª V¨n", "TrÇn V¨n ¸nh", "Nguyeãn Vaên", "Traàn Thò Leä Ñöùc"]
)
def test_letters_of_an_old_font(name: str) -> None:
    """A workbook in TCVN3 or VNI looks right in its font only; on a phone it would not."""
    ((_, column, problem),) = faults_of(xlsx_of([MEMBER_HEADINGS, (1, name, "", "")]))
    assert column == "Họ và tên"
    assert "TCVN3, VNI" in problem


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Văn Đức", "Đỗ Thị Hoà", "Y Ngông Niê Kđăm", "Siu H’Yên", "Müller", "Ama Thưưng"],
)
def test_names_that_are_right(name: str) -> None:
    """No name of today's spelling is taken for an old font."""
    assert import_members(xlsx_of([MEMBER_HEADINGS, (1, name, "", "")])).members[0].name == name


def test_cells_that_a_spreadsheet_made() -> None:
    """Formulas, dates, errors and merged cells are named; nothing of them is computed."""
    workbook = workbook_of(
        [
            MEMBER_HEADINGS,
            (1, '=HYPERLINK("http://other.example","Lê An")', "", ""),
            (2, date(2026, 3, 2), "", ""),
            (3, "#REF!", "", ""),
            (4, True, "", ""),
            (5, "Lê An", "Ủy viên", ""),
            (6, "Trần Bình", None, ""),
        ]
    )
    workbook.active["B4"].data_type = "e"
    workbook.active.merge_cells("C6:C7")
    faults = faults_of(bytes_of(workbook))
    assert [(row, column) for row, column, _ in faults] == [
        *((row, "Họ và tên") for row in (2, 3, 4, 5)),
        (7, "Chức vụ"),
    ]
    for (_, _, problem), word in zip(
        faults, ("công thức", "ngày tháng", "lỗi", "chữ hay số", "gộp"), strict=True
    ):
        assert word in problem


def test_title_over_merged_cells() -> None:
    """A title above the headings may be merged, as it mostly is."""
    workbook = workbook_of([("DANH SÁCH THÀNH VIÊN HỘI ĐỒNG",), *ROWS])
    workbook.active.merge_cells("A1:D1")
    assert import_members(bytes_of(workbook)).members == EXPECTED


def test_hidden_sheet() -> None:
    """The sheet that people see is the one that is read."""
    workbook = workbook_of([("cũ",)])
    workbook.active.sheet_state = "hidden"
    shown = workbook.create_sheet("Danh sách")
    for row in ROWS:
        shown.append(row)
    assert import_members(bytes_of(workbook)).members == EXPECTED


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "không có dòng nào"),
        (b"\n\n", "tiêu đề"),
        (csv_of([("a", "b"), ("c", "d")]), "tiêu đề"),
        (csv_of([("Số TT", "Họ và tên"), (1, "Lê An")]), '"Chức vụ"'),
        (csv_of([("Họ tên", "Họ và tên", "Chức vụ"), ("a", "b", "c")]), "Hai cột"),
        (csv_of([MEMBER_HEADINGS]), "chưa có dòng nào"),
        (csv_of([MEMBER_HEADINGS, *((n, f"A {n}", "", "") for n in range(1, 502))]), "500"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), ".xls"),
        (b"PK\x03\x04" + bytes(100), "xlsx"),
        (xlsx_of(ROWS)[:-200], "xlsx"),
        (b'"' + b"x" * 200_000, "CSV"),
    ],
)
def test_file_as_a_whole(data: bytes, word: str) -> None:
    """What is wrong with the whole file is said in one sentence."""
    faults = faults_of(data)
    assert word in faults[0][2]


def test_file_that_unpacks_to_much() -> None:
    """A small archive with gigabytes inside is refused before anything of it is unpacked."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(9 * 1024 * 1024))
    assert len(bomb.getvalue()) < 20_000
    with pytest.raises(ImportFileInvalidError) as refusal:
        import_members(bomb.getvalue())
    assert "quá nhiều dữ liệu" in refusal.value.rows[0].problem


def test_document_with_entities() -> None:
    """An XML part that defines entities is refused: a billion laughs, or somebody's file."""
    good = io.BytesIO(xlsx_of(ROWS))
    evil = io.BytesIO()
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(evil, "w") as written:
        for name in archive.namelist():
            part = archive.read(name)
            if name == "xl/worksheets/sheet1.xml":
                lead = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                part = lead + part.replace(b"<sheetData>", b"<sheetData>&a;")
            written.writestr(name, part)
    assert "xlsx" in faults_of(evil.getvalue())[0][2]


def test_cells_merged_without_end() -> None:
    """A workbook whose cells are merged by the million is refused, not worked through."""
    workbook = workbook_of(ROWS)
    workbook.active.merge_cells("A5:AN1000")
    assert "quá nhiều dữ liệu" in faults_of(bytes_of(workbook))[0][2]


def test_row_far_down() -> None:
    """A row numbered in the billions makes no billion rows."""
    good, evil = io.BytesIO(xlsx_of(ROWS)), io.BytesIO()
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(evil, "w") as written:
        for name in archive.namelist():
            part = archive.read(name).replace(b'<row r="3"', b'<row r="999999999"')
            written.writestr(name, part.replace(b'r="A3"', b'r="A999999999"'))
    assert import_members(evil.getvalue()).members == EXPECTED[:1]


@pytest.mark.parametrize(
    ("heading", "value"),
    [("Hình thức bỏ phiếu", "Giơ tay"), ("Biểu quyết", ""), ("method", "open"), ("Giơ tay", "x")],
)
def test_column_that_asks_for_an_open_vote(heading: str, value: str) -> None:
    """There is no open vote in a file either (protocol.md §2)."""
    rows = [(*MEMBER_HEADINGS, heading), (1, "Lê An", "", "", value)]
    with pytest.raises(OpenVoteForbiddenError):
        import_members(csv_of(rows))
    secret = [(*MEMBER_HEADINGS, "Hình thức bỏ phiếu"), (1, "Lê An", "", "", "Bỏ phiếu kín")]
    assert import_members(csv_of(secret)).ignored_columns == ("Hình thức bỏ phiếu",)
