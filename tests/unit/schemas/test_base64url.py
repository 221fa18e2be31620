"""base64url has one spelling for one value (protocol.md §11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base64url import Base64urlError, decode, encode


@given(st.binary(max_size=100))
def test_bytes_there_and_back(data: bytes) -> None:
    """Every value is read back from its text, which has no padding."""
    text = encode(data)
    assert decode(text) == data
    assert "=" not in text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("QQ==", "character"),
        ("+/+/", "character"),
        ("QQ\n", "character"),
        ("Qé", "character"),
        ("QR", "unused bits"),
        ("QUJ", "unused bits"),
        ("A", "characters"),
        ("AAAAA", "characters"),
    ],
)
def test_text_of_another_form(text: str, reason: str) -> None:
    """Padding, another alphabet, unused bits and impossible lengths are refused."""
    with pytest.raises(Base64urlError, match=reason):
        decode(text)
