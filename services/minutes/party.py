"""The party of the papers: the argument of every act."""

from dataclasses import dataclass

from crypto.randomness import Randomness
from services.board.party import Board
from services.clock import Clock
from services.database import PartyDatabase
from services.election.party import Election
from services.settings import Settings


@dataclass(frozen=True)
class Minutes:
    """Draws papers up and takes signed ones back; signs nothing itself."""

    database: PartyDatabase
    settings: Settings
    clock: Clock
    randomness: Randomness
    board: Board
    election: Election
