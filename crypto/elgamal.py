"""Exponential ElGamal (belenios-format §6): alpha = g^r, beta = y^r * g^m."""

from collections.abc import Iterable
from dataclasses import dataclass

from crypto.groups import Element, FixedBase, Group


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """An encrypted small number."""

    alpha: Element
    beta: Element


def encrypt(group: Group, key: FixedBase, plaintext: int, randomness: int) -> Ciphertext:
    """Encrypt `plaintext` under the election key with the scalar `randomness`."""
    masked = key.power(randomness)
    if plaintext:
        masked = group.multiply(masked, group.power_of_generator(plaintext))
    return Ciphertext(group.power_of_generator(randomness), masked)


def multiply_ciphertexts(group: Group, ciphertexts: Iterable[Ciphertext]) -> Ciphertext:
    """The encryption of the sum: component by component."""
    factors = list(ciphertexts)
    return Ciphertext(
        group.product(factor.alpha for factor in factors),
        group.product(factor.beta for factor in factors),
    )
