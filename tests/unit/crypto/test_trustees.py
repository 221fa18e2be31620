"""Trustees of archives made by belenios-tool 2.0, 2.5.1 and 3.3.0."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crypto.belenios_archive import Archive, read_archive
from crypto.belenios_json import dumps
from crypto.elections import Election, parse_election
from crypto.errors import CryptoError, MalformedError, MembershipError, TrusteeError
from crypto.sealed_messages import derive_trustee_keys, open_decryption_key, receive
from crypto.trustee_verification import (
    election_key,
    flattened_keys,
    public_share,
    verify_trustees,
)
from crypto.trustees import (
    MAX_TRUSTEES_CHARACTERS,
    SingleTrustee,
    ThresholdTeam,
    parse_certificate,
    parse_trustees,
    trustees_to_text,
)

FOLDERS = sorted((Path(__file__).parents[2] / "vectors" / "belenios").iterdir())
BLANK = next(folder for folder in FOLDERS if folder.name.endswith("blank"))
NEWEST = next(folder for folder in FOLDERS if folder.name == "tool-3.3.0-ed25519-agree")
OLDEST = next(folder for folder in FOLDERS if "2.0" in folder.name)


def _archive(folder: Path) -> tuple[Archive, Election]:
    (file,) = folder.glob("*.bel")
    archive = read_archive(file.read_bytes())
    return archive, parse_election(archive.election)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_trustees_of_an_archive(folder: Path) -> None:
    """Every form reads back byte for byte, verifies, and gives the election key."""
    archive, election = _archive(folder)
    trustees = parse_trustees(election.group, archive.trustees)
    verify_trustees(election.group, trustees)
    assert trustees_to_text(election.group, trustees) == archive.trustees
    assert election_key(election.group, trustees) == election.public_key


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_files_of_the_trustees(folder: Path) -> None:
    """Seeds, sealed shares and decryption keys of the tools are read, AES-CCM and AES-GCM."""
    archive, election = _archive(folder)
    group = election.group
    team = parse_trustees(group, archive.trustees)[-1]
    assert isinstance(team, ThresholdTeam)
    certificates = [
        parse_certificate(group, line) for line in (folder / "certs.jsons").read_text().splitlines()
    ]
    assert tuple(certificates) == team.certificates
    for seed_file in folder.glob("*.key"):
        keys = derive_trustee_keys(group, seed_file.read_text().strip())
        key = open_decryption_key(group, keys, seed_file.with_suffix(".dkey").read_text().strip())
        index = [each.verification for each in certificates].index(
            group.power_of_generator(keys.signing)
        ) + 1
        assert group.power_of_generator(key) == public_share(group, team.coefficients, index)
        secrets = json.loads(seed_file.with_suffix(".vinput").read_text())["secrets"]
        shares = [
            int(json.loads(receive(group, keys, sender.verification, sealed))["secret"])
            for sender, sealed in zip(certificates, secrets, strict=True)
        ]
        assert sum(shares) % group.q == key


def test_owners_of_an_archive_with_a_mandatory_trustee() -> None:
    """Owners are counted over the flattened list."""
    archive, election = _archive(BLANK)
    trustees = parse_trustees(election.group, archive.trustees)
    assert isinstance(trustees[0], SingleTrustee)
    keys = flattened_keys(trustees)
    assert len(keys) == 4
    assert keys[0] == trustees[0].verification_key.public_key


def _changed(folder: Path, change: Callable[[Any], object]) -> tuple[Election, str]:
    archive, election = _archive(folder)
    value = json.loads(archive.trustees)
    change(value)
    return election, dumps(value)


@pytest.mark.parametrize(
    ("folder", "change", "trustee"),
    [
        (BLANK, lambda value: value[0][1]["pok"].update(challenge="1"), 1),
        (BLANK, lambda value: value[1][1]["certs"][0]["signature"].update(challenge="1"), 2),
        (BLANK, lambda value: value[1][1]["coefexps"][1]["signature"].update(response="1"), 3),
        (BLANK, lambda value: value[1][1]["signatures"][2].update(response="1"), 4),
        (BLANK, lambda value: value[1][1]["verification_keys"][1]["pok"].update(response="1"), 3),
        (
            BLANK,
            lambda value: value[1][1]["verification_keys"][2]["signature"].update(response="1"),
            4,
        ),
        (BLANK, lambda value: value[1][1]["verification_keys"].reverse(), 2),
        (BLANK, lambda value: value[1][1]["certs"].reverse(), 2),
        (OLDEST, lambda value: value[0][1]["certs"][2]["signature"].update(response="1"), 3),
        (OLDEST, lambda value: value[0][1]["verification_keys"][0]["pok"].update(response="1"), 1),
    ],
)
def test_archive_with_one_fault(
    folder: Path, change: Callable[[Any], object], trustee: int
) -> None:
    """One changed part is refused, and its trustee named."""
    election, text = _changed(folder, change)
    trustees = parse_trustees(election.group, text)
    with pytest.raises(TrusteeError) as caught:
        verify_trustees(election.group, trustees)
    assert caught.value.trustee == trustee


def _without(value: Any, *names: str) -> None:
    team = value[0][1]
    for name in names:
        if name == "signature":
            for key in team["verification_keys"]:
                key.pop("signature")
        else:
            team.pop(name)


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.clear(),
        lambda value: value.extend(value * 20),
        lambda value: value[0].append(1),
        lambda value: value[0].__setitem__(0, "Other"),
        lambda value: value[0][1].update(threshold=0),
        lambda value: value[0][1].update(threshold=4),
        lambda value: value[0][1].update(threshold="2"),
        lambda value: value[0][1].update(threshold=3),
        lambda value: value[0][1]["certs"].pop(),
        lambda value: value[0][1]["coefexps"].pop(),
        lambda value: value[0][1]["signatures"].pop(),
        lambda value: value[0][1]["verification_keys"].pop(),
        lambda value: value[0][1]["verification_keys"][0].pop("pok"),
        lambda value: value[0][1].update(signatures=None),
        lambda value: value[0][1].update(more=1),
        lambda value: _without(value, "signatures"),
        lambda value: _without(value, "signatures", "signature"),
        lambda value: value[0][1]["verification_keys"][0].pop("signature"),
    ],
)
def test_trustees_not_of_the_form(change: Callable[[Any], object]) -> None:
    """Forms of different versions are not mixed, nothing is left out or added."""
    election, text = _changed(NEWEST, change)
    with pytest.raises(CryptoError):
        parse_trustees(election.group, text)


def test_form_of_2_5() -> None:
    """Keys without signature are the form of 2.5, which is read."""
    election, text = _changed(NEWEST, lambda value: _without(value, "signature"))
    verify_trustees(election.group, parse_trustees(election.group, text))


def test_trustees_in_other_bytes() -> None:
    """Trustees have one text, and a bounded one."""
    archive, election = _archive(NEWEST)
    reordered = dumps([["Pedersen", dict(reversed(json.loads(archive.trustees)[0][1].items()))]])
    for text in (archive.trustees + " ", reordered, " " * (MAX_TRUSTEES_CHARACTERS + 1)):
        with pytest.raises(MalformedError):
            parse_trustees(election.group, text)


def test_key_outside_of_the_group() -> None:
    """Every element is checked for membership."""
    election, text = _changed(
        NEWEST, lambda value: value[0][1]["verification_keys"][0].update(public_key="00" * 32)
    )
    with pytest.raises(MembershipError):
        parse_trustees(election.group, text)


def test_mandatory_trustee_with_the_neutral_element() -> None:
    """The neutral element is nobody's key."""
    archive, election = _archive(BLANK)
    neutral = election.group.element_to_text(election.group.identity)
    value = json.loads(archive.trustees)
    value[0][1]["public_key"] = neutral
    trustees = parse_trustees(election.group, dumps(value))
    with pytest.raises(TrusteeError) as caught:
        verify_trustees(election.group, trustees)
    assert caught.value.trustee == 1
