"""Every Vietnamese sentence of the two papers (words.md §5, §6). `{…}` is filled by the contents.

A result is never called "nhất trí", and nobody who took a ballot and did not cast it is named.
"""

from typing import Final

from schemas.rules import Base

COMRADE: Final = "đồng chí {person}"
COMRADE_AT_START: Final = "Đồng chí {person}"
YEAR: Final = "năm {year}"
SOFTWARE: Final = "phần mềm {software}"
LIST_SEPARATOR: Final = "; "

# Both papers
# Names in the heading are broken between these, never inside them.
KEPT_TOGETHER: Final = (
    "THI ĐUA - KHEN THƯỞNG",
    "THI ĐUA, KHEN THƯỞNG",
    "THI ĐUA KHEN THƯỞNG",
    "ỦY BAN NHÂN DÂN",
    "HỘI ĐỒNG",
)
NUMBER_LABEL: Final = "Số:"
NUMBER_SYMBOL: Final = "/BB-{symbol}"
DATE_LABEL: Final = "Ban hành"
DECISION: Final = "Quyết định số {number} {date}"
REPLACEMENT: Final = "Biên bản này thay thế Biên bản{number} {date} do {reason}."
REPLACED_NUMBER: Final = " số {number}"
REPLACED_COUNTING: Final = " kiểm phiếu"
CROSS_CHECK: Final = (
    "Đối chiếu: mã niêm phong {code}; SHA-256 của hồ sơ kiểm phiếu{ballot} {sha256}"
)
CROSS_CHECK_BALLOT: Final = " lần {number}"
QR_ALTERNATIVE: Final = "Mã QR của giá trị niêm phong {value}"
ATTACHMENT: Final = "Hồ sơ kiểm phiếu của cuộc bỏ phiếu {uuid}"
HEAD_TELLER: Final = "Trưởng ban"
TELLER: Final = "Ủy viên"
PASSED: Final = "Đạt"
NOT_PASSED: Final = "Không đạt"
DRAFT: Final = "DỰ THẢO, chưa ký"

BASES: Final[dict[Base, str]] = {
    "all_members": "tổng số thành viên Hội đồng",
    "present_members": "số thành viên dự họp",
    "ballots_returned": "số phiếu thu về",
}
SHARES: Final = {
    "at_least": "từ {share} trở lên trên {base}",
    "more_than": "trên {share} {base}",
}
VOTES_NEEDED: Final = "ít nhất {votes}/{base}"
MARK: Final = "{share}, tức ít nhất {votes}/{base} phiếu đồng ý ({citation}{base_reason})"
BASE_REASON: Final = "; tính trên {base} vì: {reason}"

# Counting minute (words.md §5)
COUNTING_TITLE: Final = "Biên bản kiểm phiếu"
COUNTING_SUBJECT: Final = "Xét danh hiệu thi đua, khen thưởng {year}{ballot}"
COUNTING_BALLOT: Final = " (lần {number})"
BASIS_DECISION: Final = "Căn cứ Quyết định số {number} {date} của {issued_by} về việc {about};"
BASIS_RULES: Final = "Căn cứ {rules};"
COUNTING_OPENING: Final = (
    "Hồi {time}, {date}, tại {venue}, Ban kiểm phiếu do Hội đồng cử đã kiểm phiếu như sau:"
)
SECTION_TEAM: Final = "Ban kiểm phiếu"
TEAM_MEMBER: Final = "Đồng chí {person}: {role}."
SECTION_MEMBERS: Final = "Thành viên và số phiếu"
MEMBERS_IN_ALL: Final = "Tổng số thành viên Hội đồng theo Quyết định: {members}."
MEMBERS_IN_ALL_UNDECIDED: Final = "Tổng số thành viên Hội đồng: {members}."
TOOK_BALLOT: Final = "Số thành viên nhận phiếu: {issued}, trong đó dự họp trực tiếp {present}"
TOOK_BALLOT_ONLINE: Final = "; dự họp trực tuyến {online}"
TOOK_BALLOT_CONSULTED: Final = (
    "; vắng mặt, được lấy ý kiến bằng văn bản dưới hình thức phiếu kín điện tử {consulted}"
)
TOOK_NONE: Final = "Số thành viên không nhận phiếu: {number}"
TOOK_NONE_NAMES: Final = ", gồm: {people}"
REASON: Final = ", lý do: {reason}"
BALLOTS: Final = "Số phiếu phát ra: {issued}. Số phiếu thu về: {returned}."
BALLOTS_MISSING: Final = " Số phiếu không thu về: {missing}."
BALLOTS_VALID: Final = (
    " Số phiếu hợp lệ: {returned}. Số phiếu không hợp lệ: 0"
    " (phần mềm không nhận phiếu sai quy cách)."
)
FORM_OF_BALLOT: Final = (
    "Hình thức: bỏ phiếu kín trên {software}; mỗi thành viên một phiếu; phiếu không ghi tên."
    " Ban kiểm phiếu chỉ mở tổng số phiếu, không mở từng phiếu."
)
RECKONING: Final = (
    "Cách tính: tỷ lệ bằng số phiếu đồng ý chia cho {base}. Trường hợp bỏ trống không được tính"
    " là đồng ý. Việc xác định đạt hay không đạt căn cứ số phiếu nguyên; tỷ lệ làm tròn hai chữ số"
    " thập phân chỉ để ghi."
)
SEVERAL_BASES: Final = (
    "tổng số ghi ở mức cần đạt của từng danh hiệu, hình thức khen thưởng tại Phần III"
)
SECTION_RESULT: Final = "Kết quả"
AWARD_HEADING: Final = "{number}. {award}."
AWARD_MARK: Final = "Mức cần đạt: {mark}."
COUNTING_COLUMNS: Final = (
    "TT",
    "Họ và tên (tên tập thể)",
    "Chức vụ, đơn vị",
    "Đồng ý",
    "Không đồng ý",
    "Để trống",
    "Tỷ lệ (%)",
    "Kết quả",
)
SECTION_PASSED: Final = "Các trường hợp đạt"
CASES_PASSED: Final = "Có {passed}/{cases} trường hợp đạt:"
NO_CASE_PASSED: Final = "Có 0/{cases} trường hợp đạt."
CASES_NOT_PASSED: Final = "Có {number} trường hợp không đạt."
AWARD_LIST: Final = "{award}: {names}"
NAME_WITH_UNIT: Final = "{name} ({unit})"
SECTION_OTHER: Final = "Nội dung khác"
MEMBERS_ON_LIST: Final = "Thành viên Hội đồng có tên trong danh sách xét: {people}."
MEMBER_ON_LIST: Final = "đồng chí {name} (trường hợp số {cases})"
CASES_JOINED: Final = ", "
COUNTING_CLOSING: Final = (
    "Ban kiểm phiếu đã báo cáo kết quả trước Hội đồng. Biên bản lập xong{finished},"
    " các thành viên Ban kiểm phiếu đã đọc và thống nhất ký tên./."
)
FINISHED_SAME_DAY: Final = " hồi {time} cùng ngày"
FINISHED_LATER: Final = " hồi {time}, {date}"
SIGN_TELLERS: Final = "Các ủy viên"
SIGN_HEAD_TELLER: Final = "Trưởng ban"
FIELD_HEAD_TELLER: Final = "Chữ ký của Trưởng Ban kiểm phiếu {name}"
FIELD_TELLER: Final = "Chữ ký của Ủy viên Ban kiểm phiếu {name}"

# Meeting minute (words.md §6; Decree 30/2020/NĐ-CP, form 1.9)
MEETING_TITLE: Final = "Biên bản"
STARTED: Final = "Thời gian bắt đầu: {moment}."
VENUE: Final = "Địa điểm: {venue}{online}."
VENUE_ONLINE: Final = ", kết hợp trực tuyến"
ATTENDANCE: Final = "Thành phần tham dự:"
MEMBERS: Final = "Thành viên Hội đồng: tổng số {members}{decision}; dự họp {present}{ways}"
MEMBERS_DECISION: Final = " theo Quyết định số {number} {date}"
MEMBERS_WAYS: Final = " (trực tiếp {here}, trực tuyến {online})"
MEMBERS_ABSENT: Final = "; vắng mặt {absent}"
PRESENT: Final = "Dự họp:"
PRESENT_ONLINE: Final = " (trực tuyến)"
ARRIVED: Final = " (đến lúc {time})"
LEFT: Final = " (về lúc {time})"
ABSENT: Final = "Vắng mặt: {person}."
ABSENT_SEVERAL: Final = "Vắng mặt:"
CONSULTED: Final = "; đã được lấy ý kiến bằng văn bản dưới hình thức phiếu kín điện tử"
NOT_TAKING_PART: Final = "; không tham gia ý kiến"
SUBSTITUTES: Final = "Người đi họp thay: {people}."
SUBSTITUTE: Final = "đồng chí {name}, thay đồng chí {instead_of} theo {appointment}; {ballot}"
SUBSTITUTE_VOTES: Final = "bỏ phiếu theo {rules}"
SUBSTITUTE_DOES_NOT_VOTE: Final = "không bỏ phiếu"
GUESTS: Final = "Đại biểu mời, không bỏ phiếu: {people}."
PRESIDING: Final = "Chủ trì (chủ tọa): Đồng chí {person}{authorised}.{before}"
PRESIDING_BEFORE: Final = " Trước đó {people} chủ trì."
AUTHORISED: Final = " (được {by} ủy quyền)"
MINUTE_TAKER: Final = "Thư ký (người ghi biên bản): Đồng chí {person}.{before}"
MINUTE_TAKER_BEFORE: Final = " Trước đó {people} ghi biên bản."
CONTENT: Final = "Nội dung:"
OPENING: Final = "Khai mạc."
OPENING_TEXT: Final = (
    "Chủ tọa nêu mục đích, yêu cầu của phiên họp. Thư ký báo cáo: có mặt {present}/{members}"
    " thành viên ({share}%), đủ điều kiện họp{citation}."
)
OPENING_CITATION: Final = " theo {citation}"
REPORT: Final = "Báo cáo của cơ quan thường trực."
DISCUSSION: Final = "Thảo luận."
WITHDRAWN: Final = "Hội đồng thống nhất đưa ra khỏi danh sách {number} trường hợp: {cases}"
WITHDRAWN_CASE: Final = "{name} (lý do: {reason})"
ADDED: Final = "Hội đồng thống nhất bổ sung {number} trường hợp: {cases}"
ADDED_AFTER: Final = "; bổ sung {number} trường hợp: {cases}"
LIST: Final = "Danh sách bỏ phiếu gồm {number} trường hợp."
LIST_LEAD: Final = "Danh sách bỏ phiếu"
LIST_REST: Final = "gồm {number} trường hợp."
TEAM: Final = "Cử Ban kiểm phiếu."
TEAM_TEXT: Final = (
    "Theo đề nghị của chủ tọa, Hội đồng thống nhất cử Ban kiểm phiếu gồm {number} đồng chí:"
    " {people}{conflict}."
)
TEAM_PERSON: Final = "{name}, {role}"
TEAM_NO_CONFLICT: Final = "; không đồng chí nào có tên trong danh sách xét"
TEAM_CONFLICT: Final = "; {people} có tên trong danh sách xét, Hội đồng vẫn cử vì: {reason}"
VOTE: Final = "Bỏ phiếu kín."
VOTE_TEXT: Final = (
    "Trưởng Ban kiểm phiếu hướng dẫn cách bỏ phiếu. Hội đồng bỏ phiếu kín trên {software}"
    " từ {start} đến {end}; không thực hiện biểu quyết. {ballots}"
)
VOTE_BALLOTS: Final = (
    "Số phiếu phát ra: {issued}; thu về: {returned}; hợp lệ: {returned}; không hợp lệ: 0."
)
RESULT: Final = "Kết quả"
RESULT_TEXT: Final = "(có Biên bản kiểm phiếu kèm theo)."
MARKS: Final = "Mức cần đạt của từng danh hiệu, hình thức khen thưởng:"
MARK_OF_AWARDS: Final = "{awards}: {mark}"
PER_LIST: Final = " (danh sách thứ {number})"
MEETING_COLUMNS: Final = (
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
SECOND: Final = "Bỏ phiếu lần 2."
SECOND_TEXT: Final = (
    "{citation} bỏ phiếu lần 2 đối với {names}, từ {start} đến {end}{team}. {ballots}"
    " Kết quả (có Biên bản kiểm phiếu lần 2 kèm theo):"
)
SECOND_CITATION: Final = "Theo {citation}, Hội đồng"
SECOND_NO_CITATION: Final = "Hội đồng"
SECOND_TEAM: Final = "; Ban kiểm phiếu gồm {number} đồng chí: {people}"
CANCELLED: Final = "Bỏ phiếu không có kết quả."
CANCELLED_TEXT: Final = (
    "Cuộc bỏ phiếu kín đối với {number} trường hợp bị hủy lúc {moment}; lý do: {reason}."
)
CONCLUSION: Final = "Kết luận."
CONCLUSION_TEXT: Final = "Căn cứ kết quả bỏ phiếu kín, chủ tọa kết luận:"
PROPOSE: Final = (
    "Hội đồng đề nghị {authority} xét tặng danh hiệu thi đua, khen thưởng {number} trường hợp đạt"
)
AUTHORITY: Final = "cấp có thẩm quyền"
NOT_PROPOSED: Final = "{number} trường hợp không đạt không đề nghị trong đợt này"
COMPLETE_FILE: Final = "giao {agency} hoàn thiện hồ sơ{deadline}"
DEADLINE: Final = ", trình trước {date}"
KEEP_SECRET: Final = "các thành viên giữ bí mật kết quả đến khi có quyết định khen thưởng"
ADOPTION: Final = "Thông qua biên bản."
ADOPTION_TEXT: Final = "Thư ký đọc biên bản; các thành viên dự họp thống nhất nội dung."
MEETING_CLOSING: Final = "Cuộc họp kết thúc vào {moment}./."
MEETING_CLOSING_UNTIMED: Final = "Cuộc họp kết thúc sau khi thông qua biên bản./."
SIGN_SECRETARY: Final = "Thư ký"
SIGN_PRESIDING: Final = "Chủ tọa"
FIELD_SECRETARY: Final = "Chữ ký của thư ký {name}"
FIELD_PRESIDING: Final = "Chữ ký của chủ tọa {name}"
SIGN_AGENCY: Final = "Cơ quan"
FIELD_AGENCY: Final = "Chữ ký số của cơ quan, tổ chức"
FIELD_NUMBER: Final = "Số của biên bản, văn thư ghi sau khi chủ tọa ký"
FIELD_DATE: Final = "Ngày ban hành, văn thư ghi sau khi chủ tọa ký"

# The secretary's own words begin so (words.md §6); nothing of it is printed before it is saved.
USUAL_REPORT: Final = (
    "Đồng chí {person} trình bày Tờ trình, kết quả thẩm định và tóm tắt thành tích của các trường"
    " hợp đề nghị."
)
USUAL_DISCUSSION: Final = "Các thành viên trao đổi về các trường hợp đề nghị."

RECIPIENTS: Final = "Nơi nhận:"
RECIPIENT_MEMBERS: Final = "Thành viên Hội đồng"
RECIPIENT_ARCHIVE: Final = "Lưu: VT, Hồ sơ."
ARCHIVE_PREFIX: Final = "Lưu:"
