"""An upload is accepted only if it is the paper that we hold plus exactly one signature."""

import datetime
import functools
import io
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

from services.errors import PartyError
from services.minutes.counting_minute import counting_minute
from services.minutes.errors import (
    PaperFieldNotExpectedError,
    PaperNotIncrementError,
    PaperSignatureInvalidError,
    PaperWrongOrderError,
)
from services.minutes.fields import put_fields
from services.minutes.meeting_minute import meeting_minute
from services.minutes.model import PaperContent
from services.minutes.rendering import render_paper
from services.minutes.signature_check import check_signed_paper
from services.pades.stamp import stamp_text
from services.simulation.paper_signing import sign_paper
from services.simulation.test_authority import SigningIdentity, TestAuthority
from tests.unit.minutes.paper_samples import SOFTWARE, attached, counted, read_scenario, texts_of

NOW = datetime.datetime.now(datetime.UTC)


@functools.cache
def authority() -> TestAuthority:
    return TestAuthority.create(NOW)


@functools.cache
def identity(name: str) -> SigningIdentity:
    return authority().issue(name, NOW)


@functools.cache
def content_of(kind: str) -> PaperContent:
    scenario = read_scenario("lam-giang-province")
    election = counted(scenario)
    if kind == "counting":
        return counting_minute(election, texts_of(scenario), attached(election), SOFTWARE)
    return meeting_minute([election], texts_of(scenario), [attached(election)], SOFTWARE)


@functools.cache
def issued(kind: str) -> bytes:
    record = attached(counted(read_scenario("lam-giang-province")))
    return put_fields(render_paper(content_of(kind), [record]), content_of(kind))


@functools.cache
def signed(kind: str, *order: str) -> bytes:
    """The paper signed in these fields, one after the other."""
    if not order:
        return issued(kind)
    names = {place.field: place.name for place in content_of(kind).places}
    return sign_paper(signed(kind, *order[:-1]), order[-1], identity(names[order[-1]]), NOW)


def check(kind: str, held: bytes, upload: bytes, *before: str) -> str | None:
    return check_signed_paper(held, upload, content_of(kind).places, before).field


def assert_refused(
    error: type[PartyError], kind: str, held: bytes, upload: bytes, *before: str
) -> None:
    with pytest.raises(error):
        check(kind, held, upload, *before)


def with_revision(paper: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    change(writer)
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


def hide_first_page(writer: IncrementalPdfFileWriter) -> None:
    """Replace the content of a page: the signed bytes stay as they were."""
    root: Any = writer.root
    page = root["/Pages"]["/Kids"][0]
    while "/Kids" in page:
        page = page["/Kids"][0]
    page[generic.pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b" "))
    writer.update_container(page)


def sign_with(
    paper: bytes | IncrementalPdfFileWriter, metadata: PdfSignatureMetadata, who: SigningIdentity
) -> bytes:
    """Sign otherwise than people do here; a writer brings changes of its own into the update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(paper)) if isinstance(paper, bytes) else paper
    signer = SimpleSigner(
        signing_cert=who.certificate,
        signing_key=who.private_key,
        cert_registry=SimpleCertificateStore.from_certs(who.issuers),
    )
    return bytes(sign_pdf(writer, metadata, signer=signer).getvalue())


def metadata_of(field: str, **more: Any) -> PdfSignatureMetadata:
    settings = {"md_algorithm": "sha256", "subfilter": fields.SigSeedSubFilter.PADES, **more}
    return PdfSignatureMetadata(field_name=field, **settings)


@pytest.mark.parametrize(
    "order",
    [("teller-1", "teller-2", "teller-3"), ("teller-3", "teller-1", "teller-2")],
)
def test_three_tellers_in_any_order(order: tuple[str, ...]) -> None:
    """Each signs over what the others signed before; there is no order among them."""
    for position, field in enumerate(order):
        held = signed("counting", *order[:position])
        upload = signed("counting", *order[: position + 1])
        assert check("counting", held, upload, *order[:position]) == field


def test_secretary_then_presiding_officer() -> None:
    """Both sign, in this order."""
    first = signed("meeting", "secretary")
    both = signed("meeting", "secretary", "presiding")
    assert check("meeting", issued("meeting"), first) == "secretary"
    assert check("meeting", first, both, "secretary") == "presiding"


def test_presiding_officer_first() -> None:
    """The secretary answers for the text before the presiding officer does."""
    upload = signed("meeting", "presiding")
    assert_refused(PaperWrongOrderError, "meeting", issued("meeting"), upload)


def test_unsigned_paper_again() -> None:
    """What was downloaded, brought back unsigned, is no signature."""
    assert_refused(PaperNotIncrementError, "counting", issued("counting"), issued("counting"))


def test_one_byte_changed() -> None:
    """The bytes that we issued are a prefix of every signed file."""
    upload = bytearray(signed("counting", "teller-1"))
    upload[1000] ^= 1
    assert_refused(PaperNotIncrementError, "counting", issued("counting"), bytes(upload))


def test_signature_byte_changed() -> None:
    """A signed byte of the update changed: the signature is not valid."""
    held, good = issued("counting"), signed("counting", "teller-1")
    position = good.index(b"/M (D", len(held)) + 14  # a digit of the time of signing
    upload = good[:position] + bytes([good[position] ^ 1]) + good[position + 1 :]
    assert_refused(PaperSignatureInvalidError, "counting", held, upload)


def test_signature_value_changed() -> None:
    """A signature of another value does not verify."""
    held, good = issued("counting"), signed("counting", "teller-1")
    start = good.index(b"/Contents <", len(held)) + len(b"/Contents <")
    # The last bytes of the CMS, which are the ECDSA signature's.
    end = len(good[start : good.index(b">", start)].rstrip(b"0")) + start
    position = end - 12
    digit = b"1" if good[position : position + 1] != b"1" else b"2"
    upload = good[:position] + digit + good[position + 1 :]
    assert_refused(PaperSignatureInvalidError, "counting", held, upload)


def test_something_hidden_behind_the_signature() -> None:
    """The room that the signature does not fill is not signed, so it must be empty."""
    held, good = issued("counting"), signed("counting", "teller-1")
    end = good.index(b">", good.index(b"/Contents <", len(held)))
    upload = good[: end - 2] + b"ab" + good[end:]
    assert_refused(PaperSignatureInvalidError, "counting", held, upload)


def test_two_signatures_at_once() -> None:
    """One upload brings one person's signature."""
    upload = signed("counting", "teller-1", "teller-2")
    assert_refused(PaperNotIncrementError, "counting", issued("counting"), upload)


def test_signature_over_another_state() -> None:
    """Who signed the paper before a colleague did must sign the latest one."""
    held, upload = signed("counting", "teller-1"), signed("counting", "teller-2")
    assert_refused(PaperNotIncrementError, "counting", held, upload, "teller-1")


def test_row_hidden_by_an_update_before_the_signature() -> None:
    """A revision that changes a page, then an honest signature over it."""
    held = issued("counting")
    changed = with_revision(held, hide_first_page)
    upload = sign_paper(changed, "teller-1", identity("Trịnh Thu Quế"), NOW)
    assert_refused(PaperNotIncrementError, "counting", held, upload)


def test_row_hidden_in_the_update_that_signs() -> None:
    """The same in one revision: page and signature are written together."""
    held = issued("counting")
    writer = IncrementalPdfFileWriter(io.BytesIO(held))
    hide_first_page(writer)
    upload = sign_with(writer, metadata_of("teller-1"), identity("Trịnh Thu Quế"))
    assert_refused(PaperNotIncrementError, "counting", held, upload)


def test_row_hidden_after_a_signature() -> None:
    """The next person's update may not touch the page either."""
    held = signed("meeting", "secretary")
    writer = IncrementalPdfFileWriter(io.BytesIO(held))
    hide_first_page(writer)
    upload = sign_with(writer, metadata_of("presiding"), identity("Đinh Quang Lộc"))
    assert_refused(PaperNotIncrementError, "meeting", held, upload, "secretary")


def test_page_changed_after_the_signature() -> None:
    """An update without a signature is refused, also behind a valid one."""
    upload = with_revision(signed("counting", "teller-1"), hide_first_page)
    assert_refused(PaperNotIncrementError, "counting", issued("counting"), upload)
    assert_refused(
        PaperNotIncrementError, "counting", signed("counting", "teller-1"), upload, "teller-1"
    )


def test_bytes_appended_to_a_signed_paper() -> None:
    """The signature covers the file to its last byte."""
    upload = signed("counting", "teller-1") + b"\n% seen\n"
    with pytest.raises((PaperSignatureInvalidError, PaperNotIncrementError)):
        check("counting", issued("counting"), upload)


def test_field_of_the_signer_s_own() -> None:
    """A signature in a field that the paper does not have is refused."""
    upload = sign_with(issued("counting"), metadata_of("stranger"), identity("Trịnh Thu Quế"))
    assert_refused(PaperFieldNotExpectedError, "counting", issued("counting"), upload)


def test_new_field_beside_the_signature() -> None:
    """An update may not add an empty field for somebody else either."""
    held = issued("counting")
    writer = IncrementalPdfFileWriter(io.BytesIO(held))
    fields.append_signature_field(writer, fields.SigFieldSpec("extra", box=(10, 10, 60, 40)))
    upload = sign_with(writer, metadata_of("teller-1"), identity("Trịnh Thu Quế"))
    assert_refused(PaperFieldNotExpectedError, "counting", held, upload)


def test_signature_of_the_older_kind() -> None:
    """Only PAdES: ETSI.CAdES.detached."""
    metadata = metadata_of("teller-1", subfilter=fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    upload = sign_with(issued("counting"), metadata, identity("Trịnh Thu Quế"))
    assert_refused(PaperSignatureInvalidError, "counting", issued("counting"), upload)


@pytest.mark.parametrize("allowed", list(fields.MDPPerm))
def test_certifying_signature(allowed: fields.MDPPerm) -> None:
    """Who certifies the file says what others may still do with it: that is not theirs to say."""
    metadata = metadata_of("teller-1", certify=True, docmdp_permissions=allowed)
    upload = sign_with(issued("counting"), metadata, identity("Trịnh Thu Quế"))
    assert_refused(PaperSignatureInvalidError, "counting", issued("counting"), upload)


@pytest.mark.parametrize("rest", [b"\n", b"%%EOF\n", b"1 0 obj\nnull\nendobj\n", b"\x00" * 40])
def test_garbage_appended(rest: bytes) -> None:
    """Whatever is no update is refused as such, whatever a parser makes of it."""
    assert_refused(
        PaperNotIncrementError, "counting", issued("counting"), issued("counting") + rest
    )


def test_poppler_on_every_signature(tmp_path: Path) -> None:
    """A stranger's program finds each signature valid, and the last one over the whole file."""
    if shutil.which("pdfsig") is None:
        assert os.environ.get("CI") != "true", "pdfsig is missing"
        pytest.skip("pdfsig is not installed")
    for kind, order in (
        ("counting", ("teller-1", "teller-2", "teller-3")),
        ("meeting", ("secretary", "presiding")),
    ):
        path = tmp_path / f"{kind}.pdf"
        path.write_bytes(signed(kind, *order))
        said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=True)
        assert said.stdout.count("Signature is Valid") == len(order)
        assert said.stdout.count("ETSI.CAdES.detached") == len(order)
        assert said.stdout.count("Total document signed") >= 1


def test_stamp_says_who_and_when() -> None:
    """Date, time and time zone of Vietnam (Decree 30, Annex I)."""
    moment = datetime.datetime(2026, 12, 15, 3, 42, 7, tzinfo=datetime.UTC)
    assert stamp_text("Lò Văn Quyết", moment) == {
        "signer": "Lò Văn Quyết",
        "signed_at": "15-12-2026 10:42:07 +07:00",
    }
