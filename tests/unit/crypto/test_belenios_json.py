"""Belenios' JSON: one spelling of each value (belenios-format §1)."""

import functools
from collections.abc import Callable
from typing import Any

import pytest

from crypto.belenios_json import (
    b64_nopad,
    dumps,
    fields,
    integer_field,
    list_field,
    loads,
    ordered_fields,
    require_exact,
    text_field,
)
from crypto.errors import MalformedError


def test_written_value() -> None:
    """Compact, in the order given, letters as they are."""
    assert dumps({"b": [1, "Đ"], "a": {"x": True}}) == '{"b":[1,"Đ"],"a":{"x":true}}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{} {}",
        '{"a":1,"a":1}',
        '{"a":{"b":1,"b":2}}',
        "1.0",
        "1e2",
        "NaN",
        "[-Infinity]",
        "9" * 5000,
        "[" * 100_000,
        "{'a':1}",
    ],
)
def test_text_that_is_no_json(text: str) -> None:
    """Duplicate fields, fractions, and what no parser should take, are refused as malformed."""
    with pytest.raises(MalformedError):
        loads(text)


def test_other_spellings() -> None:
    """The value is the same, the bytes are not."""
    for text in ('{"a": 1}', '{"a":1}\n', '{"a":01}', '{"\\u0061":1}'):
        with pytest.raises(MalformedError):
            require_exact(text, loads(text) if "01" not in text else {"a": 1})
    require_exact('{"a":1}', {"a": 1})


def test_fields_of_an_object() -> None:
    """Required fields must be there, optional ones may, others may not."""
    assert fields({"b": 2, "a": 1}, ("a", "b")) == [1, 2]
    assert fields({"a": 1}, ("a",), ("c",)) == [1, None]
    assert fields({"a": 1, "c": 3}, ("a",), ("c",)) == [1, 3]
    wrong: list[Any] = [[], "a", None, {}, {"a": 1, "d": 1}, {"a": 1, "c": None}]
    for value in wrong:
        with pytest.raises(MalformedError):
            fields(value, ("a",), ("c",))


def test_fields_in_their_order() -> None:
    """The same with the order checked; an optional field has its place as well."""
    names = ("a", "b", "c")
    assert ordered_fields({"a": 1, "b": 2, "c": 3}, names, ("b",)) == [1, 2, 3]
    assert ordered_fields({"a": 1, "c": 3}, names, ("b",)) == [1, None, 3]
    wrong: list[Any] = [
        [],
        None,
        {"b": 2, "a": 1, "c": 3},
        {"a": 1, "c": 3, "b": 2},
        {"a": 1, "b": 2},
        {"a": 1, "b": None, "c": 3},
        {"a": 1, "c": 3, "d": 4},
    ]
    for value in wrong:
        with pytest.raises(MalformedError):
            ordered_fields(value, names, ("b",))


def test_types_of_fields() -> None:
    """A string is a string, an array an array, and true is not 1."""
    assert text_field("x") == "x"
    assert list_field([1]) == [1]
    assert list_field([1], 1) == [1]
    assert integer_field(-3) == -3
    refused: list[tuple[Callable[[Any], object], list[Any]]] = [
        (text_field, [1, None, ["x"]]),
        (list_field, ["x", {}, None]),
        (functools.partial(list_field, length=1), [[], [1, 2]]),
        (integer_field, [True, "1", None, 1.0]),
    ]
    for read, values in refused:
        for value in values:
            with pytest.raises(MalformedError):
                read(value)


def test_base64_of_hashes() -> None:
    """Standard alphabet, no padding."""
    assert b64_nopad(b"\xfb\xff") == "+/8"
    assert len(b64_nopad(bytes(32))) == 43
