"""The papers that the form is looked at on: three samples, and four cases that strain the layout.

All people and bodies are invented. Every paper is drawn from a counted election as any other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from schemas.fields import NomineeKind
from schemas.rules import Rule
from schemas.scenario import Mark, Scenario, ScenarioMember
from schemas.terms import Nomination
from services.minutes.counting_minute import counting_minute
from services.minutes.meeting_minute import meeting_minute
from services.minutes.model import AttachedRecord, CountedElection, PaperContent
from tests.unit.minutes.paper_samples import (
    SAMPLES,
    SECOND_UUID,
    SOFTWARE,
    attached,
    counted,
    read_scenario,
    texts_of,
)

LONGEST: Final = 80
_FAMILY: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ứng", "Âu")
_MIDDLE: Final = ("Thị Minh", "Văn", "Quốc", "Thị Hồng", "Đức", "Hữu", "Thị Phương")
_GIVEN: Final = ("Ánh", "Bình", "Cường", "Duyên", "Đạt", "Giang", "Hằng", "Khôi", "Lộc", "Ngọc")
_PADDING: Final = "Phương Nghiêng Trường Thượng Khuyên Hoàng Quỳnh Đường Nghĩa Thủy Ửng Ẩn Ỷ Ỡ"
NINETY: Final = Rule(
    share="90%",
    comparator="at_least",
    base="all_members",
    citation="khoản 2 Điều 9 Quy chế tổ chức và hoạt động của Hội đồng",
)
EIGHTY: Final = msgspec.structs.replace(
    NINETY, share="80%", citation="khoản 3 Điều 9 Quy chế tổ chức và hoạt động của Hội đồng"
)
MAJORITY: Final = Rule(
    share="50%",
    comparator="more_than",
    base="ballots_returned",
    citation="khoản 4 Điều 9 Quy chế tổ chức và hoạt động của Hội đồng",
    base_reason="Quy chế của Hội đồng quy định như vậy",
)


@dataclass(frozen=True)
class DrawnPaper:
    """A paper's content, ready for the template, and the records that are attached to it."""

    name: str
    content: PaperContent
    records: tuple[AttachedRecord, ...]


def padded(text: str, length: int = LONGEST) -> str:
    """The text with more words behind it, `length` characters long."""
    longer = f"{text} {_PADDING} {_PADDING} {_PADDING}"[:length]
    return longer if longer[-1] != " " else f"{longer[:-1]}y"


def with_list(scenario: Scenario, cases: Sequence[Nomination]) -> Scenario:
    """The scenario with another list, numbered anew, and marks that let most of it pass."""
    numbered = tuple(msgspec.structs.replace(case, no=no) for no, case in enumerate(cases, 1))
    votes: dict[str, tuple[Mark, ...] | None] = {
        no: None if marks is None else tuple(_mark(int(no), case) for case in range(len(numbered)))
        for no, marks in scenario.votes.items()
    }
    return msgspec.structs.replace(scenario, nominations=numbered, votes=votes, expected=None)


def _mark(member: int, case: int) -> Mark:
    """Every seventh case lacks many votes, every fifth one vote; always the same ones."""
    if case % 7 == 3 and member % 3 == 0:
        return "blank" if member % 2 else "disagree"
    return "disagree" if case % 5 == 1 and member == 5 else "agree"


def _case(kind: NomineeKind, name: str, unit: str, award: str, rule: Rule) -> Nomination:
    return Nomination(no=1, kind=kind, name=name, unit=unit, award=award, rule=rule)


def two_hundred() -> Scenario:
    """A year's whole list: 200 cases of five awards."""
    awards = (
        ("individual", "Chiến sĩ thi đua tỉnh", NINETY, 20),
        ("individual", "Chiến sĩ thi đua cơ sở", EIGHTY, 90),
        ("collective", "Cờ thi đua của Ủy ban nhân dân tỉnh", EIGHTY, 10),
        ("collective", "Tập thể lao động xuất sắc", EIGHTY, 30),
        ("individual", "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh", EIGHTY, 50),
    )
    cases: list[Nomination] = []
    for kind, award, rule, number in awards:
        for position in range(number):
            cases.append(_invented(kind, len(cases), position, award, rule))
    scenario = read_scenario("lam-giang-province")
    meeting = msgspec.structs.replace(scenario.meeting, texts=None)
    return with_list(msgspec.structs.replace(scenario, meeting=meeting), cases)


def thirty_cases() -> Scenario:
    """A usual list."""
    cases = [_invented("individual", at, at, "Chiến sĩ thi đua cơ sở", EIGHTY) for at in range(30)]
    return with_list(read_scenario("lam-giang-province"), cases)


def _invented(kind: str, at: int, position: int, award: str, rule: Rule) -> Nomination:
    if kind == "collective":
        return _case("collective", f"Ủy ban nhân dân xã Mường Sao {position + 1}", "", award, rule)
    name = f"{_FAMILY[at % 11]} {_MIDDLE[at % 7]} {_GIVEN[at % 10]}"
    return _case("individual", name, f"Chuyên viên Phòng {at % 12 + 1}, Sở Nội vụ", award, rule)


def longest_names() -> Scenario:
    """25 members; 80 characters in every name of a person, a body, an award, a place."""
    scenario = read_scenario("lam-giang-province")
    members = tuple(
        ScenarioMember(
            no=no,
            name=padded(f"{_FAMILY[no % 11]} {_MIDDLE[no % 7]} {_GIVEN[no % 10]}"),
            position=padded("Phó Giám đốc Sở Nông nghiệp và Môi trường tỉnh Lam Giang"),
            council_role=padded("Ủy viên kiêm thư ký Hội đồng"),
            attendance="absent_consulted" if no == 11 else "present",
            absence_reason=padded("đi công tác") if no == 11 else None,
        )
        for no in range(1, 26)
    )
    meeting = msgspec.structs.replace(
        scenario.meeting,
        title=padded("Họp Hội đồng xét danh hiệu thi đua, khen thưởng năm 2026"),
        venue=padded("Phòng họp số 2, trụ sở Ủy ban nhân dân tỉnh Lam Giang"),
        recipients=(padded("Thành viên Hội đồng"), padded("Sở Nội vụ tỉnh Lam Giang")),
    )
    issuer = msgspec.structs.replace(
        scenario.council.issuer,
        parent_line=padded("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG TỈNH LAM GIANG").upper(),
        issuer_line=padded("HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG CHI CỤC KIỂM LÂM").upper(),
    )
    council = msgspec.structs.replace(scenario.council, issuer=issuer)
    awards = (("Chiến sĩ thi đua toàn quốc", NINETY), ("Bằng khen", EIGHTY))
    cases = [
        _case(
            "individual",
            padded(f"{_FAMILY[at % 11]} {_MIDDLE[at % 7]} {_GIVEN[at % 10]}"),
            padded("Trưởng khoa Nhi, Bệnh viện Đa khoa tỉnh Lam Giang"),
            padded(award),
            rule,
        )
        for award, rule in awards
        for at in range(6)
    ]
    votes: dict[str, tuple[Mark, ...] | None] = {str(member.no): () for member in members}
    scenario = msgspec.structs.replace(
        scenario, members=members, meeting=meeting, council=council, votes=votes, nominations=()
    )
    return with_list(scenario, cases)


def several_awards() -> Scenario:
    """Three awards under two rules; a second ballot follows on some of the cases."""
    awards = [("Chiến sĩ thi đua tỉnh", NINETY)] * 4
    awards += [("Chiến sĩ thi đua cơ sở", EIGHTY)] * 5
    awards += [("Lao động tiên tiến", MAJORITY)] * 6
    cases = [
        _invented("individual", at, at, award, rule) for at, (award, rule) in enumerate(awards)
    ]
    return with_list(read_scenario("lam-giang-construction-department"), cases)


def mixed_nominees() -> Scenario:
    """Individuals, collectives and households on one list; one nominee with two awards."""
    teacher, unit = "Ngô Thị Diệu Linh", "giáo viên Toán, Trường THCS Đồi Thông"
    cases = [
        _case("individual", teacher, unit, "Chiến sĩ thi đua cơ sở", EIGHTY),
        _case("household", "Hộ ông Lò Văn Pành", "thôn Nậm Khao, xã Vân Trà", "Giấy khen", EIGHTY),
        _case("collective", "Tổ Toán - Tin", "", "Tập thể lao động tiên tiến", MAJORITY),
        _case("individual", teacher, unit, "Giấy khen", EIGHTY),
        _case("household", "Hộ bà Sùng Thị Máy", "thôn Lũng Pù, xã Vân Trà", "Giấy khen", EIGHTY),
        _case("collective", "Chi đoàn Trường THCS Đồi Thông", "", "Giấy khen", EIGHTY),
    ]
    return with_list(read_scenario("doi-thong-school"), cases)


def counting_paper(name: str, scenario: Scenario) -> DrawnPaper:
    return _counting(name, scenario, counted(scenario))


def _counting(name: str, scenario: Scenario, election: CountedElection) -> DrawnPaper:
    record = attached(election)
    content = counting_minute(election, texts_of(scenario), record, SOFTWARE)
    return DrawnPaper(f"{name}-counting", content, (record,))


def meeting_paper(name: str, scenario: Scenario) -> DrawnPaper:
    election = counted(scenario)
    record = attached(election)
    content = meeting_minute([election], texts_of(scenario), [record], SOFTWARE)
    return DrawnPaper(f"{name}-meeting", content, (record,))


def second_ballot(scenario: Scenario) -> tuple[CountedElection, CountedElection]:
    """The scenario's ballot, and a second one on a case of each award."""
    kept = [3, 5, 10]
    agree: Mark = "agree"
    agreeing: dict[str, tuple[Mark, ...] | None] = {
        no: None if marks is None else (agree,) * len(marks) for no, marks in scenario.votes.items()
    }
    again = msgspec.structs.replace(scenario, votes=agreeing)
    return counted(scenario), counted(again, SECOND_UUID, ballot_number=2, kept=kept)


def second_counting_paper(name: str, scenario: Scenario) -> DrawnPaper:
    return _counting(name, scenario, second_ballot(scenario)[1])


def second_meeting_paper(name: str, scenario: Scenario) -> DrawnPaper:
    elections = second_ballot(scenario)
    records = tuple(attached(each, f"record-{each.terms.uuid}.zip") for each in elections)
    texts = msgspec.structs.replace(
        texts_of(scenario), second_ballot_citation="khoản 4 Điều 9 Quy chế của Hội đồng"
    )
    content = meeting_minute(elections, texts, records, SOFTWARE)
    return DrawnPaper(f"{name}-meeting", content, records)


Drawing = Callable[[], DrawnPaper]
SAMPLE_PAPERS: Final[dict[str, Drawing]] = {
    f"{name}-{kind}": lambda name=name, draw=draw: draw(name, read_scenario(name))  # type: ignore[misc]
    for name in SAMPLES
    for kind, draw in (("counting", counting_paper), ("meeting", meeting_paper))
}
HARD_PAPERS: Final[dict[str, Drawing]] = {
    "two-hundred-counting": lambda: counting_paper("two-hundred", two_hundred()),
    "two-hundred-meeting": lambda: meeting_paper("two-hundred", two_hundred()),
    "longest-names-counting": lambda: counting_paper("longest-names", longest_names()),
    "longest-names-meeting": lambda: meeting_paper("longest-names", longest_names()),
    "second-ballot-counting": lambda: second_counting_paper("second-ballot", several_awards()),
    "second-ballot-meeting": lambda: second_meeting_paper("second-ballot", several_awards()),
    "mixed-nominees-counting": lambda: counting_paper("mixed-nominees", mixed_nominees()),
    "mixed-nominees-meeting": lambda: meeting_paper("mixed-nominees", mixed_nominees()),
}
PAPERS: Final[dict[str, Drawing]] = SAMPLE_PAPERS | HARD_PAPERS
