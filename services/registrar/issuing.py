"""Ballots: token keys, signed issuances and blind signatures (protocol.md §4)."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.blind_tokens import generate_token_key, public_key_to_bytes
from crypto.device_keys import issue_message, parse_device_key
from crypto.errors import MalformedError
from schemas import base64url
from schemas.entries import Issuance
from schemas.roster import MemberAttendance
from services.registrar.attendance import read_complete
from services.registrar.blind_signing import (
    check_range,
    hash_of_request,
    private_key_to_bytes,
    sign_blindly,
)
from services.registrar.errors import (
    AlreadyIssuedError,
    AttendanceNotFoundError,
    IssuanceNotFoundError,
    IssuingNotFoundError,
    IssuingStateError,
    IssuingTermsError,
    NotEntitledError,
)
from services.registrar.model import (
    ENTITLED,
    IssuanceProgress,
    IssuanceRequest,
    Issuing,
    IssuingTerms,
    OwnIssuance,
    StoredIssuance,
)
from services.registrar.party import Registrar
from services.registrar.signatures import verify_issuance_signature
from services.registrar.store import RegistrarStore


async def create_token_key(registrar: Registrar, uuid: str) -> bytes:
    """
    The public token key of an election: SubjectPublicKeyInfo of RSA-3072, one key an election.

    Stored before it is returned; again gives the same key.
    """

    async def read(connection: AsyncConnection) -> tuple[bytes, bytes | None] | None:
        return await RegistrarStore(connection).read_token_key(uuid)

    stored = await registrar.database.transact("read token key", read)
    if stored is not None:
        return stored[0]
    private_key = await asyncio.to_thread(generate_token_key)
    spki = public_key_to_bytes(private_key.public_key())

    async def add(connection: AsyncConnection) -> None:
        await RegistrarStore(connection).add_token_key(
            uuid, spki, private_key_to_bytes(private_key)
        )

    await registrar.database.transact("add token key", add)
    # Another replica may have been first: its key stands.
    stored = await registrar.database.transact("read token key", read)
    if stored is None:
        raise AssertionError("token keys are never removed")
    return stored[0]


async def open_issuing(registrar: Registrar, terms: IssuingTerms) -> None:
    """
    Begin to issue ballots on these terms; `terms.keys` is a frozen copy of the roster's keys.

    Raises IssuingTermsError: opened on other terms, a key twice or misspelled, no token key;
    AttendanceNotFoundError.
    """
    _check_keys(terms)

    async def work(connection: AsyncConnection) -> None:
        store = RegistrarStore(connection)
        if await store.read_members(terms.meeting_id) is None:
            raise AttendanceNotFoundError
        stored = await store.read_issuing(terms.uuid)
        if stored is not None:
            if stored.terms != terms:
                raise IssuingTermsError
            return
        token_key = await store.read_token_key(terms.uuid)
        if token_key is None or token_key[1] is None:
            raise IssuingTermsError
        await store.add_issuing(terms)

    await registrar.database.transact("open issuing", work)


async def issue_tokens(
    registrar: Registrar, uuid: str, member: int, request: IssuanceRequest
) -> list[bytes]:
    """
    Sign a member's blinded messages, once: 384 bytes each, in issuer order (protocol.md §4).

    In this order: state; a key on the roster; attendance; whose key signed; the signature; form
    and range of the blinded messages; the same request again gets the same answer, another is
    refused. The issuance is committed before a signature leaves. The answer is not stored: RSA
    without padding of its own gives the same one again, as long as the key is there.

    Raises IssuingNotFoundError, IssuingStateError, NotEntitledError, IssuanceOtherKeyError,
    IssuanceSignatureInvalidError, BlindedMessageInvalidError, AlreadyIssuedError.
    """

    async def read(connection: AsyncConnection) -> tuple[Issuing, bytes]:
        store = RegistrarStore(connection)
        issuing = await _require_entitled(store, uuid, member, lock=False)
        spki, _ = await _require_token_key(store, uuid)
        return issuing, spki

    issuing, spki = await registrar.database.transact("read issuing", read)
    # The hash is of 384 bytes each: a wrong length shows before the signature can be looked at.
    blinded_sha256 = hash_of_request(request.blinded_messages)
    message = issue_message(issuing.terms.phi, member, blinded_sha256)
    await asyncio.to_thread(
        verify_issuance_signature, issuing.terms, member, message, request.signed
    )
    check_range(spki, request.blinded_messages)

    async def issue(connection: AsyncConnection) -> bytes:
        store = RegistrarStore(connection)
        # Again and locked: issuing may have ended since, and must not end before this commit.
        issuing = await _require_entitled(store, uuid, member, lock=True)
        stored = await store.read_issuance(uuid, member)
        if stored is None and not issuing.admits_first_requests:
            raise IssuingStateError(state=issuing.state)
        if stored is not None and stored.blinded_sha256 != blinded_sha256:
            raise AlreadyIssuedError
        if stored is None:
            await store.add_issuance(
                uuid,
                StoredIssuance(
                    member=member,
                    key=issuing.terms.keys[member],
                    blinded_sha256=blinded_sha256,
                    late=issuing.state == "late",
                    signed=request.signed,
                ),
            )
        _, private_key = await _require_token_key(store, uuid)
        return private_key

    private_key = await registrar.database.transact("issue tokens", issue)
    return await asyncio.to_thread(
        sign_blindly, private_key, request.blinded_messages, registrar.randomness
    )


async def confirm_issuance(registrar: Registrar, uuid: str, member: int) -> None:
    """Note that the member's phone has stored its token. Raises IssuanceNotFoundError."""

    async def work(connection: AsyncConnection) -> None:
        if not await RegistrarStore(connection).confirm_issuance(uuid, member):
            raise IssuanceNotFoundError

    await registrar.database.transact("confirm issuance", work)


async def read_own_issuance(registrar: Registrar, uuid: str, member: int) -> OwnIssuance:
    """Whether this member took a ballot of this election; nothing is stored by asking."""

    async def work(connection: AsyncConnection) -> OwnIssuance:
        return await RegistrarStore(connection).read_own_issuance(uuid, member)

    return await registrar.database.transact("read own issuance", work)


async def start_late_issuance(registrar: Registrar, uuid: str) -> None:
    """
    Voting starts: from now on issuances are `late`, or refused where the terms have none.

    Raises IssuingNotFoundError, IssuingStateError.
    """

    async def work(connection: AsyncConnection) -> None:
        store = RegistrarStore(connection)
        issuing = await _require_issuing(store, uuid)
        if not issuing.is_open:
            raise IssuingStateError(state=issuing.state)
        if issuing.state == "issuing":
            await store.set_issuing_state(uuid, "late")

    await registrar.database.transact("start late issuance", work)


async def issuance_progress(registrar: Registrar, uuid: str) -> IssuanceProgress:
    """How many ballots were issued, confirmed, late; zero where none are issued."""

    async def work(connection: AsyncConnection) -> IssuanceProgress:
        return await RegistrarStore(connection).count_issuances(uuid)

    return await registrar.database.transact("count issuances", work)


async def close_issuing(registrar: Registrar, uuid: str) -> tuple[Issuance, ...]:
    """
    End issuing, delete the token key and give the issuances by member number (protocol.md §4, §7).

    The attendance of this moment is kept with the election (`closing_attendance`), so that every
    issuance stays that of an entitled member, also of one who has left the council since.

    Raises IssuingNotFoundError, IssuingStateError.
    """

    async def close(connection: AsyncConnection) -> None:
        store = RegistrarStore(connection)
        issuing = await _require_issuing(store, uuid)
        if issuing.state == "abandoned":
            raise IssuingStateError(state=issuing.state)
        if issuing.state == "closed":
            return
        await store.set_issuing_state(uuid, "closed")
        await store.delete_token_key(uuid)
        attendance = await read_complete(
            store, issuing.terms.meeting_id, also=tuple(issuing.terms.keys)
        )
        await store.add_closing_attendance(uuid, attendance)

    async def read(connection: AsyncConnection) -> list[StoredIssuance]:
        return await RegistrarStore(connection).read_issuances(uuid)

    await registrar.database.transact("close issuing", close)
    # A second transaction: every issuance that was on its way has committed or failed by now.
    issuances = await registrar.database.transact("read issuances", read)
    return tuple(issuance.to_entry() for issuance in issuances)


async def closing_attendance(registrar: Registrar, uuid: str) -> tuple[MemberAttendance, ...]:
    """
    Every member's attendance as it was when issuing closed, by number.

    Raises IssuingNotFoundError, IssuingStateError before that.
    """

    async def work(connection: AsyncConnection) -> tuple[MemberAttendance, ...]:
        store = RegistrarStore(connection)
        issuing = await _require_issuing(store, uuid)
        if issuing.state != "closed":
            raise IssuingStateError(state=issuing.state)
        return tuple(await store.read_closing_attendance(uuid))

    return await registrar.database.transact("read closing attendance", work)


async def abandon_issuing(registrar: Registrar, uuid: str) -> None:
    """The election is cancelled: delete the token key and issue nothing more, if it ever did."""

    async def work(connection: AsyncConnection) -> None:
        store = RegistrarStore(connection)
        issuing = await store.read_issuing(uuid)
        if issuing is not None and issuing.is_open:
            await store.set_issuing_state(uuid, "abandoned")
        await store.delete_token_key(uuid)

    await registrar.database.transact("abandon issuing", work)


def _check_keys(terms: IssuingTerms) -> None:
    spkis = [key.spki for key in terms.keys.values()]
    if len(set(spkis)) != len(spkis):
        raise IssuingTermsError
    try:
        for spki in spkis:
            parse_device_key(base64url.decode(spki))
    except (MalformedError, base64url.Base64urlError):
        raise IssuingTermsError from None


async def _require_issuing(store: RegistrarStore, uuid: str, *, lock: bool = False) -> Issuing:
    issuing = await store.read_issuing(uuid, lock=lock)
    if issuing is None:
        raise IssuingNotFoundError
    return issuing


async def _require_entitled(
    store: RegistrarStore, uuid: str, member: int, *, lock: bool
) -> Issuing:
    issuing = await _require_issuing(store, uuid, lock=lock)
    if not issuing.is_open:
        raise IssuingStateError(state=issuing.state)
    if member not in issuing.terms.keys:
        raise NotEntitledError
    attendance = await store.read_attendance_of(issuing.terms.meeting_id, member)
    if attendance.state not in ENTITLED:
        raise NotEntitledError
    return issuing


async def _require_token_key(store: RegistrarStore, uuid: str) -> tuple[bytes, bytes]:
    stored = await store.read_token_key(uuid)
    if stored is None or stored[1] is None:
        raise AssertionError("issuing is open only while its token key is there")
    return stored[0], stored[1]
