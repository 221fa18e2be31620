"""The verifier in the browser and this one say the same of every input of tests/tampering.

They share no code, so that a fault of one is seen by the other. The TypeScript runs under Node.
"""

import base64
import contextlib
import inspect
import itertools
import random
import re
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
from tests.fixtures.record_builder import build_record, receipt_of, zip_of
from tests.tampering import (
    test_archives_of_others,
    test_board,
    test_cancelled,
    test_inputs,
    test_opening,
    test_receipts,
    test_record,
)
from tests.web_verifier import Input, ask_web_verifier, file_input, needs_node

RANDOM_INPUTS = 24
TAMPERED = (test_record, test_cancelled, test_opening, test_receipts, test_inputs, test_board)
# Many archives of the same kind, each slow to verify: the client's own tests have some of them.
LEFT_OUT = {"test_one_digit_anywhere_in_a_ballot"}

pytestmark = needs_node


class Recorder:
    """Stands in for this verifier's entries: does their work, and keeps input and answer."""

    def __init__(self) -> None:
        self.inputs: list[Input] = []
        self.answers: list[dict[str, Any]] = []

    def verify_bytes(
        self, data: bytes, name: str, anchors: Anchors = NO_ANCHORS, *others: Any, **options: Any
    ) -> Report:
        is_known = anchors.trust is None and not any(others) and not options.get("given")
        asked, _ = file_input(name, data, anchors.code, anchors.strict)
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

    answers = ask_web_verifier(tmp_path, recorder.inputs)

    assert recorder.answers, "nothing was asked"
    said = [compared(answer) for answer in answers]
    differences = {
        name: (ours, theirs)
        for name, ours, theirs in zip(names, recorder.answers, said, strict=True)
        if ours != theirs
    }
    assert differences == {}


def changed_at_random(data: bytes, draw: random.Random) -> bytes:
    """One bit, byte, stretch or number of the bytes exchanged, doubled or left out."""
    changed, place = bytearray(data), draw.randrange(len(data))
    match draw.choice(("bit", "character", "doubled", "left out", "number")):
        case "bit":
            changed[place] ^= 1 << draw.randrange(8)
        case "character":
            changed[place] = draw.choice(b'0123456789abcdefABC"{}[],:\n -\\')
        case "doubled":
            changed[place:place] = changed[place : place + draw.randrange(1, 40)]
        case "left out":
            del changed[place : place + draw.randrange(1, 40)]
        case "number":
            found = draw.choice(list(re.finditer(rb"[0-9]+|$", data)))
            number = int(found[0] or 0) + draw.choice((1, -1, 10**20))
            changed[found.start() : found.end()] = str(number).encode()
    return bytes(changed)


def random_inputs(count: int) -> Iterator[bytes]:
    """Records with one file changed at random, zip files and receipts with one change."""
    draw, record = random.Random("two verifiers"), build_record()
    receipt, zipped = msgspec.json.encode(receipt_of(record)), record.to_zip()
    for number in range(count):
        if number % 6 == 0:
            yield changed_at_random(draw.choice((receipt, zipped)), draw)
            continue
        name = draw.choice((*record.files, *("entries.jsonl",) * 6))
        files = record.files | {name: changed_at_random(record.files[name], draw)}
        if name == "entries.jsonl" and draw.random() < 0.3:
            lines = record.files[name].splitlines(keepends=True)
            draw.shuffle(lines)
            files[name] = b"".join(lines[: draw.randrange(len(lines) + 1)])
        yield zip_of(files)


def test_same_verdicts_of_random_changes(tmp_path: Path) -> None:
    """Nobody chose these changes: neither verifier may be more lenient with any."""
    recorder = Recorder()
    for data in random_inputs(RANDOM_INPUTS):
        with contextlib.suppress(MalformedInputError):
            recorder.verify_bytes(data, "input", Anchors(shows_codes=False))

    said = [compared(answer) for answer in ask_web_verifier(tmp_path, recorder.inputs)]

    assert len(said) > RANDOM_INPUTS // 2
    assert said == recorder.answers
