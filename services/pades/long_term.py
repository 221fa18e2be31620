"""From B-B to B-LTA: what proves the signatures later, and a time stamp over all of it.

ETSI EN 319 142-1 §5.4, §6: a document security store with the certificates and the revocation
state of every signature so far, then a document time stamp (RFC 3161), as two incremental updates
over the signed file. Called again later it renews the time stamp, before the last one's
certificate ends. Nothing is fetched for a certificate that does not chain to a configured root.
"""

import asyncio
import io
import itertools
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from asn1crypto import crl, ocsp, pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError, extract_certificate_info
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation import DocumentSecurityStore, async_validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    InsufficientRevinfoError,
    PathBuildingError,
    PathError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath

from services.pades.errors import (
    CertificateRevokedError,
    IssuerUnknownError,
    RevocationUnknownError,
    SigningPaperUnreadableError,
    TimeStampError,
)
from services.pades.fetching import HttpTimeStamper, RevocationFetcher

DIGEST: Final = "sha256"
STAMP_TITLE: Final = "Dấu thời gian"
_UNREADABLE: Final = (PdfError, SigningError, ValueError, KeyError, TypeError, IndexError)

logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)  # errors are raised as well


@dataclass(frozen=True)
class Trust:
    """Configured authorities: roots with the certificates below them, and CRLs kept at hand."""

    roots: tuple[x509.Certificate, ...]
    intermediates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()

    @classmethod
    def read(cls, certificates_pem: bytes, crl_files: Sequence[bytes] = ()) -> Self:
        """
        Read PEM certificates, self-issued ones as roots, and CRLs in DER or PEM.

        Raises ValueError: another thing, or no root among them.
        """
        found = [
            x509.Certificate.load(der, strict=True)
            for kind, _, der in pem.unarmor(certificates_pem, multiple=True)
            if kind == "CERTIFICATE"
        ]
        roots = tuple(certificate for certificate in found if certificate.self_issued)
        if not roots:
            raise ValueError("no root certificate among them")
        lists = [pem.unarmor(file)[2] if pem.detect(file) else file for file in crl_files]
        return cls(
            roots,
            tuple(certificate for certificate in found if not certificate.self_issued),
            tuple(crl.CertificateList.load(der, strict=True) for der in lists),
        )

    def context(
        self,
        answers: Sequence[ocsp.OCSPResponse] = (),
        lists: Sequence[crl.CertificateList] = (),
        *,
        require_revocation: bool = False,
    ) -> ValidationContext:
        """A context that fetches nothing."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(self.intermediates),
            ocsps=list(answers),
            crls=[*self.crls, *lists],
            allow_fetching=False,
            revocation_mode="require" if require_revocation else "soft-fail",
        )


@dataclass(frozen=True)
class _Holder:
    """Somebody who signed or stamped, with the certificates that came along."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]

    @property
    def subject(self) -> str:
        return str(self.certificate.subject.human_friendly)


async def add_long_term(held: bytes, trust: Trust, time_stamper: HttpTimeStamper) -> bytes:
    """
    Add security store and time stamp; returns the longer file, whose level is B-LTA.

    All of it happens in a thread with a loop of its own. Raises LongTermError (its kinds say
    whose certificate and why), SigningPaperUnreadableError.
    """
    return await asyncio.to_thread(lambda: asyncio.run(_add(held, trust, time_stamper)))


def paper_level(paper: bytes) -> Literal["B-B", "B-LTA"]:
    """
    B-LTA where a document time stamp lies over the whole file, with a security store beneath it.

    Says what is there, not whether it holds. Raises SigningPaperUnreadableError.
    """
    try:
        reader = PdfFileReader(io.BytesIO(paper), strict=True)
        signatures = reader.embedded_signatures
        if not signatures or "/DSS" not in reader.root:
            return "B-B"
        last = signatures[-1]
        is_stamp = last.sig_object_type == "/DocTimeStamp"
        covers = last.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
    except _UNREADABLE as error:
        raise SigningPaperUnreadableError from error
    return "B-LTA" if is_stamp and covers else "B-B"


async def _add(held: bytes, trust: Trust, time_stamper: HttpTimeStamper) -> bytes:
    holders = _holders(held)
    holders.append(await _stamping_holder(time_stamper))
    paths = [await _trusted_path(holder, trust) for holder in holders]
    answers, lists = await _revocation_of(paths)
    context = trust.context(answers, lists, require_revocation=True)
    checked = [await _unrevoked_path(holder, context) for holder in holders]
    stored = _with_security_store(held, checked, context)
    return await _with_time_stamp(stored, time_stamper, holders[-1], context)


def _holders(held: bytes) -> list[_Holder]:
    """Who signed, and whose time stamps are there already."""
    try:
        reader = PdfFileReader(io.BytesIO(held), strict=True)
        return [_holder_of(signature.signed_data) for signature in reader.embedded_signatures]
    except _UNREADABLE as error:
        raise SigningPaperUnreadableError from error


def _holder_of(signed_data: Any) -> _Holder:
    found = extract_certificate_info(signed_data)
    return _Holder(found.signer_cert, tuple(found.other_certs))


async def _stamping_holder(time_stamper: HttpTimeStamper) -> _Holder:
    """
    Learn the server's certificates before the stamp: what proves them has to lie beneath it.
    """
    try:
        token = await time_stamper.async_dummy_response(DIGEST)
        return _holder_of(token["content"])
    except (TimestampRequestError, *_UNREADABLE, AttributeError) as error:
        raise TimeStampError(f"the time-stamp server gave no time stamp: {error}") from error


async def _trusted_path(holder: _Holder, trust: Trust) -> ValidationPath:
    """The chain to a configured root, by the certificates at hand. Raises IssuerUnknownError."""
    try:
        return await _validator(holder, trust.context()).async_validate_usage(set())
    except RevokedError as error:
        raise CertificateRevokedError(holder.subject, str(error)) from error
    except (PathBuildingError, PathError, ValidationError) as error:
        raise IssuerUnknownError(holder.subject, str(error)) from error


async def _unrevoked_path(holder: _Holder, context: ValidationContext) -> ValidationPath:
    try:
        return await _validator(holder, context).async_validate_usage(set())
    except RevokedError as error:
        raise CertificateRevokedError(holder.subject, str(error)) from error
    except InsufficientRevinfoError as error:
        raise RevocationUnknownError(holder.subject, str(error)) from error
    except (PathBuildingError, PathError, ValidationError) as error:
        raise IssuerUnknownError(holder.subject, str(error)) from error


def _validator(holder: _Holder, context: ValidationContext) -> CertificateValidator:
    return CertificateValidator(
        holder.certificate, intermediate_certs=holder.others, validation_context=context
    )


async def _revocation_of(
    paths: Sequence[ValidationPath],
) -> tuple[list[ocsp.OCSPResponse], list[crl.CertificateList]]:
    """Ask for every certificate below a root, each once."""
    pairs = {}
    for path in paths:
        for issuer, certificate in itertools.pairwise(path):
            pairs[certificate.sha256] = (certificate, issuer)
    fetcher = RevocationFetcher()
    states = await asyncio.gather(*(fetcher.fetch_state(*pair) for pair in pairs.values()))
    answers = [answer for found, _ in states for answer in found]
    lists = {found.dump(): found for _, several in states for found in several}
    return answers, list(lists.values())


def _with_security_store(
    held: bytes, paths: Sequence[ValidationPath], context: ValidationContext
) -> bytes:
    output = io.BytesIO(held)
    DocumentSecurityStore.add_dss(output, None, paths=paths, validation_context=context)
    return output.getvalue()


async def _with_time_stamp(
    stored: bytes, time_stamper: HttpTimeStamper, expected: _Holder, context: ValidationContext
) -> bytes:
    number = len(PdfFileReader(io.BytesIO(stored)).embedded_timestamp_signatures) + 1
    stamper = PdfTimeStamper(
        time_stamper, field_name=f"time-stamp-{number}", readable_field_name=STAMP_TITLE
    )
    output = io.BytesIO()
    try:
        await stamper.async_timestamp_pdf(
            IncrementalPdfFileWriter(io.BytesIO(stored)), DIGEST, output=output
        )
        stamped = output.getvalue()
        stamp = PdfFileReader(io.BytesIO(stamped)).embedded_timestamp_signatures[-1]
        status = await async_validate_pdf_timestamp(stamp, context)
    except (TimestampRequestError, SignatureValidationError, *_UNREADABLE) as error:
        raise TimeStampError(f"no time stamp that holds: {error}") from error
    if stamp.signer_cert.sha256 != expected.certificate.sha256:
        time_stamper.forget_certificates()
        raise TimeStampError("the server stamps with another certificate now; try again")
    if not (status.intact and status.valid and status.trusted):
        raise TimeStampError(f"no time stamp that holds: {status.summary()}")
    return stamped
