"""The issuer's side of blind signatures (protocol.md §4; RFC 9474 §4.3): keys, ranges, signing."""

from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from crypto.blind_tokens import blind_sign, parse_token_key
from crypto.device_keys import hash_of_blinded_messages
from crypto.errors import MalformedError
from crypto.randomness import Randomness
from services.registrar.errors import BlindedMessageInvalidError

ISSUERS: Final = 1
"""This registrar is the only issuer that terms name today (protocol.md §4)."""


def private_key_to_bytes(private_key: rsa.RSAPrivateKey) -> bytes:
    """DER PKCS 8. Not encrypted: who reads the registrar's tables could read the password too."""
    return private_key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def private_key_from_bytes(data: bytes) -> rsa.RSAPrivateKey:
    # Our own key: looking for its primes anew costs more than the signature, and `blind_sign` lets
    # out none that the public key does not verify.
    private_key = serialization.load_der_private_key(
        data, password=None, unsafe_skip_rsa_key_validation=True
    )
    if not isinstance(private_key, rsa.RSAPrivateKey):
        raise AssertionError("stored by private_key_to_bytes")
    return private_key


def hash_of_request(blinded_messages: Sequence[bytes]) -> str:
    """What the member signs of its blinded messages. Raises BlindedMessageInvalidError."""
    if len(blinded_messages) != ISSUERS:
        raise BlindedMessageInvalidError
    try:
        return hash_of_blinded_messages(blinded_messages)
    except MalformedError:
        raise BlindedMessageInvalidError from None


def check_range(spki: bytes, blinded_messages: Sequence[bytes]) -> None:
    """
    Refuse what `blind_sign` would refuse, before anything is stored (RFC 9474 §4.3 step 1).

    0, 1 and n − 1 sign themselves. Raises BlindedMessageInvalidError.
    """
    modulus = parse_token_key(spki).public_numbers().n
    for blinded in blinded_messages:
        if not 1 < int.from_bytes(blinded, "big") < modulus - 1:
            raise BlindedMessageInvalidError


def sign_blindly(
    private_key: bytes, blinded_messages: Sequence[bytes], randomness: Randomness
) -> list[bytes]:
    """Sign each blinded message; the same message always gets the same signature."""
    key = private_key_from_bytes(private_key)
    return [blind_sign(key, blinded, randomness) for blinded in blinded_messages]
