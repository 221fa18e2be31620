"""`phieukin serve --sample`: a council with a meeting of today, and everybody's link."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from services.cli.main import main
from services.simulation.device import Device
from services.simulation.http_client import ApiClient
from services.simulation.sample_meeting import SampleError, prepare_sample
from tests.integration.conftest import COUNCIL, Hall
from tests.integration.test_serve import Service


def test_first_try(state_dir: Path) -> None:
    """Everybody's link works; after a restart the meeting is the same, and old links have ended."""
    service = Service("--sample", "--state-dir", str(state_dir))
    sample = service.announced["sample"]
    assert [each["no"] for each in sample["members"]] == list(range(1, 16))
    assert [each["note"] for each in sample["members"]].count("teller") == 2
    assert sample["hall_link"].startswith("http://localhost:")
    try:
        asyncio.run(_try(service.announced))
    finally:
        assert service.stop() == (0, "")

    again = Service("--sample", "--state-dir", str(state_dir))
    try:
        second = again.announced["sample"]
        assert "enrolment_link" not in again.announced  # the secretary has a device
        assert second["meeting_id"] == sample["meeting_id"]
        assert [each["no"] for each in second["members"] if each["link"] is None] == [7]
        assert second["members"][0]["link"].partition("#")[2] != _code(sample, 1)
    finally:
        assert again.stop() == (0, "")


def _code(sample: Any, no: int) -> str:
    return str(sample["members"][no - 1]["link"].partition("#")[2])


async def _try(announced: Any) -> None:
    """What the first minutes of a try do: secretary and head teller enrol, the hall is shown."""
    sample, origin = announced["sample"], announced["enrolment_link"].partition("/join")[0]
    async with ApiClient(announced["listening"], origin) as api:
        await Device(api).enrol(announced["enrolment_link"])
        meeting = await api.get(f"/meetings/{sample['meeting_id']}")
        (uuid,) = meeting["elections"]
        election = await api.get(f"/elections/{uuid}")
        assert (election["state"], election["minimum_ballots"]) == ("draft", 3)
        assert len(election["nominations"]) == 7
        hall = await api.post("/hall", {"code": sample["hall_link"].partition("#")[2]})
        assert "Lam Giang" in hall["council_name"]
    async with ApiClient(announced["listening"], origin) as api:
        account = await Device(api).enrol(sample["members"][6]["link"])
        assert (account["name"], account["member"]) == ("Trịnh Thu Quế", 7)


async def test_no_place_for_the_sample(app: Litestar, hall: Hall) -> None:
    """A database of real councils gets no sample among them, not even by one of the same name."""
    namesake = {**COUNCIL, "name": "Hội đồng Thi đua - Khen thưởng tỉnh Lam Giang"}
    await hall.secretary.ask("POST", "/councils", {"council": namesake})
    with pytest.raises(SampleError):
        await prepare_sample(app.state.parties)


def test_sample_that_others_could_reach(capsys: pytest.CaptureFixture[str]) -> None:
    """Everybody's links are printed on the computer of one person only."""
    handler = signal.getsignal(signal.SIGTERM)
    try:
        assert main(["serve", "--sample", "--host", "127.0.0.2", "--port", "0"]) == 2
    finally:
        signal.signal(signal.SIGTERM, handler)
    assert "loopback" in capsys.readouterr().err
