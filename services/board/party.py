"""The board: the argument of every act."""

from dataclasses import dataclass

from crypto.randomness import Randomness
from services.clock import Clock
from services.database import PartyDatabase
from services.settings import Settings


@dataclass(frozen=True)
class Board:
    """Keeps an append-only log an election; it holds public entries and the logs' keys."""

    database: PartyDatabase
    settings: Settings
    clock: Clock
    randomness: Randomness
