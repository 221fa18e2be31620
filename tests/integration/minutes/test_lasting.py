"""After every signature a time stamp; a server that fails costs the level, never the signature."""

import asyncio
import datetime
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore

from services.minutes.drawing_up import draw_up_meeting_minute
from services.minutes.errors import SignerCertificateRevokedError
from services.minutes.model import StoredPaper
from services.minutes.numbering import give_number
from services.minutes.party import Minutes
from services.minutes.signature_requests import REQUEST_TTL, request_signature
from services.minutes.signer_confirmation import confirm_signer
from services.minutes.signing import accept_signature, resume_all
from services.pades.fetching import fetch
from services.pades.long_term import paper_level
from services.pades.signing import sign_field
from services.verifier.permitted_changes import judge_changes
from tests.fixtures.loopback_authority import LoopbackAuthority, loopback_authority
from tests.integration.minutes.conftest import Hall

NOBODY = "http://127.0.0.1:9/tsa"


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@pytest.fixture(scope="module")
def stamping() -> Iterator[LoopbackAuthority]:
    with loopback_authority() as running:
        yield running


def service(hall: Hall, stamping: LoopbackAuthority, folder: Path, tsa_url: str) -> Minutes:
    roots = folder / "roots.pem"
    roots.write_bytes(stamping.pem)
    settings = replace(hall.minutes.settings, signer_roots=roots, tsa_url=tsa_url)
    return replace(hall.minutes, settings=settings, clock=now)


async def sign(
    minutes: Minutes, hall: Hall, stamping: LoopbackAuthority, paper: StoredPaper, field: str
) -> StoredPaper:
    """Signed, brought by the secretary, and left to wait."""
    file = await hall.file(paper.id)
    upload = await asyncio.to_thread(sign_field, file, field, stamping.signer(field), field, now())
    return await accept_signature(minutes, hall.secretary, paper.id, upload)


async def confirm(minutes: Minutes, hall: Hall, paper: StoredPaper) -> StoredPaper:
    assert paper.waiting is not None
    waits = paper.waiting
    return await confirm_signer(
        minutes, hall.secretary, paper.id, waits.field, waits.certificate_sha256
    )


async def test_every_signature_lasts(
    hall: Hall, stamping: LoopbackAuthority, tmp_path: Path
) -> None:
    """Each person signs over the time stamp of the last; nothing in the end is a stranger's."""
    minutes = service(hall, stamping, tmp_path, stamping.tsa_url)
    paper = await draw_up_meeting_minute(minutes, hall.secretary, hall.meeting_id)
    for field in ("secretary", "presiding"):
        waiting = await sign(minutes, hall, stamping, paper, field)
        before = await hall.file(paper.id)
        await resume_all(minutes)
        # A stamp now would make the waiting file one of another paper.
        assert await hall.file(paper.id) == before
        assert (await confirm(minutes, hall, waiting)).level == "B-LTA"
    await give_number(minutes, hall.secretary, paper.id, "7", now().date().isoformat())
    issued = await confirm(minutes, hall, await sign(minutes, hall, stamping, paper, "agency"))
    assert (issued.is_issued, issued.level) == (True, "B-LTA")
    file = await hall.file(paper.id)
    assert paper_level(file) == "B-LTA"
    assert judge_changes(PdfFileReader(io.BytesIO(file), strict=True)) == []


async def test_server_that_does_not_answer(
    hall: Hall, stamping: LoopbackAuthority, tmp_path: Path
) -> None:
    """The signature is kept at B-B; the service tries again, but under nobody's hand."""
    minutes = service(hall, stamping, tmp_path, NOBODY)
    paper = await draw_up_meeting_minute(minutes, hall.secretary, hall.meeting_id)
    signed = await confirm(minutes, hall, await sign(minutes, hall, stamping, paper, "secretary"))
    assert (signed.signed, signed.level) == (("secretary",), "B-B")
    await resume_all(minutes)
    file = await hall.file(paper.id)
    working = service(hall, stamping, tmp_path, stamping.tsa_url)
    chain = [each.dump() for each in stamping.chain("presiding")]
    await request_signature(working, hall.secretary, paper.id, "presiding", chain, None)
    await resume_all(working)
    assert await hall.file(paper.id) == file
    later = replace(working, clock=lambda: working.clock() + REQUEST_TTL)
    await resume_all(later)
    lasting = await hall.file(paper.id)
    assert lasting.startswith(file)
    assert paper_level(lasting) == "B-LTA"


async def test_revoked_by_the_list_in_the_file(
    hall: Hall, stamping: LoopbackAuthority, tmp_path: Path
) -> None:
    """The operator has no lists; the program that signed asked, and kept what it was told."""
    minutes = service(hall, stamping, tmp_path, NOBODY)
    paper = await draw_up_meeting_minute(minutes, hall.secretary, hall.meeting_id)
    file = await hall.file(paper.id)
    signer = stamping.signer("revoked")

    _, found = await fetch(f"{stamping.address}/tests/crls/intermediate/latest.crl", 100_000)

    def with_the_list() -> bytes:
        signed = io.BytesIO(sign_field(file, "secretary", signer, "secretary", now()))
        DocumentSecurityStore.add_dss(signed, None, crls=[crl.CertificateList.load(found)])
        return signed.getvalue()

    upload = await asyncio.to_thread(with_the_list)
    with pytest.raises(SignerCertificateRevokedError):
        await accept_signature(minutes, hall.secretary, paper.id, upload)
