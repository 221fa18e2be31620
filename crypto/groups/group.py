"""The interface of a group of prime order, as Belenios uses it (belenios-format §2)."""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from crypto.errors import MalformedError, MembershipError, ScalarRangeError

Element: TypeAlias = Any
"""An element: immutable, hashable, equal when and only when the group elements are. Opaque."""

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,99}", re.ASCII)


class FixedBase(ABC):
    """An element prepared for many powers."""

    element: Element

    @abstractmethod
    def power(self, exponent: int) -> Element:
        """This element to the power `exponent`, any integer (reduced mod q)."""


class Group(ABC):
    """A group of prime order `q` with `generator`; written multiplicatively as in Belenios."""

    name: str
    q: int
    generator: Element
    identity: Element

    @abstractmethod
    def element_from_text(self, text: str) -> Element:
        """
        Read an element from its one Belenios JSON form, with the check of membership.

        The neutral element is a member; callers that refuse it say so (`refuse_identity`).
        Raises MalformedError for a wrong form, MembershipError for a non-member.
        """

    @abstractmethod
    def element_to_text(self, element: Element) -> str:
        """Write an element in its one Belenios JSON form."""

    @abstractmethod
    def is_member(self, element: Element) -> bool:
        """Whether a parsed value is in the subgroup of order q (the costly half of parsing)."""

    @abstractmethod
    def multiply(self, left: Element, right: Element) -> Element: ...

    @abstractmethod
    def divide(self, left: Element, right: Element) -> Element: ...

    @abstractmethod
    def power(self, base: Element, exponent: int) -> Element:
        """`base` to the power `exponent`, any integer (reduced mod q)."""

    @abstractmethod
    def power_of_generator(self, exponent: int) -> Element: ...

    @abstractmethod
    def fixed_base(self, element: Element) -> FixedBase:
        """Prepare `element` for many powers; cached for the last elements that were asked for."""

    def refuse_identity(self, element: Element) -> None:
        """Raise MembershipError for the neutral element."""
        if element == self.identity:
            raise MembershipError("the neutral element is refused here")

    def invert(self, element: Element) -> Element:
        return self.divide(self.identity, element)

    def product(self, elements: Iterable[Element]) -> Element:
        """Multiply all; the neutral element for none."""
        remaining = iter(elements)
        total = next(remaining, self.identity)
        for element in remaining:
            total = self.multiply(total, element)
        return total

    def scalar_from_text(self, text: str) -> int:
        """
        Read a scalar: decimal digits without leading zeros, 0 <= n < q (belenios-format §1).

        Raises MalformedError or ScalarRangeError.
        """
        if not _DECIMAL.fullmatch(text):
            raise MalformedError("a scalar is written in decimal digits without leading zeros")
        scalar = int(text)
        if scalar >= self.q:
            raise ScalarRangeError("a scalar is not below the order of the group")
        return scalar

    def hash_to_scalar(self, text: str) -> int:
        """H of Belenios protocol 1: SHA-256 of ASCII text, big-endian, mod q (§1)."""
        return int.from_bytes(hashlib.sha256(text.encode("ascii")).digest(), "big") % self.q
