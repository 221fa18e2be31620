"""Dates, times and small numbers as Decree 30/2020/NĐ-CP writes them."""

from datetime import date

import pytest

from services.minutes.decree_writing import date_text, moment_text, share_text, two_digits


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2027, 1, 5), "ngày 05 tháng 01 năm 2027"),
        (date(2027, 2, 28), "ngày 28 tháng 02 năm 2027"),
        (date(2026, 3, 20), "ngày 20 tháng 3 năm 2026"),
        (date(2026, 12, 9), "ngày 09 tháng 12 năm 2026"),
    ],
)
def test_dates(day: date, text: str) -> None:
    """Days under 10 and the months 1 and 2 take a zero, months from 3 on do not."""
    assert date_text(day) == text


def test_time_of_another_zone() -> None:
    """A paper shows the clock of the hall, whatever zone the record was written in."""
    assert moment_text("2026-12-14T18:05:00Z") == "01 giờ 05, ngày 15 tháng 12 năm 2026"


def test_share_with_decimals() -> None:
    """Vietnamese writes a decimal comma."""
    assert [share_text(share) for share in ("66.5%", "2/3", "90%")] == ["66,5%", "2/3", "90%"]


def test_number_of_cases() -> None:
    """Numbers under 10 take a zero."""
    assert (two_digits(7), two_digits(41)) == ("07", "41")
