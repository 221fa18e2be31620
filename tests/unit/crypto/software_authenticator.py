"""A passkey in software that can be told to misbehave in one way at a time."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from crypto.device_keys import public_key_to_spki, signature_from_der


@dataclass
class Assertion:
    """What a passkey answers, as the record keeps it."""

    signature: bytes
    authenticator_data: bytes
    client_data: bytes


@dataclass
class SoftwareAuthenticator:
    """Signs assertions as WebAuthn Level 3 §6.3.3 does; every part can be replaced."""

    rp_id: str = "bau.example.vn"
    origin: str = "https://bau.example.vn"
    flags: int = 0x05
    counter: int = 0
    extensions: bytes = b""
    client_fields: dict[str, Any] = field(default_factory=dict)
    private_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.derive_private_key(7, ec.SECP256R1())
    )

    @property
    def spki(self) -> bytes:
        return public_key_to_spki(self.private_key.public_key())

    def sign(self, message: bytes) -> Assertion:
        challenge = hashlib.sha256(message).digest()
        client_data = json.dumps(
            {
                "type": "webauthn.get",
                "challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
                "origin": self.origin,
                "crossOrigin": False,
            }
            | self.client_fields
        ).encode()
        return self.sign_client_data(client_data)

    def sign_client_data(self, client_data: bytes) -> Assertion:
        authenticator_data = (
            hashlib.sha256(self.rp_id.encode()).digest()
            + bytes([self.flags])
            + self.counter.to_bytes(4, "big")
            + self.extensions
        )
        signed = authenticator_data + hashlib.sha256(client_data).digest()
        # By RFC 6979, so that what a test builds is the same each time.
        der = self.private_key.sign(signed, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return Assertion(signature_from_der(der), authenticator_data, client_data)
