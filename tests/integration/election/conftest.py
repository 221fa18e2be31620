"""A council of five with their phones, by acts of the parties and over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from crypto.randomness import system_randomness
from schemas import base64url
from schemas.roster import RosterMember
from schemas.terms import Council, Issuer
from services.app import create_parties
from services.clock import system_clock
from services.council.enrolling import enrol_device, invite_member
from services.council.founding import found_council, put_members
from services.database import Databases
from services.database_setup import DATABASE
from services.election.party import Election
from services.embedded_postgres import SUPERUSER, EmbeddedPostgres
from services.settings import Settings
from tests.integration.conftest import Person
from tests.integration.election.hall import Hall, Phone

Convene = Callable[..., Awaitable[Hall]]

COUNCIL = Council(
    name="Hội đồng Thi đua - Khen thưởng tỉnh Lam Giang",
    issuer=Issuer(parent_line="UBND TỈNH", issuer_line="HỘI ĐỒNG", symbol="HĐTĐKT"),
    rules="Quy chế: bỏ phiếu kín, không thực hiện biểu quyết",
)


@pytest.fixture(autouse=True)
def quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are slow to guess on purpose; here each would cost half a second twice an election."""
    monkeypatch.setattr("crypto.codes.CODE_ROUNDS", 1)


@pytest.fixture
def election(settings: Settings, databases: Databases) -> Election:
    """Parties of their own, as in another replica of the service that `http` talks to."""
    return create_parties(settings, databases, system_clock, system_randomness).election


@pytest.fixture
def convene(election: Election) -> Convene:
    """Make a council of `members`, everybody with a phone, in a meeting where all are present."""

    async def make(members: int = 5, without_phone: tuple[int, ...] = ()) -> Hall:
        council = election.council
        council_id = (await found_council(council, COUNCIL)).id
        roster = [
            RosterMember(no=no, name=f"Thành viên {no}", position="Trưởng phòng", council_role="")
            for no in range(1, members + 1)
        ]
        await put_members(council, council_id, roster)
        phones = {
            no: Phone(no, ec.generate_private_key(ec.SECP256R1())) for no in range(1, members + 1)
        }
        for no, phone in phones.items():
            if no not in without_phone:
                code = (await invite_member(council, council_id, no)).code
                await enrol_device(council, code, base64url.encode(phone.spki), "device")
        hall = Hall(election, council_id, phones)
        await hall.convene()
        return hall

    return make


LogIn = Callable[[Hall, int], Awaitable[Person]]


@pytest.fixture
def log_in(http: httpx.AsyncClient) -> LogIn:
    """Log a member of a hall in over HTTP, with the key on its phone."""

    async def member(hall: Hall, no: int) -> Person:
        person = Person(http, hall.phones[no].key)
        assert (await person.log_in()).status_code == 200
        return person

    return member


@pytest.fixture
async def hall(convene: Convene) -> Hall:
    return await convene()


@pytest_asyncio.fixture
async def owner_engine(
    postgres: EmbeddedPostgres, databases: Databases
) -> AsyncIterator[AsyncEngine]:
    """The database as the superuser sees it, whom no missing right stops."""
    address = postgres.url(SUPERUSER, postgres.superuser_password, DATABASE)
    engine = create_async_engine(address, poolclass=NullPool)
    yield engine
    await engine.dispose()
