"""Scenarios: the samples are read, each inconsistency is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.scenario import (
    MeetingResult,
    RefusedMeeting,
    ScenarioError,
    expected_result,
    parse_scenario,
)

SAMPLES = sorted((Path(__file__).parents[2] / "fixtures" / "scenarios").glob("*.json"))


def sample() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(SAMPLES[0].read_bytes())
    return document


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_are_read(path: Path) -> None:
    """Three meetings of fictional councils."""
    scenario = parse_scenario(json.loads(path.read_bytes()))
    assert isinstance(expected_result(scenario), MeetingResult)
    assert scenario.takes_ballot(1)


def without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda document: document.pop(name)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.update(unknown=1), "unknown"),
        (without("quorum"), "quorum"),
        (lambda d: d["members"].append(d["members"][0]), "same number"),
        (lambda d: d.update(presiding=99), "presiding: there is no member 99"),
        (lambda d: d.update(tellers=[7, 7, 4]), "named twice"),
        (lambda d: d.update(trustee_threshold=4), "more than there are tellers"),
        (lambda d: d["nominations"][0].update(no=2), "numbered"),
        (lambda d: d["votes"].update({"77": None}), "there is no member 77"),
        (lambda d: d["votes"].update({"1": ["agree"]}), "not all"),
        (lambda d: d["votes"]["1"].__setitem__(0, "maybe"), "votes"),
        (lambda d: d["members"][0].update(attendance="absent"), "absent"),
        (lambda d: d["quorum"].update(share="0%"), "share"),
    ],
)
def test_a_malformed_scenario_says_where(
    change: Callable[[dict[str, Any]], None], says: str
) -> None:
    """The message names the field to change."""
    document = sample()
    change(document)
    with pytest.raises(ScenarioError, match=says):
        parse_scenario(document)


def test_an_expectation_is_a_result_a_refusal_or_nothing() -> None:
    """`expected` has two shapes."""
    document = sample()
    document["expected"] = {"refused": "no_quorum"}
    assert expected_result(parse_scenario(document)) == RefusedMeeting(refused="no_quorum")
    document["expected"] = {"members": 9}
    with pytest.raises(ScenarioError, match="expected"):
        expected_result(parse_scenario(document))
    del document["expected"]
    assert expected_result(parse_scenario(document)) is None
