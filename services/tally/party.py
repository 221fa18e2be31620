"""The counting team's side of the service: the argument of every act."""

from dataclasses import dataclass

from crypto.randomness import Randomness
from services.board.party import Board
from services.clock import Clock
from services.database import PartyDatabase
from services.election.party import Election
from services.settings import Settings


@dataclass(frozen=True)
class Tally:
    """Checks what trustees send, enters it on the board, and opens the sum; holds no key share."""

    database: PartyDatabase
    settings: Settings
    clock: Clock
    randomness: Randomness
    board: Board
    election: Election
