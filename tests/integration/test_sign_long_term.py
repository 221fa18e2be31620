"""From B-B to B-LTA, against an authority on loopback that is then switched off."""

import asyncio
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from asn1crypto import pem, tsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

from services.pades import fetching
from services.pades.errors import (
    CertificateRevokedError,
    IssuerUnknownError,
    RevocationUnknownError,
    SigningPaperUnreadableError,
    TimeStampError,
)
from services.pades.fetching import FetchError, HttpTimeStamper, fetch
from services.pades.long_term import Trust, add_long_term, paper_level
from services.pades.signing import sign_field
from services.simulation.paper_signing import sign_paper
from tests.fixtures.loopback_authority import LoopbackAuthority, loopback_authority
from tests.unit.pades.signing_papers import NOW, check_accepted, identity, issued

FIELDS = ("secretary", "presiding")


@pytest.fixture(scope="module")
def authority() -> Iterator[LoopbackAuthority]:
    with loopback_authority() as running:
        yield running


def sign(signers: dict[str, SimpleSigner]) -> bytes:
    paper = issued()
    for field, signer in signers.items():
        paper = sign_field(paper, field, signer, field, NOW)
    return paper


@dataclass(frozen=True)
class Stamped:
    signed: bytes
    long_term: bytes
    authority: LoopbackAuthority


@pytest.fixture(scope="module")
def stamped(authority: LoopbackAuthority) -> Stamped:
    signed = sign({field: authority.signer(field) for field in FIELDS})
    stamper = HttpTimeStamper(authority.tsa_url)
    return Stamped(signed, asyncio.run(add_long_term(signed, authority.trust, stamper)), authority)


def offline_policy(trust: Trust) -> PdfSignatureValidationSpec:
    rule = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(list(trust.roots)),
                revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy(rule, rule)),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
        )
    )


async def verdicts(paper: bytes, trust: Trust) -> dict[str, bool]:
    """
    Judge each signature offline, at the time of the first document time stamp over it.

    That time stamp gives the trusted time (ETSI EN 319 142-1 table 1, either of the two kinds);
    revocation state is required and comes from the file alone.
    """
    reader = PdfFileReader(io.BytesIO(paper))
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        store = DocumentSecurityStore(None)
    offline = {
        "trust_roots": list(trust.roots),
        "allow_fetching": False,
        "revocation_mode": "require",
    }
    found = {}
    times = []
    for stamp in reader.embedded_timestamp_signatures:
        status = await async_validate_pdf_timestamp(stamp, store.as_validation_context(offline))
        assert status.intact
        assert status.valid
        assert status.trusted
        times.append((stamp.signed_revision, status.timestamp))
    for signature in reader.embedded_regular_signatures:
        over = [at for revision, at in times if revision > signature.signed_revision]
        judged_at = offline | ({"moment": over[0]} if over else {})
        context = store.as_validation_context(judged_at)
        judged = await async_validate_pdf_signature(signature, context)
        found[signature.field_name] = bool(over) and judged.bottom_line
    return found


async def test_level_of_all_signatures(stamped: Stamped) -> None:
    """B-LTA is valid offline; the same signatures without it are not, or not for long."""
    trust = stamped.authority.trust

    assert await verdicts(stamped.long_term, trust) == dict.fromkeys(FIELDS, True)
    assert await verdicts(stamped.signed, trust) == dict.fromkeys(FIELDS, False)
    assert paper_level(stamped.long_term) == "B-LTA"
    assert paper_level(stamped.signed) == "B-B"


async def test_judged_by_the_rules_of_etsi(authority: LoopbackAuthority) -> None:
    """
    pyHanko's AdES validation (EN 319 102-1) passes it where the signature has its own time stamp.

    pyHanko 0.38 knows no other trusted time of a signature, though EN 319 142-1 does.
    """
    stamper = HttpTimeStamper(authority.tsa_url)
    signed = await asyncio.to_thread(
        sign_field,
        issued(),
        "secretary",
        authority.signer("secretary"),
        "Thư ký",
        NOW,
        timestamper=stamper,
    )
    long_term = await add_long_term(signed, authority.trust, stamper)
    (signature,) = PdfFileReader(io.BytesIO(long_term)).embedded_regular_signatures
    result: Any = await ades_lta_validation(signature, offline_policy(authority.trust))

    assert str(result.ades_subindic) == "AdESPassed.OK"
    assert result.api_status.bottom_line
    assert await asyncio.to_thread(check_accepted, issued(), signed) == "secretary"


async def test_level_after_a_later_signature(stamped: Stamped) -> None:
    """What nobody stamped yet is no B-LTA, whatever was stamped before it."""
    agency = stamped.authority.signer("agency")
    sealed = await asyncio.to_thread(sign_field, stamped.long_term, "agency", agency, "UBND", NOW)

    assert paper_level(sealed) == "B-B"


def test_what_was_signed_stays(stamped: Stamped) -> None:
    """Two increments over the very bytes: the store, then the time stamp over all of it."""
    assert stamped.long_term.startswith(stamped.signed)
    reader = PdfFileReader(io.BytesIO(stamped.long_term))
    before = PdfFileReader(io.BytesIO(stamped.signed)).xrefs.total_revisions
    assert reader.xrefs.total_revisions == before + 2
    (stamp,) = reader.embedded_timestamp_signatures
    assert stamp.field_name == "time-stamp-1"


async def test_renewal(stamped: Stamped) -> None:
    """Years later a second time stamp goes over the first one."""
    trust = stamped.authority.trust
    stamper = HttpTimeStamper(stamped.authority.tsa_url)
    renewed = await add_long_term(stamped.long_term, trust, stamper)

    stamps = PdfFileReader(io.BytesIO(renewed)).embedded_timestamp_signatures
    assert [stamp.field_name for stamp in stamps] == ["time-stamp-1", "time-stamp-2"]
    assert await verdicts(renewed, trust) == dict.fromkeys(FIELDS, True)


async def test_signature_after_the_time_stamp(stamped: Stamped) -> None:
    """The agency signs later: neither store nor time stamp is in its way."""
    trust = stamped.authority.trust
    sealed = await asyncio.to_thread(
        sign_field,
        stamped.long_term,
        "agency",
        stamped.authority.signer("agency"),
        "UBND",
        NOW,
    )
    complete = await add_long_term(sealed, trust, HttpTimeStamper(stamped.authority.tsa_url))

    assert await verdicts(complete, trust) == dict.fromkeys((*FIELDS, "agency"), True)


async def test_loop_goes_on(stamped: Stamped) -> None:
    """Whoever else is served meanwhile does not wait: the loop's own thread does little of it."""
    stamper = HttpTimeStamper(stamped.authority.tsa_url)
    # Processor time and not the clock's: whatever else the machine does is no part of it.
    loop_before, all_before = time.thread_time(), time.process_time()
    await add_long_term(stamped.signed, stamped.authority.trust, stamper)
    in_loop = time.thread_time() - loop_before
    everywhere = time.process_time() - all_before

    assert in_loop < everywhere / 4


async def attempt(signed: bytes, authority: LoopbackAuthority) -> None:
    await add_long_term(signed, authority.trust, HttpTimeStamper(authority.tsa_url))


async def test_revoked_certificate(authority: LoopbackAuthority) -> None:
    signed = await asyncio.to_thread(sign, {"secretary": authority.signer("revoked")})

    with pytest.raises(CertificateRevokedError) as refused:
        await attempt(signed, authority)
    assert "Đinh Quang Lộc" in refused.value.subject


async def test_certificate_whose_state_nobody_tells(authority: LoopbackAuthority) -> None:
    signed = await asyncio.to_thread(sign, {"secretary": authority.signer("silent")})

    with pytest.raises(RevocationUnknownError):
        await attempt(signed, authority)


async def test_configured_crls(
    authority: LoopbackAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CRLs at hand do as well where nothing may be fetched."""
    signed = await asyncio.to_thread(sign, {"secretary": authority.signer("secretary")})
    lists = [
        (await fetch(f"{authority.address}/tests/crls/{issuer}/latest.crl", 100_000))[1]
        for issuer in ("root", "intermediate")
    ]
    monkeypatch.setattr(fetching, "MAX_REQUESTS", 0)
    trust = Trust.read(authority.pem, lists)

    long_term = await add_long_term(signed, trust, HttpTimeStamper(authority.tsa_url))
    assert await verdicts(long_term, authority.trust) == {"secretary": True}


async def test_revoked_by_a_configured_crl(authority: LoopbackAuthority) -> None:
    signed = await asyncio.to_thread(sign, {"secretary": authority.signer("revoked")})
    _, found = await fetch(f"{authority.address}/tests/crls/intermediate/latest.crl", 100_000)
    armored = pem.armor("X509 CRL", found)

    trust = Trust.read(authority.pem, [armored])

    with pytest.raises(CertificateRevokedError):
        await add_long_term(signed, trust, HttpTimeStamper(authority.tsa_url))


async def test_stranger_sends_the_service_nowhere(authority: LoopbackAuthority) -> None:
    """Addresses in a certificate that chains to no configured root are never asked."""
    with loopback_authority() as stranger:
        signed = await asyncio.to_thread(sign, {"secretary": stranger.signer("secretary")})
        with pytest.raises(IssuerUnknownError):
            await attempt(signed, authority)
        assert stranger.asked == []


async def test_authority_of_nobody(authority: LoopbackAuthority) -> None:
    signed = await asyncio.to_thread(sign_paper, issued(), "secretary", identity("Người lạ"), NOW)

    with pytest.raises(IssuerUnknownError):
        await attempt(signed, authority)


async def test_time_stamp_server_that_is_away(stamped: Stamped) -> None:
    with pytest.raises(TimeStampError):
        await add_long_term(
            stamped.signed, stamped.authority.trust, HttpTimeStamper("http://127.0.0.1:9/tsa")
        )


async def test_time_stamp_server_that_answers_something_else(stamped: Stamped) -> None:
    url = f"{stamped.authority.address}/tests/crls/root/latest.crl"

    with pytest.raises(TimeStampError):
        await add_long_term(stamped.signed, stamped.authority.trust, HttpTimeStamper(url))


async def test_time_stamp_of_other_bytes(stamped: Stamped) -> None:
    """A server that stamps what it likes is found out before its stamp is kept."""

    class Careless(HttpTimeStamper):
        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            imprint = req["message_imprint"]
            imprint["hashed_message"] = bytes(32)
            return await super().async_request_tsa_response(req)

    with pytest.raises(TimeStampError):
        await add_long_term(
            stamped.signed, stamped.authority.trust, Careless(stamped.authority.tsa_url)
        )


async def test_file_that_is_no_paper(authority: LoopbackAuthority) -> None:
    with pytest.raises(SigningPaperUnreadableError):
        await attempt(b"%PDF-1.7\n", authority)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/", "http://[", "gopher:"])
async def test_address_that_is_none(url: str) -> None:
    with pytest.raises(FetchError):
        await fetch(url, 1000)


async def test_answer_that_is_too_long(authority: LoopbackAuthority) -> None:
    with pytest.raises(FetchError):
        await fetch(f"{authority.address}/tests/crls/root/latest.crl", 50)


def test_trust_without_a_root(authority: LoopbackAuthority) -> None:
    below = pem.armor("CERTIFICATE", authority.certificate("intermediate").dump())

    with pytest.raises(ValueError, match="root"):
        Trust.read(below)
    with pytest.raises(ValueError, match="PEM"):
        Trust.read(b"no certificates at all")


async def test_requests_are_counted(
    authority: LoopbackAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many addresses the certificates of a paper name."""
    monkeypatch.setattr(fetching, "MAX_REQUESTS", 0)
    signed = await asyncio.to_thread(sign, {"secretary": authority.signer("secretary")})

    with pytest.raises(RevocationUnknownError):
        await attempt(signed, authority)
