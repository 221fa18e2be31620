"""Meetings that must be refused, and scenarios that are none: exit codes and `result.json`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.cli.main import main

SCHOOL = Path(__file__).parents[1] / "fixtures" / "scenarios" / "doi-thong-school.json"


def play(change: Callable[[dict[str, Any]], None], tmp_path: Path) -> tuple[int, Path]:
    """Play the school's meeting after a change; the exit code and the folder."""
    document = json.loads(SCHOOL.read_bytes())
    del document["expected"]
    change(document)
    path, out = tmp_path / "scenario.json", tmp_path / "out"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return main(["demo", "--scenario", str(path), "--out", str(out)]), out


def without_quorum(document: dict[str, Any]) -> None:
    for member in document["members"]:
        if member["no"] > 5:
            member["attendance"] = "absent_consulted"


def with_four_ballots(document: dict[str, Any]) -> None:
    votes = document["votes"]
    document["votes"] = {no: votes[no] if int(no) <= 4 else None for no in votes}


def with_four_issuances(document: dict[str, Any]) -> None:
    document["votes"] = {no: marks for no, marks in document["votes"].items() if int(no) <= 4}


def by_show_of_hands(document: dict[str, Any]) -> None:
    document["meeting"]["method"] = "show_of_hands"


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (without_quorum, "no_quorum"),
        (with_four_ballots, "too_few_ballots"),
        (with_four_issuances, "too_few_ballots"),
        (by_show_of_hands, "open_vote_forbidden"),
    ],
)
def test_a_meeting_that_must_be_refused(
    change: Callable[[dict[str, Any]], None], refused: str, tmp_path: Path
) -> None:
    """Exit code 1, and only `result.json` is left."""
    code, out = play(change, tmp_path)
    assert code == 1
    assert json.loads((out / "result.json").read_bytes()) == {"refused": refused}
    assert [path.name for path in out.iterdir()] == ["result.json"]


def one_mark_too_few(document: dict[str, Any]) -> None:
    document["votes"]["1"].pop()


def an_unknown_field(document: dict[str, Any]) -> None:
    document["weather"] = "rain"


@pytest.mark.parametrize("change", [one_mark_too_few, an_unknown_field])
def test_a_malformed_scenario_is_no_meeting(
    change: Callable[[dict[str, Any]], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, said before anything is started."""
    code, out = play(change, tmp_path)
    assert code == 2
    assert not out.exists()
    assert "phieukin demo:" in capsys.readouterr().err


def test_a_file_that_is_not_a_scenario(tmp_path: Path) -> None:
    """Neither missing files nor other JSON end in a traceback."""
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "text.json").write_text("Biên bản")
    for name in ("list.json", "text.json", "missing.json"):
        assert main(["demo", "--scenario", str(tmp_path / name)]) == 2
