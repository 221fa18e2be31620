"""Copies and scans of papers through the API: kept and marked, never taken for signatures."""

import asyncio
import dataclasses
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pikepdf
import pypdfium2
import pytest
import segno
from PIL import Image

from crypto.checkpoints import parse_note
from crypto.codes import seal_code
from services.board.log import read_checkpoint
from services.election.reading import read_election
from services.minutes import copies
from services.minutes.copy_errors import (
    PaperAlreadySignedError,
)
from services.minutes.signing import accept_signature
from services.verifier.verify import verify_bytes
from tests.fixtures.scanned_paper import (
    jpeg,
    page_picture,
    png,
    scanned,
    scanned_pdf,
    without_code,
)
from tests.integration.minutes.conftest import Hall, signed_by
from tests.integration.minutes.test_http import API, PDF, as_, check_problem, client_of

JPEG = {"content-type": "image/jpeg"}


@pytest.fixture
async def http(hall: Hall) -> AsyncIterator[httpx.AsyncClient]:
    settings = dataclasses.replace(hall.minutes.settings, max_paper_bytes=5_000_000)
    async with client_of(dataclasses.replace(hall.minutes, settings=settings)) as client:
        yield client


@dataclasses.dataclass
class Desk:
    """The secretary with one paper of the hall."""

    http: httpx.AsyncClient
    hall: Hall
    paper: dict[str, Any]
    file: bytes

    @property
    def path(self) -> str:
        return f"{API}/papers/{self.paper['id']}"

    async def bring(
        self, kind: str, data: bytes, media_type: dict[str, str] = JPEG, code: str = ""
    ) -> httpx.Response:
        path = {"copy": "copies", "hand_signed": "scans"}[kind] + (code and f"/{code}")
        return await self.http.post(
            f"{self.path}/{path}",
            content=data,
            headers={**as_(self.hall.secretary), **media_type},
        )

    async def hand_signed(self, copy_id: str) -> httpx.Response:
        return await self.http.post(
            f"{self.path}/hand-signed", json={"copy": copy_id}, headers=as_(self.hall.secretary)
        )

    async def state(self) -> dict[str, Any]:
        answer = await self.http.get(self.path, headers=as_(self.hall.member(1)))
        view: dict[str, Any] = answer.json()
        return view


async def at_desk(http: httpx.AsyncClient, hall: Hall, draw_up: str) -> Desk:
    secretary = as_(hall.secretary)
    paper = (await http.post(f"{API}/{draw_up}", json={}, headers=secretary)).json()
    file = await http.get(f"{API}/papers/{paper['id']}/file", headers=secretary)
    return Desk(http, hall, paper, file.content)


@pytest.fixture
async def minute(http: httpx.AsyncClient, hall: Hall) -> Desk:
    return await at_desk(http, hall, f"meetings/{hall.meeting_id}/minute")


@pytest.fixture
async def counting(http: httpx.AsyncClient, hall: Hall) -> Desk:
    return await at_desk(http, hall, f"elections/{hall.uuid}/counting-minute")


async def seal_code_of(hall: Hall) -> str:
    return seal_code(
        parse_note(await read_checkpoint(hall.minutes.board, hall.uuid, "closing")).text
    )


async def test_signed_by_hand(minute: Desk) -> None:
    """Printed, signed, scanned, found to be of the paper: the meeting's elections are minuted."""
    scan = await asyncio.to_thread(scanned_pdf, minute.file, 200)
    kept = await minute.bring("hand_signed", scan, PDF)
    assert kept.status_code == 201
    copy = kept.json()
    assert (copy["kind"], copy["matched"], copy["matched_by"]) == ("hand_signed", True, "qr")
    assert (copy["media_type"], copy["size"]) == ("application/pdf", len(scan))
    # Kept, but nothing is signed by that alone.
    assert (await minute.state())["state"] == "signing"
    signed = (await minute.hand_signed(copy["id"])).json()
    assert (signed["state"], signed["hand_signed"]) == ("signed", copy["id"])
    assert not any(field["signed"] for field in signed["fields"])
    assert await minute.state() == signed
    assert (await read_election(minute.hall.minutes.election, minute.hall.uuid)).state == "minuted"
    # Said again: nothing changes.
    assert (await minute.hand_signed(copy["id"])).json() == signed
    file = await minute.http.get(
        f"{minute.path}/copies/{copy['id']}/file", headers=as_(minute.hall.member(1))
    )
    assert (file.content, file.headers["content-type"]) == (scan, "application/pdf")


async def test_nobody_signs_after_the_scan(minute: Desk) -> None:
    """A paper in ink takes no certificate, nor a second scan."""
    scan = jpeg(scanned(page_picture(minute.file)))
    first = (await minute.bring("hand_signed", scan)).json()
    other = (await minute.bring("hand_signed", jpeg(scanned(page_picture(minute.file), -1)))).json()
    await minute.hand_signed(first["id"])
    check_problem(await minute.hand_signed(other["id"]), 409, "paper-already-signed")
    upload = await asyncio.to_thread(signed_by, minute.file, "secretary", 2)
    hall = minute.hall
    with pytest.raises(PaperAlreadySignedError):
        await accept_signature(hall.minutes, hall.secretary, minute.paper["id"], upload)


async def test_code_typed_from_the_scan(counting: Desk) -> None:
    """Where the QR code cannot be read, the seal code beside it stands for it; no other does."""
    scan = jpeg(without_code(page_picture(counting.file)))
    check_problem(await counting.bring("hand_signed", scan), 422, "copy-code-missing")
    for wrong in ("0000-0000-0000-0000-0000", "không"):
        answer = await counting.bring("hand_signed", scan, code=wrong)
        check_problem(answer, 422, "copy-of-another-paper")
    code = await seal_code_of(counting.hall)
    kept = (await counting.bring("hand_signed", scan, code=code.lower().replace("-", " "))).json()
    assert (kept["matched"], kept["matched_by"]) == (True, "typed")
    assert (await counting.state())["copies"] == [kept]


async def test_scan_of_another_paper(counting: Desk) -> None:
    """Another election's code is refused, even with this paper's code typed."""
    other = io.BytesIO()
    segno.make("ab" * 32, error="m", micro=False).save(other, kind="png", scale=6)
    code = await seal_code_of(counting.hall)
    for query in ({}, {"code": code}):
        answer = await counting.bring(
            "hand_signed", other.getvalue(), {"content-type": "image/png"}, **query
        )
        check_problem(answer, 422, "copy-of-another-paper")
    assert (await counting.state())["copies"] == []


async def test_flattened_copy(minute: Desk) -> None:
    """What another program wrote anew is kept and marked; its record is beside it."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(minute.file)) as document:
        for page in document.pages:
            if "/Annots" in page:
                del page.Annots
        del document.Root.AcroForm
        del document.Root.Names
        document.save(written)
    flat = written.getvalue()
    secretary = as_(minute.hall.secretary)
    refused = await minute.http.post(
        f"{minute.path}/signatures", content=flat, headers={**secretary, **PDF}
    )
    check_problem(refused, 422, "paper-not-increment")
    assert "bản sao" in refused.json()["detail"]
    kept = await minute.bring("copy", flat, PDF)
    assert (kept.status_code, kept.json()["kind"]) == (201, "copy")
    assert kept.json()["matched"] is True
    view = await minute.state()
    assert (view["state"], view["copies"]) == ("signing", [kept.json()])
    check_problem(await minute.hand_signed(kept.json()["id"]), 409, "hand-signed-copy-only")
    record = await minute.http.get(f"{minute.path}/record", headers=secretary)
    assert record.headers["content-disposition"] == 'attachment; filename="record.zip"'
    report = await asyncio.to_thread(verify_bytes, record.content, "record.zip")
    assert report.status_of("V10") == "holds"


async def test_copy_without_a_code(minute: Desk) -> None:
    """Kept too, as what it is: somebody may need it, and nothing is claimed of it."""
    document = pikepdf.new()
    document.add_blank_page()
    written = io.BytesIO()
    document.save(written)
    kept = (await minute.bring("copy", written.getvalue(), PDF)).json()
    assert (kept["matched"], "matched_by" in kept) == (False, False)


async def test_same_file_again(counting: Desk) -> None:
    """A client that did not see the answer gets the same copy."""
    scan = jpeg(scanned(page_picture(counting.file)))
    first, again = [await counting.bring("hand_signed", scan) for _ in range(2)]
    assert first.json() == again.json()
    assert len((await counting.state())["copies"]) == 1


async def test_refused_files(counting: Desk) -> None:
    """Each has its own problem, with a sentence that says what to do; nothing is kept."""
    picture = page_picture(counting.file)
    secretary = as_(counting.hall.secretary)
    for media_type in ("text/plain", "image/gif"):
        answer = await counting.bring("copy", b"x", {"content-type": media_type})
        check_problem(answer, 415, "copy-media-type")
    zipped = {**JPEG, "content-encoding": "gzip"}
    check_problem(await counting.bring("copy", b"x", zipped), 415, "copy-media-type")
    check_problem(await counting.bring("hand_signed", b"x"), 422, "copy-unreadable")
    # A picture is no flattened copy of a PDF.
    check_problem(await counting.bring("copy", jpeg(picture)), 422, "copy-unreadable")
    huge = png(Image.new("1", (8_000, 8_000)))
    answer = await counting.bring("hand_signed", huge, {"content-type": "image/png"})
    check_problem(answer, 413, "copy-too-large")
    check_problem(await counting.bring("copy", b"%" * 5_000_001, PDF), 413, "paper-too-large")
    check_problem(await counting.bring("hand_signed", b"x", code="4" * 61), 422, "copy-unreadable")
    check_problem(await counting.hand_signed("0" * 32), 404, "copy-not-found")
    answer = await counting.http.get(f"{counting.path}/copies/{'0' * 32}/file", headers=secretary)
    check_problem(answer, 404, "copy-not-found")
    assert (await counting.state())["copies"] == []


async def test_who_may(counting: Desk) -> None:
    """Only the secretary brings copies; who may see the paper sees them."""
    path, member = f"{counting.path}/copies", as_(counting.hall.member(3))
    for headers, status, name in (
        ({**member, **PDF}, 403, "not-allowed"),
        (PDF, 401, "login-required"),
    ):
        # Nobody's megabytes are read.
        answer = await counting.http.post(path, content=b"%" * 5_000_001, headers=headers)
        check_problem(answer, status, name)
    body = {"copy": "0" * 32}
    answer = await counting.http.post(f"{counting.path}/hand-signed", json=body, headers=member)
    check_problem(answer, 403, "not-allowed")


async def test_too_many_copies(counting: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store does not grow without end."""
    monkeypatch.setattr(copies, "MAX_COPIES", 2)
    picture = page_picture(counting.file)
    answers = [
        await counting.bring("hand_signed", jpeg(scanned(picture, degrees)))
        for degrees in (1, 2, 3)
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    check_problem(answers[2], 409, "too-many-copies")


async def test_replaced_by_hand(counting: Desk) -> None:
    """What was signed in ink is replaced only with a reason, as what was signed with a key."""
    scan = jpeg(scanned(page_picture(counting.file)))
    copy = (await counting.bring("hand_signed", scan)).json()
    assert (await counting.hand_signed(copy["id"])).json()["state"] == "signed"
    secretary = as_(counting.hall.secretary)
    texts = {"ended_at": "2026-03-12T11:00:00+07:00", "incidents": "Mất điện 10 phút."}
    path = f"{API}/meetings/{counting.hall.meeting_id}/texts"
    await counting.http.put(path, json=texts, headers=secretary)
    path = f"{API}/elections/{counting.hall.uuid}/counting-minute"
    answer = await counting.http.post(path, json={}, headers=secretary)
    check_problem(answer, 409, "replacement-reason-missing")


async def pages_text(file: bytes) -> str:
    document = pypdfium2.PdfDocument(file)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


async def test_extracts(minute: Desk) -> None:
    """Drafts until the officers have signed; then a file with a field and the record."""
    secretary = as_(minute.hall.secretary)
    listed = (await minute.http.get(f"{minute.path}/extracts", headers=secretary)).json()
    assert listed["draft"] is True
    (extract,) = listed["extracts"]
    assert (extract["no"], extract["cases"]) == (1, 1)
    path = f"{minute.path}/extracts/1/file"
    draft = (await minute.http.get(path, headers=secretary)).content
    assert "DỰ THẢO" in await pages_text(draft)
    with pikepdf.open(io.BytesIO(draft)) as document:
        assert "/AcroForm" not in document.Root
        assert not document.attachments
    copy = (await minute.bring("hand_signed", jpeg(scanned(page_picture(minute.file))))).json()
    await minute.hand_signed(copy["id"])
    # The secretary's texts of today are not those of the paper.
    await minute.http.put(
        f"{API}/meetings/{minute.hall.meeting_id}/texts",
        json={"quorum_citation": "Quy chế khác"},
        headers=secretary,
    )
    final = (await minute.http.get(path, headers=secretary)).content
    assert (await minute.http.get(path, headers=secretary)).content == final
    text = await pages_text(final)
    assert "TRÍCH BIÊN BẢN" in text
    assert "DỰ THẢO" not in text
    assert "Quy chế khác" not in text
    with pikepdf.open(io.BytesIO(final)) as document:
        assert [str(field.T) for field in document.Root.AcroForm.Fields] == ["secretary"]
        assert list(document.attachments) == ["record.zip"]
    answer = await minute.http.get(f"{minute.path}/extracts/2/file", headers=secretary)
    check_problem(answer, 404, "extract-not-found")


async def test_files_to_work_with(minute: Desk, counting: Desk) -> None:
    """Text copies of both papers, the list for the submission; extracts only of the minute."""
    secretary, member = as_(minute.hall.secretary), as_(minute.hall.member(1))
    for desk in (minute, counting):
        answer = await desk.http.get(f"{desk.path}/text-copy", headers=member)
        assert answer.content[:4] == b"PK\x03\x04"
        assert answer.headers["content-disposition"].endswith('.docx"')
    answer = await minute.http.get(f"{counting.path}/extracts", headers=secretary)
    check_problem(answer, 409, "meeting-minute-only")
    path = f"{API}/meetings/{minute.hall.meeting_id}/submission-list"
    answer = await minute.http.get(path, headers=secretary)
    assert answer.content[:4] == b"PK\x03\x04"
    check_problem(await minute.http.get(path, headers=member), 403, "not-allowed")
