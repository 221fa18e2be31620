"""Belenios' own JSON: compact, fields in a fixed order, absent fields left out (§1).

Belenios re-serialises what it reads and refuses other bytes, so every reader here rebuilds the
text from the parsed value and compares.
"""

import base64
import json
from typing import Any, NoReturn

from crypto.errors import MalformedError


def dumps(value: object) -> str:
    """Write compact JSON in the order of the dictionaries given (belenios-format §1)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Any:
    """
    Read JSON; duplicate fields, fractions and NaN are refused. Raises MalformedError.

    The order of fields and white space are not checked here: see `require_exact`.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except (ValueError, RecursionError):  # also integers of thousands of digits
        raise MalformedError("not JSON") from None


def require_exact(text: str, value: object) -> None:
    """Check that `text` is the one spelling of `value` in its order of fields."""
    if dumps(value) != text:
        raise MalformedError("not the canonical bytes of its value")


def fields(value: object, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> list[Any]:
    """
    The values of an object's fields, those of `optional` as None where absent.

    Raises MalformedError for anything that is not an object of exactly these fields.
    """
    if not isinstance(value, dict):
        raise MalformedError("an object is expected")
    if not set(required) <= set(value) <= {*required, *optional}:
        raise MalformedError("an object has missing or unknown fields")
    if any(value[name] is None for name in optional if name in value):
        raise MalformedError("an absent field is left out, not null")
    return [value.get(name) for name in (*required, *optional)]


def ordered_fields(
    value: object, names: tuple[str, ...], optional: tuple[str, ...] = ()
) -> list[Any]:
    """
    The values of an object's fields in the order of `names`, which is also their order in the text.

    Names that are `optional` too may be absent (None). Objects so checked are canonical when their
    text is compact (`require_exact`). Raises MalformedError.
    """
    if not isinstance(value, dict):
        raise MalformedError("an object is expected")
    if list(value) != [name for name in names if name in value or name not in optional]:
        raise MalformedError("the fields of an object are other ones or in another order")
    if any(value[name] is None for name in optional if name in value):
        raise MalformedError("an absent field is left out, not null")
    return [value.get(name) for name in names]


def text_field(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedError("a string is expected")
    return value


def list_field(value: object, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise MalformedError("an array of a certain length is expected")
    return value


def integer_field(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedError("an integer is expected")
    return value


def b64_nopad(data: bytes) -> str:
    """Standard Base64 without padding, as Belenios writes hashes (belenios-format §1)."""
    return base64.b64encode(data).decode().rstrip("=")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("an object has a field twice")
    return found


def _refuse_number(_: str) -> NoReturn:
    raise MalformedError("only integers are allowed")
