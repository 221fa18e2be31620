"""The teller's secret file: sealed, whole or not there, and gone when erased."""

import dataclasses
import os
from pathlib import Path

import pytest

from crypto.groups import group_by_name
from crypto.trustee_device import make_certificate
from schemas.entries import SecondProof
from services.trustee import custody
from services.trustee.custody import Custody, CustodyError, erase, load, store
from services.trustee.opening import OpenedSum
from tests.fixtures.record_parts import ceremony
from tests.seeded_randomness import SeededRandomness

PASS_PHRASE = "mười hai chiếc ghế"
OPENED = OpenedSum("ab" * 32, "{}", SecondProof(challenge="1", response="2"))


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """The file of a teller who has made a certificate."""
    group, draw = group_by_name("Ed25519"), SeededRandomness("custody")
    path = tmp_path / "teller"
    state = make_certificate(group, "PhieuKinTest14", 1, 3, 2, draw)
    store(path, Custody(state), PASS_PHRASE, draw)
    return path


@pytest.mark.parametrize("opened", [None, OPENED])
def test_whole_state(tmp_path: Path, opened: OpenedSum | None) -> None:
    """What is stored comes back: seed, key and what was opened."""
    path, state = tmp_path / "teller", ceremony("Ed25519").states[1]
    store(path, Custody(state, opened), PASS_PHRASE, SeededRandomness("store"))
    assert load(path, PASS_PHRASE) == Custody(state, opened)


def test_nothing_secret_in_the_clear(sealed: Path) -> None:
    """Neither the seed nor any other text of the state stands in the file; only its owner reads."""
    seed = load(sealed, PASS_PHRASE).state.seed
    data = sealed.read_bytes()
    assert seed.encode() not in data
    assert b"seed" not in data
    assert sealed.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in sealed.parent.iterdir()] == ["teller"]


def test_stored_twice_under_one_pass_phrase(sealed: Path) -> None:
    """Salt and nonce are fresh every time: no key stream is used twice."""
    first, known = sealed.read_bytes(), load(sealed, PASS_PHRASE)
    store(sealed, known, PASS_PHRASE, SeededRandomness("again"))
    start, end = len(custody.MAGIC), len(custody.MAGIC) + custody.SALT_BYTES + custody.NONCE_BYTES
    assert sealed.read_bytes()[start:end] != first[start:end]
    assert load(sealed, PASS_PHRASE) == known


def test_pass_phrase_from_another_keyboard(sealed: Path) -> None:
    """Composed or decomposed letters are the same pass-phrase."""
    decomposed = "mu\u031bo\u031b\u0300i hai chie\u0302\u0301c ghe\u0302\u0301"
    assert decomposed != PASS_PHRASE
    assert load(sealed, decomposed) == load(sealed, PASS_PHRASE)


def test_wrong_pass_phrase(sealed: Path) -> None:
    """Another pass-phrase opens nothing."""
    with pytest.raises(CustodyError, match="pass-phrase is wrong"):
        load(sealed, PASS_PHRASE + ".")


@pytest.mark.parametrize("place", [len(custody.MAGIC), len(custody.MAGIC) + 16, -40, -1])
def test_changed_file(sealed: Path, place: int) -> None:
    """One changed bit in salt, nonce, content or tag, and nothing is opened."""
    data = bytearray(sealed.read_bytes())
    data[place] ^= 1
    sealed.write_bytes(data)
    with pytest.raises(CustodyError, match="was changed"):
        load(sealed, PASS_PHRASE)


def test_short_pass_phrase(tmp_path: Path) -> None:
    """A pass-phrase that can be guessed is not taken, and nothing is written."""
    state = ceremony("Ed25519").states[0]
    with pytest.raises(CustodyError, match="10 characters"):
        store(tmp_path / "teller", Custody(state), "123456789", SeededRandomness("short"))
    assert not list(tmp_path.iterdir())


def test_interrupted_before_the_new_file_is_in_place(sealed: Path) -> None:
    """A half written file of a crash is no obstacle and is never read."""
    known = load(sealed, PASS_PHRASE)
    (sealed.parent / "teller.new").write_bytes(b"half")
    assert load(sealed, PASS_PHRASE) == known
    changed = dataclasses.replace(known, opened=OPENED)
    store(sealed, changed, PASS_PHRASE, SeededRandomness("after"))
    assert load(sealed, PASS_PHRASE) == changed


def test_link_in_the_place_of_the_new_file(sealed: Path) -> None:
    """Secrets are not written through a link that somebody laid."""
    other = sealed.parent / "other"
    other.write_bytes(b"")
    (sealed.parent / "teller.new").symlink_to(other)
    store(sealed, load(sealed, PASS_PHRASE), PASS_PHRASE, SeededRandomness("link"))
    assert other.read_bytes() == b""
    assert not sealed.is_symlink()


def test_erased(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes are overwritten before the name is gone, and a left-over copy goes too."""
    before, overwritten = sealed.read_bytes(), []
    unlink = Path.unlink
    (sealed.parent / "teller.new").write_bytes(b"left over")

    def look_then_unlink(path: Path, missing_ok: bool = False) -> None:
        if path == sealed:
            overwritten.append(path.read_bytes())
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", look_then_unlink)
    erase(sealed)
    assert not list(sealed.parent.iterdir())
    assert len(overwritten[0]) == len(before)
    assert not overwritten[0].startswith(custody.MAGIC)


@pytest.mark.parametrize("content", [b"a letter to my sister", b"", custody.MAGIC + b"cut off"])
def test_some_other_file(tmp_path: Path, content: bytes) -> None:
    """A file that is not a trustee's is neither read nor erased."""
    path = tmp_path / "letter"
    path.write_bytes(content)
    for act in (lambda: load(path, PASS_PHRASE), lambda: erase(path)):
        with pytest.raises(CustodyError, match="not a trustee's file"):
            act()
    assert path.read_bytes() == content


def test_file_too_large(tmp_path: Path) -> None:
    """No more than a trustee's file can hold is ever read."""
    path = tmp_path / "teller"
    path.write_bytes(custody.MAGIC)
    os.truncate(path, custody.MAX_FILE_BYTES + 1)
    with pytest.raises(CustodyError, match="not a trustee's file"):
        load(path, PASS_PHRASE)
