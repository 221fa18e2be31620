"""The council, the list and the marks of the meeting that the browsers play."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from openpyxl import Workbook

from schemas.rules import Rule
from schemas.scenario import ExpectedOutcome, Mark

COUNCIL: Final = "Hội đồng Thi đua - Khen thưởng huyện Đồi Thông"
MEETING: Final = "Họp Hội đồng xét danh hiệu thi đua, khen thưởng năm 2026"
VENUE: Final = "Phòng họp số 2, trụ sở Ủy ban nhân dân huyện"
SECRETARY: Final = "Thư ký Hội đồng"
AUDITOR: Final = "Lò Văn Giám"
PASS_PHRASE: Final = "hoa ban trắng nở đầu núi tháng ba"

Key = Literal["passkey", "passkey without PRF", "device key"]


@dataclass(frozen=True)
class Person:
    """A member; `key` is how their phone registers, none where they are absent."""

    no: int
    name: str
    position: str
    council_role: str
    key: Key | None


MEMBERS: Final = (
    Person(1, "Đinh Quang Lộc", "Chủ tịch UBND huyện", "Chủ tịch Hội đồng", "passkey"),
    Person(2, "Vi Thị Hồng Nhạn", "Phó Chủ tịch UBND huyện", "Phó Chủ tịch", "device key"),
    Person(3, "Tạ Đình Khoa", "Trưởng phòng Nội vụ", "Ủy viên", "passkey without PRF"),
    Person(4, "Lường Thị Ánh Mai", "Chủ tịch Ủy ban MTTQ huyện", "Ủy viên", "passkey"),
    Person(5, "Phan Bá Thuận", "Chủ tịch Liên đoàn Lao động huyện", "Ủy viên", "device key"),
    Person(6, "Hứa Minh Đăng", "Chánh Văn phòng", "Ủy viên", "passkey without PRF"),
    Person(7, "Trịnh Thu Quế", "Trưởng phòng Tài chính", "Ủy viên", None),
)
PRESIDING, MINUTE_TAKER = MEMBERS[0], MEMBERS[2]
# The head teller first.
TELLERS: Final = (MEMBERS[3], MEMBERS[4], MEMBERS[5])
ABSENT: Final = MEMBERS[6]
ABSENCE_REASON: Final = "Đi công tác"


@dataclass(frozen=True)
class Case:
    no: int
    kind: Literal["cá nhân", "tập thể", "hộ gia đình"]
    name: str
    unit: str
    award: str
    mark: str
    rule: Rule
    summary: str = ""


_CITATION: Final = "Điều 9 Quy chế tổ chức và hoạt động của Hội đồng"
_TWO_THIRDS: Final = Rule(
    share="2/3", comparator="at_least", base="all_members", citation=_CITATION
)
_MAJORITY: Final = Rule(share="50%", comparator="more_than", base="all_members", citation=_CITATION)
_FIGHTER: Final = "Chiến sĩ thi đua cơ sở"
_WORKER: Final = "Lao động tiên tiến"
_TEAM: Final = "Tập thể lao động tiên tiến"
CASES: Final = (
    Case(
        *(1, "cá nhân", "Ngô Thị Diệu Linh", "Giáo viên Trường THCS Đồi Thông", _FIGHTER),
        *("2/3", _TWO_THIRDS),
        "Hai sáng kiến được công nhận năm 2026; dạy giỏi cấp huyện ba năm liền.",
    ),
    Case(
        *(2, "cá nhân", "Quách Trung Dũng", "Kế toán trưởng Phòng Tài chính", _FIGHTER),
        *("2/3", _TWO_THIRDS),
        "Hoàn thành xuất sắc nhiệm vụ; một sáng kiến cấp cơ sở.",
    ),
    Case(
        *(3, "cá nhân", "Bế Thị Thanh Hương", "Điều dưỡng Trung tâm Y tế huyện", _FIGHTER),
        *("2/3", _TWO_THIRDS),
    ),
    Case(
        *(4, "cá nhân", "Lý A Páo", "Công chức địa chính xã Nậm Khao", _WORKER),
        *("trên 50%", _MAJORITY),
    ),
    Case(
        *(5, "cá nhân", "Nguyễn Hoàng Oanh", "Văn thư Văn phòng UBND huyện", _WORKER),
        *("trên 50%", _MAJORITY),
    ),
    Case(
        *(6, "tập thể", "Trạm Y tế xã Đồi Thông", "", _TEAM),
        *("trên 50%", _MAJORITY),
        "Giữ vững tiêu chí quốc gia về y tế xã.",
    ),
)

_ALL: Final[tuple[Mark, ...]] = ("agree",) * 6
# Member 1 marks all by the group buttons, 2 leaves all blank, 3 marks some; the tellers vote too.
VOTES: Final[dict[int, tuple[Mark, ...]]] = {
    1: _ALL,
    2: ("blank",) * 6,
    3: ("agree", "disagree", "blank", "agree", "blank", "agree"),
    4: ("agree", "agree", "disagree", "agree", "disagree", "agree"),
    5: ("agree", "disagree", "agree", "agree", "disagree", "agree"),
    6: ("agree", "agree", "agree", "disagree", "disagree", "agree"),
}


def expected_outcomes(cases: Sequence[Case] = CASES) -> tuple[ExpectedOutcome, ...]:
    """Counted here from the marks, by nothing of the service but the rule's arithmetic."""
    base = len(MEMBERS)
    outcomes = []
    for place, case in enumerate(cases):
        marks = [marks[place] for marks in VOTES.values()]
        agree = marks.count("agree")
        needed = case.rule.votes_needed(base)
        outcomes.append(
            ExpectedOutcome(
                no=case.no,
                agree=agree,
                disagree=marks.count("disagree"),
                blank=marks.count("blank"),
                base=base,
                share_percent=f"{agree * 100 / base:.2f}".replace(".", ","),
                passed=agree >= needed,
            )
        )
    return tuple(outcomes)


def roster_csv() -> bytes:
    """As Excel in Vietnam writes it: semicolons and a byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("Số TT", "Họ và tên", "Chức vụ", "Chức danh trong Hội đồng"))
    writer.writerows((each.no, each.name, each.position, each.council_role) for each in MEMBERS)
    return text.getvalue().encode("utf-8-sig")


def faulty_roster_csv() -> bytes:
    """The second row has no name."""
    return "Họ và tên;Chức vụ\nĐinh Quang Lộc;Chủ tịch\n;Phó Chủ tịch\n".encode()


def nominations_xlsx(cases: Sequence[Case] = CASES) -> bytes:
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError("a new workbook has a sheet")
    sheet.append(
        [
            "Số TT",
            "Loại (cá nhân, tập thể, hộ gia đình)",
            "Họ và tên hoặc tên tập thể",
            "Chức vụ, đơn vị",
            "Danh hiệu, hình thức khen thưởng",
            "Mức cần đạt",
            "Căn cứ",
            "Tóm tắt thành tích",
        ]
    )
    for case in cases:
        sheet.append(
            [
                *(case.no, case.kind, case.name, case.unit, case.award, case.mark),
                *(case.rule.citation, case.summary),
            ]
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
