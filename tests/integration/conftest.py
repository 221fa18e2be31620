"""The whole application on the test database, and clients of it."""

import asyncio
import base64
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from litestar import Litestar

from crypto.device_keys import (
    fingerprint,
    login_message,
    public_key_to_spki,
    sign_with_device_key,
)
from crypto.randomness import system_randomness
from services.app import create_app
from services.clock import system_clock
from services.council.enrolling import invite_first_secretary
from services.council.http import LOGIN_COOKIE
from services.council.party import CouncilParty
from services.database import Databases
from services.settings import Settings

ORIGIN = "https://phieukin.example"
API = "/api/v1"


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Person:
    """Somebody with a device: signs what it built itself, and keeps the login cookie by hand."""

    http: httpx.AsyncClient
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    cookie: str | None = None

    @property
    def spki(self) -> bytes:
        return public_key_to_spki(self.key.public_key())

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = dict(more.pop("headers", {}))
        if self.cookie is not None:
            headers["cookie"] = f"{LOGIN_COOKIE}={self.cookie}"
        if body is not None:
            more["json"] = body
        answer = await self.http.request(method, API + path, headers=headers, **more)
        self.http.cookies.clear()
        return answer

    async def enrol(self, code: str, kind: str = "device") -> httpx.Response:
        body = {"code": code, "spki": b64u(self.spki), "kind": kind}
        return await self.ask("POST", "/enrolments", body)

    async def login_body(self, origin: str = ORIGIN) -> dict[str, str]:
        nonce = (await self.ask("POST", "/login/nonces", {})).json()["nonce"]
        signature = sign_with_device_key(self.key, login_message(origin, bytes.fromhex(nonce)))
        return {
            "nonce": nonce,
            "fingerprint": fingerprint(self.spki).hex(),
            "origin": origin,
            "signature": b64u(signature),
        }

    async def log_in(self) -> httpx.Response:
        answer = await self.ask("POST", "/login", await self.login_body())
        if answer.status_code == 200:
            header = answer.headers["set-cookie"]
            self.cookie = header.partition("=")[2].partition(";")[0]
        return answer


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """Where a service in a process of its own keeps its state."""
    with tempfile.TemporaryDirectory(prefix="phieukin-") as folder:
        Path(folder).chmod(0o711)  # run by root, PostgreSQL runs as somebody else
        yield Path(folder) / "state"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_settings(tmp_path_factory.mktemp("state"))


def make_settings(state_dir: Path) -> Settings:
    return Settings(
        origins=(ORIGIN,),
        rp_id="phieukin.example",
        log_origin="phieukin.example/log",
        state_dir=state_dir,
        check_window_s=0,
    )


@pytest.fixture(scope="session")
def council(settings: Settings, databases: Databases) -> CouncilParty:
    return CouncilParty(databases["council"], settings, system_clock, system_randomness)


@pytest.fixture(scope="session")
def app(settings: Settings, databases: Databases) -> Litestar:
    return create_app(settings, databases)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def http(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Requests without a network; the application is started as granian would."""
    is_up, may_end = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # A task of its own: the fixture's first and second half run in different tasks.
        async with app.lifespan():
            is_up.set()
            await may_end.wait()

    living = asyncio.create_task(live())
    await is_up.wait()
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client
    may_end.set()
    await living


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def secretary(http: httpx.AsyncClient, council: CouncilParty) -> Person:
    """The first secretary, enrolled by the link that the service prints."""
    person = Person(http)
    invitation = await invite_first_secretary(council)
    assert invitation is not None
    assert (await person.enrol(invitation.code)).status_code == 201
    assert (await person.log_in()).status_code == 200
    return person


COUNCIL = {
    "name": "Hội đồng Thi đua - Khen thưởng xã Đồi Thông",
    "issuer": {
        "parent_line": "ỦY BAN NHÂN DÂN XÃ ĐỒI THÔNG",
        "issuer_line": "HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG",
        "symbol": "HĐTĐKT",
    },
}
NAMES = ("Lê An", "Trần Bình", "Phạm Chi")


@dataclass
class Hall:
    """A council of three, whose members have not enrolled yet."""

    id: str
    secretary: Person

    async def invite(self, no: int) -> str:
        path = f"/councils/{self.id}/members/{no}/invitation"
        answer = await self.secretary.ask("POST", path, {})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["code"])

    async def put_members(self, names: dict[int, str]) -> httpx.Response:
        members = [
            {"no": no, "name": name, "position": "Ủy viên", "council_role": "Ủy viên"}
            for no, name in names.items()
        ]
        path = f"/councils/{self.id}/members"
        return await self.secretary.ask("PUT", path, {"members": members})


@pytest_asyncio.fixture
async def hall(secretary: Person) -> Hall:
    founded = await secretary.ask("POST", "/councils", {"council": COUNCIL})
    assert founded.status_code == 201, founded.text
    hall = Hall(founded.json()["id"], secretary)
    assert (await hall.put_members(dict(enumerate(NAMES, 1)))).status_code == 200
    return hall


@pytest.fixture
def newcomer(http: httpx.AsyncClient) -> Callable[[], Person]:
    return lambda: Person(http)
