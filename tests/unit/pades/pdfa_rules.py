"""Rules of PDF/A-3b (ISO 19005-3) that signing and stamping can break, read with pikepdf.

No full validator could be had: these are not all rules of the standard. typst refuses at export
what breaks the others, and nothing after it writes page contents.
"""

import io
from collections.abc import Callable, Iterator
from typing import Any, Final

import pikepdf
from fontTools.ttLib import TTFont

INVISIBLE, HIDDEN, PRINT, NO_VIEW = 1, 2, 4, 32
XMP_PDFA: Final = "http://www.aiim.org/pdfa/ns/id/"
FORBIDDEN_ACTIONS: Final = frozenset(
    {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState"}
    | {"/Rendition", "/Trans", "/GoTo3DView", "/JavaScript"}
)
RGB_SPACES: Final = frozenset({"/DeviceRGB", "/DeviceGray"})
WIDTH_TOLERANCE: Final = 1  # thousandths of an em (ISO 19005-3, 6.2.11.5)

Rule = Callable[[pikepdf.Pdf, bytes], Iterator[str]]


def broken_rules(paper: bytes) -> list[str]:
    """The rules that a paper breaks, each with its section."""
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        return [fault for rule in RULES for fault in rule(pdf, paper)]


def file_structure(pdf: pikepdf.Pdf, paper: bytes) -> Iterator[str]:
    head, _, rest = paper.partition(b"\n")
    if not head.startswith(b"%PDF-1.") or not (rest[:1] == b"%" and min(rest[1:5]) > 127):
        yield "6.1.2: header without its comment of bytes above 127"
    if "/ID" not in pdf.trailer:
        yield "6.1.3: no /ID in the trailer"
    if pdf.is_encrypted:
        yield "6.1.3: encrypted"
    if not paper.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3: data after the end of the file"


def filters(pdf: pikepdf.Pdf, _: bytes) -> Iterator[str]:
    for stream in _streams(pdf):
        if "/LZWDecode" in _names(stream.get("/Filter")):
            yield "6.1.7.2: LZW"
        if {"/F", "/FFilter", "/FDecodeParms"} & set(stream.keys()):
            yield "6.1.7.1: a stream in another file"


def identification(pdf: pikepdf.Pdf, _: bytes) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "6.6.2.1: no XMP metadata"
        return
    if "/Filter" in pdf.Root.Metadata:
        yield "6.6.2.1: filtered XMP metadata"
    with pdf.open_metadata() as xmp:
        part = (xmp.get(f"{{{XMP_PDFA}}}part"), xmp.get(f"{{{XMP_PDFA}}}conformance"))
    if part != ("3", "B"):
        yield f"6.6.4: says {part}, not PDF/A-3b"


def output_intent(pdf: pikepdf.Pdf, _: bytes) -> Iterator[str]:
    intents = [i for i in pdf.Root.get("/OutputIntents", []) if str(i.S) == "/GTS_PDFA1"]
    if len(intents) != 1 or intents[0].get("/DestOutputProfile") is None:
        yield "6.2.3: no output intent with a profile"
    elif int(intents[0].DestOutputProfile.N) != 3:
        yield "6.2.4.3: device RGB without an RGB output intent"


def images_and_transparency(pdf: pikepdf.Pdf, _: bytes) -> Iterator[str]:
    for stream in _streams(pdf):
        if stream.get("/Subtype") == pikepdf.Name.Image:
            if stream.get("/Interpolate", False):
                yield "6.2.8: an image that asks to be interpolated"
            if {"/Alternates", "/OPI"} & set(stream.keys()):
                yield "6.2.8: an image with alternates"
            space = stream.get("/ColorSpace")
            if isinstance(space, pikepdf.Name) and str(space) not in RGB_SPACES:
                yield f"6.2.4.3: {space} without an output intent for it"
            mask = stream.get("/SMask")
            if mask is not None and mask.get("/ColorSpace") != pikepdf.Name.DeviceGray:
                yield "ISO 32000-1 11.6.5.3: a soft mask that is not grey"
        if stream.get("/Subtype") == pikepdf.Name.Form and "/PS" in stream:
            yield "6.2.9: PostScript"
    for state in _dictionaries(pdf, "/ExtGState"):
        if str(state.get("/BM", "/Normal")) not in ("/Normal", "/Compatible", "/Multiply"):
            yield f"6.2.10: blend mode {state.BM}"
        if "/TR" in state or state.get("/HTP") is not None:
            yield "6.2.5: transfer function or halftone phase"


def fonts(pdf: pikepdf.Pdf, _: bytes) -> Iterator[str]:
    for font in pdf.objects:
        if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == pikepdf.Name.Font:
            yield from _font_faults(font)


def annotations(pdf: pikepdf.Pdf, _: bytes) -> Iterator[str]:
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            name = str(annotation.get("/T", annotation.Subtype))
            flags = int(annotation.get("/F", 0))
            if not flags & PRINT or flags & (INVISIBLE | HIDDEN | NO_VIEW):
                yield f"6.3.2: {name} is not printed"
            left, bottom, right, top = (float(number) for number in annotation.Rect)
            appearance = annotation.get("/AP")
            if appearance is None and (left, bottom) != (right, top):
                yield f"6.3.3: {name} has no appearance"
            if appearance is not None and set(appearance.keys()) != {"/N"}:
                yield f"6.3.3: {name} has another appearance than the normal one"


def actions(pdf: pikepdf.Pdf, _: bytes) -> Iterator[str]:
    for found in pdf.objects:
        if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if "/AA" in found:
            yield "6.5.2: additional actions"
        if str(found.get("/S", "")) in FORBIDDEN_ACTIONS or "/JS" in found:
            yield "6.5.1: an action that is forbidden"
    if "/JavaScript" in pdf.Root.get("/Names", {}):
        yield "6.5.1: an action that is forbidden"


def forms(pdf: pikepdf.Pdf, _: bytes) -> Iterator[str]:
    form: Any = pdf.Root.get("/AcroForm", {})
    if form.get("/NeedAppearances", False):
        yield "6.4.1: appearances are to be made anew"
    if "/XFA" in form:
        yield "6.4.2: XFA"


def attachments(pdf: pikepdf.Pdf, _: bytes) -> Iterator[str]:
    associated = {found.objgen for found in pdf.Root.get("/AF", [])}
    for found in pdf.objects:
        if not isinstance(found, pikepdf.Dictionary) or "/EF" not in found:
            continue
        if not {"/F", "/UF", "/AFRelationship"} <= set(found.keys()):
            yield "6.8: an attachment without name or relationship"
        if found.objgen not in associated:
            yield "6.8: an attachment that belongs to nothing"
        if "/Subtype" not in found.EF.F:
            yield "6.8: an attachment without media type"


RULES: Final[tuple[Rule, ...]] = (
    file_structure,
    filters,
    identification,
    output_intent,
    images_and_transparency,
    fonts,
    annotations,
    actions,
    forms,
    attachments,
)


def _font_faults(font: pikepdf.Dictionary) -> Iterator[str]:
    """6.2.11.4.1: embedded; 6.2.11.5: widths those of the font program; 6.2.11.7: meaning."""
    name = str(font.get("/BaseFont", "?"))
    if str(font.Subtype) == "/Type0":
        if "/ToUnicode" not in font:
            yield f"6.2.11.7.2: {name} without Unicode"
        return
    descriptor = font.get("/FontDescriptor", pikepdf.Dictionary())
    programs = [descriptor[key] for key in ("/FontFile2", "/FontFile3") if key in descriptor]
    if not programs:
        yield f"6.2.11.4.1: {name} is not embedded"
        return
    if str(font.Subtype) != "/CIDFontType2":
        return
    if str(font.get("/CIDToGIDMap", "")) != "/Identity":
        yield f"6.2.11.3.2: {name} without a map from CID to glyph"
        return
    program = TTFont(io.BytesIO(programs[0].read_bytes()))
    em, metrics = program["head"].unitsPerEm, program["hmtx"].metrics
    for glyph, width in _widths(font.get("/W", [])):
        real = metrics[program.getGlyphName(glyph)][0] * 1000 / em
        if abs(real - width) > WIDTH_TOLERANCE:
            yield f"6.2.11.5: {name} says {width:.0f} where its glyph {glyph} has {real:.0f}"
            return


def _widths(array: Any) -> Iterator[tuple[int, float]]:
    """/W as ISO 32000-1, 9.7.4.3 writes it: `c [w …]` or `first last w`."""
    items = list(array)
    at = 0
    while at < len(items):
        first, second = int(items[at]), items[at + 1]
        if isinstance(second, pikepdf.Array):
            yield from ((first + place, float(width)) for place, width in enumerate(second))
            at += 2
        else:
            width = float(items[at + 2])
            yield from ((glyph, width) for glyph in range(first, int(second) + 1))
            at += 3


def _streams(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for found in pdf.objects:
        if isinstance(found, pikepdf.Stream):
            yield found


def _dictionaries(pdf: pikepdf.Pdf, resource: str) -> Iterator[Any]:
    holders: list[Any] = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
    holders += _streams(pdf)
    for holder in holders:
        resources = holder.get("/Resources", holder)
        yield from dict(resources.get(resource, {})).values()


def _names(value: Any) -> set[str]:
    if value is None:
        return set()
    return {str(name) for name in value} if isinstance(value, pikepdf.Array) else {str(value)}
