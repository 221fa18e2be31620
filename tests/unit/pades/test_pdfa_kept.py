"""PDF/A-3b is kept by what signing adds, by the rules that we can check; each rule can fail."""

import functools
import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from services.simulation.paper_signing import sign_paper
from tests.unit.pades.drawn_pictures import handwriting, seal
from tests.unit.pades.pdfa_rules import broken_rules
from tests.unit.pades.signing_papers import NOW, identity, issued


@functools.cache
def signed(*pictures: bytes | None) -> bytes:
    paper = issued()
    for field, picture in zip(("secretary", "presiding", "agency"), pictures, strict=False):
        paper = sign_paper(paper, field, identity("Người ký"), NOW, picture)
    return paper


@pytest.mark.parametrize(
    "pictures",
    [
        (),
        (None,),
        (handwriting(),),
        (None, handwriting(), seal()),
        (None, None, None),
    ],
    ids=["issued", "text", "picture", "seal", "all by text"],
)
def test_what_is_signed(pictures: tuple[bytes | None, ...]) -> None:
    assert broken_rules(signed(*pictures)) == []


def changed(change: Callable[[Pdf], object]) -> bytes:
    with pikepdf.open(io.BytesIO(signed(None, handwriting()))) as pdf:
        change(pdf)
        written = io.BytesIO()
        pdf.save(written, compress_streams=False)
    return written.getvalue()


def widget(pdf: Pdf, field: str = "secretary") -> Any:
    (found,) = [f for f in pdf.Root.AcroForm.Fields if str(f.T) == field]
    return found


def fonts_of(pdf: Pdf, subtype: str) -> list[Any]:
    return [
        found
        for found in pdf.objects
        if isinstance(found, Dictionary) and found.get("/Subtype") == Name(subtype)
    ]


def image_of(pdf: Pdf) -> Any:
    (image,) = dict(widget(pdf, "presiding").AP.N.Resources.XObject).values()
    return image


def state_of(pdf: Pdf) -> Any:
    (state,) = dict(widget(pdf, "presiding").AP.N.Resources.ExtGState).values()
    return state


def with_lzw(pdf: Pdf) -> None:
    stream = Stream(pdf, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01")
    stream.write(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", filter=Name.LZWDecode)
    pdf.Root.Other = pdf.make_indirect(stream)


def with_xmp(key: str, value: str) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        xmp = bytes(pdf.Root.Metadata.read_bytes())
        changed = re.sub(rb"(pdfaid:" + key.encode() + rb"\W+)\w", rb"\g<1>" + value.encode(), xmp)
        assert changed != xmp
        pdf.Root.Metadata.write(changed)

    return change


def with_wide_letters(pdf: Pdf) -> None:
    """What pyHanko 0.38 writes without our mend: widths in the font's own units."""
    for font in fonts_of(pdf, "/CIDFontType2"):
        font.W = Array([1, 1, 1479])


def without(holder: Callable[[Pdf], Any], key: str) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        del holder(pdf)[key]

    return change


def setting(holder: Callable[[Pdf], Any], key: str, value: object) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        holder(pdf)[key] = value

    return change


def root(pdf: Pdf) -> Any:
    return pdf.Root


def file_of(pdf: Pdf) -> Any:
    (found,) = [each for each in pdf.objects if isinstance(each, Dictionary) and "/EF" in each]
    return found


def test_written_again_unchanged() -> None:
    """The cases below fail for their change, not for being written by pikepdf."""
    assert broken_rules(changed(lambda _: None)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (with_lzw, "6.1.7.2: LZW"),
        (without(root, "/Metadata"), "6.6.2.1: no XMP"),
        (with_xmp("part", "2"), "6.6.4: says"),
        (with_xmp("conformance", "A"), "6.6.4: says"),
        (without(root, "/OutputIntents"), "6.2.3: no output intent"),
        (
            setting(lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile, "/N", 4),
            "6.2.4.3: device RGB",
        ),
        (setting(image_of, "/Interpolate", True), "6.2.8: an image that asks"),
        (setting(image_of, "/Alternates", Array([])), "6.2.8: an image with"),
        (setting(image_of, "/ColorSpace", Name.DeviceCMYK), "6.2.4.3: /DeviceCMYK"),
        (
            setting(lambda pdf: image_of(pdf).SMask, "/ColorSpace", Name.DeviceRGB),
            "ISO 32000-1 11.6.5.3",
        ),
        (setting(state_of, "/BM", Name.Unknown), "6.2.10: blend mode"),
        (setting(state_of, "/TR", Name.Identity), "6.2.5: transfer"),
        (
            without(lambda pdf: fonts_of(pdf, "/CIDFontType2")[-1].FontDescriptor, "/FontFile2"),
            "6.2.11.4.1",
        ),
        (with_wide_letters, "6.2.11.5"),
        (without(lambda pdf: fonts_of(pdf, "/Type0")[-1], "/ToUnicode"), "6.2.11.7.2"),
        (
            without(lambda pdf: fonts_of(pdf, "/CIDFontType2")[-1], "/CIDToGIDMap"),
            "6.2.11.3.2",
        ),
        (setting(widget, "/F", 0), "6.3.2: secretary"),
        (setting(widget, "/F", 6), "6.3.2: secretary"),
        (without(widget, "/AP"), "6.3.3: secretary has no"),
        (
            lambda pdf: setting(lambda p: widget(p).AP, "/D", widget(pdf).AP.N)(pdf),
            "6.3.3: secretary has another",
        ),
        (
            lambda pdf: setting(
                root, "/OpenAction", pdf.make_indirect(Dictionary(S=Name.JavaScript))
            )(pdf),
            "6.5.1",
        ),
        (
            lambda pdf: setting(root, "/Other", pdf.make_indirect(Dictionary(AA=Dictionary())))(
                pdf
            ),
            "6.5.2",
        ),
        (setting(lambda pdf: pdf.Root.AcroForm, "/NeedAppearances", True), "6.4.1"),
        (setting(lambda pdf: pdf.Root.AcroForm, "/XFA", Array([])), "6.4.2"),
        (without(file_of, "/AFRelationship"), "6.8: an attachment without name"),
        (without(root, "/AF"), "6.8: an attachment that belongs"),
        (without(lambda pdf: file_of(pdf).EF.F, "/Subtype"), "6.8: an attachment without media"),
    ],
)
def test_rule_that_is_broken(change: Callable[[Pdf], None], fault: str) -> None:
    found = broken_rules(changed(change))

    assert any(each.startswith(fault) for each in found), found


def test_header_without_its_comment() -> None:
    paper = signed(None)
    at = paper.index(b"\n") + 1

    assert broken_rules(paper[:at] + b"%abcd" + paper[at + 5 :]) == [
        "6.1.2: header without its comment of bytes above 127"
    ]


def test_bytes_after_the_end() -> None:
    assert broken_rules(signed(None) + b"\nmore") == ["6.1.3: data after the end of the file"]


def test_encrypted() -> None:
    with pikepdf.open(io.BytesIO(signed(None))) as pdf:
        written = io.BytesIO()
        pdf.save(written, encryption=pikepdf.Encryption(owner="o", user=""))

    assert "6.1.3: encrypted" in broken_rules(written.getvalue())
