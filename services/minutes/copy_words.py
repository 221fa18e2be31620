"""Every Vietnamese word of what is made from a minute: extracts, the list for the submission, the
text copy (words.md §6; Decree 30/2020/NĐ-CP, Article 25). `{…}` is filled by the contents.
"""

from typing import Final

# Extract for one award file
EXTRACT_TITLE: Final = "Trích biên bản"
EXTRACT_SOURCE: Final = "Trích từ Biên bản số {number}{symbol} {date}."
EXTRACT_SOURCE_UNNUMBERED: Final = "Trích từ Biên bản {date}."
NUMBER_TO_FILL: Final = "………"
DATE_TO_FILL: Final = "ngày …… tháng …… năm ………"
EXTRACT_MEETING: Final = "Thời gian bắt đầu cuộc họp: {moment}. Địa điểm: {venue}."
EXTRACT_CASES: Final = (
    "Kết quả bỏ phiếu đối với {number} trường hợp đề nghị {award} (số thứ tự theo danh sách bỏ"
    " phiếu):"
)
EXTRACT_MARK: Final = (
    "Mức cần đạt: {share}, tức ít nhất {votes}/{base} phiếu đồng ý ({citation}{base_reason})."
)
EXTRACT_CLOSING: Final = "Nội dung trích trên đây đúng với Biên bản./."
EXTRACT_RECIPIENT: Final = "Hồ sơ đề nghị khen thưởng;"
EXTRACT_GROUP: Final = "{award} ({share})"

# List that goes with the submission (Danh sách kèm theo Tờ trình)
LIST_SHEET: Final = "Danh sách"
LIST_TITLE: Final = "Danh sách"
LIST_SUBJECT: Final = "Các trường hợp đề nghị {authority} xét tặng danh hiệu thi đua, khen thưởng"
LIST_WITH_SUBMISSION: Final = "(Kèm theo Tờ trình số ……/TTr-…… ngày …… tháng …… năm ………)"
LIST_SOURCE: Final = "Theo kết quả bỏ phiếu kín tại {meeting}, {date}"
LIST_COLUMNS: Final = (
    "TT",
    "Họ và tên/tập thể",
    "Chức vụ, đơn vị",
    "Danh hiệu, hình thức khen thưởng",
    "Số phiếu đồng ý",
    "Trên tổng số",
    "Tỷ lệ (%)",
)
LIST_GROUP: Final = "{title}: {cases} trường hợp"
LIST_TOTAL: Final = "Tổng số: {cases} trường hợp."
LIST_NOBODY: Final = "Không có trường hợp nào đạt."
LIST_PAGE: Final = "Trang &P/&N"
NATION: Final = "Cộng hòa xã hội chủ nghĩa Việt Nam"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"

# Text copy (not a "bản sao" of Article 25, which has a form and a value of its own)
TEXT_COPY_MARK: Final = "BẢN CHÉP ĐỂ TRÍCH DẪN, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
TEXT_COPY_SOURCE: Final = (
    "Chép từ tệp PDF có SHA-256 khi lập là {sha256}. Khi cần sử dụng, xin lấy tệp PDF có chữ ký."
)
TEXT_COPY_NUMBER: Final = "Số: {number}{symbol}"
