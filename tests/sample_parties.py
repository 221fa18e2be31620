"""Registrar and ballot box on a real database, with settings of a test."""

from pathlib import Path
from typing import Final

from crypto.randomness import system_randomness
from services.ballot_box.party import BallotBox
from services.clock import Clock, system_clock
from services.database import Databases, PartyDatabase
from services.registrar.party import Registrar
from services.settings import Settings

ORIGIN: Final = "https://localhost"
RP_ID: Final = "localhost"
SETTINGS: Final = Settings(
    origins=(ORIGIN,),
    rp_id=RP_ID,
    log_origin="localhost/log",
    state_dir=Path("unused"),
    check_window_s=0,
)


def make_registrar(
    databases: Databases, clock: Clock = system_clock, database: PartyDatabase | None = None
) -> Registrar:
    """With `database` in place of the registrar's own, to let it fail."""
    return Registrar(database or databases["registrar"], SETTINGS, clock, system_randomness)


def make_box(databases: Databases, database: PartyDatabase | None = None) -> BallotBox:
    """A replica of its own: nothing is cached yet."""
    return BallotBox(database or databases["ballot_box"], SETTINGS, system_randomness)
