"""Repeatable random bytes for tests and vectors; never for service."""

import hashlib


class SeededRandomness:
    """
    A stream of bytes from a text: SHA-256(seed ‖ "|" ‖ n) for n = 0, 1, … in decimal, joined.

    Each call takes the next bytes of the stream, so another language can replay a vector.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._blocks = 0
        self._buffer = b""

    def __call__(self, size: int) -> bytes:
        while len(self._buffer) < size:
            block = f"{self._seed}|{self._blocks}".encode()
            self._buffer += hashlib.sha256(block).digest()
            self._blocks += 1
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken
