"""Where random bytes come from: an argument everywhere, the system's generator in service."""

import secrets
from collections.abc import Callable

Randomness = Callable[[int], bytes]

system_randomness: Randomness = secrets.token_bytes
