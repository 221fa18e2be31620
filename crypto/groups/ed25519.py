"""The group Ed25519 of Belenios (2.1 and later) on libsodium (belenios-format §2.2).

Elements are the 32 canonical bytes of RFC 8032 §5.1.2; in Belenios' text they stand reversed, as
64 hexadecimal digits.
"""

import functools
import re
from typing import Final

from nacl import bindings

from crypto.errors import MalformedError, MembershipError
from crypto.groups.group import Element, FixedBase, Group

_TEXT: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_IDENTITY: Final = bytes([1]) + bytes(31)
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_GENERATOR: Final = bytes.fromhex("58" + "66" * 31)

_add = bindings.crypto_core_ed25519_add
_subtract = bindings.crypto_core_ed25519_sub
_is_valid_point = bindings.crypto_core_ed25519_is_valid_point
_multiply = bindings.crypto_scalarmult_ed25519_noclamp
_multiply_base = bindings.crypto_scalarmult_ed25519_base_noclamp


class _AnyBase(FixedBase):
    """libsodium has tables for the base point only, so this is an ordinary multiplication."""

    def __init__(self, group: "Ed25519", element: bytes) -> None:
        self.element = element
        self._group = group

    def power(self, exponent: int) -> Element:
        return self._group.power(self.element, exponent)


class _BasePoint(FixedBase):
    def __init__(self, group: "Ed25519") -> None:
        self.element = _GENERATOR
        self._group = group

    def power(self, exponent: int) -> Element:
        return self._group.power_of_generator(exponent)


class Ed25519(Group):
    """The prime-order subgroup of edwards25519."""

    name = "Ed25519"
    q = _ORDER
    generator = _GENERATOR
    identity = _IDENTITY

    def __reduce__(self) -> str:
        # Pickled by name: a process has one instance, so that tables are cached once.
        return "ED25519"

    def element_from_text(self, text: str) -> Element:
        if not _TEXT.fullmatch(text):
            raise MalformedError("an element of Ed25519 is written as 64 hexadecimal digits")
        element = bytes.fromhex(text)[::-1]
        if not self.is_member(element):
            raise MembershipError("not an element of the prime-order subgroup of Ed25519")
        return element

    def element_to_text(self, element: Element) -> str:
        return bytes(element)[::-1].hex()

    def is_member(self, element: Element) -> bool:
        # libsodium refuses small orders, the neutral element among them, and wrong encodings.
        return bool(element == _IDENTITY or _is_valid_point(element))

    def multiply(self, left: Element, right: Element) -> Element:
        return _add(left, right)

    def divide(self, left: Element, right: Element) -> Element:
        return _subtract(left, right)

    def power(self, base: Element, exponent: int) -> Element:
        scalar = exponent % _ORDER
        # libsodium answers with an error where the product is the neutral element.
        if scalar == 0 or base == _IDENTITY:
            return _IDENTITY
        return _multiply(scalar.to_bytes(32, "little"), base)

    def power_of_generator(self, exponent: int) -> Element:
        scalar = exponent % _ORDER
        if scalar == 0:
            return _IDENTITY
        return _multiply_base(scalar.to_bytes(32, "little"))

    @functools.lru_cache(maxsize=16)  # noqa: B019 (one instance for the life of the process)
    def fixed_base(self, element: Element) -> FixedBase:
        return _BasePoint(self) if element == _GENERATOR else _AnyBase(self, element)


ED25519: Final = Ed25519()
