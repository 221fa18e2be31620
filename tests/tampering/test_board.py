"""What a teller's device refuses to open (protocol.md §3)."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from crypto.tally import tally_to_text
from schemas import entries
from services.verifier.board import BoardRefusedError, DownloadedBoard, verify_board_for_opening
from services.verifier.evidence import sha256_hex
from tests.fixtures.record_builder import BuiltRecord, Changes, build_record
from tests.tampering.ballot_changes import with_altered_proof


def board_of(record: BuiltRecord, until: type = entries.Closed) -> DownloadedBoard:
    end = max(at for at, entry in enumerate(record.log) if isinstance(entry, until)) + 1
    return DownloadedBoard(
        entries=record.lines[:end],
        opening_note=record.files["checkpoints/opening"].decode(),
        closing_note=record.files["checkpoints/closing"].decode(),
        roster=record.files["roster.json"],
        attendance=record.files["attendance.json"],
    )


@pytest.mark.parametrize("group_name", ["Ed25519", "BELENIOS-2048"])
def test_board_that_may_be_opened(group_name: str) -> None:
    """The sum is the one that the honest result names, the keys are the trustees'."""
    record = build_record(group_name)
    ready = verify_board_for_opening(board_of(record))
    result = next(entry for entry in record.log if isinstance(entry, entries.Result))

    text = tally_to_text(record.election.group, ready.tally)
    assert sha256_hex(text.encode()) == result.encrypted_tally
    assert (ready.ballots, ready.issuances, ready.minimum_ballots) == (5, 6, 5)
    assert len(ready.public_keys) == 3
    assert len(ready.leaves) == len(board_of(record).entries)


def test_processes_change_nothing() -> None:
    """Two processes give what one gives."""
    board = board_of(build_record())

    assert verify_board_for_opening(board, processes=2) == verify_board_for_opening(board, 1)


def test_board_that_was_opened_before() -> None:
    """A board with a partial decryption does not end at its closing."""
    with pytest.raises(BoardRefusedError) as refused:
        verify_board_for_opening(board_of(build_record(), entries.PartialDecryption))

    assert refused.value.refused == ("V0",)


def with_claim(log: list[Any]) -> list[Any]:
    return [*log, entries.Claim(promise="AAAA")]


REFUSED: dict[str, tuple[Callable[[], Changes], str]] = {
    "a claim": (lambda: {"board": with_claim}, "V0"),
    "a false proof": (lambda: {"ballots": with_altered_proof(build_record())}, "V9"),
    "another election.json": (
        lambda: {"election": lambda text: text.replace("Nguyễn Văn 2", "Nguyễn Văn 9")},
        "V4",
    ),
    "ballots that nobody signed for": (
        lambda: {"closed": lambda closed: replace(closed, issued=5)},
        "V11",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_board_that_is_refused(name: str) -> None:
    """The check that fails is named, and nothing is returned to open."""
    changes, check_id = REFUSED[name]
    until = entries.Claim if name == "a claim" else entries.Closed
    with pytest.raises(BoardRefusedError) as refused:
        verify_board_for_opening(board_of(build_record(changes=changes()), until))

    assert refused.value.refused == (check_id,)


def test_roster_left_out() -> None:
    """A device has the roster, so a board without one is refused."""
    with pytest.raises(BoardRefusedError) as refused:
        verify_board_for_opening(
            DownloadedBoard(**{**vars(board_of(build_record())), "roster": b""})
        )

    assert "V4" in refused.value.refused
