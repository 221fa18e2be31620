"""What a counting minute (Biên bản kiểm phiếu) may say, from its record (words.md §5)."""

from typing import Final

import msgspec

from schemas.rules import Rule
from services.verifier.counted import (
    Counted,
    award_lists,
    iso_day_text,
    list_lines,
    outcome_cells,
    person,
)
from services.verifier.expected_paper import ExpectedPaper
from services.verifier.wording import (
    Free,
    Piece,
    Repeated,
    Sequenced,
    Slot,
    Table,
    either,
    listed,
    maybe,
    seq,
)

TITLE: Final = "BIÊN BẢN KIỂM PHIẾU"
TIME: Final = r"[0-2][0-9]giờ[0-5][0-9]"
DATE: Final = r"ngày[0-3][0-9]tháng(?:01|02|[3-9]|1[0-2])năm[0-9]{4}"
COLUMNS: Final = (
    "TT",
    "Họ và tên (tên tập thể)",
    "Chức vụ, đơn vị",
    "Đồng ý",
    "Không đồng ý",
    "Để trống",
    "Tỷ lệ (%)",
    "Kết quả",
)
BASES: Final = {
    "all_members": "tổng số thành viên Hội đồng",
    "present_members": "số thành viên dự họp",
    "ballots_returned": "số phiếu thu về",
}


def a_time(name: str) -> Slot:
    return Slot(TIME, name)


def a_date(name: str) -> Slot:
    return Slot(DATE, name)


def expected_counting_minute(counted: Counted) -> ExpectedPaper:
    """The whole counting minute of one election. Raises NotApplicableError."""
    terms, team = counted.terms, counted.terms.counting_team.trustees
    others = tuple(counted.roster[each.member].name for each in team[1:])
    return ExpectedPaper(
        parent_line=terms.council.issuer.parent_line,
        issuer_line=terms.council.issuer.issuer_line,
        number_line="",
        body=_body(counted),
        tables=((COLUMNS, _table_rows(counted)),),
        left=seq(*(("CÁC ỦY VIÊN", *others) if others else ())),
        right=seq("TRƯỞNG BAN", counted.roster[team[0].member].name),
        recipients=Sequenced(()),
    )


def _body(counted: Counted) -> Piece:
    ballot = counted.terms.ballot_number
    return seq(
        TITLE,
        "Xét danh hiệu thi đua, khen thưởng năm",
        Free("year", 20),
        f"(lần {ballot})" if ballot > 1 else "",
        *_basis(counted),
        maybe(replacement(" kiểm phiếu")),
        "Hồi ",
        a_time("start of counting"),
        ", ",
        a_date("day of counting"),
        f", tại {counted.terms.meeting.venue},",
        "Ban kiểm phiếu do Hội đồng cử đã kiểm phiếu như sau:",
        "I. BAN KIỂM PHIẾU",
        *_team(counted),
        "II. THÀNH VIÊN VÀ SỐ PHIẾU",
        *_members_and_ballots(counted),
        "III. KẾT QUẢ",
        Table(),
        "IV. CÁC TRƯỜNG HỢP ĐẠT",
        _passed_cases(counted),
        maybe("V. NỘI DUNG KHÁC", _other_content(counted)),
        "Ban kiểm phiếu đã báo cáo kết quả trước Hội đồng. Biên bản lập xong",
        maybe(
            " hồi ",
            a_time("end of counting"),
            either("cùng ngày", seq(", ", a_date("day of the end of counting"))),
        ),
        ", các thành viên Ban kiểm phiếu đã đọc và thống nhất ký tên./.",
    )


def replacement(kind: str) -> Piece:
    """That this paper stands for an earlier one; which and why are the secretary's words."""
    number = either(seq(" số ", Free("number of the replaced minute", 300)), kind)
    return seq(
        "Biên bản này thay thế Biên bản",
        number,
        a_date("day of the replaced minute"),
        "do ",
        Free("reason of the replacement", 300),
        ".",
    )


def _basis(counted: Counted) -> list[str]:
    council, lines = counted.terms.council, []
    if (decision := council.decision) is not None:
        lines.append(
            f"Căn cứ Quyết định số {decision.number}"
            f" {iso_day_text(decision.date)}"
            f" của {decision.issued_by} về việc {decision.about};"
        )
    if council.rules is not None:
        lines.append(f"Căn cứ {council.rules};")
    return lines


def _team(counted: Counted) -> list[str]:
    return [
        f"{number}. Đồng chí {person(counted.roster[trustee.member])}:"
        f" {'Trưởng ban' if number == 1 else 'Ủy viên'}."
        for number, trustee in enumerate(counted.terms.counting_team.trustees, 1)
    ]


def _members_and_ballots(counted: Counted) -> list[Piece | str]:
    closed = counted.closed
    has_decision = counted.terms.council.decision is not None
    missing = closed.issued - closed.returned
    return [
        f"1. Tổng số thành viên Hội đồng{' theo Quyết định' if has_decision else ''}:"
        f" {closed.members}.",
        f"2. Số thành viên nhận phiếu: {closed.issued}, trong đó {_ways(counted)}.",
        f"3. Số thành viên không nhận phiếu: {_took_none(counted)}.",
        f"4. Số phiếu phát ra: {closed.issued}. Số phiếu thu về: {closed.returned}.",
        f"Số phiếu không thu về: {missing}." if missing else "",
        f"Số phiếu hợp lệ: {closed.returned}. Số phiếu không hợp lệ: 0"
        " (phần mềm không nhận phiếu sai quy cách).",
        "5. Hình thức: bỏ phiếu kín trên phần mềm ",
        Free("software", 100),
        "; mỗi thành viên một phiếu; phiếu không ghi tên."
        " Ban kiểm phiếu chỉ mở tổng số phiếu, không mở từng phiếu.",
        f"6. Cách tính: tỷ lệ bằng số phiếu đồng ý chia cho {_base_of_shares(counted)}. Trường hợp"
        " bỏ trống không được tính là đồng ý. Việc xác định đạt hay không đạt căn cứ số phiếu"
        " nguyên; tỷ lệ làm tròn hai chữ số thập phân chỉ để ghi.",
    ]


def _ways(counted: Counted) -> str:
    ways = [f"dự họp trực tiếp {counted.took_ballot_in_state('present')}"]
    if online := counted.took_ballot_in_state("online"):
        ways.append(f"dự họp trực tuyến {online}")
    if consulted := counted.took_ballot_in_state("absent_consulted"):
        ways.append(
            f"vắng mặt, được lấy ý kiến bằng văn bản dưới hình thức phiếu kín điện tử {consulted}"
        )
    return "; ".join(ways)


def _took_none(counted: Counted) -> str:
    others = [member for member in counted.members if member.no not in counted.took_ballot]
    people = []
    for member in others:
        found = counted.attendance.get(member.no)
        reason = f", lý do: {found.reason}" if found is not None and found.reason else ""
        people.append(f"đồng chí {member.name}{reason}")
    return f"{len(others)}{', gồm: ' if people else ''}{'; '.join(people)}"


def _base_of_shares(counted: Counted) -> str:
    bases = {nomination.rule.base for nomination, _ in counted.cases}
    if len(bases) == 1:
        return BASES[bases.pop()]
    return "tổng số ghi ở mức cần đạt của từng danh hiệu, hình thức khen thưởng tại Phần III"


def _table_rows(counted: Counted) -> tuple[tuple[str, ...], ...]:
    """Rows of the table; one that goes over all columns has one cell."""
    groups: dict[tuple[str, bytes], list[tuple[str, ...]]] = {}
    heads: dict[tuple[str, bytes], str] = {}
    for nomination, outcome in counted.cases:
        key = (nomination.award, msgspec.json.encode(nomination.rule))
        groups.setdefault(key, []).append(outcome_cells(nomination, outcome, nomination.unit))
        mark = f"{outcome.votes_needed}/{outcome.base}"
        heads.setdefault(key, f"{nomination.award}. {_mark(nomination.rule, mark)}")
    rows: list[tuple[str, ...]] = []
    for number, (key, cases) in enumerate(groups.items(), 1):
        rows += [(f"{number}. {heads[key]}",), *cases]
    return tuple(rows)


def _mark(rule: Rule, votes: str) -> str:
    base, share = BASES[rule.base], rule.share.replace(".", ",")
    least = rule.comparator == "at_least"
    needed = f"từ {share} trở lên trên {base}" if least else f"trên {share} {base}"
    reason = f"; tính trên {base} vì: {rule.base_reason}" if rule.base_reason else ""
    return f"Mức cần đạt: {needed}, tức ít nhất {votes} phiếu đồng ý ({rule.citation}{reason})."


def _passed_cases(counted: Counted) -> Piece:
    passed, cases = counted.passed, f"{len(counted.cases):02d}"
    text = f"Có 0/{cases} trường hợp đạt."
    if passed:
        lists = award_lists(passed, counted.terms.nominations)
        text = f"Có {len(passed):02d}/{cases} trường hợp đạt: {list_lines(lists)}"
    if others := len(counted.cases) - len(passed):
        text += f" Có {others:02d} trường hợp không đạt."
    return seq(text)


def _other_content(counted: Counted) -> Piece:
    incidents = Free("incidents")
    found = counted.on_list()
    if not found:
        return incidents
    people = [
        seq(
            f"đồng chí {member.name} (trường hợp số ",
            either(", ".join(map(str, numbers)), _some_of(numbers)),
            ")",
        )
        for member, numbers in found
    ]
    everybody = listed(people, "; ")
    # The secretary may have said that one is only a namesake.
    some = Repeated(seq(either(*people), maybe("; ")))
    sentence = seq("Thành viên Hội đồng có tên trong danh sách xét: ", either(everybody, some), ".")
    return either(sentence, seq(sentence, incidents), incidents)


def _some_of(numbers: list[int]) -> Piece:
    return Repeated(seq(either(*map(str, numbers)), maybe(", ")))
