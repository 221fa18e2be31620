"""`phieukin demo`: plays a scenario against a service of its own and leaves papers and record."""

import argparse
import asyncio
import json
import shutil
import sys
import time
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec

from crypto.randomness import system_randomness
from schemas.fields import GroupName
from schemas.only_secret import asks_open_vote
from schemas.scenario import (
    MeetingResult,
    RefusedMeeting,
    Scenario,
    ScenarioError,
    expected_result,
    parse_scenario,
)
from services.simulation.demonstration import (
    DemonstrationError,
    ask_for_open_vote,
    demonstrate,
)
from services.simulation.http_client import ProblemError
from services.simulation.paper_round import AUTHORITY
from services.simulation.service_process import ServiceStartError, running_service
from services.simulation.test_authority import TestAuthority

DONE, REFUSED, MALFORMED = 0, 1, 2
MAX_SCENARIO_BYTES: Final = 8 * 1024 * 1024
DEFAULT_SCENARIO: Final = "lam-giang-province.json"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe `phieukin demo`."""
    parser = subparsers.add_parser(
        "demo",
        help="play a whole meeting and leave record, papers and receipts",
        description="Starts the service on a free loopback port and lets every person of the"
        " scenario act over HTTP with their own keys.",
    )
    parser.add_argument("--scenario", type=Path, metavar="FILE", help="meeting-scenario/1 as JSON")
    parser.add_argument(
        "--group",
        choices=("Ed25519", "BELENIOS-2048"),
        default="Ed25519",
        help="the group of the ballots' encryption [Ed25519]",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("out/demo"),
        metavar="DIR",
        help="where everything is left [out/demo]",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Play the meeting; 0 held and as expected, 1 refused or not as expected, 2 malformed."""
    try:
        document = _read_scenario(arguments.scenario)
        # A scenario that asks for an open vote goes to the service as it is, to be refused there.
        scenario = None if asks_open_vote(document) else parse_scenario(document)
        expected = None if scenario is None else expected_result(scenario)
    except (OSError, ScenarioError) as error:
        print(f"phieukin demo: {error}", file=sys.stderr)
        return MALFORMED
    out: Path = arguments.out
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    progress = Progress()
    try:
        result = asyncio.run(
            _play(document if scenario is None else scenario, arguments.group, out, progress)
        )
    except ServiceStartError as error:
        print(f"phieukin demo: the service did not start: {error}", file=sys.stderr)
        return REFUSED
    except DemonstrationError as error:
        print(f"phieukin demo: {error}", file=sys.stderr)
        return REFUSED
    (out / "result.json").write_bytes(_pretty(msgspec.to_builtins(result)))
    if expected is not None and result != expected:
        print("phieukin demo: the result is not what the scenario expects", file=sys.stderr)
        return REFUSED
    return REFUSED if isinstance(result, RefusedMeeting) else DONE


class Progress:
    """Prints a line an act, with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self, line: str) -> None:
        print(f"{time.monotonic() - self._start:6.1f} s  {line}", flush=True)


async def _play(
    scenario: Scenario | dict[str, Any], group: GroupName, out: Path, progress: Progress
) -> MeetingResult | RefusedMeeting:
    authority = TestAuthority.create(datetime.now(UTC))
    (out / AUTHORITY).write_bytes(authority.pem)
    async with running_service(
        check_window_s=0, signer_roots=(out / AUTHORITY).resolve()
    ) as service:
        progress(f"The service listens on {service.base_url}")
        try:
            if isinstance(scenario, dict):
                await ask_for_open_vote(scenario, service)
                raise DemonstrationError("the service did not refuse an open vote")
            return await demonstrate(
                scenario, group, service, authority, out, system_randomness, progress
            )
        except ProblemError as refusal:
            progress(f"Refused: {refusal.name}: {refusal.detail}")
            return RefusedMeeting(refused=refusal.name.replace("-", "_"))


def _read_scenario(path: Path | None) -> dict[str, Any]:
    if path is None:
        data = resources.files("services.simulation").joinpath("scenarios", DEFAULT_SCENARIO)
        text = data.read_bytes()
    else:
        if path.stat().st_size > MAX_SCENARIO_BYTES:
            raise ScenarioError(f"{path} is larger than {MAX_SCENARIO_BYTES} bytes")
        text = path.read_bytes()
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"the scenario is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ScenarioError("a scenario is a JSON object")
    return document


def _pretty(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
