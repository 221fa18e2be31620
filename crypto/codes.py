"""Codes that people compare by eye: stretched, 100 bits, 20 characters (protocol.md §7, §11)."""

import functools
import hashlib
from collections.abc import Iterable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from crypto.checkpoints import parse_note
from crypto.elections import raw_fingerprint
from crypto.errors import MalformedError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_CHARACTERS = 20
CODE_SALT = b"phieukin/code/1"
# Each guess of someone who looks for a second value of the same code costs this many rounds.
CODE_ROUNDS = 1 << 20
CODE_BYTES = 13
CODE_BITS = 100

_MAX_TYPED_CHARACTERS = 64
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


@functools.lru_cache(maxsize=1024)
def code_of(value: bytes) -> str:
    """
    Stretch a 32-byte value to the code that people compare (protocol.md §11 "Code").

    Returns `XXXX-XXXX-XXXX-XXXX-XXXX`. Takes a part of a second, once for each value. Raises
    MalformedError.
    """
    if len(value) != 32:
        raise MalformedError("a code is made of 32 bytes")
    # hashlib's PBKDF2 takes twice the time.
    stretching = PBKDF2HMAC(hashes.SHA256(), CODE_BYTES, CODE_SALT, CODE_ROUNDS)
    stretched = stretching.derive(value)
    bits = int.from_bytes(stretched, "big") >> (8 * CODE_BYTES - CODE_BITS)
    characters = "".join(ALPHABET[bits >> shift & 31] for shift in range(CODE_BITS - 5, -1, -5))
    return _grouped(characters)


def read_code(text: str) -> str:
    """
    Bring a typed code to its printed form (protocol.md §11 "Code").

    Spaces and hyphens do not count, I and L are 1, O is 0, U is refused. Raises MalformedError.
    """
    if len(text) > _MAX_TYPED_CHARACTERS or not text.isascii():
        raise MalformedError("not a code")
    characters = text.replace(" ", "").replace("-", "").upper().translate(_LOOKALIKES)
    if len(characters) != CODE_CHARACTERS or any(each not in ALPHABET for each in characters):
        raise MalformedError("not a code")
    return _grouped(characters)


def election_value(phi: str) -> bytes:
    """
    Decode the 32 bytes behind the election code (protocol.md §11): raw phi.

    `phi` is the 43 characters of Belenios' unpadded base64. Raises MalformedError.
    """
    return raw_fingerprint(phi)


def seal_value(checkpoint_text: str) -> bytes:
    """
    Hash the closing checkpoint to the value behind the seal code (protocol.md §11).

    `checkpoint_text` is the note's text with its last newline, without signatures. Raises
    MalformedError.
    """
    if not checkpoint_text.endswith("\n") or checkpoint_text.endswith("\n\n"):
        raise MalformedError("a checkpoint text ends with one newline")
    return hashlib.sha256(checkpoint_text.encode()).digest()


def receipt_value(phi: str, ciphertext_texts: Iterable[tuple[str, str]]) -> bytes:
    """
    Hash all ciphertexts of a ballot to the value behind the receipt code (protocol.md §11).

    `ciphertext_texts` are the pairs (alpha, beta) in their Belenios JSON form, for every
    question and choice in order.
    """
    digest = hashlib.sha256(f"phieukin/receipt-code/1|{phi}".encode())
    for alpha, beta in ciphertext_texts:
        digest.update(f"|{alpha},{beta}".encode())
    return digest.digest()


def election_code(phi: str) -> str:
    """Make the election code, mã cuộc bỏ phiếu (protocol.md §11). Raises MalformedError."""
    return code_of(election_value(phi))


def seal_code(checkpoint_text: str) -> str:
    """Make the seal code, mã niêm phong (protocol.md §11). Raises MalformedError."""
    return code_of(seal_value(checkpoint_text))


def seal_code_of_note(closing_note: str) -> str:
    """Make the seal code of a closing checkpoint as it was signed, its signatures unjudged."""
    return seal_code(parse_note(closing_note).text)


def receipt_code(phi: str, ciphertext_texts: Iterable[tuple[str, str]]) -> str:
    """Make the receipt code, mã biên nhận (protocol.md §11)."""
    return code_of(receipt_value(phi, ciphertext_texts))


def _grouped(characters: str) -> str:
    return "-".join(characters[start : start + 4] for start in range(0, CODE_CHARACTERS, 4))
