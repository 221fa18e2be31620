"""Our own vectors: the generators make the committed files, and every case ends as it says."""

import json
from types import ModuleType
from typing import Any

import pytest

from tests.vectors import (
    generate_ceremony,
    generate_codes,
    generate_decryption,
    generate_device_keys,
    generate_notes,
    generate_tokens,
    generate_tree,
)
from tests.vectors.vector_file import FOLDER, refusal

GENERATORS: dict[str, ModuleType] = {
    "ceremony.json": generate_ceremony,
    "codes.json": generate_codes,
    "decryption.json": generate_decryption,
    "device-keys.json": generate_device_keys,
    "notes.json": generate_notes,
    "tokens.json": generate_tokens,
    "tree.json": generate_tree,
}


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
