"""Runs `phieukin serve` as a process of its own, on a free loopback port and an empty database."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

START_TIMEOUT_S: Final = 60
STOP_TIMEOUT_S: Final = 20


class ServiceStartError(Exception):
    """The service did not come up; the message holds the end of what it wrote."""


@dataclass(frozen=True)
class RunningService:
    """Where it listens, the first secretary's enrolment link, and the folder of its state."""

    base_url: str
    enrolment_link: str
    state_dir: Path


@asynccontextmanager
async def running_service(
    *,
    check_window_s: int = 0,
    client_dir: Path | None = None,
    signer_roots: Path | None = None,
) -> AsyncIterator[RunningService]:
    """
    Start the service with its embedded PostgreSQL in a folder that is deleted afterwards.

    `client_dir` is the built web client to serve; without, the one that belongs to the program.
    `signer_roots`: PEM of the authorities whose certificates may sign; without, any may.
    Raises ServiceStartError.
    """
    with tempfile.TemporaryDirectory(prefix="phieukin-") as folder:
        # Run by root, PostgreSQL runs as somebody else, who must be able to pass.
        await asyncio.to_thread(Path(folder).chmod, 0o711)
        state_dir = Path(folder) / "state"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "services.cli.main", "serve", "--host", "127.0.0.1", "--port", "0", "--json"),
            *(
                "--state-dir",
                str(state_dir),
                "--throwaway",
                "--check-window-s",
                str(check_window_s),
            ),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(client_dir, signer_roots),
        )
        try:
            yield await _wait_until_listening(process, state_dir)
        finally:
            await _stop(process)


def _environment(client_dir: Path | None, signer_roots: Path | None) -> dict[str, str]:
    """That of this process without settings of another service."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PHIEUKIN")}
    given = {"PHIEUKIN_CLIENT_DIR": client_dir, "PHIEUKIN_SIGNER_ROOTS": signer_roots}
    return kept | {name: str(path) for name, path in given.items() if path is not None}


async def _wait_until_listening(
    process: asyncio.subprocess.Process, state_dir: Path
) -> RunningService:
    if process.stdout is None or process.stderr is None:
        raise AssertionError("the pipes were asked for")
    try:
        line = await asyncio.wait_for(process.stdout.readline(), START_TIMEOUT_S)
    except TimeoutError as error:
        raise ServiceStartError(f"no answer within {START_TIMEOUT_S} s") from error
    if not line:
        raise ServiceStartError((await process.stderr.read()).decode()[-2000:])
    announced = json.loads(line)
    return RunningService(announced["listening"], announced["enrolment_link"], state_dir)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.communicate(), STOP_TIMEOUT_S)
    except TimeoutError:
        process.kill()
        await process.communicate()
