"""Good papers to attack, and the tools to do it: what they say of themselves is asked for here."""

import functools
import io
from collections.abc import Callable
from typing import Any

import msgspec
import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from services.minutes.fields import put_fields
from services.minutes.model import PaperContent, Paragraph
from services.minutes.number_filling import fill_number_and_date
from services.minutes.rendering import RenderedPaper, render_paper
from services.simulation.paper_signing import sign_paper
from services.verifier.checks_papers import check_paper, read_paper
from services.verifier.paper_revisions import judge_form, read_strictly
from services.verifier.paper_signatures import judge_signatures
from services.verifier.record_files import MalformedInputError
from services.verifier.report import CheckFailedError
from tests.fixtures.paper_builder import (
    NOW,
    attached,
    authority,
    content_of,
    counted_record,
    issue,
    sign_all,
)

AGENCY = "UBND tỉnh"


@functools.cache
def numbered() -> bytes:
    """The meeting minute, signed by both officers, with number and date, not yet sealed."""
    content = content_of("meeting", counted_record())
    signed = sign_all(issue(content, counted_record()), content)
    return fill_number_and_date(signed, "07", NOW.date())


@functools.cache
def finished() -> bytes:
    """The meeting minute after its last signature, the agency's."""
    return sign_paper(numbered(), "agency", authority().issue(AGENCY, NOW), NOW)


@functools.cache
def rendered(kind: str) -> RenderedPaper:
    return render_paper(content_of(kind, counted_record()), [attached(counted_record())])


def reprinted(kind: str, change: Callable[[PaperContent], PaperContent]) -> bytes:
    """A paper of other content, issued and signed by the right people."""
    content = change(content_of(kind, counted_record()))
    return sign_all(issue(content, counted_record()), content)


def redrawn(kind: str, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """A paper whose pages were changed before it was issued, signed by the right people."""
    content = content_of(kind, counted_record())
    with pikepdf.open(io.BytesIO(rendered(kind).pdf)) as pdf:
        change(pdf)
        changed = io.BytesIO()
        pdf.save(changed, deterministic_id=True)
    paper = RenderedPaper(changed.getvalue(), rendered(kind).fields)
    return sign_all(put_fields(paper, content), content)


def with_block(place: int, text: str) -> Callable[[PaperContent], PaperContent]:
    """One more sentence before the block at `place`."""

    def change(content: PaperContent) -> PaperContent:
        blocks = [*content.blocks]
        blocks.insert(place, Paragraph(text=text))
        return msgspec.structs.replace(content, blocks=tuple(blocks))

    return change


def updated(paper: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The paper with one more incremental update (ISO 32000-1 §7.5.6)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def field_named(writer: IncrementalPdfFileWriter, name: str) -> Any:
    fields = [each.get_object() for each in writer.root["/AcroForm"]["/Fields"]]
    return next(each for each in fields if each["/T"] == name)


def page_of(writer: IncrementalPdfFileWriter, number: int = 0) -> Any:
    return writer.find_page_for_modification(number)[0].get_object()


def stream_of(writer: IncrementalPdfFileWriter, data: bytes) -> Any:
    return writer.add_object(generic.StreamObject(stream_data=data))


def rectangle(*sides: float) -> generic.ArrayObject:
    return generic.ArrayObject(map(generic.FloatObject, sides))


def free_text(writer: IncrementalPdfFileWriter, text: str, *box: float) -> Any:
    """A text annotation with a white ground."""
    return writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Contents"): generic.pdf_string(text),
                pdf_name("/DA"): generic.pdf_string("/Helv 12 Tf 0 g"),
                pdf_name("/F"): generic.NumberObject(4),
                pdf_name("/Rect"): rectangle(*box),
            }
        )
    )


def reasons(paper: bytes, trust: bytes | None = None) -> str:
    """Why V18 refuses a paper; empty where it does not."""
    try:
        check_paper(read_paper(paper, "paper.pdf"), trust, None)
    except CheckFailedError as error:
        return "\n".join(error.problems)
    except MalformedInputError as error:
        return str(error)
    return ""


def sign_anyhow(paper: bytes, field: str, signer: SimpleSigner) -> bytes:
    """Sign with whatever certificate, as a program that checks nothing does."""
    metadata = PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    signed = io.BytesIO()
    PdfSigner(metadata, signer=signer).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(paper)), existing_fields_only=True, output=signed
    )
    return signed.getvalue()


def file_reasons(paper: bytes, trust: bytes | None = None) -> str:
    """Why signatures, revisions or form of a meeting minute are refused, its pages unread."""
    try:
        reader = read_strictly(paper)
        signatures = judge_signatures(paper, reader, trust)
        problems = [*signatures.problems, *judge_form(paper, reader, None).problems]
    except MalformedInputError as error:
        return str(error)
    for signature in signatures.signatures:
        problems += [f"{signature.field}: {problem}" for problem in signature.problems]
    return "\n".join(problems)
