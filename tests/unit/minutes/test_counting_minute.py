"""What the counting minute says (words.md §5)."""

import msgspec
import pytest

from schemas.papers import PaperTexts, Replacement
from schemas.scenario import MeetingResult, Scenario, expected_result
from services.minutes.counting_minute import counting_minute
from services.minutes.model import CountingTable, PaperContent, RecordContradictsError
from tests.unit.minutes.paper_samples import (
    SAMPLES,
    SOFTWARE,
    attached,
    counted,
    lines_of,
    read_scenario,
    text_of,
    texts_of,
)


def minute_of(scenario: Scenario, texts: PaperTexts | None = None) -> PaperContent:
    election = counted(scenario)
    return counting_minute(election, texts or texts_of(scenario), attached(election), SOFTWARE)


@pytest.fixture
def department() -> Scenario:
    return read_scenario("lam-giang-construction-department")


@pytest.mark.parametrize("name", SAMPLES)
def test_figures_of_the_samples(name: str) -> None:
    """Every row of the table is the scenario's own expectation, in the order of the list."""
    scenario = read_scenario(name)
    expected = expected_result(scenario)
    assert isinstance(expected, MeetingResult)
    (table,) = (b for b in minute_of(scenario).blocks if isinstance(b, CountingTable))
    rows = [row for group in table.groups for row in group.rows]
    assert [(int(row[0]), *row[3:]) for row in rows] == [
        (
            outcome.no,
            str(outcome.agree),
            str(outcome.disagree),
            str(outcome.blank),
            outcome.share_percent,
            "Đạt" if outcome.passed else "Không đạt",
        )
        for outcome in expected.outcomes
    ]


def test_province_word_for_word() -> None:
    """The whole text of the province's minute but the table."""
    assert lines_of(minute_of(read_scenario("lam-giang-province"))) == [
        "Căn cứ Quyết định số 1042/QĐ-UBND ngày 20 tháng 3 năm 2026 của Chủ tịch UBND tỉnh Lam"
        " Giang về việc kiện toàn Hội đồng Thi đua - Khen thưởng tỉnh;",
        "Căn cứ Quy chế tổ chức và hoạt động của Hội đồng, ban hành kèm theo Quyết định số"
        " 1043/QĐ-UBND ngày 20 tháng 3 năm 2026;",
        "Hồi 08 giờ 55, ngày 15 tháng 12 năm 2026, tại Phòng họp số 2, trụ sở Ủy ban nhân dân tỉnh"
        " Lam Giang, Ban kiểm phiếu do Hội đồng cử đã kiểm phiếu như sau:",
        "I. BAN KIỂM PHIẾU",
        "1. Đồng chí Trịnh Thu Quế, Giám đốc Sở Tài chính, Ủy viên: Trưởng ban.",
        "2. Đồng chí Đoàn Thị Lệ Thủy, Giám đốc Sở Y tế, Ủy viên: Ủy viên.",
        "3. Đồng chí La Thị Kim Oanh, Chủ tịch Hội LHPN tỉnh, Ủy viên: Ủy viên.",
        "II. THÀNH VIÊN VÀ SỐ PHIẾU",
        "1. Tổng số thành viên Hội đồng theo Quyết định: 15.",
        "2. Số thành viên nhận phiếu: 15, trong đó dự họp trực tiếp 14; vắng mặt, được lấy ý kiến"
        " bằng văn bản dưới hình thức phiếu kín điện tử 1.",
        "3. Số thành viên không nhận phiếu: 0.",
        "4. Số phiếu phát ra: 15. Số phiếu thu về: 15. Số phiếu hợp lệ: 15. Số phiếu không hợp lệ:"
        " 0 (phần mềm không nhận phiếu sai quy cách).",
        "5. Hình thức: bỏ phiếu kín trên phần mềm Phiếu Kín; mỗi thành viên một phiếu; phiếu không"
        " ghi tên. Ban kiểm phiếu chỉ mở tổng số phiếu, không mở từng phiếu.",
        "6. Cách tính: tỷ lệ bằng số phiếu đồng ý chia cho tổng số thành viên Hội đồng. Trường hợp"
        " bỏ trống không được tính là đồng ý. Việc xác định đạt hay không đạt căn cứ số phiếu"
        " nguyên; tỷ lệ làm tròn hai chữ số thập phân chỉ để ghi.",
        "III. KẾT QUẢ",
        "1. Chiến sĩ thi đua toàn quốc. Mức cần đạt: từ 90% trở lên trên tổng số thành viên Hội"
        " đồng, tức ít nhất 14/15 phiếu đồng ý (khoản 2 Điều 9 Quy chế tổ chức và hoạt động của"
        " Hội đồng).",
        *_marks(2, "Chiến sĩ thi đua tỉnh", "90%", 14, 2),
        *_marks(3, "Cờ thi đua của Chính phủ", "80%", 12, 2),
        *_marks(4, "Cờ thi đua của tỉnh", "80%", 12, 2),
        *_marks(5, "Huân chương Lao động hạng Ba", "80%", 12, 3),
        *_marks(6, "Bằng khen của Thủ tướng Chính phủ", "80%", 12, 3),
        "IV. CÁC TRƯỜNG HỢP ĐẠT",
        "Có 05/07 trường hợp đạt:",
        "- Chiến sĩ thi đua toàn quốc: Hà Thị Minh Tuyết;",
        "- Chiến sĩ thi đua tỉnh: Lò Văn Quyết;",
        "- Cờ thi đua của Chính phủ: Sở Khoa học và Công nghệ tỉnh Lam Giang;",
        "- Huân chương Lao động hạng Ba: Nghiêm Hữu Thắng;",
        "- Bằng khen của Thủ tướng Chính phủ: Trường THPT Suối Ngọc.",
        "Có 02 trường hợp không đạt.",
        "Ban kiểm phiếu đã báo cáo kết quả trước Hội đồng. Biên bản lập xong hồi 10 giờ 45 cùng"
        " ngày, các thành viên Ban kiểm phiếu đã đọc và thống nhất ký tên./.",
    ]


def _marks(number: int, award: str, share: str, votes: int, clause: int) -> list[str]:
    return [
        f"{number}. {award}. Mức cần đạt: từ {share} trở lên trên tổng số thành viên Hội đồng, tức"
        f" ít nhất {votes}/15 phiếu đồng ý (khoản {clause} Điều 9 Quy chế tổ chức và hoạt động của"
        " Hội đồng)."
    ]


def test_ballot_taken_and_not_cast(department: Scenario) -> None:
    """The number of ballots not returned is printed; nobody is named for it."""
    uncast = next(int(no) for no, marks in department.votes.items() if marks is None)
    name = next(member.name for member in department.members if member.no == uncast)
    text = text_of(minute_of(department))
    assert "Số phiếu phát ra: 11. Số phiếu thu về: 10. Số phiếu không thu về: 1." in text
    assert name not in text


def test_member_who_took_no_ballot(department: Scenario) -> None:
    """Who took none is named with the reason, where there is one."""
    votes = {no: marks for no, marks in department.votes.items() if no not in ("5", "10")}
    text = text_of(minute_of(msgspec.structs.replace(department, votes=votes)))
    assert (
        "3. Số thành viên không nhận phiếu: 2, gồm: đồng chí Quản Thị Thoa; đồng chí Ứng Hoàng"
        in text
    )
    assert "Ứng Hoàng Sơn, lý do: Nghỉ ốm." in text


def test_more_than_a_share(department: Scenario) -> None:
    """A mark that must be exceeded reads so."""
    text = text_of(minute_of(department))
    assert "Mức cần đạt: trên 50% tổng số thành viên Hội đồng, tức ít nhất 6/11 phiếu" in text


def test_several_bases(department: Scenario) -> None:
    """The base of each share is named, with the reason why it is not all members."""
    first, *rest = department.nominations
    rule = msgspec.structs.replace(
        first.rule, base="present_members", base_reason="Quy chế của Hội đồng quy định"
    )
    nominations = (msgspec.structs.replace(first, rule=rule), *rest)
    text = text_of(minute_of(msgspec.structs.replace(department, nominations=nominations)))
    assert "tính trên số thành viên dự họp vì: Quy chế của Hội đồng quy định" in text
    assert "chia cho tổng số ghi ở mức cần đạt của từng danh hiệu" in text
    assert "tức ít nhất 8/9 phiếu đồng ý" in text


def test_member_on_the_list(department: Scenario) -> None:
    """A member whose own case is voted on is named, a namesake is not."""
    sentence = (
        "Thành viên Hội đồng có tên trong danh sách xét: đồng chí Phùng Gia Bảo (trường hợp số 2)."
    )
    assert sentence in text_of(minute_of(department))
    assert "V. NỘI DUNG KHÁC" in text_of(minute_of(department))
    other = minute_of(department, PaperTexts(namesakes=(2,)))
    assert "NỘI DUNG KHÁC" not in text_of(other)


def test_absent_texts_are_left_out() -> None:
    """Without decision, rules and times nothing is printed in their place, and never dots."""
    school = read_scenario("doi-thong-school")
    text = text_of(minute_of(school, PaperTexts()))
    assert "Căn cứ" not in text
    assert "1. Tổng số thành viên Hội đồng: 9." in text
    assert "Biên bản lập xong, các thành viên" in text
    assert "…" not in text
    assert ".." not in text


def test_year_of_the_round() -> None:
    """The year is the secretary's, else the title's, else that of the date."""
    school = read_scenario("doi-thong-school")
    subject = "Xét danh hiệu thi đua, khen thưởng năm học 2026 - 2027"
    assert minute_of(school, PaperTexts()).subject == subject
    assert minute_of(school, PaperTexts(year="2027")).subject.endswith("khen thưởng năm 2027")


def test_second_ballot() -> None:
    """Its number stands in the subject."""
    election = counted(read_scenario("doi-thong-school"), ballot_number=2, kept=[2])
    minute = counting_minute(election, PaperTexts(), attached(election), SOFTWARE)
    assert minute.subject.endswith("(lần 2)")


def test_finished_on_another_day() -> None:
    """A count past midnight is not of the same day."""
    school = read_scenario("doi-thong-school")
    texts = PaperTexts(counting_finished_at="2027-05-29T00:10:00+07:00")
    assert "hồi 00 giờ 10, ngày 29 tháng 5 năm 2027," in minute_of(school, texts).closing


def test_replacement_of_this_paper_only() -> None:
    """A minute says which one it replaces; the reason for the other paper is not printed here."""
    school = read_scenario("doi-thong-school")
    for kind, is_printed in (("counting", True), ("meeting", False)):
        replaced = Replacement(paper=kind, date="2027-05-28", reason="ghi sai chức vụ")  # type: ignore[arg-type]
        text = text_of(minute_of(school, PaperTexts(replacement=replaced)))
        sentence = "Biên bản này thay thế Biên bản kiểm phiếu ngày 28 tháng 5 năm 2027 do ghi sai"
        assert (sentence in text) == is_printed


def test_people_who_sign() -> None:
    """The head teller on the right, the others on the left, each with a field of their own."""
    minute = minute_of(read_scenario("lam-giang-province"))
    assert [(p.field, p.member, p.name) for p in minute.right.places] == [
        ("teller-1", 7, "Trịnh Thu Quế")
    ]
    assert [(p.field, p.member) for p in minute.left.places] == [("teller-2", 9), ("teller-3", 14)]
    assert not any(place.after for place in minute.places)


def test_cross_check() -> None:
    """Seal code and hash of the attached record, at the end."""
    election = counted(read_scenario("doi-thong-school"))
    record = attached(election)
    (check,) = counting_minute(election, PaperTexts(), record, SOFTWARE).cross_checks
    assert check.text == (
        f"Đối chiếu: mã niêm phong {record.seal_code}; SHA-256 của hồ sơ kiểm phiếu {record.sha256}"
    )
    assert check.value == record.seal_value.hex()


def test_record_that_contradicts_itself() -> None:
    """No paper is made of a record whose counts disagree."""
    scenario = read_scenario("doi-thong-school")
    away = tuple(
        msgspec.structs.replace(member, attendance="absent") if member.no == 1 else member
        for member in scenario.members
    )
    with pytest.raises(RecordContradictsError):
        counted(msgspec.structs.replace(scenario, members=away))
