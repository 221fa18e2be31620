"""The party of meetings and elections: the argument of every act."""

from dataclasses import dataclass, field

from crypto.randomness import Randomness
from services.ballot_box.party import BallotBox
from services.board.party import Board
from services.clock import Clock
from services.council.party import CouncilParty
from services.database import PartyDatabase
from services.election.model import LatestEvents, LatestHalls
from services.registrar.party import Registrar
from services.settings import Settings


@dataclass(frozen=True)
class Election:
    """Leads an election through its life by the acts of the parties below it; holds no vote."""

    database: PartyDatabase
    settings: Settings
    clock: Clock
    randomness: Randomness
    council: CouncilParty
    board: Board
    registrar: Registrar
    ballot_box: BallotBox
    latest_events: LatestEvents = field(default_factory=LatestEvents, repr=False, compare=False)
    latest_halls: LatestHalls = field(default_factory=LatestHalls, repr=False, compare=False)
