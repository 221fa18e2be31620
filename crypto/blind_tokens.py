"""Ballot tokens: RFC 9474 blind RSA signatures, RSABSSA-SHA384-PSS-Randomized (protocol.md §4).

The functions that take `salt_bytes` and keys of any size are RFC 9474 itself; those with *token*
in their name are the protocol's profile: RSA-3072, e = 65537, SHA-384, salt 48, prefix 32.
"""

import base64
import hashlib
import math
import re
from dataclasses import dataclass
from typing import Any

import gmpy2
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from crypto.errors import MalformedError, TokenError
from crypto.randomness import Randomness

TOKEN_LABEL = b"phieukin/token/1"
TOKEN_KEY_BITS = 3072
TOKEN_KEY_BYTES = TOKEN_KEY_BITS // 8
TOKEN_CHARACTERS = 555
PUBLIC_EXPONENT = 65537
PREFIX_BYTES = 32
SALT_BYTES = 48
HASH_BYTES = 48

_TOKEN = re.compile(r"[A-Za-z0-9_-]{555}", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-f]{2})+", re.ASCII)
_TRAILER = b"\xbc"
_MAX_ELEMENT_CHARACTERS = 1024


@dataclass(frozen=True, repr=False)
class Blinding:
    """
    What the phone keeps between blinding and finalizing (RFC 9474 §4.2: `inv` and its input).

    Secret: it joins the token to the issuance. It is stored before the request leaves and erased
    once the finalized token is stored (protocol.md §4).
    """

    prepared: bytes
    blinded_message: bytes
    inverse: int

    def to_json(self) -> dict[str, str]:
        """Write the state as strings of hex, to be stored by the caller."""
        return {
            "prepared": self.prepared.hex(),
            "blinded_message": self.blinded_message.hex(),
            "inverse": self.inverse.to_bytes(len(self.blinded_message), "big").hex(),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Blinding":
        """Read a stored state. Raises MalformedError."""
        if set(stored) != {"prepared", "blinded_message", "inverse"}:
            raise MalformedError("not a blinding state")
        if not all(isinstance(each, str) and _HEX.fullmatch(each) for each in stored.values()):
            raise MalformedError("not a blinding state")
        return cls(
            prepared=bytes.fromhex(stored["prepared"]),
            blinded_message=bytes.fromhex(stored["blinded_message"]),
            inverse=int(stored["inverse"], 16),
        )


@dataclass(frozen=True)
class Token:
    """A ballot token: the prefix and the unblinded signature over prefix ‖ token message."""

    prefix: bytes
    signature: bytes


def check_public_key(public_key: rsa.RSAPublicKey) -> None:
    """Check the profile of a token key: RSA-3072, e = 65537 (protocol.md §4). Raises TokenError."""
    numbers = public_key.public_numbers()
    if numbers.n.bit_length() != TOKEN_KEY_BITS or numbers.e != PUBLIC_EXPONENT:
        raise TokenError("the token key is not RSA-3072 with exponent 65537")


def public_key_to_bytes(public_key: rsa.RSAPublicKey) -> bytes:
    """Write a public key as DER SubjectPublicKeyInfo."""
    return public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def parse_token_key(spki: bytes) -> rsa.RSAPublicKey:
    """
    Read the public key of an issuer from DER SubjectPublicKeyInfo (protocol.md §4).

    Raises MalformedError, or TokenError when it is not of the profile.
    """
    try:
        public_key = serialization.load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm):
        raise MalformedError("not a public key") from None
    if not isinstance(public_key, rsa.RSAPublicKey) or public_key_to_bytes(public_key) != spki:
        raise MalformedError("not an RSA public key in its one form")
    check_public_key(public_key)
    return public_key


def generate_token_key() -> rsa.RSAPrivateKey:
    """Make an issuer's key for one election (protocol.md §4); the system's generator is used."""
    return rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=TOKEN_KEY_BITS)


def token_message(phi: str, credential: str) -> bytes:
    """Join what a token is for (protocol.md §11 "Token"). Raises MalformedError."""
    for part in (phi, credential):
        if not part or not part.isascii() or "\0" in part or len(part) > _MAX_ELEMENT_CHARACTERS:
            raise MalformedError("a token message is made of ASCII parts")
    return b"\0".join((TOKEN_LABEL, phi.encode(), credential.encode()))


def begin_token(
    public_key: rsa.RSAPublicKey, phi: str, credential: str, randomness: Randomness
) -> Blinding:
    """
    Blind the token message of one credential (protocol.md §4; RFC 9474 §4.1, §4.2).

    Draws prefix, salt and blinding factor. Raises TokenError when the key is not of the profile.
    """
    check_public_key(public_key)
    return blind(public_key, prepare(token_message(phi, credential), randomness), randomness)


def finish_token(public_key: rsa.RSAPublicKey, blinding: Blinding, blind_signature: bytes) -> str:
    """Unblind the issuer's answer to a token's wire form (RFC 9474 §4.4). Raises TokenError."""
    check_public_key(public_key)
    signature = finalize(public_key, blinding, blind_signature)
    return token_to_text(Token(blinding.prepared[:PREFIX_BYTES], signature))


def token_to_text(token: Token) -> str:
    """Write a token as 555 characters of base64url (protocol.md §11 "Token")."""
    wire = token.prefix + token.signature
    if len(token.prefix) != PREFIX_BYTES or len(wire) != PREFIX_BYTES + TOKEN_KEY_BYTES:
        raise MalformedError("not a token")
    return base64.urlsafe_b64encode(wire).decode().rstrip("=")


def parse_token(text: str) -> Token:
    """Read a token from its one wire form (protocol.md §11 "Token"). Raises MalformedError."""
    if not _TOKEN.fullmatch(text):
        raise MalformedError("a token has 555 characters of base64url")
    wire = base64.urlsafe_b64decode(text + "=")
    token = Token(wire[:PREFIX_BYTES], wire[PREFIX_BYTES:])
    # The last character has unused bits: they must be zero, or a token would have four texts.
    if token_to_text(token) != text:
        raise MalformedError("a token has zero in its unused bits")
    return token


def verify_token(public_key: rsa.RSAPublicKey, phi: str, credential: str, token: Token) -> None:
    """
    Check that the issuer signed this token for phi and this credential (protocol.md §4).

    RFC 9474 §4.5. Raises TokenError.
    """
    check_public_key(public_key)
    verify_signature(public_key, token.prefix + token_message(phi, credential), token.signature)


def prepare(message: bytes, randomness: Randomness) -> bytes:
    """Prepend 32 random bytes to a message: PrepareRandomize (RFC 9474 §4.1)."""
    return randomness(PREFIX_BYTES) + message


def blind(
    public_key: rsa.RSAPublicKey,
    prepared: bytes,
    randomness: Randomness,
    salt_bytes: int = SALT_BYTES,
) -> Blinding:
    """
    Encode and blind a prepared message: Blind (RFC 9474 §4.2; the numbers are its steps).

    Draws the salt, then the blinding factor. Raises TokenError.
    """
    numbers = public_key.public_numbers()
    modulus, size = numbers.n, _modulus_bytes(numbers.n)
    # Step 1.
    encoded = encode_pss(prepared, modulus.bit_length() - 1, randomness(salt_bytes))
    # Step 2.
    representative = int.from_bytes(encoded, "big")
    # Step 3.
    if math.gcd(representative, modulus) != 1:
        raise TokenError("the message shares a factor with the modulus")
    # Steps 4 and 5.
    factor = _draw_below(modulus, randomness)
    if math.gcd(factor, modulus) != 1:
        raise TokenError("the blinding factor shares a factor with the modulus")
    inverse = pow(factor, -1, modulus)
    # Steps 6 to 8.
    blinded = representative * pow(factor, numbers.e, modulus) % modulus
    return Blinding(prepared, blinded.to_bytes(size, "big"), inverse)


def blind_sign(
    private_key: rsa.RSAPrivateKey, blinded_message: bytes, randomness: Randomness
) -> bytes:
    """
    Sign a blinded message: BlindSign (RFC 9474 §4.3).

    The private key sees the message only after another blinding of our own, since Python's
    integers are not of constant time (RFC 9474 §7.1), and the result is checked before it leaves:
    one faulty CRT computation would disclose a factor. Raises TokenError.
    """
    key = private_key.private_numbers()
    modulus, exponent = key.public_numbers.n, key.public_numbers.e
    size = _modulus_bytes(modulus)
    if len(blinded_message) != size:
        raise TokenError("a blinded message is as long as the modulus")
    message = int.from_bytes(blinded_message, "big")
    # 0, 1 and n - 1 sign themselves.
    if not 1 < message < modulus - 1:
        raise TokenError("the blinded message is out of range")
    mask = _draw_below(modulus, randomness)
    if math.gcd(mask, modulus) != 1:
        raise TokenError("the masking factor shares a factor with the modulus")
    masked = message * pow(mask, exponent, modulus) % modulus
    root_p = int(gmpy2.powmod_sec(masked % key.p, key.dmp1, key.p))
    root_q = int(gmpy2.powmod_sec(masked % key.q, key.dmq1, key.q))
    masked_signature = root_q + (root_p - root_q) * key.iqmp % key.p * key.q
    signature = masked_signature * pow(mask, -1, modulus) % modulus
    if pow(signature, exponent, modulus) != message:
        raise TokenError("the signature came out wrong")
    return signature.to_bytes(size, "big")


def finalize(
    public_key: rsa.RSAPublicKey,
    blinding: Blinding,
    blind_signature: bytes,
    salt_bytes: int = SALT_BYTES,
) -> bytes:
    """Unblind and verify the issuer's answer: Finalize (RFC 9474 §4.4). Raises TokenError."""
    modulus = public_key.public_numbers().n
    size = _modulus_bytes(modulus)
    if len(blind_signature) != size:
        raise TokenError("a blind signature is as long as the modulus")
    number = int.from_bytes(blind_signature, "big")
    if number >= modulus:
        raise TokenError("the blind signature is out of range")
    signature = (number * blinding.inverse % modulus).to_bytes(size, "big")
    verify_signature(public_key, blinding.prepared, signature, salt_bytes)
    return signature


def verify_signature(
    public_key: rsa.RSAPublicKey, prepared: bytes, signature: bytes, salt_bytes: int = SALT_BYTES
) -> None:
    """Check an unblinded signature: RSASSA-PSS-VERIFY, SHA-384 (RFC 9474 §4.5; RFC 8017 §8.1.2)."""
    scheme = padding.PSS(padding.MGF1(hashes.SHA384()), salt_bytes)
    try:
        public_key.verify(signature, prepared, scheme, hashes.SHA384())
    except InvalidSignature:
        raise TokenError("the signature of the token is wrong") from None


def encode_pss(message: bytes, bits: int, salt: bytes) -> bytes:
    """
    Encode a message for signing: EMSA-PSS-ENCODE with SHA-384 (RFC 8017 §9.1.1, its steps).

    `bits` is emBits, the modulus' bits less one. Raises TokenError when the modulus is too short.
    """
    length = (bits + 7) // 8
    # Steps 2 and 3.
    message_hash = hashlib.sha384(message).digest()
    if length < HASH_BYTES + len(salt) + 2:
        raise TokenError("the modulus is too short for this encoding")
    # Steps 5 and 6.
    digest = hashlib.sha384(bytes(8) + message_hash + salt).digest()
    # Steps 7 and 8.
    block = bytes(length - len(salt) - HASH_BYTES - 2) + b"\x01" + salt
    # Steps 9 and 10.
    mask = _mgf1(digest, len(block))
    masked = bytearray(left ^ right for left, right in zip(block, mask, strict=True))
    # Step 11: the bits above emBits are zero.
    masked[0] &= 0xFF >> (8 * length - bits)
    # Steps 12 and 13.
    return bytes(masked) + digest + _TRAILER


def _mgf1(seed: bytes, length: int) -> bytes:
    # RFC 8017 appendix B.2.1, SHA-384.
    blocks = (length + HASH_BYTES - 1) // HASH_BYTES
    output = b"".join(
        hashlib.sha384(seed + counter.to_bytes(4, "big")).digest() for counter in range(blocks)
    )
    return output[:length]


def _modulus_bytes(modulus: int) -> int:
    return (modulus.bit_length() + 7) // 8


def _draw_below(modulus: int, randomness: Randomness) -> int:
    # Uniform in 1 <= r < n by rejection (RFC 9474 §4.2: random_integer_uniform).
    size = _modulus_bytes(modulus)
    surplus = 8 * size - modulus.bit_length()
    while True:
        number = int.from_bytes(randomness(size), "big") >> surplus
        if 0 < number < modulus:
            return number
