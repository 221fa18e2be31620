"""Every revision after the issued one is compared with the one before; what is not listed fails."""

import datetime
import functools
import io
from collections.abc import Callable
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields

from services.minutes.number_filling import fill_number_and_date
from services.simulation.paper_signing import sign_paper
from services.verifier.permitted_changes import issued_revision, judge_changes
from tests.unit.minutes.test_signature_check import (
    NOW,
    hide_first_page,
    identity,
    signed,
    with_revision,
)

Change = Callable[[IncrementalPdfFileWriter], None]


def findings(paper: bytes) -> list[str]:
    return judge_changes(PdfFileReader(io.BytesIO(paper), strict=True))


@functools.cache
def by_both() -> bytes:
    return signed("meeting", "secretary", "presiding")


@functools.cache
def numbered() -> bytes:
    return fill_number_and_date(by_both(), "07", datetime.date(2026, 12, 16))


@functools.cache
def sealed() -> bytes:
    return sign_paper(numbered(), "agency", identity("HỘI ĐỒNG"), NOW)


def field_of(writer: IncrementalPdfFileWriter, name: str) -> generic.DictionaryObject:
    root: Any = writer.root
    listed = (each.get_object() for each in root["/AcroForm"]["/Fields"])
    found: generic.DictionaryObject = next(each for each in listed if str(each["/T"]) == name)
    return found


def setting(field: str, **values: generic.PdfObject) -> Change:
    def change(writer: IncrementalPdfFileWriter) -> None:
        found = field_of(writer, field)
        for key, value in values.items():
            found[pdf_name(f"/{key}")] = value
        writer.update_container(found)

    return change


def in_catalog(key: str, value: generic.PdfObject) -> Change:
    def change(writer: IncrementalPdfFileWriter) -> None:
        root: Any = writer.root
        root[pdf_name(key)] = value
        writer.update_root()

    return change


def numbers(*values: int) -> generic.ArrayObject:
    return generic.ArrayObject(map(generic.NumberObject, values))


def annotation(kind: str, shrink: int = 1, **more: generic.PdfObject) -> Change:
    """An annotation `shrink` points inside of the number's box, on its page."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        left, bottom, right, top = (int(side) for side in field_of(writer, "number")["/Rect"])
        look = generic.StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): numbers(0, 0, 10, 10),
            },
            b"0 0 5 5 re f",
        )
        made = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name(kind),
                pdf_name("/Rect"): numbers(
                    left + shrink, bottom + shrink, right - shrink, top - shrink
                ),
                pdf_name("/F"): generic.NumberObject(4),
                pdf_name("/AP"): generic.DictionaryObject(
                    {pdf_name("/N"): writer.add_object(look)}
                ),
                **{pdf_name(f"/{key}"): value for key, value in more.items()},
            }
        )
        page, _ = writer.find_page_for_modification(0)
        writer.register_annotation(page, writer.add_object(made))

    return change


def add_page(writer: IncrementalPdfFileWriter) -> None:
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): numbers(0, 0, 595, 842),
            pdf_name("/Resources"): generic.DictionaryObject(),
            pdf_name("/Contents"): writer.add_object(generic.StreamObject(stream_data=b" ")),
        }
    )
    root: Any = writer.root
    pages = root["/Pages"]
    page[pdf_name("/Parent")] = root.raw_get("/Pages")
    pages["/Kids"].append(writer.add_object(page))
    pages[pdf_name("/Count")] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)


def add_empty_field(writer: IncrementalPdfFileWriter) -> None:
    fields.append_signature_field(writer, fields.SigFieldSpec("extra", box=(10, 10, 60, 40)))


def add_orphan(writer: IncrementalPdfFileWriter) -> None:
    writer.add_object(generic.StreamObject(stream_data=b"kept for later"))


def exchange_font(writer: IncrementalPdfFileWriter) -> None:
    root: Any = writer.root
    font = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/Type1"),
            pdf_name("/BaseFont"): pdf_name("/Symbol"),
        }
    )
    root["/AcroForm"]["/DR"]["/Font"][pdf_name("/Tinos")] = writer.add_object(font)
    writer.update_container(root["/AcroForm"])


def fill_only_the_number(writer: IncrementalPdfFileWriter) -> None:
    setting("number", V=generic.pdf_string("07"))(writer)


def fill_both(number: str, date: str) -> Change:
    def change(writer: IncrementalPdfFileWriter) -> None:
        setting("number", V=generic.pdf_string(number))(writer)
        setting("date", V=generic.pdf_string(date))(writer)

    return change


def test_a_paper_from_issue_to_seal() -> None:
    """Signatures in their order, number and date between them."""
    reader = PdfFileReader(io.BytesIO(sealed()), strict=True)
    assert judge_changes(reader) == []
    assert issued_revision(reader) == 1
    assert findings(signed("counting", "teller-2", "teller-1")) == []


@pytest.mark.parametrize("kind", ["/Stamp", "/FreeText"])
def test_stamp_inside_the_number_s_box(kind: str) -> None:
    """A document system stamps the number."""
    assert findings(with_revision(numbered(), annotation(kind))) == []


HIDDEN = generic.NumberObject(2)
SCRIPT = generic.DictionaryObject(
    {
        pdf_name("/S"): pdf_name("/JavaScript"),
        pdf_name("/JS"): generic.pdf_string("app.alert(1)"),
    }
)
REFUSED: dict[str, tuple[Callable[[], bytes], Change, str]] = {
    "page hidden": (by_both, hide_first_page, "unexplained"),
    "page added": (by_both, add_page, "pages were added"),
    "object for later": (by_both, add_orphan, "unexplained"),
    "field added": (by_both, add_empty_field, "extra was added"),
    "field moved": (by_both, setting("agency", Rect=numbers(0, 0, 90, 90)), "moved"),
    "signed field moved": (by_both, setting("presiding", Rect=numbers(0, 0, 9, 9)), "moved"),
    "number moved": (
        by_both,
        setting("number", V=generic.pdf_string("07"), Rect=numbers(0, 0, 9, 9)),
        "together",
    ),
    "field hidden": (by_both, setting("agency", F=HIDDEN), "hidden"),
    "field renamed": (by_both, setting("agency", T=generic.pdf_string("other")), "removed"),
    "field of another title": (by_both, setting("agency", TU=generic.pdf_string("x")), "renamed"),
    "signature removed": (by_both, setting("presiding", V=generic.NullObject()), ""),
    "font exchanged": (by_both, exchange_font, "resource of the form"),
    "opens something": (by_both, in_catalog("/OpenAction", SCRIPT), "differ"),
    "layers": (by_both, in_catalog("/OCProperties", generic.DictionaryObject()), "differ"),
    "names": (by_both, in_catalog("/Names", generic.DictionaryObject()), ""),
    "number alone": (by_both, fill_only_the_number, "together"),
    "number too early": (
        lambda: signed("meeting", "secretary"),
        fill_both("07", "16/12/2026"),
        "before the presiding officer",
    ),
    "number changed": (numbered, fill_both("08", "16/12/2026"), "after it was given"),
    "number emptied": (numbered, fill_both("", ""), "after it was given"),
    "number changed after the seal": (sealed, fill_both("08", "1/1/2027"), "after it was given"),
    "stamp too large": (numbered, annotation("/Stamp", shrink=-1), "outside the box"),
    "stamp that is hidden": (numbered, annotation("/Stamp", F=HIDDEN), "hidden"),
    "stamp that acts": (numbered, annotation("/Stamp", A=SCRIPT), "a stamp has /A"),
    "link": (numbered, annotation("/Link"), "/Link"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """Each with its reason."""
    paper, change, reason = REFUSED[name]
    found = findings(with_revision(paper(), change))
    assert len(found) == 1
    assert reason in found[0]


def test_seal_without_a_number() -> None:
    """The agency signs last."""
    paper = sign_paper(by_both(), "agency", identity("HỘI ĐỒNG"), NOW)
    assert "before the number" in findings(paper)[0]


def test_presiding_officer_first() -> None:
    """The order of signing is part of the paper."""
    assert "before secretary" in findings(signed("meeting", "presiding"))[0]


def test_change_between_two_good_revisions() -> None:
    """What a later revision covers up again is found all the same."""
    changed = with_revision(signed("meeting", "secretary"), hide_first_page)
    found = findings(sign_paper(changed, "presiding", identity("Đinh Quang Lộc"), NOW))
    assert [each.partition(":")[0] for each in found] == ["revision 3"]
