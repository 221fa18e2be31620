"""The signatures of a paper: each over the file as it stood, changes after it only permitted ones.

PAdES (ETSI EN 319 142-1). Issuers are judged only by certificates that the reader gives; nothing is
fetched. That a signature is good in itself never decides alone: a page that was replaced in a later
revision leaves it good.
"""

import asyncio
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from asn1crypto import cms, pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from services.verifier.permitted_changes import PERMITTED_CHANGES, SIGNATURE_SUBFILTER
from services.verifier.record_files import MalformedInputError
from services.verifier.signer_trust import (
    Clock,
    Level,
    StampedTime,
    Trust,
    level_of,
    read_time_stamps,
    signed_at,
    trust_problem,
    validity_problem,
)

MAX_SIGNATURES: Final = 60
_WHOLE_REVISION: Final = (
    SignatureCoverageLevel.ENTIRE_REVISION,
    SignatureCoverageLevel.ENTIRE_FILE,
)


@dataclass(frozen=True)
class PaperSignature:
    """
    One signature judged; `is_trusted` is None where no certificates were given.

    `at`: when, by `clock`; `signer`: the common name of the certificate.
    """

    field: str
    signer: str
    problems: tuple[str, ...]
    is_trusted: bool | None
    at: datetime.datetime | None
    clock: Clock
    level: Level


@dataclass(frozen=True)
class PaperSignatures:
    """All signatures of a paper in their order; `is_last`: nothing was added after the last one."""

    signatures: tuple[PaperSignature, ...]
    problems: tuple[str, ...]
    is_last: bool


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


def judge_signatures(paper: bytes, reader: PdfFileReader, trust: bytes | None) -> PaperSignatures:
    """
    Judge every signature of a PDF offline. Must not be called inside of an event loop.

    `trust`: PEM of the issuers, or None. Raises MalformedInputError.
    """
    roots = None if trust is None else read_certificates(trust)
    try:
        embedded = list(reader.embedded_regular_signatures)
        total = len(reader.embedded_signatures)
    except (PdfError, KeyError, ValueError, TypeError) as error:
        raise MalformedInputError(f"the signatures of the PDF cannot be read: {error}") from error
    if total > MAX_SIGNATURES:
        raise MalformedInputError("the PDF has too many signatures")
    return asyncio.run(_judge_all(paper, reader, embedded, Trust(roots, reader)))


async def _judge_all(
    paper: bytes, reader: PdfFileReader, embedded: Sequence[EmbeddedPdfSignature], trust: Trust
) -> PaperSignatures:
    stamps = await read_time_stamps(reader, trust, PERMITTED_CHANGES)
    judged = [await _judge(paper, signature, trust, stamps) for signature in embedded]
    last = max([each.signed_revision for each in reader.embedded_signatures], default=-1)
    return PaperSignatures(
        signatures=tuple(judged),
        problems=tuple(stamp.problem for stamp in stamps if stamp.problem is not None),
        is_last=last == reader.xrefs.total_revisions - 1,
    )


async def _judge(
    paper: bytes, signature: EmbeddedPdfSignature, trust: Trust, stamps: Sequence[StampedTime]
) -> PaperSignature:
    problems = [*_bytes_problems(paper, signature)]
    is_trusted: bool | None = None
    moment, clock = await signed_at(signature, trust, stamps)
    context = trust.context(moment)
    try:
        status = await async_validate_pdf_signature(
            signature, context, context, diff_policy=PERMITTED_CHANGES
        )
    except (SignatureValidationError, PdfError, ValueError, KeyError, TypeError) as error:
        problems.append(f"cannot be judged: {error}")
    else:
        if not status.intact:
            problems.append("the signed bytes were changed")
        elif not status.valid:
            problems.append("the signature is wrong")
        if status.coverage not in _WHOLE_REVISION:
            problems.append("it does not cover the whole file as it stood")
        level = status.modification_level
        if level is None or level > ModificationLevel.FORM_FILLING or status.docmdp_ok is False:
            problems.append("the file was changed later by more than is permitted")
        if trust.roots is not None:
            is_trusted = bool(status.trusted)
            if not is_trusted:
                problems.append(trust_problem(status))
    wrong = validity_problem(signature.signer_cert, moment, trust.store)
    if wrong is not None:
        problems.append(wrong)
    return PaperSignature(
        field=signature.field_name,
        signer=_name_of(signature.signer_cert),
        problems=tuple(problems),
        is_trusted=is_trusted,
        at=moment,
        clock=clock,
        level=level_of(signature, trust, stamps),
    )


def _bytes_problems(paper: bytes, signature: EmbeddedPdfSignature) -> Iterator[str]:
    """
    The signed bytes are all but the signature's own value, which stands alone in its place.

    Against wrapping attacks (Mladenov et al., “1 Trillion Dollar Refund”, CCS 2019).
    """
    try:
        start, first, second, rest = (int(number) for number in signature.byte_range)
        value = paper[first:second]
        if start != 0 or not 0 < first < second <= second + rest <= len(paper):
            yield "the bytes that it covers are not those of a signature"
            return
        if not (value.startswith(b"<") and value.endswith(b">")):
            yield "it leaves out more than its own value"
            return
        contents = bytes.fromhex(value[1:-1].decode("ascii"))
        length = len(cms.ContentInfo.load(contents).dump())
        if contents[:length] != bytes(signature.pkcs7_content)[:length] or any(contents[length:]):
            yield "something else stands beside its value"
        if signature.sig_object.get("/SubFilter") != SIGNATURE_SUBFILTER:
            yield "it is not a PAdES signature"
        if signature.docmdp_level is not None or signature.fieldmdp is not None:
            yield "it locks the file or its fields, which signatures of papers do not"
    except (ValueError, TypeError, KeyError, PdfError) as error:
        yield f"its bytes cannot be read: {error}"


def _name_of(certificate: x509.Certificate) -> str:
    name = certificate.subject.native.get("common_name")
    return str(name) if name else certificate.subject.human_friendly
