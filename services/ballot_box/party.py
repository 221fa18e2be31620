"""The ballot box: the argument of every act."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from crypto.randomness import Randomness
from services.ballot_box.model import OpenedBox
from services.database import PartyDatabase
from services.settings import Settings

Value = TypeVar("Value")


def _verification_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="ballot-proofs")


@dataclass(frozen=True)
class BallotBox:
    """
    Knows ballots and spent tokens, and nobody's name. It has no clock: nothing in it has a time.

    `opened` caches what `open_box` fixed for ever, by uuid.
    """

    database: PartyDatabase
    settings: Settings
    randomness: Randomness
    opened: dict[str, OpenedBox] = field(default_factory=dict, repr=False)
    verification_threads: ThreadPoolExecutor = field(
        default_factory=_verification_threads, repr=False
    )

    async def verify_aside(self, verification: Callable[[], Value]) -> Value:
        """Run a long verification in a thread: group arithmetic releases the interpreter's lock."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.verification_threads, verification)
