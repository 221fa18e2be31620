"""Ballots both ways between this library and belenios-tool 2.0, in BELENIOS-2048."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from crypto.ballot_encryption import encrypt_ballot
from crypto.ballots import parse_ballot, verify_ballot
from crypto.belenios_archive import Archive, write_archive
from crypto.belenios_json import dumps
from crypto.credentials import (
    derive_credential_v20,
    derive_credential_v24,
    generate_secret_credential,
    public_credential,
)
from crypto.elections import Election, parse_election
from crypto.proofs import prove_knowledge
from crypto.randomness import draw_scalar, system_randomness
from tests.sample_elections import (
    MARKS,
    SECRET_KEY,
    SHAPES,
    at_most_question,
    blank_question,
    make_election,
    sample_election,
    tool_election,
)

# With CI=true nothing is skipped: the tests fail where the program is missing.
pytestmark = pytest.mark.skipif(
    shutil.which("belenios-tool") is None and os.environ.get("CI") != "true",
    reason="belenios-tool is not installed (Debian package belenios-tool)",
)

FOLDER = "tool-2.0-belenios-2048-agree"


def _run(folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["belenios-tool", *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"BELENIOS_USE_URANDOM": "1"},
    )


@pytest.fixture
def open_election(tmp_path: Path) -> Path:
    """A folder with the election of the tool's archive, set up anew and without ballots."""
    archive = tool_election(FOLDER).archive
    for name, text in (
        ("election.json", archive.election),
        ("trustees.json", archive.trustees),
        ("public_creds.json", archive.public_credentials),
    ):
        (tmp_path / name).write_text(text)
    _run(tmp_path, "archive", "init").check_returncode()
    for name in ("election.json", "trustees.json", "public_creds.json"):
        (tmp_path / name).unlink()
    return tmp_path


def _our_ballot(election: Election, exponent: int, marks: list[list[int]]) -> str:
    nonce = draw_scalar(election.group, system_randomness)
    return encrypt_ballot(election, exponent, marks, system_randomness(32), nonce)


def test_our_ballots_judged_by_the_tool(open_election: Path) -> None:
    """Ballots that we make for the credentials of the folder are accepted, all of them."""
    tool = tool_election(FOLDER)
    for secret, marks in zip(tool.credentials, tool.votes, strict=True):
        exponent = derive_credential_v20(tool.election.group, tool.election.uuid, secret)
        ballot = _our_ballot(tool.election, exponent, marks)
        added = _run(open_election, "archive", "add-event", "--type=Ballot", given=ballot + "\n")
        assert added.returncode == 0, added.stderr
    judged = _run(open_election, "election", "verify")
    assert judged.returncode == 0, judged.stderr
    assert "all checks passed" in judged.stdout + judged.stderr


def test_altered_ballot_judged_by_the_tool(open_election: Path) -> None:
    """The tool does look: one response off by one is refused."""
    tool = tool_election(FOLDER)
    exponent = derive_credential_v20(tool.election.group, tool.election.uuid, tool.credentials[0])
    value = json.loads(_our_ballot(tool.election, exponent, tool.votes[0]))
    proof = value["answers"][0]["overall_proof"][0]
    proof["response"] = str((int(proof["response"]) + 1) % tool.election.group.q)
    _run(open_election, "archive", "add-event", "--type=Ballot", given=dumps(value) + "\n")
    judged = _run(open_election, "election", "verify")
    assert judged.returncode != 0
    assert "all checks passed" not in judged.stdout + judged.stderr


def test_ballots_of_the_tool_judged_by_us(open_election: Path, tmp_path: Path) -> None:
    """Ballots that the tool makes hold, for the credentials that we derive."""
    tool = tool_election(FOLDER)
    for number, (secret, marks) in enumerate(zip(tool.credentials, tool.votes, strict=True)):
        credential_file, marks_file = tmp_path / f"{number}.cred", tmp_path / f"{number}.marks"
        credential_file.write_text(secret + "\n")
        marks_file.write_text(json.dumps(marks) + "\n")
        made = _run(
            open_election,
            "election",
            "generate-ballot",
            f"--privcred={credential_file}",
            f"--ballot={marks_file}",
        )
        assert made.returncode == 0, made.stderr
        ballot = verify_ballot(tool.election, made.stdout.strip())
        exponent = derive_credential_v20(tool.election.group, tool.election.uuid, secret)
        assert ballot.credential == public_credential(tool.election.group, exponent)


def _archive_of(election: Election, marks: list[list[list[int]]]) -> bytes:
    """An archive of ours, under one trustee who holds SECRET_KEY, with a ballot for each marks."""
    group = election.group
    key = group.element_to_text(election.public_key)
    nonce = draw_scalar(group, system_randomness)
    pok = prove_knowledge(group, SECRET_KEY, nonce, f"pok|{group.name}|{key}|")
    exponents = [
        derive_credential_v24(group, election.uuid, generate_secret_credential(system_randomness))
        for _ in marks
    ]
    credentials = sorted(public_credential(group, exponent) for exponent in exponents)
    return write_archive(
        Archive(
            timestamp=1_790_000_000,
            election=election.text,
            trustees=dumps([["Single", {"pok": pok.to_json(), "public_key": key}]]),
            public_credentials=dumps(credentials),
            ballots=tuple(
                _our_ballot(election, exponent, chosen)
                for exponent, chosen in zip(exponents, marks, strict=True)
            ),
            is_closed=False,
        )
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_archive_of_every_shape_judged_by_the_tool(shape: str, tmp_path: Path) -> None:
    """Both question forms and the explicit blank, in an archive that we wrote."""
    election = sample_election("BELENIOS-2048", shape)
    empty = [[0] * len(marks) for marks in MARKS[shape]]
    if shape == "blank":
        empty[0] = [0, 1, 0]
    (tmp_path / f"{election.uuid}.bel").write_bytes(_archive_of(election, [MARKS[shape], empty]))
    judged = _run(tmp_path, "election", "verify")
    assert judged.returncode == 0, judged.stderr
    assert "all checks passed" in judged.stdout + judged.stderr


def test_every_answer_of_the_tool_judged_by_us(tmp_path: Path) -> None:
    """Blank, none, some and all: whatever the tool proves, we accept."""
    election = make_election("BELENIOS-2048", [blank_question(0, 2), at_most_question(3, 2)])
    (tmp_path / f"{election.uuid}.bel").write_bytes(_archive_of(election, []))
    credential_file, marks_file = tmp_path / "cred", tmp_path / "marks"
    # The tool takes any well-formed credential for making a ballot.
    credential_file.write_text(tool_election(FOLDER).credentials[0] + "\n")
    for marks in (
        [[1, 0, 0], [0, 0, 0]],
        [[0, 0, 0], [1, 0, 0]],
        [[0, 1, 0], [0, 1, 1]],
        [[0, 1, 1], [1, 0, 1]],
    ):
        marks_file.write_text(json.dumps(marks) + "\n")
        made = _run(
            tmp_path,
            "election",
            "generate-ballot",
            f"--privcred={credential_file}",
            f"--ballot={marks_file}",
        )
        assert made.returncode == 0, made.stderr
        text = made.stdout.strip()
        assert verify_ballot(election, text).tracker == parse_ballot(election, text).tracker
    assert parse_election(election.text) == election
