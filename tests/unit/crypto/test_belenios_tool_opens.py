"""A team and a count of ours, judged by belenios-tool 2.0."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from crypto.belenios_archive import Archive, OwnedPartialDecryption, write_archive
from crypto.belenios_json import dumps
from crypto.decryption import combine, verify_partial_decryption
from crypto.tally import open_tally, result_to_text, tally_to_text
from crypto.trustees import trustees_to_text
from tests.counting_team import closed_election
from tests.seeded_randomness import SeededRandomness

pytestmark = pytest.mark.skipif(
    shutil.which("belenios-tool") is None and os.environ.get("CI") != "true",
    reason="belenios-tool is not installed",
)


def _verify(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["belenios-tool", "election", "verify", "--dir", str(folder)],
        env=os.environ | {"BELENIOS_USE_URANDOM": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_archive_of_our_own_ceremony(tmp_path: Path) -> None:
    """Trustees of our ceremony, opened by 1 and 3, pass all checks; another result does not."""
    closed = closed_election("BELENIOS-2048")
    group, election = closed.election.group, closed.election
    made = {each: closed.decrypt(each, SeededRandomness("w")) for each in (1, 3)}
    factors = {
        each: verify_partial_decryption(closed.statement(each), *made[each]) for each in made
    }
    result = open_tally(group, closed.tally, combine(group, 2, factors), len(closed.ballots))
    for counts, expected in (
        (result, "all checks passed"),
        (((1, 2), (1, 0)), "check_result failed"),
    ):
        archive = Archive(
            timestamp=1_795_431_482,
            election=election.text,
            trustees=trustees_to_text(group, (closed.team.team,)),
            public_credentials=dumps(sorted(each.credential for each in closed.ballots)),
            ballots=tuple(each.text for each in closed.ballots),
            num_tallied=len(closed.ballots),
            total_weight=len(closed.ballots),
            encrypted_tally=tally_to_text(group, closed.tally),
            partial_decryptions=tuple(
                OwnedPartialDecryption(each, text) for each, (text, _) in made.items()
            ),
            result=result_to_text(counts),
        )
        (tmp_path / f"{election.uuid}.bel").write_bytes(write_archive(archive))
        done = _verify(tmp_path)
        assert expected in done.stderr
        assert (done.returncode == 0) == (expected == "all checks passed")
