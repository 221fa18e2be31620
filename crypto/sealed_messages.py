"""Signed and sealed messages between trustees (belenios-format §0, §5.2).

Sealed messages are written in the form of belenios-tool 3.3 (AES-256-GCM, 32-byte nonce) and
read in that of 2.x (AES-256-CCM) as well.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM

from crypto.belenios_json import dumps, fields, loads, require_exact, text_field
from crypto.errors import MalformedError, MembershipError, ProofError, SignatureError
from crypto.groups import Element, Group
from crypto.proofs import Proof, parse_proof, prove_knowledge, verify_knowledge
from crypto.randomness import Randomness, draw_scalar

MAX_MESSAGE_CHARACTERS: Final = 65_536

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_SEED_CHARACTERS: Final = 22
_SEED: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{22}", re.ASCII)
_UNBIASED_BYTES: Final = 58 * 4  # bytes below this are equally likely digits
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})+", re.ASCII)
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,99}", re.ASCII)
_CCM_NONCE_BYTES: Final = 13  # what SJCL takes for plaintexts below 64 KiB
_CCM_TAG_BYTES: Final = 8


@dataclass(frozen=True)
class SignedMessage:
    """A text and the proof that the owner of a verification key signed it."""

    message: str
    signature: Proof

    def to_json(self) -> dict[str, object]:
        return {"message": self.message, "signature": self.signature.to_json()}

    def to_text(self) -> str:
        """Write the exact Belenios bytes of a `signed_msg`."""
        return dumps(self.to_json())


@dataclass(frozen=True, repr=False)
class TrusteeKeys:
    """A trustee's two secret exponents, both derived from one seed (belenios-format §5.2)."""

    signing: int
    decryption: int


def generate_seed(randomness: Randomness) -> str:
    """Draw a trustee's seed: 22 uniform base58 digits (belenios-format §5.2)."""
    digits = ""
    while len(digits) < _SEED_CHARACTERS:
        (byte,) = randomness(1)
        if byte < _UNBIASED_BYTES:
            digits += _BASE58[byte % 58]
    return digits


def derive_trustee_keys(group: Group, seed: str) -> TrusteeKeys:
    """Derive both keys from a seed (belenios-format §5.2). Raises MalformedError."""
    if not _SEED.fullmatch(seed):
        raise MalformedError("the seed of a trustee has 22 base58 digits")
    signing, decryption = (
        int.from_bytes(hashlib.sha256(f"{label}|{seed}".encode()).digest(), "big") % group.q
        for label in ("sk", "dk")
    )
    return TrusteeKeys(signing, decryption)


def sign_text(group: Group, signing_key: int, text: str, randomness: Randomness) -> Proof:
    """Sign a text: challenge = H("sigmsg|text|A") (belenios-format §5.2)."""
    return prove_knowledge(group, signing_key, draw_scalar(group, randomness), _prefix(text))


def verify_text(group: Group, verification: Element, text: str, signature: Proof) -> None:
    """Check a signature of `sign_text` (belenios-format §5.2). Raises SignatureError."""
    try:
        verify_knowledge(group, verification, signature, _prefix(text))
    except ProofError:
        raise SignatureError("the signature of a trustee is wrong") from None


def sign_message(
    group: Group, signing_key: int, message: str, randomness: Randomness
) -> SignedMessage:
    """Sign a message (belenios-format §5.2, signed_msg)."""
    return SignedMessage(message, sign_text(group, signing_key, message, randomness))


def verify_message(group: Group, verification: Element, signed: SignedMessage) -> None:
    """Check who signed a message (belenios-format §5.2). Raises SignatureError."""
    verify_text(group, verification, signed.message, signed.signature)


def read_signed_message(group: Group, value: object) -> SignedMessage:
    """Read a `signed_msg` object, unverified. Raises MalformedError or ScalarRangeError."""
    message, signature = fields(value, ("message", "signature"))
    if len(text_field(message)) > MAX_MESSAGE_CHARACTERS or not message.isascii():
        raise MalformedError("a signed message is ASCII and bounded")
    return SignedMessage(message, parse_proof(group, signature))


def parse_signed_message(group: Group, text: str) -> SignedMessage:
    """Read the exact bytes of a `signed_msg`, unverified. Raises MalformedError."""
    signed = read_signed_message(group, loads(text))
    require_exact(text, signed.to_json())
    return signed


def seal(group: Group, encryption: Element, plaintext: str, randomness: Randomness) -> str:
    """Encrypt a text to an encryption key, AES-256-GCM (belenios-format §0, encrypted_msg)."""
    first, second = draw_scalar(group, randomness), draw_scalar(group, randomness)
    alpha = group.element_to_text(group.power_of_generator(first))
    shared = group.power_of_generator(second)
    beta = group.multiply(group.power(encryption, first), shared)
    key, nonce = _key_and_nonce(group, shared, alpha)
    data = AESGCM(key).encrypt(nonce, plaintext.encode(), None)
    return dumps(
        {
            "algorithm": "AES-GCM",
            "alpha": alpha,
            "beta": group.element_to_text(beta),
            "data": data.hex(),
        }
    )


def unseal(group: Group, decryption_key: int, text: str) -> str:
    """
    Decrypt a text, of 3.3 or of 2.x (belenios-format §0, §5.2).

    Raises MalformedError, MembershipError, or SignatureError when it was changed or made for
    another key.
    """
    value = loads(text)
    alpha, beta, data, algorithm = fields(value, ("alpha", "beta", "data"), ("algorithm",))
    head = {} if algorithm is None else {"algorithm": algorithm}
    require_exact(text, head | {"alpha": alpha, "beta": beta, "data": data})
    if algorithm not in (None, "AES-GCM") or not _HEX.fullmatch(text_field(data)):
        raise MalformedError("not a sealed message")
    sealed_to = group.element_from_text(text_field(alpha))
    masked = group.element_from_text(text_field(beta))
    shared = group.divide(masked, group.power(sealed_to, decryption_key))
    key, nonce = _key_and_nonce(group, shared, alpha)
    try:
        if algorithm is None:
            cipher = AESCCM(key, tag_length=_CCM_TAG_BYTES)
            plaintext = cipher.decrypt(nonce[:_CCM_NONCE_BYTES], bytes.fromhex(data), None)
        else:
            plaintext = AESGCM(key).decrypt(nonce, bytes.fromhex(data), None)
    except (InvalidTag, ValueError):
        raise SignatureError("a sealed message was changed or is for another key") from None
    return _decoded(plaintext)


def send(
    group: Group, signing_key: int, encryption: Element, message: str, randomness: Randomness
) -> str:
    """Sign a message to one recipient, then seal it (belenios-format §5.2, channel message)."""
    inner = dumps({"recipient": group.element_to_text(encryption), "message": message})
    signed = sign_message(group, signing_key, inner, randomness)
    return seal(group, encryption, signed.to_text(), randomness)


def receive(group: Group, keys: TrusteeKeys, sender: Element, text: str) -> str:
    """
    Open a message of `send` and check its sender and recipient (belenios-format §5.2).

    `sender` is the sender's verification key. Raises MalformedError, MembershipError,
    ScalarRangeError or SignatureError.
    """
    signed = parse_signed_message(group, unseal(group, keys.decryption, text))
    verify_message(group, sender, signed)
    recipient, message = fields(loads(signed.message), ("recipient", "message"))
    own = group.element_to_text(group.power_of_generator(keys.decryption))
    if recipient != own:
        # Else one trustee could pass on what another had sent to it.
        raise SignatureError("a sealed message was signed for another recipient")
    require_exact(signed.message, {"recipient": recipient, "message": message})
    return text_field(message)


def open_decryption_key(group: Group, keys: TrusteeKeys, text: str) -> int:
    """
    Open the decryption key that a trustee sent to itself (belenios-format §5.3 step 5, `.dkey`).

    Raises MalformedError, MembershipError, ScalarRangeError or SignatureError.
    """
    own = group.power_of_generator(keys.signing)
    message = receive(group, keys, own, text)
    (key,) = fields(loads(message), ("decryption_key",))
    if not _DECIMAL.fullmatch(text_field(key)):
        raise MalformedError("a decryption key is written in decimal digits")
    # belenios-tool 2.0 writes the plain sum of its shares, which may be above q.
    return int(key) % group.q


def refuse_identity(group: Group, element: Element) -> None:
    """Refuse the neutral element where a key is expected. Raises MembershipError."""
    if element == group.identity:
        raise MembershipError("the neutral element is not a key")


def _prefix(text: str) -> str:
    return f"sigmsg|{text}|"


def _key_and_nonce(group: Group, shared: Element, alpha: str) -> tuple[bytes, bytes]:
    key = hashlib.sha256(f"key|{group.element_to_text(shared)}".encode()).digest()
    return key, hashlib.sha256(f"iv|{alpha}".encode()).digest()


def _decoded(plaintext: bytes) -> str:
    try:
        return plaintext.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedError("a sealed message does not hold ASCII") from None
