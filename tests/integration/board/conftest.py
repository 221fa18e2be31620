"""A board on the real database."""

from pathlib import Path

import pytest

from crypto.randomness import system_randomness
from services.board.party import Board
from services.clock import system_clock
from services.database import Databases
from services.settings import Settings


@pytest.fixture
def board(databases: Databases, tmp_path: Path) -> Board:
    settings = Settings(
        origins=("https://localhost",),
        rp_id="localhost",
        log_origin="localhost/log",
        state_dir=tmp_path,
        check_window_s=0,
    )
    return Board(databases["board"], settings, system_clock, system_randomness)
