"""Whether people see on a paper's pages what programs read there, and nothing beside it (V18)."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pdfplumber
import pypdfium2
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.pdftypes import resolve1
from pdfplumber.utils.exceptions import PdfminerException

from services.verifier.drawing_lock import PDFIUM
from services.verifier.embedded_letters import font_problems
from services.verifier.page_pictures import Box, PageSetter, core_of, look_at, overlap
from services.verifier.printed_pages import MAX_PAGES
from services.verifier.record_files import MalformedInputError
from services.verifier.wording import squeeze

# What a paper's catalog and pages hold; all else could show, hide or start something.
_CATALOG: Final = frozenset(
    [
        "Type",
        "Pages",
        "Metadata",
        "Extensions",
        "StructTreeRoot",
        "ViewerPreferences",
        "Names",
        "Version",
        "AF",
        "MarkInfo",
        "AcroForm",
        "Lang",
        "OutputIntents",
        "DSS",
        "PageLabels",
    ]
)
_PAGE: Final = frozenset(
    [
        "Type",
        "Parent",
        "Resources",
        "MediaBox",
        "Contents",
        "Annots",
        "StructParents",
        "Tabs",
        "CropBox",
    ]
)
_RESOURCES: Final = frozenset(["Font", "ColorSpace", "ProcSet", "Properties"])
NO_VALUES: Final[Mapping[str, str]] = {}
SEAL, SEALED = "agency", "presiding"
SEAL_REACH_PT: Final = 24.0
_STAMPS: Final = ("Stamp", "FreeText")
_HIDING_FLAGS: Final = 1 | 2 | 32  # invisible, hidden, no view (ISO 32000-1 table 165)


@dataclass(frozen=True)
class _ValueBox:
    """Where a text field stands: left, bottom, right, top in points from the lower left."""

    name: str
    page: int
    sides: tuple[float, float, float, float]
    has_stamps: bool  # which say what they like there: only the field's value is reported then


def visible_problems(
    paper: bytes, codes: Sequence[str], values: Mapping[str, str] = NO_VALUES
) -> list[str]:
    """
    What of a paper is not as its text says.

    `codes`: what its QR codes must say, in their order; `values`: what its text fields hold, by
    name. Raises MalformedInputError.
    """
    with PDFIUM:
        return _visible_problems(paper, codes, values)


def _visible_problems(paper: bytes, codes: Sequence[str], values: Mapping[str, str]) -> list[str]:
    setter = PageSetter()
    try:
        with (
            pdfplumber.open(io.BytesIO(paper)) as document,
            pypdfium2.PdfDocument(paper) as drawn,
        ):
            if len(document.pages) > MAX_PAGES:
                raise MalformedInputError(f"the paper has more than {MAX_PAGES} pages")
            if len(document.pages) != len(drawn):
                return ["two readers of PDF find a different number of pages"]
            problems = list(_catalog_problems(document.doc.catalog))
            seen: list[str] = []
            boxes: list[_ValueBox] = []
            for page, original in zip(document.pages, drawn, strict=True):
                problems += _page_problems(page)
                looked = look_at(page, original, setter)
                problems += looked.problems
                seen += looked.codes
                boxes += _value_boxes(page, values)
                page.close()
                original.close()
        problems += _value_problems(paper, boxes, values)
    except (
        PDFSyntaxError,
        PdfminerException,
        pypdfium2.PdfiumError,
        ValueError,
        KeyError,
        TypeError,
    ) as error:
        raise MalformedInputError(f"the pages of the PDF cannot be drawn: {error}") from error
    finally:
        setter.close()
    if seen != list(codes):
        problems.append(_codes_told(seen, codes))
    return problems


def _codes_told(seen: Sequence[str], codes: Sequence[str]) -> str:
    if not seen:
        return "no QR code can be read on the pages"
    return f"the QR codes say {', '.join(seen)[:140]}, where the records say {', '.join(codes)}"


def _catalog_problems(catalog: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(catalog) - _CATALOG):
        yield f"the file has /{key}, which papers do not have"
    names = resolve1(catalog.get("Names")) or {}
    for key in sorted(set(names) - {"EmbeddedFiles"}):
        yield f"the file has names of /{key}, which papers do not have"


def _page_problems(page: Any) -> Iterator[str]:
    attributes, number = page.page_obj.attrs, page.page_number
    for key in sorted(set(attributes) - _PAGE):
        yield f"page {number} has /{key}, which papers do not have"
    if "CropBox" in attributes and resolve1(attributes["CropBox"]) != resolve1(
        attributes.get("MediaBox")
    ):
        yield f"page {number} is cut off"
    for key in sorted(set(page.page_obj.resources) - _RESOURCES):
        yield f"page {number} uses /{key}, which papers do not use"
    properties = resolve1(page.page_obj.resources.get("Properties")) or {}
    if properties:
        yield f"page {number} has layers"
    yield from font_problems(page, number)
    yield from _annotation_problems(page)


def _annotation_problems(page: Any) -> Iterator[str]:
    """Fields and stamps may show what they like, where no letter of the paper stands."""
    letters = [(char["text"], core_of(char)) for char in page.chars if char["text"].strip()]
    for annotation in page.annots:
        data = annotation["data"]
        kind = str(getattr(data.get("Subtype"), "name", ""))
        title = annotation.get("title") or _text(data.get("T")) or kind
        if kind != "Widget" and kind not in _STAMPS:
            yield f"page {page.page_number} has an annotation of the kind {kind}"
            continue
        if int(resolve1(data.get("F")) or 0) & _HIDING_FLAGS:
            if annotation["x1"] - annotation["x0"] > 0:
                yield f"page {page.page_number}: {title} is hidden"
            continue
        if "OC" in data or "A" in data or "AA" in data:
            yield f"page {page.page_number}: {title} does something, or lies on a layer"
        box = (annotation["x0"], annotation["top"], annotation["x1"], annotation["bottom"])
        cores = letters if title != SEAL else _without_presiding(page, letters)
        covered = [text for text, core in cores if overlap(core, box)]
        if covered:
            yield f"page {page.page_number}: {title} lies over “{''.join(covered)[:40]}”"


def _without_presiding(page: Any, letters: list[tuple[str, Box]]) -> list[tuple[str, Box]]:
    """All letters but those about the presiding officer's signature, over which the seal lies."""
    for annotation in page.annots:
        if _text(annotation["data"].get("T")) == SEALED:
            top, bottom = annotation["top"] - SEAL_REACH_PT, annotation["bottom"] + SEAL_REACH_PT
            return [(text, core) for text, core in letters if core[1] < top or core[3] > bottom]
    return letters


def _text(value: Any) -> str:
    found = resolve1(value)
    return found.decode("latin-1") if isinstance(found, bytes) else ""


def _value_boxes(page: Any, values: Mapping[str, str]) -> Iterator[_ValueBox]:
    kinds = [getattr(each["data"].get("Subtype"), "name", "") for each in page.annots]
    has_stamps = any(kind in _STAMPS for kind in kinds)
    for each in page.annots:
        if (name := _text(each["data"].get("T"))) in values:
            sides = (
                each["x0"],
                page.height - each["bottom"],
                each["x1"],
                page.height - each["top"],
            )
            yield _ValueBox(name, page.page_number - 1, sides, has_stamps)


def _value_problems(
    paper: bytes, boxes: Sequence[_ValueBox], values: Mapping[str, str]
) -> Iterator[str]:
    """Number and date must read in their boxes as the fields hold them."""
    with pypdfium2.PdfDocument(paper) as document:
        document.init_forms()
        for number in sorted({box.page for box in boxes}):
            page = document[number]
            page.flatten()
            page.close()
        for box in boxes:
            page = document[box.page]
            text = page.get_textpage()
            shown = text.get_text_bounded(*box.sides)
            text.close()
            page.close()
            # A neighbour's edge may reach into the box: the stroke before "BB", a colon.
            if squeeze(shown).strip("/:") != squeeze(values[box.name]) and not box.has_stamps:
                yield (
                    f"the field {box.name} holds “{values[box.name]}”"
                    f" and shows “{shown.strip()[:40]}”"
                )
