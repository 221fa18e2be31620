"""Empty signature fields where the template left room; the issued file is the same every time."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

from services.minutes.model import PaperContent
from services.minutes.rendering import FieldPosition, RenderedPaper

A4_HEIGHT_PT: Final = 841.89


class FieldsError(Exception):
    """The layout and the content do not have the same signature fields: a fault of ours."""


class _DeterministicWriter(IncrementalPdfFileWriter):  # type: ignore[misc, unused-ignore]
    """An incremental writer whose output depends on its input alone."""

    @classmethod
    def _handle_id(cls, prev: Any) -> generic.ArrayObject:
        # pyHanko draws both at random; ISO 32000-1 §14.4 asks for a hash of the content.
        prev.stream.seek(0)
        digest = hashlib.sha256(prev.stream.read()).digest()
        first, _ = prev.trailer["/ID"]
        changed = generic.ByteStringObject(digest[:16])
        return generic.ArrayObject([generic.ByteStringObject(_raw(first)), changed])

    def _update_meta(self) -> None:
        """Leave dates and producer as typst wrote them: pyHanko would enter the time of day."""


def _raw(value: Any) -> bytes:
    return bytes(value.original_bytes) if hasattr(value, "original_bytes") else bytes(value)


def put_fields(paper: RenderedPaper, content: PaperContent) -> bytes:
    """
    Append the paper's empty signature fields; these bytes are what is issued (and hashed).

    A field's name is `SigningPlace.field`; readers hear its `title` (/TU). Raises FieldsError.
    """
    titles = {place.field: place.title for place in content.places}
    _check_same_fields(paper.fields, titles)
    # Strict reading needs the header as typst writes it, so nothing else may have come between.
    writer = _DeterministicWriter(io.BytesIO(paper.pdf))
    for position in paper.fields:
        fields.append_signature_field(
            writer,
            fields.SigFieldSpec(
                position.name,
                on_page=position.page,
                box=_box(position),
                readable_field_name=titles[position.name],
                # The appearance that PDF/A wants of every widget draws nothing: the room stays
                # clean where the paper is printed and signed by hand.
                empty_field_appearance=False,
            ),
        )
    # Append-only from the start (ISO 32000-1 table 219): signing software then never rewrites the
    # file, and the first signature has nothing to change here.
    fields.ensure_sig_flags(writer, lock_sig_flags=True)
    issued = io.BytesIO()
    writer.write(issued)  # type: ignore[no-untyped-call]
    return issued.getvalue()


def _check_same_fields(positions: Sequence[FieldPosition], titles: Mapping[str, str]) -> None:
    if sorted(position.name for position in positions) != sorted(titles):
        raise FieldsError("the template left room for other fields than the content names")


def _box(position: FieldPosition) -> tuple[int, int, int, int]:
    left, top = round(position.x), round(A4_HEIGHT_PT - position.y)
    return (left, top - round(position.height), left + round(position.width), top)
