"""What a signature looks like on the page (Decree 30/2020/NĐ-CP, Annex I, II.7.d and II.8).

A person: the picture of their handwritten signature, centred. The agency: its seal, in real size
where the field has room for it; the field itself lies a third over the person's picture. Without a
picture: who signed and when. PDF/A-3b is kept: a soft mask is allowed there, and the blending
space is that of the file's output intent (ISO 19005-3, 6.2.10).
"""

import datetime
import io
import logging
import textwrap
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pyhanko.pdf_utils.font.opentype import GlyphAccumulator, GlyphAccumulatorFactory
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.layout import (
    AxisAlignment,
    BoxConstraints,
    InnerScaling,
    Margins,
    SimpleBoxLayoutRule,
)
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.stamp import StaticStampStyle, TextStampStyle
from pyhanko.stamp.base import BaseStampStyle

from services.pades.picture import SignaturePicture

TINOS: Final = Path(__file__).parents[1] / "fonts" / "Tinos-Regular.ttf"
FONT_SIZE_PT: Final = 9
# Letters in a line of a stamp at that size, in a field of 66 mm; a longer name is broken.
LINE_LETTERS: Final = 40
# The agency's field is 36 mm wide and reaches beyond the officer's by 5.5 mm at its top, where the
# title stands: its words begin close below the title, the officer's stand at the bottom, so that
# both can be read.
SEAL_FONT_SIZE_PT: Final = 8
SEAL_LINE_LETTERS: Final = 18
SEAL_TOP_PT: Final = 10
VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
STAMP_TEXT: Final = "Ký bởi: %(signer)s\nThời gian ký: %(signed_at)s"
SEAL_TEXT: Final = "Ký bởi: %(signer)s\nThời gian ký:\n%(signed_at)s"

logging.getLogger("fontTools").setLevel(logging.ERROR)  # "Debg NOT subset" is noise


class _Tinos(GlyphAccumulator):  # type: ignore[misc, unused-ignore]
    """
    Writes glyph widths in thousandths of an em, as ISO 32000-1 §9.7.4.3 says.

    pyHanko 0.38 writes them in the font's own units, of which Tinos has 2048: letters stood apart,
    and PDF/A forbids widths that differ from the font's.
    """

    def prepare_write(self) -> None:
        if self._write_prepared:
            return
        in_font_units = self._glyphs
        self._glyphs = {
            glyph: (cid, round(width * 1000 / self.units_per_em))
            for glyph, (cid, width) in in_font_units.items()
        }
        try:
            super().prepare_write()  # type: ignore[no-untyped-call]
        finally:
            self._glyphs = in_font_units


class _TinosFactory(GlyphAccumulatorFactory):
    """A new font for each signature: embedding consumes it."""

    def create_font_engine(self, writer: Any, obj_stream: Any = None) -> GlyphAccumulator:
        if obj_stream is None and writer.stream_xrefs:
            obj_stream = writer.prepare_object_stream()
        return _Tinos(
            writer=writer,
            font_handle=io.BytesIO(TINOS.read_bytes()),
            font_size=self.font_size,
            ot_script_tag=None,
            ot_language_tag=None,
            writing_direction=None,
            bcp47_lang_code=None,
            obj_stream=obj_stream,
        )


def stamp_style(picture: SignaturePicture | None, *, of_agency: bool) -> BaseStampStyle:
    """
    A fresh style for one signature; `of_agency`: a seal, never drawn larger than it is.

    Of a seal whose PNG does not state its resolution nobody knows the size: it fills the field.
    """
    if picture is None:
        return _seal_text_style() if of_agency else _text_style()
    size_pt = picture.size_pt if of_agency else None
    box = None if size_pt is None else BoxConstraints(width=size_pt[0], height=size_pt[1])
    scaling = InnerScaling.STRETCH_TO_FIT if box is None else InnerScaling.SHRINK_TO_FIT
    return StaticStampStyle(
        border_width=0,
        background=PdfImage(picture.image, box=box),
        background_opacity=1.0,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins.uniform(0),
            inner_content_scaling=scaling,
        ),
    )


def stamp_text(
    name: str, signed_at: datetime.datetime, *, of_agency: bool = False
) -> dict[str, str]:
    """
    What the stamp says where there is no picture.

    The time is not called "ts": that one pyHanko fills with the machine's time zone.
    """
    in_vietnam = signed_at.astimezone(VIETNAM)
    offset = in_vietnam.strftime("%z")
    moment = f"{in_vietnam:%d-%m-%Y %H:%M:%S} {offset[:3]}:{offset[3:]}"
    letters = SEAL_LINE_LETTERS if of_agency else LINE_LETTERS
    return {"signer": _broken(name, letters), "signed_at": moment}


def _broken(name: str, letters: int) -> str:
    """The name over as many lines as it needs, the first one shorter by what stands before it."""
    indent = " " * len("Ký bởi: ")
    return textwrap.fill(name, letters, initial_indent=indent).lstrip()


def _text_style() -> TextStampStyle:
    below = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MID,
        y_align=AxisAlignment.ALIGN_MIN,
        margins=Margins(left=1, right=1, top=1, bottom=6),
        inner_content_scaling=InnerScaling.SHRINK_TO_FIT,
    )
    return _text(STAMP_TEXT, FONT_SIZE_PT, below)


def _seal_text_style() -> TextStampStyle:
    above = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MIN,
        y_align=AxisAlignment.ALIGN_MAX,
        margins=Margins(left=1, right=1, top=SEAL_TOP_PT, bottom=1),
        inner_content_scaling=InnerScaling.SHRINK_TO_FIT,
    )
    return _text(SEAL_TEXT, SEAL_FONT_SIZE_PT, above)


def _text(text: str, size_pt: int, layout: SimpleBoxLayoutRule) -> TextStampStyle:
    return TextStampStyle(
        stamp_text=text,
        text_box_style=TextBoxStyle(
            # Both sizes must agree, or the box is measured for another size than it is drawn.
            font=_TinosFactory(str(TINOS), font_size=size_pt),
            font_size=size_pt,
            box_layout_rule=SimpleBoxLayoutRule(
                x_align=AxisAlignment.ALIGN_MIN,
                y_align=AxisAlignment.ALIGN_MIN,
                margins=Margins.uniform(0),
            ),
        ),
        inner_content_layout=layout,
        border_width=0,
        background_opacity=0.0,
    )
