"""Login by a device key: a signature over the `login` message, once for each nonce."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.device_keys import login_message, verify_device_signature, verify_passkey_assertion
from crypto.errors import CryptoError
from schemas import base64url
from services.accounts import Account
from services.council.errors import (
    DeviceReplacedError,
    LoginNonceUnknownError,
    LoginRefusedError,
)
from services.council.login_store import LoginStore
from services.council.model import KnownDevice
from services.council.party import CouncilParty

NONCE_BYTES = 32
COOKIE_BYTES = 32
NONCE_TTL_S = 300


@dataclass(frozen=True)
class LoginRequest:
    """Base64url: `signature` is r ‖ s; the last two belong to a passkey's assertion only."""

    nonce: bytes
    fingerprint: bytes
    origin: str
    signature: str
    authenticator_data: str | None = None
    client_data: str | None = None


async def give_nonce(party: CouncilParty) -> bytes:
    """32 bytes to sign, good for one login within 5 minutes."""
    nonce = party.randomness(NONCE_BYTES)
    expires_at = party.clock() + timedelta(seconds=NONCE_TTL_S)

    async def add(connection: AsyncConnection) -> None:
        await LoginStore(connection).add_nonce(_hash(nonce), expires_at)

    await party.database.transact("give login nonce", add)
    return nonce


async def log_in(party: CouncilParty, request: LoginRequest) -> tuple[Account, str]:
    """
    Check the signature (protocol.md §11 use `login`); the account and the cookie's value.

    The nonce is used up even when the login is refused. That a key was replaced is said only to
    who holds it: after its signature. Raises LoginNonceUnknownError, LoginRefusedError,
    DeviceReplacedError.
    """
    cookie = base64url.encode(party.randomness(COOKIE_BYTES))
    now = party.clock()

    async def take(connection: AsyncConnection) -> tuple[bool, KnownDevice | None]:
        store = LoginStore(connection)
        is_fresh = await store.take_nonce(_hash(request.nonce), now)
        return is_fresh, await store.read_device(request.fingerprint)

    is_fresh, device = await party.database.transact("take login nonce", take)
    if not is_fresh:
        raise LoginNonceUnknownError
    if device is None or request.origin not in party.settings.origins:
        raise LoginRefusedError
    _verify(party, device, request)
    if not device.is_current:
        # Who left the council is nobody here; another phone took the place of the others' phones.
        raise DeviceReplacedError if device.account.roles else LoginRefusedError
    expires_at = now + timedelta(seconds=party.settings.login_ttl_s)

    async def add(connection: AsyncConnection) -> None:
        store = LoginStore(connection)
        # Once more, in the committing transaction: the key may have been replaced meanwhile.
        if await store.read_device(request.fingerprint) != device:
            raise LoginRefusedError
        await store.add_login(_hash(cookie.encode()), device.account.id, expires_at)

    await party.database.transact("log in", add)
    return device.account, cookie


async def find_login(party: CouncilParty, cookie: str) -> Account | None:
    """Whose login this cookie is. One statement, so any isolation will do."""
    async with party.database.engine.connect() as connection:
        return await LoginStore(connection).read_login(_hash(cookie.encode()), party.clock())


async def log_out(party: CouncilParty, cookie: str) -> None:
    """End a login; one that is not there is ended already."""

    async def remove(connection: AsyncConnection) -> None:
        await LoginStore(connection).remove_login(_hash(cookie.encode()))

    await party.database.transact("log out", remove)


async def forget_expired(party: CouncilParty) -> None:
    """Remove nonces and logins whose time is over."""

    async def remove(connection: AsyncConnection) -> None:
        await LoginStore(connection).remove_expired(party.clock())

    await party.database.transact("forget expired logins", remove)


def _verify(party: CouncilParty, device: KnownDevice, request: LoginRequest) -> None:
    signed = login_message(request.origin, request.nonce)
    is_passkey = device.kind == "passkey"
    authenticator_data, client_data = request.authenticator_data, request.client_data
    try:
        signature = base64url.decode(request.signature)
        if is_passkey and authenticator_data is not None and client_data is not None:
            verify_passkey_assertion(
                device.spki,
                signed,
                signature,
                base64url.decode(authenticator_data),
                base64url.decode(client_data),
                party.settings.rp_id,
                [request.origin],
            )
        elif not is_passkey and authenticator_data is None and client_data is None:
            verify_device_signature(device.spki, signed, signature)
        else:
            raise LoginRefusedError
    except (base64url.Base64urlError, CryptoError):
        raise LoginRefusedError from None


def _hash(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()
