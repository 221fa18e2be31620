"""What a meeting minute (form 1.9) may say, from the records of its elections (words.md §6)."""

from collections.abc import Sequence
from typing import Final

from schemas.entries import Outcome
from schemas.roster import MemberAttendance, RosterMember
from schemas.rules import share_percent
from schemas.terms import Nomination
from services.verifier.counted import (
    Counted,
    award_lists,
    final_cases,
    in_vietnam,
    iso_day_text,
    list_lines,
    moment_text,
    outcome_cells,
    person,
    time_text,
)
from services.verifier.counting_wording import a_date, a_time, mark_text, replacement
from services.verifier.expected_paper import ExpectedPaper
from services.verifier.wording import (
    Free,
    Piece,
    Repeated,
    Sequenced,
    Slot,
    Table,
    either,
    maybe,
    seq,
)

TITLE: Final = "BIÊN BẢN"
POINT: Final = "number of a point"
OTHER_PRESIDING: Final = "presiding officer, not the one whom the terms name"
OTHER_MINUTE_TAKER: Final = "minute taker, not the one whom the terms name"
COLUMNS: Final = (
    "TT",
    "Cá nhân, tập thể",
    "Danh hiệu, hình thức khen thưởng",
    "Mức cần đạt",
    "Đồng ý",
    "Không đồng ý",
    "Để trống",
    "Tỷ lệ (%)",
    "Kết quả",
)
_HERE: Final = ("present", "online")


def expected_meeting_minute(elections: Sequence[Counted]) -> ExpectedPaper:
    """
    The whole minute of a meeting over its counted elections, in the order of the paper.

    Raises NotApplicableError.
    """
    first = [each for each in elections if each.terms.ballot_number == 1]
    second = [each for each in elections if each.terms.ballot_number > 1]
    last = elections[-1]
    issuer = last.terms.council.issuer
    presiding, minute_taker = _officers(last)
    details = ", ".join(part for part in (presiding.council_role, presiding.position) if part)
    return ExpectedPaper(
        parent_line=issuer.parent_line,
        issuer_line=issuer.issuer_line,
        number_line=f"Số: /BB-{issuer.symbol}",
        body=seq(
            *_heading_lines(last),
            maybe(replacement("")),
            "Nội dung:",
            _opening((first or second)[0]),
            maybe(_point("Báo cáo của cơ quan thường trực."), Free("report")),
            *_list(first),
            *_first_ballots(first),
            *[_second_ballot(each) for each in second],
            maybe(Repeated(_cancelled())),
            _conclusion(elections),
            _point("Thông qua biên bản."),
            "Thư ký đọc biên bản; các thành viên dự họp thống nhất nội dung.",
            "Cuộc họp kết thúc ",
            either(
                "sau khi thông qua biên bản",
                seq("vào", a_time("end of the meeting"), ",", a_date("day of the meeting's end")),
            ),
            "./.",
        ),
        tables=tuple((COLUMNS, _table_rows(each)) for each in (*first, *second)),
        left=seq("THƯ KÝ", either(minute_taker.name, Free(OTHER_MINUTE_TAKER, 300))),
        right=seq("CHỦ TỌA", either(f"{presiding.name}{details}", Free(OTHER_PRESIDING, 900))),
        recipients=seq("Nơi nhận:", maybe("- ", Free("recipients")), "- Lưu: VT, Hồ sơ."),
    )


def _officers(election: Counted) -> tuple[RosterMember, RosterMember]:
    meeting, roster = election.terms.meeting, election.roster
    return roster[meeting.presiding], roster[meeting.minute_taker]


def _point(lead: str) -> Piece:
    # Points are numbered anew where one is left out: that they count up is compared at the end.
    return seq(Slot(r"[1-9][0-9]?\.", POINT), lead)


def _heading_lines(election: Counted) -> list[Piece | str]:
    meeting = election.terms.meeting
    presiding, minute_taker = _officers(election)
    is_online = any(election.state_of(each.no) == "online" for each in election.members)
    return [
        TITLE,
        meeting.title,
        f"Thời gian bắt đầu: {moment_text(meeting.starts_at)}.",
        f"Địa điểm: {meeting.venue}{', kết hợp trực tuyến' if is_online else ''}.",
        "Thành phần tham dự:",
        _attendance(election),
        "Chủ trì (chủ tọa): Đồng chí ",
        either(person(presiding), Free(OTHER_PRESIDING, 900)),
        maybe(" (được ", Free("who authorised the presiding officer", 300), " ủy quyền)"),
        ".",
        maybe("Trước đó ", Free("presiding officers before", 2000), " chủ trì."),
        "Thư ký (người ghi biên bản): Đồng chí ",
        either(person(minute_taker), Free(OTHER_MINUTE_TAKER, 900)),
        ".",
        maybe("Trước đó ", Free("minute takers before", 2000), " ghi biên bản."),
    ]


def _attendance(election: Counted) -> Piece:
    members = _members(election)
    substitutes = seq("Người đi họp thay: ", Free("substitutes"), ".")
    guests = seq("Đại biểu mời, không bỏ phiếu: ", Free("guests"), ".")
    several = either(
        seq("2. ", substitutes, maybe("3. ", guests)),
        seq("2. ", guests),
    )
    return either(members, seq("1. ", members, several))


def _members(election: Counted) -> str:
    here = [each for each in election.members if election.state_of(each.no) in _HERE]
    away = [each for each in election.members if election.state_of(each.no) not in _HERE]
    online = sum(election.state_of(each.no) == "online" for each in here)
    text = f"Thành viên Hội đồng: tổng số {election.closed.members}"
    if (decision := election.terms.council.decision) is not None:
        text += f" theo Quyết định số {decision.number} {iso_day_text(decision.date)}"
    text += f"; dự họp {len(here)}"
    if online:
        text += f" (trực tiếp {len(here) - online}, trực tuyến {online})"
    text += f"; vắng mặt {len(away)}." if away else "."
    text += f"{'a) ' if away else ''}Dự họp: "
    text += list_lines([_present(election, each) for each in here])
    if len(away) == 1:
        text += f"b) Vắng mặt: {_absent(election, away[0])}."
    elif away:
        text += f"b) Vắng mặt: {list_lines([_absent(election, each) for each in away])}"
    return text


def _present(election: Counted, member: RosterMember) -> str:
    found = election.attendance[member.no]
    text = person(member)
    if found.state == "online":
        text += " (trực tuyến)"
    if found.arrived_at is not None and _is_late(election, found):
        text += f" (đến lúc {time_text(found.arrived_at)})"
    if found.left_at is not None:
        text += f" (về lúc {time_text(found.left_at)})"
    return text


def _is_late(election: Counted, found: MemberAttendance) -> bool:
    start = in_vietnam(election.terms.meeting.starts_at)
    arrived = in_vietnam(found.arrived_at or election.terms.meeting.starts_at)
    return arrived.date() == start.date() and arrived > start


def _absent(election: Counted, member: RosterMember) -> str:
    found = election.attendance.get(member.no)
    reason = f", lý do: {found.reason}" if found is not None and found.reason else ""
    ballot = (
        "đã được lấy ý kiến bằng văn bản dưới hình thức phiếu kín điện tử"
        if member.no in election.took_ballot
        else "không tham gia ý kiến"
    )
    return f"đồng chí {person(member)}{reason}; {ballot}"


def _opening(election: Counted) -> Piece:
    opened = election.opened
    there = opened.present + opened.online
    return seq(
        _point("Khai mạc."),
        "Chủ tọa nêu mục đích, yêu cầu của phiên họp. Thư ký báo cáo: có mặt"
        f" {there}/{opened.members} thành viên ({share_percent(there, opened.members)}%),"
        " đủ điều kiện họp",
        maybe(" theo ", Free("citation of the quorum", 300)),
        ".",
    )


def _list(first: Sequence[Counted]) -> list[Piece]:
    number = f"{sum(len(each.cases) for each in first):02d}"
    sentence = f"Danh sách bỏ phiếu gồm {number} trường hợp."
    spoken = seq(_point("Thảo luận."), Free("discussion"), sentence)
    return [either(_point(sentence), spoken)] if first else [maybe(spoken)]


def _first_ballots(first: Sequence[Counted]) -> list[Piece]:
    points: list[Piece] = []
    for number, each in enumerate(first, 1):
        which = f" (danh sách thứ {number})" if len(first) > 1 else ""
        points += [
            seq(_point(f"Cử Ban kiểm phiếu{which}."), *_team_text(each)),
            seq(
                _point(f"Bỏ phiếu kín{which}."),
                "Trưởng Ban kiểm phiếu hướng dẫn cách bỏ phiếu. Hội đồng bỏ phiếu kín trên"
                " phần mềm ",
                Free("software", 100),
                f" từ {time_text(each.opened.at)} đến {time_text(each.closed.at)};"
                f" không thực hiện biểu quyết. {_ballots(each)}",
            ),
            seq(_point(f"Kết quả{which}"), "(có Biên bản kiểm phiếu kèm theo).", *_result(each)),
        ]
    return points


def _result(election: Counted) -> list[Piece | str]:
    """What the awards need, those under one rule together, and the table."""
    awards: dict[str, list[str]] = {}
    for nomination, outcome in election.cases:
        mark = mark_text(nomination.rule, f"{outcome.votes_needed}/{outcome.base}")
        named = awards.setdefault(mark, [])
        if nomination.award not in named:
            named.append(nomination.award)
    lines = list_lines([f"{', '.join(named)}: {mark}" for mark, named in awards.items()])
    return [f"Mức cần đạt của từng danh hiệu, hình thức khen thưởng: {lines}", Table()]


def _team_text(election: Counted) -> list[Piece | str]:
    team = election.terms.counting_team
    tellers = {each.member for each in team.trustees}
    nobody = "; không đồng chí nào có tên trong danh sách xét"
    choices: list[Piece | str] = [nobody]
    if on_list := [member for member, _ in election.on_list() if member.no in tellers]:
        people = either(*(f"đồng chí {member.name}" for member in on_list))
        reason = team.conflict_reason
        choices += (
            [""]
            if reason is None
            else [
                seq(
                    "; ",
                    Repeated(seq(people, maybe(", "))),
                    f" có tên trong danh sách xét, Hội đồng vẫn cử vì: {reason}",
                )
            ]
        )
    return [
        f"Theo đề nghị của chủ tọa, Hội đồng thống nhất cử Ban kiểm phiếu gồm {_team(election)}",
        either(*choices),
        ".",
    ]


def _team(election: Counted) -> str:
    trustees = election.terms.counting_team.trustees
    people = "; ".join(
        f"{each.name}, {'Ủy viên' if position else 'Trưởng ban'}"
        for position, each in enumerate(trustees)
    )
    return f"{len(trustees):02d} đồng chí: {people}"


def _ballots(election: Counted) -> str:
    closed = election.closed
    return (
        f"Số phiếu phát ra: {closed.issued}; thu về: {closed.returned};"
        f" hợp lệ: {closed.returned}; không hợp lệ: 0."
    )


def _second_ballot(election: Counted) -> Piece:
    names = ", ".join(nomination.name for nomination, _ in election.cases)
    return seq(
        _point("Bỏ phiếu lần 2."),
        maybe("Theo ", Free("citation of the second ballot", 300), ", "),
        f"Hội đồng bỏ phiếu lần 2 đối với {names}, từ {time_text(election.opened.at)}"
        f" đến {time_text(election.closed.at)}; Ban kiểm phiếu gồm {_team(election)}."
        f" {_ballots(election)} Kết quả (có Biên bản kiểm phiếu lần 2 kèm theo):",
        *_result(election),
    )


def _cancelled() -> Piece:
    return seq(
        _point("Bỏ phiếu không có kết quả."),
        "Cuộc bỏ phiếu kín đối với",
        Slot("[0-9]{2,3}", "cases of a ballot without a result"),
        "trường hợp bị hủy lúc",
        a_time("end of a ballot without a result"),
        ",",
        a_date("day of a ballot without a result"),
        "; lý do:",
        Free("reason of a ballot without a result", 2000),
        ".",
    )


def _table_rows(election: Counted) -> tuple[tuple[str, ...], ...]:
    return tuple(table_row(nomination, outcome) for nomination, outcome in election.cases)


def table_row(nomination: Nomination, outcome: Outcome) -> tuple[str, ...]:
    """A case's row under `COLUMNS`, in minutes and their extracts."""
    return outcome_cells(
        nomination, outcome, nomination.award, f"ít nhất {outcome.votes_needed}/{outcome.base}"
    )


def _conclusion(elections: Sequence[Counted]) -> Piece:
    file = seq(
        "giao",
        Free("standing agency", 300),
        "hoàn thiện hồ sơ",
        maybe(", trình trước", a_date("deadline of submission")),
        ";",
    )
    return seq(
        _point("Kết luận."),
        "Căn cứ kết quả bỏ phiếu kín, chủ tọa kết luận:",
        either(_lettered(_outcome_lines(elections)), _lettered([*_outcome_lines(elections), file])),
        maybe(Free("conclusion")),
    )


def _outcome_lines(elections: Sequence[Counted]) -> list[Piece]:
    cases = final_cases(elections)
    nominations = [nomination for nomination, _ in cases]
    passed = [nomination for nomination, outcome in cases if outcome.passed]
    lines: list[Piece] = []
    if passed:
        lists = list_lines(award_lists(passed, nominations), ";")
        lines.append(
            seq(
                "Hội đồng đề nghị ",
                Free("receiving authority", 300),
                f" xét tặng danh hiệu thi đua, khen thưởng {len(passed):02d} trường hợp đạt:"
                f" {lists}",
            )
        )
    if others := len(cases) - len(passed):
        lines.append(seq(f"{others:02d} trường hợp không đạt không đề nghị trong đợt này;"))
    return lines


def _lettered(lines: Sequence[Piece]) -> Piece:
    secret = seq("các thành viên giữ bí mật kết quả đến khi có quyết định khen thưởng.")
    parts: list[Piece | str] = []
    for letter, line in zip("abcd", [*lines, secret], strict=False):
        parts += [f"{letter}) ", line]
    return Sequenced(seq(*parts).parts)
