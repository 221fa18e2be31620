"""Messages signed by a member's device key: ES256, by the device itself or a passkey.

protocol.md §11 "Device keys" and "Signed by a device key, always"; WebAuthn Level 3 §6.1, §7.2.
A device key never signs bytes that a server chose: every message is built here from named
fields and hashed by the client.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from crypto.errors import MalformedError, SignatureError

Use = Literal["issue", "login", "checkin", "cancel"]

SPKI_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
SPKI_BYTES = len(SPKI_PREFIX) + 64
SIGNATURE_BYTES = 64
AUTHENTICATOR_DATA_BYTES = 37
BLINDED_MESSAGE_BYTES = 384
MAX_CLIENT_DATA_BYTES = 2_048
MAX_FIELD_BYTES = 512

# FIPS 186-5 curve P-256: the order of its base point.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_USER_PRESENT = 0x01
_USER_VERIFIED = 0x04
_EXTENSIONS_OR_ATTESTED = 0xC0
_HASH_TEXT = re.compile(r"[0-9a-f]{64}", re.ASCII)


def message(use: Use, fields: Sequence[str]) -> bytes:
    """Join the use and its fields by zero bytes (protocol.md §11). Raises MalformedError."""
    encoded = [f"phieukin/{use}/1".encode()]
    for field in fields:
        try:
            value = field.encode()
        except UnicodeEncodeError:
            raise MalformedError("a signed field is not UTF-8") from None
        # A zero byte inside of a field could move the border between two of them.
        if not 0 < len(value) <= MAX_FIELD_BYTES or b"\0" in value:
            raise MalformedError("a signed field is empty, too long or holds a zero byte")
        encoded.append(value)
    return b"\0".join(encoded)


def issue_message(phi: str, member: int, blinded_sha256: str) -> bytes:
    """
    Build what a member signs to take a ballot (protocol.md §4, §11 use `issue`).

    `blinded_sha256` is `hash_of_blinded_messages` in hex. Raises MalformedError.
    """
    return message("issue", [phi, _decimal(member), _hash_text(blinded_sha256)])


def hash_of_blinded_messages(blinded_messages: Sequence[bytes]) -> str:
    """Hash the blinded messages, 384 bytes each, in the order of the issuers (protocol.md §11)."""
    if not blinded_messages or any(len(each) != BLINDED_MESSAGE_BYTES for each in blinded_messages):
        raise MalformedError("a blinded message has 384 bytes")
    return hashlib.sha256(b"".join(blinded_messages)).hexdigest()


def login_message(origin: str, nonce: bytes) -> bytes:
    """Build what a person signs to log in (protocol.md §11 use `login`); the nonce has 32 bytes."""
    return message("login", [origin, _nonce_text(nonce)])


def checkin_message(meeting_id: str, member: int, nonce: bytes) -> bytes:
    """Build what a member signs to check in (protocol.md §11 use `checkin`)."""
    return message("checkin", [meeting_id, _decimal(member), _nonce_text(nonce)])


def cancel_message(phi: str, member: int, reason: str, text: str) -> bytes:
    """
    Build what the presiding officer signs to cancel after closing (protocol.md §1).

    A use that protocol.md §11 did not list: phi, member number, reason, hex SHA-256 of the text.
    """
    hashed = hashlib.sha256(text.encode()).hexdigest()
    return message("cancel", [phi, _decimal(member), reason, hashed])


def public_key_to_spki(public_key: ec.EllipticCurvePublicKey) -> bytes:
    """Write a P-256 public key as the fixed SPKI of 91 bytes (protocol.md §11)."""
    spki = public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    parse_device_key(spki)
    return spki


def parse_device_key(spki: bytes) -> ec.EllipticCurvePublicKey:
    """
    Read a device key from the fixed SPKI of 91 bytes; the point is on P-256 (protocol.md §11).

    Raises MalformedError.
    """
    if len(spki) != SPKI_BYTES or not spki.startswith(SPKI_PREFIX):
        raise MalformedError("a device key is a P-256 key in its fixed form")
    point = spki[len(SPKI_PREFIX) - 1 :]
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise MalformedError("a device key is not a point of P-256") from None


def fingerprint(spki: bytes) -> bytes:
    """Hash a device key to the 32 bytes that the roster holds (protocol.md §11)."""
    parse_device_key(spki)
    return hashlib.sha256(spki).digest()


def sign_with_device_key(private_key: ec.EllipticCurvePrivateKey, signed: bytes) -> bytes:
    """Sign a message of `message` by ECDSA-SHA256; returns r ‖ s, 64 bytes (protocol.md §11)."""
    return signature_from_der(private_key.sign(signed, ec.ECDSA(hashes.SHA256())))


def signature_from_der(der: bytes) -> bytes:
    """Convert an ECDSA signature from DER, WebAuthn's form, to r ‖ s. Raises MalformedError."""
    try:
        r, s = decode_dss_signature(der)
    except ValueError:
        raise MalformedError("not an ECDSA signature") from None
    if not (0 < r < _ORDER and 0 < s < _ORDER) or encode_dss_signature(r, s) != der:
        raise MalformedError("not an ECDSA signature in its one form")
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify_device_signature(spki: bytes, signed: bytes, signature: bytes) -> None:
    """
    Check a signature made by `sign_with_device_key`; high s is allowed (protocol.md §11).

    Raises MalformedError when key or signature are not of their form, else SignatureError.
    """
    public_key = parse_device_key(spki)
    if len(signature) != SIGNATURE_BYTES:
        raise MalformedError("a device signature has 64 bytes")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < _ORDER and 0 < s < _ORDER):
        raise SignatureError("a number of the device signature is out of range")
    try:
        public_key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise SignatureError("the device signature is wrong") from None


def passkey_challenge(signed: bytes) -> bytes:
    """Hash a message to the challenge that a passkey is asked to sign (protocol.md §11)."""
    return hashlib.sha256(signed).digest()


def verify_passkey_assertion(
    spki: bytes,
    signed: bytes,
    signature: bytes,
    authenticator_data: bytes,
    client_data: bytes,
    rp_id: str,
    origins: Sequence[str],
) -> None:
    """
    Check a passkey's assertion over a message of `message` (protocol.md §11; WebAuthn §7.2).

    `client_data` is the raw clientDataJSON, `signature` r ‖ s. Raises MalformedError for a
    wrong form, SignatureError for every check that fails.
    """
    _check_client_data(client_data, signed, origins)
    if len(authenticator_data) != AUTHENTICATOR_DATA_BYTES:
        raise SignatureError("authenticator data have exactly 37 bytes")
    if authenticator_data[:32] != hashlib.sha256(rp_id.encode()).digest():
        raise SignatureError("the assertion is for another relying party")
    flags = authenticator_data[32]
    if not flags & _USER_PRESENT:
        raise SignatureError("the user was not present")
    if not flags & _USER_VERIFIED:
        raise SignatureError("the user was not verified")
    if flags & _EXTENSIONS_OR_ATTESTED:
        raise SignatureError("authenticator data announce what they do not hold")
    # Bytes 33 to 36 are the signature counter, which synchronised passkeys leave at zero.
    verify_device_signature(
        spki, authenticator_data + hashlib.sha256(client_data).digest(), signature
    )


def _check_client_data(client_data: bytes, signed: bytes, origins: Sequence[str]) -> None:
    if len(client_data) > MAX_CLIENT_DATA_BYTES:
        raise MalformedError("client data are too long")
    try:
        parsed = json.loads(client_data.decode(), object_pairs_hook=_object_without_doubles)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise MalformedError("client data are not JSON") from None
    if not isinstance(parsed, dict):
        raise MalformedError("client data are not an object")
    if parsed.get("type") != "webauthn.get":
        raise SignatureError("client data are not of an assertion")
    expected = base64.urlsafe_b64encode(passkey_challenge(signed)).decode().rstrip("=")
    if parsed.get("challenge") != expected:
        raise SignatureError("the challenge is not the hash of this message")
    if parsed.get("origin") not in origins:
        raise SignatureError("the assertion was made on another origin")
    if parsed.get("crossOrigin", False) is not False:
        raise SignatureError("the assertion was made inside of another site")


def _object_without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    parsed = dict(pairs)
    if len(parsed) != len(pairs):
        raise MalformedError("client data have a key twice")
    return parsed


def _decimal(member: int) -> str:
    if member < 1:
        raise MalformedError("members are numbered from 1")
    return str(member)


def _hash_text(text: str) -> str:
    if not _HASH_TEXT.fullmatch(text):
        raise MalformedError("not a hash in hex")
    return text


def _nonce_text(nonce: bytes) -> str:
    if len(nonce) != 32:
        raise MalformedError("a nonce has 32 bytes")
    return nonce.hex()
