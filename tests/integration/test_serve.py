"""`phieukin serve` as a process: it announces itself, serves, and stops in order."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.main import main

TIME_LIMIT_S = 60


def environment(**settings: str) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("PHIEUKIN")} | settings


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "services.cli.main", "serve", *arguments]


class Service:
    """A running service and the line that it announced itself with."""

    def __init__(self, *arguments: str, **settings: str) -> None:
        self.process = subprocess.Popen(
            command("--port", "0", "--json", *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(**settings),
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.announced: Any = json.loads(line)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """The exit code and what was written to the standard error stream."""
        self.process.send_signal(number)
        _, written = self.process.communicate(timeout=TIME_LIMIT_S)
        return self.process.returncode, written


def test_life_of_a_service(state_dir: Path) -> None:
    """
    It announces itself, keeps its folder to itself, and stops PostgreSQL when it is stopped.

    After a kill, PostgreSQL still runs, and the next start takes it over with all that it holds.
    """
    pid_file = state_dir / "postgresql" / "data" / "postmaster.pid"
    first = Service("--state-dir", str(state_dir), "--check-window-s", "0")
    origin, _, code = first.announced["enrolment_link"].partition("/join#")
    # A browser makes no passkey for a number, so links name the host.
    assert origin == first.announced["listening"].replace("127.0.0.1", "localhost")
    ready = httpx.get(f"{origin}/health/ready", trust_env=False)
    assert (ready.status_code, ready.text) == (200, "ready")
    inspected = httpx.post(
        f"{origin}/api/v1/enrolments/inspect", json={"code": code}, trust_env=False
    )
    assert inspected.json() == {"name": "Thư ký Hội đồng"}
    assert (state_dir / "database-password").stat().st_mode & 0o077 == 0

    refused = subprocess.run(
        command("--port", "0", "--state-dir", str(state_dir)),
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        timeout=TIME_LIMIT_S,
    )
    assert refused.returncode == 1
    assert "--state-dir" in refused.stderr
    assert httpx.get(f"{origin}/health/live", trust_env=False).is_success

    first.stop(signal.SIGKILL)
    assert pid_file.exists()
    second = Service("--state-dir", str(state_dir))
    # Nobody has enrolled: the link is printed again, a new one, since it is stored as a hash.
    assert second.announced["enrolment_link"].partition("#")[2] != code
    assert second.stop() == (0, "")
    assert not pid_file.exists()
    assert Service("--state-dir", str(state_dir)).stop(signal.SIGINT) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "settings", "message"),
    [
        (("--host", "127.0.0.2", "--port", "0"), {}, "PHIEUKIN_ORIGINS"),
        (("--port", "0"), {"PHIEUKIN_ORIGNS": "https://phieukin.example"}, "PHIEUKIN_ORIGNS"),
        (("--port", "0", "--check-window-s", "5"), {}, "at least 30"),
        (("--port", "70000"), {}, "port"),
        (("--colour",), {}, "unrecognized"),
    ],
)
def test_wrong_settings(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    settings: dict[str, str],
    message: str,
) -> None:
    """Wrong settings end it with exit code 2 before anything is made."""
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    handler = signal.getsignal(signal.SIGTERM)
    try:
        code: object = main(["serve", *arguments])
    except SystemExit as usage:
        code = usage.code
    finally:
        signal.signal(signal.SIGTERM, handler)
    assert code == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_port_that_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two services never share a port: half of the requests would go astray."""
    handler = signal.getsignal(signal.SIGTERM)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        try:
            assert main(["serve", "--port", port, "--state-dir", str(tmp_path / "state")]) == 1
        finally:
            signal.signal(signal.SIGTERM, handler)
    assert "Address already in use" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_database_that_is_not_there() -> None:
    """A database that does not answer is a refusal, and its password is not repeated."""
    done = subprocess.run(
        command("--port", "0"),
        capture_output=True,
        text=True,
        env=environment(PHIEUKIN_DATABASE_URL="postgresql://owner:word@127.0.0.1:1/phieukin"),
        check=False,
        timeout=TIME_LIMIT_S,
    )
    assert done.returncode == 1
    assert "phieukin serve:" in done.stderr
    assert "word" not in done.stderr
    assert "Traceback" not in done.stderr


def test_client_of_a_service(state_dir: Path, tmp_path: Path) -> None:
    """
    The service serves the client that it was given, and refuses one that is not what was named.

    A client that was changed after its build, or is not the one whose hash the operator published,
    would put a wrong `client_hash` into every election.
    """
    page = b"<!doctype html>"
    (tmp_path / "index.html").write_bytes(page)
    manifest = f"{hashlib.sha256(page).hexdigest()}  index.html\n".encode()
    (tmp_path / "client-manifest.txt").write_bytes(manifest)
    named = {
        "PHIEUKIN_CLIENT_DIR": str(tmp_path),
        "PHIEUKIN_CLIENT_HASH": hashlib.sha256(manifest).hexdigest(),
    }
    service = Service("--state-dir", str(state_dir), **named)
    link = service.announced["enrolment_link"].partition("#")[0]
    assert httpx.get(link, trust_env=False).content == page
    assert service.stop() == (0, "")
    other = named | {"PHIEUKIN_CLIENT_HASH": "0" * 64}
    code, written = _refusal(other)
    assert code == 2
    assert f"the client here is {named['PHIEUKIN_CLIENT_HASH']}" in written
    (tmp_path / "index.html").write_bytes(page + b"<script src=//other.example></script>")
    code, written = _refusal(named)
    assert code == 1
    assert "index.html is not the file that client-manifest.txt names" in written


def _refusal(settings: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command("--port", "0"),
        capture_output=True,
        text=True,
        env=environment(**settings),
        check=False,
        timeout=TIME_LIMIT_S,
    )
    return done.returncode, done.stderr
