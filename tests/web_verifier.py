"""The web client's verifier under Node: what it says of the inputs that it is given."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

WEB: Final = Path(__file__).parents[1] / "services" / "web"
BUNDLER: Final = WEB / "node_modules" / "rolldown" / "bin" / "cli.mjs"
# A Node that came as a wheel stands beside this Python.
_PATH: Final = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
NODE: Final = shutil.which("node", path=_PATH)
TIME_LIMIT_S: Final = 900

Input = tuple[dict[str, Any], bytes]
"""What is asked (see services/web/tests/verifier/verify_files.ts), and the file's bytes."""

IS_MISSING: Final = os.environ.get("CI") != "true" and (NODE is None or not BUNDLER.exists())
WHY: Final = "Node or the web client's packages are not installed"

needs_node = pytest.mark.skipif(IS_MISSING, reason=WHY)


def skip_without_node() -> None:
    """For the last part of a test."""
    if IS_MISSING:
        pytest.skip(WHY)


def file_input(name: str, data: bytes, code: str | None = None, strict: bool = False) -> Input:
    """A file to verify as an auditor would drop it onto the page."""
    return {"kind": "file", "name": name, "code": code, "strict": strict}, data


def ask_web_verifier(folder: Path, inputs: Sequence[Input]) -> list[dict[str, Any]]:
    """A report, `{"malformed"}` or `{"refused"}` for each input; `folder` is for its files."""
    assert NODE is not None, "Node is not installed"
    given = folder / "inputs"
    given.mkdir()
    (given / "inputs.json").write_bytes(msgspec.json.encode([what for what, _ in inputs]))
    for place, (_, data) in enumerate(inputs):
        (given / str(place)).write_bytes(data)
    script = _bundle(NODE, folder / "bundle")
    run = subprocess.run(
        [NODE, str(script), str(given)], check=True, capture_output=True, timeout=TIME_LIMIT_S
    )
    answers: list[dict[str, Any]] = json.loads(run.stdout)
    return answers


def failing(answer: dict[str, Any]) -> list[str]:
    """The checks that fail, each with what is said of it."""
    return [
        f"{each['id']}: {each['detail']}" for each in answer["checks"] if each["status"] == "fails"
    ]


def _bundle(node: str, folder: Path) -> Path:
    """The TypeScript verifier as one script for Node."""
    entry = WEB / "tests" / "verifier" / "verify_files.ts"
    subprocess.run(
        [node, str(BUNDLER), str(entry), "--dir", str(folder), "--platform", "node"],
        cwd=WEB,
        check=True,
        capture_output=True,
        timeout=TIME_LIMIT_S,
    )
    return folder / "verify_files.js"
