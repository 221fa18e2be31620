"""Where random bytes come from: an argument everywhere, the system's generator in service."""

import secrets
from collections.abc import Callable

from crypto.groups import Group

Randomness = Callable[[int], bytes]

SCALAR_BYTES = 64

system_randomness: Randomness = secrets.token_bytes


def draw_scalar(group: Group, randomness: Randomness) -> int:
    """Draw a scalar: 64 bytes, big-endian, mod q, so that the bias is below 2^-250."""
    return int.from_bytes(randomness(SCALAR_BYTES), "big") % group.q
