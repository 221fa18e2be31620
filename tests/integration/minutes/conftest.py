"""Counted elections on the real database, and the party that draws up their papers."""

import functools
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto import codes
from schemas import canonical
from schemas.papers import PaperTexts
from schemas.roster import Attendance, MemberAttendance, Roster, RosterMember
from schemas.terms import Terms
from services.accounts import Account
from services.board.model import BoardLog
from services.database import Databases
from services.election.reading import read_election
from services.election.store import ElectionStore
from services.minutes.party import Minutes
from services.minutes.signer_store import Holder, SignerStore
from services.minutes.signing import read_file_for
from services.minutes.texts import write_texts
from services.simulation.paper_signing import sign_paper
from services.simulation.test_authority import SigningIdentity, TestAuthority
from services.tally.opening import announce
from services.tally.party import Tally
from tests.integration.tally import counting_team
from tests.integration.tally.conftest import SetClock, make_tally
from tests.integration.tally.counting_team import AGREE, BLANK, DISAGREE, CountingTeamRoom

SALT = "A" * 43
NOW = SetClock.now  # when the service judges certificates
ENDED = "2026-03-12T10:30:00+07:00"
ROSTER = canonical.encode(
    msgspec.to_builtins(
        Roster(
            salt=SALT,
            members=tuple(
                RosterMember(no=no, name=f"Thành viên {no}", position="", council_role="Ủy viên")
                for no in range(1, 6)
            ),
        )
    )
)
ATTENDANCE = canonical.encode(
    msgspec.to_builtins(
        Attendance(
            salt=SALT,
            members=tuple(
                MemberAttendance(no=no, state="online" if no == 5 else "present")
                for no in range(1, 6)
            ),
        )
    )
)


@functools.cache
def authority() -> TestAuthority:
    return TestAuthority.create(NOW)


@functools.cache
def identity(no: int) -> SigningIdentity:
    return authority().issue(f"Thành viên {no}", NOW)


@dataclass
class Hall:
    """One counted and announced election; members 3, 4, 5 are its tellers, 1 presides, 2 writes."""

    minutes: Minutes
    room: CountingTeamRoom
    meeting_id: str

    @property
    def uuid(self) -> str:
        return self.room.uuid

    @property
    def secretary(self) -> Account:
        return Account(id=secrets.token_hex(16), name="Thư ký", roles=frozenset({"secretary"}))

    def member(self, no: int) -> Account:
        return self.room.member(no)

    async def write(self, texts: PaperTexts) -> None:
        await write_texts(self.minutes, self.secretary, self.meeting_id, texts)

    async def log(self) -> BoardLog:
        return await self.room.log()

    async def file(self, paper_id: str) -> bytes:
        return await read_file_for(self.minutes, self.secretary, paper_id)


def signed_by(file: bytes, field: str, no: int) -> bytes:
    """The file with member `no`'s signature; call in a thread."""
    return sign_paper(file, field, identity(no), NOW)


@pytest.fixture
def minutes(databases: Databases, tmp_path: Path) -> Minutes:
    tally = make_tally(databases, tmp_path, SetClock(), check_window_s=0)
    return Minutes(
        databases["minutes"],
        tally.settings,
        tally.clock,
        tally.randomness,
        tally.board,
        tally.election,
    )


@pytest.fixture
def open_hall(
    databases: Databases, tmp_path: Path, minutes: Minutes, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Awaitable[Hall]]:
    """Makes a fresh closed election, which `count` then opens; of a meeting given, its second."""
    # Half a second a paper; that the code is the right one is a test of whole meetings (V18).
    monkeypatch.setattr(codes, "CODE_ROUNDS", 1)
    monkeypatch.setattr(counting_team, "ROSTER", ROSTER)
    monkeypatch.setattr(counting_team, "ATTENDANCE", ATTENDANCE)

    async def make(first: Hall | None = None) -> Hall:
        if first is not None:
            put = functools.partial(put_second_election, first)
            monkeypatch.setattr(counting_team, "_put_election", put)
        tally = make_tally(databases, tmp_path, SetClock(), check_window_s=0)
        room = await counting_team.open_room(tally)
        if first is not None:
            room.council_id = first.room.council_id
        room.terms = msgspec.structs.replace(
            room.terms, roster_commitment=hashlib.sha256(ROSTER).hexdigest()
        )
        await room.until_closed([(AGREE,), (AGREE,), (AGREE,), (BLANK,), (DISAGREE,)])
        hall = Hall(minutes, room, await meeting_of(minutes, room))
        await know_signers(hall)
        return hall

    return make


async def know_signers(hall: Hall) -> None:
    """As if the secretary had confirmed everybody's certificate at an earlier meeting."""

    async def work(connection: AsyncConnection) -> None:
        for no in range(1, 6):
            der = identity(no).certificate.dump()
            sha256 = hashlib.sha256(der).hexdigest()
            if await SignerStore(connection).holder_of(hall.room.council_id, sha256) is None:
                await SignerStore(connection).add_signer(
                    hall.room.council_id, sha256, Holder(no), der, NOW
                )

    await hall.minutes.database.transact("know signers", work)


async def meeting_of(minutes: Minutes, room: CountingTeamRoom) -> str:
    return (await read_election(minutes.election, room.uuid)).meeting_id


async def put_second_election(first: Hall, tally: Tally, _: str, terms: Terms) -> None:
    """An election in the same meeting, where `open_room` would make a meeting of its own."""
    record = await read_election(tally.election, first.uuid)
    second = replace(record, uuid=terms.uuid, ballot_number=2, previous=first.uuid)

    async def work(connection: AsyncConnection) -> None:
        store = ElectionStore(connection)
        await store.add_election(replace(second, state="draft", announced=False), place=2)
        team = {"members": counting_team.TELLERS, "trustee_threshold": 2}
        await store.change(terms.uuid, {"state": "ceremony", "team": team})

    await tally.election.database.transact("put second election", work)


async def count(hall: Hall) -> None:
    await hall.room.decrypt(1)
    await hall.room.decrypt(2)


async def announce_result(hall: Hall) -> None:
    await announce(hall.room.tally, hall.room.account(1), hall.uuid)


@pytest.fixture
async def hall(open_hall: Callable[[], Awaitable[Hall]]) -> Hall:
    made = await open_hall()
    await count(made)
    await announce_result(made)
    await made.write(PaperTexts(ended_at=ENDED))
    return made
