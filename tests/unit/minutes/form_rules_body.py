"""Rules of the body: Annex I, part II, section I.6; form 1.9's order; how the decree writes."""

import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import mode
from typing import Final

from tests.unit.minutes.form_rules_heading import is_meeting, title
from tests.unit.minutes.form_rules_page import left_edge, printed, right_edge
from tests.unit.minutes.printed_layout import MM, SAME, Cell, Layout, Line, Table

INDENTS: Final = (10 * MM, 12.7 * MM)
CLOSING: Final = {True: "Cuộc họp kết thúc", False: "Ban kiểm phiếu đã báo cáo kết quả"}
SIGNERS: Final = {True: ("THƯ KÝ", "CHỦ TỌA"), False: ("CÁC ỦY VIÊN", "TRƯỞNG BAN")}
MEETING_ORDER: Final = (
    "Thời gian bắt đầu:",
    "Địa điểm:",
    "Thành phần tham dự:",
    "Chủ trì (chủ tọa):",
    "Thư ký (người ghi biên bản):",
    "Nội dung:",
    "1. Khai mạc.",
    "Cuộc họp kết thúc",
    "CHỦ TỌA",
    "Nơi nhận:",
    "Đối chiếu:",
)
COUNTING_ORDER: Final = (
    "Hồi ",
    "I. BAN KIỂM PHIẾU",
    "II. THÀNH VIÊN VÀ SỐ PHIẾU",
    "III. KẾT QUẢ",
    "IV. CÁC TRƯỜNG HỢP ĐẠT",
    "Ban kiểm phiếu đã báo cáo kết quả",
    "TRƯỞNG BAN",
    "Đối chiếu:",
)
_SECTION: Final = re.compile(r"[IV]+\. ")
_DAY: Final = re.compile(r"ngày (\S+) tháng (\S+) năm (\d{4})")
_HOUR: Final = re.compile(r"(\S+) giờ (\d+)?")
_SMALL_NUMBER: Final = re.compile(r"(?:gồm|thưởng|[abc]\)|Có|với) (\d+)(?:/(\d+))? (?:đồng|trường)")
_MARK: Final = re.compile(r"(?:trở lên )?trên .*?tức ít nhất \d+/\d+ phiếu đồng ý \(\S.*?\)")


def signers_line(layout: Layout) -> Line | None:
    return layout.line(SIGNERS[is_meeting(layout)][1])


def _before(one: Line, other: Line) -> bool:
    return (one.page, one.y) < (other.page, other.y)


def body(layout: Layout) -> list[Line]:
    """From below the title to the closing line, without tables."""
    bar, end = title(layout), signers_line(layout)
    first = layout.line(MEETING_ORDER[0] if is_meeting(layout) else "Căn cứ", page=1)
    first = first or layout.line("Hồi ")
    if bar is None or end is None or first is None:
        return []
    return [line for line in printed(layout) if not _before(line, first) and _before(line, end)]


def _begins(line: Line, left: float) -> bool:
    """Whether a paragraph begins here, whatever its indent is."""
    return line.x0 > left + 3


def order_of_elements(layout: Layout) -> Iterator[str]:
    """As form 1.9 has them; a counting minute as words.md §5."""
    texts = [line.text for line in layout.lines]
    at = -1
    for start in MEETING_ORDER if is_meeting(layout) else COUNTING_ORDER:
        found = next((n for n, text in enumerate(texts) if n > at and text.startswith(start)), None)
        if found is None:
            yield f"{start} does not stand at its place"
        else:
            at = found


def body_type(layout: Layout) -> Iterator[str]:
    """One size, 13 or 14."""
    sizes = {style.size for line in body(layout) for style in line.styles}
    if sizes not in ({13.0}, {14.0}):
        yield f"the body is set in {sorted(sizes)}"


def first_line_indent(layout: Layout) -> Iterator[str]:
    """1 cm or 1.27 cm, the same for all; other lines begin at the margin."""
    indents, left = set(), left_edge(layout)
    for line in body(layout):
        if not _begins(line, left):
            continue
        indents.add(round(line.x0 - left))
        if all(abs(line.x0 - left - indent) > SAME for indent in INDENTS):
            yield f"{line.text[:30]} begins {(line.x0 - left) / MM:.1f} mm from the margin"
    if len(indents) > 1:
        yield "paragraphs have different indents"
    if not indents:
        yield "no paragraph is indented"


def justified(layout: Layout) -> Iterator[str]:
    """Every line that goes on in the next one reaches the right margin."""
    lines, left, right = body(layout), left_edge(layout), right_edge(layout)
    for line, following in itertools.pairwise(lines):
        goes_on = line.page == following.page and not _begins(following, left)
        if goes_on and abs(line.x1 - right) > SAME and line.width > 200:
            yield f"{line.text[:30]} … ends {(right - line.x1) / MM:.1f} mm before the margin"


def paragraph_gap(layout: Layout) -> Iterator[str]:
    """At least 6 points more than between the lines of a paragraph."""
    lines, left = body(layout), left_edge(layout)
    pitch = _pitch(lines, left)
    for line, following in itertools.pairwise(lines):
        if line.page == following.page and _begins(following, left):
            gap = following.y - line.y - pitch
            if gap < 6 - 0.1:
                yield f"{gap:.1f} points before {following.text[:30]}"


def line_spacing(layout: Layout) -> Iterator[str]:
    """From single to one and a half lines."""
    lines = body(layout)
    pitch = _pitch(lines, left_edge(layout))
    size = mode(style.size for line in lines for style in line.styles) if lines else 14
    if not 1.15 * size - 0.1 <= pitch <= 1.5 * 1.15 * size:
        yield f"lines are {pitch:.1f} points apart at size {size}"


def _pitch(lines: Sequence[Line], left: float) -> float:
    steps = [
        following.y - line.y
        for line, following in itertools.pairwise(lines)
        if line.page == following.page and not _begins(following, left)
    ]
    return min(steps, default=16.4)


def section_headings(layout: Layout) -> Iterator[str]:
    """`I. …` in capitals, 13-14 bold."""
    for line in body(layout):
        if _SECTION.match(line.text):
            if line.text != line.text.upper():
                yield f"{line.text} is not in capitals"
            if not (line.is_all(14, bold=True) or line.is_all(13, bold=True)):
                yield f"{line.text} is not in 13-14 bold"


def leads_are_bold(layout: Layout) -> Iterator[str]:
    """The labels of form 1.9 and the titles of points are bold, what follows is not."""
    if not is_meeting(layout):
        return
    for line in body(layout):
        is_lead = line.text.startswith(MEETING_ORDER[:6]) or re.match(r"[1-9][0-9]?\. ", line.text)
        in_attendance = re.match(r"[1-3]\. (Thành viên|Người đi họp|Đại biểu)", line.text)
        if is_lead and not in_attendance and not any(style.is_bold for style in line.styles):
            yield f"{line.text[:30]} does not begin in bold"


def dates_as_the_decree_writes(layout: Layout) -> Iterator[str]:
    """Days below 10 and the months 1 and 2 take a leading zero, other months none."""
    for day, month, year in _DAY.findall(layout.text):
        good_month = ("01", "02", *map(str, range(3, 13)))
        if not re.fullmatch(r"0[1-9]|[12][0-9]|3[01]", day) or month not in good_month:
            yield f"ngày {day} tháng {month} năm {year}"


def times_with_two_digits(layout: Layout) -> Iterator[str]:
    for hours, minutes in _HOUR.findall(layout.text):
        if len(hours) != 2 or len(minutes) not in (0, 2):
            yield f"{hours} giờ {minutes}"


def small_numbers_with_zero(layout: Layout) -> Iterator[str]:
    """Numbers of people and cases below 10 take a leading zero."""
    for groups in _SMALL_NUMBER.findall(layout.text):
        yield from (number for number in groups if len(number) == 1 and number != "0")


def rule_by_every_award(layout: Layout) -> Iterator[str]:
    """The rule, the votes that it asks for and its citation stand in the paper, for each award."""
    count = len(_MARK.findall(layout.text))
    needed = {_needed(row) for row in _rows(layout)}
    if is_meeting(layout):
        if not count or count < len(needed):
            yield f"{count} rules for {len(needed)} marks"
    elif count != sum(len(row) == 1 for table in layout.tables for row in table.rows):
        yield "an award without its rule"


def votes_needed_in_words(layout: Layout) -> Iterator[str]:
    """`ít nhất 12/15` stands in every row of the meeting's tables."""
    if is_meeting(layout):
        for row in _rows(layout):
            if not re.fullmatch(r"ít nhất \d+/\d+", _needed(row)):
                yield f"row {row[0].text} says {_needed(row)}"


def nothing_about_unanimity(layout: Layout) -> Iterator[str]:
    for words in ("nhất trí", "100% phiếu", "tuyệt đối"):
        if words in layout.text.lower():
            yield f"{words} stands in the paper"


def _needed(row: Sequence[Cell]) -> str:
    return row[3].text if len(row) == 9 else ""


def _rows(layout: Layout) -> list[tuple[Cell, ...]]:
    """All rows with figures."""
    every = [row for table in layout.tables for row in table.rows]
    return [row for row in every if len(row) > 1 and row[0].text.isdecimal()]


def table_heads_on_every_page(layout: Layout) -> Iterator[str]:
    """Bold heads begin each page's part of a table."""
    for table in layout.tables:
        head = table.rows[0]
        if head[0].text != "TT" or head[-1].text != "Kết quả":
            yield f"page {table.page}: a table goes on without its heads"
        elif not all(cell.bold for cell in head):
            yield f"page {table.page}: heads are not bold"


def rows_are_whole(layout: Layout) -> Iterator[str]:
    """No row is cut by a page's end, no group stands alone there, no cell is too small."""
    for table in layout.tables:
        if table.loose:
            yield f"page {table.page}: text across a border: {''.join(table.loose)[:20]}"
        for row in table.rows[1:]:
            if len(row) > 1 and not all(cell.text for cell in (row[0], *row[3:])):
                yield f"page {table.page}: a row is cut"
        if len(table.rows[-1]) == 1 or len(table.rows) == 1:
            yield f"page {table.page}: an award or heads without a case"
    numbers = [int(row[0].text) for row in _rows(layout)]
    first_list = numbers[: max(numbers, default=0)]
    if sorted(first_list) != list(range(1, len(first_list) + 1)):
        yield "a row is missing"


def tables_between_margins(layout: Layout) -> Iterator[str]:
    """As wide as the text."""
    for table in layout.tables:
        if not _is_as_wide_as_text(layout, table):
            yield f"page {table.page}: a table from {table.x0:.0f} to {table.x1:.0f}"


def _is_as_wide_as_text(layout: Layout, table: Table) -> bool:
    return abs(table.x0 - left_edge(layout)) < SAME and abs(table.x1 - right_edge(layout)) < SAME


BODY_RULES: Final = (
    order_of_elements,
    body_type,
    first_line_indent,
    justified,
    paragraph_gap,
    line_spacing,
    section_headings,
    leads_are_bold,
    dates_as_the_decree_writes,
    times_with_two_digits,
    small_numbers_with_zero,
    rule_by_every_award,
    votes_needed_in_words,
    nothing_about_unanimity,
    table_heads_on_every_page,
    rows_are_whole,
    tables_between_margins,
)
