"""How our own language-neutral vectors are made, written and run again.

A file holds `spec`, `source`, `generator` and two lists. A case of `positive` names an operation,
its input and its output; a case of `negative` names the error that the input must end in, and
the reason. Python's table of operations stands in each generator; a client in another language
writes its own table and reads the same file.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from crypto.errors import CryptoError
from schemas.entries import EntryError
from schemas.grammar import GrammarError
from schemas.rules import ShareError

FOLDER = Path(__file__).parent / "phieukin"
Operation = Callable[[dict[str, Any]], Any]
_REFUSALS = (CryptoError, EntryError, GrammarError, ShareError)


class VectorFile:
    """One file of vectors in the making; every case is run as it is added."""

    def __init__(self, name: str, spec: str, generator: str, operations: Mapping[str, Operation]):
        self.name = name
        self.operations = operations
        self._head = {"spec": spec, "source": "phieukin", "generator": generator}
        self._positive: list[dict[str, Any]] = []
        self._negative: list[dict[str, Any]] = []

    def positive(self, operation: str, description: str, given: dict[str, Any]) -> Any:
        """Add a case that succeeds; returns its output."""
        output = self.operations[operation](given)
        case = {"operation": operation, "description": description, "input": given}
        self._positive.append(case | {"output": output})
        return output

    def negative(self, operation: str, reason: str, given: dict[str, Any]) -> None:
        """Add a case that must be refused."""
        error = refusal(self.operations[operation], given)
        case = {"operation": operation, "reason": reason, "input": given}
        self._negative.append(case | {"error": error})

    def render(self) -> str:
        """Write the file's text: the same for the same cases."""
        content = self._head | {"positive": self._positive, "negative": self._negative}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    def write(self) -> None:
        """Write the file into the folder of our own vectors."""
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / self.name).write_text(self.render(), encoding="utf-8")


def refusal(operation: Operation, given: dict[str, Any]) -> str:
    """Run an operation that must fail; returns the name of its error."""
    try:
        operation(given)
    except _REFUSALS as error:
        return type(error).__name__
    raise AssertionError("the case was accepted")
