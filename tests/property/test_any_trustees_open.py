"""Any t of n trustees give the same result."""

import functools
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.decryption import (
    combine,
    verify_partial_decryption,
    verify_partial_decryptions_agree,
)
from crypto.groups import GROUPS
from crypto.tally import open_tally
from tests.counting_team import CountingTeam, close_election, hold_ceremony
from tests.seeded_randomness import SeededRandomness

ED25519 = GROUPS["Ed25519"]
TEAMS = [(1, 1), (2, 2), (3, 2), (3, 3), (4, 3), (5, 3), (5, 4)]
MARK = st.sampled_from([(0, 0), (0, 1), (1, 0)])


@functools.cache
def _team(size: int, threshold: int) -> CountingTeam:
    return hold_ceremony(ED25519, size, threshold, SeededRandomness(f"{threshold} of {size}"))


@settings(max_examples=25, deadline=None)
@given(
    shape=st.sampled_from(TEAMS),
    marks=st.lists(st.tuples(MARK, MARK), min_size=1, max_size=5),
    seed=st.integers(0, 1 << 32),
)
def test_any_t_of_n(
    shape: tuple[int, int], marks: list[tuple[tuple[int, int], ...]], seed: int
) -> None:
    """Every set of t trustees opens the counts that the marks add up to."""
    size, threshold = shape
    random = SeededRandomness(str(seed))
    closed = close_election(_team(size, threshold), marks, random)
    factors = {
        trustee: verify_partial_decryption(
            closed.statement(trustee), *closed.decrypt(trustee, random)
        )
        for trustee in range(1, size + 1)
    }
    verify_partial_decryptions_agree(ED25519, threshold, factors)
    expected = tuple(
        tuple(sum(row[question][choice] for row in marks) for choice in range(2))
        for question in range(2)
    )
    for chosen in itertools.combinations(factors, threshold):
        combined = combine(ED25519, threshold, {each: factors[each] for each in chosen})
        assert open_tally(ED25519, closed.tally, combined, len(marks)) == expected
