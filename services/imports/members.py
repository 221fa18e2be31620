"""A council's roster out of a file."""

from dataclasses import dataclass
from typing import Final

from schemas.api_council import NewMember
from services.imports import sentences
from services.imports.columns import Column, ListRow, recognise
from services.imports.errors import ImportRowsInvalidError
from services.imports.reading import read_tables
from services.imports.rows import RowReader, check_length, is_numbered

MAX_MEMBERS: Final = 500
NUMBER_NAMES: Final = frozenset({"so tt", "stt", "tt", "so thu tu", "so", "no"})
COLUMNS: Final = (
    Column("no", "Số TT", NUMBER_NAMES, is_required=False),
    Column(
        "name",
        "Họ và tên",
        frozenset({"ho va ten", "ho ten", "ho va ten thanh vien", "ten", "thanh vien"}),
    ),
    Column(
        "position",
        "Chức vụ",
        frozenset({"chuc vu", "chuc vu don vi", "chuc vu don vi cong tac", "chuc vu cong tac"})
        | {"don vi", "don vi cong tac", "co quan", "chuc vu chinh quyen"},
        joins=True,
    ),
    Column(
        "council_role",
        "Chức danh trong Hội đồng",
        frozenset({"chuc danh trong hoi dong", "chuc danh", "chuc danh hoi dong"})
        | {"chuc vu trong hoi dong", "nhiem vu trong hoi dong", "vai tro trong hoi dong"},
        is_required=False,
    ),
)


@dataclass(frozen=True)
class ImportedMembers:
    members: tuple[NewMember, ...]
    ignored_columns: tuple[str, ...]


def import_members(data: bytes) -> ImportedMembers:
    """
    Read a roster of 1 to 500 members; without numbers in the file they are numbered in order.

    Raises ImportRowsInvalidError (also ImportFileInvalidError), OpenVoteForbiddenError.
    """
    found = recognise(read_tables(data), COLUMNS)
    rows = check_length(found, MAX_MEMBERS)
    reader, numbered = RowReader(), is_numbered(rows)
    members = [
        _read_member(reader, row, None if numbered else place)
        for place, row in enumerate(rows, start=1)
    ]
    if reader.faults:
        raise ImportRowsInvalidError(reader.faults)
    return ImportedMembers(tuple(members), found.ignored_columns)


def _read_member(reader: RowReader, row: ListRow, place: int | None) -> NewMember:
    no = reader.number(row, MAX_MEMBERS) if place is None else place
    if no is not None:
        sentence = sentences.NUMBER_TWICE.replace("{no}", str(no))
        reader.check_once(row, "no", no, sentence)
    member = NewMember(
        no=no or 0,
        name=reader.text(row, "name"),
        position=reader.text(row, "position", needed=False),
        council_role=reader.text(row, "council_role", needed=False),
    )
    if member.name:
        who = (member.name.casefold(), member.position.casefold())
        reader.check_once(row, "name", who, sentences.MEMBER_TWICE)
    return member
