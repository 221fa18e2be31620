"""Credentials of Belenios 2.0 and of 2.4 and later (belenios-format §4)."""

import json
import re

import pytest

from crypto.credentials import (
    derive_credential_v20,
    derive_credential_v24,
    generate_secret_credential,
    public_credential,
)
from crypto.errors import MalformedError
from crypto.groups import GROUPS
from crypto.randomness import system_randomness
from tests.sample_elections import TOOL_FOLDERS, UUID, tool_election
from tests.seeded_randomness import SeededRandomness


@pytest.mark.parametrize("folder", TOOL_FOLDERS)
def test_credentials_of_the_tool(folder: str) -> None:
    """The public credentials of the archive are derived from the voters' secret ones."""
    tool = tool_election(folder)
    derive = derive_credential_v20 if "tool-2.0" in folder else derive_credential_v24
    group, uuid = tool.election.group, tool.election.uuid
    derived = [public_credential(group, derive(group, uuid, text)) for text in tool.credentials]
    listed = [text.split(",")[0] for text in json.loads(tool.archive.public_credentials)]
    assert sorted(derived) == sorted(listed)


def test_generated_credential() -> None:
    """22 base58 digits in groups of 5, 6, 5, 6, each digit equally likely."""
    secret = generate_secret_credential(system_randomness)
    assert re.fullmatch(r"\w{5}-\w{6}-\w{5}-\w{6}", secret)
    assert derive_credential_v24(GROUPS["Ed25519"], UUID, secret) > 0
    assert generate_secret_credential(SeededRandomness("a")) == generate_secret_credential(
        SeededRandomness("a")
    )
    assert secret != generate_secret_credential(system_randomness)


def test_bytes_that_would_favour_some_digits() -> None:
    """Bytes from 232 on are drawn again."""
    stream = iter([255, 232, 231, *range(21)])
    secret = generate_secret_credential(lambda _: bytes([next(stream)]))
    assert secret.startswith("z1234-")


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "11111-111111-11111-11111",
        "11111-111111-11111-1111111",
        "1111111111111111111111",
        "11111-111111-11111-11111l",
        "11111-111111-11111-111110",
        "11111-111111-11111-11111\n",
        "bWe-7og-dPP-gYk-hKU",
    ],
)
def test_secret_of_another_form(secret: str) -> None:
    """What was not generated so is not derived from."""
    with pytest.raises(MalformedError):
        derive_credential_v24(GROUPS["Ed25519"], UUID, secret)


def test_check_digit() -> None:
    """The last digit of a credential of 2.0 guards the others."""
    group = GROUPS["BELENIOS-2048"]
    derive_credential_v20(group, UUID, "bWe-7og-dPP-gYk-hKU")
    for wrong in ("bWe-7og-dPP-gYk-hKV", "cWe-7og-dPP-gYk-hKU", "bWe7ogdPPgYkhKU", "bWe-7og"):
        with pytest.raises(MalformedError):
            derive_credential_v20(group, UUID, wrong)


def test_credential_for_another_election() -> None:
    """The uuid is part of the derivation."""
    group = GROUPS["Ed25519"]
    secret = "mu9nD-bwsLzD-7ee5Z-iA2dRY"
    assert derive_credential_v24(group, UUID, secret) != derive_credential_v24(
        group, UUID[::-1], secret
    )
