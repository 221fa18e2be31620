"""A promise without inclusion, handed in by anybody who holds it (protocol.md §7)."""

from typing import Final

from crypto.checkpoints import NoteKey, open_note, parse_note, parse_note_key, verify_promise
from crypto.elections import fingerprint
from crypto.errors import CryptoError
from schemas import base64url
from schemas.entries import BallotEntry, Claim, ElectionEntry
from schemas.terms import Terms
from services.board.errors import (
    BallotOnBoardError,
    BoardMovedError,
    ClaimNotDueError,
    PromiseInvalidError,
)
from services.board.log import append, read_log
from services.board.model import BoardLog, tracker_of
from services.board.party import Board

MAX_ATTEMPTS: Final = 5


async def submit_claim(board: Board, uuid: str, promise: str) -> None:
    """
    Enter a promise of the box whose ballot is not on the board; no login, no name.

    The same promise again changes nothing. Raises ClaimNotDueError, PromiseInvalidError,
    BallotOnBoardError.
    """
    for attempt in range(1, MAX_ATTEMPTS + 1):
        # Anybody may ask: the ballots are read for a promise that the box has signed, only.
        log = await read_log(board, uuid, with_ballots=False)
        tracker, claim = _open_promise(log, uuid, promise)
        if claim in log.all_of(Claim):
            return
        if not log.accepts_claims():
            raise ClaimNotDueError
        if tracker in await _trackers(board, uuid):
            raise BallotOnBoardError
        try:
            await append(board, uuid, log.head.size, [claim])
        except BoardMovedError:
            # Another claim or the first partial decryption came between reading and adding.
            if attempt == MAX_ATTEMPTS:
                raise
        else:
            return


def _open_promise(log: BoardLog, uuid: str, promise: str) -> tuple[bytes, Claim]:
    """The tracker of a promise of this election's box, and the claim that it makes."""
    terms, election = log.first_of(Terms), log.first_of(ElectionEntry)
    if terms is None or election is None:
        raise ClaimNotDueError
    try:
        key = parse_note_key(terms.box_key)
        opened = verify_promise(promise, key)
        only_signed = _without_other_signatures(promise, key)
    except CryptoError as error:
        raise PromiseInvalidError from error
    if (opened.uuid, opened.phi) != (uuid, fingerprint(election.election)):
        raise PromiseInvalidError
    return opened.tracker, claim_of(only_signed)


async def _trackers(board: Board, uuid: str) -> set[bytes]:
    log = await read_log(board, uuid)
    return {tracker_of(ballot) for ballot in log.all_of(BallotEntry)}


def claim_of(promise: str) -> Claim:
    """The entry for a promise note: a string of an entry has no newlines (§11 "JSON")."""
    return Claim(promise=base64url.encode(promise.encode()))


def _without_other_signatures(promise: str, key: NoteKey) -> str:
    # Lines that the box did not sign could carry anything into the log, and make one promise many.
    text = open_note(promise, key)
    for line in promise.removeprefix(text + "\n").splitlines(keepends=True):
        signature = parse_note(f"{text}\n{line}").signatures[0]
        if (signature.name, signature.key_id) == (key.name, key.key_id):
            return f"{text}\n{line}"
    raise AssertionError("open_note found the signature of the box")
