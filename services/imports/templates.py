"""The files to start from: headings, two rows of fictional people, and how to fill them in."""

import csv
import io
from collections.abc import Sequence
from functools import cache
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from services.council.presets import PRESETS
from services.imports import members, nominations
from services.imports.columns import Column

SHEET_NAME: Final = "Danh sách"
GUIDE_NAME: Final = "Hướng dẫn"
TEXT_FORMAT: Final = "@"  # or Excel makes a date of "2/3"
WIDTHS: Final = {"no": 8, "kind": 22, "mark": 20, "summary": 60, "citation": 44}
OTHER_WIDTH: Final = 34
# Rows that are formatted as text beforehand.
READY_ROWS: Final = 520
_CITATION: Final = "Điều 7 Quy chế của Hội đồng, ban hành kèm theo Quyết định số 12/QĐ-UBND"

MEMBER_ROWS: Final = (
    ("1", "Lê Thị Ánh Nguyệt", "Chủ tịch UBND xã Đồi Thông", "Chủ tịch Hội đồng"),
    ("2", "Trần Văn Đỗ Quyên", "Trưởng phòng Văn hóa - Xã hội", "Ủy viên"),
)
NOMINATION_ROWS: Final = (
    (
        *("1", "cá nhân", "Phạm Thị Hoài Thu", "Giáo viên Trường Tiểu học Đồi Thông"),
        *("Chiến sĩ thi đua cơ sở", "từ 80% trở lên", _CITATION),
        "Hai sáng kiến được công nhận năm 2026.",
    ),
    (
        *("2", "tập thể", "Trạm Y tế xã Đồi Thông", ""),
        *("Tập thể lao động tiên tiến", "trên 50%", _CITATION),
        "",
    ),
)
MEMBER_GUIDE: Final = (
    "Mỗi dòng một thành viên. Xóa hai dòng ví dụ trước khi điền.",
    "Số TT: số của thành viên trong Hội đồng, từ 1 đến 500, không trùng nhau. Có thể bỏ trống cả"
    " cột; phần mềm đánh số theo thứ tự dòng.",
    "Họ và tên: bắt buộc. Chức vụ và Chức danh trong Hội đồng được in trong biên bản.",
    "Không gộp ô, không dùng công thức. Tối đa 500 thành viên.",
)
NOMINATION_GUIDE: Final = (
    "Mỗi dòng một trường hợp. Xóa hai dòng ví dụ trước khi điền.",
    "Số TT: 1, 2, 3 … theo thứ tự trên phiếu. Có thể bỏ trống cả cột.",
    "Loại: cá nhân, tập thể hoặc hộ gia đình.",
    "Mức cần đạt: ví dụ từ 90% trở lên, trên 50%, 2/3; tính trên tổng số thành viên Hội đồng. Hoặc"
    " ghi tên một mức có sẵn dưới đây.",
    "Căn cứ: điều, khoản, văn bản quy định mức cần đạt; được in trong biên bản.",
    "Tóm tắt thành tích: không bắt buộc, tối đa 5000 ký tự; thành viên đọc trên điện thoại.",
    "Không gộp ô, không dùng công thức. Tối đa 200 trường hợp.",
    PRESETS.notice,
)


@cache
def members_csv() -> bytes:
    return _csv(members.COLUMNS, MEMBER_ROWS)


@cache
def members_xlsx() -> bytes:
    return _xlsx(members.COLUMNS, MEMBER_ROWS, MEMBER_GUIDE)


@cache
def nominations_csv() -> bytes:
    return _csv(nominations.COLUMNS, NOMINATION_ROWS)


@cache
def nominations_xlsx() -> bytes:
    presets = [
        f"{preset.name}: {'từ' if preset.rule.comparator == 'at_least' else 'trên'}"
        f" {preset.rule.share}. {', '.join(preset.awards)}. {preset.caution}"
        for preset in PRESETS.presets
        if preset.rule is not None
    ]
    return _xlsx(nominations.COLUMNS, NOMINATION_ROWS, (*NOMINATION_GUIDE, *presets))


def _csv(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> bytes:
    """With a byte order mark: without it Excel takes UTF-8 for an older encoding."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([column.heading for column in columns])
    writer.writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def _xlsx(columns: Sequence[Column], rows: Sequence[Sequence[str]], guide: Sequence[str]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = SHEET_NAME
    _fill_list(sheet, columns, rows)
    explained = workbook.create_sheet(GUIDE_NAME)
    explained.column_dimensions["A"].width = 110
    for number, line in enumerate(guide, start=1):
        explained.cell(number, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _fill_list(sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        heading = sheet.cell(1, place, column.heading)
        heading.font = Font(bold=True)
        heading.fill = PatternFill("solid", fgColor="E8EDF3")
        heading.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[heading.column_letter].width = WIDTHS.get(column.field, OTHER_WIDTH)
        for number in range(2, READY_ROWS):
            sheet.cell(number, place).number_format = TEXT_FORMAT
    for number, row in enumerate(rows, start=2):
        for place, text in enumerate(row, start=1):
            sheet.cell(number, place, text).alignment = Alignment(wrap_text=True, vertical="top")
