"""The codes that people compare in the hall."""

import base64
import hashlib

import pytest

from crypto.codes import (
    code_of,
    election_code,
    election_value,
    read_code,
    receipt_code,
    receipt_value,
    seal_code,
    seal_code_of_note,
    seal_value,
)
from crypto.errors import MalformedError, NoteError

PHI = "A" * 43
ZERO_CODE = "XR9T-5MV1-XX2Q-HWR2-JFX8"


def test_code_of_a_value() -> None:
    """A code is the first 100 bits of the stretched value, most significant first."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    value = bytes(range(32))
    stretched = hashlib.pbkdf2_hmac("sha256", value, b"phieukin/code/1", 1 << 20, 13)
    bits = "".join(f"{byte:08b}" for byte in stretched)
    expected = "".join(alphabet[int(bits[start : start + 5], 2)] for start in range(0, 100, 5))
    assert code_of(value).replace("-", "") == expected


def test_code_of_a_value_of_wrong_length() -> None:
    """Only 32 bytes have a code."""
    with pytest.raises(MalformedError):
        code_of(bytes(31))


def test_code_as_people_type_it() -> None:
    """Case, spaces, hyphens and the letters I, L, O do not matter."""
    assert read_code(" xr9t 5mvl-xx2qhwr2 jfx8 ") == ZERO_CODE
    assert read_code("OOOO-IIII-LLLL-0000-1111") == "0000-1111-1111-0000-1111"
    assert read_code(ZERO_CODE) == ZERO_CODE


@pytest.mark.parametrize(
    "text",
    ["", ZERO_CODE[:-1], ZERO_CODE + "0", "U" + ZERO_CODE[1:], "Ｘ" + ZERO_CODE[1:], " " * 65],
)
def test_text_that_is_no_code(text: str) -> None:
    """What cannot be a code is refused, not guessed."""
    with pytest.raises(MalformedError):
        read_code(text)


def test_election_code_is_of_raw_phi() -> None:
    """The election code is made of the 32 bytes that phi encodes."""
    assert election_value(PHI) == bytes(32)
    assert election_code(PHI) == ZERO_CODE


@pytest.mark.parametrize("phi", ["A" * 42, "A" * 44, "A" * 42 + "B", "A" * 42 + "=", "_" * 43])
def test_fingerprint_in_another_form(phi: str) -> None:
    """One fingerprint has one text."""
    with pytest.raises(MalformedError):
        election_value(phi)


def test_seal_code_is_of_the_checkpoint_text() -> None:
    """The seal code hashes the text with its newline, without signatures."""
    text = "example.vn/x\n1\nAAAA\n"
    assert seal_value(text) == hashlib.sha256(text.encode()).digest()
    assert seal_code(text) == code_of(seal_value(text))
    for wrong in (text[:-1], text + "\n"):
        with pytest.raises(MalformedError):
            seal_value(wrong)


def test_seal_code_of_a_signed_note() -> None:
    """The signatures are no part of it: whoever co-signs changes no code."""
    text = "example.vn/x\n1\nAAAA\n"
    key = base64.b64encode(bytes(68)).decode()
    note = f"{text}\n\u2014 example.vn/x {key}\n"
    assert seal_code_of_note(note) == seal_code(text)
    assert seal_code_of_note(f"{note}\u2014 example.vn/x/box {key}\n") == seal_code(text)
    with pytest.raises(NoteError):
        seal_code_of_note(text)


def test_receipt_code_is_of_phi_and_all_ciphertexts() -> None:
    """The receipt code binds phi and every ciphertext in order."""
    pairs = [("a", "b"), ("c", "d")]
    expected = hashlib.sha256(f"phieukin/receipt-code/1|{PHI}|a,b|c,d".encode()).digest()
    assert receipt_value(PHI, pairs) == expected
    assert receipt_value(PHI, reversed(pairs)) != expected
    assert receipt_code(PHI, pairs) == code_of(expected)
