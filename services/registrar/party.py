"""The registrar: the argument of every act."""

from dataclasses import dataclass

from crypto.randomness import Randomness
from services.clock import Clock
from services.database import PartyDatabase
from services.settings import Settings


@dataclass(frozen=True)
class Registrar:
    """Knows people, attendance and who took a ballot; never sees a ballot or a clear token."""

    database: PartyDatabase
    settings: Settings
    clock: Clock
    randomness: Randomness
