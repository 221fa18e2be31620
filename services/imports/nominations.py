"""A list of nominations out of a file, each with its rule."""

from dataclasses import dataclass
from typing import Final

from schemas.fields import NomineeKind
from schemas.only_secret import fold
from schemas.rules import Rule
from schemas.terms import Nomination
from services.imports import sentences
from services.imports.columns import Column, ListRow, recognise
from services.imports.errors import ImportRowsInvalidError
from services.imports.marks import MarkError, read_mark
from services.imports.members import NUMBER_NAMES
from services.imports.reading import read_tables
from services.imports.rows import RowReader, check_length, is_numbered

MAX_NOMINATIONS: Final = 200
MAX_SUMMARY: Final = 5000
MAX_CITATION: Final = 500
KINDS: Final[dict[str, NomineeKind]] = {
    **dict.fromkeys(("ca nhan", "cn"), "individual"),
    **dict.fromkeys(("tap the", "tt"), "collective"),
    **dict.fromkeys(("ho gia dinh", "gia dinh", "ho"), "household"),
}
COLUMNS: Final = (
    Column("no", "Số TT", NUMBER_NAMES, is_required=False),
    Column(
        "kind",
        "Loại (cá nhân, tập thể, hộ gia đình)",
        frozenset({"loai", "doi tuong", "loai doi tuong", "loai hinh"})
        | {"ca nhan tap the ho gia dinh", "loai ca nhan tap the ho gia dinh"},
    ),
    Column(
        "name",
        "Họ và tên hoặc tên tập thể",
        frozenset({"ho va ten hoac ten tap the", "ho ten hoac ten tap the", "ho va ten", "ho ten"})
        | {"ho va ten ten tap the", "ca nhan tap the", "ten ca nhan tap the", "ten"}
        | {"truong hop de nghi", "ho ten ten tap the"},
    ),
    Column(
        "unit",
        "Chức vụ, đơn vị",
        frozenset({"chuc vu don vi", "chuc vu", "don vi", "chuc vu don vi cong tac"})
        | {"don vi cong tac", "chuc vu noi cong tac", "co quan"},
        is_required=False,
        joins=True,
    ),
    Column(
        "award",
        "Danh hiệu, hình thức khen thưởng",
        frozenset({"danh hieu hinh thuc khen thuong", "danh hieu", "hinh thuc khen thuong"})
        | {"danh hieu thi dua hinh thuc khen thuong", "danh hieu hinh thuc"}
        | {"danh hieu hinh thuc de nghi"},
    ),
    Column(
        "mark",
        "Mức cần đạt",
        frozenset({"muc can dat", "muc dat", "ty le can dat", "ti le can dat", "muc"}),
    ),
    Column(
        "citation",
        "Căn cứ",
        frozenset({"can cu", "can cu quy dinh", "can cu muc can dat"}),
        is_required=False,
    ),
    Column(
        "summary",
        "Tóm tắt thành tích",
        frozenset({"tom tat thanh tich", "thanh tich", "thanh tich tom tat"}),
        is_required=False,
    ),
)


@dataclass(frozen=True)
class ImportedNominations:
    nominations: tuple[Nomination, ...]
    ignored_columns: tuple[str, ...]


def import_nominations(data: bytes) -> ImportedNominations:
    """
    Read a list of 1 to 200 nominations, numbered 1, 2, 3 … in the file's order.

    Raises ImportRowsInvalidError (also ImportFileInvalidError), OpenVoteForbiddenError.
    """
    found = recognise(read_tables(data), COLUMNS)
    rows = check_length(found, MAX_NOMINATIONS)
    reader, numbered = RowReader(), is_numbered(rows)
    nominations = []
    for place, row in enumerate(rows, start=1):
        if numbered and reader.number(row, MAX_NOMINATIONS) not in (None, place):
            reader.complain(row, "no", sentences.NOT_IN_ORDER.format(no=place))
        nomination = _read_nomination(reader, row, place)
        if nomination is not None:
            nominations.append(nomination)
    if reader.faults:
        raise ImportRowsInvalidError(reader.faults)
    return ImportedNominations(tuple(nominations), found.ignored_columns)


def _read_nomination(reader: RowReader, row: ListRow, no: int) -> Nomination | None:
    """None where the row has a fault without which there is no nomination."""
    kind = _read_kind(reader, row)
    name = reader.text(row, "name")
    unit = reader.text(row, "unit", needed=False)
    award = reader.text(row, "award")
    rule = _read_rule(reader, row)
    summary = reader.text(row, "summary", most=MAX_SUMMARY, needed=False)
    if kind is None or rule is None or not name or not award:
        return None
    case = (kind, name.casefold(), unit.casefold(), award.casefold())
    reader.check_once(row, "name", case, sentences.NOMINATION_TWICE)
    return Nomination(
        no=no, kind=kind, name=name, unit=unit, award=award, rule=rule, summary=summary or None
    )


def _read_kind(reader: RowReader, row: ListRow) -> NomineeKind | None:
    text = reader.text(row, "kind")
    kind = KINDS.get(fold(text))
    if text and kind is None:
        reader.complain(row, "kind", sentences.NOT_A_KIND)
    return kind


def _read_rule(reader: RowReader, row: ListRow) -> Rule | None:
    text = reader.text(row, "mark")
    citation = reader.text(row, "citation", most=MAX_CITATION, needed=False)
    if not text:
        return None
    try:
        mark = read_mark(text)
    except MarkError as error:
        reader.complain(row, "mark", error.sentence)
        return None
    cited = citation or mark.citation
    if not cited:
        if row.cells["citation"].fault is None:
            reader.complain(row, "citation", sentences.NO_CITATION)
        return None
    return Rule(share=mark.share, comparator=mark.comparator, base=mark.base, citation=cited)
