"""Our own vectors: the generators make the committed files, and every case ends as it says."""

import json
from typing import Any

import pytest

from tests.vectors.generate import GENERATORS
from tests.vectors.vector_file import FOLDER, refusal


def _cases(kind: str) -> list[Any]:
    cases = []
    for name, generator in GENERATORS.items():
        content = json.loads((FOLDER / name).read_text(encoding="utf-8"))
        label = "description" if kind == "positive" else "reason"
        for case in content[kind]:
            operation = generator.OPERATIONS[case["operation"]]
            title = f"{name} {case['operation']} {case[label]}"
            cases.append(pytest.param(operation, case, id=title))
    return cases


def test_every_file_has_a_generator() -> None:
    """No file stands in the folder that nobody makes."""
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(GENERATORS)


@pytest.mark.parametrize("name", GENERATORS)
def test_file_made_anew(name: str) -> None:
    """The generator makes exactly the committed file."""
    committed = (FOLDER / name).read_text(encoding="utf-8")
    assert GENERATORS[name].vectors().render() == committed
    assert {"spec", "source", "generator", "positive", "negative"} == json.loads(committed).keys()


@pytest.mark.parametrize(("operation", "case"), _cases("positive"))
def test_case_that_holds(operation: Any, case: dict[str, Any]) -> None:
    """A positive case gives its output."""
    assert operation(case["input"]) == case["output"]


@pytest.mark.parametrize(("operation", "case"), _cases("negative"))
def test_case_that_is_refused(operation: Any, case: dict[str, Any]) -> None:
    """A negative case ends in its error, and says why."""
    assert case["reason"]
    assert refusal(operation, case["input"]) == case["error"]
