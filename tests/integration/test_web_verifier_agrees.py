"""The verifier in the browser and this one say the same of every input of tests/tampering.

They share no code, so that a fault of one is seen by the other. The TypeScript runs under Node.
"""

import base64
import inspect
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from services.verifier.board import BoardRefusedError, DownloadedBoard, verify_board_for_opening
from services.verifier.checks_anchor import Anchors
from services.verifier.record_files import MalformedInputError
from services.verifier.report import Report
from services.verifier.verify import NO_ANCHORS, verify_bytes
from tests.tampering import (
    test_archives_of_others,
    test_board,
    test_cancelled,
    test_inputs,
    test_opening,
    test_receipts,
    test_record,
)

WEB = Path(__file__).parents[2] / "services" / "web"
BUNDLER = WEB / "node_modules" / "rolldown" / "bin" / "cli.mjs"
# A Node that came as a wheel stands beside this Python.
_PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
NODE = shutil.which("node", path=_PATH)
TIME_LIMIT_S = 900
TAMPERED = (test_record, test_cancelled, test_opening, test_receipts, test_inputs, test_board)
# Many archives of the same kind, each slow to verify: the client's own tests have some of them.
LEFT_OUT = {"test_one_digit_anywhere_in_a_ballot"}

pytestmark = pytest.mark.skipif(
    os.environ.get("CI") != "true" and (NODE is None or not BUNDLER.exists()),
    reason="Node or the web client's packages are not installed",
)


class Recorder:
    """Stands in for this verifier's entries: does their work, and keeps input and answer."""

    def __init__(self) -> None:
        self.inputs: list[tuple[dict[str, Any], bytes]] = []
        self.answers: list[dict[str, Any]] = []

    def verify_bytes(
        self, data: bytes, name: str, anchors: Anchors = NO_ANCHORS, *others: Any, **options: Any
    ) -> Report:
        is_known = anchors.trust is None and not any(others) and not options.get("given")
        asked = {
            "kind": "file",
            "name": name,
            "code": anchors.code,
            "strict": anchors.strict,
            "shows_codes": anchors.shows_codes,
        }
        try:
            report = verify_bytes(data, name, anchors, *others, **options)
        except MalformedInputError:
            if is_known:
                self.add(asked, data, {"malformed": True})
            raise
        if is_known:
            self.add(asked, data, {"checks": {each.id: each.status for each in report.checks}})
        return report

    def verify_board_for_opening(self, board: DownloadedBoard, *options: Any, **named: Any) -> Any:
        def text(value: bytes) -> str:
            return base64.b64encode(value).decode()

        data = msgspec.json.encode(
            {
                "entries": [text(entry) for entry in board.entries],
                "opening_note": board.opening_note,
                "closing_note": board.closing_note,
                "roster": text(board.roster),
                "attendance": text(board.attendance),
            }
        )
        asked = {"kind": "board", "name": "board"}
        try:
            ready = verify_board_for_opening(board, *options, **named)
        except BoardRefusedError as error:
            self.add(asked, data, {"refused": list(error.refused)})
            raise
        self.add(asked, data, {"refused": []})
        return ready

    def add(self, asked: dict[str, Any], data: bytes, answer: dict[str, Any]) -> None:
        if (asked, data) not in self.inputs:
            self.inputs.append((asked, data))
            self.answers.append(answer)


def calls_of(module: ModuleType) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Every test function of a module with every set of its parameters; none with fixtures."""
    for name, function in vars(module).items():
        if not name.startswith("test_") or name in LEFT_OUT or not inspect.isfunction(function):
            continue
        choices: list[list[dict[str, Any]]] = []
        for mark in getattr(function, "pytestmark", []):
            names = mark.args[0]
            names = [names] if isinstance(names, str) else list(names)
            choices.append(
                [
                    dict(zip(names, [value] if len(names) == 1 else value, strict=True))
                    for value in mark.args[1]
                ]
            )
        for chosen in itertools.product(*choices):
            arguments = {key: value for part in chosen for key, value in part.items()}
            if set(arguments) == set(inspect.signature(function).parameters):
                yield name, function, arguments


def bundle(folder: Path) -> Path:
    """The TypeScript verifier as one script for Node."""
    assert NODE is not None, "Node is not installed"
    entry = WEB / "tests" / "verifier" / "verify_files.ts"
    subprocess.run(
        [NODE, str(BUNDLER), str(entry), "--dir", str(folder), "--platform", "node"],
        cwd=WEB,
        check=True,
        capture_output=True,
        timeout=TIME_LIMIT_S,
    )
    return folder / "verify_files.js"


def ask_typescript(folder: Path, recorder: Recorder) -> list[dict[str, Any]]:
    """What the TypeScript verifier says of every input that was recorded."""
    assert NODE is not None
    inputs = folder / "inputs"
    inputs.mkdir()
    asked = [what for what, _ in recorder.inputs]
    (inputs / "inputs.json").write_bytes(msgspec.json.encode(asked))
    for place, (_, data) in enumerate(recorder.inputs):
        (inputs / str(place)).write_bytes(data)
    script = bundle(folder / "bundle")
    run = subprocess.run(
        [NODE, str(script), str(inputs)], check=True, capture_output=True, timeout=TIME_LIMIT_S
    )
    answers: list[dict[str, Any]] = json.loads(run.stdout)
    return answers


def compared(answer: dict[str, Any]) -> dict[str, Any]:
    """The part of a TypeScript answer that has to be the same: numbers and statuses."""
    if "malformed" in answer:
        return {"malformed": True}
    if "refused" in answer:
        return {"refused": answer["refused"]}
    return {"checks": {each["id"]: each["status"] for each in answer["checks"]}}


@pytest.mark.parametrize("module", [*TAMPERED, test_archives_of_others], ids=lambda m: m.__name__)
def test_same_verdicts(module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the tests of a module ask this verifier, the other one answers alike."""
    recorder = Recorder()
    for name in ("verify_bytes", "verify_board_for_opening"):
        monkeypatch.setattr(module, name, getattr(recorder, name), raising=False)
    names = []
    for name, function, arguments in calls_of(module):
        before = len(recorder.inputs)
        function(**arguments)
        names += [f"{name} {list(arguments.values())}"] * (len(recorder.inputs) - before)

    answers = ask_typescript(tmp_path, recorder)

    assert recorder.answers, "nothing was asked"
    said = [compared(answer) for answer in answers]
    differences = {
        name: (ours, theirs)
        for name, ours, theirs in zip(names, recorder.answers, said, strict=True)
        if ours != theirs
    }
    assert differences == {}
