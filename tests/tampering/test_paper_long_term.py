"""Papers with time stamps and a security store (PAdES B-LTA), by issuers that the reader trusts."""

import asyncio
import io
from collections.abc import Iterator

import pytest
from certomancer.registry import ServiceLabel
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from services.minutes.number_filling import fill_number_and_date
from services.pades.fetching import HttpTimeStamper
from services.pades.long_term import add_long_term
from services.verifier.paper_revisions import read_strictly
from services.verifier.paper_signatures import judge_signatures
from tests.fixtures.loopback_authority import LoopbackAuthority, loopback_authority
from tests.fixtures.paper_builder import NOW, authority, built_paper
from tests.tampering.paper_attacks import file_reasons, sign_anyhow, updated


@pytest.fixture(scope="module")
def loopback() -> Iterator[LoopbackAuthority]:
    with loopback_authority() as running:
        yield running


@pytest.fixture(scope="module")
def long_term(loopback: LoopbackAuthority) -> bytes:
    """Signed by secretary and presiding officer, numbered, sealed by the agency, then stamped."""
    paper = built_paper("meeting").issued
    for field in ("secretary", "presiding"):
        paper = sign_anyhow(paper, field, loopback.signer(field))
    paper = fill_number_and_date(paper, "07", NOW.date())
    paper = sign_anyhow(paper, "agency", loopback.signer("agency"))
    stamper = HttpTimeStamper(loopback.tsa_url)
    return asyncio.run(add_long_term(paper, loopback.trust, stamper))


def test_finished_and_stamped(long_term: bytes, loopback: LoopbackAuthority) -> None:
    """The time is that of the stamp, the level is B-LTA, nothing stands behind the last stamp."""
    judged = judge_signatures(long_term, read_strictly(long_term), loopback.pem)

    assert file_reasons(long_term, loopback.pem) == ""
    assert {each.level for each in judged.signatures} == {"B-LTA"}
    assert {each.clock for each in judged.signatures} == {"a time stamp"}
    assert judged.is_last


def test_issuers_not_given(long_term: bytes) -> None:
    """Without --trust a stamp's time proves nothing: the signer's own clock is told."""
    judged = judge_signatures(long_term, read_strictly(long_term), None)

    assert {each.clock for each in judged.signatures} == {"the signer's own clock"}
    assert {each.is_trusted for each in judged.signatures} == {None}


def test_stamps_of_strangers(long_term: bytes) -> None:
    """Time stamps of an authority that the reader does not trust are refused as well."""
    found = file_reasons(long_term, authority().pem)

    assert "a time stamp is not of the issuers given" in found


def test_revoked_certificate(loopback: LoopbackAuthority) -> None:
    """The file holds the list on which the signer's certificate was revoked before it signed."""
    paper = sign_anyhow(built_paper("meeting").issued, "secretary", loopback.signer("revoked"))
    services = loopback.architecture.service_registry
    listed = services.get_crl(ServiceLabel("intermediate"), at_time=NOW)
    (signature,) = PdfFileReader(io.BytesIO(paper)).embedded_regular_signatures
    contents = signature.pkcs7_content.hex().encode()

    def store(writer: IncrementalPdfFileWriter) -> None:
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            contents,
            certs=[loopback.certificate("intermediate")],
            crls=[listed],
        )

    found = file_reasons(updated(paper, store), loopback.pem)
    assert "the certificate was revoked on 2026-01-01, before it was used" in found
    assert file_reasons(updated(paper, store)).count("revoked") == 1  # without --trust as well


def test_time_stamp_cut_off(long_term: bytes, loopback: LoopbackAuthority) -> None:
    """Cut back to an earlier revision the paper is what it was then: B-B by its own clock."""
    end = long_term.rindex(b"%%EOF", 0, long_term.rindex(b"%%EOF")) + len(b"%%EOF\n")
    judged = judge_signatures(long_term[:end], read_strictly(long_term[:end]), loopback.pem)

    assert {each.level for each in judged.signatures} <= {"B-B", "B-LT"}
    assert not judged.is_last
