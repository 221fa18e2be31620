"""The encrypted sum of all ballots, and the counts in it once it is opened (belenios-format §7)."""

import math
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from crypto.ballots import Ballot
from crypto.belenios_json import dumps, fields, integer_field, list_field, loads
from crypto.elections import Election
from crypto.elgamal import Ciphertext
from crypto.errors import MalformedError, ProofError
from crypto.groups import Element, Group

MAX_TOTAL: Final = 1 << 40

EncryptedTally: TypeAlias = tuple[tuple[Ciphertext, ...], ...]
"""By question, by choice; the product of all counted ballots."""

Factors: TypeAlias = tuple[tuple[Element, ...], ...]
"""By question, by choice: alpha^x, of one trustee or of all together."""


def encrypt_tally(
    election: Election, ballots: Iterable[Ballot], weights: Sequence[int] | None = None
) -> EncryptedTally:
    """
    Multiply all ballots, component by component (belenios-format §7; V13).

    `weights` are for archives of others, one a ballot. Raises MalformedError.
    """
    group = election.group
    sums = [
        [Ciphertext(group.identity, group.identity) for _ in range(question.choices)]
        for question in election.questions
    ]
    counted = list(ballots)
    if weights is not None and len(weights) != len(counted):
        raise MalformedError("each ballot has one weight")
    for ballot, weight in zip(counted, weights or [1] * len(counted), strict=True):
        for answers, answer in zip(sums, ballot.answers, strict=True):
            for position, choice in enumerate(answer.choices):
                alpha, beta = choice.alpha, choice.beta
                if weight != 1:
                    alpha, beta = group.power(alpha, weight), group.power(beta, weight)
                total = answers[position]
                answers[position] = Ciphertext(
                    group.multiply(total.alpha, alpha), group.multiply(total.beta, beta)
                )
    return tuple(tuple(answers) for answers in sums)


def tally_to_text(group: Group, tally: EncryptedTally) -> str:
    """Write the exact bytes of an `encrypted_tally` (belenios-format §7)."""
    text = group.element_to_text
    return dumps(
        [
            [{"alpha": text(each.alpha), "beta": text(each.beta)} for each in answers]
            for answers in tally
        ]
    )


def open_tally(
    group: Group, tally: EncryptedTally, combined: Factors, total: int
) -> tuple[tuple[int, ...], ...]:
    """
    Read the counts out of the sum: g^count = beta / factor, 0 <= count <= total (§7).

    `total` is the number of ballots, or their weight. Raises ProofError when no count fits, and
    MalformedError for a total above 2^40.
    """
    logarithm = _BoundedLogarithm(group, total)
    return tuple(
        tuple(
            logarithm.of(group.divide(each.beta, factor))
            for each, factor in zip(answers, factors, strict=True)
        )
        for answers, factors in zip(tally, combined, strict=True)
    )


def result_to_text(result: Sequence[Sequence[int]]) -> str:
    """Write the exact bytes of a `result` (belenios-format §7)."""
    return dumps({"result": [list(counts) for counts in result]})


def parse_result(election: Election, text: str) -> tuple[tuple[int, ...], ...]:
    """Read the exact bytes of a `result` of this election's shape. Raises MalformedError."""
    (rows,) = fields(loads(text), ("result",))
    result = tuple(
        tuple(integer_field(count) for count in list_field(row, question.choices))
        for row, question in zip(
            list_field(rows, len(election.questions)), election.questions, strict=True
        )
    )
    if any(count < 0 for counts in result for count in counts):
        raise MalformedError("a count is not negative")
    if result_to_text(result) != text:
        raise MalformedError("not the canonical bytes of a result")
    return result


class _BoundedLogarithm:
    """Baby steps and giant steps (Shanks) for logarithms from 0 to a bound."""

    def __init__(self, group: Group, bound: int) -> None:
        if not 0 <= bound <= MAX_TOTAL:
            raise MalformedError("the total of ballots is out of range")
        self._group = group
        self._bound = bound
        self._width = math.isqrt(bound) + 1
        self._small: dict[Element, int] = {}
        power = group.identity
        for exponent in range(self._width):
            self._small[power] = exponent
            power = group.multiply(power, group.generator)
        self._giant = group.invert(power)

    def of(self, element: Element) -> int:
        for step in range(self._width):
            small = self._small.get(element)
            if small is not None and step * self._width + small <= self._bound:
                return step * self._width + small
            element = self._group.multiply(element, self._giant)
        raise ProofError("the factors do not open the sum to a possible count")
