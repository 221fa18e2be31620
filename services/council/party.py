"""The party of councils and accounts: the argument of every act."""

from dataclasses import dataclass

from crypto.randomness import Randomness
from services.clock import Clock
from services.database import PartyDatabase
from services.settings import Settings


@dataclass(frozen=True)
class CouncilParty:
    """Knows people and their devices' public keys; never a ballot."""

    database: PartyDatabase
    settings: Settings
    clock: Clock
    randomness: Randomness
