"""One signature into one of a paper's own fields, as one incremental update: PAdES B-B, or B-T.

ETSI EN 319 142-1 §6 (level B): detached CAdES signature with the ESS signing certificate
(RFC 5035), its certificates inside of the signature, no `signing-time` attribute (the time is /M of
the signature dictionary). Append-only: the bytes that were held stay as they are.
"""

import asyncio
import datetime
import io
import logging
from dataclasses import dataclass
from typing import IO, Any, Final

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfTBSDocument
from pyhanko.sign.timestamps import TimeStamper

from services.pades.certificates import check_may_sign
from services.pades.errors import (
    SigningFieldMissingError,
    SigningFieldSignedError,
    SigningPaperUnreadableError,
)
from services.pades.picture import read_picture
from services.pades.stamp import stamp_style, stamp_text

DIGEST: Final = "sha256"
REASON: Final = "Ký biên bản"
AGENCY_FIELD: Final = "agency"
# Hexadecimal digits, so half as many bytes, beside the certificates: names, attributes, signature;
# and a time stamp with its own certificates. Every reader goes through them digit by digit.
RESERVED_DIGITS: Final = 12 * 1024
TIME_STAMP_DIGITS: Final = 24 * 1024

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs each refusal at length


@dataclass(frozen=True)
class _Placed:
    """The paper with an empty signature in place, and what the signature has to cover."""

    digest: PreparedByteRangeDigest
    document: PdfTBSDocument
    output: IO[bytes]


def sign_field(
    held: bytes,
    field: str,
    signer: Signer,
    name: str,
    signed_at: datetime.datetime,
    picture: bytes | None = None,
    timestamper: TimeStamper | None = None,
) -> bytes:
    """
    Fill the empty field with the person's or the agency's signature; returns the longer file.

    `name` is what the stamp says where there is no `picture` (PNG). Takes a tenth of a second and
    must not be called inside of an event loop: call it by `asyncio.to_thread`.
    Raises the errors of `services.pades.errors`.
    """
    return asyncio.run(_sign(held, field, signer, name, signed_at, picture, timestamper))


async def _sign(
    held: bytes,
    field: str,
    signer: Signer,
    name: str,
    signed_at: datetime.datetime,
    picture: bytes | None,
    timestamper: TimeStamper | None,
) -> bytes:
    placed = place_signature(held, field, signer, name, signed_at, picture, timestamper)
    await placed.document.perform_signature(placed.digest.document_digest, PdfCMSSignedAttributes())
    placed.output.seek(0)
    return placed.output.read()


def place_signature(
    held: bytes,
    field: str,
    signer: Signer,
    name: str,
    signed_at: datetime.datetime,
    picture: bytes | None = None,
    timestamper: TimeStamper | None = None,
) -> _Placed:
    """Write the increment with room for the signature. Raises as `sign_field` does."""
    certificate = signer.signing_cert
    if certificate is None:  # a signer of pyHanko's that learns it later: none of ours
        raise ValueError("the signer has no certificate")
    check_may_sign(certificate, signed_at)
    of_agency = field == AGENCY_FIELD
    style = stamp_style(None if picture is None else read_picture(picture), of_agency=of_agency)
    check_field_is_empty(held, field)
    pdf_signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm=DIGEST,
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=REASON,
            name=name,
        ),
        signer=signer,
        timestamper=timestamper,
        stamp_style=style,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(held))
    session = pdf_signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = signed_at  # else the machine's clock, which the stamp may not say
    document = session.prepare_tbs_document(
        None,
        _reserved_digits(signer, timestamper),
        appearance_text_params=stamp_text(name, signed_at, of_agency=of_agency),
    )
    digest, output = document.digest_tbs_document(output=io.BytesIO())
    return _Placed(digest, document, output)


def check_field_is_empty(held: bytes, field: str) -> None:
    """Raise unless the paper has this signature field, and empty. Reads strictly."""
    try:
        reader: Any = PdfFileReader(io.BytesIO(held), strict=True)
        if reader.encrypted:
            raise SigningPaperUnreadableError
        found = {name: value for name, value, _ in fields.enumerate_sig_fields(reader)}
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise SigningPaperUnreadableError from error
    if field not in found:
        raise SigningFieldMissingError(field=field[:100], fields=", ".join(found)[:500] or "—")
    if found[field] is not None:
        raise SigningFieldSignedError(field=field)


def _reserved_digits(signer: Signer, timestamper: TimeStamper | None) -> int:
    carried: list[x509.Certificate] = list(signer.cert_registry)
    digits = RESERVED_DIGITS if timestamper is None else RESERVED_DIGITS + TIME_STAMP_DIGITS
    return digits + 2 * sum(len(certificate.dump()) for certificate in carried)
