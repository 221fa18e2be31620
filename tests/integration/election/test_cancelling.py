"""The end without a result: which reason holds when, and what is left of the ballots."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.device_keys import cancel_message, message, sign_with_device_key
from schemas import base64url
from schemas.entries import (
    BallotEntry,
    Cancelled,
    Closed,
    PartialDecryption,
    SecondProof,
)
from schemas.fields import CancellationReason
from schemas.grammar import Withheld, check_grammar
from services.ballot_box.errors import BoxStateError
from services.ballot_box.store import BallotBoxStore
from services.board.claims import submit_claim
from services.board.errors import LogNotFoundError
from services.board.log import append
from services.board.record import build_record
from services.election.cancelling import (
    NewCancellation,
    SignedCancellation,
    cancel_election,
)
from services.election.closing import close_voting
from services.election.errors import (
    CancellationNotDueError,
    PresidingSignatureInvalidError,
    TextNotCanonicalError,
    WrongStateError,
)
from services.election.issuing import issue_ballots
from services.registrar.errors import IssuingStateError
from services.verifier.verify import verify_bytes
from tests.integration.election.hall import AGREE, Hall

REASONS: tuple[CancellationReason, ...] = (
    *("council_decision", "too_few_ballots", "promised_ballot_missing", "trustees_unavailable"),
)

NOBODY_OPENS = "Không đủ chìa mở hòm phiếu"


def because(reason: CancellationReason) -> NewCancellation:
    return NewCancellation(reason, "Theo kết luận của Hội đồng", "2026-11-20T10:30:00+07:00")


async def closed_election(hall: Hall, ballots: int = 5) -> str:
    uuid = await hall.draft()
    await hall.open_voting(uuid)
    await hall.cast(uuid, range(1, ballots + 1), [AGREE, AGREE])
    await close_voting(hall.election, uuid)
    return uuid


async def test_draft_is_given_up(hall: Hall) -> None:
    """A draft has no log; its cancellation is a state with a reason."""
    uuid = await hall.draft()
    record = await cancel_election(hall.election, uuid, because("council_decision"))
    assert record.state == "cancelled"
    assert record.cancelled is not None
    assert record.cancelled.text == "Theo kết luận của Hội đồng"
    with pytest.raises(LogNotFoundError):
        await hall.log(uuid)
    with pytest.raises(WrongStateError):
        await cancel_election(hall.election, uuid, because("council_decision"))


async def test_cancelled_in_the_ceremony(hall: Hall) -> None:
    """The log says so, and takes nothing more."""
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    await cancel_election(hall.election, uuid, because("trustees_unavailable"))
    assert isinstance((await hall.log(uuid)).entries[-1], Cancelled)
    with pytest.raises(WrongStateError):
        await issue_ballots(hall.election, uuid)


async def test_cancelled_while_voting(hall: Hall) -> None:
    """Box and registrar end; no ballot and no issuance ever comes into the log."""
    uuid = await hall.draft()
    await hall.open_voting(uuid, takers=(1, 2, 3, 4))
    await hall.cast(uuid, [1, 2], [AGREE, AGREE])
    await cancel_election(hall.election, uuid, because("council_decision"))
    log = await hall.log(uuid)
    assert isinstance(log.entries[-1], Cancelled)
    assert not log.all_of(BallotEntry)
    with pytest.raises(BoxStateError):
        await hall.cast(uuid, [3], [AGREE, AGREE])
    with pytest.raises(IssuingStateError):
        await hall.take(uuid, [5])
    assert await ballots_in_box(hall, uuid) == []


@pytest.mark.parametrize("reason", ["too_few_ballots", "promised_ballot_missing"])
async def test_reason_that_only_closing_can_give(hall: Hall, reason: CancellationReason) -> None:
    """Before closing nobody knows how many ballots there are, or that one is missing."""
    uuid = await hall.draft()
    await hall.hold_ceremony(uuid)
    with pytest.raises(CancellationNotDueError):
        await cancel_election(hall.election, uuid, because(reason))
    assert (await hall.read(uuid)).state == "ceremony"


async def test_no_reason_holds_after_a_good_closing(hall: Hall) -> None:
    """Nobody can call the vote off because of what the sum might be."""
    uuid = await closed_election(hall)
    size = (await hall.log(uuid)).head.size
    for reason in REASONS[:3]:
        with pytest.raises(CancellationNotDueError):
            await cancel_election(hall.election, uuid, because(reason))
    with pytest.raises(PresidingSignatureInvalidError):
        await cancel_election(hall.election, uuid, because("trustees_unavailable"))
    assert (await hall.read(uuid)).state == "closed"
    assert (await hall.log(uuid)).head.size == size


async def test_too_few_ballots(hall: Hall) -> None:
    """Of the ballots only leaf hashes are left, on the board and in the box."""
    uuid = await closed_election(hall, ballots=2)
    before = await hall.log(uuid)
    record = await cancel_election(hall.election, uuid, because("too_few_ballots"))
    log = await hall.log(uuid)
    assert record.state == "cancelled"
    assert log.leaves[:-1] == before.leaves
    assert len(log.all_of(Withheld)) == 2
    assert not log.all_of(BallotEntry)
    assert log.first_of(Closed) is not None
    check_grammar(log.entries)
    assert await ballots_in_box(hall, uuid) == []


async def test_promised_ballot_missing(hall: Hall) -> None:
    """With a claim on the board, and then for no other reason."""
    uuid = await hall.draft()
    await hall.open_voting(uuid)
    await hall.cast(uuid, [1, 2, 3, 4, 5], [AGREE, AGREE])
    await close_voting(hall.election, uuid)
    await submit_claim(hall.election.board, uuid, await hall.lost_promise(uuid))
    for reason in ("council_decision", "too_few_ballots", "trustees_unavailable"):
        with pytest.raises(CancellationNotDueError):
            await cancel_election(hall.election, uuid, because(reason))
    await cancel_election(hall.election, uuid, because("promised_ballot_missing"))
    check_grammar((await hall.log(uuid)).entries)


async def test_trustees_unavailable_signed_by_who_presides(hall: Hall) -> None:
    """The presiding officer's device signs election, reason and text; the record shows it (V6)."""
    uuid = await closed_election(hall)
    phi = (await hall.read(uuid)).phi or ""
    wanted = cancel_message(phi, 1, "trustees_unavailable", NOBODY_OPENS)
    stranger = ec.generate_private_key(ec.SECP256R1())
    wrong = [
        (hall.phones[2].key, wanted),
        (stranger, wanted),
        (hall.phones[1].key, cancel_message(phi, 1, "too_few_ballots", NOBODY_OPENS)),
        (hall.phones[1].key, cancel_message(phi, 1, "trustees_unavailable", "Another text")),
        (hall.phones[1].key, cancel_message(phi, 2, "trustees_unavailable", NOBODY_OPENS)),
        (hall.phones[1].key, cancel_message("A" * 43, 1, "trustees_unavailable", NOBODY_OPENS)),
        (hall.phones[1].key, message("issue", wanted.decode().split("\0")[1:])),
    ]
    for key, signed in wrong:
        with pytest.raises(PresidingSignatureInvalidError):
            await cancel_election(hall.election, uuid, signed_by(key, signed))
    good = signed_by(hall.phones[1].key, wanted)
    for half in ("authenticator_data", "client_data"):
        with pytest.raises(PresidingSignatureInvalidError):
            await cancel_election(hall.election, uuid, with_half_an_assertion(good, half))
    assert (await hall.read(uuid)).state == "closed"
    await cancel_election(hall.election, uuid, good)
    entry = (await hall.log(uuid)).entries[-1]
    assert isinstance(entry, Cancelled)
    assert entry.presiding_signature is not None
    assert entry.presiding_signature.member == 1
    assert entry.presiding_signature.key.spki == base64url.encode(hall.phones[1].spki)
    report = verify_bytes(
        await build_record(hall.election.board, uuid, "end"), "record.zip", processes=1
    )
    assert report.failed == (), report.to_text()
    assert {report.status_of(check) for check in ("V2", "V3", "V6")} == {"holds"}


async def test_after_the_first_partial_decryption(hall: Hall) -> None:
    """Who could have seen the sum can no longer call the vote off."""
    uuid = await closed_election(hall, ballots=2)
    decryption = PartialDecryption(
        index=1, partial_decryption="{}", proof=SecondProof(challenge="1", response="1")
    )
    position = (await hall.log(uuid)).head.size
    await append(hall.election.board, uuid, position, [decryption])
    with pytest.raises(WrongStateError):
        await cancel_election(hall.election, uuid, because("too_few_ballots"))
    assert (await hall.read(uuid)).state == "closed"


async def test_text_that_the_record_cannot_hold(hall: Hall) -> None:
    """It goes into log and minute."""
    uuid = await hall.draft()
    with pytest.raises(TextNotCanonicalError):
        await cancel_election(hall.election, uuid, NewCancellation("council_decision", "một\nhai"))


def signed_by(key: ec.EllipticCurvePrivateKey, signed: bytes) -> NewCancellation:
    signature = base64url.encode(sign_with_device_key(key, signed))
    return NewCancellation(
        "trustees_unavailable",
        NOBODY_OPENS,
        presiding_signature=SignedCancellation(signature),
    )


def with_half_an_assertion(good: NewCancellation, half: str) -> NewCancellation:
    """A device signs the message itself; nothing of a passkey goes with it."""
    given = good.presiding_signature
    assert given is not None
    mixed = replace(given, **{half: "AAAA"})
    return replace(good, presiding_signature=mixed)


async def ballots_in_box(hall: Hall, uuid: str) -> list[object]:
    async def work(connection: AsyncConnection) -> list[object]:
        return list(await BallotBoxStore(connection).read_ballots(uuid))

    return await hall.election.ballot_box.database.transact("read ballots", work)
