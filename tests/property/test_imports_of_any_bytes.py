"""Whatever bytes are imported, the answer is rows or sentences, never a crash."""

import io
import re
import unicodedata
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from schemas import canonical
from services.election.errors import OpenVoteForbiddenError
from services.errors import RowsError
from services.imports.members import import_members
from services.imports.nominations import import_nominations
from services.imports.templates import members_xlsx, nominations_csv, nominations_xlsx

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
CELLS = st.one_of(TEXTS, st.sampled_from(["", "1", "2", "90%", "cá nhân", "tập thể", "=1", "2/3"]))
HEADINGS = ("Số TT", "Loại", "Họ và tên", "Danh hiệu", "Mức cần đạt", "Căn cứ", "Chức vụ")


def check(data: bytes) -> None:
    for act in (import_members, import_nominations):
        found = refusal = None
        try:
            found = act(data)
        except OpenVoteForbiddenError:
            continue
        except RowsError as error:
            refusal = error
        if refusal is not None:
            assert refusal.rows
            assert all(each.row >= 0 and each.problem.endswith(".") for each in refusal.rows)
        for row in getattr(found, "members", ()) or getattr(found, "nominations", ()):
            canonical.check_text(row.name)
            assert row.name == unicodedata.normalize("NFC", row.name).strip() != ""


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """Bytes of nobody's making."""
    check(data)
    check(b"PK\x03\x04" + data)


@given(
    st.lists(st.lists(CELLS, min_size=7, max_size=7), max_size=6), st.sampled_from([",", ";", "\t"])
)
def test_any_cells(rows: list[list[str]], delimiter: str) -> None:
    """Cells of any text under the right headings."""
    lines = [HEADINGS, *(tuple(re.sub(r'[\r\n,;\t"]', " ", c) for c in row) for row in rows)]
    check("\n".join(delimiter.join(line) for line in lines).encode())


@given(st.binary(max_size=40), st.integers(0, 10_000), st.booleans())
def test_file_with_a_change(part: bytes, place: int, is_csv: bool) -> None:
    """A good file with some bytes of it replaced."""
    good = nominations_csv() if is_csv else members_xlsx()
    at = place % len(good)
    check(good[:at] + part + good[at + len(part) :])


@given(
    st.sampled_from(sorted(zipfile.ZipFile(io.BytesIO(nominations_xlsx())).namelist())),
    st.integers(0, 10_000),
    st.binary(max_size=20),
)
def test_workbook_with_a_changed_part(name: str, place: int, change: bytes) -> None:
    """A workbook whose zip is whole and one of whose parts is not."""
    written = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(nominations_xlsx()))
    with zipfile.ZipFile(written, "w") as archive:
        for each in good.namelist():
            part = good.read(each)
            at = place % len(part)
            changed = part[:at] + change + part[at + len(change) :]
            archive.writestr(each, changed if each == name else part)
    check(written.getvalue())
