"""A trustee's device opens one sum an election, and afterwards only repeats it (protocol.md §3)."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crypto.checkpoints import parse_note
from crypto.codes import seal_value
from crypto.decryption import Statement, decrypt_partially
from crypto.errors import MalformedError
from crypto.randomness import Randomness
from crypto.trustee_device import TrusteeState
from schemas.entries import Closed, PartialDecryption, SecondProof, decode_entry
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
    own_leaf: bytes | None = None,
    processes: int | None = None,
) -> OpenedSum:
    """
    Verify the whole board, then open exactly the product of its ballots (protocol.md §3, §8).

    `seal` is the value behind the hall's seal code; `own_leaf` the leaf of a ballot cast on this
    device. The caller stores the answer before it is sent; given `opened`, the same bytes come
    back, and nothing else is ever opened. Raises OpeningRefusedError or CryptoError.
    """
    if seal_value(parse_note(board.closing_note).text) != seal:
        raise OpeningRefusedError("seal-differs", "the seal code differs from the hall's")
    sealed = dataclasses.replace(board, entries=_up_to_closing(board.entries))
    ready = verify_board_for_opening(sealed, processes)
    _refuse_too_few(ready)
    if own_leaf is not None and own_leaf not in ready.leaves:
        raise OpeningRefusedError("ballot-missing", "the ballot cast on this device is missing")
    if opened is not None:
        if opened.closing_root != ready.closing_root.hex():
            raise OpeningRefusedError("another-board", "this device has opened another board")
        return opened
    if state.decryption_key is None or not state.confirmation:
        raise MalformedError("this trustee has not confirmed the election")
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


def _up_to_closing(lines: Sequence[bytes]) -> tuple[bytes, ...]:
    """The sealed board; what other trustees have opened since is not this device's business."""
    entries = [decode_entry(line) for line in lines]
    positions = [place for place, entry in enumerate(entries) if isinstance(entry, Closed)]
    if not positions:
        raise OpeningRefusedError("not-closed", "the log holds no closing yet")
    end = positions[0] + 1
    for entry in entries[end:]:
        if not isinstance(entry, PartialDecryption):
            kind = type(entry).__name__.lower()
            raise OpeningRefusedError("not-to-be-opened", f"the log holds a {kind} after closing")
    return tuple(lines[:end])


def _refuse_too_few(ready: BoardToOpen) -> None:
    """Below the minimum single votes could be read off the sum (protocol.md §8)."""
    fewest = min(ready.ballots, ready.issuances)
    if fewest < ready.minimum_ballots:
        raise OpeningRefusedError(
            "too-few-ballots", f"{fewest} ballots, at least {ready.minimum_ballots} are needed"
        )
