"""Whether an upload is the paper that we hold plus exactly one signature, and nothing more.

PAdES B-B (ETSI EN 319 142-1): one incremental update (ISO 32000-1 §7.5.6) that fills in one of the
paper's own empty fields. Whose certificate it is, is judged by whoever reads the paper: the service
knows no authority.
"""

import io
import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from asn1crypto import cms
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from services.minutes.errors import (
    PaperFieldNotExpectedError,
    PaperNotIncrementError,
    PaperSignatureInvalidError,
    PaperWrongOrderError,
)
from services.minutes.model import SigningPlace
from services.verifier.permitted_changes import PERMITTED_CHANGES, judge_revision

SUBFILTER: Final = "/ETSI.CAdES.detached"
MAX_CONTENTS_BYTES: Final = 128 * 1024
_UNREADABLE: Final = (PdfError, SigningError, ValueError, KeyError, TypeError, IndexError)

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs each refusal at length


def check_signed_paper(
    held: bytes, upload: bytes, places: Sequence[SigningPlace], signed: Collection[str]
) -> str:
    """
    Accept `upload` over `held`, the bytes that we issued or accepted last; returns the field.

    `signed` are the fields that bear a signature in `held`. Must not be called inside of an event
    loop. Raises PaperNotIncrementError, PaperFieldNotExpectedError, PaperWrongOrderError,
    PaperSignatureInvalidError.
    """
    if len(upload) <= len(held) or not upload.startswith(held):
        raise PaperNotIncrementError
    try:
        before, after = _read(held), _read(upload)
        if after.xrefs.total_revisions != before.xrefs.total_revisions + 1:
            raise PaperNotIncrementError
        field = _new_field(_fields(before), _fields(after), places)
        _check_order(field, places, signed)
        signature = _signature_in(after, field)
        _check_permissions(signature)
        _check_nothing_else(after)
        _check_bytes(signature, held, upload)
        _check_valid(after)
    except _UNREADABLE as error:
        raise PaperNotIncrementError from error
    return field


def _read(data: bytes) -> PdfFileReader:
    return PdfFileReader(io.BytesIO(data), strict=True)


def _fields(reader: PdfFileReader) -> Mapping[str, bool]:
    """Signature fields by name: whether they bear a signature."""
    return {name: value is not None for name, value, _ in enumerate_sig_fields(reader)}


def _new_field(
    before: Mapping[str, bool], after: Mapping[str, bool], places: Sequence[SigningPlace]
) -> str:
    filled = [name for name, is_signed in after.items() if is_signed and not before.get(name)]
    expected = {place.field for place in places}
    strangers = set(after) - set(before)
    if strangers or any(name not in expected for name in filled):
        raise PaperFieldNotExpectedError(field=", ".join(sorted(strangers | set(filled)))[:100])
    if set(after) != set(before) or len(filled) != 1:
        raise PaperNotIncrementError
    return filled[0]


def _check_order(field: str, places: Sequence[SigningPlace], signed: Collection[str]) -> None:
    by_field = {place.field: place for place in places}
    for earlier in by_field[field].after:
        if earlier not in signed:
            raise PaperWrongOrderError(role=by_field[earlier].role)


def _check_nothing_else(after: PdfFileReader) -> None:
    """Compare the new revision with the one before, whether or not that one bears a signature."""
    try:
        judge_revision(after, after.xrefs.total_revisions - 1)
    except SuspiciousModification as error:
        raise PaperNotIncrementError from error


def _signature_in(reader: PdfFileReader, field: str) -> EmbeddedPdfSignature:
    signatures: list[EmbeddedPdfSignature] = reader.embedded_signatures
    for signature in signatures:
        if signature.field_name == field:
            return signature
    raise PaperSignatureInvalidError


def _check_bytes(signature: EmbeddedPdfSignature, held: bytes, upload: bytes) -> None:
    """Everything but the signature's own value is signed, and that value stands in the update."""
    start, first, second, rest = (int(number) for number in signature.byte_range)
    value = upload[first:second]
    if start != 0 or first < len(held) or second + rest != len(upload):
        raise PaperSignatureInvalidError
    if not (value.startswith(b"<") and value.endswith(b">")) or len(value) > MAX_CONTENTS_BYTES:
        raise PaperSignatureInvalidError
    try:
        contents = bytes.fromhex(value[1:-1].decode("ascii"))
        length = len(cms.ContentInfo.load(contents).dump())
    except (ValueError, TypeError) as error:
        raise PaperSignatureInvalidError from error
    # The room that a signature does not fill must be empty: nothing else may travel in it.
    if any(contents[length:]) or signature.sig_object.get("/SubFilter") != SUBFILTER:
        raise PaperSignatureInvalidError


def _check_permissions(signature: EmbeddedPdfSignature) -> None:
    """
    An approval signature, nothing more (ISO 32000-1 §12.8.2): one that certifies the file or locks
    fields would forbid the next person's, or change the catalog.
    """
    if signature.docmdp_level is not None or signature.fieldmdp is not None:
        raise PaperSignatureInvalidError


def _check_valid(reader: PdfFileReader) -> None:
    """Every signature is intact and covers the file as it stood, the last one all of it."""
    signatures = list(reader.embedded_signatures)
    for position, signature in enumerate(signatures):
        is_last = position == len(signatures) - 1
        try:
            status: Any = validate_pdf_signature(
                signature,
                signer_validation_context=ValidationContext(trust_roots=[], allow_fetching=False),
                diff_policy=PERMITTED_CHANGES,
            )
        except (SignatureValidationError, *_UNREADABLE) as error:
            raise PaperSignatureInvalidError from error
        covered = (
            (SignatureCoverageLevel.ENTIRE_FILE,)
            if is_last
            else (SignatureCoverageLevel.ENTIRE_REVISION,)
        )
        if not (status.intact and status.valid and status.docmdp_ok):
            raise PaperSignatureInvalidError
        if status.coverage not in covered:
            raise PaperSignatureInvalidError
