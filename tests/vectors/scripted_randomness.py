"""Random values that stand in a vector, handed out in order."""

from collections.abc import Iterable

from crypto.randomness import SCALAR_BYTES, Randomness


def scripted_scalars(scalars: Iterable[str]) -> Randomness:
    """Hand out decimal scalars, one a draw; a draw is 64 bytes, big-endian, mod q."""
    remaining = [int(each).to_bytes(SCALAR_BYTES, "big") for each in scalars]
    return lambda size: remaining.pop(0)
