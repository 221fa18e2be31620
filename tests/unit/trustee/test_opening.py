"""What a teller's device demands before it opens a sum, and that it opens one only."""

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from crypto.ballots import parse_ballot
from crypto.ceremony import confirmation_message
from crypto.checkpoints import NoteSigner, Promise, parse_note, sign_promise
from crypto.codes import seal_value
from crypto.decryption import Statement, parse_second_proof, verify_partial_decryption
from crypto.errors import SignatureError
from crypto.merkle import leaf_hash, tree_root
from crypto.tally import encrypt_tally
from crypto.trustee_device import TrusteeState
from crypto.trustee_verification import public_share
from schemas import base64url, entries
from schemas.entries import Entry, encode_entry
from schemas.terms import Terms
from services.trustee.opening import OpenedSum, OpeningRefusedError, open_sum
from services.verifier.board import BoardRefusedError, DownloadedBoard
from tests.fixtures.record_builder import BuiltRecord, build_record
from tests.fixtures.record_parts import BOX_SIGNER, UUID, ceremony, team_of
from tests.seeded_randomness import SeededRandomness

Change = Callable[[Any], Any]


@functools.cache
def honest() -> BuiltRecord:
    return build_record()


def device_of(record: BuiltRecord, index: int = 1) -> TrusteeState:
    """Trustee `index` after it has confirmed the record's election."""
    place = next(
        at for at, each in enumerate(record.log) if isinstance(each, entries.ElectionEntry)
    )
    root = tree_root([leaf_hash(line) for line in record.lines[: place + 1]])
    confirms = [each for each in record.log if isinstance(each, entries.TrusteeConfirms)]
    return dataclasses.replace(
        ceremony(record.election.group.name).states[index - 1],
        confirmed=confirmation_message(record.election.fingerprint, index, root),
        confirmation=confirms[index - 1].confirmation,
    )


def board_of(record: BuiltRecord, after: Sequence[Entry] = ()) -> DownloadedBoard:
    """The record's board as it stands at closing, with entries after it."""
    place = next(at for at, each in enumerate(record.log) if isinstance(each, entries.Closed))
    return DownloadedBoard(
        entries=(*record.lines[: place + 1], *map(encode_entry, after)),
        opening_note=record.files["checkpoints/opening"].decode(),
        closing_note=record.files["checkpoints/closing"].decode(),
        roster=record.files["roster.json"],
        attendance=record.files["attendance.json"],
    )


def seal_of(board: DownloadedBoard) -> bytes:
    return seal_value(parse_note(board.closing_note).text)


def opened_by(
    device: TrusteeState,
    board: DownloadedBoard,
    opened: OpenedSum | None = None,
    promises: Sequence[str] = (),
    seed: str = "opening",
) -> OpenedSum:
    draw = SeededRandomness(seed)
    return open_sum(device, opened, board, seal_of(board), draw, promises, processes=1)


def refusal(*arguments: Any, **named: Any) -> str:
    with pytest.raises(OpeningRefusedError) as refused:
        opened_by(*arguments, **named)
    return refused.value.name


def promise_of(tracker: bytes, signer: NoteSigner = BOX_SIGNER) -> str:
    return sign_promise(Promise(UUID, honest().election.fingerprint, tracker), signer)


def trackers_of(record: BuiltRecord) -> list[bytes]:
    ballots = [each.ballot for each in record.log if isinstance(each, entries.BallotEntry)]
    return [parse_ballot(record.election, text).tracker for text in ballots]


@pytest.mark.parametrize("group", ["Ed25519", "BELENIOS-2048"])
def test_sum_of_a_sealed_board(group: str) -> None:
    """Both proofs of the answer hold for the verifier's own product over this board."""
    record = honest() if group == "Ed25519" else build_record(group)
    board = board_of(record)
    made = opened_by(device_of(record, 2), board)
    ballots = [each.ballot for each in record.log if isinstance(each, entries.BallotEntry)]
    root = tree_root([leaf_hash(line) for line in board.entries])
    statement = Statement(
        election=record.election,
        tally=encrypt_tally(
            record.election, [parse_ballot(record.election, text) for text in ballots]
        ),
        board_root=root,
        trustee=2,
        public_key=public_share(record.election.group, team_of(group).coefficients, 2),
    )
    assert made.closing_root == root.hex()
    proof = parse_second_proof(record.election.group, made.proof.challenge, made.proof.response)
    verify_partial_decryption(statement, made.partial_decryption, proof)


def test_same_board_again() -> None:
    """The device repeats its bytes, whatever its generator would draw now."""
    device, board = device_of(honest()), board_of(honest())
    first = opened_by(device, board, seed="once")
    assert opened_by(device, board, seed="twice") != first
    assert opened_by(device, board, first, seed="twice") == first
    assert OpenedSum.from_json(first.to_json()) == first


def test_others_have_opened_already() -> None:
    """Partial decryptions after the closing do not matter to this device."""
    others = [each for each in honest().log if isinstance(each, entries.PartialDecryption)][1:]
    device = device_of(honest())
    assert opened_by(device, board_of(honest(), others)) == opened_by(device, board_of(honest()))


def test_another_board_after_the_first() -> None:
    """One sum an election: a second board, itself without fault, is refused."""
    second = build_record(changes={"closed": _later})
    device = device_of(honest())
    first = opened_by(device, board_of(honest()))
    assert opened_by(device, board_of(second)).closing_root != first.closing_root
    assert refusal(device, board_of(second), first) == "another-board"


def _elsewhere(terms: Terms) -> Terms:
    return replace(terms, meeting=replace(terms.meeting, venue="Hội trường B"))


def _later(closed: entries.Closed) -> entries.Closed:
    return replace(closed, at="2026-11-20T09:31:00+07:00")


def test_seal_differs_from_the_halls() -> None:
    """A board that the hall did not see is not opened."""
    board = board_of(honest())
    with pytest.raises(OpeningRefusedError) as refused:
        open_sum(device_of(honest()), None, board, bytes(32), SeededRandomness("seal"))
    assert refused.value.name == "seal-differs"


def test_device_that_never_confirmed() -> None:
    """Who has not confirmed the election opens nothing of it."""
    assert refusal(ceremony("Ed25519").states[0], board_of(honest())) == "another-election"


def test_election_other_than_the_confirmed_one() -> None:
    """The same trustees and key under other terms: the board holds, the device refuses."""
    other = build_record(changes={"terms": _elsewhere})
    opened_by(device_of(other), board_of(other))
    assert refusal(device_of(honest()), board_of(other)) == "another-election"


def test_fewer_ballots_than_the_minimum() -> None:
    """Four ballots where five are needed: a perfect board, and no sum."""
    record = build_record(changes={"ballots": lambda ballots: ballots[1:]})
    assert refusal(device_of(record), board_of(record)) == "too-few-ballots"


def test_fewer_issuances_than_the_minimum() -> None:
    """Ballots without as many signed issuances do not reach the minimum either."""
    record = build_record(changes={"issuances": lambda issuances: issuances[:4]})
    with pytest.raises(BoardRefusedError) as refused:
        opened_by(device_of(record), board_of(record))
    assert "V11" in refused.value.refused


def test_claim_on_the_board() -> None:
    """Somebody's promise was not kept: no sum before that is settled."""
    claim = entries.Claim(promise=base64url.encode(promise_of(bytes(32)).encode()))
    assert refusal(device_of(honest()), board_of(honest(), [claim])) == "not-to-be-opened"


@pytest.mark.parametrize("kind", [entries.Result, entries.MinuteEntry])
def test_entry_after_the_closing(kind: type[Entry]) -> None:
    """Only partial decryptions may stand behind the closing that is opened."""
    after = next(each for each in honest().log if isinstance(each, kind))
    assert refusal(device_of(honest()), board_of(honest(), [after])) == "not-to-be-opened"


def test_cancelled_election() -> None:
    """A cancelled election is never opened."""
    cancelled = entries.Cancelled(
        at="2026-11-20T09:40:00+07:00", reason="trustees_unavailable", text="Vắng mặt"
    )
    assert refusal(device_of(honest()), board_of(honest(), [cancelled])) == "not-to-be-opened"


def test_board_that_is_not_closed() -> None:
    """Before the closing there is nothing to open, though a note be shown."""
    board = board_of(honest())
    cut = dataclasses.replace(board, entries=board.entries[:-1])
    assert refusal(device_of(honest()), cut) == "not-closed"


def test_promised_ballots_on_the_board() -> None:
    """Promises that were kept do not stand in the way."""
    promises = [promise_of(tracker) for tracker in trackers_of(honest())]
    opened_by(device_of(honest()), board_of(honest()), promises=promises)


def test_own_ballot_missing() -> None:
    """A promised ballot that is not there stops the opening, also of what was opened before."""
    device, board = device_of(honest()), board_of(honest())
    kept, broken = promise_of(trackers_of(honest())[0]), promise_of(bytes(32))
    assert refusal(device, board, promises=[kept, broken]) == "ballot-missing"
    first = opened_by(device, board)
    assert refusal(device, board, first, promises=[broken]) == "ballot-missing"


def test_promise_of_a_stranger() -> None:
    """A promise that the box of this election did not sign is worth nothing."""
    forged = promise_of(bytes(32), NoteSigner(BOX_SIGNER.name, bytes(32)))
    with pytest.raises(SignatureError):
        opened_by(device_of(honest()), board_of(honest()), promises=[forged])


@pytest.mark.parametrize(
    ("place", "change", "check"),
    [
        ("confirmations", lambda made: made[:2], "V5"),
        ("ballots", lambda made: [made[1], made[0], *made[2:]], "V12"),
        ("ballots", lambda made: [replace(made[0], token=made[1].token), *made[1:]], "V7"),
        ("issuances", lambda made: [replace(made[0], member=7), *made[1:]], "V6"),
        ("attendance", lambda data: data.replace(b"online", b"absent"), "V4"),
    ],
)
def test_board_with_a_fault(place: str, change: Change, check: str) -> None:
    """The device repeats V0 to V12 by itself, and opens nothing when one fails."""
    record = build_record(changes={place: change})
    with pytest.raises(BoardRefusedError) as refused:
        opened_by(device_of(honest()), board_of(record))
    assert check in refused.value.refused
