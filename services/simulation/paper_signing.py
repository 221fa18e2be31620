"""How a simulated person signs a paper on their own side: PAdES B-B by pyHanko, with a stamp.

The stamp is set in Tinos and says who and when, with date, time and time zone of Vietnam as Annex I
of Decree 30/2020/NĐ-CP asks.
"""

import datetime
import io
import logging
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pyhanko.pdf_utils.font.opentype import GlyphAccumulator, GlyphAccumulatorFactory
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from services.simulation.test_authority import SigningIdentity

TINOS: Final = Path(__file__).parents[1] / "minutes" / "fonts" / "Tinos-Regular.ttf"
FONT_SIZE_PT: Final = 9
VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
STAMP_TEXT: Final = "Ký bởi: %(signer)s\nThời gian ký: %(signed_at)s"
REASON: Final = "Ký biên bản"

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


def sign_paper(
    paper: bytes, field: str, identity: SigningIdentity, signed_at: datetime.datetime
) -> bytes:
    """
    Fill the empty field `field` with the person's signature (ETSI EN 319 142-1, level B-B).

    `paper` stays as it is, an increment is added. Must not be called inside of an event loop.
    """
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=REASON,
            name=identity.name,
        ),
        signer=SimpleSigner(
            signing_cert=identity.certificate,
            signing_key=identity.private_key,
            cert_registry=SimpleCertificateStore.from_certs(identity.issuers),
        ),
        stamp_style=_stamp_style(),
    )
    signed = io.BytesIO()
    signer.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(paper)),
        existing_fields_only=True,
        output=signed,
        appearance_text_params=stamp_text(identity.name, signed_at),
    )
    return signed.getvalue()


def stamp_text(name: str, signed_at: datetime.datetime) -> dict[str, str]:
    """
    What the stamp says. Not called "ts": that one pyHanko fills with the machine's time zone.
    """
    in_vietnam = signed_at.astimezone(VIETNAM)
    offset = in_vietnam.strftime("%z")
    moment = f"{in_vietnam:%d-%m-%Y %H:%M:%S} {offset[:3]}:{offset[3:]}"
    return {"signer": name, "signed_at": moment}


def _stamp_style() -> TextStampStyle:
    return TextStampStyle(
        stamp_text=STAMP_TEXT,
        text_box_style=TextBoxStyle(
            # Both sizes must agree, or the box is measured for another size than it is drawn.
            font=_TinosFactory(str(TINOS), font_size=FONT_SIZE_PT),
            font_size=FONT_SIZE_PT,
        ),
        border_width=0,
        background_opacity=0.0,
    )
