"""Every Vietnamese sentence of the imports: what is wrong in a cell, and what to do about it."""

from typing import Final

# The file as a whole
EMPTY_FILE: Final = "Tệp không có dòng nào. Chọn lại tệp có danh sách."
NOT_UNICODE: Final = (
    "Chữ trong tệp không phải bảng mã Unicode. Mở tệp bằng Excel, lưu lại dạng CSV UTF-8 hoặc xlsx"
    " rồi chọn lại."
)
NOT_CSV: Final = (
    "Không đọc được tệp CSV. Mở tệp bằng Excel, lưu lại dạng CSV UTF-8 hoặc xlsx rồi chọn lại."
)
NOT_XLSX: Final = (
    "Không đọc được tệp Excel. Mở tệp bằng Excel, lưu lại dạng xlsx, không đặt mật mã, rồi chọn"
    " lại."
)
OLD_EXCEL: Final = (
    "Tệp Excel dạng cũ (.xls) hoặc có mật mã. Mở tệp, lưu lại dạng xlsx không có mật mã rồi chọn"
    " lại."
)
TOO_LARGE_INSIDE: Final = (
    "Tệp Excel chứa quá nhiều dữ liệu. Chép riêng danh sách sang tệp mẫu rồi chọn lại."
)
NO_HEADING: Final = (
    "Không thấy dòng tiêu đề có các cột {columns}. Dùng tệp mẫu, hoặc đặt tên cột như tệp mẫu."
)
MISSING_COLUMNS: Final = (
    "Thiếu cột {columns}. Thêm cột còn thiếu vào dòng tiêu đề, đặt tên như tệp mẫu."
)
TWICE_THE_COLUMN: Final = "Hai cột cùng là {column}. Bỏ bớt một cột."
NO_ROWS: Final = "Dưới dòng tiêu đề chưa có dòng nào. Điền danh sách rồi chọn lại tệp."
TOO_MANY_ROWS: Final = "Danh sách có quá {limit} dòng. Bớt dòng rồi chọn lại tệp."

# A cell
MISSING: Final = "Ô này để trống. Điền vào ô này."
TOO_LONG: Final = "Dài quá {limit} ký tự. Viết ngắn lại."
FORMULA: Final = "Ô này là công thức. Chép ô rồi dán lại dạng giá trị (Paste Values)."
DATE: Final = "Excel đã đổi ô này thành ngày tháng. Đặt định dạng ô là Văn bản (Text) rồi gõ lại."
ERROR_VALUE: Final = "Ô này báo lỗi của Excel. Gõ lại nội dung."
NOT_TEXT: Final = "Ô này không phải chữ hay số. Gõ lại nội dung."
MERGED: Final = "Ô này gộp với ô khác. Bỏ gộp ô rồi điền từng dòng."
OLD_LETTERS: Final = (
    "Chữ trong ô theo bảng mã cũ (TCVN3, VNI). Chuyển cả tệp sang Unicode, lưu lại dạng CSV UTF-8"
    " hoặc xlsx."
)
STRANGE_CHARACTER: Final = "Trong ô có ký tự không đọc được. Xóa rồi gõ lại."
NOT_A_NUMBER: Final = "Số thứ tự phải là số nguyên từ 1 đến {limit}."
NUMBER_TWICE: Final = "Số thứ tự {no} đã có ở dòng {row}. Đánh lại số thứ tự."
NOT_IN_ORDER: Final = "Số thứ tự phải liên tục từ 1; dòng này phải là {no}. Đánh lại, hoặc bỏ cột."
MEMBER_TWICE: Final = "Thành viên này đã có ở dòng {row}. Xóa bớt một dòng."
NOMINATION_TWICE: Final = "Trường hợp này đã có ở dòng {row}. Xóa bớt một dòng."
NOT_A_KIND: Final = 'Ghi "cá nhân", "tập thể" hoặc "hộ gia đình".'
NOT_A_MARK: Final = (
    'Ghi mức cần đạt như "từ 90% trở lên", "trên 50%", "2/3", hoặc tên mức có sẵn: {presets}.'
)
NO_PERCENT: Final = 'Thiếu dấu %. Ghi như "{share}%".'
NO_CITATION: Final = "Ghi căn cứ: điều, khoản, văn bản quy định mức cần đạt."
