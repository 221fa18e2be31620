"""The signatures of a paper: each over the file as it stood, changes after it only permitted ones.

PAdES B-B (ETSI EN 319 142-1): no time stamp, so the signer's own time is all there is. Issuers
are judged only by certificates that the reader gives; nothing is fetched.
"""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from services.verifier.record_files import MalformedInputError

MAX_SIGNATURES: Final = 20
_WHOLE_REVISION: Final = (
    SignatureCoverageLevel.ENTIRE_REVISION,
    SignatureCoverageLevel.ENTIRE_FILE,
)


@dataclass(frozen=True)
class PaperSignature:
    """One signature judged; `is_trusted` is None where no certificates were given."""

    field: str
    signer: str
    problems: tuple[str, ...]
    is_trusted: bool | None


@dataclass(frozen=True)
class PaperSignatures:
    """All signatures of a paper in their order, and the fields that nobody has signed."""

    signatures: tuple[PaperSignature, ...]
    empty_fields: tuple[str, ...]


def read_certificates(trust: bytes) -> list[x509.Certificate]:
    """Read the certificates of a PEM file, one or more. Raises MalformedInputError."""
    try:
        found = [
            x509.Certificate.load(der)
            for kind, _, der in pem.unarmor(trust, multiple=True)
            if kind == "CERTIFICATE"
        ]
        for certificate in found:
            _ = certificate.subject.native
    except (ValueError, TypeError) as error:
        raise MalformedInputError("--trust is not a file of PEM certificates") from error
    if not found:
        raise MalformedInputError("--trust holds no certificate")
    return found


def judge_signatures(paper: bytes, trust: bytes | None) -> PaperSignatures:
    """
    Judge every signature of a PDF offline. Must not be called inside of an event loop.

    `trust`: PEM of the issuers, or None. Raises MalformedInputError.
    """
    roots = None if trust is None else read_certificates(trust)
    try:
        reader = PdfFileReader(io.BytesIO(paper), strict=False)
        embedded = reader.embedded_regular_signatures
        empty = [name for name, _, _ in enumerate_sig_fields(reader, filled_status=False)]
    except (PdfError, KeyError, ValueError, TypeError) as error:
        raise MalformedInputError(f"the signatures of the PDF cannot be read: {error}") from error
    if len(embedded) > MAX_SIGNATURES:
        raise MalformedInputError("the PDF has too many signatures")
    return PaperSignatures(
        signatures=tuple(asyncio.run(_judge_all(embedded, roots))), empty_fields=tuple(empty)
    )


async def _judge_all(
    embedded: Sequence[EmbeddedPdfSignature], roots: Sequence[x509.Certificate] | None
) -> list[PaperSignature]:
    return [await _judge(signature, roots) for signature in embedded]


async def _judge(
    signature: EmbeddedPdfSignature, roots: Sequence[x509.Certificate] | None
) -> PaperSignature:
    signer = _name_of(signature.signer_cert)
    # Judged at the signer's own time: certificates expire, minutes are kept.
    moment = signature.self_reported_timestamp
    context = ValidationContext(trust_roots=list(roots or ()), allow_fetching=False, moment=moment)
    try:
        status = await async_validate_pdf_signature(signature, context, context)
    except (SignatureValidationError, PdfError, ValueError, KeyError) as error:
        problem = f"cannot be judged: {error}"
        return PaperSignature(signature.field_name, signer, (problem,), None)
    problems = []
    if not status.intact:
        problems.append("the signed bytes were changed")
    elif not status.valid:
        problems.append("the signature is wrong")
    if status.coverage not in _WHOLE_REVISION:
        problems.append("it does not cover the whole file as it stood")
    level = status.modification_level
    if level is None or level > ModificationLevel.FORM_FILLING or status.docmdp_ok is False:
        problems.append("the file was changed later by more than further signatures")
    return PaperSignature(
        field=signature.field_name,
        signer=signer,
        problems=tuple(problems),
        is_trusted=None if roots is None else status.trusted,
    )


def _name_of(certificate: x509.Certificate) -> str:
    name = certificate.subject.native.get("common_name")
    return str(name) if name else certificate.subject.human_friendly
