"""openssl, poppler and pyHanko say the same about persons' and agency's signatures."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from services.pades.fetching import HttpTimeStamper
from services.pades.long_term import add_long_term
from services.pades.remote import finish_signature, prepare_signature
from services.pades.signing import sign_field
from tests.fixtures.detached_signatures import (
    detached_signatures,
    missing_programs,
    openssl_verdicts,
    pdfsig_verdicts,
)
from tests.fixtures.loopback_authority import LoopbackAuthority, loopback_authority
from tests.unit.pades.drawn_pictures import handwriting, seal
from tests.unit.pades.pdfa_rules import broken_rules
from tests.unit.pades.signing_papers import NOW, issued

pytestmark = pytest.mark.skipif(
    missing_programs() != [], reason=f"not installed: {missing_programs()}"
)
FIELDS = ("secretary", "presiding", "agency")


@pytest.fixture(scope="module")
def authority() -> Iterator[LoopbackAuthority]:
    with loopback_authority() as running:
        yield running


@pytest.fixture(scope="module")
def complete(authority: LoopbackAuthority) -> bytes:
    """RSA without a picture, ECDSA by hash out and signature in, the seal; then B-LTA."""
    paper = sign_field(issued(), "secretary", authority.signer("secretary"), "Thư ký", NOW)
    chain = [certificate.dump() for certificate in authority.chain("presiding")]
    out = prepare_signature(paper, "presiding", chain, "Chủ tọa", NOW, handwriting())
    signer = authority.signer("presiding")
    value = asyncio.run(signer.async_sign_raw(out.signed_attributes, "sha256"))
    paper = finish_signature(out.state, value)
    paper = sign_field(paper, "agency", authority.signer("agency"), "UBND", NOW, seal())
    stamper = HttpTimeStamper(authority.tsa_url)
    return asyncio.run(add_long_term(paper, authority.trust, stamper))


def pyhanko_verdicts(paper: bytes, authority: LoopbackAuthority) -> dict[str, bool]:
    context = ValidationContext(trust_roots=[authority.certificate("root")], allow_fetching=False)
    found = {}
    for signature in PdfFileReader(io.BytesIO(paper)).embedded_regular_signatures:
        status = validate_pdf_signature(signature, context)
        found[signature.field_name] = bool(status.intact and status.valid and status.trusted)
    return found


def test_all_three_accept(complete: bytes, authority: LoopbackAuthority, tmp_path: Path) -> None:
    everybody = dict.fromkeys(FIELDS, True)

    assert openssl_verdicts(complete, authority.pem, tmp_path) == everybody
    assert pyhanko_verdicts(complete, authority) == everybody
    assert pdfsig_verdicts(complete, tmp_path)[:3] == [True, True, True]


def test_all_three_refuse_a_changed_byte(
    complete: bytes, authority: LoopbackAuthority, tmp_path: Path
) -> None:
    """The title in the metadata of the issued file, which everybody signed."""
    changed = complete.replace(b"<dc:title>", b"<dc:Title>", 1)
    nobody = dict.fromkeys(FIELDS, False)

    assert openssl_verdicts(changed, authority.pem, tmp_path) == nobody
    assert pyhanko_verdicts(changed, authority) == nobody
    assert not any(pdfsig_verdicts(changed, tmp_path)[:3])


def test_issuer_that_is_not_trusted(
    complete: bytes, authority: LoopbackAuthority, tmp_path: Path
) -> None:
    with loopback_authority() as stranger:
        assert not any(openssl_verdicts(complete, stranger.pem, tmp_path).values())
        assert not any(pyhanko_verdicts(complete, stranger).values())


def test_kinds_of_signatures(complete: bytes) -> None:
    """Three CAdES signatures, and the time stamp over them."""
    found = [(each.field, each.subfilter) for each in detached_signatures(complete)]

    assert found == [
        *((field, "/ETSI.CAdES.detached") for field in FIELDS),
        ("time-stamp-1", "/ETSI.RFC3161"),
    ]


def test_pdfa_is_kept(complete: bytes) -> None:
    """Text, picture, seal, security store and time stamp: PDF/A-3b by the rules we can check."""
    assert broken_rules(complete) == []
