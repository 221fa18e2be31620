"""Issuing ballots: one signed request a member, one blind signature (protocol.md §4)."""

import hashlib

import pytest
import sqlalchemy as sa

from crypto.blind_tokens import finish_token, parse_token, parse_token_key, verify_token
from crypto.device_keys import hash_of_blinded_messages, issue_message, verify_device_signature
from schemas import base64url
from schemas.roster import MemberAttendance
from services.database import Databases
from services.registrar.attendance import open_meeting, set_attendance
from services.registrar.errors import (
    AlreadyIssuedError,
    AttendanceNotFoundError,
    BlindedMessageInvalidError,
    IssuanceNotFoundError,
    IssuanceOtherKeyError,
    IssuanceSignatureInvalidError,
    IssuingNotFoundError,
    IssuingStateError,
    IssuingTermsError,
    NotEntitledError,
)
from services.registrar.issuing import (
    abandon_issuing,
    close_issuing,
    closing_attendance,
    confirm_issuance,
    create_token_key,
    issuance_progress,
    issue_tokens,
    open_issuing,
    start_late_issuance,
)
from services.registrar.model import (
    DeviceSignature,
    IssuanceProgress,
    IssuanceRequest,
)
from services.registrar.party import Registrar
from services.registrar.store import metadata, token_key_table
from tests.sample_ballots import draw_uuid
from tests.sample_issuances import (
    CREDENTIAL,
    PHI,
    MemberDevice,
    issuing_terms,
    open_sample_issuing,
    open_sample_meeting,
    put_token_key,
)
from tests.sample_parties import ORIGIN, RP_ID
from tests.stored_rows import stored_rows
from tests.unit.crypto.software_authenticator import SoftwareAuthenticator


async def private_key_of(registrar: Registrar, uuid: str) -> bytes | None:
    async with registrar.database.engine.connect() as connection:
        stored: bytes | None = await connection.scalar(
            sa.select(token_key_table.c.private_key).where(token_key_table.c.uuid == uuid)
        )
        return stored


async def test_key_of_an_election(registrar: Registrar) -> None:
    """One RSA-3072 key an election, the same when asked again."""
    uuid = draw_uuid()
    spki = await create_token_key(registrar, uuid)
    parse_token_key(spki)
    assert await create_token_key(registrar, uuid) == spki


async def test_ballot_taken(registrar: Registrar) -> None:
    """The blind signature makes a token that the registrar has never seen."""
    issuing = await open_sample_issuing(registrar)
    blinding = issuing.blind()
    (signature,) = await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1, blinding))
    key = parse_token_key(issuing.token_key)
    verify_token(key, PHI, CREDENTIAL, parse_token(finish_token(key, blinding, signature)))


async def test_same_request_again(registrar: Registrar) -> None:
    """Same blinded message again, same answer; the first signed request stays the log's."""
    issuing = await open_sample_issuing(registrar)
    blinding = issuing.blind()
    first = issuing.request_of(1, blinding)
    answer = await issue_tokens(registrar, issuing.uuid, 1, first)
    again = issuing.request_of(1, blinding)
    assert again.signed != first.signed  # ECDSA draws a nonce
    assert await issue_tokens(registrar, issuing.uuid, 1, again) == answer
    (entry,) = await close_issuing(registrar, issuing.uuid)
    assert entry.signature == base64url.encode(first.signed.signature)


async def test_second_blinded_message(registrar: Registrar) -> None:
    """A member gets one ballot; another blinded message is refused and changes nothing."""
    issuing = await open_sample_issuing(registrar)
    await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1))
    before = await stored_rows(registrar.database, metadata)
    with pytest.raises(AlreadyIssuedError):
        await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1))
    assert await stored_rows(registrar.database, metadata) == before


async def test_entries_of_issuances(registrar: Registrar) -> None:
    """At closing every signed request is an entry, by member number, verifiable by anybody."""
    issuing = await open_sample_issuing(registrar)
    blindings = {member: issuing.blind() for member in (3, 1)}
    await issue_tokens(registrar, issuing.uuid, 3, issuing.request_of(3, blindings[3]))
    await start_late_issuance(registrar, issuing.uuid)
    await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1, blindings[1]))
    entries = await close_issuing(registrar, issuing.uuid)
    assert [(entry.member, entry.late) for entry in entries] == [(1, True), (3, False)]
    for entry in entries:
        blinded = blindings[entry.member].blinded_message
        assert entry.blinded_sha256 == hashlib.sha256(blinded).hexdigest()
        verify_device_signature(
            base64url.decode(entry.key.spki),
            issue_message(PHI, entry.member, entry.blinded_sha256),
            base64url.decode(entry.signature),
        )
    assert await close_issuing(registrar, issuing.uuid) == entries


async def test_ballot_taken_with_passkey(registrar: Registrar) -> None:
    """A passkey's assertion is kept as raw bytes with the issuance."""
    meeting_id, uuid = await open_sample_meeting(registrar), draw_uuid()
    passkey = SoftwareAuthenticator(rp_id=RP_ID, origin=ORIGIN)
    device = MemberDevice(1, "passkey", passkey.private_key)
    await put_token_key(registrar, uuid)
    await open_issuing(registrar, issuing_terms(uuid, meeting_id, {1: device}))
    blinded = [(2).to_bytes(384, "big")]
    made = passkey.sign(issue_message(PHI, 1, hash_of_blinded_messages(blinded)))
    bare = IssuanceRequest(tuple(blinded), DeviceSignature(made.signature))
    with pytest.raises(IssuanceSignatureInvalidError):
        await issue_tokens(registrar, uuid, 1, bare)
    signed = DeviceSignature(made.signature, made.authenticator_data, made.client_data)
    await issue_tokens(registrar, uuid, 1, IssuanceRequest(tuple(blinded), signed))
    (entry,) = await close_issuing(registrar, uuid)
    assert entry.key.kind == "passkey"
    assert entry.authenticator_data == base64url.encode(made.authenticator_data)
    assert entry.client_data == base64url.encode(made.client_data)


@pytest.mark.parametrize("member", [4, 5, 6])
async def test_member_without_right(registrar: Registrar, member: int) -> None:
    """Absent, without a key at the start of issuing, or no member: no ballot."""
    issuing = await open_sample_issuing(registrar)
    request = MemberDevice(member).request([issuing.blind().blinded_message])
    if member in issuing.devices:
        request = issuing.request_of(member)
    before = await stored_rows(registrar.database, metadata)
    with pytest.raises(NotEntitledError):
        await issue_tokens(registrar, issuing.uuid, member, request)
    assert await stored_rows(registrar.database, metadata) == before


async def test_member_who_comes_later(registrar: Registrar) -> None:
    """Who comes before closing may take a ballot, marked late once voting has begun."""
    issuing = await open_sample_issuing(registrar)
    await start_late_issuance(registrar, issuing.uuid)
    await set_attendance(registrar, issuing.meeting_id, MemberAttendance(no=4, state="present"))
    await issue_tokens(registrar, issuing.uuid, 4, issuing.request_of(4))
    assert await issuance_progress(registrar, issuing.uuid) == IssuanceProgress(1, 0, 1)


async def test_no_late_issuance(registrar: Registrar) -> None:
    """Where the terms have none, only the same request is answered after the start."""
    issuing = await open_sample_issuing(registrar, late_issuance=False)
    blinding = issuing.blind()
    answer = await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1, blinding))
    await start_late_issuance(registrar, issuing.uuid)
    await start_late_issuance(registrar, issuing.uuid)
    with pytest.raises(IssuingStateError):
        await issue_tokens(registrar, issuing.uuid, 2, issuing.request_of(2))
    again = await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1, blinding))
    assert again == answer


async def test_request_signed_by_another_member(registrar: Registrar) -> None:
    """A mixed-up phone is told apart from a broken signature."""
    issuing = await open_sample_issuing(registrar)
    blinded = [issuing.blind().blinded_message]
    message = issue_message(PHI, 1, hash_of_blinded_messages(blinded))
    for signer, refusal in (
        (issuing.devices[2], IssuanceOtherKeyError),
        (MemberDevice(1), IssuanceSignatureInvalidError),
    ):
        request = IssuanceRequest(tuple(blinded), signer.sign(message))
        with pytest.raises(refusal):
            await issue_tokens(registrar, issuing.uuid, 1, request)
    assert (await issuance_progress(registrar, issuing.uuid)).issued == 0


async def test_signature_over_something_else(registrar: Registrar) -> None:
    """The signature binds election, member and blinded message."""
    issuing = await open_sample_issuing(registrar)
    blinded = issuing.blind().blinded_message
    device = issuing.devices[1]
    other_election = device.request([blinded], phi="B" * 42 + "A")
    other_member = IssuanceRequest(
        (blinded,), MemberDevice(2, "device", device.private_key).request([blinded]).signed
    )
    other_blinded = IssuanceRequest((blinded,), issuing.request_of(1).signed)
    short = IssuanceRequest((blinded,), DeviceSignature(other_blinded.signed.signature[:63]))
    for request in (other_election, other_member, other_blinded, short):
        with pytest.raises(IssuanceSignatureInvalidError):
            await issue_tokens(registrar, issuing.uuid, 1, request)
    assert (await issuance_progress(registrar, issuing.uuid)).issued == 0


async def test_blinded_message_out_of_form(registrar: Registrar) -> None:
    """One message of 384 bytes, over 1 and under n - 1: those three sign themselves."""
    issuing = await open_sample_issuing(registrar)
    modulus = parse_token_key(issuing.token_key).public_numbers().n
    before = await stored_rows(registrar.database, metadata)
    for value in (0, 1, modulus - 1, modulus, 2**3072 - 1):
        request = issuing.devices[1].request([value.to_bytes(384, "big")])
        with pytest.raises(BlindedMessageInvalidError):
            await issue_tokens(registrar, issuing.uuid, 1, request)
    signed = issuing.request_of(1).signed
    for blinded in ((), (bytes(383),), (bytes(385),), (bytes(384), bytes(384))):
        with pytest.raises(BlindedMessageInvalidError):
            await issue_tokens(registrar, issuing.uuid, 1, IssuanceRequest(blinded, signed))
    assert await stored_rows(registrar.database, metadata) == before


async def test_confirmation(registrar: Registrar) -> None:
    """Confirmations are counted, once a member, and only of who has a ballot."""
    issuing = await open_sample_issuing(registrar)
    await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1))
    await issue_tokens(registrar, issuing.uuid, 2, issuing.request_of(2))
    await confirm_issuance(registrar, issuing.uuid, 1)
    await confirm_issuance(registrar, issuing.uuid, 1)
    assert await issuance_progress(registrar, issuing.uuid) == IssuanceProgress(2, 1, 0)
    with pytest.raises(IssuanceNotFoundError):
        await confirm_issuance(registrar, issuing.uuid, 3)


async def test_closed_issuing(registrar: Registrar) -> None:
    """Closing deletes the token key; nobody gets a ballot afterwards."""
    issuing = await open_sample_issuing(registrar)
    assert await private_key_of(registrar, issuing.uuid) is not None
    await close_issuing(registrar, issuing.uuid)
    assert await private_key_of(registrar, issuing.uuid) is None
    with pytest.raises(IssuingStateError):
        await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1))
    with pytest.raises(IssuingStateError):
        await start_late_issuance(registrar, issuing.uuid)
    await abandon_issuing(registrar, issuing.uuid)
    assert await close_issuing(registrar, issuing.uuid) == ()


async def test_attendance_of_closing(registrar: Registrar) -> None:
    """The attendance of closing stays as it was, whoever leaves or comes afterwards."""
    issuing = await open_sample_issuing(registrar)
    with pytest.raises(IssuingStateError):
        await closing_attendance(registrar, issuing.uuid)
    await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1))
    await close_issuing(registrar, issuing.uuid)
    await set_attendance(registrar, issuing.meeting_id, MemberAttendance(no=1, state="absent"))
    await close_issuing(registrar, issuing.uuid)
    kept = await closing_attendance(registrar, issuing.uuid)
    assert [each.no for each in kept] == [1, 2, 3, 4, 5]
    assert kept[0].state == "present"


async def test_holder_who_has_left_the_council(registrar: Registrar) -> None:
    """A list that changes while an election runs takes nobody's attendance away from it."""
    issuing = await open_sample_issuing(registrar)
    await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1))
    await open_meeting(registrar, issuing.meeting_id, [2, 3])
    await close_issuing(registrar, issuing.uuid)
    kept = {each.no: each.state for each in await closing_attendance(registrar, issuing.uuid)}
    assert kept[1] == "present"


async def test_abandoned_issuing(registrar: Registrar) -> None:
    """A cancelled election issues nothing more, and its token key is gone."""
    issuing = await open_sample_issuing(registrar)
    await abandon_issuing(registrar, issuing.uuid)
    await abandon_issuing(registrar, issuing.uuid)
    assert await private_key_of(registrar, issuing.uuid) is None
    with pytest.raises(IssuingStateError):
        await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1))
    with pytest.raises(IssuingStateError):
        await close_issuing(registrar, issuing.uuid)
    await abandon_issuing(registrar, draw_uuid())


async def test_election_that_issues_nothing(registrar: Registrar) -> None:
    """Acts on an election that is not issuing say so; its progress is zero."""
    uuid = draw_uuid()
    request = MemberDevice(1).request([bytes(384)])
    for act in (
        issue_tokens(registrar, uuid, 1, request),
        start_late_issuance(registrar, uuid),
        close_issuing(registrar, uuid),
        closing_attendance(registrar, uuid),
    ):
        with pytest.raises(IssuingNotFoundError):
            await act
    assert await issuance_progress(registrar, uuid) == IssuanceProgress(0, 0, 0)


async def test_issuing_opened_again(registrar: Registrar) -> None:
    """The same terms again change nothing, others are refused: the roster's keys are frozen."""
    issuing = await open_sample_issuing(registrar)
    before = await stored_rows(registrar.database, metadata)
    await open_issuing(registrar, issuing.terms)
    other = issuing_terms(issuing.uuid, issuing.meeting_id, issuing.devices | {1: MemberDevice(1)})
    with pytest.raises(IssuingTermsError):
        await open_issuing(registrar, other)
    assert await stored_rows(registrar.database, metadata) == before


async def test_terms_that_cannot_be_opened(registrar: Registrar) -> None:
    """Every key once and of its form, a token key, a meeting."""
    meeting_id, uuid = await open_sample_meeting(registrar), draw_uuid()
    device = MemberDevice(1)
    with pytest.raises(IssuingTermsError):
        await open_issuing(registrar, issuing_terms(uuid, meeting_id, {1: device}))
    await put_token_key(registrar, uuid)
    shared = {1: device, 2: MemberDevice(2, "device", device.private_key)}
    with pytest.raises(IssuingTermsError):
        await open_issuing(registrar, issuing_terms(uuid, meeting_id, shared))
    with pytest.raises(AttendanceNotFoundError):
        await open_issuing(registrar, issuing_terms(uuid, "0" * 32, {1: device}))


async def test_registrars_role(databases: Databases, registrar: Registrar) -> None:
    """The registrar may not delete an issuance, nor read the ballot box."""
    for statement in (
        "DELETE FROM registrar.issuance",
        "UPDATE registrar.issuance SET late = false",
        "UPDATE registrar.roster_key SET spki = ''",
        "SELECT * FROM ballot_box.ballot",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="permission denied"):
            async with registrar.database.engine.begin() as connection:
                await connection.execute(sa.text(statement))
    with pytest.raises(sa.exc.DBAPIError, match="permission denied"):
        async with databases["ballot_box"].engine.begin() as connection:
            await connection.execute(sa.text("SELECT * FROM registrar.issuance"))
