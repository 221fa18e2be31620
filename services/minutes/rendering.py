"""Contents to PDF/A-3b by typst, with the record attached and room left for the signatures.

Same content and records: same bytes. typst blocks its thread; call from `asyncio.to_thread`.
"""

import datetime
import io
import json
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import segno
import typst

from services.minutes.model import AttachedRecord, PaperContent

FONTS: Final = Path(__file__).parents[1] / "fonts"
TEMPLATE: Final = Path(__file__).parent / "templates" / "council_paper.typ"
# Level 3b, not 3a: signature fields are outside the structure tree that level A asks for.
STANDARD: Final = "a-3b"
FIELD_LABEL: Final = "<form-field>"


class RenderingError(Exception):
    """typst refused a template or a font is missing: a fault of ours, not of the content."""


@dataclass(frozen=True)
class FieldPosition:
    """Room for one field: page from 0, the rest in points from the page's upper left."""

    name: str
    kind: Literal["signature", "text"]
    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class RenderedPaper:
    """The PDF before its signature fields are put in, and where they go."""

    pdf: bytes
    fields: tuple[FieldPosition, ...]


def render_paper(content: PaperContent, records: Sequence[AttachedRecord]) -> RenderedPaper:
    """
    Lay a paper out after Decree 30/2020/NĐ-CP, Annex I, as PDF/A-3b (ISO 19005-3).

    The file's date is the content's `issued_at`. Raises RenderingError.
    """
    issued_at = datetime.datetime.fromisoformat(content.issued_at).astimezone(datetime.UTC)
    with tempfile.TemporaryDirectory(prefix="phieukin-paper-") as folder:
        template = Path(folder) / TEMPLATE.name
        shutil.copyfile(TEMPLATE, template)
        for record in records:
            (Path(folder) / record.name).write_bytes(record.data)
        try:
            compiler = typst.Compiler(
                str(template),
                root=folder,
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                sys_inputs={"paper": _paper_json(content)},
            )
            pdf = compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=issued_at)
            found = compiler.query(FIELD_LABEL, field="value")
        except typst.TypstError as error:
            raise RenderingError(error.message) from error
    if not isinstance(pdf, bytes):
        raise RenderingError("typst gave no PDF")
    return RenderedPaper(pdf, tuple(_field_position(place) for place in json.loads(found)))


def qr_svg(text: str) -> str:
    """A QR code as SVG, black on nothing (ISO/IEC 18004, level M)."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", border=0, xmldecl=False, svgns=True, nl=False
    )
    return drawn.getvalue().decode()


def _paper_json(content: PaperContent) -> str:
    paper: dict[str, Any] = msgspec.to_builtins(content)
    for check in paper["cross_checks"]:
        check["qr"] = qr_svg(check["value"])
    return unicodedata.normalize("NFC", json.dumps(paper, ensure_ascii=False))


def _field_position(place: dict[str, Any]) -> FieldPosition:
    return FieldPosition(
        name=place["name"],
        kind=place["kind"],
        page=place["page"] - 1,
        x=place["x"],
        y=place["y"],
        width=place["width"],
        height=place["height"],
    )
