"""The key ceremony through the service: every contribution is verified before it is entered."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.belenios_json import loads
from crypto.ceremony import verify_ceremony
from crypto.groups import group_by_name
from crypto.randomness import system_randomness
from crypto.sealed_messages import derive_trustee_keys, sign_message
from crypto.trustee_device import make_certificate
from schemas.api_tally import RevealBody
from schemas.entries import CeremonyCertificate, CeremonyReveal, TrusteeConfirms
from schemas.fields import GroupName
from services.accounts import Account, NotAllowedError
from services.board.ceremony_log import ceremony_of
from services.election.errors import ElectionNotFoundError, WrongStateError
from services.tally.ceremony import (
    read_ceremony,
    read_sealed_shares,
    submit_certificate,
    submit_commitment,
    submit_confirmation,
    submit_key,
    submit_reveal,
)
from services.tally.errors import (
    CeremonyStepNotDueError,
    ContributionInvalidError,
    ContributionMadeError,
    SealedSharesErasedError,
)
from services.tally.opening import resume_all
from services.tally.party import Tally
from tests.integration.tally.counting_team import CountingTeamRoom, open_room


@pytest.mark.parametrize("group", ["Ed25519", "BELENIOS-2048"])
async def test_whole_ceremony(tally: Tally, group: GroupName) -> None:
    """Three devices make a key that anybody can check from the log, and confirm the election."""
    room = await open_room(tally, group)
    await room.hold_ceremony()
    verify_ceremony(group_by_name(group), ceremony_of(await room.log(), room.uuid, 2))
    await room.issue()
    await room.confirm()
    view = await read_ceremony(tally, room.account(1), room.uuid)
    assert [each.index for each in view.trustees] == [1, 2, 3]
    assert all(
        each.certificate and each.commitment and each.reveal and each.key and each.confirmation
        for each in view.trustees
    )
    assert len(view.entries) == 12
    assert [each.name for each in view.trustees] == [f"Thành viên {no}" for no in (3, 4, 5)]
    assert view.trustee_threshold == 2


async def test_trustees_at_once(room: CountingTeamRoom) -> None:
    """Contributions of one step that come together all enter."""
    states = [
        make_certificate(room.group, room.uuid, index, 3, 2, system_randomness)
        for index in (1, 2, 3)
    ]
    await asyncio.gather(
        *(
            submit_certificate(room.tally, room.account(each.index), room.uuid, each.certificate)
            for each in states
        )
    )
    assert len((await room.log()).all_of(CeremonyCertificate)) == 3


async def test_same_contribution_again(room: CountingTeamRoom) -> None:
    """A device that never saw our answer sends the same bytes and gets the same answer."""
    await room.hold_ceremony()
    size = (await room.log()).head.size
    state, tally, uuid = room.devices[1], room.tally, room.uuid
    account = room.account(1)
    assert state.contribution is not None
    reveal = RevealBody(
        coefexps=state.contribution.coefexps,
        signature=state.contribution.signature,
        sealed_shares=state.sealed_shares,
    )
    await submit_certificate(tally, account, uuid, state.certificate)
    await submit_commitment(tally, account, uuid, state.commitment)
    await submit_reveal(tally, account, uuid, reveal)
    await submit_key(tally, account, uuid, state.verification_key)
    assert (await room.log()).head.size == size


async def test_another_contribution_of_the_same_step(room: CountingTeamRoom) -> None:
    """The first contribution of a trustee stands."""
    await room.certify()
    other = make_certificate(room.group, room.uuid, 1, 3, 2, system_randomness)
    with pytest.raises(ContributionMadeError):
        await submit_certificate(room.tally, room.account(1), room.uuid, other.certificate)


@pytest.mark.parametrize(("index", "size", "threshold"), [(2, 3, 2), (1, 4, 3), (1, 3, 3)], ids=str)
async def test_certificate_for_another_place(
    room: CountingTeamRoom, index: int, size: int, threshold: int
) -> None:
    """A certificate says for which place in which team it was made; the refusal says whose."""
    state = make_certificate(room.group, room.uuid, index, size, threshold, system_randomness)
    with pytest.raises(ContributionInvalidError) as refusal:
        await submit_certificate(room.tally, room.account(1), room.uuid, state.certificate)
    assert refusal.value.facts == {"trustee": 1, "name": "Thành viên 3"}
    assert (await room.log()).head.size == 0


async def test_certificate_of_another_group(room: CountingTeamRoom) -> None:
    """A certificate of another group is none of this election."""
    other = group_by_name("BELENIOS-2048")
    state = make_certificate(other, room.uuid, 1, 3, 2, system_randomness)
    with pytest.raises(ContributionInvalidError):
        await submit_certificate(room.tally, room.account(1), room.uuid, state.certificate)


async def test_certificate_with_a_wrong_signature(room: CountingTeamRoom) -> None:
    """A certificate is signed by the key that it names."""
    state = make_certificate(room.group, room.uuid, 1, 3, 2, system_randomness)
    other = make_certificate(room.group, room.uuid, 1, 3, 2, system_randomness)
    head, _, _ = state.certificate.rpartition(',"signature"')
    _, _, signature = other.certificate.rpartition(',"signature"')
    for refused in (f'{head},"signature"{signature}', "{}", "not JSON", state.certificate + " "):
        with pytest.raises(ContributionInvalidError):
            await submit_certificate(room.tally, room.account(1), room.uuid, refused)


async def test_certificate_of_somebody_else(room: CountingTeamRoom) -> None:
    """No two trustees have a key in common."""
    group = room.group
    first = make_certificate(group, room.uuid, 1, 3, 2, lambda size: b"\x01" * size)
    same_keys = make_certificate(group, room.uuid, 2, 3, 2, lambda size: b"\x01" * size)
    assert first.seed == same_keys.seed
    await submit_certificate(room.tally, room.account(1), room.uuid, first.certificate)
    with pytest.raises(ContributionInvalidError) as refusal:
        await submit_certificate(room.tally, room.account(2), room.uuid, same_keys.certificate)
    assert refusal.value.facts["trustee"] == 2


async def test_step_before_the_others_are_ready(room: CountingTeamRoom) -> None:
    """No step begins before all trustees have taken the one before."""
    tally, uuid, account = room.tally, room.uuid, room.account(1)
    state = make_certificate(room.group, uuid, 1, 3, 2, system_randomness)
    await submit_certificate(tally, account, uuid, state.certificate)
    body = RevealBody(coefexps="{}", signature="{}", sealed_shares=("{}",) * 3)
    with pytest.raises(CeremonyStepNotDueError) as refusal:
        await submit_commitment(tally, account, uuid, "0" * 64)
    assert refusal.value.facts == {"done": 1, "trustees": 3}
    with pytest.raises(CeremonyStepNotDueError):
        await submit_reveal(tally, account, uuid, body)
    with pytest.raises(CeremonyStepNotDueError):
        await submit_key(tally, account, uuid, "{}")
    with pytest.raises(CeremonyStepNotDueError):
        await read_sealed_shares(tally, account, uuid)
    with pytest.raises(WrongStateError):
        await submit_confirmation(tally, account, uuid, "{}")


async def test_commitment_of_somebody_else(room: CountingTeamRoom) -> None:
    """Who repeats another's commitment could wait and repeat its reveal."""
    await room.certify()
    await room.make_commitments()
    commitment = room.devices[1].commitment
    await submit_commitment(room.tally, room.account(1), room.uuid, commitment)
    with pytest.raises(ContributionInvalidError) as refusal:
        await submit_commitment(room.tally, room.account(2), room.uuid, commitment)
    assert refusal.value.facts["trustee"] == 2


async def test_reveal_that_was_not_committed_to(room: CountingTeamRoom) -> None:
    """Nobody chooses coefficients after having seen those of the others."""
    await room.certify()
    await room.commit()
    honest = await room.reveal_body(1)
    other = (await room.reveal_body(2)).coefexps
    keys = derive_trustee_keys(room.group, room.devices[1].seed)
    late = sign_message(
        room.group, keys.signing, loads(honest.coefexps)["message"] + " ", system_randomness
    )
    for coefexps in (other, late.to_text(), "{}"):
        body = RevealBody(
            coefexps=coefexps, signature=honest.signature, sealed_shares=honest.sealed_shares
        )
        with pytest.raises(ContributionInvalidError) as refusal:
            await submit_reveal(room.tally, room.account(1), room.uuid, body)
        assert refusal.value.facts["trustee"] == 1


async def test_reveal_with_another_signature(room: CountingTeamRoom) -> None:
    """Coefficients are signed over all certificates by their own trustee."""
    await room.certify()
    await room.commit()
    honest, other = await room.reveal_body(1), await room.reveal_body(2)
    for signature in (other.signature, "{}", honest.signature + " "):
        body = RevealBody(
            coefexps=honest.coefexps, signature=signature, sealed_shares=honest.sealed_shares
        )
        with pytest.raises(ContributionInvalidError):
            await submit_reveal(room.tally, room.account(1), room.uuid, body)


async def test_reveal_with_malformed_shares(room: CountingTeamRoom) -> None:
    """There is one sealed share of the due form for each trustee."""
    await room.certify()
    await room.commit()
    honest = await room.reveal_body(1)
    good = honest.sealed_shares[0]
    neutral = room.group.element_to_text(room.group.identity)
    alpha = good.partition('"alpha":"')[2].partition('"')[0]
    for shares in (
        honest.sealed_shares[:2],
        (*honest.sealed_shares, good),
        (good, good, "{}"),
        (good, good, good.replace("AES-GCM", "AES-CCM")),
        (good, good, good.replace(alpha, neutral)),
        (good, good, good.replace(alpha, "ff" * 32)),
        (good, good, good[:-3] + 'g"}'),
    ):
        body = RevealBody(
            coefexps=honest.coefexps, signature=honest.signature, sealed_shares=shares
        )
        with pytest.raises(ContributionInvalidError):
            await submit_reveal(room.tally, room.account(1), room.uuid, body)
    assert not (await room.log()).all_of(CeremonyReveal)
    await submit_reveal(room.tally, room.account(1), room.uuid, honest)


async def test_sealed_shares(room: CountingTeamRoom) -> None:
    """Everybody gets what was sealed for them, by sender; nobody else's."""
    await room.certify()
    await room.commit()
    await room.reveal()
    for index in (1, 2, 3):
        mine = await read_sealed_shares(room.tally, room.account(index), room.uuid)
        assert mine == tuple(room.devices[each].sealed_shares[index - 1] for each in (1, 2, 3))


async def test_statement_that_would_replace_a_share(room: CountingTeamRoom) -> None:
    """The tally's own role can erase a sealed share, never change it."""
    await room.certify()
    await room.commit()
    await room.reveal()

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(sa.text("UPDATE tally.sealed_share SET share = '{}'"))

    with pytest.raises(DBAPIError):
        await room.tally.database.transact("replace a share", work)


async def test_sealed_shares_when_all_have_confirmed(room: CountingTeamRoom) -> None:
    """The service keeps the sealed shares no longer than they are needed."""
    await room.hold_ceremony()
    await room.issue()
    for index in (1, 2):
        text = await room.confirmation(index)
        await submit_confirmation(room.tally, room.account(index), room.uuid, text)
    assert await read_sealed_shares(room.tally, room.account(3), room.uuid)
    await submit_confirmation(room.tally, room.account(3), room.uuid, await room.confirmation(3))
    with pytest.raises(SealedSharesErasedError):
        await read_sealed_shares(room.tally, room.account(3), room.uuid)


async def test_sealed_shares_of_a_cancelled_election(room: CountingTeamRoom) -> None:
    """After a cancellation the shares go at the next start."""
    await room.certify()
    await room.commit()
    await room.reveal()
    cancelled = {"at": "2026-03-12T09:00:00+07:00", "reason": "council_decision", "text": "Hủy"}
    await room.change(state="cancelled", cancelled=cancelled)
    await resume_all(room.tally)
    with pytest.raises(SealedSharesErasedError):
        await read_sealed_shares(room.tally, room.account(1), room.uuid)


async def test_key_that_does_not_follow(room: CountingTeamRoom) -> None:
    """A verification key is what the commitments say, with its proof and signature."""
    await room.certify()
    await room.commit()
    await room.reveal()
    await room.make_keys()
    own, other = room.devices[1].verification_key, room.devices[2].verification_key
    unsigned = own.partition(',"signature"')[0] + "}"
    other_signature = (
        own.partition(',"signature"')[0] + ',"signature"' + other.partition(',"signature"')[2]
    )
    for refused in (other, unsigned, other_signature, "{}"):
        with pytest.raises(ContributionInvalidError) as refusal:
            await submit_key(room.tally, room.account(1), room.uuid, refused)
        assert refusal.value.facts["trustee"] == 1
    await submit_key(room.tally, room.account(1), room.uuid, own)


async def test_confirmation_of_something_else(room: CountingTeamRoom) -> None:
    """A trustee confirms exactly phi, its place, and the tree up to the election."""
    await room.hold_ceremony()
    await room.issue()
    own, other = await room.confirmation(1), await room.confirmation(2)
    signing = derive_trustee_keys(room.group, room.devices[1].seed).signing
    phi = (await room.election()).fingerprint
    wrong_tree = sign_message(
        room.group, signing, f"phieukin/confirm/1|{phi}|1|{'0' * 64}", system_randomness
    )
    for refused in (other, wrong_tree.to_text(), own + " ", "{}"):
        with pytest.raises(ContributionInvalidError):
            await submit_confirmation(room.tally, room.account(1), room.uuid, refused)
    assert not (await room.log()).all_of(TrusteeConfirms)


async def test_who_is_not_a_trustee(room: CountingTeamRoom) -> None:
    """Only the council's tellers contribute; guests of other councils see nothing."""
    state = make_certificate(room.group, room.uuid, 1, 3, 2, system_randomness)
    secretary = Account(id="f" * 32, name="Thư ký", roles=frozenset({"secretary"}))
    stranger = Account(
        id="e" * 32, name="Khách", roles=frozenset({"member"}), council_id="0" * 32, member=3
    )
    for account in (room.member(1), secretary, stranger):
        with pytest.raises(NotAllowedError):
            await submit_certificate(room.tally, account, room.uuid, state.certificate)
        with pytest.raises(NotAllowedError):
            await read_sealed_shares(room.tally, account, room.uuid)
    with pytest.raises(NotAllowedError):
        await read_ceremony(room.tally, stranger, room.uuid)
    await read_ceremony(room.tally, secretary, room.uuid)
    await read_ceremony(room.tally, room.member(1), room.uuid)


async def test_contribution_in_the_wrong_state(room: CountingTeamRoom) -> None:
    """The ceremony is over when issuing begins, and there is none in an unknown election."""
    await room.certify()
    await room.make_commitments()
    await room.change(state="issuing", phi="A" * 43)
    with pytest.raises(WrongStateError):
        await submit_commitment(room.tally, room.account(1), room.uuid, room.devices[1].commitment)
    with pytest.raises(ElectionNotFoundError):
        await submit_commitment(room.tally, room.account(1), "1" * 14, "0" * 64)
