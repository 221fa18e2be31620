"""Codes of protocol.md §11, each computed once: one costs about half a second on purpose."""

import functools
from typing import Final

from crypto import codes
from crypto.checkpoints import parse_note

MAX_REMEMBERED: Final = 64

code_of = functools.lru_cache(MAX_REMEMBERED)(codes.code_of)
election_code = functools.lru_cache(MAX_REMEMBERED)(codes.election_code)


@functools.lru_cache(MAX_REMEMBERED)
def seal_code_of_note(closing_note: str) -> str:
    """The seal code of a closing checkpoint, its signatures unjudged. Raises CryptoError."""
    return codes.seal_code(parse_note(closing_note).text)
