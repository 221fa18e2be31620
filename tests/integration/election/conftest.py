"""All parties of a meeting on the real database, and a council of five with their phones."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from crypto.randomness import system_randomness
from schemas import base64url
from schemas.roster import RosterMember
from schemas.terms import Council, Issuer
from services.ballot_box.party import BallotBox
from services.board.party import Board
from services.clock import system_clock
from services.council.enrolling import enrol_device, invite_member
from services.council.founding import found_council, put_members
from services.council.party import CouncilParty
from services.database import Databases
from services.election.party import Election
from services.registrar.party import Registrar
from services.settings import Settings
from tests.integration.election.hall import Hall, Phone

Convene = Callable[..., Awaitable[Hall]]

COUNCIL = Council(
    name="Hội đồng Thi đua - Khen thưởng tỉnh Lam Giang",
    issuer=Issuer(parent_line="UBND TỈNH", issuer_line="HỘI ĐỒNG", symbol="HĐTĐKT"),
    rules="Quy chế: bỏ phiếu kín, không thực hiện biểu quyết",
)


@pytest.fixture
def election(databases: Databases, tmp_path: Path) -> Election:
    settings = Settings(
        origins=("https://localhost",),
        rp_id="localhost",
        log_origin="localhost/log",
        state_dir=tmp_path,
        check_window_s=0,
    )
    dated = (settings, system_clock, system_randomness)
    return Election(
        databases["election"],
        *dated,
        council=CouncilParty(databases["council"], *dated),
        board=Board(databases["board"], *dated),
        registrar=Registrar(databases["registrar"], *dated),
        ballot_box=BallotBox(databases["ballot_box"], settings, system_randomness),
    )


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


@pytest.fixture
async def hall(convene: Convene) -> Hall:
    return await convene()
