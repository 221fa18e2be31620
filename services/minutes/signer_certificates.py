"""Whether a certificate may sign a paper now: its time, its key usage, its issuer, revocation.

RFC 5280 paths by pyhanko-certvalidator over the configured anchors, the certificates that came with
the signature, and revocation lists from a folder and from the file. Nothing is ever fetched: an
uploaded certificate names addresses, and a service that calls them can be sent anywhere.
"""

import asyncio
import datetime
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp, pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    ExpiredError,
    NotYetValidError,
    OCSPValidationError,
    PathError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.revinfo.validate_crl import verify_crl
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response

from services.minutes.errors import (
    SignerCertificateExpiredError,
    SignerCertificateRevokedError,
    SignerCertificateUsageError,
    SignerIssuerUnknownError,
)

SIGNING_USES: Final = frozenset({"digital_signature", "non_repudiation"})
MAX_CRL_BYTES: Final = 32 * 1024 * 1024


class SignerTrustError(Exception):
    """The configured certificates or revocation lists cannot be read; says which file."""


@dataclass(frozen=True)
class SignerTrust:
    """Configured anchors and revocation lists; no anchors: issuers are not judged."""

    roots: tuple[x509.Certificate, ...] = ()
    crls: tuple[asn1_crl.CertificateList, ...] = ()


@dataclass(frozen=True)
class CertificateFacts:
    """What a person compares: RFC 4514 names, serial in hex, end of validity, SHA-256 of DER."""

    subject: str
    issuer: str
    serial: str
    not_after: datetime.datetime
    sha256: str


def read_signer_trust(roots: Path | None, crls: Path | None) -> SignerTrust:
    """
    Read a PEM file of CA certificates and a folder of revocation lists (DER or PEM, `*.crl`).

    Raises SignerTrustError.
    """
    if roots is None:
        return SignerTrust()
    try:
        found = [
            x509.Certificate.load(der, strict=True)
            for kind, _, der in pem.unarmor(roots.read_bytes(), multiple=True)
            if kind == "CERTIFICATE"
        ]
    except (OSError, ValueError) as error:
        raise SignerTrustError(f"{roots}: not a file of PEM certificates") from error
    if not found:
        raise SignerTrustError(f"{roots}: holds no certificate")
    lists = () if crls is None else tuple(map(_read_crl, sorted(crls.glob("*.crl"))))
    return SignerTrust(tuple(found), lists)


def _read_crl(path: Path) -> asn1_crl.CertificateList:
    try:
        if path.stat().st_size > MAX_CRL_BYTES:
            raise SignerTrustError(f"{path}: larger than {MAX_CRL_BYTES} bytes")
        data = path.read_bytes()
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        found = asn1_crl.CertificateList.load(der, strict=True)
        _ = found.issuer.native
    except (OSError, ValueError) as error:
        raise SignerTrustError(f"{path}: not a certificate revocation list") from error
    return found


def facts_of(der: bytes) -> CertificateFacts:
    """Raises ValueError for bytes that are no certificate."""
    certificate = x509.Certificate.load(der, strict=True)
    return CertificateFacts(
        subject=_readable(certificate.subject),
        issuer=_readable(certificate.issuer),
        serial=f"{certificate.serial_number:x}"[:64],
        not_after=certificate.not_valid_after,
        sha256=hashlib.sha256(der).hexdigest(),
    )


def _readable(name: x509.Name) -> str:
    """The values of a name, the common name first; the kinds of the others say themselves."""
    pairs = [
        (kind, str(each))
        for kind, value in name.native.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    pairs.sort(key=lambda pair: pair[0] != "common_name")
    return ", ".join(value for _, value in pairs)[:400]


def judge_signer(
    certificates: Sequence[x509.Certificate],
    upload: bytes,
    trust: SignerTrust,
    now: datetime.datetime,
) -> None:
    """
    Judge the first of `certificates`, as it is now, with the rest and the file's store beside it.

    Issuer and revocation are judged where anchors are configured.

    Must not be called inside of an event loop. Raises SignerCertificateExpiredError,
    SignerCertificateUsageError, SignerCertificateRevokedError, SignerIssuerUnknownError.
    """
    signer = certificates[0]
    if not signer.not_valid_before <= now <= signer.not_valid_after:
        raise _expired(signer)
    usage = signer.key_usage_value
    if signer.ca or (usage is not None and not SIGNING_USES & usage.native):
        raise SignerCertificateUsageError
    if trust.roots:
        asyncio.run(_judge_path(certificates, _read_store(upload), trust, now))


@dataclass(frozen=True)
class _Store:
    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[asn1_crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()


def _read_store(upload: bytes) -> _Store:
    """What the file itself holds about certificates (PAdES DSS); of no use where unreadable."""
    try:
        found: Any = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(upload)))
        certificates = tuple(found.load_certs())
        crls = tuple(_streams(found.crls, asn1_crl.CertificateList))
        return _Store(certificates, crls, tuple(_streams(found.ocsps, ocsp.OCSPResponse)))
    except (NoDSSFoundError, PdfError, ValueError, TypeError, KeyError):
        return _Store()


def _streams(references: Iterable[Any], kind: Any) -> Iterable[Any]:
    for reference in references:
        yield kind.load(reference.get_object().data, strict=True)


def _lists_as_revoked(crl: asn1_crl.CertificateList, certificate: x509.Certificate) -> bool:
    """
    For lists of the operator's folder, which need no proof and count even when they are old: what
    was revoked stays so (only a hold can be lifted).
    """
    if crl.issuer != certificate.issuer:
        return False
    revoked = crl["tbs_cert_list"]["revoked_certificates"]
    return any(
        entry["user_certificate"].native == certificate.serial_number
        and entry.crl_reason_value != "remove_from_crl"
        for entry in revoked
    )


async def _judge_path(
    certificates: Sequence[x509.Certificate],
    store: _Store,
    trust: SignerTrust,
    now: datetime.datetime,
) -> None:
    """
    Find a path first, then look for a revocation of any certificate in it.

    Two steps, since the file's store speaks of other signers as well: to one step over all of it,
    an answer about somebody else is a failed check.
    """
    others = [*certificates[1:], *store.certificates]
    path = await _find_path(certificates[0], others, trust, now)
    # What speaks of revocation is signed as well, by certificates of the file or the anchors.
    context = _context(trust, others, now, crls=store.crls, ocsps=store.ocsps)
    for certificate in path.iter_certs(include_root=False):
        if any(_lists_as_revoked(each, certificate) for each in trust.crls):
            raise SignerCertificateRevokedError
        for verify in (verify_ocsp_response, verify_crl):
            try:
                await verify(certificate, path, context)
            except RevokedError as error:
                raise SignerCertificateRevokedError from error
            except (OCSPValidationError, CRLValidationError, ValidationError, ValueError):
                continue  # nothing about this certificate, or nothing that is signed rightly


async def _find_path(
    signer: x509.Certificate,
    others: Sequence[x509.Certificate],
    trust: SignerTrust,
    now: datetime.datetime,
) -> ValidationPath:
    context = _context(trust, others, now)
    validator = CertificateValidator(signer, list(others), validation_context=context)
    try:
        path: ValidationPath = await validator.async_validate_path()
    except (ExpiredError, NotYetValidError) as error:
        raise _expired(signer) from error
    except (PathError, ValidationError, ValueError) as error:
        raise SignerIssuerUnknownError(issuer=_readable(signer.issuer)) from error
    return path


def _context(
    trust: SignerTrust,
    others: Sequence[x509.Certificate],
    now: datetime.datetime,
    *,
    crls: Sequence[asn1_crl.CertificateList] = (),
    ocsps: Sequence[ocsp.OCSPResponse] = (),
) -> ValidationContext:
    return ValidationContext(
        trust_roots=list(trust.roots),
        other_certs=list(others),
        crls=list(crls),
        ocsps=list(ocsps),
        moment=now,
        best_signature_time=now,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def _expired(certificate: x509.Certificate) -> SignerCertificateExpiredError:
    return SignerCertificateExpiredError(
        not_before=f"{certificate.not_valid_before:%d/%m/%Y}",
        not_after=f"{certificate.not_valid_after:%d/%m/%Y}",
    )
