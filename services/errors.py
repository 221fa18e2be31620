"""What every party's errors have in common; knows nothing of HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar


class Fault(Enum):
    """Whose fault an error is and what the sender can do; `problems.py` maps it to a status."""

    MALFORMED = "malformed"  # the request is not of the form that it must have
    INVALID = "invalid"  # well formed, but its content cannot be accepted
    TOO_LARGE = "too large"
    UNSUPPORTED = "unsupported"  # an encoding or media type that is refused
    NO_LOGIN = "no login"
    FORBIDDEN = "forbidden"  # logged in, but not entitled
    MISSING = "missing"  # no such thing
    CONFLICT = "conflict"  # not in this state, or contradicts what is stored
    NOT_READY = "not ready"  # nobody's: the service is starting or has lost its database


class PartyError(Exception):
    """
    Base of all errors that a party raises on purpose.

    `name` is the problem's name in kebab case, the key of its sentences in `problem_texts/`;
    `facts` fill the placeholders of those sentences. Facts never hold a token, a credential, a
    mark, or anything that joins a person and a ballot.
    """

    name: ClassVar[str]
    fault: ClassVar[Fault]

    def __init__(self, **facts: str | int) -> None:
        super().__init__(self.name)
        self.facts = facts


@dataclass(frozen=True)
class RowFault:
    """
    What is wrong in one cell of a table that somebody sent, and what to do about it.

    `row` is counted from 1 as spreadsheets do, 0 for the table as a whole; `column` is the
    column's heading, empty where no column is meant; `problem` is a Vietnamese sentence.
    """

    row: int
    column: str
    problem: str


class RowsError(PartyError):
    """A table cannot be taken as it is; `rows` names every fault, by row."""

    def __init__(self, rows: Sequence[RowFault], **facts: str | int) -> None:
        super().__init__(**facts)
        self.rows = tuple(rows)
