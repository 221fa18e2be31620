"""Invitations, and how a device becomes a person's: a one-time code registers a public key."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.device_keys import fingerprint
from crypto.errors import CryptoError
from schemas import base64url
from schemas.canonical import NotCanonicalError, check_text
from schemas.fields import KeyKind
from services.accounts import Account
from services.council.errors import (
    AccountNotFoundError,
    CouncilNotFoundError,
    DeviceKeyInvalidError,
    DeviceKeyTakenError,
    InvitationExpiredError,
    InvitationUnknownError,
    InvitationUsedError,
    MemberNotFoundError,
    NameNotCanonicalError,
)
from services.council.login_store import LoginStore
from services.council.model import Invitation, NewDeviceKey, StoredInvitation
from services.council.party import CouncilParty
from services.council.store import CouncilStore

CODE_BYTES = 32
ID_BYTES = 16
FIRST_SECRETARY_NAME = "Thư ký Hội đồng"


async def invite_member(party: CouncilParty, council_id: str, no: int) -> Invitation:
    """A new one-time code for a member; an earlier one ends. Raises MemberNotFoundError."""

    async def find(store: CouncilStore) -> Account:
        account = (await store.read_accounts(council_id)).get(no)
        if account is None:
            raise MemberNotFoundError(no=no)
        return account

    return await _invite(party, "invite member", find)


async def invite_auditor(party: CouncilParty, council_id: str, name: str) -> Invitation:
    """
    A new account that may read a council's records, and its code.

    Raises CouncilNotFoundError, NameNotCanonicalError.
    """
    _check_name(name)
    account_id = party.randomness(ID_BYTES).hex()

    async def add(store: CouncilStore) -> Account:
        if await store.read_council_name(council_id) is None:
            raise CouncilNotFoundError
        account = Account(account_id, name, frozenset({"auditor"}), council_id)
        await store.put_account(account, "auditor")
        return account

    return await _invite(party, "invite auditor", add)


async def invite_auditor_again(party: CouncilParty, council_id: str, account_id: str) -> Invitation:
    """A new one-time code for an auditor; an earlier one ends. Raises AccountNotFoundError."""

    async def find(store: CouncilStore) -> Account:
        return _the_one(await store.read_auditors(council_id), account_id)

    return await _invite(party, "invite auditor again", find)


async def invite_secretary(party: CouncilParty, name: str) -> Invitation:
    """One more secretary, who can take over the console, and the code. NameNotCanonicalError."""
    _check_name(name)
    account_id = party.randomness(ID_BYTES).hex()

    async def add(store: CouncilStore) -> Account:
        account = Account(account_id, name, frozenset({"secretary"}))
        await store.put_account(account, "secretary")
        return account

    return await _invite(party, "invite secretary", add)


async def invite_secretary_again(party: CouncilParty, account_id: str) -> Invitation:
    """A new one-time code for a secretary; an earlier one ends. Raises AccountNotFoundError."""

    async def find(store: CouncilStore) -> Account:
        return _the_one(await store.read_secretaries(), account_id)

    return await _invite(party, "invite secretary again", find)


async def invite_first_secretary(party: CouncilParty) -> Invitation | None:
    """
    The secretary's code on an empty database; None once any secretary has a device.

    A start that finds no device invites anew, since the code before it was only printed.
    """
    account_id = party.randomness(ID_BYTES).hex()

    async def is_enrolled(connection: AsyncConnection) -> bool:
        secretaries = await CouncilStore(connection).read_secretaries()
        return bool(await LoginStore(connection).read_known_keys(each.id for each in secretaries))

    async def find_or_add(store: CouncilStore) -> Account:
        if known := await store.read_secretaries():
            return known[0]
        account = Account(account_id, FIRST_SECRETARY_NAME, frozenset({"secretary"}))
        await store.put_account(account, "secretary")
        return account

    if await party.database.transact("look for a secretary", is_enrolled):
        return None
    return await _invite(party, "invite first secretary", find_or_add)


async def inspect_invitation(party: CouncilParty, code: str) -> tuple[str, str | None]:
    """
    Whose invitation this is, and of which council; it stays good.

    Raises InvitationUnknownError, InvitationUsedError, InvitationExpiredError.
    """

    async def inspect(connection: AsyncConnection) -> tuple[StoredInvitation, str | None]:
        found = await _read(connection, code)
        council_id = found.account.council_id
        if council_id is None:
            return found, None
        return found, await CouncilStore(connection).read_council_name(council_id)

    found, council_name = await party.database.transact("inspect invitation", inspect)
    if found.used_by is not None:
        raise InvitationUsedError
    _check_time(party, found)
    return found.account.name, council_name


async def enrol_device(party: CouncilParty, code: str, spki: str, kind: KeyKind) -> Account:
    """
    Make a key (SPKI, base64url) the one current key of whose code it is (protocol.md §4, §11).

    The same code with the same key again gives the same answer; with another key it is refused,
    and so is a key that is or was another person's. Raises DeviceKeyInvalidError,
    DeviceKeyTakenError, InvitationUnknownError, InvitationUsedError, InvitationExpiredError.
    """
    try:
        key_bytes = base64url.decode(spki)
        key = NewDeviceKey(fingerprint(key_bytes), key_bytes, kind)
    except (base64url.Base64urlError, CryptoError):
        raise DeviceKeyInvalidError from None

    async def enrol(connection: AsyncConnection) -> Account:
        store = LoginStore(connection)
        found = await _read(connection, code)
        if found.used_by is not None:
            if found.used_by != key.fingerprint:
                raise InvitationUsedError
            return found.account  # the device never saw our first answer
        _check_time(party, found)
        owner = await store.owner_of_key(key.fingerprint)
        if owner not in (None, found.account.id):
            raise DeviceKeyTakenError
        await store.replace_key(found.account.id, key)
        await store.mark_invitation_used(found.account.id, key.fingerprint)
        return found.account

    return await party.database.transact("enrol device", enrol)


async def _invite(
    party: CouncilParty, act: str, account_for: Callable[[CouncilStore], Awaitable[Account]]
) -> Invitation:
    code = base64url.encode(party.randomness(CODE_BYTES))
    expires_at = party.clock() + timedelta(seconds=party.settings.enrolment_ttl_s)

    async def invite(connection: AsyncConnection) -> Account:
        account = await account_for(CouncilStore(connection))
        await LoginStore(connection).put_invitation(account.id, _hash(code), expires_at)
        return account

    account = await party.database.transact(act, invite)
    # Behind "#": browsers send a fragment to no server, proxy or log.
    return Invitation(account, code, f"{party.settings.origins[0]}/join#{code}", expires_at)


def _check_name(name: str) -> None:
    try:
        check_text(name)
    except NotCanonicalError:
        raise NameNotCanonicalError from None


def _the_one(accounts: Sequence[Account], account_id: str) -> Account:
    for account in accounts:
        if account.id == account_id:
            return account
    raise AccountNotFoundError


async def _read(connection: AsyncConnection, code: str) -> StoredInvitation:
    found = await LoginStore(connection).read_invitation(_hash(code))
    if found is None:
        raise InvitationUnknownError
    return found


def _check_time(party: CouncilParty, found: StoredInvitation) -> None:
    if found.expires_at <= party.clock():
        raise InvitationExpiredError


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
