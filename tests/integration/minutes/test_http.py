"""The papers' endpoints: media types, sizes, problem documents, views."""

import asyncio
import base64
import contextlib
import dataclasses
import hashlib
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import msgspec
import pytest
from litestar import Litestar, Request, Router
from litestar.di import Provide

from services.accounts import Account, LoginRequiredError
from services.council.reading import read_council
from services.election.secrecy import refuse_open_vote_request
from services.minutes.http import handlers
from services.minutes.http_copies import handlers as copies_handlers
from services.minutes.party import Minutes
from services.problems import EXCEPTION_HANDLERS, MEDIA_TYPE, PREFIX
from services.simulation.paper_signing import sign_paper
from tests.integration.minutes.conftest import (
    ENDED,
    NOW,
    Hall,
    authority,
    identity,
    signed_by,
    token_signature,
)

API = "/api/v1"
PDF = {"content-type": "application/pdf"}


@contextlib.asynccontextmanager
async def client_of(minutes: Minutes) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the papers' endpoints; who asks stands in a header."""

    def account(request: Request[Any, Any, Any]) -> Account:
        given = request.headers.get("x-account")
        if given is None:
            raise LoginRequiredError
        return msgspec.json.decode(given, type=Account)

    app = Litestar(
        [
            Router(
                API, route_handlers=[*handlers, *copies_handlers], guards=[refuse_open_vote_request]
            )
        ],
        dependencies={
            "minutes": Provide(lambda: minutes, sync_to_thread=False),
            "account": Provide(account, sync_to_thread=False),
        },
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=100_000,
    )
    transport = httpx.ASGITransport(cast(Any, app))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def http(hall: Hall) -> AsyncIterator[httpx.AsyncClient]:
    settings = dataclasses.replace(hall.minutes.settings, max_paper_bytes=2_000_000)
    async with client_of(dataclasses.replace(hall.minutes, settings=settings)) as client:
        yield client


def as_(account: Account) -> dict[str, str]:
    # A header holds ASCII, so the name is left out.
    return {"x-account": msgspec.json.encode(dataclasses.replace(account, name="")).decode()}


def check_problem(answer: httpx.Response, status: int, name: str) -> None:
    assert answer.headers["content-type"] == MEDIA_TYPE
    document = answer.json()
    assert (answer.status_code, document["type"]) == (status, PREFIX + name)
    assert document["detail"]
    assert "{" not in document["detail"]


async def test_usual_texts(http: httpx.AsyncClient, hall: Hall) -> None:
    """The form begins with the usual words; nothing of them is in a paper before it is saved."""
    path = f"{API}/meetings/{hall.meeting_id}/texts"
    usual = (await http.get(f"{path}/defaults", headers=as_(hall.secretary))).json()
    council = await read_council(hall.minutes.election.council, hall.member(2).council_id or "")
    reporter = council.members[1].name
    assert usual["report"].startswith(f"Đồng chí {reporter} trình bày Tờ trình, kết quả thẩm định")
    assert usual["discussion"] == "Các thành viên trao đổi về các trường hợp đề nghị."
    assert usual["recipients"] == ["Thành viên Hội đồng"]
    assert "…" not in usual["report"]
    assert "report" not in (await http.get(path, headers=as_(hall.secretary))).json()
    assert (await http.put(path, json=usual, headers=as_(hall.secretary))).json() == usual
    member = as_(hall.member(3))
    check_problem(await http.get(f"{path}/defaults", headers=member), 403, "not-allowed")


async def test_a_paper_from_texts_to_signature(http: httpx.AsyncClient, hall: Hall) -> None:
    """What a client sees of one paper's whole way."""
    secretary = as_(hall.secretary)
    texts = {"ended_at": ENDED, "incidents": "Không có."}
    path = f"{API}/meetings/{hall.meeting_id}/texts"
    assert (await http.put(path, json=texts, headers=secretary)).json() == texts
    assert (await http.get(path, headers=as_(hall.member(1)))).json() == texts
    drawn = await http.post(
        f"{API}/elections/{hall.uuid}/counting-minute", json={}, headers=secretary
    )
    assert drawn.status_code == 201
    paper = drawn.json()
    assert (paper["kind"], paper["uuids"], paper["state"]) == ("counting", [hall.uuid], "signing")
    assert {field["name"]: (field["member"], field["signed"]) for field in paper["fields"]} == {
        "teller-1": (3, False),
        "teller-2": (4, False),
        "teller-3": (5, False),
    }
    teller = as_(hall.member(3))
    file = await http.get(f"{API}/papers/{paper['id']}/file", headers=teller)
    assert file.headers["content-type"] == "application/pdf"
    upload = await asyncio.to_thread(signed_by, file.content, "teller-1", 3)
    path = f"{API}/papers/{paper['id']}"
    # The paper is larger than any other body may be.
    assert len(upload) > 50_000
    signed = await http.post(f"{path}/signatures", content=upload, headers={**teller, **PDF})
    assert signed.status_code == 200
    assert [field["name"] for field in signed.json()["fields"] if field["signed"]] == ["teller-1"]
    assert (await http.get(path, headers=teller)).json() == signed.json()


async def test_refused_uploads(http: httpx.AsyncClient, hall: Hall) -> None:
    """Each has its own problem, with a sentence that says what to do."""
    drawn = await http.post(
        f"{API}/elections/{hall.uuid}/counting-minute", json={}, headers=as_(hall.secretary)
    )
    path, teller = f"{API}/papers/{drawn.json()['id']}/signatures", as_(hall.member(3))
    answer = await http.post(path, content=b"%PDF-", headers=teller)
    check_problem(answer, 415, "paper-media-type")
    zipped = {**teller, **PDF, "content-encoding": "gzip"}
    check_problem(await http.post(path, content=b"x", headers=zipped), 415, "paper-media-type")
    large = await http.post(path, content=b"%" * 2_000_001, headers={**teller, **PDF})
    check_problem(large, 413, "paper-too-large")
    answer = await http.post(path, content=b"%PDF-1.7", headers={**teller, **PDF})
    check_problem(answer, 422, "paper-not-increment")
    file = (await http.get(path.replace("signatures", "file"), headers=teller)).content
    other = await asyncio.to_thread(signed_by, file, "teller-2", 4)
    answer = await http.post(path, content=other, headers={**teller, **PDF})
    check_problem(answer, 422, "paper-field-not-expected")
    check_problem(await http.post(path, content=other, headers=PDF), 401, "login-required")
    # Nobody's megabytes are read.
    answer = await http.post(path, content=b"%" * 2_000_001, headers=PDF)
    check_problem(answer, 401, "login-required")


async def test_wrong_order(http: httpx.AsyncClient, hall: Hall) -> None:
    """The problem says who signs first."""
    drawn = await http.post(
        f"{API}/meetings/{hall.meeting_id}/minute", json={}, headers=as_(hall.secretary)
    )
    path, chair = f"{API}/papers/{drawn.json()['id']}", as_(hall.member(1))
    file = (await http.get(f"{path}/file", headers=chair)).content
    upload = await asyncio.to_thread(signed_by, file, "presiding", 1)
    answer = await http.post(f"{path}/signatures", content=upload, headers={**chair, **PDF})
    check_problem(answer, 409, "paper-wrong-order")
    assert answer.json()["detail"].startswith("Thư ký ký trước.")


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        ({"agree": 12}, "invalid-input"),
        ({"ended_at": "2026-02-30T10:00:00+07:00"}, "paper-text-invalid"),
        ({"method": "show_of_hands"}, "open-vote-forbidden"),
    ],
)
async def test_refused_texts(
    http: httpx.AsyncClient, hall: Hall, texts: dict[str, Any], name: str
) -> None:
    """Figures have no field; what is refused is not kept."""
    path, secretary = f"{API}/meetings/{hall.meeting_id}/texts", as_(hall.secretary)
    check_problem(await http.put(path, json=texts, headers=secretary), 422, name)
    assert (await http.get(path, headers=secretary)).json() == {"ended_at": ENDED}


async def test_drafts_and_list(http: httpx.AsyncClient, hall: Hall) -> None:
    """Drafts are PDF files; the list has the views of the papers as they stand."""
    secretary, teller, member = as_(hall.secretary), as_(hall.member(3)), as_(hall.member(1))
    counting, meeting = f"{API}/elections/{hall.uuid}/counting-minute", f"{API}/meetings"
    minute = f"{meeting}/{hall.meeting_id}/minute"
    for path, who in ((counting, teller), (counting, secretary), (minute, secretary)):
        draft = await http.get(f"{path}/draft", headers=who)
        assert (draft.status_code, draft.headers["content-type"]) == (200, "application/pdf")
    check_problem(await http.get(f"{counting}/draft", headers=member), 403, "not-allowed")
    check_problem(await http.get(f"{minute}/draft", headers=teller), 403, "not-allowed")
    check_problem(await http.get(f"{counting}/draft"), 401, "login-required")
    papers = f"{meeting}/{hall.meeting_id}/papers"
    assert (await http.get(papers, headers=member)).json() == {"papers": []}
    drawn = await http.post(counting, json={}, headers=secretary)
    assert (await http.get(papers, headers=member)).json() == {"papers": [drawn.json()]}
    check_problem(await http.get(papers), 401, "login-required")
    nowhere = await http.get(f"{meeting}/{'0' * 32}/papers", headers=secretary)
    check_problem(nowhere, 404, "meeting-not-found")


async def test_papers_of_nothing(http: httpx.AsyncClient, hall: Hall) -> None:
    """Unknown papers and meetings are not found."""
    secretary = as_(hall.secretary)
    answer = await http.get(f"{API}/papers/{'0' * 32}", headers=secretary)
    check_problem(answer, 404, "paper-not-found")
    answer = await http.post(f"{API}/meetings/{'0' * 32}/minute", json={}, headers=secretary)
    check_problem(answer, 404, "meeting-not-found")


async def test_a_minute_from_hash_to_seal(http: httpx.AsyncClient, hall: Hall) -> None:
    """What a client sees: hash out, signature in, a new certificate, number, seal."""
    secretary = as_(hall.secretary)
    drawn = await http.post(f"{API}/meetings/{hall.meeting_id}/minute", json={}, headers=secretary)
    path = f"{API}/papers/{drawn.json()['id']}"
    assert "number" not in drawn.json()
    who = identity(2)
    chain = [base64.b64encode(who.certificate.dump()).decode()]
    body = {"field": "secretary", "certificates": chain}
    asked = await http.post(f"{path}/signature-requests", json=body, headers=as_(hall.member(2)))
    assert asked.status_code == 201
    attributes = base64.b64decode(asked.json()["signed_attributes"])
    assert hashlib.sha256(attributes).hexdigest() == asked.json()["digest"]
    value = token_signature(who.private_key.dump(), bytes.fromhex(asked.json()["digest"]))
    answer = {"signature": base64.b64encode(value).decode()}
    request = f"{API}/signature-requests/{asked.json()['id']}"
    signed = await http.post(request, json=answer, headers=as_(hall.member(2)))
    assert signed.status_code == 200
    wrong = {"signature": "!!!!"}
    answered = await http.post(request, json=wrong, headers=as_(hall.member(2)))
    check_problem(answered, 422, "signing-value-wrong")

    card = authority().issue("Thẻ mới", NOW)
    file = (await http.get(f"{path}/file", headers=secretary)).content
    upload = await asyncio.to_thread(sign_paper, file, "presiding", card, NOW)
    kept = await http.post(f"{path}/signatures", content=upload, headers={**secretary, **PDF})
    presiding = next(each for each in kept.json()["fields"] if each["name"] == "presiding")
    assert (presiding["signed"], "signer" in presiding) == (False, False)
    assert "Thẻ mới" in presiding["waiting"]["subject"]
    confirmed = await http.post(
        f"{path}/signatures/presiding/confirmation",
        json={"certificate": presiding["waiting"]["sha256"]},
        headers=secretary,
    )
    assert confirmed.json()["state"] == "signed"
    refusal = await http.post(
        f"{path}/signatures/presiding/refusal",
        json={"certificate": presiding["waiting"]["sha256"]},
        headers=secretary,
    )
    check_problem(refusal, 409, "paper-nothing-waits")
    number = {"number": "7", "date": "2026-03-12"}
    numbered = await http.put(f"{path}/number", json=number, headers=secretary)
    assert (numbered.json()["number"], numbered.json()["date"]) == ("07", "2026-03-12")
    assert (numbered.json()["level"], numbered.json()["issuers_judged"]) == ("B-B", False)
    given = await http.put(f"{path}/number", json={**number, "number": "8"}, headers=secretary)
    check_problem(given, 409, "paper-number-given")
    assert "07" in given.json()["detail"]
