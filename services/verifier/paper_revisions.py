"""A paper's file from when it was issued to now: its form, its revisions, and nothing beside them.

The file must be one that all readers of PDF read alike: malformed files are refused, not repaired.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from services.verifier.permitted_changes import field_text, issued_revision, judge_changes
from services.verifier.permitted_stamps import entry, fields_of
from services.verifier.record_files import MalformedInputError

MAX_FIELDS: Final = 40
MAX_REVISIONS: Final = 100
MEETING_FIELDS: Final = frozenset({"secretary", "presiding", "agency", "number", "date"})
_ENDING: Final = b"%%EOF"
_UNREADABLE: Final = (PdfError, ValueError, KeyError, TypeError, IndexError, NotImplementedError)


@dataclass(frozen=True)
class PaperForm:
    """What the fields of a paper hold: empty signature fields, number and date where given."""

    problems: tuple[str, ...]
    empty_fields: tuple[str, ...]
    number: str = ""
    date: str = ""


def read_strictly(paper: bytes) -> PdfFileReader:
    """Read a PDF without repairing it. Raises MalformedInputError."""
    try:
        reader = PdfFileReader(io.BytesIO(paper), strict=True)
        _ = reader.root
    except _UNREADABLE as error:
        raise MalformedInputError(
            f"the file is malformed, so that programs may read it differently: {error}"
        ) from error
    return reader


def judge_form(paper: bytes, reader: PdfFileReader, teller_fields: int | None) -> PaperForm:
    """
    Judge the file's revisions and its form.

    `teller_fields`: of a counting minute how many tellers sign, None for a meeting minute.
    """
    problems = change_problems(paper, reader)
    try:
        fields = _fields(reader.get_historical_resolver(reader.xrefs.total_revisions - 1))
        issued = _fields(reader.get_historical_resolver(issued_revision(reader)))
        problems += _form_problems(fields, issued, teller_fields)
        empty = [
            name
            for name, _, _ in enumerate_sig_fields(reader, filled_status=False)
            if name in fields
        ]
    except _UNREADABLE as error:
        return PaperForm((*problems, f"the form cannot be read: {error}"), ())
    return PaperForm(
        tuple(problems),
        tuple(empty),
        number=field_text(fields.get("number")),
        date=field_text(fields.get("date")),
    )


def change_problems(paper: bytes, reader: PdfFileReader) -> list[str]:
    """What of the file's revisions is not permitted, and what stands outside of them."""
    if reader.xrefs.total_revisions > MAX_REVISIONS:
        return ["the file was changed too often"]
    changes = [f"changed after it was issued: {each}" for each in judge_changes(reader)]
    return [*_ends_problems(paper), *changes]


def _ends_problems(paper: bytes) -> Iterator[str]:
    if not paper.startswith(b"%PDF-"):
        yield "something stands before the file's beginning"
    end = paper.rfind(_ENDING)
    if end < 0 or paper[end + len(_ENDING) :] not in (b"", b"\n", b"\r\n", b"\r"):
        yield "something stands behind the file's end"


def _fields(resolver: Any) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for _, field in fields_of(resolver):
        name = str(entry(field, "/T", ""))
        if name in found:
            raise MalformedInputError(f"the form has two fields of the name {name[:40]}")
        found[name] = field
        if len(found) > MAX_FIELDS:
            raise MalformedInputError("the form has too many fields")
    return found


def _form_problems(
    fields: Mapping[str, Any], issued: Mapping[str, Any], teller_fields: int | None
) -> Iterator[str]:
    due = (
        MEETING_FIELDS
        if teller_fields is None
        else {f"teller-{number}" for number in range(1, teller_fields + 1)}
    )
    if set(issued) != due:
        names = ", ".join(sorted(set(issued) ^ due))[:120]
        yield f"the form has not the fields of such a paper: {names}"
    for name, field in issued.items():
        if "/V" in field and field_text(field):
            yield f"the field {name} was filled before the paper was issued"
        kind = "/Tx" if name in ("number", "date") else "/Sig"
        if entry(field, "/FT") != kind:
            yield f"the field {name} is of another kind than {kind[1:]}"
    if "number" in fields and bool(field_text(fields["number"])) != bool(
        field_text(fields["date"]) if "date" in fields else ""
    ):
        yield "only one of number and date is filled"
