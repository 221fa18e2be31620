"""What the meeting minute says (words.md §6, Decree 30/2020/NĐ-CP form 1.9)."""

import msgspec
import pytest

from schemas.papers import Guest, PaperTexts, Substitute, WithdrawnCase
from schemas.scenario import MeetingResult, Scenario, expected_result
from services.minutes.meeting_minute import meeting_minute
from services.minutes.model import (
    CancelledBallot,
    MeetingTable,
    Officers,
    PaperContent,
    RecordContradictsError,
)
from tests.unit.minutes.paper_samples import (
    SAMPLES,
    SECOND_UUID,
    SOFTWARE,
    UUID,
    attached,
    counted,
    lines_of,
    read_scenario,
    text_of,
    texts_of,
)


def minute_of(scenario: Scenario, texts: PaperTexts | None = None) -> PaperContent:
    election = counted(scenario)
    return meeting_minute([election], texts or texts_of(scenario), [attached(election)], SOFTWARE)


def points_of(minute: PaperContent) -> list[str]:
    """The numbered points' first words, from "Nội dung" on."""
    lines = lines_of(minute)
    return [
        line for line in lines[lines.index("Nội dung:") :] if line[:1].isdigit() and ". " in line
    ]


@pytest.fixture
def department() -> Scenario:
    return read_scenario("lam-giang-construction-department")


@pytest.mark.parametrize("name", SAMPLES)
def test_figures_of_the_samples(name: str) -> None:
    """The table shows each case with its award, its mark in votes and the expected figures."""
    scenario = read_scenario(name)
    expected = expected_result(scenario)
    assert isinstance(expected, MeetingResult)
    (table,) = (b for b in minute_of(scenario).blocks if isinstance(b, MeetingTable))
    for row, nomination, outcome in zip(
        table.rows, scenario.nominations, expected.outcomes, strict=True
    ):
        needed = nomination.rule.votes_needed(outcome.base)
        assert row[:4] == (
            str(outcome.no),
            nomination.name,
            nomination.award,
            f"ít nhất {needed}/{outcome.base}",
        )
        assert row[4:] == (
            str(outcome.agree),
            str(outcome.disagree),
            str(outcome.blank),
            outcome.share_percent,
            "Đạt" if outcome.passed else "Không đạt",
        )


def test_province_word_for_word() -> None:
    """Form 1.9 in its order; points are numbered through."""
    minute = minute_of(read_scenario("lam-giang-province"))
    lines = lines_of(minute)
    assert (minute.number_label, minute.number_symbol) == ("Số:", "/BB-HĐTĐKT")
    assert (minute.title, minute.subject) == (
        "Biên bản",
        "Họp Hội đồng xét danh hiệu thi đua, khen thưởng năm 2026",
    )
    assert lines[:5] == [
        "Thời gian bắt đầu: 08 giờ 00, ngày 15 tháng 12 năm 2026.",
        "Địa điểm: Phòng họp số 2, trụ sở Ủy ban nhân dân tỉnh Lam Giang.",
        "Thành phần tham dự:",
        "Thành viên Hội đồng: tổng số 15 theo Quyết định số 1042/QĐ-UBND ngày 20 tháng 3 năm 2026;"
        " dự họp 14; vắng mặt 1.",
        "a) Dự họp:",
    ]
    assert lines[5] == "- Đinh Quang Lộc, Chủ tịch UBND tỉnh, Chủ tịch Hội đồng;"
    assert lines[19:23] == [
        "b) Vắng mặt: đồng chí Sầm Thị Ngọc Yến, Giám đốc Sở Văn hóa, Thể thao và Du lịch, Ủy viên,"
        " lý do: Đi công tác, lấy ý kiến bằng văn bản; đã được lấy ý kiến bằng văn bản dưới hình"
        " thức phiếu kín điện tử.",
        "Chủ trì (chủ tọa): Đồng chí Đinh Quang Lộc, Chủ tịch UBND tỉnh, Chủ tịch Hội đồng.",
        "Thư ký (người ghi biên bản): Đồng chí Dương Hữu Phát, Trưởng phòng Thi đua - Khen thưởng,"
        " Sở Nội vụ, Ủy viên kiêm thư ký.",
        "Nội dung:",
    ]
    assert points_of(minute) == [
        "1. Khai mạc. Chủ tọa nêu mục đích, yêu cầu của phiên họp. Thư ký báo cáo: có mặt 14/15"
        " thành viên (93,33%), đủ điều kiện họp theo Quy chế tổ chức và hoạt động của Hội đồng,"
        " ban hành kèm theo Quyết định số 1043/QĐ-UBND ngày 20 tháng 3 năm 2026.",
        "2. Báo cáo của cơ quan thường trực. Đồng chí Dương Hữu Phát trình bày Tờ trình số"
        " 12/TTr-HĐTĐKT ngày 10 tháng 12 năm 2026, kết quả thẩm định và tóm tắt thành tích của 07"
        " trường hợp đề nghị.",
        "3. Thảo luận. Các thành viên trao đổi, không đề nghị bổ sung hoặc rút trường hợp nào. Danh"
        " sách bỏ phiếu gồm 07 trường hợp.",
        "4. Cử Ban kiểm phiếu. Theo đề nghị của chủ tọa, Hội đồng thống nhất cử Ban kiểm phiếu gồm"
        " 03 đồng chí: Trịnh Thu Quế, Trưởng ban; Đoàn Thị Lệ Thủy, Ủy viên; La Thị Kim Oanh, Ủy"
        " viên; không đồng chí nào có tên trong danh sách xét.",
        "5. Bỏ phiếu kín. Trưởng Ban kiểm phiếu hướng dẫn cách bỏ phiếu. Hội đồng bỏ phiếu kín trên"
        " phần mềm Phiếu Kín từ 08 giờ 42 đến 08 giờ 55; không thực hiện biểu quyết. Số phiếu phát"
        " ra: 15; thu về: 15; hợp lệ: 15; không hợp lệ: 0.",
        "6. Kết quả (có Biên bản kiểm phiếu kèm theo).",
        "7. Kết luận. Căn cứ kết quả bỏ phiếu kín, chủ tọa kết luận:",
        "8. Thông qua biên bản. Thư ký đọc biên bản; các thành viên dự họp thống nhất nội dung.",
    ]
    assert minute.closing == "Cuộc họp kết thúc vào 10 giờ 45, ngày 15 tháng 12 năm 2026./."
    assert minute.recipients == ("Thành viên Hội đồng;", "Sở Nội vụ;", "Lưu: VT, Hồ sơ.")


def test_conclusion() -> None:
    """What passed is proposed by award; lines are lettered anew when one is left out."""
    lines = lines_of(minute_of(read_scenario("lam-giang-province")))
    start = lines.index("7. Kết luận. Căn cứ kết quả bỏ phiếu kín, chủ tọa kết luận:")
    assert lines[start + 1] == (
        "a) Hội đồng đề nghị cấp có thẩm quyền xét tặng danh hiệu thi đua, khen thưởng 05 trường"
        " hợp đạt:"
    )
    assert lines[start + 7 : start + 10] == [
        "b) 02 trường hợp không đạt không đề nghị trong đợt này;",
        "c) các thành viên giữ bí mật kết quả đến khi có quyết định khen thưởng.",
        "Giao Sở Nội vụ hoàn thiện hồ sơ, trình trước ngày 20 tháng 12 năm 2026.",
    ]


def test_everything_that_a_secretary_may_add() -> None:
    """Each optional part stands where the form has it."""
    texts = PaperTexts(
        presiding_authorised_by="Chủ tịch Hội đồng",
        quorum_citation="khoản 1 Điều 7 Quy chế",
        withdrawn=(WithdrawnCase(name="Lý Văn A", reason="rút đơn"),),
        added=("Tổ Văn phòng",),
        standing_agency="Văn phòng Sở",
        submission_deadline="2026-12-20",
        receiving_authority="Chủ tịch UBND tỉnh",
        guests=(Guest(name="Cao B", position="chuyên viên"),),
        substitutes=(Substitute(name="Tạ C", instead_of="Tô D", appointment="Giấy cử số 3"),),
    )
    minute = minute_of(read_scenario("lam-giang-construction-department"), texts)
    text = text_of(minute)
    for part in (
        "1. Thành viên Hội đồng: tổng số 11",
        "2. Người đi họp thay: đồng chí Tạ C, thay đồng chí Tô D theo Giấy cử số 3; không bỏ"
        " phiếu.",
        "3. Đại biểu mời, không bỏ phiếu: Cao B, chuyên viên.",
        "(được Chủ tịch Hội đồng ủy quyền).",
        "đủ điều kiện họp theo khoản 1 Điều 7 Quy chế.",
        "2. Thảo luận. Hội đồng thống nhất đưa ra khỏi danh sách 01 trường hợp: Lý Văn A (lý do:"
        " rút đơn); bổ sung 01 trường hợp: Tổ Văn phòng. Danh sách bỏ phiếu gồm 05 trường hợp.",
        "a) Hội đồng đề nghị Chủ tịch UBND tỉnh xét tặng",
        "c) giao Văn phòng Sở hoàn thiện hồ sơ, trình trước ngày 20 tháng 12 năm 2026;",
        "d) các thành viên giữ bí mật",
    ):
        assert part in text
    assert minute.recipients[1] == "Chủ tịch UBND tỉnh;"


def test_nothing_that_the_secretary_has_not_said(department: Scenario) -> None:
    """Points without a text are left out and the rest numbered anew."""
    minute = minute_of(department, PaperTexts())
    assert [point[:26] for point in points_of(minute)] == [
        "1. Khai mạc. Chủ tọa nêu m",
        "2. Danh sách bỏ phiếu gồm ",
        "3. Cử Ban kiểm phiếu. Theo",
        "4. Bỏ phiếu kín. Trưởng Ba",
        "5. Kết quả (có Biên bản ki",
        "6. Kết luận. Căn cứ kết qu",
        "7. Thông qua biên bản. Thư",
    ]
    assert "đủ điều kiện họp." in text_of(minute)
    assert "…" not in text_of(minute)


def test_words_that_never_stand_in_a_result(department: Scenario) -> None:
    """A result is not called unanimous, whatever it is."""
    for scenario in (department, read_scenario("doi-thong-school")):
        assert "nhất trí" not in text_of(minute_of(scenario)).lower()


def test_absent_members(department: Scenario) -> None:
    """Who took a ballot was consulted, who took none did not take part; casting is nobody's."""
    votes = {no: marks for no, marks in department.votes.items() if no != "10"}
    text = text_of(minute_of(msgspec.structs.replace(department, votes=votes)))
    consulted = "; đã được lấy ý kiến bằng văn bản dưới hình thức phiếu kín điện tử"
    assert f"lý do: Đi công tác, lấy ý kiến bằng văn bản{consulted};" in text
    assert (
        "Ứng Hoàng Sơn, Giám đốc Trung tâm Kiểm định, Ủy viên, lý do: Nghỉ ốm; không tham gia ý"
        " kiến." in text
    )
    # The sample's member 10 took a ballot and did not cast it: not to be told from the other one.
    assert "không tham gia ý kiến" not in text_of(minute_of(department))


def test_online_members(department: Scenario) -> None:
    """A meeting with members elsewhere says so in place, count and list."""
    members = tuple(
        msgspec.structs.replace(member, attendance="online") if member.no == 5 else member
        for member in department.members
    )
    text = text_of(minute_of(msgspec.structs.replace(department, members=members)))
    assert "Phòng họp tầng 3, trụ sở Sở Xây dựng, kết hợp trực tuyến." in text
    assert "dự họp 9 (trực tiếp 8, trực tuyến 1); vắng mặt 2." in text
    assert "- Quản Thị Thoa, Chủ tịch Công đoàn cơ sở, Ủy viên (trực tuyến);" in text


def test_teller_on_the_list(department: Scenario) -> None:
    """Then the minute does not say that none is, and gives the council's reason."""
    election = counted(msgspec.structs.replace(department, tellers=(7, 8, 9)))
    team = msgspec.structs.replace(
        election.terms.counting_team, conflict_reason="không còn ai khác có mặt"
    )
    terms = msgspec.structs.replace(election.terms, counting_team=team)
    election = type(election)(**{**vars(election), "terms": terms})
    minute = meeting_minute([election], PaperTexts(), [attached(election)], SOFTWARE)
    assert (
        "; đồng chí Phùng Gia Bảo có tên trong danh sách xét, Hội đồng vẫn cử vì: không còn ai khác"
        " có mặt." in text_of(minute)
    )


def test_second_ballot() -> None:
    """It is a point of its own after the result; what it decides stands in the conclusion once."""
    scenario = read_scenario("doi-thong-school")
    first = counted(scenario)
    agreeing = dict.fromkeys(scenario.votes, ("agree",) * 4)
    second = counted(
        msgspec.structs.replace(scenario, votes=agreeing), SECOND_UUID, ballot_number=2, kept=[2]
    )
    records = [attached(first, f"record-{UUID}.zip"), attached(second, f"record-{SECOND_UUID}.zip")]
    texts = PaperTexts(second_ballot_citation="khoản 4 Điều 9 Quy chế")
    minute = meeting_minute([first, second], texts, records, SOFTWARE)
    text = text_of(minute)
    assert (
        "6. Bỏ phiếu lần 2. Theo khoản 4 Điều 9 Quy chế, Hội đồng bỏ phiếu lần 2 đối với Mông Thị"
        " Sen, từ" in text
    )
    assert "khen thưởng 04 trường hợp đạt:" in text
    assert "không đạt không đề nghị" not in text
    assert [check.text.partition("kiểm phiếu")[2] for check in minute.cross_checks] == [
        f" lần {number} {record.sha256}" for number, record in enumerate(records, 1)
    ]
    assert [name for name, _ in minute.attachments] == [record.name for record in records]


def test_cancelled_ballot(department: Scenario) -> None:
    """A cancellation stays in the minute (protocol.md §1)."""
    election = counted(department)
    cancelled = CancelledBallot("2026-12-04T14:20:00+07:00", "Mất điện toàn trụ sở.", 5)
    minute = meeting_minute([election], PaperTexts(), [attached(election)], SOFTWARE, [cancelled])
    assert (
        "6. Bỏ phiếu không có kết quả. Cuộc bỏ phiếu kín đối với 05 trường hợp bị hủy lúc 14 giờ"
        " 20, ngày 04 tháng 12 năm 2026; lý do: Mất điện toàn trụ sở." in text_of(minute)
    )


def test_people_who_sign(department: Scenario) -> None:
    """The secretary on the left and first, the presiding officer on the right and after."""
    minute = minute_of(department)
    (secretary,), (presiding,) = minute.left.places, minute.right.places
    assert (secretary.field, secretary.member, secretary.after) == ("secretary", 11, ())
    assert (presiding.field, presiding.member, presiding.after) == ("presiding", 1, ("secretary",))
    assert presiding.details == "Chủ tịch Hội đồng, Giám đốc Sở"


def test_officers_who_took_over(department: Scenario) -> None:
    """Whoever is in office when it is drawn up signs; it also says who was before."""
    election = counted(department)
    now = Officers(presiding=election.roster[2], minute_taker=election.roster[11])
    minute = meeting_minute([election], PaperTexts(), [attached(election)], SOFTWARE, (), now)
    (secretary,), (presiding,) = minute.left.places, minute.right.places
    assert (secretary.member, presiding.member) == (11, 2)
    first, second = election.roster[1], election.roster[2]
    lines = lines_of(minute)
    assert (
        f"Chủ trì (chủ tọa): Đồng chí {second.name}, {second.position}, {second.council_role}."
        f" Trước đó đồng chí {first.name}, {first.position}, {first.council_role} chủ trì." in lines
    )
    assert "ghi biên bản." not in "".join(lines)


def test_officers_of_each_ballot() -> None:
    """The terms of an earlier election name who presided then; the same person is named once."""
    scenario = read_scenario("doi-thong-school")
    first, second = counted(scenario), counted(scenario, SECOND_UUID, ballot_number=2, kept=[2])
    meeting = msgspec.structs.replace(first.terms.meeting, presiding=3, minute_taker=4)
    terms = msgspec.structs.replace(first.terms, meeting=meeting)
    first = type(first)(**{**vars(first), "terms": terms})
    records = [attached(first, f"record-{UUID}.zip"), attached(second, f"record-{SECOND_UUID}.zip")]
    minute = meeting_minute([first, second], PaperTexts(), records, SOFTWARE)
    named = second.terms.meeting
    (secretary,), (presiding,) = minute.left.places, minute.right.places
    assert (secretary.member, presiding.member) == (named.minute_taker, named.presiding)
    text = text_of(minute)
    assert f"Trước đó đồng chí {first.roster[3].name}" in text
    assert f"Trước đó đồng chí {first.roster[4].name}" in text
    assert text.count("Trước đó") == 2


@pytest.mark.parametrize(
    ("votes_under", "ballot"),
    [(None, "không bỏ phiếu"), ("Điều 6 Quy chế", "bỏ phiếu theo Điều 6 Quy chế")],
)
def test_substitute(department: Scenario, votes_under: str | None, ballot: str) -> None:
    """Attends and does not vote, unless the council's rules let a substitute vote."""
    substitute = Substitute(
        name="Lý Văn Sáu",
        instead_of="Hà Thị Bảy",
        appointment="Giấy cử số 5/GC",
        votes_under=votes_under,
    )
    minute = minute_of(department, PaperTexts(substitutes=(substitute,)))
    assert (
        "2. Người đi họp thay: đồng chí Lý Văn Sáu, thay đồng chí Hà Thị Bảy theo Giấy cử số 5/GC;"
        f" {ballot}." in lines_of(minute)
    )


def test_elections_of_two_meetings(department: Scenario) -> None:
    """One minute is of one meeting."""
    one = counted(department)
    meeting = msgspec.structs.replace(one.terms.meeting, id="1" * 32)
    terms = msgspec.structs.replace(one.terms, meeting=meeting)
    other = type(one)(**{**vars(one), "terms": terms})
    with pytest.raises(RecordContradictsError):
        meeting_minute([one, other], PaperTexts(), [attached(one), attached(other)], SOFTWARE)
