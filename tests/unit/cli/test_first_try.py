"""The links of the sample meeting as people read them in a terminal."""

from services.cli.first_try import first_try_text
from services.simulation.sample_meeting import SampleMeeting, SampleMember

ORIGIN = "http://localhost:8000"
SAMPLE = SampleMeeting(
    council_id="a" * 32,
    meeting_id="b" * 32,
    hall_link=f"{ORIGIN}/hall#h",
    members=(
        SampleMember(9, "Đoàn Thị Lệ Thủy", "teller", f"{ORIGIN}/join#m"),
        SampleMember(10, "Vi Thị Nhạn", "", None),
    ),
)


def test_links_stand_in_columns() -> None:
    """Names with many accents do not push the links about; who has a device needs no link."""
    lines = first_try_text(SAMPLE, ORIGIN, f"{ORIGIN}/join#s").splitlines()
    assert f"  Secretary    {ORIGIN}/join#s" in lines
    assert f"  Kiosk        {ORIGIN}/kiosk" in lines
    first, second = (line for line in lines if "Thị" in line)
    assert first == f"   9  Đoàn Thị Lệ Thủy  teller  {ORIGIN}/join#m"
    assert second == f"  10  Vi Thị Nhạn               {ORIGIN}/  (has a device)"


def test_secretary_who_has_a_device() -> None:
    """There is no second link for a secretary who is enrolled."""
    assert f"{ORIGIN}/secretary" in first_try_text(SAMPLE, ORIGIN, None)
