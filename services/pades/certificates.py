"""Whether a certificate may sign at all: its key, its time, its key usage (RFC 5280).

Whose it is and who issued it is judged elsewhere: by the secretary and by configured authorities.
"""

import datetime
from collections.abc import Sequence
from typing import Final

from asn1crypto import x509

from services.pades.errors import (
    SigningCertificateInvalidError,
    SigningCertificateNotForSigningError,
    SigningCertificateNotInForceError,
)

MAX_CERTIFICATES: Final = 10
MAX_CERTIFICATE_BYTES: Final = 16 * 1024
MIN_RSA_BITS: Final = 2048
CURVES: Final = frozenset({"secp256r1", "secp384r1", "secp521r1"})
SIGNING_USES: Final = frozenset({"digital_signature", "non_repudiation"})


def read_certificates(ders: Sequence[bytes]) -> list[x509.Certificate]:
    """
    Read DER certificates, the signer's first. Raises SigningCertificateInvalidError.
    """
    if not 1 <= len(ders) <= MAX_CERTIFICATES:
        raise _invalid()
    return [_read(der) for der in ders]


def check_may_sign(certificate: x509.Certificate, moment: datetime.datetime) -> None:
    """
    Check key, validity at `moment`, and key usage of a signer's certificate.

    A certificate without the key usage extension may sign (RFC 5280 §4.2.1.3). Ed25519 is left out:
    RFC 8419 would have its signers hash whole attributes by SHA-512, and no issuer offers it here.
    Raises the SigningCertificate… errors.
    """
    _check_key(certificate)
    validity = certificate["tbs_certificate"]["validity"]
    not_before, not_after = validity["not_before"].native, validity["not_after"].native
    if not not_before <= moment <= not_after:
        raise SigningCertificateNotInForceError(
            not_before=f"{not_before:%d-%m-%Y}", not_after=f"{not_after:%d-%m-%Y}"
        )
    usage = certificate.key_usage_value
    if usage is not None and not SIGNING_USES & usage.native:
        raise SigningCertificateNotForSigningError


def _check_key(certificate: x509.Certificate) -> None:
    key = certificate.public_key
    if key.algorithm == "rsa" and key.bit_size >= MIN_RSA_BITS:
        return
    if key.algorithm == "ec" and key.curve[0] == "named" and key.curve[1] in CURVES:
        return
    raise _invalid()


def _read(der: bytes) -> x509.Certificate:
    if len(der) > MAX_CERTIFICATE_BYTES:
        raise _invalid()
    try:
        certificate = x509.Certificate.load(der, strict=True)
        # Parsed now, all of it: asn1crypto puts off each part until it is read.
        _ = certificate.native, certificate.public_key.native
    except (ValueError, TypeError, KeyError) as error:
        raise _invalid() from error
    return certificate


def _invalid() -> SigningCertificateInvalidError:
    return SigningCertificateInvalidError(limit=MAX_CERTIFICATES)
