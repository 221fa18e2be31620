"""Counts what a verification does in the group, and does only that again, on the bare backend.

The floor that verifying is measured against: the same multiplications, powers, table look-ups and
membership checks, called directly on parsed values, without transcripts, JSON or proofs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gmpy2
from nacl import bindings

from crypto.groups import FixedBase, Group

Call = tuple[Callable[..., Any], tuple[Any, ...]]


class _RecordedBase(FixedBase):
    """A prepared base that notes each of its powers."""

    def __init__(self, inner: FixedBase, calls: list[Call]) -> None:
        self.element = inner.element
        self._inner = inner
        self._calls = calls

    def power(self, exponent: int) -> Any:
        length = len(self._calls)
        value = self._inner.power(exponent)
        # Without a table of its own, a base has noted the ordinary power already.
        if len(self._calls) == length:
            self._calls.append((self._inner.power, (exponent,)))
        return value


@contextmanager
def recorded_calls(group: Group) -> Iterator[list[Call]]:
    """Note every operation of `group` while the block runs, as calls of the backend."""
    calls: list[Call] = []
    original_base = group.fixed_base
    patched = {
        "power": _noting(calls, group.power, _bare_power(group)),
        "multiply": _noting(calls, group.multiply, _bare_multiply(group)),
        "is_member": _noting(calls, group.is_member, _bare_membership(group)),
        "power_of_generator": _noting(calls, group.power_of_generator, _bare_generator(group)),
        "fixed_base": lambda element: _RecordedBase(original_base(element), calls),
    }
    for name, function in patched.items():
        setattr(group, name, function)
    try:
        yield calls
    finally:
        for name in patched:
            delattr(group, name)


def replay(calls: list[Call]) -> None:
    """Do the noted calls again and throw their values away."""
    for function, arguments in calls:
        function(*arguments)


def _noting(
    calls: list[Call], original: Callable[..., Any], bare: Callable[..., Call]
) -> Callable[..., Any]:
    def noted(*arguments: Any) -> Any:
        length = len(calls)
        value = original(*arguments)
        # An operation that is made of others has noted those already.
        if len(calls) == length:
            calls.append(bare(*arguments))
        return value

    return noted


def _bare_power(group: Group) -> Callable[..., Call]:
    if group.name == "Ed25519":
        return lambda base, exponent: (
            bindings.crypto_scalarmult_ed25519_noclamp,
            ((exponent % group.q).to_bytes(32, "little"), base),
        )
    modulus = _modulus(group)
    return lambda base, exponent: (gmpy2.powmod, (base, exponent % group.q, modulus))


def _bare_generator(group: Group) -> Callable[..., Call]:
    if group.name == "Ed25519":
        return lambda exponent: (
            bindings.crypto_scalarmult_ed25519_base_noclamp,
            ((exponent % group.q).to_bytes(32, "little"),),
        )
    table = group.fixed_base(group.generator)
    return lambda exponent: (table.power, (exponent,))


def _bare_multiply(group: Group) -> Callable[..., Call]:
    if group.name == "Ed25519":
        return lambda left, right: (bindings.crypto_core_ed25519_add, (left, right))
    modulus = _modulus(group)
    return lambda left, right: (lambda a, b: a * b % modulus, (left, right))


def _bare_membership(group: Group) -> Callable[..., Call]:
    if group.name == "Ed25519":
        return lambda element: (bindings.crypto_core_ed25519_is_valid_point, (element,))
    modulus = _modulus(group)
    return lambda element: (gmpy2.powmod, (element, group.q, modulus))


def _modulus(group: Group) -> Any:
    """p, from -1 = p - 1: the inverse of 1 times itself would not show it, so ask the module."""
    module = __import__(type(group).__module__, fromlist=["_P"])
    return module._P
