"""The endpoints of board and tally, with who asks given by the test instead of a login."""

import dataclasses
import re
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import msgspec
import pytest
from litestar import Litestar, Request, Router
from litestar.di import Provide

from crypto.checkpoints import parse_note_key, verify_checkpoint
from crypto.groups import group_by_name
from crypto.merkle import tree_head
from crypto.randomness import system_randomness
from crypto.trustee_device import make_certificate
from schemas.only_secret import asks_open_vote
from services.accounts import Account, LoginRequiredError
from services.board.http import handlers as board_handlers
from services.problems import EXCEPTION_HANDLERS, MEDIA_TYPE, PREFIX
from services.tally.http import handlers as tally_handlers
from services.tally.party import Tally
from tests.integration.tally.counting_team import AGREE, CountingTeamRoom

API = "/api/v1"


@pytest.fixture
async def http(tally: Tally) -> AsyncIterator[httpx.AsyncClient]:
    def account(request: Request[Any, Any, Any]) -> Account:
        given = request.headers.get("x-account")
        if given is None:
            raise LoginRequiredError
        return msgspec.json.decode(given, type=Account)

    app = Litestar(
        [Router(API, route_handlers=[*board_handlers, *tally_handlers])],
        dependencies={
            "board": Provide(lambda: tally.board, sync_to_thread=False),
            "tally": Provide(lambda: tally, sync_to_thread=False),
            "account": Provide(account, sync_to_thread=False),
        },
        exception_handlers=EXCEPTION_HANDLERS,
    )
    transport = httpx.ASGITransport(cast(Any, app))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def as_(account: Account) -> dict[str, str]:
    # A header holds ASCII, so the name is left out.
    return {"x-account": msgspec.json.encode(dataclasses.replace(account, name="")).decode()}


def check_problem(answer: httpx.Response, status: int, name: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == MEDIA_TYPE
    document: dict[str, Any] = answer.json()
    assert (answer.status_code, document["type"]) == (status, PREFIX + name)
    assert document["detail"]
    assert "{" not in document["detail"] + document["en"]
    return document


async def test_ceremony_and_opening_over_http(
    http: httpx.AsyncClient, room: CountingTeamRoom
) -> None:
    """Bodies and answers have the forms that the clients use."""
    base = f"{API}/elections/{room.uuid}"

    async def post(index: int, path: str, body: dict[str, Any]) -> None:
        assert not asks_open_vote(body)
        answer = await http.post(f"{base}/{path}", json=body, headers=as_(room.account(index)))
        assert (answer.status_code, answer.content) == (204, b"")

    for index in (1, 2, 3):
        state = make_certificate(room.group, room.uuid, index, 3, 2, system_randomness)
        room.devices[index] = state
        await post(index, "ceremony/certificate", {"certificate": state.certificate})
    await room.make_commitments()
    for index, state in room.devices.items():
        await post(index, "ceremony/commitment", {"commitment": state.commitment})
    for index in room.devices:
        body = msgspec.to_builtins(await room.reveal_body(index))
        await post(index, "ceremony/reveal", body)
    answer = await http.get(f"{base}/ceremony/sealed-shares", headers=as_(room.account(2)))
    assert answer.json()["sealed_shares"][0] == room.devices[1].sealed_shares[1]
    await room.make_keys()
    for index, state in room.devices.items():
        await post(index, "ceremony/key", {"verification_key": state.verification_key})
    view = (await http.get(f"{base}/ceremony", headers=as_(room.account(1)))).json()
    assert len(view["entries"]) == 12
    await room.issue()
    for index in room.devices:
        text = await room.confirmation(index)
        await post(index, "ceremony/confirmation", {"confirmation": text})
    await room.vote([(AGREE,)] * 4)
    for index in (1, 2):
        text, proof = await room.partial_decryption(index)
        body = {"partial_decryption": text, "proof": msgspec.to_builtins(proof)}
        await post(index, "partial-decryptions", body)
    await post(1, "announce", {})
    leaves = (await http.get(f"{base}/board/leaves")).text
    hashes = [bytes.fromhex(line) for line in leaves.splitlines()]
    assert leaves.endswith("\n")
    for name in ("opening", "closing", "result"):
        note = (await http.get(f"{base}/board/checkpoints/{name}")).text
        head = verify_checkpoint(note, parse_note_key(room.terms.log_key)).head
        assert head == tree_head(hashes[: head.size])


async def test_problems(http: httpx.AsyncClient, room: CountingTeamRoom) -> None:
    """Each refusal is a problem document of its own with a sentence that says what to do."""
    base = f"{API}/elections/{room.uuid}"
    teller = as_(room.account(1))
    check_problem(await http.get(f"{base}/ceremony"), 401, "login-required")
    check_problem(
        await http.get(f"{base}/ceremony/sealed-shares", headers=as_(room.member(1))),
        403,
        "not-allowed",
    )
    answer = await http.post(f"{base}/ceremony/certificate", json={"certificate": "{}"})
    check_problem(answer, 401, "login-required")
    answer = await http.post(
        f"{base}/ceremony/certificate", json={"certificate": "{}"}, headers=teller
    )
    document = check_problem(answer, 422, "contribution-invalid")
    assert "Thành viên 3" in document["detail"]
    answer = await http.post(
        f"{base}/ceremony/commitment", json={"commitment": "0" * 64}, headers=teller
    )
    check_problem(answer, 409, "ceremony-step-not-due")
    malformed: list[object] = [
        {"commitment": "0" * 63},
        {"commitment": "0" * 64, "more": 1},
        {"commitment": None},
        {},
        [],
    ]
    for body in malformed:
        answer = await http.post(f"{base}/ceremony/commitment", json=body, headers=teller)
        check_problem(answer, 422, "invalid-input")
    check_problem(await http.get(f"{base}/board/checkpoints/opening"), 404, "checkpoint-not-found")
    unknown = f"{API}/elections/{'1' * 14}"
    check_problem(await http.get(f"{unknown}/board/leaves"), 404, "log-not-found")
    check_problem(await http.get(f"{unknown}/ceremony", headers=teller), 404, "election-not-found")
    answer = await http.post(f"{base}/claims", json={"promise": "phieukin/promise/1\n"})
    check_problem(answer, 409, "claim-not-due")
    for path in ("board/checkpoints/everything", "../elections/0OIl/board/leaves"):
        answer = await http.get(f"{base}/{path}")
        assert 400 <= answer.status_code < 500


async def test_partial_decryption_without_a_second_proof(
    http: httpx.AsyncClient, room: CountingTeamRoom
) -> None:
    """A partial decryption whose second proof is missing is not even of the form."""
    await room.until_closed([(AGREE,)] * 4)
    text, proof = await room.partial_decryption(1)
    path = f"{API}/elections/{room.uuid}/partial-decryptions"
    teller = as_(room.account(1))
    answer = await http.post(path, json={"partial_decryption": text}, headers=teller)
    check_problem(answer, 422, "invalid-input")
    changed = {"challenge": proof.response, "response": proof.challenge}
    answer = await http.post(
        path, json={"partial_decryption": text, "proof": changed}, headers=teller
    )
    assert "Thành viên 3" in check_problem(answer, 422, "partial-decryption-invalid")["detail"]
    order = group_by_name("Ed25519").q
    changed = {"challenge": str(order), "response": proof.response}
    answer = await http.post(
        path, json={"partial_decryption": text, "proof": changed}, headers=teller
    )
    check_problem(answer, 422, "partial-decryption-invalid")


def test_paths_of_all_endpoints() -> None:
    """No endpoint takes a tracker, a leaf or an index of a ballot."""
    parameters = {
        parameter
        for handler in [*board_handlers, *tally_handlers]
        for path in handler.paths
        for parameter in re.findall(r"{([^}]*)}", path)
    }
    assert parameters == {"uuid:str", "name:str"}
