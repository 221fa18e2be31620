"""Opening the sum: what is refused before it is entered, and what follows when it is opened."""

import asyncio
import dataclasses
import json

import pytest

from crypto.belenios_json import dumps, loads
from crypto.elgamal import Ciphertext
from schemas.entries import Cancelled, Outcome, PartialDecryption, Result, SecondProof
from schemas.fields import GroupName
from services.accounts import NotAllowedError
from services.board.claims import claim_of
from services.board.errors import CheckpointNotFoundError
from services.board.log import append, read_checkpoint
from services.election.errors import ActPendingError, TooFewBallotsError, WrongStateError
from services.election.reading import read_election
from services.tally import opening
from services.tally.contributing import enter, nothing_before
from services.tally.errors import (
    CheckWindowError,
    ClaimStandsError,
    ContributionMadeError,
    CountDisagreesError,
    PartialDecryptionInvalidError,
    ResultNotOpenError,
)
from services.tally.opening import (
    announce,
    open_sum,
    read_result,
    resume_all,
    submit_partial_decryption,
)
from services.tally.party import Tally
from tests.integration.board.sample_entries import AT
from tests.integration.tally.conftest import SetClock
from tests.integration.tally.counting_team import (
    AGREE,
    BLANK,
    DISAGREE,
    CountingTeamRoom,
    open_room,
)

FOUR_BALLOTS = [(AGREE,), (AGREE,), (AGREE,), (DISAGREE,)]


@pytest.fixture
async def closed(room: CountingTeamRoom) -> CountingTeamRoom:
    await room.until_closed(FOUR_BALLOTS)
    return room


async def refuse(
    room: CountingTeamRoom, index: int, text: str, proof: SecondProof, error: type[Exception]
) -> None:
    """The partial decryption is refused and the log is as it was."""
    size = (await room.log()).head.size
    with pytest.raises(error) as refusal:
        await submit_partial_decryption(room.tally, room.account(index), room.uuid, text, proof)
    if error is PartialDecryptionInvalidError:
        name = f"Thành viên {index + 2}"
        assert getattr(refusal.value, "facts", None) == {"trustee": index, "name": name}
    assert (await room.log()).head.size == size


@pytest.mark.parametrize("group", ["Ed25519", "BELENIOS-2048"])
async def test_two_of_three_open_the_sum(tally: Tally, group: GroupName) -> None:
    """The result, its checkpoint and the outcomes follow from the sum of all marks."""
    room = await open_room(tally, group, nominations=2)
    await room.until_closed([(AGREE, BLANK), (AGREE, DISAGREE), (AGREE, AGREE), (DISAGREE, BLANK)])
    await room.decrypt(3)
    with pytest.raises(ResultNotOpenError):
        await read_result(tally, room.uuid)
    await room.decrypt(1)
    result = await read_result(tally, room.uuid)
    assert result.result == '{"result":[[3,1],[1,1]]}'
    assert (result.members, result.present, result.issued, result.returned) == (5, 5, 4, 4)
    assert result.trustees == (1, 3)
    assert result.outcomes == (
        Outcome(
            no=1,
            agree=3,
            disagree=1,
            blank=0,
            base=5,
            votes_needed=3,
            share_percent="60,00",
            passed=True,
        ),
        Outcome(
            no=2,
            agree=1,
            disagree=1,
            blank=2,
            base=5,
            votes_needed=3,
            share_percent="20,00",
            passed=False,
        ),
    )
    record = await read_election(tally.election, room.uuid)
    assert (record.state, record.announced) == ("counted", False)
    assert f"\n{(await room.log()).head.size}\n" in await read_checkpoint(
        tally.board, room.uuid, "result"
    )


async def test_both_at_once(closed: CountingTeamRoom) -> None:
    """Tellers who open at the same moment get one result."""
    await asyncio.gather(closed.decrypt(1), closed.decrypt(2))
    assert len((await closed.log()).all_of(Result)) == 1
    assert (await read_election(closed.tally.election, closed.uuid)).state == "counted"


async def test_same_partial_decryption_again(closed: CountingTeamRoom) -> None:
    """The same bytes have the same answer, before and after the result."""
    text, proof = await closed.partial_decryption(1)
    account = closed.account(1)
    for _ in range(2):
        await submit_partial_decryption(closed.tally, account, closed.uuid, text, proof)
    await closed.decrypt(2)
    size = (await closed.log()).head.size
    await submit_partial_decryption(closed.tally, account, closed.uuid, text, proof)
    assert (await closed.log()).head.size == size


async def test_another_partial_decryption_of_the_same_trustee(closed: CountingTeamRoom) -> None:
    """A device decrypts one sum an election, and repeats only its own bytes."""
    await closed.decrypt(1)
    await refuse(closed, 1, *await closed.partial_decryption(1), ContributionMadeError)


async def test_third_after_the_result(closed: CountingTeamRoom) -> None:
    """When the sum is open nothing more is entered."""
    await closed.decrypt(1)
    await closed.decrypt(2)
    await refuse(closed, 3, *await closed.partial_decryption(3), WrongStateError)
    # The same where the state has not followed the log yet.
    await closed.change(state="closed")
    await refuse(closed, 3, *await closed.partial_decryption(3), WrongStateError)


async def test_altered_factor(closed: CountingTeamRoom) -> None:
    """A factor of another value, outside of the group, or missing is refused."""
    text, proof = await closed.partial_decryption(1)
    value = loads(text)
    factors = value["decryption_factors"]
    group = closed.group
    for other in (
        group.element_to_text(group.power_of_generator(7)),
        group.element_to_text(group.identity),
        "00" * 32,
        "ff" * 32,
    ):
        changed = dumps(value | {"decryption_factors": [[other, factors[0][1]]]})
        await refuse(closed, 1, changed, proof, PartialDecryptionInvalidError)
    shorter = dumps(value | {"decryption_factors": [factors[0][:1]]})
    await refuse(closed, 1, shorter, proof, PartialDecryptionInvalidError)
    for spelling in (text + " ", json.dumps(value), "{}", "not JSON"):
        await refuse(closed, 1, spelling, proof, PartialDecryptionInvalidError)


async def test_altered_belenios_proof(closed: CountingTeamRoom) -> None:
    """Each factor has its own proof, its numbers below the order of the group."""
    text, proof = await closed.partial_decryption(1)
    value = loads(text)
    first = value["decryption_proofs"][0][0]
    for response in (str((int(first["response"]) + 1) % closed.group.q), str(closed.group.q)):
        proofs = [[first | {"response": response}, value["decryption_proofs"][0][1]]]
        changed = dumps(value | {"decryption_proofs": proofs})
        await refuse(closed, 1, changed, proof, PartialDecryptionInvalidError)


async def test_second_proof_missing_or_altered(closed: CountingTeamRoom) -> None:
    """Belenios' proof alone does not count (protocol.md §3)."""
    text, proof = await closed.partial_decryption(1)
    order = closed.group.q
    for challenge, response in (
        ("0", "0"),
        (proof.response, proof.challenge),
        (proof.challenge, str((int(proof.response) + 1) % order)),
        (str(int(proof.challenge) + order), proof.response),
        (str((int(proof.challenge) + 1) % order), proof.response),
    ):
        altered = SecondProof(challenge=challenge, response=response)
        await refuse(closed, 1, text, altered, PartialDecryptionInvalidError)


async def test_second_proof_for_something_else(closed: CountingTeamRoom) -> None:
    """A proof for other ciphertexts, another board or another trustee is none for this sum."""
    text, _ = await closed.partial_decryption(1)
    statement = await closed.statement(1)
    ((first, second),) = statement.tally
    group = closed.group
    other_tally = ((Ciphertext(first.alpha, group.multiply(first.beta, group.generator)), second),)
    for other in (
        dataclasses.replace(statement, tally=other_tally),
        dataclasses.replace(statement, board_root=b"\x00" * 32),
        dataclasses.replace(statement, trustee=2),
    ):
        _, proof = await closed.partial_decryption(1, other)
        await refuse(closed, 1, text, proof, PartialDecryptionInvalidError)


async def test_partial_decryption_of_another_ciphertext(closed: CountingTeamRoom) -> None:
    """Whoever decrypts another sum, with valid proofs about that one, is refused."""
    statement = await closed.statement(1)
    ((first, second),) = statement.tally
    other = dataclasses.replace(statement, tally=((second, first),))
    await refuse(
        closed, 1, *await closed.partial_decryption(1, other), PartialDecryptionInvalidError
    )


async def test_partial_decryption_of_somebody_else(closed: CountingTeamRoom) -> None:
    """A trustee decrypts with its own key."""
    await refuse(closed, 2, *await closed.partial_decryption(1), PartialDecryptionInvalidError)


async def test_before_closing(room: CountingTeamRoom) -> None:
    """No sum is opened while ballots may still come."""
    await room.hold_ceremony()
    await room.issue()
    await room.confirm()
    proof = SecondProof(challenge="0", response="0")
    await refuse(room, 1, "{}", proof, WrongStateError)


async def test_check_window(slow_tally: Tally, clock: SetClock) -> None:
    """After closing members have time to compare and to claim."""
    room = await open_room(slow_tally)
    await room.until_closed(FOUR_BALLOTS)
    text, proof = await room.partial_decryption(1)
    account = room.account(1)
    for seconds in (60, 1):
        with pytest.raises(CheckWindowError) as refusal:
            await submit_partial_decryption(slow_tally, account, room.uuid, text, proof)
        assert refusal.value.facts == {"seconds": seconds}
        clock.advance(seconds - 1 if seconds == 60 else 1)
    await submit_partial_decryption(slow_tally, account, room.uuid, text, proof)
    assert len((await room.log()).all_of(PartialDecryption)) == 1


async def test_fewer_ballots_than_the_minimum(room: CountingTeamRoom) -> None:
    """The sum of so few ballots would unmask their voters."""
    await room.hold_ceremony()
    await room.issue()
    await room.confirm()
    await room.vote([(AGREE,), (DISAGREE,)], issued=4)
    proof = await room.partial_decryption(1)
    size = (await room.log()).head.size
    with pytest.raises(TooFewBallotsError) as refusal:
        await submit_partial_decryption(room.tally, room.account(1), room.uuid, *proof)
    assert refusal.value.facts == {"b": 2, "min": 3}
    assert (await room.log()).head.size == size


async def test_fewer_issuances_than_the_minimum(room: CountingTeamRoom) -> None:
    """The minimum counts in signed issuances as well, which no registrar can invent."""
    await room.hold_ceremony()
    await room.issue()
    await room.confirm()
    await room.vote(FOUR_BALLOTS, issued=2)
    await refuse(room, 1, *await room.partial_decryption(1), TooFewBallotsError)


async def test_claim_on_the_log(closed: CountingTeamRoom) -> None:
    """While a promised ballot is missing the sum stays closed."""
    proof = await closed.partial_decryption(1)
    size = (await closed.log()).head.size
    await append(closed.tally.board, closed.uuid, size, [claim_of("a promise")])
    await refuse(closed, 1, *proof, ClaimStandsError)


async def test_cancelled(closed: CountingTeamRoom) -> None:
    """A cancelled election is opened by nobody, even where its state has not followed the log."""
    proof = await closed.partial_decryption(1)
    size = (await closed.log()).head.size
    cancelled = Cancelled(at=AT, reason="too_few_ballots", text="Hủy")
    await append(closed.tally.board, closed.uuid, size, [cancelled])
    await refuse(closed, 1, *proof, WrongStateError)


async def test_while_cancelling_is_under_way(closed: CountingTeamRoom) -> None:
    """An act that has begun is finished before the sum is opened."""
    proof = await closed.partial_decryption(1)
    await closed.change(pending="cancel")
    await refuse(closed, 1, *proof, ActPendingError)


async def test_who_is_not_a_teller(closed: CountingTeamRoom) -> None:
    """Members who are no tellers decrypt nothing and announce nothing."""
    text, proof = await closed.partial_decryption(1)
    with pytest.raises(NotAllowedError):
        await submit_partial_decryption(closed.tally, closed.member(1), closed.uuid, text, proof)
    with pytest.raises(NotAllowedError):
        await announce(closed.tally, closed.member(1), closed.uuid)


async def test_announcing(closed: CountingTeamRoom) -> None:
    """The head teller announces, once the sum is open."""
    with pytest.raises(WrongStateError):
        await announce(closed.tally, closed.account(1), closed.uuid)
    await closed.decrypt(1)
    await closed.decrypt(2)
    with pytest.raises(NotAllowedError):
        await announce(closed.tally, closed.account(2), closed.uuid)
    for _ in range(2):
        await announce(closed.tally, closed.account(1), closed.uuid)
    assert (await read_election(closed.tally.election, closed.uuid)).announced


async def enter_unopened(room: CountingTeamRoom, index: int) -> None:
    """As if the service had crashed right after the partial decryption came onto the log."""
    text, proof = await room.partial_decryption(index)
    entry = PartialDecryption(index=index, partial_decryption=text, proof=proof)

    async def begin() -> None:
        await opening._change(room.tally, room.uuid, "begin")

    await enter(
        room.tally,
        room.uuid,
        entry,
        check_due=lambda log: None,
        verify=lambda log: None,
        before=begin,
    )


async def test_crash_before_the_result(closed: CountingTeamRoom) -> None:
    """After a start the service opens what it could have opened."""
    await enter_unopened(closed, 1)
    await enter_unopened(closed, 2)
    await resume_all(closed.tally)
    assert (await read_result(closed.tally, closed.uuid)).result == '{"result":[[3,1]]}'
    assert (await read_election(closed.tally.election, closed.uuid)).state == "counted"


async def test_crash_after_the_result(closed: CountingTeamRoom) -> None:
    """A result on the log makes the election counted, whoever asks first."""
    await enter_unopened(closed, 1)
    await enter_unopened(closed, 2)
    await open_sum(closed.tally, closed.uuid)
    await closed.change(state="closed")
    size = (await closed.log()).head.size
    text, proof = await closed.partial_decryption(3)
    with pytest.raises(WrongStateError):
        await submit_partial_decryption(closed.tally, closed.account(3), closed.uuid, text, proof)
    await open_sum(closed.tally, closed.uuid)
    assert (await closed.log()).head.size == size
    assert (await read_election(closed.tally.election, closed.uuid)).state == "counted"


async def test_three_before_the_result(closed: CountingTeamRoom) -> None:
    """With more than the threshold the first by index are combined, the others agree."""
    for index in (3, 2, 1):
        await enter_unopened(closed, index)
    await open_sum(closed.tally, closed.uuid)
    result = await read_result(closed.tally, closed.uuid)
    assert (result.result, result.trustees) == ('{"result":[[3,1]]}', (1, 2))


async def test_three_that_disagree(closed: CountingTeamRoom) -> None:
    """Partial decryptions off one polynomial open nothing, and the set is named."""
    statement = await closed.statement(3)
    ((first, second),) = statement.tally
    other = dataclasses.replace(statement, tally=((second, first),))
    text, proof = await closed.partial_decryption(3, other)
    await enter_unopened(closed, 1)
    await enter_unopened(closed, 2)
    await enter(
        closed.tally,
        closed.uuid,
        PartialDecryption(index=3, partial_decryption=text, proof=proof),
        check_due=lambda log: None,
        verify=lambda log: None,
        before=nothing_before,
    )
    await resume_all(closed.tally)
    with pytest.raises(CountDisagreesError) as refusal:
        await open_sum(closed.tally, closed.uuid)
    assert refusal.value.facts == {"trustees": "1, 2, 3"}
    assert not (await closed.log()).all_of(Result)
    with pytest.raises(CheckpointNotFoundError):
        await read_checkpoint(closed.tally.board, closed.uuid, "result")
