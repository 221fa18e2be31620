"""Archives made by belenios-tool 2.0, 2.5.1 and 3.3.0, by Belenios' own rules (protocol.md §9)."""

import dataclasses
import hashlib
import re
from pathlib import Path

import pytest

from crypto.belenios_archive import Archive, read_archive, write_archive
from services.verifier.checks_anchor import Anchors
from services.verifier.foreign_archive import ON_TRUST
from services.verifier.report import Report
from services.verifier.verify import verify_bytes

VECTORS = Path(__file__).parents[1] / "vectors" / "belenios"
FOLDERS = sorted(VECTORS.iterdir())
QUIET = Anchors(shows_codes=False)
ABSENT = {"V0", "V2", "V3", "V6", "V7", "V11", "V12", "V16", "V18", "V19", "V20"}


def archive_in(folder: Path) -> Archive:
    (path,) = folder.glob("*.bel")
    return read_archive(path.read_bytes())


def verify(archive: Archive) -> Report:
    return verify_bytes(write_archive(archive), "x.bel", QUIET)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_archive_as_it_was_made(folder: Path) -> None:
    """All checks that apply hold, and the result is the one that was expected."""
    archive = archive_in(folder)
    report = verify(archive)

    assert report.failed == ()
    assert {check.id for check in report.checks if check.status != "holds"} == ABSENT
    assert archive.result == (folder / "expected-result.json").read_text().strip()
    assert ON_TRUST in report.detail_of("V14")


def test_revote_counts_once() -> None:
    """Of two ballots of a credential the last one counts."""
    report = verify(archive_in(VECTORS / "tool-3.3.0-ed25519-blank"))

    assert report.detail_of("V8").startswith("7 of 7")
    assert report.detail_of("V13") == "6 ballots count, of weight 6"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_one_digit_anywhere_in_a_ballot(folder: Path) -> None:
    """Whatever digit of a ballot is changed, in a proof, a ciphertext or the rest, it is seen."""
    archive = archive_in(folder)
    text = archive.ballots[0]
    digits = [match.start() for match in re.finditer("[0-9]", text)]
    seed = int.from_bytes(hashlib.sha256(folder.name.encode()).digest(), "big")
    places = {digits[(seed >> (16 * number)) % len(digits)] for number in range(3)}
    for place in places:
        digit = str((int(text[place]) + 1) % 10)
        ballots = (text[:place] + digit + text[place + 1 :], *archive.ballots[1:])
        report = verify(dataclasses.replace(archive, ballots=ballots))
        assert {"V8", "V9", "V10"} & set(report.failed), place


ALTERED = {
    "V4": lambda a: dataclasses.replace(
        a, election=a.election.replace('"version":1', '"version":3')
    ),
    "V5": lambda a: dataclasses.replace(a, trustees=_next_digit(a.trustees, '"response":"')),
    "V13": lambda a: dataclasses.replace(a, num_tallied=1),
    "V14": lambda a: dataclasses.replace(
        a,
        partial_decryptions=(
            dataclasses.replace(
                a.partial_decryptions[0],
                text=_next_digit(a.partial_decryptions[0].text, '"response":"'),
            ),
            *a.partial_decryptions[1:],
        ),
    ),
    "V15": lambda a: dataclasses.replace(a, result=a.result.replace("[[6,1]", "[[5,2]")),
    "V17": lambda a: dataclasses.replace(a, public_credentials="[]"),
}


def _next_digit(text: str, after: str) -> str:
    place = text.index(after) + len(after)
    return text[:place] + str(int(text[place]) % 9 + 1) + text[place + 1 :]


@pytest.mark.parametrize("check_id", ALTERED)
def test_altered_archive(check_id: str) -> None:
    """The check that the altered object belongs to fails."""
    archive = archive_in(VECTORS / "tool-3.3.0-ed25519-agree")
    report = verify(ALTERED[check_id](archive))

    assert report.failed == (check_id,)
