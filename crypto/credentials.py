"""Credentials of Belenios protocol 1: secret texts and the exponents derived from them (§4)."""

import hashlib
import re
from typing import Final

from crypto.errors import MalformedError
from crypto.groups import Group
from crypto.randomness import Randomness

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGIT: Final = "[1-9A-HJ-NP-Za-km-z]"
_V20: Final = re.compile(rf"{_DIGIT}{{3}}(?:-{_DIGIT}{{3}}){{4}}", re.ASCII)
_V24: Final = re.compile(rf"{_DIGIT}{{5}}-{_DIGIT}{{6}}-{_DIGIT}{{5}}-{_DIGIT}{{6}}", re.ASCII)
_V24_GROUPS: Final = (5, 6, 5, 6)
_V20_ROUNDS: Final = 1000
_UNBIASED_BYTES: Final = 58 * 4  # bytes below this are equally likely digits


def generate_secret_credential(randomness: Randomness) -> str:
    """Draw a secret credential in the form of Belenios 2.4 and later: 22 base58 digits (§4.2)."""
    digits = ""
    while len(digits) < sum(_V24_GROUPS):
        (byte,) = randomness(1)
        if byte < _UNBIASED_BYTES:
            digits += _BASE58[byte % 58]
    groups, start = [], 0
    for length in _V24_GROUPS:
        groups.append(digits[start : start + length])
        start += length
    return "-".join(groups)


def derive_credential_v24(group: Group, uuid: str, secret: str) -> int:
    """
    The secret exponent of a credential of Belenios 2.4 to 3.3 (§4.2).

    s = x_0 ‖ x_1 mod q, x_i = SHA-256("derive_credential|uuid|i|secret"). Raises MalformedError.
    """
    if not _V24.fullmatch(secret):
        raise MalformedError("a secret credential has the form 5-6-5-6 base58 digits")
    halves = [
        hashlib.sha256(f"derive_credential|{uuid}|{half}|{secret}".encode()).digest()
        for half in (0, 1)
    ]
    return int.from_bytes(b"".join(halves), "big") % group.q


def derive_credential_v20(group: Group, uuid: str, secret: str) -> int:
    """
    The secret exponent of a credential of Belenios 2.0, its check digit verified (§4.1).

    PBKDF2-HMAC-SHA256 with 1000 rounds. Raises MalformedError.
    """
    if not _V20.fullmatch(secret):
        raise MalformedError("a secret credential of Belenios 2.0 has five groups of three digits")
    *digits, check = (_BASE58.index(character) for character in secret.replace("-", ""))
    number = 0
    for digit in digits:
        number = 58 * number + digit
    if check != 53 - number % 53:
        raise MalformedError("the check digit of a secret credential is wrong")
    derived = hashlib.pbkdf2_hmac("sha256", secret.encode(), uuid.encode(), _V20_ROUNDS, 32)
    return int.from_bytes(derived, "big") % group.q


def public_credential(group: Group, exponent: int) -> str:
    """The public credential g^s in its Belenios text form (§4)."""
    return group.element_to_text(group.power_of_generator(exponent))
