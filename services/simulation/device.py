"""A person's phone or computer: its ES256 key, enrolment and login (protocol.md §11)."""

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from crypto.device_keys import (
    fingerprint,
    login_message,
    public_key_to_spki,
    sign_with_device_key,
)
from services.simulation.http_client import ApiClient


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_b64u(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Device:
    """One device with a key of its own; it signs only messages that it built itself."""

    def __init__(self, api: ApiClient) -> None:
        self.api = api
        self._private_key = ec.generate_private_key(ec.SECP256R1())
        self.spki = public_key_to_spki(self._private_key.public_key())

    def sign(self, message: bytes) -> str:
        return b64u(sign_with_device_key(self._private_key, message))

    async def enrol(self, link: str) -> Any:
        """Register this device's key with the one-time code in the link's fragment, and log in."""
        code = link.partition("#")[2]
        account = await self.api.post(
            "/enrolments", {"code": code, "spki": b64u(self.spki), "kind": "device"}
        )
        await self.log_in()
        return account

    async def log_in(self) -> Any:
        nonce = (await self.api.post("/login/nonces"))["nonce"]
        return await self.api.log_in(
            {
                "nonce": nonce,
                "fingerprint": fingerprint(self.spki).hex(),
                "origin": self.api.origin,
                "signature": self.sign(login_message(self.api.origin, bytes.fromhex(nonce))),
            }
        )
