"""Canonical JSON: one spelling of every value, and nothing else is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.canonical import MAX_INTEGER, NotCanonicalError, decode, encode

texts = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
    .map(lambda text: __import__("unicodedata").normalize("NFC", text))
    .filter(lambda text: "\x7f" not in text)
)
values = st.recursive(
    st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcXYZ_019", min_size=1, max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    """Encoding and decoding are inverse, byte for byte."""
    data = encode(value)
    assert decode(data, 1 << 20) == value
    assert encode(decode(data, 1 << 20)) == data


def test_fields_are_sorted_and_vietnamese_stands_unescaped() -> None:
    """RFC 8785 §3.2.3; letters are not escaped."""
    assert encode({"b": 1, "a": "Đồng ý", "B": True}) == '{"B":true,"a":"Đồng ý","b":1}'.encode()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"b":1,"a":2}', "fields in another order"),
        (b'{"a": 1}', "a space"),
        (b'{"a":1}\n', "a newline at the end"),
        (b'{"a":1,"a":1}', "a field twice"),
        (b'{"a":null}', "null"),
        (b'{"a":1.0}', "a fraction"),
        (b'{"a":1e3}', "an exponent"),
        (b'{"a":NaN}', "not a number"),
        (b'{"a":9007199254740992}', "beyond 2^53 - 1"),
        (b'{"a":"\\u00e9"}', "an escape where none is needed"),
        (b'{"a":"\\u0000"}', "a control character"),
        (b'{"a":"\\ud800"}', "a lone surrogate"),
        ('{"a":"e\u0301"}'.encode(), "not in NFC"),
        (b'{"a":"\x7f"}', "DEL"),
        ('{"á":1}'.encode(), "a field name that is not ASCII"),
        (b"\xff\xfe", "not UTF-8"),
        (b"", "nothing"),
        (b"[" * 20 + b"]" * 20, "nested too deep"),
        (b"[" * 100_000, "nested beyond the reader"),
    ],
)
def test_another_spelling_is_refused(data: bytes, why: str) -> None:
    """Only the canonical bytes of a value are read."""
    with pytest.raises(NotCanonicalError):
        decode(data, 1 << 20)


def test_more_bytes_than_allowed_are_not_even_parsed() -> None:
    """Everything from outside has a maximum size."""
    with pytest.raises(NotCanonicalError, match="longer than 4 bytes"):
        decode(b'{"a":1}', 4)


@pytest.mark.parametrize("value", [None, 1.5, {1: 2}, b"x", object()])
def test_values_without_a_canonical_form_are_not_written(value: object) -> None:
    """Null, fractions and foreign types have no place in a leaf."""
    with pytest.raises(NotCanonicalError):
        encode(value)
