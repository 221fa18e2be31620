"""Reading what a verifier is given, with every size bounded: record files, attachments of papers.

protocol.md §9. Nothing here judges content; what cannot even be read is MalformedInputError.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, StreamObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from schemas.record import (
    ARCHIVE,
    ATTENDANCE,
    CHECKPOINTS,
    ENTRIES,
    FILE_ORDER,
    MANIFEST,
    MAX_RECORD_BYTES,
    RECORD_IN_PAPER,
    ROSTER,
)

InputKind = Literal["record", "archive", "paper", "picture", "receipt"]

MAX_INPUT_BYTES: Final = MAX_RECORD_BYTES
MAX_RECEIPT_BYTES: Final = 4 * 1024 * 1024
MAX_CHECKPOINT_BYTES: Final = 16_384
MAX_ATTACHMENTS: Final = 8
MAX_NAME_TREE_DEPTH: Final = 8
MAX_EXPANSION: Final = 64
MIN_STREAM_LIMIT: Final = 1024 * 1024
_UNREADABLE: Final = (PdfError, KeyError, ValueError, TypeError, AttributeError, OSError)
_PDF_HEADER_WITHIN: Final = 1024
_ARCHIVE_HEADER: Final = b"BELENIOS\0"
_ENCRYPTED: Final = 0x1


class MalformedInputError(Exception):
    """The input is no record, archive, paper or receipt that can be read at all (exit code 2)."""


@dataclass(frozen=True)
class RecordFiles:
    """The files of one `record.zip` as bytes; None where a file is absent."""

    entries: bytes
    checkpoints: Mapping[str, bytes]
    archive: bytes | None = None
    manifest: bytes | None = None
    roster: bytes | None = None
    attendance: bytes | None = None


def kind_of(data: bytes) -> InputKind:
    """Tell by its first bytes what the reader gave. Raises MalformedInputError."""
    if data.startswith(b"PK\x03\x04"):
        return "record"
    if data.startswith(_ARCHIVE_HEADER):
        return "archive"
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return "paper"
    if data.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
        return "picture"
    if data.lstrip()[:1] == b"{":
        return "receipt"
    raise MalformedInputError("neither a record, a Belenios archive, a PDF, a scan nor a receipt")


def read_record_files(data: bytes) -> RecordFiles:
    """
    Read `record.zip` (protocol.md §9): known names, each once, stored, not encrypted.

    Stored files cannot expand, so the input's own size bounds all. Raises MalformedInputError.
    """
    if len(data) > MAX_RECORD_BYTES:
        raise MalformedInputError(f"a record is at most {MAX_RECORD_BYTES} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {item.filename: _stored_file(archive, item) for item in _checked(archive)}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise MalformedInputError(f"not a readable record.zip: {error}") from error
    if ENTRIES not in files:
        raise MalformedInputError(f"the record holds no {ENTRIES}")
    return RecordFiles(
        entries=files[ENTRIES],
        checkpoints={name.split("/")[1]: files[name] for name in CHECKPOINTS if name in files},
        archive=files.get(ARCHIVE),
        manifest=files.get(MANIFEST),
        roster=files.get(ROSTER),
        attendance=files.get(ATTENDANCE),
    )


def _checked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    items = archive.infolist()
    names = [item.filename for item in items]
    if len(set(names)) != len(names):
        raise MalformedInputError("the record holds a file twice")
    if unknown := set(names) - set(FILE_ORDER):
        raise MalformedInputError(f"the record holds an unknown file: {min(unknown)[:80]!r}")
    return items


def _stored_file(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> bytes:
    if item.compress_type != zipfile.ZIP_STORED or item.file_size != item.compress_size:
        raise MalformedInputError(f"{item.filename} is compressed; a record's files are stored")
    if item.flag_bits & _ENCRYPTED:
        raise MalformedInputError(f"{item.filename} is encrypted")
    if item.filename in CHECKPOINTS and item.file_size > MAX_CHECKPOINT_BYTES:
        raise MalformedInputError(f"{item.filename} is longer than a checkpoint can be")
    return archive.read(item)


def attached_records(paper: bytes) -> dict[str, bytes]:
    """
    Take `record.zip` or every `record-<uuid>.zip` out of a paper, by name (protocol.md §9).

    The attachments of the *last* revision are read; V18 says whether later revisions changed
    more than signatures. Raises MalformedInputError.
    """
    found: dict[str, bytes] = {}
    for name, specification in _attachments(paper):
        if name != RECORD_IN_PAPER and not _is_numbered_record(name):
            continue
        if name in found or len(found) == MAX_ATTACHMENTS:
            raise MalformedInputError("a record is attached twice, or too many are")
        try:
            stream = specification["/EF"]["/F"]
            if not isinstance(stream, StreamObject):
                raise MalformedInputError("an attachment of the PDF is not a stream")
            found[name] = _bounded_stream(stream)
        except _UNREADABLE as error:
            raise MalformedInputError(f"not a readable PDF: {error}") from error
    if not found:
        raise MalformedInputError("no record is attached to this PDF")
    return found


def attached_names(paper: bytes) -> list[str]:
    """The names of all attachments, records or not. Raises MalformedInputError."""
    return [name for name, _ in _attachments(paper)]


def _attachments(paper: bytes) -> list[tuple[str, DictionaryObject]]:
    try:
        reader = PdfFileReader(io.BytesIO(paper), strict=False)
        names = _value(_value(reader.root, "/Names", DictionaryObject()), "/EmbeddedFiles", None)
        if names is None:
            return []
        return list(_walk_names(names, MAX_NAME_TREE_DEPTH))
    except _UNREADABLE as error:
        raise MalformedInputError(f"not a readable PDF: {error}") from error


def _walk_names(node: DictionaryObject, depth: int) -> Iterator[tuple[str, DictionaryObject]]:
    # A name tree (ISO 32000-1 §7.9.6): leaves hold pairs of name and file specification.
    if depth == 0:
        raise MalformedInputError("the attachments of the PDF are nested too deep")
    pairs = _value(node, "/Names", ArrayObject())
    for position in range(0, len(pairs) - 1, 2):
        specification = pairs[position + 1]
        yield str(_value(specification, "/UF", _value(specification, "/F", ""))), specification
    children = _value(node, "/Kids", ArrayObject())
    for position in range(len(children)):
        yield from _walk_names(children[position], depth - 1)


def _value(dictionary: DictionaryObject, key: str, otherwise: Any) -> Any:
    # `get`, as iterating, gives a reference as such: any value may stand in an object of its own.
    try:
        return dictionary[key]
    except KeyError:
        return otherwise


def _is_numbered_record(name: str) -> bool:
    return name.startswith("record-") and name.endswith(".zip") and "/" not in name


def _bounded_stream(stream: StreamObject) -> bytes:
    # Decompressed by hand: a PDF library would expand a stream of any size in memory.
    encoded = stream.encoded_data
    filters = _value(stream, "/Filter", ArrayObject())
    names = [str(filters)] if not isinstance(filters, list) else [str(name) for name in filters]
    if names not in ([], ["/FlateDecode"]) or "/DecodeParms" in stream:
        raise MalformedInputError("an attachment of the PDF is encoded in a way that is not read")
    if not names:
        return bytes(encoded)
    limit = min(MAX_RECORD_BYTES, MAX_EXPANSION * len(encoded) + MIN_STREAM_LIMIT)
    decompressor = zlib.decompressobj()
    try:
        data = decompressor.decompress(encoded, limit)
    except zlib.error as error:
        raise MalformedInputError("an attachment of the PDF does not decompress") from error
    if not decompressor.eof:
        raise MalformedInputError("an attachment of the PDF is cut off or expands without measure")
    return data
