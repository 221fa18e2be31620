"""Checks of what members' devices signed, whichever kind of key (protocol.md §11)."""

from collections.abc import Sequence

from crypto.device_keys import verify_device_signature, verify_passkey_assertion
from crypto.errors import CryptoError, MalformedError
from schemas import base64url
from schemas.roster import DeviceKey
from services.registrar.errors import IssuanceOtherKeyError, IssuanceSignatureInvalidError
from services.registrar.model import DeviceSignature, IssuingTerms


def verify_signed(
    key: DeviceKey,
    message: bytes,
    signed: DeviceSignature,
    rp_id: str,
    origins: Sequence[str],
) -> None:
    """
    Check that `key` signed a message of `crypto.device_keys`.

    A passkey's signature comes with authenticator and client data, a device's or kiosk's without.
    Raises CryptoError.
    """
    spki = base64url.decode(key.spki)
    given = (signed.authenticator_data is not None, signed.client_data is not None)
    if given != ((True, True) if key.kind == "passkey" else (False, False)):
        raise MalformedError("the signature is of another kind of key")
    if signed.authenticator_data is None or signed.client_data is None:
        verify_device_signature(spki, message, signed.signature)
        return
    verify_passkey_assertion(
        spki,
        message,
        signed.signature,
        signed.authenticator_data,
        signed.client_data,
        rp_id,
        origins,
    )


def verify_issuance_signature(
    terms: IssuingTerms, member: int, message: bytes, signed: DeviceSignature
) -> None:
    """
    Check that the member's own key of the roster signed its request (protocol.md §4).

    A request signed by another's device is told apart, so that a mixed-up phone is found in the
    hall. Raises IssuanceOtherKeyError, IssuanceSignatureInvalidError.
    """
    if _is_signed_by(terms.keys[member], message, signed, terms):
        return
    others = (key for number, key in terms.keys.items() if number != member)
    if any(_is_signed_by(key, message, signed, terms) for key in others):
        raise IssuanceOtherKeyError
    raise IssuanceSignatureInvalidError


def _is_signed_by(
    key: DeviceKey, message: bytes, signed: DeviceSignature, terms: IssuingTerms
) -> bool:
    try:
        verify_signed(key, message, signed, terms.rp_id, terms.origins)
    except CryptoError:
        return False
    return True
