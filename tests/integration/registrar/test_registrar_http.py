"""Attendance, check-in and issuing over HTTP."""

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
import pytest_asyncio
from httpx import ASGITransport
from httpx import AsyncClient as Client
from litestar import Litestar
from litestar.di import Provide

from crypto.device_keys import checkin_message
from schemas import base64url
from services.accounts import Account
from services.problems import EXCEPTION_HANDLERS
from services.registrar.http import handlers
from services.registrar.issuing import (
    close_issuing,
    issuance_progress,
    issue_tokens,
    read_own_issuance,
    start_late_issuance,
)
from services.registrar.model import (
    IssuanceProgress,
    IssuanceRequest,
    MeetingMember,
    OwnIssuance,
)
from services.registrar.party import Registrar
from services.registrar.store import metadata
from tests.sample_issuances import SampleIssuing, open_sample_issuing
from tests.stored_rows import stored_rows


@pytest_asyncio.fixture(loop_scope="session")
async def issuing(registrar: Registrar) -> SampleIssuing:
    return await open_sample_issuing(registrar)


@pytest_asyncio.fixture(loop_scope="session")
async def secretary(registrar: Registrar) -> AsyncIterator[Client]:
    async with client_of(registrar, Account("a" * 32, "Thư ký", frozenset({"secretary"}))) as it:
        yield it


@pytest_asyncio.fixture(loop_scope="session")
async def member(registrar: Registrar, issuing: SampleIssuing) -> AsyncIterator[Client]:
    """Member 4, who is absent at first; so is entitled to nothing."""
    account = Account("b" * 32, "Ủy viên", frozenset({"member"}), "c" * 32, 4)
    async with client_of(registrar, account, issuing) as it:
        yield it


def provide(value: object) -> Provide:
    def give() -> Any:
        return value

    return Provide(give, sync_to_thread=False)


def client_of(
    registrar: Registrar, account: Account, issuing: SampleIssuing | None = None
) -> Client:
    """The service as one account sees it; who the account is, the layers above would find."""
    key = None if issuing is None else issuing.devices[account.member or 0].key
    given: dict[str, Any] = {
        "registrar": registrar,
        "account": account,
        "viewer_of_meeting": account,
        "member_of_meeting": MeetingMember(account.member or 0, key),
        "member_of_election": account.member or 0,
    }
    app = Litestar(
        route_handlers=handlers,
        dependencies={name: provide(value) for name, value in given.items()},
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
    )
    transport = ASGITransport(cast(Any, app), raise_app_exceptions=False)
    return Client(transport=transport, base_url="https://localhost")


def problem(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"].startswith("application/problem+json")
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def body_of(request: IssuanceRequest) -> dict[str, object]:
    return {
        "blinded": [base64url.encode(each) for each in request.blinded_messages],
        "signature": base64url.encode(request.signed.signature),
    }


async def test_attendance_of_a_meeting(secretary: Client, issuing: SampleIssuing) -> None:
    """The secretary notes a member; everybody's state and the counts are read back."""
    path = f"/meetings/{issuing.meeting_id}"
    noted = {"state": "absent_consulted", "reason": "Ốm"}
    assert (await secretary.put(f"{path}/members/4/attendance", json=noted)).status_code == 204
    found = (await secretary.get(f"{path}/attendance")).json()
    assert found["members"][3] == {"no": 4, **noted}
    counts = {name: found[name] for name in ("present", "online", "absent_consulted", "absent")}
    assert counts == {"present": 2, "online": 1, "absent_consulted": 2, "absent": 0}


async def test_attendance_by_a_member(member: Client, issuing: SampleIssuing) -> None:
    """Only the secretary notes attendance."""
    path = f"/meetings/{issuing.meeting_id}/members/4/attendance"
    assert problem(await member.put(path, json={"state": "present"})) == (403, "not-allowed")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"state": "here"},
        {"state": "present", "mark": "agree"},
        {"state": "present", "arrived_at": "9 o'clock"},
        {"state": "present", "reason": "x" * 301},
        {"state": 1},
        [],
    ],
)
async def test_attendance_out_of_form(
    secretary: Client, registrar: Registrar, issuing: SampleIssuing, body: object
) -> None:
    """Unknown fields, states and types are refused, and nothing is noted."""
    before = await stored_rows(registrar.database, metadata)
    path = f"/meetings/{issuing.meeting_id}/members/1/attendance"
    assert problem(await secretary.put(path, json=body)) == (422, "invalid-input")
    assert await stored_rows(registrar.database, metadata) == before


async def test_check_in_and_ballot(
    member: Client, registrar: Registrar, issuing: SampleIssuing
) -> None:
    """A member checks in, takes a ballot, takes it again and confirms."""
    path = f"/meetings/{issuing.meeting_id}/checkin"
    nonce = (await member.post(f"{path}/nonces", json={})).json()["nonce"]
    signed = issuing.devices[4].sign(checkin_message(issuing.meeting_id, 4, bytes.fromhex(nonce)))
    check_in = {
        "nonce": nonce,
        "online": False,
        "signature": base64url.encode(signed.signature),
    }
    taking = f"/elections/{issuing.uuid}/issuance"
    blinding = issuing.blind()
    body = body_of(issuing.request_of(4, blinding))
    assert problem(await member.post(taking, json=body)) == (403, "not-entitled")
    assert (await member.post(path, json=check_in)).status_code == 204
    answer = await member.post(taking, json=body)
    assert answer.status_code == 200
    assert (await member.post(taking, json=body)).json() == answer.json()
    (signature,) = answer.json()["blind_signatures"]
    assert len(base64url.decode(signature)) == 384
    assert (await member.post(f"{taking}/confirmation", json={})).status_code == 204
    assert await issuance_progress(registrar, issuing.uuid) == IssuanceProgress(1, 1, 0)
    another = body_of(issuing.request_of(4))
    assert problem(await member.post(taking, json=another)) == (409, "already-issued")


async def test_own_issuance(
    secretary: Client, member: Client, registrar: Registrar, issuing: SampleIssuing
) -> None:
    """A member hears of its own ballot only; asking stores nothing."""
    mine = f"/elections/{issuing.uuid}/issuance/mine"
    attendance = f"/meetings/{issuing.meeting_id}/members/4/attendance"
    await secretary.put(attendance, json={"state": "absent_consulted"})
    await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1))
    assert (await member.get(mine)).json() == {"issued": False, "confirmed": False}
    taking = f"/elections/{issuing.uuid}/issuance"
    assert (await member.post(taking, json=body_of(issuing.request_of(4)))).status_code == 200
    before = await stored_rows(registrar.database, metadata)
    answer = await member.get(mine)
    assert answer.json() == {"issued": True, "confirmed": False, "late": False}
    assert await stored_rows(registrar.database, metadata) == before
    await member.post(f"{taking}/confirmation", json={})
    assert (await member.get(mine)).json() == {"issued": True, "confirmed": True, "late": False}
    nowhere = (await member.get(f"/elections/{'1' * 14}/issuance/mine")).json()
    assert nowhere == {"issued": False, "confirmed": False}


async def test_own_late_issuance(registrar: Registrar, issuing: SampleIssuing) -> None:
    """Who took a ballot after voting began hears that it was late."""
    await start_late_issuance(registrar, issuing.uuid)
    await issue_tokens(registrar, issuing.uuid, 1, issuing.request_of(1))
    assert await read_own_issuance(registrar, issuing.uuid, 1) == OwnIssuance(True, False, True)


async def test_refused_check_in(member: Client, issuing: SampleIssuing) -> None:
    """A nonce of nobody and a signature of another device have their own problems."""
    path = f"/meetings/{issuing.meeting_id}/checkin"
    nonce = "0" * 64
    message = checkin_message(issuing.meeting_id, 4, bytes(32))
    for device, name in ((4, "checkin-nonce-invalid"), (1, "checkin-signature-invalid")):
        signature = base64url.encode(issuing.devices[device].sign(message).signature)
        body = {"nonce": nonce, "online": True, "signature": signature}
        assert problem(await member.post(path, json=body)) == (422, name)


async def test_refused_issuances(
    secretary: Client, registrar: Registrar, issuing: SampleIssuing
) -> None:
    """Each fault of a request has its own problem, and nothing is stored."""
    account = Account("b" * 32, "Ủy viên", frozenset({"member"}), "c" * 32, 1)
    good = body_of(issuing.request_of(1))
    of_another = body_of(issuing.devices[2].request([issuing.blind().blinded_message]))
    wrong = {**good, "signature": base64url.encode(bytes([1]) * 64)}
    other_key = {**good, "signature": signed_by(issuing, good, signer=2)}
    short = {**good, "blinded": [base64url.encode(bytes(383))]}
    bits = {**good, "blinded": ["A" * 511 + "B" * 2]}
    expected = [
        ({**good, "credential": "x"}, (422, "invalid-input")),
        ({"blinded": good["blinded"]}, (422, "invalid-input")),
        ({**good, "blinded": "x"}, (422, "invalid-input")),
        ({**good, "blinded": ["A" * 2000]}, (422, "invalid-input")),
        ({**good, "signature": "A" * 85}, (422, "invalid-input")),
        (wrong, (422, "issuance-signature-invalid")),
        (of_another, (422, "issuance-signature-invalid")),
        (other_key, (403, "issuance-other-key")),
        (short, (422, "blinded-message-invalid")),
        (bits, (422, "blinded-message-invalid")),
    ]
    before = await stored_rows(registrar.database, metadata)
    async with client_of(registrar, account, issuing) as client:
        for body, refusal in expected:
            answer = await client.post(f"/elections/{issuing.uuid}/issuance", json=body)
            assert problem(answer) == refusal
        confirming = f"/elections/{issuing.uuid}/issuance/confirmation"
        assert problem(await client.post(confirming, json={})) == (404, "issuance-not-found")
        assert await stored_rows(registrar.database, metadata) == before
        await close_issuing(registrar, issuing.uuid)
        answer = await client.post(f"/elections/{issuing.uuid}/issuance", json=good)
        assert problem(answer) == (409, "wrong-state")


def signed_by(issuing: SampleIssuing, body: dict[str, object], signer: int) -> str:
    """Member 1's request, signed by the device of `signer`."""
    blinded = body["blinded"]
    assert isinstance(blinded, list)
    request = replace_number(issuing, signer).request([base64url.decode(blinded[0])])
    return base64url.encode(request.signed.signature)


def replace_number(issuing: SampleIssuing, signer: int) -> Any:
    device = issuing.devices[signer]
    return type(device)(1, device.kind, device.private_key)
