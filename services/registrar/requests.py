"""Requests as they came over HTTP, turned into what the acts take; texts become bytes once."""

from schemas import base64url
from schemas.api_registrar import CheckInBody, IssuanceBody
from schemas.base64url import Base64urlError
from services.registrar.errors import (
    BlindedMessageInvalidError,
    CheckInSignatureError,
    IssuanceSignatureInvalidError,
)
from services.registrar.model import CheckIn, DeviceSignature, IssuanceRequest


def read_check_in(body: CheckInBody) -> CheckIn:
    """Raises CheckInSignatureError."""
    try:
        signed = _read_signature(body)
    except Base64urlError:
        raise CheckInSignatureError from None
    return CheckIn(bytes.fromhex(body.nonce), body.online, signed)


def read_issuance_request(body: IssuanceBody) -> IssuanceRequest:
    """Raises BlindedMessageInvalidError, IssuanceSignatureInvalidError."""
    try:
        blinded = tuple(base64url.decode(text) for text in body.blinded)
    except Base64urlError:
        raise BlindedMessageInvalidError from None
    try:
        return IssuanceRequest(blinded, _read_signature(body))
    except Base64urlError:
        raise IssuanceSignatureInvalidError from None


def _read_signature(body: CheckInBody | IssuanceBody) -> DeviceSignature:
    return DeviceSignature(
        signature=base64url.decode(body.signature),
        authenticator_data=_bytes(body.authenticator_data),
        client_data=_bytes(body.client_data),
    )


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64url.decode(text)
