"""Vectors of the codes that people compare (protocol.md §11 "Code")."""

from typing import Any

from crypto.codes import (
    code_of,
    election_value,
    read_code,
    receipt_value,
    seal_value,
)
from tests.vectors.vector_file import VectorFile

PHI = "7TnGlfDbBOLFJ0uVkSh8nAfZH2PmgjZyv8mAHyJ4rcY"
CHECKPOINT = "bau.example.vn/2MoJPRgWzLnoyF\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def _code_of(given: dict[str, Any]) -> Any:
    return {"code": code_of(bytes.fromhex(given["value"]))}


def _read_code(given: dict[str, Any]) -> Any:
    return {"code": read_code(given["typed"])}


def _election_value(given: dict[str, Any]) -> Any:
    return {"value": election_value(given["phi"]).hex()}


def _seal_value(given: dict[str, Any]) -> Any:
    return {"value": seal_value(given["checkpoint_text"]).hex()}


def _receipt_value(given: dict[str, Any]) -> Any:
    pairs = [(alpha, beta) for alpha, beta in given["ciphertexts"]]
    return {"value": receipt_value(given["phi"], pairs).hex()}


OPERATIONS = {
    "code_of": _code_of,
    "read_code": _read_code,
    "election_value": _election_value,
    "seal_value": _seal_value,
    "receipt_value": _receipt_value,
}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "codes.json",
        "protocol.md §11 Code: PBKDF2-HMAC-SHA256, 2^20 rounds, 13 bytes, first 100 bits",
        "tests/vectors/generate_codes.py",
        OPERATIONS,
    )
    for name, value in (
        ("zero bytes", bytes(32)),
        ("all bits set", b"\xff" * 32),
        ("counting bytes", bytes(range(32))),
    ):
        printed = file.positive("code_of", name, {"value": value.hex()})["code"]
        file.positive("read_code", "as printed", {"typed": printed})
        file.positive(
            "read_code",
            "lower case, spaces and no hyphens",
            {"typed": " " + printed.lower().replace("-", " ")},
        )
    file.positive(
        "read_code", "letters that look like digits", {"typed": "OoIi-LlOO-0000-1111-IIII"}
    )
    value = file.positive("election_value", "raw phi", {"phi": PHI})["value"]
    file.positive("code_of", "an election code", {"value": value})
    value = file.positive(
        "seal_value", "text of the closing checkpoint", {"checkpoint_text": CHECKPOINT}
    )["value"]
    file.positive("code_of", "a seal code", {"value": value})
    ciphertexts = [["a" * 64, "b" * 64], ["c" * 64, "d" * 64]]
    file.positive(
        "receipt_value", "every ciphertext in order", {"phi": PHI, "ciphertexts": ciphertexts}
    )
    _add_negative(file)
    return file


def _add_negative(file: VectorFile) -> None:
    file.negative("code_of", "a code is made of 32 bytes", {"value": "00" * 31})
    for reason, typed in (
        ("U is not in the alphabet", "U000-0000-0000-0000-0000"),
        ("19 characters", "0000-0000-0000-0000-000"),
        ("21 characters", "0000-0000-0000-0000-00000"),
        ("no separator but space and hyphen", "0000_0000_0000_0000_0000"),
        ("a full-width digit is no digit", "０000-0000-0000-0000-0000"),
        ("nothing typed", ""),
    ):
        file.negative("read_code", reason, {"typed": typed})
    for reason, phi in (
        ("42 characters", PHI[:-1]),
        ("padding", PHI + "="),
        ("unused bits set", PHI[:-1] + "Z"),
        ("base64url", "-" + PHI[1:]),
    ):
        file.negative("election_value", reason, {"phi": phi})
    file.negative(
        "seal_value", "the last newline belongs to it", {"checkpoint_text": CHECKPOINT[:-1]}
    )
    file.negative(
        "seal_value", "signatures do not", {"checkpoint_text": CHECKPOINT + "\n— name AAAA\n\n"}
    )


if __name__ == "__main__":
    vectors().write()
