"""Login by a device key or passkey over HTTP (protocol.md §11 use `login`)."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from crypto.device_keys import login_message, passkey_challenge, sign_with_device_key
from services.accounts import Account
from services.clock import system_clock
from services.council.http import LOGIN_COOKIE
from services.council.login import find_login, forget_expired
from services.council.party import CouncilParty
from tests.integration.conftest import ORIGIN, Hall, Person, b64u
from tests.integration.council.test_enrolling import problem_of

RP_ID = "phieukin.example"
USER_PRESENT_AND_VERIFIED = 0x05


@pytest_asyncio.fixture
async def member(hall: Hall, newcomer: Callable[[], Person]) -> Person:
    person = newcomer()
    await person.enrol(await hall.invite(1))
    return person


async def assertion(person: Person, rp_id: str = RP_ID, origin: str = ORIGIN) -> dict[str, str]:
    """What a phone's passkey answers: it signs authenticator data and the client data's hash."""
    body = await person.login_body()
    signed = login_message(ORIGIN, bytes.fromhex(body["nonce"]))
    client_data = json.dumps(
        {"type": "webauthn.get", "challenge": b64u(passkey_challenge(signed)), "origin": origin}
    ).encode()
    authenticator_data = (
        hashlib.sha256(rp_id.encode()).digest() + bytes([USER_PRESENT_AND_VERIFIED]) + bytes(4)
    )
    signature = sign_with_device_key(
        person.key, authenticator_data + hashlib.sha256(client_data).digest()
    )
    return body | {
        "signature": b64u(signature),
        "authenticator_data": b64u(authenticator_data),
        "client_data": b64u(client_data),
    }


async def test_cookie_cannot_leave_the_origin(member: Person) -> None:
    """The cookie is Secure, HttpOnly, SameSite=Strict and bound to the host."""
    header = (await member.log_in()).headers["set-cookie"].lower()
    assert header.startswith(f"{LOGIN_COOKIE.lower()}=")
    for attribute in ("secure", "httponly", "samesite=strict", "path=/"):
        assert attribute in header.split("; ")
    assert "domain" not in header


async def test_nonce_used_twice(member: Person) -> None:
    """A login that somebody recorded cannot be played again."""
    body = await member.login_body()
    assert (await member.ask("POST", "/login", body)).status_code == 200
    again = await member.ask("POST", "/login", body)
    assert (again.status_code, problem_of(again)) == (401, "login-nonce-unknown")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signature", b64u(bytes(64))),
        ("signature", b64u(b"\x01" * 64)),
        ("signature", "AAAA"),
        ("signature", "B"),
        ("fingerprint", "0" * 64),
        ("origin", "https://phieukin.other"),
        ("authenticator_data", "AAAA"),
    ],
)
async def test_wrong_login(member: Person, field: str, value: str) -> None:
    """Whatever is wrong, the answer is the same, and the nonce is used up."""
    body = await member.login_body()
    refused = await member.ask("POST", "/login", body | {field: value})
    assert (refused.status_code, problem_of(refused)) == (401, "login-refused")
    assert "set-cookie" not in refused.headers
    assert problem_of(await member.ask("POST", "/login", body)) == "login-nonce-unknown"


async def test_signature_for_another_origin(member: Person) -> None:
    """What was signed on a page of another origin does not log in here."""
    elsewhere = await member.login_body("https://phieukin.other")
    refused = await member.ask("POST", "/login", elsewhere | {"origin": ORIGIN})
    assert problem_of(refused) == "login-refused"


async def test_passkey_logs_in(hall: Hall, newcomer: Callable[[], Person]) -> None:
    """A passkey signs the hash of the same message."""
    person = newcomer()
    assert (await person.enrol(await hall.invite(2), "passkey")).status_code == 201
    answer = await person.ask("POST", "/login", await assertion(person))
    assert answer.status_code == 200, answer.text
    assert answer.json()["member"] == 2


@pytest.mark.parametrize(
    "change", [{"rp_id": "phieukin.other"}, {"origin": "https://phieukin.other"}]
)
async def test_passkey_of_another_page(
    hall: Hall, newcomer: Callable[[], Person], change: dict[str, Any]
) -> None:
    """An assertion made for another relying party or page is refused."""
    person = newcomer()
    await person.enrol(await hall.invite(2), "passkey")
    refused = await person.ask("POST", "/login", await assertion(person, **change))
    assert problem_of(refused) == "login-refused"


async def test_kind_of_key_decides(member: Person, hall: Hall) -> None:
    """A device key does not log in by an assertion, nor a passkey by a plain signature."""
    assert problem_of(await member.ask("POST", "/login", await assertion(member))) == (
        "login-refused"
    )
    passkey = Person(hall.secretary.http)
    await passkey.enrol(await hall.invite(3), "passkey")
    assert problem_of(await passkey.log_in()) == "login-refused"


async def test_logout(member: Person) -> None:
    """After logging out the cookie is worth nothing."""
    await member.log_in()
    left = await member.ask("POST", "/logout", {})
    assert (left.status_code, left.content) == (204, b"")
    answer = await member.ask("GET", "/me")
    assert (answer.status_code, problem_of(answer)) == (401, "login-required")


async def test_login_is_too_old(member: Person, council: CouncilParty) -> None:
    """A login ends after its time, and is forgotten then."""
    await member.log_in()
    assert member.cookie is not None
    assert isinstance(await find_login(council, member.cookie), Account)
    ttl = timedelta(seconds=council.settings.login_ttl_s + 1)
    late = replace(council, clock=lambda: system_clock() + ttl)
    assert await find_login(late, member.cookie) is None


async def test_forgetting_keeps_what_counts(member: Person, council: CouncilParty) -> None:
    """Only what has expired is removed."""
    await member.log_in()
    await forget_expired(council)
    assert (await member.ask("GET", "/me")).status_code == 200


async def test_cookie_is_not_stored(member: Person, council: CouncilParty) -> None:
    """Whoever reads the table cannot log in with it: it holds hashes."""
    await member.log_in()
    assert member.cookie is not None
    async with council.database.engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT cookie_hash FROM council.login")
        assert member.cookie.encode() not in {row[0] for row in found}
