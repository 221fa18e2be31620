"""A trustee's device opens one sum an election, and afterwards only repeats it (protocol.md §3)."""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crypto.ceremony import confirmation_message
from crypto.checkpoints import parse_note, parse_note_key, verify_promise
from crypto.codes import seal_value
from crypto.decryption import Statement, decrypt_partially
from crypto.randomness import Randomness
from crypto.trustee_device import TrusteeState
from schemas.entries import BallotEntry, Closed, ElectionEntry, PartialDecryption, SecondProof
from schemas.terms import Terms
from services.trustee.steps import LogView, read_log
from services.verifier.board import BoardToOpen, DownloadedBoard, verify_board_for_opening


class OpeningRefusedError(Exception):
    """The device does not open this sum; `name` is the reason, the message what was seen."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class OpenedSum:
    """What a device publishes once and keeps: bound to the root of the closing checkpoint."""

    closing_root: str
    partial_decryption: str
    proof: SecondProof

    def to_json(self) -> dict[str, Any]:
        return {
            "closing_root": self.closing_root,
            "partial_decryption": self.partial_decryption,
            "challenge": self.proof.challenge,
            "response": self.proof.response,
        }

    @classmethod
    def from_json(cls, stored: dict[str, str]) -> "OpenedSum":
        """Read what `to_json` wrote."""
        proof = SecondProof(challenge=stored["challenge"], response=stored["response"])
        return cls(stored["closing_root"], stored["partial_decryption"], proof)


def open_sum(
    state: TrusteeState,
    opened: OpenedSum | None,
    board: DownloadedBoard,
    seal: bytes,
    randomness: Randomness,
    promises: Sequence[str] = (),
    processes: int | None = None,
) -> OpenedSum:
    """
    Verify the whole board, then open exactly the product of its ballots (protocol.md §3, §8).

    `seal` is the value behind the hall's seal code; `promises` are notes of the box that this
    device holds: of a ballot cast on it, or scanned from a phone (protocol.md §7). The caller
    stores the answer before it is sent; given `opened`, the same bytes come back, and nothing
    else is ever opened. Raises OpeningRefusedError, EntryError or CryptoError.
    """
    if seal_value(parse_note(board.closing_note).text) != seal:
        raise OpeningRefusedError("seal-differs", "the seal code differs from the hall's")
    log = _up_to_closing(read_log(board.entries))
    ready = verify_board_for_opening(dataclasses.replace(board, entries=log.lines), processes)
    _refuse_another_election(state, log, ready)
    _refuse_missing_ballots(log, promises)
    _refuse_too_few(ready)
    if opened is not None:
        if opened.closing_root != ready.closing_root.hex():
            raise OpeningRefusedError("another-board", "this device has opened another board")
        return opened
    if state.decryption_key is None:
        raise OpeningRefusedError("no-key", "this trustee has made no key")
    statement = Statement(
        election=ready.election,
        tally=ready.tally,
        board_root=ready.closing_root,
        trustee=state.index,
        public_key=ready.public_keys[state.index - 1],
    )
    text, proof = decrypt_partially(statement, state.decryption_key, randomness)
    return OpenedSum(
        closing_root=ready.closing_root.hex(),
        partial_decryption=text,
        proof=SecondProof(challenge=str(proof.challenge), response=str(proof.response)),
    )


def _up_to_closing(log: LogView) -> LogView:
    """The sealed board; what other trustees have opened since is not this device's business."""
    positions = [place for place, entry in enumerate(log.entries) if isinstance(entry, Closed)]
    if not positions:
        raise OpeningRefusedError("not-closed", "the log holds no closing yet")
    end = positions[0] + 1
    for entry in log.entries[end:]:
        if not isinstance(entry, PartialDecryption):
            kind = type(entry).__name__.lower()
            raise OpeningRefusedError("not-to-be-opened", f"the log holds a {kind} after closing")
    return LogView(log.lines[:end], log.entries[:end])


def _refuse_another_election(state: TrusteeState, log: LogView, ready: BoardToOpen) -> None:
    """A board may hold in itself and still not be the election that this device confirmed."""
    root = log.root_after(ElectionEntry)
    message = confirmation_message(ready.election.fingerprint, state.index, root)
    if not state.confirmation or state.confirmed != message:
        raise OpeningRefusedError("another-election", "this device has not confirmed this election")


def _refuse_missing_ballots(log: LogView, promises: Sequence[str]) -> None:
    """A promise without inclusion stops the opening, even when the claim is kept from the log."""
    key = parse_note_key(next(each.box_key for each in log.entries if isinstance(each, Terms)))
    trackers = {
        hashlib.sha256(entry.ballot.encode()).digest()
        for entry in log.entries
        if isinstance(entry, BallotEntry)
    }
    for note in promises:
        if verify_promise(note, key).tracker not in trackers:
            raise OpeningRefusedError("ballot-missing", "a promised ballot is not on the board")


def _refuse_too_few(ready: BoardToOpen) -> None:
    """Below the minimum single votes could be read off the sum (protocol.md §8)."""
    fewest = min(ready.ballots, ready.issuances)
    if fewest < ready.minimum_ballots:
        raise OpeningRefusedError(
            "too-few-ballots", f"{fewest} ballots, at least {ready.minimum_ballots} are needed"
        )
