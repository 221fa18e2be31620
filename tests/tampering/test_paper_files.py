"""Papers changed after they were issued: every attack is refused for its own reason (V18)."""

import datetime
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from services.minutes.number_filling import fill_number_and_date
from services.simulation.paper_signing import sign_paper, signer_of
from services.simulation.test_authority import TestAuthority
from services.verifier.checks_papers import check_paper, read_paper
from tests.fixtures.paper_builder import NOW, authority, built_paper
from tests.tampering.paper_attacks import (
    field_named,
    file_reasons,
    finished,
    free_text,
    numbered,
    page_of,
    reasons,
    rectangle,
    sign_anyhow,
    stream_of,
    updated,
)

Writer = IncrementalPdfFileWriter


def test_finished_minute() -> None:
    """The minute that is attacked below is a good one."""
    assert reasons(finished(), authority().pem) == ""


def hide_a_row(writer: Writer) -> None:
    """Shadow attack “hide”: a white rectangle is painted over a row of the table."""
    page = page_of(writer)
    cover = stream_of(writer, b"q 1 g 85 180 440 20 re f Q")
    contents = page.raw_get("/Contents")
    page[pdf_name("/Contents")] = generic.ArrayObject([contents, cover])
    writer.update_container(page)


def replace_contents(writer: Writer) -> None:
    """Shadow attack “replace”: a page's contents are exchanged for others."""
    page = page_of(writer)
    page[pdf_name("/Contents")] = stream_of(writer, b"BT ET")
    writer.update_container(page)


def replace_page(writer: Writer) -> None:
    """Shadow attack “hide and replace”: the tree of pages leads to another page."""
    pages = writer.root["/Pages"]
    while "/Kids" in pages["/Kids"][0]:
        pages = pages["/Kids"][0]
    other = generic.DictionaryObject({key: page_of(writer).raw_get(key) for key in page_of(writer)})
    pages["/Kids"][0] = writer.add_object(other)
    writer.update_container(pages["/Kids"])


def add_page(writer: Writer) -> None:
    """A page is added, say with another result."""
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): rectangle(0, 0, 595, 842),
            pdf_name("/Contents"): stream_of(writer, b"BT ET"),
            pdf_name("/Resources"): generic.DictionaryObject(),
        }
    )
    pages = writer.root["/Pages"]
    page[pdf_name("/Parent")] = writer.root.raw_get("/Pages")
    pages["/Kids"].append(writer.add_object(page))
    pages[pdf_name("/Count")] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages["/Kids"])
    writer.update_container(pages)


def cover_a_figure(writer: Writer) -> None:
    """An annotation with other text lies over a figure."""
    page = page_of(writer)
    page["/Annots"].append(free_text(writer, "15/15", 300, 400, 340, 415))
    writer.update_container(page["/Annots"])


def open_action(writer: Writer) -> None:
    """The file starts an action when it is opened."""
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("1")}
    )
    writer.update_root()


def optional_content(writer: Writer) -> None:
    """The catalog gets layers, which viewers show or hide."""
    writer.root[pdf_name("/OCProperties")] = generic.DictionaryObject(
        {pdf_name("/OCGs"): generic.ArrayObject(), pdf_name("/D"): generic.DictionaryObject()}
    )
    writer.update_root()


def other_meaning(writer: Writer) -> None:
    """A font's ToUnicode is written anew: programs read other text than stands there."""
    font = next(iter(page_of(writer)["/Resources"]["/Font"].items()))[1].get_object()
    font[pdf_name("/ToUnicode")] = stream_of(writer, font["/ToUnicode"].data)
    writer.update_container(font)


def attach_again(writer: Writer) -> None:
    """A second file of the record's name is attached."""
    names = writer.root["/Names"]["/EmbeddedFiles"]
    names["/Names"] += [names["/Names"].raw_get(0), names["/Names"].raw_get(1)]
    writer.update_container(names["/Names"])


def swap_attachment(writer: Writer) -> None:
    """Another record is attached in the place of the one that the paper was issued with."""
    specification = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
    specification["/EF"][pdf_name("/F")] = stream_of(writer, b"PK\x03\x04")
    writer.update_container(specification["/EF"])


def change_field(name: str, key: str, value: Any) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        field = field_named(writer, name)
        field[pdf_name(key)] = value
        writer.update_container(field)

    return change


def remove_signature(writer: Writer) -> None:
    """The presiding officer's signature is taken out of its field."""
    field = field_named(writer, "presiding")
    del field["/V"]
    writer.update_container(field)


LATER: dict[str, tuple[Callable[[Writer], None], str]] = {
    "row hidden": (hide_a_row, "changed after it was issued"),
    "contents exchanged": (replace_contents, "changed after it was issued"),
    "page exchanged": (replace_page, "pages were added, removed or exchanged"),
    "page added": (add_page, "pages were added, removed or exchanged"),
    "figure covered": (cover_a_figure, "a stamp was added after the last signature"),
    "action added": (open_action, "/OpenAction"),
    "layers added": (optional_content, "/OCProperties"),
    "font means something else": (other_meaning, "changed after it was issued"),
    "attached twice": (attach_again, "changed after it was issued"),
    "attachment swapped": (swap_attachment, "changed after it was issued"),
    "field moved": (
        change_field("agency", "/Rect", rectangle(100, 100, 200, 150)),
        "a field was moved",
    ),
    "field made smaller": (
        change_field("presiding", "/Rect", rectangle(340, 300, 341, 301)),
        "a field was moved",
    ),
    "field renamed": (
        change_field("secretary", "/T", generic.pdf_string("someone")),
        "the field secretary was removed or renamed",
    ),
    "signature removed": (remove_signature, "changed after it was issued"),
    "number changed": (
        change_field("number", "/V", generic.pdf_string("08")),
        "the number was changed after it was given",
    ),
    "date changed": (
        change_field("date", "/V", generic.pdf_string("ngày 01 tháng 01 năm 2027")),
        "the date was changed after it was given",
    ),
}


@pytest.mark.parametrize("name", LATER)
def test_changed_after_the_last_signature(name: str) -> None:
    """A later revision that nobody signed changes what the signed ones showed."""
    change, reason = LATER[name]
    found = file_reasons(updated(finished(), change), authority().pem)

    assert reason in found
    assert "changed later by more than is permitted" in found or "removed" in name


def test_number_given_after_the_agency() -> None:
    """The agency signs what bears its number; nothing is filled behind its signature."""
    signed = sign_paper(built_paper("meeting").signed, "agency", authority().issue("X", NOW), NOW)
    paper = fill_number_and_date(signed, "07", NOW.date())

    assert "number and date were filled after the agency signed" in file_reasons(paper)


def test_number_that_looks_otherwise() -> None:
    """The field holds another number than the eye reads in it."""
    signed = built_paper("meeting").signed
    paper = fill_number_and_date(signed, "07", NOW.date())
    other = paper[: len(signed)] + paper[len(signed) :].replace(b"<3037>", b"<3137>")
    assert other != paper

    assert "the field number holds “07” and shows" in reasons(other)


def test_figure_covered_before_the_agency_signs() -> None:
    """A stamp that lies over a figure instead of in the number's box."""
    found = file_reasons(updated(numbered(), cover_a_figure))

    assert "a stamp lies outside the box of the number" in found


def test_stamp_after_the_agency() -> None:
    """Another number is laid over the one that the agency signed for, inside of its very box."""

    def stamp(writer: Writer) -> None:
        page = page_of(writer)
        left, bottom, right, top = (float(side) for side in field_named(writer, "number")["/Rect"])
        page["/Annots"].append(free_text(writer, "17", left + 1, bottom + 1, right - 1, top - 1))
        writer.update_container(page["/Annots"])

    assert file_reasons(updated(numbered(), stamp)) == ""
    assert "a stamp was added after the last signature" in file_reasons(updated(finished(), stamp))


def test_agency_before_the_number() -> None:
    """An agency's signature over an unnumbered minute is not the last act."""
    signed = sign_paper(built_paper("meeting").signed, "agency", authority().issue("X", NOW), NOW)

    assert "the agency signed before the number was given" in file_reasons(signed)


def test_presiding_before_the_secretary() -> None:
    """The secretary answers for the text before the presiding officer does."""
    paper = sign_paper(built_paper("meeting").issued, "presiding", authority().issue("X", NOW), NOW)

    assert "presiding was signed before secretary" in file_reasons(paper)


def test_garbage_behind_the_end() -> None:
    """Bytes behind the end are read by some programs and not by others."""
    assert "something stands behind the file's end" in file_reasons(finished() + b"garbage\n")


def test_garbage_before_the_beginning() -> None:
    """A file that is something else as well, say a script."""
    assert file_reasons(b"#!/bin/sh\n" + finished()) != ""


def test_byte_of_the_signed_part() -> None:
    """One bit of a signed page is turned."""
    data = bytearray(finished())
    data[data.index(b"stream") + 40] ^= 1

    assert "the signed bytes were changed" in file_reasons(bytes(data))


def gap_of_last_signature(paper: bytes) -> tuple[int, int]:
    """Where the value of the last signature stands."""
    ranges = re.findall(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+)", paper)
    _, first, second, _ = max((tuple(map(int, each)) for each in ranges), key=lambda each: each[1])
    return first, second


def test_wrapping_behind_the_value() -> None:
    """Signature wrapping: something stands in the part that no signature covers."""
    _, second = gap_of_last_signature(finished())
    data = bytearray(finished())
    data[second - 30 : second] = b">%" + b"x" * 27 + b">"

    assert "its bytes cannot be read" in file_reasons(bytes(data))


def test_hidden_behind_the_value() -> None:
    """Data travels in the room that the signature's value does not fill."""
    _, second = gap_of_last_signature(finished())
    data = bytearray(finished())
    data[second - 9 : second - 1] = b"deadbeef"

    assert "something else stands beside its value" in file_reasons(bytes(data))


@pytest.mark.parametrize(
    "byte_range", [b"[0 0 0 0", b"[0 1 2 3", b"[-1 9 9 9", b"[0 99999999 99999999 1"]
)
def test_other_byte_range(byte_range: bytes) -> None:
    """Universal forgery: the last signature states other bytes than all but its value."""
    data = finished()
    place = data.rindex(b"/ByteRange")
    opened, closed = data.index(b"[", place), data.index(b"]", place)
    changed = data[:opened] + byte_range.ljust(closed - opened) + data[closed:]

    found = file_reasons(changed)
    assert re.search("bytes|cover|malformed|read", found), found


def test_stripped_and_signed_by_others() -> None:
    """All signatures are cut off and strangers of another authority sign under the same names."""
    others = TestAuthority.create(NOW - datetime.timedelta(days=1))
    paper = built_paper("meeting").issued
    for field, name in (("secretary", "Thành viên 4"), ("presiding", "Thành viên 1")):
        paper = sign_paper(paper, field, others.issue(name, NOW), NOW)

    found = file_reasons(paper, authority().pem)
    assert found.count("not of the issuers given") == 2


def test_one_stranger_among_them() -> None:
    """One signature of somebody whom no given issuer knows refuses the paper."""
    others = TestAuthority.create(NOW - datetime.timedelta(days=1))
    paper = sign_paper(numbered(), "agency", others.issue("UBND", NOW), NOW)

    assert file_reasons(paper, authority().pem) == "agency: not of the issuers given"


def test_expired_certificate() -> None:
    """Signed after the certificate's last day, by the signer's own clock."""
    identity = authority().issue("Thành viên 4", NOW - datetime.timedelta(days=3651 * 2))
    paper = sign_anyhow(built_paper("meeting").issued, "secretary", signer_of(identity))

    for trust in (None, authority().pem):
        assert "the certificate had expired on" in file_reasons(paper, trust)


def test_another_name_than_printed() -> None:
    """Who signs is not whom the paper prints: it is told, since names alone prove nobody."""
    paper = sign_paper(
        built_paper("meeting").issued, "secretary", authority().issue("Người khác", NOW), NOW
    )
    text = check_paper(read_paper(paper, "paper.pdf"), authority().pem, None)

    assert "CAUTION: the paper prints Thành viên 4 there" in text


def test_two_fields_of_one_name() -> None:
    """A form in which two fields have one name can be read in two ways."""

    def double(writer: Writer) -> None:
        writer.root["/AcroForm"]["/Fields"].append(
            writer.add_object(
                generic.DictionaryObject(
                    {
                        pdf_name("/FT"): pdf_name("/Sig"),
                        pdf_name("/T"): generic.pdf_string("agency"),
                    }
                )
            )
        )
        writer.update_container(writer.root["/AcroForm"]["/Fields"])

    assert file_reasons(updated(built_paper("meeting").signed, double)) != ""


def test_emptied_file() -> None:
    """The read of a file without any page says so and does not fall."""
    assert file_reasons(b"%PDF-1.7\n%%EOF\n").startswith("the file is malformed")
    assert io.BytesIO(finished()).read(5) == b"%PDF-"
