"""Whether an upload is the paper that we hold plus one signature, or number and date, and no more.

PAdES (ETSI EN 319 142-1) in incremental updates (ISO 32000-1 §7.5.6). Whose certificate it is, is
judged in `signer_certificates.py`, what may change at all in the verifier's `permitted_changes.py`.
"""

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import cms, x509
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
    PaperNumberMissingError,
    PaperSignatureInvalidError,
    PaperWrongOrderError,
)
from services.minutes.model import SigningPlace
from services.verifier.permitted_changes import (
    DATE,
    NUMBER,
    PERMITTED_CHANGES,
    field_text,
    judge_revision,
)
from services.verifier.permitted_stamps import fields_of

SUBFILTER: Final = "/ETSI.CAdES.detached"
MAX_CONTENTS_BYTES: Final = 128 * 1024
# Number and date, a stamp, the signature, and what makes it last: a store and a time stamp.
MAX_NEW_REVISIONS: Final = 5
_WHOLE_REVISION: Final = (
    SignatureCoverageLevel.ENTIRE_REVISION,
    SignatureCoverageLevel.ENTIRE_FILE,
)
_UNREADABLE: Final = (PdfError, SigningError, ValueError, KeyError, TypeError, IndexError)


@dataclass(frozen=True)
class Increment:
    """
    What an upload adds: a signature in `field`, or number and date as printed, or both at once.

    `certificates`: the signer's, then all others in the signature; `dss`: whether the file has
    revocation data of its own (`PdfFileReader` reads them again from the file).
    """

    field: str | None
    number: str = ""
    date: str = ""
    certificates: tuple[x509.Certificate, ...] = ()


def check_signed_paper(
    held: bytes, upload: bytes, places: Sequence[SigningPlace], signed: Collection[str]
) -> Increment:
    """
    Accept `upload` over `held`, the bytes that we issued or accepted last.

    `signed` are the fields that bear a signature in `held`. Must not be called inside of an event
    loop. Raises PaperNotIncrementError, PaperFieldNotExpectedError, PaperWrongOrderError,
    PaperNumberMissingError, PaperSignatureInvalidError.
    """
    if len(upload) <= len(held) or not upload.startswith(held):
        raise PaperNotIncrementError
    try:
        before, after = _read(held), _read(upload)
        _check_revisions(before, after)
        field = _new_field(_fields(before), _fields(after), places)
        texts = _new_texts(before, after, places, field, signed)
        if field is None:
            if not texts:
                raise PaperNotIncrementError
            _check_changes(before, after)
            return Increment(None, texts[NUMBER], texts[DATE])
        _check_order(field, places, signed)
        signature = _signature_in(after, field)
        _check_permissions(signature)
        if signature.sig_object.get("/SubFilter") != SUBFILTER:
            raise PaperSignatureInvalidError
        _check_changes(before, after)
        _check_bytes(signature, held, upload)
        _check_valid(after)
    except _UNREADABLE as error:
        raise PaperNotIncrementError from error
    certificates = (signature.signer_cert, *signature.other_embedded_certs)
    return Increment(field, texts.get(NUMBER, ""), texts.get(DATE, ""), certificates)


def _read(data: bytes) -> PdfFileReader:
    return PdfFileReader(io.BytesIO(data), strict=True)


def _check_revisions(before: PdfFileReader, after: PdfFileReader) -> None:
    added = after.xrefs.total_revisions - before.xrefs.total_revisions
    if not 1 <= added <= MAX_NEW_REVISIONS:
        raise PaperNotIncrementError


def _fields(reader: PdfFileReader) -> Mapping[str, bool]:
    """Signature fields by name: whether they bear a signature."""
    return {name: value is not None for name, value, _ in enumerate_sig_fields(reader)}


def _new_field(
    before: Mapping[str, bool], after: Mapping[str, bool], places: Sequence[SigningPlace]
) -> str | None:
    """The one field that was signed; None where none was. Time stamps come in fields of theirs."""
    expected = {place.field for place in places}
    filled = [name for name in before if after.get(name) and not before[name]]
    strangers = {name for name in set(after) - set(before) if not after[name]}
    if strangers or any(name not in expected for name in filled):
        raise PaperFieldNotExpectedError(field=", ".join(sorted(strangers | set(filled)))[:100])
    if not set(before) <= set(after) or len(filled) > 1:
        raise PaperNotIncrementError
    return filled[0] if filled else None


def _new_texts(
    before: PdfFileReader,
    after: PdfFileReader,
    places: Sequence[SigningPlace],
    field: str | None,
    signed: Collection[str],
) -> dict[str, str]:
    """
    Number and date, where this upload fills them: alone or with the agency's signature.

    Raises PaperNumberMissingError where the agency signs without, PaperWrongOrderError where a
    person's signature is still missing.
    """
    old, new = ({name: _text(each, name) for name in (NUMBER, DATE)} for each in (before, after))
    agency = next((place for place in places if place.member is None), None)
    if old != new:
        if agency is None or field not in (None, agency.field) or not all(new.values()):
            raise PaperNotIncrementError
        _check_all_signed(places, signed)
        return new
    if agency is not None and field == agency.field and not all(new.values()):
        _check_all_signed(places, signed)
        raise PaperNumberMissingError
    return {}


def _text(reader: PdfFileReader, name: str) -> str:
    resolver = reader.get_historical_resolver(reader.xrefs.total_revisions - 1)
    for _, field in fields_of(resolver):
        if "/T" in field and field["/T"] == name:
            return field_text(field)
    return ""


def _check_all_signed(places: Sequence[SigningPlace], signed: Collection[str]) -> None:
    for place in places:
        if place.member is not None and place.field not in signed:
            raise PaperWrongOrderError(role=place.role)


def _check_order(field: str, places: Sequence[SigningPlace], signed: Collection[str]) -> None:
    by_field = {place.field: place for place in places}
    for earlier in by_field[field].after:
        if earlier in by_field and earlier not in signed:
            raise PaperWrongOrderError(role=by_field[earlier].role)


def _check_changes(before: PdfFileReader, after: PdfFileReader) -> None:
    """Compare each new revision with the one before, whether or not that bears a signature."""
    try:
        for revision in range(before.xrefs.total_revisions, after.xrefs.total_revisions):
            judge_revision(after, revision)
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
    if start != 0 or first < len(held) or second + rest > len(upload):
        raise PaperSignatureInvalidError
    # Whatever follows the last update is nobody's: not even a comment may stand there.
    if not upload.rstrip(b"\r\n").endswith(b"%%EOF") or len(upload) - len(upload.rstrip()) > 2:
        raise PaperNotIncrementError
    if not (value.startswith(b"<") and value.endswith(b">")) or len(value) > MAX_CONTENTS_BYTES:
        raise PaperSignatureInvalidError
    try:
        contents = bytes.fromhex(value[1:-1].decode("ascii"))
        length = len(cms.ContentInfo.load(contents).dump())
    except (ValueError, TypeError) as error:
        raise PaperSignatureInvalidError from error
    # The room that a signature does not fill must be empty: nothing else may travel in it.
    if any(contents[length:]):
        raise PaperSignatureInvalidError


def _check_permissions(signature: EmbeddedPdfSignature) -> None:
    """
    An approval signature, nothing more (ISO 32000-1 §12.8.2): one that certifies the file or locks
    fields would forbid the next person's, or change the catalog.
    """
    if signature.docmdp_level is not None or signature.fieldmdp is not None:
        raise PaperSignatureInvalidError


def _check_valid(reader: PdfFileReader) -> None:
    """Every signature is intact and covers the file as it stood, one in the last revision all."""
    last = reader.xrefs.total_revisions - 1
    for signature in reader.embedded_regular_signatures:
        try:
            status: Any = validate_pdf_signature(
                signature,
                signer_validation_context=ValidationContext(trust_roots=[], allow_fetching=False),
                diff_policy=PERMITTED_CHANGES,
            )
        except (SignatureValidationError, *_UNREADABLE) as error:
            raise PaperSignatureInvalidError from error
        is_last = signature.signed_revision == last
        covered = (SignatureCoverageLevel.ENTIRE_FILE,) if is_last else _WHOLE_REVISION
        if not (status.intact and status.valid and status.docmdp_ok):
            raise PaperSignatureInvalidError
        if status.coverage not in covered:
            raise PaperSignatureInvalidError
