"""Vectors of credentials (belenios-format §4)."""

from typing import Any

from crypto.credentials import (
    derive_credential_v20,
    derive_credential_v24,
    generate_secret_credential,
    public_credential,
)
from crypto.groups import group_by_name
from tests.sample_elections import UUID
from tests.vectors.vector_file import VectorFile

SECRET_V24 = "mu9nD-bwsLzD-7ee5Z-iA2dRY"
SECRET_V20 = "bWe-7og-dPP-gYk-hKU"


def _derive_v24(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    exponent = derive_credential_v24(group, given["uuid"], given["secret"])
    return {"exponent": str(exponent), "public": public_credential(group, exponent)}


def _derive_v20(given: dict[str, Any]) -> Any:
    group = group_by_name(given["group"])
    exponent = derive_credential_v20(group, given["uuid"], given["secret"])
    return {"exponent": str(exponent), "public": public_credential(group, exponent)}


def _generate(given: dict[str, Any]) -> Any:
    stream = iter(bytes.fromhex(given["random"]))
    return {"secret": generate_secret_credential(lambda _: bytes([next(stream)]))}


OPERATIONS = {"derive_v24": _derive_v24, "derive_v20": _derive_v20, "generate": _generate}


def vectors() -> VectorFile:
    """Make the whole file anew."""
    file = VectorFile(
        "credentials.json",
        "Belenios protocol 1: credentials of 2.4 and later, and of 2.0 (belenios-format §4); "
        "`generate` takes a byte a digit, digit = byte mod 58, bytes from 232 on are left out",
        "tests/vectors/generate_credentials.py",
        OPERATIONS,
    )
    for group in ("Ed25519", "BELENIOS-2048"):
        for uuid in (UUID, "HQUsuqngaTGMQA"):
            given = {"group": group, "uuid": uuid, "secret": SECRET_V24}
            file.positive("derive_v24", "22 digits", given)
    given = {"group": "BELENIOS-2048", "uuid": UUID, "secret": SECRET_V20}
    file.positive("derive_v20", "14 digits and a check digit", given)
    file.positive("generate", "bytes in order", {"random": bytes(range(22)).hex()})
    skipped = bytes([255, 232, 231, 58, *range(100, 120)])
    file.positive("generate", "bytes from 232 on are left out", {"random": skipped.hex()})
    for reason, secret in (
        ("21 digits", SECRET_V24[:-1]),
        ("23 digits", SECRET_V24 + "1"),
        ("no hyphens", SECRET_V24.replace("-", "")),
        ("0 is no base58 digit", "0" + SECRET_V24[1:]),
        ("l is no base58 digit", "l" + SECRET_V24[1:]),
        ("a newline", SECRET_V24 + "\n"),
        ("the form of 2.0", SECRET_V20),
    ):
        given = {"group": "Ed25519", "uuid": UUID, "secret": secret}
        file.negative("derive_v24", reason, given)
    for reason, secret in (
        ("a wrong check digit", SECRET_V20[:-1] + "V"),
        ("a digit changed", "c" + SECRET_V20[1:]),
        ("no hyphens", SECRET_V20.replace("-", "")),
        ("the form of 2.4", SECRET_V24),
    ):
        given = {"group": "BELENIOS-2048", "uuid": UUID, "secret": secret}
        file.negative("derive_v20", reason, given)
    return file


if __name__ == "__main__":
    vectors().write()
