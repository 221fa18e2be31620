"""Whether the letters of a paper look like what its text says: outlines against Tinos itself.

A PDF says apart how a letter looks (the font program) and what it means (ToUnicode, ISO 32000-1
§9.10.3). One that shows “10” and says “15” would deceive every program that reads text.
"""

import functools
import hashlib
import io
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from fontTools.ttLib import TTFont, TTLibError
from pdfminer.pdffont import PDFCIDFont
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, resolve1

FONTS: Final = Path(__file__).parents[1] / "fonts"
# The typeface that papers are set in, pinned: what letters are compared with is no input.
FACES: Final[Mapping[str, str]] = {
    "Tinos-Bold": "393269dbab8899f938db19783eca5eac92eb431f7ae0ab45b8349ca895f1a06b",
    "Tinos-BoldItalic": "a5de79f0fe863ea0954757acb3d47b3ccd0a930ce3dd5b97230cd3866790a06e",
    "Tinos-Italic": "5942266ed398b155d7dc23e36833e7ec6be988f2439bdbeb8ef1bede808eaa91",
    "Tinos-Regular": "60a0e8ef0c04dd5dd69ffe91025fa2ae5836cbd35600a82ba031977557e2cb61",
}
LIGATURES: Final = {"fi": "\ufb01", "fl": "\ufb02"}
_HINTING: Final = ("fpgm", "prep", "cvt ")

logging.getLogger("fontTools").setLevel(logging.ERROR)

Outline = tuple[tuple[Any, ...], tuple[int, ...], bytes]


class FaceError(Exception):
    """A bundled font file is not the pinned one: the installation is damaged."""


@functools.cache
def face_file(name: str) -> bytes:
    """A face of Tinos as it was bundled. Raises FaceError."""
    data = (FONTS / f"{name}.ttf").read_bytes()
    if hashlib.sha256(data).hexdigest() != FACES[name]:
        raise FaceError(f"{name}.ttf is not the font that this verifier knows")
    return data


def face_of(font_name: str) -> str | None:
    """The face that a font claims to be: `ABCDEF+Tinos-Bold` is Tinos-Bold."""
    name = font_name.rpartition("+")[2]
    return name if name in FACES else None


def letter_of(text: str) -> str:
    """One character for what is drawn as one letter."""
    return LIGATURES.get(text, text)


@functools.cache
def _face(name: str) -> TTFont:
    return TTFont(io.BytesIO(face_file(name)), lazy=True)


def font_problems(page: Any, number: int) -> Iterator[str]:
    """What is wrong with the fonts of a pdfplumber page; `number` from 1."""
    fonts = resolve1(page.page_obj.resources.get("Font")) or {}
    for reference in fonts.values():
        spec = resolve1(reference)
        name = str(resolve1(spec.get("BaseFont")))[2:-1]
        try:
            problem = _font_problem(spec)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError, TTLibError) as error:
            problem = f"cannot be read ({type(error).__name__})"
        if problem:
            yield f"page {number}: the font {name} {problem}"


def _font_problem(spec: Mapping[str, Any]) -> str | None:
    if _name(spec["Subtype"]) != "Type0" or _name(spec["Encoding"]) != "Identity-H":
        return "is of a kind that papers do not use"
    (descendant,) = (resolve1(each) for each in resolve1(spec["DescendantFonts"]))
    if _name(descendant["Subtype"]) != "CIDFontType2":
        return "is of a kind that papers do not use"
    if _name(descendant.get("CIDToGIDMap")) != "Identity":
        return "draws other letters than its codes name"
    face = face_of(_name(spec["BaseFont"]))
    program = resolve1(resolve1(descendant["FontDescriptor"]).get("FontFile2"))
    if face is None or not isinstance(program, PDFStream):
        return "is not Tinos, or is not in the file"
    font = PDFResourceManager().get_font(None, spec)
    if not isinstance(font, PDFCIDFont) or font.unicode_map is None:
        return "does not say what its letters are"
    letters = tuple(sorted(font.unicode_map.cid2unichr.items()))
    return _letters_problem(program.get_data(), letters, face)


def _name(value: Any) -> str:
    return str(getattr(resolve1(value), "name", value))


@functools.lru_cache(maxsize=32)
def _letters_problem(program: bytes, letters: tuple[tuple[int, str], ...], face: str) -> str | None:
    """Remembered: every page of a paper names the same few fonts."""
    tinos, embedded = _face(face), TTFont(io.BytesIO(program), lazy=True)
    for table in _HINTING:
        if table in embedded and embedded.reader[table] != tinos.reader[table]:
            return "changes its letters while they are drawn"
    order, by_letter = embedded.getGlyphOrder(), tinos.getBestCmap()
    for cid, text in letters:
        if text.isspace() and not _has_ink(embedded, order[cid]):
            continue
        glyph = by_letter.get(ord(letter_of(text))) if len(letter_of(text)) == 1 else None
        if glyph is None or _outline(embedded, order[cid]) != _outline(tinos, glyph):
            return f"shows something else where its text says “{text}”"
    return None


def _has_ink(font: TTFont, glyph: str) -> bool:
    return bool(font["glyf"][glyph].numberOfContours)


def _outline(font: TTFont, glyph: str) -> Outline:
    shape = font["glyf"][glyph]
    points, ends, flags = shape.getCoordinates(font["glyf"])
    return tuple(points), tuple(ends), bytes(flag & 1 for flag in flags)
