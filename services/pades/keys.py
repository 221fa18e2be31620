"""A person's key on their own computer: on a PKCS#11 token or in a PKCS#12 file.

Says what is wrong in a sentence for the person at the keyboard; these keys never meet the service.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pkcs11
from asn1crypto import keys as asn1_keys
from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PinLocked, PKCS11Error
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

MAX_PKCS12_BYTES: Final = 256 * 1024


class SigningKeyError(Exception):
    """The key cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class KeyChoice:
    """Which token and key is meant; each may be left out where there is only one."""

    token: str | None = None
    label: str | None = None
    id: bytes | None = None


def open_pkcs12(data: bytes, passphrase: str) -> Signer:
    """Read key and certificates of a PKCS#12 file (RFC 7292). Raises SigningKeyError."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except ValueError as error:
        raise SigningKeyError(
            "the PKCS#12 file cannot be opened: wrong pass-phrase, or another kind of file"
        ) from error
    if key is None or certificate is None:
        raise SigningKeyError("the PKCS#12 file holds no key with its certificate")
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    chain = [_as_asn1(each) for each in (certificate, *others)]
    return SimpleSigner(
        signing_cert=chain[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore.from_certs(chain),
    )


@contextmanager
def open_token(library: str, choice: KeyChoice, pin: str) -> Iterator[Signer]:
    """
    Log in to a PKCS#11 token (version 2.40) and find key and certificate, until the block ends.

    Hashes are computed here and the token signs them raw: many tokens know no
    CKM_ECDSA_SHA256. Raises SigningKeyError.
    """
    token = _find_token(library, choice.token)
    try:
        session = token.open(user_pin=pin)
    except (PinIncorrect, PinInvalid, PinLenRange) as error:
        raise SigningKeyError(
            "wrong PIN; most tokens lock after three wrong ones, so do not guess"
        ) from error
    except PinLocked as error:
        raise SigningKeyError(
            "the token's PIN is locked; who issued the token can unlock it"
        ) from error
    except PKCS11Error as error:
        raise SigningKeyError(f"the token does not let us in: {_reason(error)}") from error
    with session:
        try:
            yield _token_signer(session, choice)
        except PKCS11Error as error:
            raise SigningKeyError(f"the token failed: {_reason(error)}") from error


def _find_token(library: str, label: str | None) -> Any:
    try:
        tokens = [
            token
            for token in pkcs11.lib(library).get_tokens()
            if pkcs11.TokenFlag.TOKEN_INITIALIZED in token.flags
        ]
    except PKCS11Error as error:
        raise SigningKeyError(
            f"{library} is not a PKCS#11 library that works here: {_reason(error)}"
        ) from error
    labels = ", ".join(repr(token.label) for token in tokens)
    if not tokens:
        raise SigningKeyError("no token found; plug it in and try again")
    found = [token for token in tokens if label is None or token.label == label]
    if not found:
        raise SigningKeyError(f"no token has the label {label!r}; there are: {labels}")
    if len(found) > 1:
        raise SigningKeyError(f"several tokens found; choose one with --token: {labels}")
    return found[0]


def _token_signer(session: Any, choice: KeyChoice) -> Signer:
    key = _find_key(session, choice)
    key_id = key[pkcs11.Attribute.ID]
    on_token = [
        (found[pkcs11.Attribute.ID], x509.Certificate.load(found[pkcs11.Attribute.VALUE]))
        for found in session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE})
    ]
    # PKCS#11 §4.6.3: a key and its certificate have the same CKA_ID.
    own = [certificate for its_id, certificate in on_token if its_id == key_id]
    if not own:
        raise SigningKeyError(
            f"the token holds no certificate for {_name_of(key)}; have it put on the token"
        )
    newest = max(own, key=lambda certificate: certificate.not_valid_after)
    return PKCS11Signer(
        session,
        signing_cert=newest,
        key_id=key_id,
        key_label=key[pkcs11.Attribute.LABEL] or None,
        ca_chain=[certificate for _, certificate in on_token if certificate.ca],
        use_raw_mechanism=True,
    )


def _find_key(session: Any, choice: KeyChoice) -> Any:
    keys = list(
        session.get_objects(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY,
                pkcs11.Attribute.SIGN: True,
            }
        )
    )
    found = [
        key
        for key in keys
        if choice.label in (None, key[pkcs11.Attribute.LABEL])
        and choice.id in (None, key[pkcs11.Attribute.ID])
    ]
    if len(found) == 1:
        return found[0]
    names = _names_of(keys)
    if not keys:
        raise SigningKeyError("the token holds no key that signs")
    if not found:
        raise SigningKeyError(f"the token has no such key; it has: {names}")
    raise SigningKeyError(f"several keys fit; choose one with --key or --id: {names}")


def _names_of(keys: Sequence[Any]) -> str:
    return ", ".join(_name_of(key) for key in keys)


def _name_of(key: Any) -> str:
    return f"key {key[pkcs11.Attribute.LABEL]!r} (id {key[pkcs11.Attribute.ID].hex()})"


def _reason(error: PKCS11Error) -> str:
    return str(error) or type(error).__name__


def _as_asn1(certificate: Any) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
