"""Claims on a real database: promises of the box without inclusion, between closing and opening."""

import asyncio
import hashlib

import pytest

from crypto.checkpoints import NoteSigner, Promise, sign_promise
from crypto.elections import fingerprint
from crypto.groups import group_by_name
from schemas.election_json import election_json
from schemas.entries import Cancelled, Claim, PartialDecryption, SecondProof
from services.board.claims import claim_of, submit_claim
from services.board.errors import (
    BallotOnBoardError,
    ClaimNotDueError,
    LogNotFoundError,
    PromiseInvalidError,
)
from services.board.log import append, create_log_key, read_leaves, read_log
from services.board.party import Board
from tests.integration.board.sample_entries import (
    AT,
    SampleEntries,
    draw_uuid,
    fill_log,
    sample_terms,
)

MISSING = hashlib.sha256(b"a ballot that is not there").digest()


class ClosedElection:
    """A closed election with its box key, as far as a claim needs it."""

    def __init__(self, uuid: str, log_key: str) -> None:
        self.box = NoteSigner(f"localhost/log/{uuid}/box", b"\x07" * 32)
        group = group_by_name("Ed25519")
        terms = sample_terms(uuid, log_key, self.box.key.to_text())
        key = group.element_to_text(group.power_of_generator(12345))
        self.entries = SampleEntries(
            uuid, log_key, self.box.key.to_text(), election_json(terms, key)
        )
        self.uuid = uuid

    def promise(self, tracker: bytes, **changed: str) -> str:
        phi = changed.get("phi", fingerprint(self.entries.election))
        uuid = changed.get("uuid", self.uuid)
        signer = NoteSigner(f"localhost/log/{uuid}/box", self.box.seed)
        return sign_promise(Promise(uuid, phi, tracker), signer)


@pytest.fixture
async def closed(board: Board) -> ClosedElection:
    uuid = draw_uuid()
    election = ClosedElection(uuid, await create_log_key(board, uuid))
    await fill_log(board, election.entries)
    return election


async def test_promise_without_inclusion(board: Board, closed: ClosedElection) -> None:
    """The promise of a missing ballot enters, once, however often it is handed in."""
    promise = closed.promise(MISSING)
    for _ in range(2):
        await submit_claim(board, closed.uuid, promise)
    log = await read_log(board, closed.uuid)
    assert log.all_of(Claim) == (claim_of(promise),)
    assert log.entries[-1] == claim_of(promise)


async def test_promises_at_once(board: Board, closed: ClosedElection) -> None:
    """Claims that come together all enter."""
    promises = [closed.promise(bytes([number]) * 32) for number in range(4)]
    await asyncio.gather(*(submit_claim(board, closed.uuid, each) for each in promises))
    log = await read_log(board, closed.uuid)
    assert set(log.all_of(Claim)) == {claim_of(each) for each in promises}


async def test_promise_with_more_signature_lines(board: Board, closed: ClosedElection) -> None:
    """Nothing that the box did not sign comes into the log, and one promise stays one claim."""
    promise = closed.promise(MISSING)
    await submit_claim(board, closed.uuid, promise)
    await submit_claim(board, closed.uuid, promise + "— somebody AAAAAAAA\n")
    assert (await read_log(board, closed.uuid)).all_of(Claim) == (claim_of(promise),)


async def test_promise_of_a_ballot_on_the_board(board: Board, closed: ClosedElection) -> None:
    """Where nothing is missing nothing is claimed, and no tracker on the board is shown."""
    tracker = hashlib.sha256(closed.entries.ballots[1].encode()).digest()
    before = await read_leaves(board, closed.uuid)
    with pytest.raises(BallotOnBoardError):
        await submit_claim(board, closed.uuid, closed.promise(tracker))
    assert await read_leaves(board, closed.uuid) == before


async def test_promise_that_is_none_of_this_box(board: Board, closed: ClosedElection) -> None:
    """A note that another key signed, of another election, or of no form is refused."""
    promise = closed.promise(MISSING)
    other_key = NoteSigner(closed.box.name, b"\x08" * 32)
    forged = sign_promise(
        Promise(closed.uuid, fingerprint(closed.entries.election), MISSING), other_key
    )
    for refused in (
        forged,
        closed.promise(MISSING, phi="A" * 43),
        closed.promise(MISSING, uuid=draw_uuid()),
        promise.replace(MISSING.hex(), "00" * 32),
        promise[:-1],
        "phieukin/promise/1\n",
    ):
        with pytest.raises(PromiseInvalidError):
            await submit_claim(board, closed.uuid, refused)


async def test_claim_before_closing(board: Board) -> None:
    """Before closing nobody can know what will be on the board."""
    uuid = draw_uuid()
    election = ClosedElection(uuid, await create_log_key(board, uuid))
    await fill_log(board, election.entries, until="opening")
    with pytest.raises(ClaimNotDueError):
        await submit_claim(board, uuid, election.promise(MISSING))


async def test_claim_after_the_first_partial_decryption(
    board: Board, closed: ClosedElection
) -> None:
    """Once the sum is being opened a claim comes too late for the log."""
    size = len(await read_leaves(board, closed.uuid))
    partial = PartialDecryption(
        index=1, partial_decryption="{}", proof=SecondProof(challenge="0", response="0")
    )
    await append(board, closed.uuid, size, [partial])
    with pytest.raises(ClaimNotDueError):
        await submit_claim(board, closed.uuid, closed.promise(MISSING))


async def test_claim_after_cancelling(board: Board, closed: ClosedElection) -> None:
    """After a cancellation nothing enters; a claim that stands gets its answer again."""
    promise = closed.promise(MISSING)
    await submit_claim(board, closed.uuid, promise)
    size = len(await read_leaves(board, closed.uuid))
    cancelled = Cancelled(at=AT, reason="promised_ballot_missing", text="Thiếu phiếu")
    await append(board, closed.uuid, size, [cancelled])
    await submit_claim(board, closed.uuid, promise)
    with pytest.raises(ClaimNotDueError):
        await submit_claim(board, closed.uuid, closed.promise(b"\x01" * 32))


async def test_claim_in_no_election(board: Board, closed: ClosedElection) -> None:
    """An election without a log takes no claim."""
    with pytest.raises(LogNotFoundError):
        await submit_claim(board, draw_uuid(), closed.promise(MISSING))
