"""Files as secretaries make them: CSV of several kinds, and workbooks."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

MEMBER_HEADINGS = ("Số TT", "Họ và tên", "Chức vụ", "Chức danh trong Hội đồng")
NOMINATION_HEADINGS = (
    *("Số TT", "Loại (cá nhân, tập thể, hộ gia đình)", "Họ và tên hoặc tên tập thể"),
    *("Chức vụ, đơn vị", "Danh hiệu, hình thức khen thưởng", "Mức cần đạt", "Căn cứ"),
    "Tóm tắt thành tích",
)
CITATION = "Điều 7 Quy chế của Hội đồng"


def csv_of(
    rows: Sequence[Sequence[object]], delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode(encoding)


def workbook_of(rows: Sequence[Sequence[Any]]) -> Workbook:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(list(row))
    return workbook


def bytes_of(workbook: Workbook) -> bytes:
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def xlsx_of(rows: Sequence[Sequence[Any]]) -> bytes:
    return bytes_of(workbook_of(rows))


def nomination(**changes: object) -> list[object]:
    """One row under `NOMINATION_HEADINGS`."""
    row: dict[str, object] = {
        "no": 1,
        "kind": "cá nhân",
        "name": "Lê An",
        "unit": "Chuyên viên",
        "award": "Bằng khen",
        "mark": "80%",
        "citation": CITATION,
        "summary": "",
    }
    return list((row | changes).values())
