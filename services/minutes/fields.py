"""Empty fields where the template left room; the issued file is the same every time."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

from services.minutes.form_font import FORM_FONT, embed_form_font
from services.minutes.model import PaperContent
from services.minutes.rendering import FieldPosition, RenderedPaper

A4_HEIGHT_PT: Final = 841.89
TEXT_SIZES_PT: Final = {"number": 13, "date": 10}
# The number ends at the "/" of the symbol, without a space (Annex I); /Q of ISO 32000-1 table 229.
TO_THE_RIGHT: Final = {"number": 2, "date": 0}
PRINT: Final = 4  # annotation flag (ISO 32000-1 table 165), which PDF/A asks for


class FieldsError(Exception):
    """The layout and the content do not have the same signature fields: a fault of ours."""


class DeterministicWriter(IncrementalPdfFileWriter):  # type: ignore[misc, unused-ignore]
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
    Append the paper's empty fields; these bytes are what is issued (and hashed).

    A field's name is `SigningPlace.field` or `FormPlace.field`; readers hear its `title` (/TU).
    Raises FieldsError.
    """
    titles = {place.field: place.title for place in content.places}
    titles |= {place.field: place.title for place in content.form_places}
    _check_same_fields(paper.fields, titles)
    # Strict reading needs the header as typst writes it, so nothing else may have come between.
    writer = DeterministicWriter(io.BytesIO(paper.pdf))
    for position in paper.fields:
        if position.kind == "text":
            continue
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
    texts = [position for position in paper.fields if position.kind == "text"]
    if texts:
        _put_text_fields(writer, texts, titles)
    # Append-only from the start (ISO 32000-1 table 219): signing software then never rewrites the
    # file, and the first signature has nothing to change here.
    fields.ensure_sig_flags(writer, lock_sig_flags=True)
    issued = io.BytesIO()
    writer.write(issued)  # type: ignore[no-untyped-call]
    return issued.getvalue()


def _put_text_fields(
    writer: IncrementalPdfFileWriter, positions: Sequence[FieldPosition], titles: Mapping[str, str]
) -> None:
    """Empty single-line text fields (ISO 32000-1 §12.7.4.3) and the font that fills them."""
    font = embed_form_font(writer)
    form = writer.root["/AcroForm"]
    form["/DR"] = generic.DictionaryObject(
        {pdf_name("/Font"): generic.DictionaryObject({pdf_name(f"/{FORM_FONT}"): font})}
    )
    for position in positions:
        left, bottom, right, top = _box(position)
        appearance = generic.StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): _rectangle(0, 0, right - left, top - bottom),
                pdf_name("/Resources"): generic.DictionaryObject(),
            },
            b"",
        )
        page, _ = writer.find_page_for_modification(position.page)
        field = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): generic.pdf_string(position.name),
                pdf_name("/TU"): generic.pdf_string(titles[position.name]),
                pdf_name("/Rect"): _rectangle(left, bottom, right, top),
                pdf_name("/P"): page,
                pdf_name("/F"): generic.NumberObject(PRINT),
                pdf_name("/Q"): generic.NumberObject(TO_THE_RIGHT[position.name]),
                pdf_name("/DA"): generic.pdf_string(
                    f"/{FORM_FONT} {TEXT_SIZES_PT[position.name]} Tf 0 g"
                ),
                pdf_name("/AP"): generic.DictionaryObject(
                    {pdf_name("/N"): writer.add_object(appearance)}
                ),
            }
        )
        reference = writer.add_object(field)
        writer.register_annotation(page, reference)
        form["/Fields"].append(reference)
    writer.update_container(form)


def _rectangle(*sides: int) -> generic.ArrayObject:
    return generic.ArrayObject(map(generic.NumberObject, sides))


def _check_same_fields(positions: Sequence[FieldPosition], titles: Mapping[str, str]) -> None:
    if sorted(position.name for position in positions) != sorted(titles):
        raise FieldsError("the template left room for other fields than the content names")


def _box(position: FieldPosition) -> tuple[int, int, int, int]:
    left, top = round(position.x), round(A4_HEIGHT_PT - position.y)
    return (left, top - round(position.height), left + round(position.width), top)
