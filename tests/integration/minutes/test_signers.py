"""Whose certificates sign: the secretary's confirmation, and what is refused whoever brings it."""

import asyncio
import datetime
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from schemas.papers import PaperTexts
from services.accounts import NotAllowedError
from services.minutes.drawing_up import draw_up_counting_minute, draw_up_meeting_minute
from services.minutes.errors import (
    PaperNothingWaitsError,
    PaperSignatureWaitingError,
    ReplacementReasonMissingError,
    SignerCertificateExpiredError,
    SignerCertificateRevokedError,
    SignerIssuerUnknownError,
    SignerOfSomebodyElseError,
)
from services.minutes.model import StoredPaper
from services.minutes.numbering import give_number
from services.minutes.party import Minutes
from services.minutes.signer_confirmation import confirm_signer, refuse_signer
from services.minutes.signing import accept_signature, read_file_for, read_paper_for
from services.simulation.paper_signing import sign_paper
from services.simulation.test_authority import SigningIdentity, TestAuthority
from tests.faults.faulty_database import ConnectionBrokenError, break_at
from tests.integration.minutes.conftest import NOW, Hall, authority, identity, signed_by


async def signed_file(hall: Hall, paper: StoredPaper, field: str, who: SigningIdentity) -> bytes:
    file = await read_file_for(hall.minutes, hall.secretary, paper.id)
    return await asyncio.to_thread(sign_paper, file, field, who, NOW)


def sha256_of(who: SigningIdentity) -> str:
    return hashlib.sha256(who.certificate.dump()).hexdigest()


def trusting(hall: Hall, folder: Path, *, crls: Path | None = None) -> Minutes:
    """The service with the test authority configured."""
    roots = folder / "roots.pem"
    roots.write_bytes(authority().pem)
    settings = replace(hall.minutes.settings, signer_roots=roots, signer_crls=crls)
    return replace(hall.minutes, settings=settings)


@pytest.fixture
async def paper(hall: Hall) -> StoredPaper:
    return await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)


async def test_new_certificate_waits_and_is_confirmed(hall: Hall, paper: StoredPaper) -> None:
    """The signature counts when the secretary has said whose it is; later ones count at once."""
    who = authority().issue("Thẻ mới", NOW)
    upload = await signed_file(hall, paper, "teller-1", who)
    waiting = await accept_signature(hall.minutes, hall.member(3), paper.id, upload)
    assert waiting.signed == ()
    assert waiting.waiting is not None
    assert waiting.waiting.certificate_sha256 == sha256_of(who)
    # Sent again, it still waits, once.
    again = await accept_signature(hall.minutes, hall.member(3), paper.id, upload)
    assert again == waiting
    with pytest.raises(NotAllowedError):
        await confirm_signer(hall.minutes, hall.member(3), paper.id, "teller-1", sha256_of(who))
    done = await confirm_signer(hall.minutes, hall.secretary, paper.id, "teller-1", sha256_of(who))
    assert (done.signed, done.waiting) == (("teller-1",), None)
    assert await hall.file(paper.id) == upload
    said_again = await confirm_signer(
        hall.minutes, hall.secretary, paper.id, "teller-1", sha256_of(who)
    )
    assert said_again == done
    # The same card in another field is somebody else's from now on.
    other = await signed_file(hall, paper, "teller-2", who)
    with pytest.raises(SignerOfSomebodyElseError):
        await accept_signature(hall.minutes, hall.secretary, paper.id, other)


async def test_others_wait_while_one_waits(hall: Hall, paper: StoredPaper) -> None:
    """Who signs in the meantime is told, and nothing of the waiting one is lost."""
    who = authority().issue("Thẻ mới", NOW)
    upload = await signed_file(hall, paper, "teller-1", who)
    await accept_signature(hall.minutes, hall.member(3), paper.id, upload)
    other = await signed_file(hall, paper, "teller-2", identity(4))
    with pytest.raises(PaperSignatureWaitingError):
        await accept_signature(hall.minutes, hall.member(4), paper.id, other)
    # Somebody has signed: the paper is not silently replaced either.
    await hall.write(PaperTexts(ended_at="2026-03-12T11:00:00+07:00", incidents="Mất mạng."))
    with pytest.raises(ReplacementReasonMissingError):
        await draw_up_counting_minute(hall.minutes, hall.secretary, hall.uuid)


async def test_waiting_signature_refused(hall: Hall, paper: StoredPaper) -> None:
    """The secretary drops it; the file is as it was, and the certificate is nobody's."""
    before = await hall.file(paper.id)
    who = authority().issue("Người lạ", NOW)
    upload = await signed_file(hall, paper, "teller-1", who)
    await accept_signature(hall.minutes, hall.member(3), paper.id, upload)
    with pytest.raises(PaperNothingWaitsError):
        await refuse_signer(hall.minutes, hall.secretary, paper.id, "teller-1", "0" * 64)
    with pytest.raises(PaperNothingWaitsError):
        await refuse_signer(hall.minutes, hall.secretary, paper.id, "teller-2", sha256_of(who))
    with pytest.raises(NotAllowedError):
        await refuse_signer(hall.minutes, hall.member(3), paper.id, "teller-1", sha256_of(who))
    refused = await refuse_signer(
        hall.minutes, hall.secretary, paper.id, "teller-1", sha256_of(who)
    )
    assert (refused.signed, refused.waiting) == ((), None)
    assert await hall.file(paper.id) == before
    with pytest.raises(PaperNothingWaitsError):
        await confirm_signer(hall.minutes, hall.secretary, paper.id, "teller-1", sha256_of(who))


async def test_colleague_s_certificate(hall: Hall, paper: StoredPaper) -> None:
    """A certificate confirmed as one member's never signs for another one."""
    upload = await asyncio.to_thread(signed_by, await hall.file(paper.id), "teller-1", 4)
    with pytest.raises(SignerOfSomebodyElseError):
        await accept_signature(hall.minutes, hall.secretary, paper.id, upload)


async def test_expired_certificate(hall: Hall, paper: StoredPaper) -> None:
    """Judged by the service's clock, not by the time that the signer states."""
    upload = await asyncio.to_thread(signed_by, await hall.file(paper.id), "teller-1", 3)
    late = replace(hall.minutes, clock=lambda: NOW + datetime.timedelta(days=365 * 20))
    with pytest.raises(SignerCertificateExpiredError):
        await accept_signature(late, hall.member(3), paper.id, upload)


async def test_authority_nobody_configured(hall: Hall, paper: StoredPaper, tmp_path: Path) -> None:
    """With anchors configured, a certificate that does not lead to one is not even kept."""
    minutes = trusting(hall, tmp_path)
    stranger = TestAuthority.create(NOW).issue("Thành viên 3", NOW)
    upload = await signed_file(hall, paper, "teller-1", stranger)
    with pytest.raises(SignerIssuerUnknownError):
        await accept_signature(minutes, hall.member(3), paper.id, upload)
    upload = await signed_file(hall, paper, "teller-1", identity(3))
    accepted = await accept_signature(minutes, hall.member(3), paper.id, upload)
    assert accepted.signed == ("teller-1",)


def revocation_list(*who: SigningIdentity) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority().certificate.subject)
        .last_update(NOW - datetime.timedelta(days=40))
        # Out of date: what it names stays revoked.
        .next_update(NOW - datetime.timedelta(days=10))
    )
    for each in who:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(each.certificate.serial_number)
            .revocation_date(NOW - datetime.timedelta(days=41))
            .build()
        )
    signed = builder.sign(authority().private_key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


async def test_revoked_certificate(hall: Hall, paper: StoredPaper, tmp_path: Path) -> None:
    """A list in the configured folder names it, even an old list."""
    folder = tmp_path / "crls"
    folder.mkdir()
    (folder / "authority.crl").write_bytes(revocation_list(identity(3)))
    minutes = trusting(hall, tmp_path, crls=folder)
    upload = await signed_file(hall, paper, "teller-1", identity(3))
    with pytest.raises(SignerCertificateRevokedError):
        await accept_signature(minutes, hall.member(3), paper.id, upload)
    other = await signed_file(hall, paper, "teller-2", identity(4))
    accepted = await accept_signature(minutes, hall.member(4), paper.id, other)
    assert accepted.signed == ("teller-2",)


async def test_revoked_while_it_waited(hall: Hall, paper: StoredPaper, tmp_path: Path) -> None:
    """Confirming judges again."""
    folder = tmp_path / "crls"
    folder.mkdir()
    minutes = trusting(hall, tmp_path, crls=folder)
    who = authority().issue("Thẻ mới", NOW)
    upload = await signed_file(hall, paper, "teller-1", who)
    await accept_signature(minutes, hall.member(3), paper.id, upload)
    (folder / "authority.crl").write_bytes(revocation_list(who))
    with pytest.raises(SignerCertificateRevokedError):
        await confirm_signer(minutes, hall.secretary, paper.id, "teller-1", sha256_of(who))


@pytest.mark.parametrize("persisted", [False, True])
async def test_crash_while_confirming(hall: Hall, paper: StoredPaper, persisted: bool) -> None:
    """Whatever was committed, confirming again ends with one signature."""
    who = authority().issue("Thẻ mới", NOW)
    upload = await signed_file(hall, paper, "teller-1", who)
    await accept_signature(hall.minutes, hall.member(3), paper.id, upload)
    database = break_at(hall.minutes.database, "accept signature", persisted=persisted)
    faulty = replace(hall.minutes, database=database)
    with pytest.raises(ConnectionBrokenError):
        await confirm_signer(faulty, hall.secretary, paper.id, "teller-1", sha256_of(who))
    done = await confirm_signer(hall.minutes, hall.secretary, paper.id, "teller-1", sha256_of(who))
    assert done.signed == ("teller-1",)
    assert await hall.file(paper.id) == upload


async def test_number_waits_for_the_confirmation(hall: Hall) -> None:
    """Number and date follow the presiding officer's signature, not a waiting one."""
    minute = await draw_up_meeting_minute(hall.minutes, hall.secretary, hall.meeting_id)
    upload = await signed_file(hall, minute, "secretary", identity(2))
    await accept_signature(hall.minutes, hall.member(2), minute.id, upload)
    who = authority().issue("Thẻ mới", NOW)
    upload = await signed_file(hall, minute, "presiding", who)
    await accept_signature(hall.minutes, hall.member(1), minute.id, upload)
    with pytest.raises(PaperSignatureWaitingError):
        await give_number(hall.minutes, hall.secretary, minute.id, "7", "2026-03-12")
    await confirm_signer(hall.minutes, hall.secretary, minute.id, "presiding", sha256_of(who))
    await give_number(hall.minutes, hall.secretary, minute.id, "7", "2026-03-12")
    assert (await read_paper_for(hall.minutes, hall.secretary, minute.id)).number == "07"
