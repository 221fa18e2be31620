"""The one JSON form that Phiếu Kín defines itself: RFC 8785, integers only, NFC strings, no null.

protocol.md §11 "JSON". Belenios' own objects are not in this form; they travel as strings of their
exact bytes (crypto/belenios_json.py).
"""

import json
import re
import unicodedata
from typing import Any, Final

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 16
_REFUSED_CHARACTERS: Final = re.compile("[\u0000-\u001f\u007f\ud800-\udfff]")


class NotCanonicalError(ValueError):
    """The bytes or values are not of the canonical form of protocol.md §11."""


def check_text(text: str) -> None:
    """
    Refuse a string that some JSON writer would escape differently.

    Without control characters, U+007F and lone surrogates, RFC 8785, `JSON.stringify` and
    Belenios escape alike, so an entry has one spelling in every language.
    """
    if _REFUSED_CHARACTERS.search(text):
        raise NotCanonicalError("a string holds a control character or a lone surrogate")
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise NotCanonicalError("a string is not in Unicode normal form C")


def _check(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotCanonicalError(f"nested more than {MAX_DEPTH} levels deep")
    match value:
        case bool():
            return
        case int():
            if abs(value) > MAX_INTEGER:
                raise NotCanonicalError("an integer is beyond 2^53 - 1")
        case str():
            check_text(value)
        case list() | tuple():
            for item in value:
                _check(item, depth + 1)
        case dict():
            for key, item in value.items():
                if not isinstance(key, str) or not key.isascii():
                    raise NotCanonicalError("a field name is not ASCII text")
                check_text(key)
                _check(item, depth + 1)
        case _:
            raise NotCanonicalError(f"no {type(value).__name__} in canonical JSON")


def encode(value: object) -> bytes:
    """
    Write a value of dicts, lists, strings, integers and booleans (RFC 8785; protocol.md §11).

    Field names are ASCII, so sorting by code points is the UTF-16 order of RFC 8785 §3.2.3.
    Raises NotCanonicalError for null, floats and strings that are refused.
    """
    _check(value, 0)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def decode(data: bytes, max_bytes: int) -> Any:
    """
    Read canonical JSON of at most `max_bytes`; anything but the canonical bytes is refused.

    Raises NotCanonicalError: not JSON, too long, or its canonical bytes are others (order, spaces,
    escapes, duplicate fields, floats, null).
    """
    if len(data) > max_bytes:
        raise NotCanonicalError(f"longer than {max_bytes} bytes")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError("not JSON in UTF-8") from error
    if encode(value) != data:
        raise NotCanonicalError("not the canonical bytes of its value")
    return value
