"""Bytes as base64url without padding, in their one spelling (protocol.md §11 "Text and bytes")."""

import base64
import binascii
import re
from typing import Final

_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


class Base64urlError(ValueError):
    """Not base64url without padding, or its unused bits are not zero."""


def encode(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Read base64url without padding; unused bits are zero. Raises Base64urlError."""
    if not _ALPHABET.fullmatch(text):
        raise Base64urlError("a character is not of base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise Base64urlError("no bytes have so many characters") from None
    if encode(data) != text:
        raise Base64urlError("unused bits are not zero")
    return data
