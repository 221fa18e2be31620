"""A whole meeting in real browsers, and what it leaves behind."""

import asyncio
import fcntl
import json
import os
import pickle
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from crypto.casting import casting_length
from crypto.elections import parse_election
from schemas.entries import Result
from schemas.fields import GroupName
from schemas.scenario import MeetingResult
from services.cli.main import main
from services.simulation.meeting import meeting_result
from services.simulation.service_process import running_service
from tests.browser import people
from tests.browser.accessibility import accessibility_faults, layout_faults
from tests.browser.meeting_play import HeldMeeting, meeting_play
from tests.browser.stage import Device, SentRequest

GROUPS: list[GroupName] = ["Ed25519", "BELENIOS-2048"]


@dataclass
class Played:
    """What one play has left: its files, and what the browsers sent and complained of."""

    held: HeldMeeting
    folder: Path
    origin: str
    complaints: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    sent: dict[str, list[SentRequest]] = field(default_factory=dict)


class Plays:
    """Each group's meeting played once, by whichever worker comes first."""

    def __init__(self, browser: Browser, client_dir: Path, shared: Path) -> None:
        self.browser = browser
        self.client_dir = client_dir
        self.shared = shared

    async def get(self, group: GroupName) -> Played:
        done = self.shared / f"browser-meeting-{group}.pickle"
        with (self.shared / f"{done.name}.lock").open("w") as lock:
            # In a thread: this worker's browser goes on living while another one plays.
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            if not done.exists():
                done.write_bytes(pickle.dumps(await self._play(group)))
        played = pickle.loads(done.read_bytes())  # noqa: S301 (written above)
        assert isinstance(played, Played)
        return played

    async def _play(self, group: GroupName) -> Played:
        folder = self.shared / f"browser-meeting-{group}"
        folder.mkdir()
        faults: list[str] = []
        look = Inspector(faults) if group == "Ed25519" else None
        async with (
            running_service(client_dir=self.client_dir) as service,
            meeting_play(
                self.browser,
                service,
                folder,
                group=group,
                cases=people.CASES if group == "Ed25519" else people.CASES[:2],
                **({} if look is None else {"look": look}),
            ) as play,
        ):
            held = await play.play()
            return Played(
                held,
                folder,
                play.origin,
                [each for device in play.devices.values() for each in device.complaints],
                faults,
                {name: device.all_sent() for name, device in play.devices.items()},
            )


class Inspector:
    """The hook: axe and the layout on every screen, once for each way a device has its key."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        self.seen: set[tuple[str, str, bool]] = set()

    async def __call__(self, device: Device, name: str) -> None:
        kind = (device.name.split()[0], name, device.authenticator is not None)
        if kind in self.seen:
            return
        self.seen.add(kind)
        found = await accessibility_faults(device.page)
        found += await layout_faults(device.page)
        self.faults += [f"{device.name}, {name}: {fault}" for fault in found]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def plays(
    browser: Browser, client_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Plays:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return Plays(browser, client_dir, shared)


async def verify(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """`phieukin verify … --json`, which runs a loop of its own: its exit code and what it says."""
    capsys.readouterr()
    code = await asyncio.to_thread(main, ["verify", *arguments, "--json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, report


def entries_of(record: Path) -> list[dict[str, Any]]:
    with zipfile.ZipFile(record) as archive:
        return [json.loads(line) for line in archive.read("entries.jsonl").splitlines()]


@pytest.mark.parametrize("group", GROUPS)
async def test_no_browser_complained(plays: Plays, group: GroupName) -> None:
    """Nothing against the policy, no uncaught error, in any browser of the meeting."""
    assert (await plays.get(group)).complaints == []


async def test_every_screen_is_accessible(plays: Plays) -> None:
    """WCAG 2.2 AA by axe; targets of 44 px; nothing wider than the screen."""
    assert (await plays.get("Ed25519")).faults == []


@pytest.mark.parametrize("group", GROUPS)
async def test_outcomes_are_those_of_the_marks(plays: Plays, group: GroupName) -> None:
    """What people tapped is what was counted."""
    played = await plays.get(group)
    entry = next(each for each in entries_of(played.held.record) if each.get("type") == "result")
    result = meeting_result(msgspec.convert(entry, Result))
    ballots = len(people.VOTES)
    assert result == MeetingResult(
        members=len(people.MEMBERS),
        present=ballots,
        issued=ballots,
        returned=ballots,
        outcomes=people.expected_outcomes(people.CASES[: len(result.outcomes)]),
    )


@pytest.mark.parametrize("group", GROUPS)
async def test_record_verifies_against_both_codes(
    plays: Plays, group: GroupName, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the browsers made passes every check of the other implementation."""
    held = (await plays.get(group)).held
    for code in (held.election_code, held.seal_code):
        status, report = await verify(capsys, str(held.record), "--code", code, "--strict")
        assert (status, report["ok"]) == (0, True), report


@pytest.mark.parametrize("group", GROUPS)
async def test_papers_and_receipts_verify(
    plays: Plays, group: GroupName, capsys: pytest.CaptureFixture[str]
) -> None:
    """The papers carry all signatures that were uploaded; receipts stand alone."""
    played = await plays.get(group)
    authority = str(played.folder / "authority.pem")
    for paper in played.held.papers:
        status, report = await verify(capsys, str(paper), "--trust", authority)
        assert (status, report["ok"]) == (0, True), (paper.name, report)
    for receipt in played.held.receipts:
        status, report = await verify(capsys, str(receipt))
        assert (status, report["ok"]) == (0, True), report
        shown = json.loads(receipt.read_bytes())["receipt_code"]
        assert shown in played.held.receipt_codes.values()


async def test_belenios_tool_passes_the_archive(plays: Plays, tmp_path: Path) -> None:
    """A stranger's program verifies what browsers encrypted, proved and opened."""
    tool = shutil.which("belenios-tool")
    if tool is None:
        assert os.environ.get("CI") != "true", "belenios-tool is missing"
        pytest.skip("belenios-tool is not installed")
    archive = (await plays.get("BELENIOS-2048")).held.archive
    shutil.copy(archive, tmp_path)
    command = [tool, "election", "verify", "--dir", str(tmp_path)]
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, check=True
    )
    assert "all checks passed" in done.stdout + done.stderr


# Headers that a browser sets by itself and that are the same for everybody with that browser.
HEADERS_OF_NOBODY = {
    *("accept", "accept-encoding", "accept-language", "connection", "content-length"),
    *("content-type", "host", "origin", "pragma", "cache-control", "priority", "user-agent"),
    *("sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform"),
    *("sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site"),
}


def casts_of(requests: Sequence[SentRequest]) -> list[SentRequest]:
    return [each for each in requests if each.method == "POST" and each.url.endswith("/ballots")]


@pytest.mark.parametrize("group", GROUPS)
async def test_casting_carries_nothing_personal(plays: Plays, group: GroupName) -> None:
    """The recorded wire: no cookie, no login, no referrer, and bodies that differ in no length."""
    played = await plays.get(group)
    text = next(each for each in entries_of(played.held.record) if each.get("type") == "election")[
        "election"
    ]
    election = parse_election(text)
    headers_seen, agents = set(), set()
    for no in people.VOTES:
        (cast,) = casts_of(played.sent[f"member {no}"])
        headers = {name.lower(): value for name, value in cast.headers.items()}
        headers = {name: value for name, value in headers.items() if not name.startswith(":")}
        assert headers.keys() <= HEADERS_OF_NOBODY
        agents.add(headers["user-agent"])
        headers_seen.add(frozenset(headers.items()))
        assert urlsplit(cast.url).path == f"/api/v1/elections/{played.held.uuid}/ballots"
        assert urlsplit(cast.url).query == ""
        assert cast.body is not None
        body = json.loads(cast.body)
        assert body.keys() == {"ballot", "token"}
        assert isinstance(body["ballot"], str)
        assert len(cast.body.encode()) == casting_length(election, len(body["token"]))
    # Six people, one request: nothing in it but the body differs.
    assert len(headers_seen) == 1
    assert len(agents) == 1


@pytest.mark.parametrize("group", GROUPS)
async def test_only_voters_cast_and_only_once(plays: Plays, group: GroupName) -> None:
    """One POST a voter; nobody else's browser ever speaks to the box."""
    played = await plays.get(group)
    casting = {name: len(casts_of(sent)) for name, sent in played.sent.items()}
    voters = {f"member {no}" for no in people.VOTES}
    assert casting == {name: int(name in voters) for name in played.sent}


@pytest.mark.parametrize("group", GROUPS)
async def test_no_request_leaves_for_others(plays: Plays, group: GroupName) -> None:
    """No third party, and none of ours but the service's own origin."""
    played = await plays.get(group)
    hosts = {
        urlsplit(each.url).netloc
        for sent in played.sent.values()
        for each in sent
        if urlsplit(each.url).scheme not in ("blob", "data")
    }
    assert hosts == {urlsplit(played.origin).netloc}


@pytest.mark.parametrize("group", GROUPS)
async def test_nobody_asks_for_one_ballot(plays: Plays, group: GroupName) -> None:
    """No request names a tracker, a leaf or its index (protocol.md §7)."""
    played = await plays.get(group)
    receipts = [json.loads(path.read_bytes()) for path in played.held.receipts]
    secrets = {each[name] for each in receipts for name in ("tracker", "leaf", "receipt")}
    secrets |= {each["receipt_code"] for each in receipts}
    for name, sent in played.sent.items():
        for each in sent:
            told = each.url + (each.body or "")
            assert not any(secret in told for secret in secrets), (name, each.url)
            path = urlsplit(each.url).path
            assert not re.search(r"/(leaves|entries|ballots)/[^/]", path), (name, each.url)
