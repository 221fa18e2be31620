"""`phieukin trustee` by the command line and from files alone: ceremony, opening, refusals."""

import getpass
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crypto.ballots import parse_ballot
from crypto.ceremony import verify_ceremony
from crypto.codes import election_code
from crypto.decryption import Statement, combine, parse_second_proof, verify_partial_decryption
from crypto.groups import group_by_name
from crypto.merkle import leaf_hash, tree_root
from crypto.randomness import system_randomness
from crypto.tally import Factors, encrypt_tally, open_tally
from crypto.trustee_verification import public_share
from schemas import base64url, entries
from services.cli.main import main
from services.cli.trustee import DONE, MALFORMED, PASS_PHRASE_VARIABLE, REFUSED
from services.trustee.steps import ceremony_of, read_log
from tests.fixtures.record_parts import AGREE, BLANK, DISAGREE, THRESHOLD, UUID
from tests.fixtures.teller_files import GROUP, Board, TellersLog, vote_and_close

# The ceremony is held once a worker.
pytestmark = pytest.mark.xdist_group("trustee program")

PASS_PHRASE = "ba người kiểm phiếu"
MARKS = (
    (AGREE, AGREE, DISAGREE),
    (AGREE, AGREE, BLANK),
    (AGREE, DISAGREE, BLANK),
    (AGREE, AGREE, BLANK),
    (DISAGREE, AGREE, DISAGREE),
)
COUNTS = ((4, 1), (4, 1), (0, 2))


@dataclass(frozen=True)
class Teller:
    """One teller's computer: a folder with the secret file and what is carried in and out."""

    index: int
    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "secret"

    def put(self, name: str, data: bytes | str) -> str:
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    def run(self, step: str, *arguments: str) -> int:
        """One step by the command line; its answer comes to `<step>.json`."""
        output = str(self.folder / f"{step}.json")
        return main(["trustee", step, "--state", str(self.state), "--output", output, *arguments])

    def certify(self, **changed: str) -> int:
        options = {"uuid": UUID, "group": GROUP, "index": str(self.index), **changed}
        return self.run("certificate", *(f"--{name}={text}" for name, text in options.items()))

    def answer(self, step: str) -> Any:
        return json.loads((self.folder / f"{step}.json").read_bytes())

    def make(self, step: str, *arguments: str) -> Any:
        assert self.run(step, *arguments) == DONE
        return self.answer(step)

    def open(self, board: Board, *more: str, code: str | None = None) -> int:
        (self.folder / "open.json").unlink(missing_ok=True)
        path = self.put("board.zip", board.to_zip())
        return self.run("open", "--input", path, "--code", code or board.seal_code, *more)


@dataclass(frozen=True)
class Room:
    """Three tellers after the ceremony, the log up to their confirmations, and a sealed board."""

    tellers: tuple[Teller, ...]
    log: TellersLog
    board: Board


@pytest.fixture(scope="module", autouse=True)
def pass_phrase() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASS_PHRASE_VARIABLE, PASS_PHRASE)
        yield


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """The whole ceremony; tests work on copies of it."""
    tellers = [Teller(index, tmp_path_factory.mktemp(f"teller{index}")) for index in (1, 2, 3)]
    log = TellersLog()
    for teller in tellers:
        assert teller.certify() == DONE
        log.log.append(
            entries.CeremonyCertificate(index=teller.index, **teller.answer("certificate"))
        )
    view = log.ceremony_view()
    for teller in tellers:
        made = teller.make("commitment", "--input", teller.put("ceremony", view))
        log.log.append(entries.CeremonyCommitment(index=teller.index, **made))
    view, sealed = log.ceremony_view(), []
    for teller in tellers:
        made = teller.make("reveal", "--input", teller.put("ceremony", view))
        sealed.append(made.pop("sealed_shares"))
        log.log.append(entries.CeremonyReveal(index=teller.index, **made))
    view = log.ceremony_view()
    for teller in tellers:
        mine = {"sealed_shares": [shares[teller.index - 1] for shares in sealed]}
        shares = teller.put("shares", json.dumps(mine))
        made = teller.make("key", "--input", teller.put("ceremony", view), "--shares", shares)
        log.log.append(entries.CeremonyKey(index=teller.index, **made))
    log.add_election()
    lines = log.entries_file()
    for teller in tellers:
        made = teller.make("confirmation", "--input", teller.put("entries", lines))
        log.log.append(entries.TrusteeConfirms(index=teller.index, **made))
    return Room(tuple(tellers), log, vote_and_close(log, MARKS, system_randomness))


@pytest.fixture
def room(held: Room, tmp_path: Path) -> Room:
    """A copy: what one test opens, the next has not opened."""
    copies = []
    for teller in held.tellers:
        folder = tmp_path / str(teller.index)
        shutil.copytree(teller.folder, folder)
        copies.append(Teller(teller.index, folder))
    return Room(tuple(copies), held.log, held.board)


def test_any_two_open_the_sum(room: Room) -> None:
    """Three tellers, two of whom open: both proofs of each hold, and the counts are right."""
    election, group = room.board.election, group_by_name(GROUP)
    log = read_log(room.board.lines)
    team = verify_ceremony(group, ceremony_of(log, UUID, THRESHOLD))
    ballots = [each.ballot for each in log.entries if isinstance(each, entries.BallotEntry)]
    tally = encrypt_tally(election, [parse_ballot(election, text) for text in ballots])
    root = tree_root([leaf_hash(line) for line in room.board.lines])
    factors: dict[int, Factors] = {}
    for teller in (room.tellers[2], room.tellers[0]):
        assert teller.open(room.board) == DONE
        answer = teller.answer("open")
        key = public_share(group, team.coefficients, teller.index)
        factors[teller.index] = verify_partial_decryption(
            Statement(election, tally, root, teller.index, key),
            answer["partial_decryption"],
            parse_second_proof(group, **answer["proof"]),
        )
    counts = open_tally(group, tally, combine(group, THRESHOLD, factors), len(ballots))
    assert tuple(map(tuple, counts)) == COUNTS


def test_same_board_again(room: Room) -> None:
    """The program repeats its bytes, also when others have opened in the meantime."""
    first, second = room.tellers[:2]
    assert first.open(room.board) == DONE
    made = (first.folder / "open.json").read_bytes()
    assert second.open(room.board) == DONE
    other = entries.PartialDecryption(
        index=2,
        partial_decryption=second.answer("open")["partial_decryption"],
        proof=entries.SecondProof(**second.answer("open")["proof"]),
    )
    assert first.open(room.board.followed_by(other)) == DONE
    assert (first.folder / "open.json").read_bytes() == made


def test_another_board_after_the_first(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """One sum an election, whatever seal the hall shows later."""
    teller = room.tellers[0]
    other = vote_and_close(room.log, MARKS, system_randomness)
    assert teller.open(room.board) == DONE
    assert teller.open(other) == REFUSED
    assert "has opened another board" in capsys.readouterr().err
    assert not (teller.folder / "open.json").exists()
    assert room.tellers[1].open(other) == DONE


def test_seal_code_of_another_board(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """Another code in the hall than on the board: refused, and nothing is opened or kept."""
    teller, before = room.tellers[0], room.tellers[0].state.read_bytes()
    assert teller.open(room.board, code="0000-0000-0000-0000-0000") == REFUSED
    assert "seal code differs" in capsys.readouterr().err
    assert not (teller.folder / "open.json").exists()
    assert teller.state.read_bytes() == before


def test_seal_code_as_people_type_it(room: Room) -> None:
    """Small letters and no hyphens are the same code; something else is no code at all."""
    typed = room.board.seal_code.lower().replace("-", " ")
    assert room.tellers[0].open(room.board, code=typed) == DONE
    assert room.tellers[0].open(room.board, code="no code") == MALFORMED


def test_claim_on_the_board(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """A claim after the closing stops every teller."""
    promise = base64url.encode(room.board.promise_of(bytes(32)).encode())
    claimed = room.board.followed_by(entries.Claim(promise=promise))
    assert room.tellers[0].open(claimed) == REFUSED
    assert "holds a claim after closing" in capsys.readouterr().err


def test_own_ballot_missing(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """Promises given to the program must stand on the board it was shown."""
    teller = room.tellers[0]
    kept = teller.put("kept", room.board.promise_of(room.board.trackers[3]))
    broken = teller.put("broken", room.board.promise_of(bytes(32)))
    assert teller.open(room.board, "--promise", kept) == DONE
    assert teller.open(room.board, "--promise", kept, "--promise", broken) == REFUSED
    assert "a promised ballot is not on the board" in capsys.readouterr().err
    nothing = teller.put("nothing", "no promise")
    assert teller.open(room.board, "--promise", nothing) == MALFORMED


def test_too_few_ballots(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """Four ballots where the terms ask for five: nobody opens their sum."""
    few = vote_and_close(room.log, MARKS[:4], system_randomness)
    assert room.tellers[0].open(few) == REFUSED
    assert "4 ballots, at least 5 are needed" in capsys.readouterr().err


def test_board_with_a_ballot_taken_away(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole board is verified; the checks that fail are named."""
    lines = list(room.board.lines)
    del lines[-2]
    changed = Board(
        tuple(lines), room.board.opening_note, room.board.closing_note, room.board.election
    )
    assert room.tellers[0].open(changed) == REFUSED
    said = capsys.readouterr().err
    assert "V2:" in said
    assert "V11:" in said


def test_wrong_pass_phrase(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another pass-phrase takes no step."""
    monkeypatch.setenv(PASS_PHRASE_VARIABLE, "another pass-phrase")
    assert room.tellers[0].open(room.board) == REFUSED
    assert not (room.tellers[0].folder / "open.json").exists()


def test_changed_secret_file(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed secret file is refused, and left as it is."""
    teller = room.tellers[0]
    data = bytearray(teller.state.read_bytes())
    data[len(data) // 2] ^= 1
    teller.state.write_bytes(data)
    assert teller.open(room.board) == REFUSED
    assert "the file was changed" in capsys.readouterr().err
    assert teller.state.read_bytes() == data


def test_step_whose_answer_was_lost(room: Room) -> None:
    """Every step of the ceremony may be taken again and gives the same contribution."""
    teller, size = room.tellers[0], len(room.log.log)
    for step, kind in (
        ("commitment", entries.CeremonyCertificate),
        ("reveal", entries.CeremonyCommitment),
        ("key", entries.CeremonyReveal),
    ):
        before = teller.answer(step)
        log = TellersLog(room.log.log[: _after(room.log, kind)])
        more = ("--shares", str(teller.folder / "shares")) if step == "key" else ()
        path = teller.put("ceremony", log.ceremony_view())
        assert teller.make(step, "--input", path, *more) == before
    before = teller.answer("confirmation")
    log = TellersLog(room.log.log[: size - 3])
    assert teller.make("confirmation", "--input", teller.put("e", log.entries_file())) == before
    before = teller.answer("certificate")
    assert teller.certify() == DONE
    assert teller.answer("certificate") == before


def _after(log: TellersLog, kind: type) -> int:
    return max(place for place, entry in enumerate(log.log) if isinstance(entry, kind)) + 1


def test_second_commitment(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """Shown other certificates after it committed, the device refuses."""
    log = TellersLog(list(room.log.log[:3]))
    log.log[1], log.log[2] = log.log[2], log.log[1]
    path = room.tellers[0].put("ceremony", log.ceremony_view())
    assert room.tellers[0].run("commitment", "--input", path) == REFUSED
    assert "committed under other certificates" in capsys.readouterr().err


def test_secret_file_of_another_election(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """A new certificate never overwrites the secrets of an election."""
    before = room.tellers[0].state.read_bytes()
    assert room.tellers[0].certify(uuid="PhieuKinTest15") == REFUSED
    assert "one file holds one election's secrets" in capsys.readouterr().err
    assert room.tellers[0].state.read_bytes() == before


def test_election_code_at_confirmation(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """The teller sees the code of what was signed, to compare it with the hall's."""
    log = TellersLog(room.log.log[:-3])
    path = room.tellers[0].put("entries", log.entries_file())
    assert room.tellers[0].run("confirmation", "--input", path) == DONE
    assert election_code(room.board.election.fingerprint) in capsys.readouterr().out


def test_confirmation_without_an_election(room: Room) -> None:
    """Nothing is signed before the election is on the log."""
    log = TellersLog(room.log.log[:12])
    path = room.tellers[0].put("entries", log.entries_file())
    assert room.tellers[0].run("confirmation", "--input", path) == REFUSED


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", MALFORMED),
        (b"[]", MALFORMED),
        (b"\xff", MALFORMED),
        (b'{"entries": [1]}', MALFORMED),
        (b'{"trustee_threshold": 2, "trustees": [], "entries": ["{}"]}', MALFORMED),
        (b'{"trustee_threshold": 2, "trustees": [], "entries": []}', REFUSED),
    ],
)
def test_malformed_ceremony(
    room: Room, content: bytes, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be read ends with 2 and one line, never with a traceback."""
    path = room.tellers[0].put("ceremony", content)
    assert room.tellers[0].run("reveal", "--input", path) == code
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("broken", ["not a zip", "file missing", "no newline", "absent", "note"])
def test_malformed_board(room: Room, broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no board at all ends with 2."""
    teller = room.tellers[0]
    path = Path(teller.put("board.zip", room.board.to_zip()))
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    if broken == "file missing":
        del files["roster.json"]
    if broken == "no newline":
        files["entries.jsonl"] = files["entries.jsonl"][:-1]
    if broken == "note":
        files["checkpoints/closing"] = b"no checkpoint"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    if broken == "not a zip":
        path.write_bytes(b"PK\x03\x04 and nothing more")
    if broken == "absent":
        path.unlink()
    assert teller.run("open", "--input", str(path), "--code", room.board.seal_code) == MALFORMED
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    "changed",
    [{"index": "4"}, {"index": "0"}, {"size": "4"}, {"uuid": "short"}, {"threshold": "1"}],
)
def test_no_place_in_a_counting_team(tmp_path: Path, changed: dict[str, str]) -> None:
    """A number, size, threshold or uuid that cannot be: usage, and no secret file is made."""
    assert Teller(1, tmp_path).certify(**changed) == MALFORMED
    assert not list(tmp_path.iterdir())


def test_pass_phrase_typed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new secret file asks twice, and a slip makes none."""
    monkeypatch.delenv(PASS_PHRASE_VARIABLE)
    typed = iter([PASS_PHRASE, PASS_PHRASE + "u", PASS_PHRASE, PASS_PHRASE])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
    teller = Teller(1, tmp_path)
    assert teller.certify() == REFUSED
    assert "the two pass-phrases differ" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert teller.certify() == DONE


def test_erased_after_the_minute(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    """The secret file is gone; what is no secret file is left alone."""
    teller = room.tellers[0]
    letter = teller.put("letter", "no secret of ours")
    assert main(["trustee", "erase", "--state", letter]) == REFUSED
    assert Path(letter).exists()
    assert main(["trustee", "erase", "--state", str(teller.state)]) == DONE
    assert not teller.state.exists()
    assert main(["trustee", "erase", "--state", str(teller.state)]) == MALFORMED
    assert "Traceback" not in capsys.readouterr().err
