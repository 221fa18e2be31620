"""A tally on the real database, with the parties below it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crypto.randomness import system_randomness
from services.ballot_box.party import BallotBox
from services.board.party import Board
from services.council.party import CouncilParty
from services.database import Databases
from services.election.party import Election
from services.registrar.party import Registrar
from services.settings import Settings
from services.tally.party import Tally
from tests.integration.tally.counting_team import CountingTeamRoom, open_room


@dataclass
class SetClock:
    """A clock that a test moves."""

    now: datetime = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def tally(databases: Databases, tmp_path: Path, clock: SetClock) -> Tally:
    return make_tally(databases, tmp_path, clock, check_window_s=0)


@pytest.fixture
def slow_tally(databases: Databases, tmp_path: Path, clock: SetClock) -> Tally:
    """With the check window of a real meeting."""
    return make_tally(databases, tmp_path, clock, check_window_s=60)


@pytest.fixture
async def room(tally: Tally) -> CountingTeamRoom:
    return await open_room(tally)


def make_tally(
    databases: Databases, folder: Path, clock: Callable[[], datetime], check_window_s: int
) -> Tally:
    settings = Settings(
        origins=("https://localhost",),
        rp_id="localhost",
        log_origin="localhost/log",
        state_dir=folder,
        check_window_s=check_window_s,
    )
    rest = (settings, clock, system_randomness)
    board = Board(databases["board"], *rest)
    election = Election(
        databases["election"],
        *rest,
        council=CouncilParty(databases["council"], *rest),
        board=board,
        registrar=Registrar(databases["registrar"], *rest),
        ballot_box=BallotBox(databases["ballot_box"], settings, system_randomness),
    )
    return Tally(databases["tally"], *rest, board=board, election=election)
