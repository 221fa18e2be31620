"""The demonstration: a meeting, its papers signed by the people themselves, and every check."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from crypto.randomness import Randomness
from schemas.fields import GroupName
from schemas.scenario import MeetingResult, Scenario
from services.simulation.device import Device
from services.simulation.http_client import ApiClient
from services.simulation.meeting import HeldMeeting, MeetingPlay, Progress
from services.simulation.paper_round import COUNTING_MINUTE, MEETING_MINUTE, sign_papers
from services.simulation.service_process import RunningService
from services.simulation.test_authority import TestAuthority
from services.verifier.verify import verify_file


class DemonstrationError(Exception):
    """Something that must hold did not; the message says what."""


async def demonstrate(
    scenario: Scenario,
    group: GroupName,
    service: RunningService,
    authority: TestAuthority,
    out: Path,
    randomness: Randomness,
    progress: Progress,
) -> MeetingResult:
    """
    Hold the meeting, leave record, papers and receipts in `out`, and verify all of them.

    Raises ProblemError where the service refuses, DemonstrationError where a check fails.
    """
    play = MeetingPlay(
        scenario, group, service.base_url, service.enrolment_link, randomness, progress
    )
    try:
        held = await play.hold()
        await sign_papers(play, held, authority, out, progress)
        await _download(play, held, out)
    finally:
        await play.close()
    print(outcome_table(scenario, held.result), flush=True)
    await _verify_all(held, out)
    return held.result


async def ask_for_open_vote(document: dict[str, Any], service: RunningService) -> None:
    """Send a scenario that asks for an open vote as it is. Raises ProblemError, always."""
    origin = service.enrolment_link.partition("/join")[0]
    async with ApiClient(service.base_url, origin) as api:
        device = Device(api)
        await device.enrol(service.enrolment_link)
        await api.post(f"/meetings/{'0' * 32}/elections", document)


async def _download(play: MeetingPlay, held: HeldMeeting, out: Path) -> None:
    record = await play.secretary.download_record(held.uuid)
    (out / "record.zip").write_bytes(record)
    (out / f"{held.uuid}.bel").write_bytes(await play.secretary.download_archive(held.uuid))
    receipts = out / "receipts"
    receipts.mkdir()
    for receipt in held.receipts:
        (receipts / f"{receipt.tracker}.json").write_bytes(msgspec.json.encode(receipt))


async def _verify_all(held: HeldMeeting, out: Path) -> None:
    """Print the checks of the record whole, one line for every other file."""
    papers = [out / COUNTING_MINUTE, out / MEETING_MINUTE]
    receipts = sorted((out / "receipts").glob("*.json"))
    reports = await asyncio.gather(
        *(
            asyncio.to_thread(verify_file, path, processes=1)
            for path in (out / "record.zip", out / f"{held.uuid}.bel", *papers, *receipts)
        )
    )
    named = reports[: 2 + len(papers)]
    print(f"\n{named[0].to_text()}\n", flush=True)
    for report in named[1:]:
        print(f"{report.input}: {_verdict(report.ok)}", flush=True)
    good = sum(report.ok for report in reports[len(named) :])
    print(f"receipts: {good} of {len(receipts)} verified", flush=True)
    failing = [report.input for report in reports if not report.ok]
    if failing:
        raise DemonstrationError(f"checks fail on {', '.join(failing)}")


def _verdict(is_ok: bool) -> str:
    return "all checks hold" if is_ok else "A CHECK FAILS"


def outcome_table(scenario: Scenario, result: MeetingResult) -> str:
    """The table of outcomes for a terminal, in the words of the papers."""
    header = ("TT", "Trường hợp đề nghị", "Mức cần đạt", "Đồng ý", "Không", "Trống", "Tỷ lệ", "")
    rows = [header]
    for nomination, outcome in zip(scenario.nominations, result.outcomes, strict=True):
        needed = nomination.rule.votes_needed(outcome.base)
        rows.append(
            (
                str(outcome.no),
                f"{nomination.name} ({nomination.award})",
                f"{needed}/{outcome.base}",
                str(outcome.agree),
                str(outcome.disagree),
                str(outcome.blank),
                f"{outcome.share_percent}%",
                "Đạt" if outcome.passed else "Không đạt",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = ["  ".join(_aligned(row, widths)) for row in rows]
    counts = (
        f"Thành viên {result.members}, có mặt {result.present},"
        f" phát ra {result.issued} phiếu, thu về {result.returned} phiếu"
    )
    return "\n".join(["", counts, "", lines[0], "-" * len(lines[0]), *lines[1:]])


def _aligned(row: tuple[str, ...], widths: list[int]) -> list[str]:
    """Figures to the right, words to the left."""
    return [
        cell.ljust(width) if column in (1, 7) else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
