"""When a paper was signed, and whether the signer's certificate was good then (RFC 5280).

With time stamps of the issuers given (ETSI EN 319 142-1, levels B-T to B-LTA) the time is theirs,
else the signer's own clock's, and the report says which. Nothing is fetched: revocation is judged
by what the file holds (DSS), so a revoked certificate is found where the file has the list.
"""

import datetime
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from asn1crypto import crl, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffPolicy
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

Clock = Literal["the signer's own clock", "a time stamp"]
Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]

OWN_CLOCK: Final[Clock] = "the signer's own clock"
TIME_STAMP: Final[Clock] = "a time stamp"
_UNREADABLE: Final = (
    SignatureValidationError,
    PdfError,
    PathError,
    ValidationError,
    ValueError,
    KeyError,
    TypeError,
)
_REASONS: Final = {
    "REVOKED": "the certificate was revoked",
    "REVOKED_NO_POE": "the certificate was revoked, and no time stamp shows that this was later",
    "REVOKED_CA_NO_POE": "the issuer's certificate was revoked",
    "EXPIRED": "the certificate had expired",
    "OUT_OF_BOUNDS_NO_POE": "the certificate had expired, or was not yet valid",
    "OUT_OF_BOUNDS_NOT_REVOKED": "the certificate had expired, or was not yet valid",
}

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs each refusal at length
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class StampedTime:
    """A document time stamp: the revision that it closes, and its time where it can be trusted."""

    revision: int
    at: datetime.datetime | None
    problem: str | None = None


class Trust:
    """The issuers that the reader gave (None: none), with what the file holds for judging."""

    def __init__(self, roots: Sequence[x509.Certificate] | None, reader: PdfFileReader) -> None:
        self.roots = roots
        self.store = _read_store(reader)

    @property
    def has_revocation_data(self) -> bool:
        return self.store is not None and bool(self.store.crls or self.store.ocsps)

    def context(self, moment: datetime.datetime | None) -> ValidationContext:
        """Certificates are judged at `moment`, by revocation lists of any later day as well."""
        options: dict[str, Any] = {
            "trust_roots": list(self.roots or ()),
            "allow_fetching": False,
            "moment": moment,
            "best_signature_time": moment,
            "revocation_mode": "soft-fail",
            "retroactive_revinfo": True,
        }
        if self.store is None:
            return ValidationContext(**options)
        return self.store.as_validation_context(options)


def _read_store(reader: PdfFileReader) -> DocumentSecurityStore | None:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except (NoDSSFoundError, *_UNREADABLE):
        return None


async def read_time_stamps(
    reader: PdfFileReader, trust: Trust, policy: DiffPolicy
) -> list[StampedTime]:
    """Document time stamps in their order; their times only where their issuers are trusted."""
    found = []
    for stamp in reader.embedded_timestamp_signatures:
        stamp.compute_integrity_info(diff_policy=policy)
        try:
            claimed = stamp.self_reported_timestamp or _time_in(stamp)
            status = await async_validate_pdf_timestamp(stamp, trust.context(claimed), policy)
        except _UNREADABLE as error:
            found.append(StampedTime(stamp.signed_revision, None, f"cannot be judged: {error}"))
            continue
        problem = None
        if not (status.intact and status.valid):
            problem = "a time stamp is wrong: the bytes that it covers were changed"
        elif trust.roots is not None and not status.trusted:
            problem = "a time stamp is not of the issuers given"
        is_good = problem is None and trust.roots is not None
        found.append(
            StampedTime(stamp.signed_revision, status.timestamp if is_good else None, problem)
        )
    return found


def _time_in(stamp: EmbeddedPdfSignature) -> datetime.datetime | None:
    content = stamp.signed_data["encap_content_info"]["content"].parsed
    moment = content["gen_time"].native
    return moment if isinstance(moment, datetime.datetime) else None


def _is_stamped(signature: EmbeddedPdfSignature) -> bool:
    """Whether the signature carries a time stamp of its own (RFC 3161 Appendix A)."""
    attributes = signature.signer_info["unsigned_attrs"]
    return any(each["type"].native == "signature_time_stamp_token" for each in attributes or ())


async def signed_at(
    signature: EmbeddedPdfSignature, trust: Trust, stamps: Sequence[StampedTime]
) -> tuple[datetime.datetime | None, Clock]:
    """The earliest trusted time stamp over the signature, else what the signer's clock said."""
    times = [
        stamp.at
        for stamp in stamps
        if stamp.at is not None and stamp.revision >= signature.signed_revision
    ]
    if trust.roots is not None and _is_stamped(signature):
        own = trust.context(None)
        try:
            status = await async_validate_pdf_signature(
                signature, own, trust.context(None), skip_diff=True
            )
        except _UNREADABLE:
            status = None
        stamped = None if status is None else status.timestamp_validity
        if stamped is not None and stamped.valid and stamped.intact and stamped.trusted:
            times.append(stamped.timestamp)
    return (min(times), TIME_STAMP) if times else (signature.self_reported_timestamp, OWN_CLOCK)


def level_of(signature: EmbeddedPdfSignature, trust: Trust, stamps: Sequence[StampedTime]) -> Level:
    """The level that the file has for a signature (ETSI EN 319 142-1 §6.1), if all is good."""
    later = any(stamp.revision > signature.signed_revision for stamp in stamps)
    if trust.has_revocation_data:
        return "B-LTA" if later else "B-LT"
    return "B-T" if later or _is_stamped(signature) else "B-B"


def validity_problem(
    certificate: x509.Certificate, moment: datetime.datetime | None, store: Any
) -> str | None:
    """What is wrong with a certificate by its own dates, whoever issued it."""
    if moment is None:
        return "it does not say when it was made"
    if moment > certificate.not_valid_after:
        return f"the certificate had expired on {certificate.not_valid_after:%Y-%m-%d}"
    if moment < certificate.not_valid_before:
        return f"the certificate was not valid before {certificate.not_valid_before:%Y-%m-%d}"
    revoked = _revoked_on(certificate, store)
    if revoked is not None and revoked <= moment:
        return f"the certificate was revoked on {revoked:%Y-%m-%d}, before it was used"
    return None


def _revoked_on(certificate: x509.Certificate, store: Any) -> datetime.datetime | None:
    """When a list in the file says that a certificate was revoked; its signature is not judged."""
    for stream in () if store is None else store.crls:
        try:
            entries = crl.CertificateList.load(stream.get_object().data)["tbs_cert_list"]
            if entries["issuer"] != certificate.issuer:
                continue
            for revoked in entries["revoked_certificates"]:
                if revoked["user_certificate"].native == certificate.serial_number:
                    when = revoked["revocation_date"].native
                    return when if isinstance(when, datetime.datetime) else None
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return None


def trust_problem(status: Any) -> str:
    """Why a signer's certificate is not of the issuers given, in words."""
    indication = getattr(status.trust_problem_indic, "name", "")
    return _REASONS.get(indication, "not of the issuers given")
