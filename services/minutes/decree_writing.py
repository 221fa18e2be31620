"""How Decree 30/2020/NĐ-CP writes dates, times and small numbers (Annex I; domain.md §3.2)."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")


def in_vietnam(instant: str) -> datetime:
    """An instant of the record (RFC 3339) as the clock on the wall of the hall shows it."""
    return datetime.fromisoformat(instant).astimezone(VIETNAM)


def time_text(moment: datetime) -> str:
    return f"{moment:%H} giờ {moment:%M}"


def date_text(day: date) -> str:
    """`ngày 05 tháng 01 năm 2027`: days below 10 and the months 1 and 2 take a leading zero."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_text(instant: str) -> str:
    """`08 giờ 00, ngày 15 tháng 12 năm 2026`."""
    moment = in_vietnam(instant)
    return f"{time_text(moment)}, {date_text(moment.date())}"


def two_digits(number: int) -> str:
    return f"{number:02d}"


def share_text(share: str) -> str:
    """A rule's share with the decimal comma: `66,5%`, `2/3`."""
    return share.replace(".", ",")
